"""What the benches of the queue share: durable engines, shoppers who write at a rate, turns that take time."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
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


@dataclass
class Answers:
    """Turns that think `think_s` (as for a provider), compute `cpu_s`, and put one reply for each burst.

    `took` holds seconds from the moment a message was stored to the commit of its answer, for chats in `watched`.
    """

    think_s: float = 0.0
    cpu_s: float = 0.0
    took: list[float] = field(default_factory=list)
    stored: dict[str, float] = field(default_factory=dict)
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
            now = time.perf_counter()
            self.took += [now - at for row in rows if (at := self.stored.pop(row.incoming.event_id, None)) is not None]

        return Thought(rows, write=write, after=after)


@asynccontextmanager
async def queue(pool_size: int = 20) -> AsyncIterator[Pool]:
    """A pool on an embedded server that waits for its disk, as in use."""
    with tempfile.TemporaryDirectory() as name:
        engines = await embedded.start(Path(name), postgres=True, redis=False)
        try:
            await db.migrate(engines.database_url)
            pool = await db.open_pool(engines.database_url, pool_size)
            yield pool
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


async def write(
    pool: Pool, chats: Sequence[Chat], rate: float, seconds: float, tag: str, answers: Answers | None = None
) -> None:
    """Each of `chats` in turn writes, `rate` messages a second together; those of `answers` are timed."""
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for place in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + place / rate - time.perf_counter()))
            chat = chats[place % len(chats)]
            group.create_task(_say(pool, Incoming(chat, f"{tag}-{place}", chat.id, text="narxi qancha?"), answers))


async def _say(pool: Pool, incoming: Incoming, answers: Answers | None) -> None:
    if answers is not None:
        answers.stored[incoming.event_id] = time.perf_counter()  # an answer may come before `accept` returns here
    await accept(pool, [incoming], AT_ONCE)


async def settled(pool: Pool, answers: Answers, timeout_s: float = 30) -> None:
    """Wait until every timed message is answered."""
    async with asyncio.timeout(timeout_s):
        while answers.stored:
            await asyncio.sleep(0.05)


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
