"""One run: shops, platforms, people, machines and strokes of a seed; then quiet, and the checker.

result = await run(folder, Size(seed=7, kills=4, messages=200, orders=20))
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from kit import db, tasks
from kit.db import Pool
from kit.watch import STORE_AWAY
from tests.world import machines as machinery
from tests.world.checker import Evidence, check_all
from tests.world.machines import Machines
from tests.world.nemesis import Nemesis, Report, strokes
from tests.world.peer import Peer
from tests.world.people import Tally
from tests.world.plan import Plan
from tests.world.platforms import ChaosGraph, ChaosTelegram, Ledger
from tests.world.shoppers import Town, owner, shopper
from tests.world.shops import settings, shops_of, write

STUCK_S = 60.0  # after the last stroke what waits must become less so often; a chat takes one message a second
MODES = ("polling", "webhook", "instagram")


@dataclass(frozen=True)
class Size:
    """How much: the run ends when all of `kills`, `messages` and `orders` are reached, or `minutes` are over.

    `others`: strokes that are no kills too. `beside`: aiogram's own polling runs under the same strokes.
    """

    seed: int
    kills: int = 4
    messages: int = 200
    orders: int = 10
    minutes: float = 60.0
    at_once: int = 40
    workers: int = 2
    trouble: float = 1.0
    others: bool = True
    beside: bool = False
    think_s: float = 1.0
    patience_s: float = 20.0
    most_pause_s: float = 4.0


@dataclass
class Result:
    """Everything a run found out."""

    size: Size
    violations: dict[str, list[str]] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    beside: dict[str, Any] = field(default_factory=dict)

    @property
    def wrong(self) -> int:
        """How many violations there were."""
        return sum(len(found) for found in self.violations.values())


Say = Callable[[str], None]


async def run(folder: Path, size: Size, say: Say = lambda line: None) -> Result:
    """The whole run in `folder`, which should be empty; nothing of it is left running."""
    plan, ledger = Plan(size.seed, size.trouble), Ledger()
    shops = shops_of(size.seed, MODES)
    async with ChaosTelegram(plan, ledger) as telegram, ChaosGraph(plan, ledger) as graph, AsyncExitStack() as stack:
        peer = await stack.enter_async_context(Peer(size.seed, size.trouble)) if size.beside else None
        for shop in shops:
            write(shop, folder / "shops")
            telegram.open_shop(shop.id, shop.token)
            if shop.account:
                graph.open_shop(shop.id, shop.account, shop.ig_token)
        how = settings(shops, folder / "shops", telegram.url, graph)
        machines = await machinery.set_up(folder, how, workers=size.workers)
        machines.publish()
        graph.webhook = f"{machines.web.url}/meta"
        pool = await db.open_pool(machines.engines.database_url, 5)
        town = Town(size.seed, shops, telegram, graph, Tally(), size.patience_s, size.think_s)
        if peer is not None:
            town.tally.beside = peer.wrote
        try:
            await machines.start()
            return await _Run(size, town, machines, pool, say, peer).play(folder)
        finally:
            pool.terminate()
            await tasks.stop_all(5.0)
            await machines.stop()


class _Run:
    def __init__(self, size: Size, town: Town, machines: Machines, pool: Pool, say: Say, peer: Peer | None) -> None:
        self.size = size
        self.peer = peer
        self.town = town
        self.machines = machines
        self.pool = pool
        self.say = say
        self.report = Report()
        self.began = time.monotonic()
        self.people = 0

    async def play(self, folder: Path) -> Result:
        """People live while strokes fall; then quiet; then the checker."""
        await self._owners()
        struck = tasks.start(self._strike(), "nemesis")
        await self._live(struck)
        self.say(f"{self._state()}; no more strokes, waiting for quiet")
        quiet_s = await self._quiet()
        files = [*folder.glob("*/product.log*"), *folder.glob("data/*.log"), *folder.glob("data/redis/**/*.aof")]
        evidence = Evidence(
            self.pool, self.town.shops, self.town.telegram.ledger, self.town.tally, self.report, files
        )  # fmt: skip
        result = Result(self.size, await check_all(evidence), seen=evidence.seen)
        result.figures = await self._figures(quiet_s)
        result.beside = await self.peer.settle() if self.peer else {}
        return result

    async def _owners(self) -> None:
        """Every shop gets its owner."""
        claimed = []
        for place, shop in enumerate(self.town.shops):
            ready = asyncio.Event()
            claimed.append(ready)
            code = self.machines.web.claim_code(shop.id)
            tasks.start(owner(self.town, place, code, ready), f"owner {place}")
        async with asyncio.timeout(240):
            for ready in claimed:
                await ready.wait()

    @property
    def _over(self) -> bool:
        return time.monotonic() - self.began > self.size.minutes * 60

    def _placed(self) -> int:
        return sum(intent.placed for intent in self.town.tally.intents.values())

    def _enough(self) -> bool:
        return self.town.tally.messages >= self.size.messages and self._placed() >= self.size.orders

    def _pause_s(self) -> float:
        """Between two people: none while strokes are ahead of messages and orders, so that all end together."""
        struck = self.report.kills / max(1, self.size.kills)
        said = min(self.town.tally.messages / self.size.messages, self._placed() / max(1, self.size.orders))
        return 0.0 if said <= struck else 0.5 if said < 1 else 2.0

    async def _live(self, struck: asyncio.Task[None]) -> None:
        """So many people at once, one after another, until there were enough messages, orders and strokes."""
        living: set[asyncio.Task[None]] = set()
        for number in count():
            if self._over or (struck.done() and self._enough()):
                break
            living.add(tasks.start(shopper(self.town, number), "shopper"))
            self.people = number + 1
            await asyncio.sleep(self._pause_s())
            while len(living) >= self.size.at_once:
                _, living = await asyncio.wait(living, return_when=asyncio.FIRST_COMPLETED)
        if struck.done():
            struck.result()  # a nemesis that broke is no quiet world
        struck.cancel()
        if living:  # some wait for an answer that a person of the shop owes them
            await asyncio.wait(living, timeout=2 * self.size.patience_s)
        for one in living:
            one.cancel()

    async def _strike(self) -> None:
        def say(line: str) -> None:
            self.say(f"{self._state()}; {line}")

        beside = self.peer.struck if self.peer else lambda what: None
        nemesis = Nemesis(self.machines, self.pool, self.report, say, beside)
        for stroke in strokes(self.size.seed, others=self.size.others, most_pause_s=self.size.most_pause_s):
            if self.report.kills >= self.size.kills:
                return
            await nemesis.strike(stroke)

    def _state(self) -> str:
        tally = self.town.tally
        return (
            f"{time.monotonic() - self.began:5.0f} s: {self.report.kills} kills, {tally.messages} messages,"
            f" {self._placed()} orders, load {os.getloadavg()[0]:.1f}"
        )

    async def _quiet(self) -> float:
        """Seconds until nothing waits any more, neither here nor on the platforms."""
        began = less_at = time.monotonic()
        quiet, least = 0, float("inf")
        while quiet < 4 and time.monotonic() - less_at < STUCK_S:
            await asyncio.sleep(0.5)
            try:
                waiting = await self.pool.fetchval(
                    """SELECT (SELECT count(*) FROM inbox WHERE status = 0 AND shop_id IS NOT NULL)
                        + (SELECT count(*) FROM outbox WHERE shop_id IS NOT NULL AND NOT later AND status IN (0, 2))"""
                )
            except STORE_AWAY:
                continue
            underway = [event for event in self.town.telegram.ledger.events.values() if not event.acked]
            if waiting + len(underway) < least:
                least, less_at = waiting + len(underway), time.monotonic()
            quiet = quiet + 1 if not waiting and not underway else 0
        return time.monotonic() - began

    async def _figures(self, quiet_s: float) -> dict[str, Any]:
        tally, ledger = self.town.tally, self.town.telegram.ledger
        inbox = await self.pool.fetchrow(
            """SELECT count(*) AS rows, count(*) FILTER (WHERE status = 9) AS dead,
                COALESCE(max(EXTRACT(epoch FROM done_at - received_at)), 0)::float8 AS slowest_s
               FROM inbox WHERE shop_id IS NOT NULL"""
        )
        return {
            "seconds": round(time.monotonic() - self.began),
            "people": self.people,
            "messages": tally.messages,
            "events": len(ledger.events),
            "deliveries": dict(ledger.deliveries),
            "faults": dict(ledger.faults),
            "strokes": dict(self.report.strokes),
            "kills": self.report.kills,
            "process_kills": self.machines.killed,
            "orders": await self.pool.fetchval("SELECT count(*) FROM orders WHERE shop_id IS NOT NULL"),
            "orders_seen_placed": self._placed(),
            "unacknowledged": sum(not event.acked for event in ledger.events.values()),
            "inbox_rows": inbox["rows"],
            "inbox_dead": inbox["dead"],
            "inbox_slowest_s": round(inbox["slowest_s"], 1),
            "outbox_dead": await self.pool.fetchval(
                "SELECT count(*) FROM outbox WHERE status = 9 AND shop_id IS NOT NULL"
            ),
            "said": len(ledger.said),
            "repeated_by_people": tally.repeated,
            "gave_up": tally.gave_up[:20],
            "gave_up_count": len(tally.gave_up),
            "answer_s": _spread(tally.waits),
            "ready_s": _spread([one for each in self.report.ready_s.values() for one in each]),
            "ready_s_after": {what: _spread(each) for what, each in self.report.ready_s.items()},
            "resumed_s": _spread(self.report.resumed_s),
            "ended_by_itself": self.machines.ended_by_itself,
            "quiet_s": round(quiet_s, 1),
            "load": round(os.getloadavg()[0], 2),
        }


def _spread(values: list[float]) -> dict[str, float]:
    """Median, 99th of a hundred and the largest."""
    ordered = sorted(values) or [0.0]
    parts = {"p50": 0.5, "p99": 0.99}
    found = {name: round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2) for name, share in parts.items()}
    return found | {"max": round(ordered[-1], 2), "count": len(values)}
