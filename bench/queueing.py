"""What the benches of the queue share: durable engines, shoppers who write at a rate, turns that take time."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.inbox import accept
from bot.inbox.worker import Thought, Worker
from kit import db, embedded, outbox, tasks
from kit.config import TurnConfig
from kit.db import Pool, Tx
from kit.lanes import Held, Row
from kit.message import Chat, Incoming, Reply

AT_ONCE = TurnConfig(complete_ms=0, fragment_ms=0, album_ms=0, max_ms=0, per_minute=0, per_hour=0)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Shoppers of some shops who write `rate` messages a second together, each in turn, for `seconds`."""

    shops: tuple[str, ...]
    chats: int
    rate: float
    seconds: float

    def messages(self) -> Iterator[Incoming]:
        """What they write, in order, as if now."""
        chats = [Chat(shop, "telegram", str(1000 + chat)) for chat in range(self.chats) for shop in self.shops]
        for place in range(int(self.rate * self.seconds)):
            chat = chats[place % len(chats)]
            yield Incoming(chat, f"{chat.id}-{place}", chat.id, text="narxi qancha?", sent_at=time.time())


@dataclass
class Answers:
    """Turns that think `think_s` (as for a provider), compute `cpu_s`, and put one reply for each burst.

    `took` holds seconds from the moment somebody of `shops` wrote to the commit of the answer.
    """

    shops: frozenset[str]
    think_s: float = 0.0
    cpu_s: float = 0.0
    took: list[float] = field(default_factory=list)
    turns: int = 0

    async def __call__(self, held: Held, rows: Sequence[Row]) -> Thought:
        self.turns += 1
        if self.think_s:
            await asyncio.sleep(self.think_s)
        for _ in range(5):  # a rule turn reads some five times, and computes in between
            until = time.perf_counter() + self.cpu_s / 5
            while time.perf_counter() < until:
                pass
            await asyncio.sleep(0)

        async def write(tx: Tx) -> None:
            chat = Chat.of(held.shop_id, held.key)
            await outbox.put(tx, chat, Reply("ha, bor"), idem=f"re:{held.key}:{rows[-1].id}")

        async def after() -> None:
            if held.shop_id in self.shops:
                self.took += [time.time() - row.incoming.sent_at for row in rows if row.incoming.sent_at]

        return Thought(rows, write=write, after=after)


@asynccontextmanager
async def queue() -> AsyncIterator[tuple[Pool, str]]:
    """A pool on an embedded server that waits for its disk, as in use; and its address."""
    with tempfile.TemporaryDirectory() as name:
        engines = await embedded.start(Path(name), postgres=True, redis=False)
        try:
            await db.migrate(engines.database_url)
            pool = await db.open_pool(engines.database_url)
            yield pool, engines.database_url
            await pool.close()
        finally:
            await engines.stop()


@asynccontextmanager
async def working(worker: Worker) -> AsyncIterator[Worker]:
    """The worker, in the background."""
    stop = asyncio.Event()
    task = tasks.start(worker.run(stop), "bench-worker")
    while not worker.watch.id:
        await asyncio.sleep(0.01)
    try:
        yield worker
    finally:
        stop.set()
        await task


async def write(url: str, *crowds: Crowd) -> None:
    """Let crowds write, from a process of their own, as webhooks do; returns when all of it is stored."""
    plan = json.dumps([[crowd.shops, crowd.chats, crowd.rate, crowd.seconds] for crowd in crowds])
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.queueing", url, plan)
    if await child.wait():
        raise SystemExit("the writing process failed")


async def _write(url: str, crowds: Sequence[Crowd]) -> None:
    pool = await db.open_pool(url, 20)

    async def one(crowd: Crowd) -> None:
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for place, incoming in enumerate(crowd.messages()):
                group.create_task(accept(pool, [incoming], AT_ONCE))
                await asyncio.sleep(max(0.0, began + (place + 1) / crowd.rate - time.perf_counter()))

    await asyncio.gather(*(one(crowd) for crowd in crowds))
    await pool.close()


async def settled(pool: Pool, shops: frozenset[str], timeout_s: float = 90) -> None:
    """Wait until every message of `shops` is answered."""
    waits = "SELECT count(*) FROM inbox WHERE shop_id = ANY($1) AND status = 0"
    async with asyncio.timeout(timeout_s):
        while await pool.fetchval(waits, list(shops)):
            await asyncio.sleep(0.1)


async def empty(pool: Pool) -> None:
    """As before anybody wrote: rows, and what they left in the indexes."""
    for table in ("inbox", "lane", "outbox"):
        await pool.execute(f"TRUNCATE {table} RESTART IDENTITY")


def at(values: Sequence[float], share: float) -> float:
    """Milliseconds that `share` of `values` (seconds) do not exceed."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 2) if ordered else float("nan")


def show(figures: dict[str, Any]) -> None:
    """The line for scripts, with the load of the machine."""
    print(json.dumps(figures | {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 2)}))


if __name__ == "__main__":
    asyncio.run(_write(sys.argv[1], [Crowd(tuple(shops), *rest) for shops, *rest in json.loads(sys.argv[2])]))
