"""What strikes, when, and how long it took to stand up again. The list of strokes comes from the seed."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from kit.db import Pool
from kit.watch import STORE_AWAY
from tests.world.machines import Machines

ALL = ("app", "postgres", "redis")
# what of 100 strokes are what; kills are what is counted, the rest comes between them
_KILLS = {"worker": 25, "web": 12, "postgres": 22, "backend": 15, "redis": 18, "all": 8, "clock": 4}
_OTHERS = {"flushall": 4, "freeze worker": 3, "freeze postgres": 2, "freeze redis": 2, "full disk": 3}
_WORKERS = "SELECT id FROM workers WHERE name LIKE '%:' || $1::text"
_HELD = """
SELECT (SELECT count(*) FROM lane WHERE owner = ANY($1::bigint[]))
     + (SELECT count(*) FROM outbox WHERE status = 2 AND owner = ANY($1::bigint[]))
"""
LOST_S = 1.0  # an answer that came in the last second before a kill may not have been read, or its note not be on disk
# after which strokes the platform's answer may have been lost: those that end or stop who sends or take the database
# away. Redis and the door are no excuse for saying anything twice
_SILENCE = frozenset(("worker", "all", "clock", "postgres", "backend", "freeze postgres", "freeze worker", "full disk"))


@dataclass(frozen=True)
class Stroke:
    """`pause_s` after the product was able again."""

    what: str
    pause_s: float
    place: float


@dataclass
class Report:
    """What happened to the machines. `windows`: (from, to, why) in which a platform's answer may have been lost."""

    strokes: Counter[str] = field(default_factory=Counter)
    ready_s: dict[str, list[float]] = field(default_factory=dict)  # until the product is able again, by stroke
    resumed_s: list[float] = field(default_factory=list)
    windows: list[tuple[float, float, str]] = field(default_factory=list)
    kills: int = 0


def strokes(seed: int, *, others: bool = True, most_pause_s: float = 4.0) -> Iterator[Stroke]:
    """The strokes of a seed, without end."""
    dice = random.Random(f"nemesis {seed}")
    shares = _KILLS | (_OTHERS if others else {})
    while True:
        what = dice.choices(list(shares), list(shares.values()))[0]
        yield Stroke(what, dice.uniform(0.3, most_pause_s), dice.random())


class Nemesis:
    """`pool`: a look into the database, which may be away at any time. `beside` is told of each stroke as it falls."""

    def __init__(
        self, machines: Machines, pool: Pool, report: Report, say: Callable[[str], None], beside: Callable[[str], None]
    ) -> None:
        self.machines = machines
        self.pool = pool
        self.report = report
        self.say = say
        self.beside = beside

    async def strike(self, stroke: Stroke) -> None:
        """One stroke, until the product is able again."""
        await asyncio.sleep(stroke.pause_s)
        self.report.strokes[stroke.what] += 1
        began = time.time()
        verb = getattr(self, "_" + stroke.what.replace(" ", "_"))
        self.beside(stroke.what)
        ended = math.inf  # when the world ends amid a stroke, nobody sees how long it lasted
        try:
            await verb(stroke)
            ready_s = await self._able()
            ended = time.time()
        finally:
            if stroke.what in _SILENCE or (stroke.what == "web" and "web" not in self.machines.processes):
                # to the end of it, also for a process killed at once: a busy platform reads later what it had said
                self.report.windows.append((began - LOST_S, ended + LOST_S, stroke.what))
        if stroke.what in _KILLS:
            self.report.kills += 1
            self.report.ready_s.setdefault(stroke.what, []).append(ready_s)
        self.say(f"{stroke.what}: ready after {ready_s:.1f} s")

    async def _able(self) -> float:
        """Seconds until the door and one worker are ready: what a shopper writes is answered again."""
        began = time.monotonic()
        workers = [name for name in self.machines.processes if name != "web"]
        await self.machines.unready_s(workers, 1)
        if "web" in self.machines.processes:
            await self.machines.unready_s(["web"])
        return time.monotonic() - began

    def _pick(self, stroke: Stroke) -> str:
        names = [name for name in self.machines.processes if name != "web"]
        return names[int(stroke.place * len(names))]

    async def _worker(self, stroke: Stroke) -> None:
        name = self._pick(stroke)
        pid = self.machines.pid(name)
        self.machines.kill([name])
        await self._resumed(pid)

    async def _web(self, stroke: Stroke) -> None:
        self.machines.kill(["web" if "web" in self.machines.processes else "run"])

    async def _postgres(self, stroke: Stroke) -> None:
        self.machines.kill(["postgres"])

    async def _backend(self, stroke: Stroke) -> None:
        self.machines.kill_backend(stroke.place)

    async def _redis(self, stroke: Stroke) -> None:
        self.machines.kill(["redis"])

    async def _all(self, stroke: Stroke) -> None:
        self.machines.kill([*self.machines.processes, "postgres", "redis"])

    async def _flushall(self, stroke: Stroke) -> None:
        assert self.machines.engines.redis is not None
        await self.machines.engines.redis._say(b"FLUSHALL\r\n")

    async def _freeze_worker(self, stroke: Stroke) -> None:
        await self.machines.freeze(self._pick(stroke), 2 + 28 * stroke.place**3)

    async def _freeze_postgres(self, stroke: Stroke) -> None:
        await self.machines.freeze("postgres", 1 + 4 * stroke.place)

    async def _freeze_redis(self, stroke: Stroke) -> None:
        await self.machines.freeze("redis", 1 + 4 * stroke.place)

    async def _full_disk(self, stroke: Stroke) -> None:
        name = ("postgres", "redis", self._pick(stroke))[int(stroke.place * 3)]
        await self.machines.fill_disk(name, 3.0)

    async def _clock(self, stroke: Stroke) -> None:
        """A worker comes back with a clock that is wrong by up to six hours."""
        name = self._pick(stroke)
        self.machines.processes[name].offset_s = round((stroke.place - 0.5) * 2 * 6 * 3600)
        self.machines.kill([name])

    # ---- who takes over ----

    async def _resumed(self, pid: int) -> None:
        """How long the first lane or row that the dead worker held stood still."""
        began = time.monotonic()
        try:
            ids = [row["id"] for row in await self.pool.fetch(_WORKERS, str(pid))]
            held = await self.pool.fetchval(_HELD, ids)
            while held and time.monotonic() - began < 30:
                await asyncio.sleep(0.02)
                if await self.pool.fetchval(_HELD, ids) < held:
                    self.report.resumed_s.append(time.monotonic() - began)
                    return
            if held:
                self.report.resumed_s.append(float("inf"))
        except STORE_AWAY:
            return
