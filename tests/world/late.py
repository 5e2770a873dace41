"""Two scenes of their own: a worker frozen inside turns that others take over, and a message that breaks every try."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from kit import db
from kit.db import Pool
from tests.fakes.people import Person
from tests.product import ROOT
from tests.world import machines as machinery
from tests.world.machines import Clocked, Machines
from tests.world.plan import Plan
from tests.world.platforms import ChaosGraph, ChaosTelegram, Ledger
from tests.world.shops import WorldShop, settings, shops_of, write

PEOPLE = 10
FROZEN_S, AWAKE_S = 90.0, 20.0
POISON = "zaharli"
_TRACES = ("inbox", "outbox", "orders", "order_items", "carts", "audit", "stock", "contacts", "payments")


class OddWorker(Clocked):
    """A worker with an odd brain; see `tests.odd_worker`."""

    seconds, word = 0.0, ""

    async def start(self) -> None:
        """Start the process."""
        odd = str(ROOT / "tests/odd_worker.py")
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, odd, str(self.seconds), str(self.seconds), self.word),
                *("worker", "--config", str(self.config)),
                cwd=ROOT, stdout=log, stderr=log,
            )  # fmt: skip


class Stage:
    """A door, a shop, a few people; workers come and go by name."""

    def __init__(self, folder: Path, machines: Machines, pool: Pool, telegram: ChaosTelegram, shop: WorldShop) -> None:
        self.folder = folder
        self.machines = machines
        self.pool = pool
        self.telegram = telegram
        self.shop = shop
        self.how: dict[str, Any] = {}

    async def worker(self, name: str, seconds: float = 0.0, word: str = "") -> OddWorker:
        """Another worker, started."""
        place = self.folder / name
        place.mkdir()
        worker = OddWorker(place, self.how, command="worker")
        worker.seconds, worker.word = seconds, word
        await worker.start()
        self.machines.processes[name] = worker
        return worker

    def said(self, person: Person) -> list[str]:
        """What a person was told."""
        return [str(one.get("text", "")) for one in self.telegram.seen(person)]

    async def until(self, ready: Any, timeout: float, what: str) -> float:
        """Wait until `await ready()`; the seconds it took. Raises TimeoutError with `what`."""
        began = time.monotonic()
        while not await ready():
            if time.monotonic() - began > timeout:
                raise TimeoutError(what)
            await asyncio.sleep(0.1)
        return time.monotonic() - began

    async def traces(self) -> set[str]:
        """Every row of every table that a turn writes."""
        found = {name: await self.pool.fetch(f"SELECT to_jsonb(t)::text AS line FROM {name} AS t") for name in _TRACES}
        return {f"{name} {row['line']}" for name, rows in found.items() for row in rows}

    async def ask_all(self, people: Sequence[Person]) -> None:
        """Everybody wants something and is asked for a yes."""
        for number, person in enumerate(people):
            wish = f"{self.shop.goods[0].title}, 1 ta olaman."
            await self.telegram.text(person, f"{wish} Tel 90 000 00 {number:02d}, manzil: Chilonzor 5-mavze, 7-uy")

        async def asked() -> bool:
            return all(any("b:yes:" in str(one) for one in self.telegram.seen(person)) for person in people)

        await self.until(asked, 120, "no summaries")

    async def beats(self, workers: int) -> None:
        """Wait until so many queues' hands beat (each worker has two)."""

        async def beat() -> bool:
            return await self.count("SELECT count(*) FROM workers WHERE beat_at > now() - interval '2 s'") >= workers

        await self.until(beat, 60, "a worker does not beat")

    async def count(self, statement: str) -> int:
        """One number."""
        return int(await self.pool.fetchval(statement) or 0)


@asynccontextmanager
async def stage(folder: Path, seed: int) -> AsyncIterator[Stage]:
    """The scene, without a worker yet."""
    plan, ledger = Plan(seed, 0.0), Ledger()
    (shop,) = shops_of(seed, ("polling",))
    async with ChaosTelegram(plan, ledger) as telegram, ChaosGraph(plan, ledger) as graph:
        write(shop, folder / "shops")
        telegram.open_shop(shop.id, shop.token)
        how = settings([shop], folder / "shops", telegram.url, graph)
        machines = await machinery.set_up(folder, how, workers=1)
        del machines.processes["worker1"]
        pool = await db.open_pool(machines.engines.database_url, 3)
        scene = Stage(folder, machines, pool, telegram, shop)
        scene.how = {**how, "data_dir": str(machines.data)}
        try:
            await machines.web.start()
            yield scene
        finally:
            pool.terminate()
            await machines.stop()


async def frozen(folder: Path, seed: int) -> tuple[int, dict[str, Any]]:
    """A worker stopped for 90 s inside turns that place orders; another does them; then the first wakes."""
    async with stage(folder, seed) as scene:
        people = [scene.telegram.person(f"Xaridor {number}") for number in range(PEOPLE)]
        quick = await scene.worker("quick")
        await scene.ask_all(people)
        await quick.stop()
        first = await scene.worker("first", seconds=6.0)
        await scene.beats(2)
        for person in people:
            await scene.telegram.text(person, "ha")

        async def held() -> bool:
            return await scene.count("SELECT count(*) FROM lane WHERE owner IS NOT NULL") == PEOPLE

        await scene.until(held, 60, "not all turns began")
        await asyncio.sleep(2)  # every one of them thinks now
        assert first.process
        first.process.send_signal(signal.SIGSTOP)
        stopped = time.monotonic()
        second = await scene.worker("second")

        async def placed() -> bool:
            return await scene.count("SELECT count(*) FROM orders") == PEOPLE

        taken_s = await scene.until(placed, 80, "nobody took over")
        await asyncio.sleep(max(0.0, FROZEN_S - (time.monotonic() - stopped)))
        before, told = await scene.traces(), [scene.said(person) for person in people]
        first.process.send_signal(signal.SIGCONT)
        await asyncio.sleep(AWAKE_S)
        late = sorted(await scene.traces() - before)
        told_late = sum(len(scene.said(person)) for person in people) - sum(map(len, told))
        fenced = first.log.read_text(encoding="utf-8").count('"turn_fenced"')
        await second.stop()
    wrong = len(late) + told_late + (fenced != PEOPLE)  # a turn that was not fenced proves nothing
    print(f"{PEOPLE} turns frozen for {FROZEN_S:.0f} s, done by another after {taken_s:.1f} s")
    print(f"woken: {fenced} turns fenced off, {len(late)} late writes, {told_late} late words")
    figures = {"turns": PEOPLE, "frozen_s": FROZEN_S, "taken_over_s": round(taken_s, 1), "fenced": fenced}
    return wrong, {**figures, "late_writes": late[:20], "late_words": told_late}


async def poisoned(folder: Path, seed: int) -> tuple[int, dict[str, Any]]:
    """A message that breaks every try, one behind it in the same chat, and other people beside it."""
    async with stage(folder, seed) as scene:
        await scene.worker("worker", word=POISON)
        ill, well = scene.telegram.person("Xaridor"), scene.telegram.person("Boshqa")
        await scene.telegram.text(ill, f"{POISON} {scene.shop.goods[0].title}")
        await asyncio.sleep(3)
        await scene.telegram.text(ill, f"{scene.shop.goods[1].title} narxi qancha?")
        await scene.telegram.text(well, f"{scene.shop.goods[1].title} narxi qancha?")
        price = f"{scene.shop.goods[1].price:,}".replace(",", "\xa0")

        def told(person: Person) -> Any:
            async def heard() -> bool:
                return any(price in text for text in scene.said(person))

            return heard

        others_s = await scene.until(told(well), 60, "another person got no answer")
        behind_s = await scene.until(told(ill), 240, "the lane did not go on")
        row = await scene.pool.fetchrow(
            "SELECT attempts, status, last_error FROM inbox WHERE payload ->> 'text' LIKE $1", f"%{POISON}%"
        )
    sound = row["status"] == 9 and row["attempts"] <= 5 and "ZeroDivisionError" in (row["last_error"] or "")
    figures = {"tries": row["attempts"], "status": row["status"], "others_s": round(others_s, 1)}
    print(f"poison: dead letter after {row['attempts']} tries; behind it {behind_s:.0f} s, others {others_s:.1f} s")
    return int(not sound), {**figures, "behind_s": round(behind_s, 1)}
