"""Ticks: a row each in `cron`; exactly one process runs each tick, and only the database's clock counts.

A claim is a lease with an epoch. The lease is renewed while the job runs, so a job may take longer than it; a process
that dies or freezes loses it after 20 s, another one claims the tick with a higher epoch, and the first one, woken,
can neither renew nor end it: its job is cancelled. What a job must do exactly once it does in a transaction that calls
`tick.fence` first. A tick that was missed while nothing ran is made up once, not as often as it was missed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from kit import clock, tasks
from kit.errors import Fenced
from kit.watch import STORE_AWAY, store_gone

if TYPE_CHECKING:
    from bot.app import App
    from kit.db import Tx

log = structlog.get_logger(__name__)
LEASE_S = 20.0
LONGEST_S = 1800.0  # a job that takes longer hangs: it is cut off, and what it left comes with its next tick
LOOK_S = 1.0
_DRAIN_S = 5.0  # jobs work in small transactions; one that is cut off begins where those ended

_ANNOUNCE = """
INSERT INTO cron (name, every) SELECT * FROM unnest($1::text[], $2::interval[])
ON CONFLICT (name) DO UPDATE SET every = EXCLUDED.every WHERE cron.every <> EXCLUDED.every
"""
_CLAIM = """
UPDATE cron SET epoch = epoch + 1, lease_until = now() + make_interval(secs => $2)
FROM (SELECT name FROM cron WHERE name = ANY($1::text[]) AND next_at <= now()
          AND (lease_until IS NULL OR lease_until < now())
      ORDER BY next_at FOR UPDATE SKIP LOCKED) AS due
WHERE cron.name = due.name
RETURNING cron.name, cron.epoch, cron.next_at AS at, now() AS now
"""
_RENEW = "UPDATE cron SET lease_until = now() + make_interval(secs => $3) WHERE name = $1 AND epoch = $2 RETURNING true"
_FENCE = "SELECT true FROM cron WHERE name = $1 AND epoch = $2 FOR SHARE"
_END = "UPDATE cron SET next_at = now() + every, lease_until = NULL WHERE name = $1 AND epoch = $2 RETURNING true"
_GIVE_BACK = "UPDATE cron SET lease_until = NULL WHERE name = $1 AND epoch = $2"


@dataclass(frozen=True, slots=True)
class Tick:
    """One run of a job. `at`: when it was due, `now`: when it was claimed, both by the database's clock."""

    name: str
    epoch: int
    at: datetime
    now: datetime

    async def fence(self, tx: Tx) -> None:
        """Make sure in `tx` that the tick is still ours until the commit. Raises Fenced when another process has it."""
        if not await tx.fetchval(_FENCE, self.name, self.epoch):
            raise Fenced(f"the tick {self.name} is not ours any more")


Job = Callable[["App", Tick], Awaitable[None]]


class Clockwork:
    """The ticks of one process. `jobs`: name -> how often, and what."""

    def __init__(
        self,
        app: App,
        jobs: Mapping[str, tuple[timedelta, Job]],
        *,
        lease_s: float = LEASE_S,
        longest_s: float = LONGEST_S,
        look_s: float = LOOK_S,
    ) -> None:
        self._app = app
        self._jobs = jobs
        self._lease_s, self._longest_s, self._look_s = lease_s, longest_s, look_s
        self._running: dict[str, asyncio.Task[None]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Run due jobs until `stop`, different ones side by side; then give those that run 5 s to end."""
        announced = False
        while not stop.is_set():
            try:
                if not announced:
                    await self._announce()
                    announced = True
                await self._start_due()
            except STORE_AWAY as error:  # the database comes back
                log.warning("cron_waits", error=type(error).__name__)
            try:
                async with asyncio.timeout(self._look_s):
                    await stop.wait()
            except TimeoutError:
                continue
        await self._drain()

    async def _announce(self) -> None:
        every = [every for every, _ in self._jobs.values()]
        await self._app.db.execute(_ANNOUNCE, list(self._jobs), every)

    async def _start_due(self) -> None:
        free = [name for name in self._jobs if name not in self._running]
        for row in await self._app.db.fetch(_CLAIM, free, self._lease_s) if free else []:
            tick = Tick(row["name"], row["epoch"], row["at"], clock.world(row["now"]))
            self._running[tick.name] = tasks.start(self._run(tick), f"cron {tick.name}")

    async def _run(self, tick: Tick) -> None:
        me = asyncio.current_task()
        assert me is not None
        keeper = tasks.start(self._keep(tick, me), f"cron keeper {tick.name}")
        try:
            if await self._do(tick) and not await self._app.db.fetchval(_END, tick.name, tick.epoch):
                log.warning("cron_tick_lost", job=tick.name)
        except STORE_AWAY as error:  # the lease runs out, and the tick comes again
            log.warning("cron_tick_not_ended", job=tick.name, error=type(error).__name__)
        except asyncio.CancelledError:  # this process ends: the others need not wait for the lease
            with suppress(*STORE_AWAY):
                await self._app.db.execute(_GIVE_BACK, tick.name, tick.epoch)
            raise
        finally:
            keeper.cancel()
            del self._running[tick.name]

    async def _do(self, tick: Tick) -> bool:
        """Do the job; whether its tick is over."""
        try:
            async with asyncio.timeout(self._longest_s) as limit:
                await self._jobs[tick.name][1](self._app, tick)
        except Fenced:
            log.warning("cron_tick_fenced", job=tick.name)
            return False
        except Exception as error:  # the edge of a job: one that breaks must not keep the others from their time
            if store_gone(error):
                log.warning("cron_job_lost_the_store", job=tick.name, error=type(error).__name__)
                return False
            self._app.metrics.error(f"cron:{tick.name}")
            log.error("cron_job_too_long" if limit.expired() else "cron_job_failed", job=tick.name, exc_info=error)
        return True

    async def _keep(self, tick: Tick, job: asyncio.Task[None]) -> None:
        """Renew the lease until cancelled; a job whose tick another process has is cut off."""
        held_until = time.monotonic() + self._lease_s
        while True:
            await asyncio.sleep(self._lease_s / 4)
            asked = time.monotonic()
            try:
                ours = await self._app.db.fetchval(_RENEW, tick.name, tick.epoch, self._lease_s)
            except STORE_AWAY:
                ours = asked < held_until or None  # nobody can have claimed it before its lease ran out
                asked = held_until - self._lease_s
            if not ours:
                log.warning("cron_tick_lost", job=tick.name)
                job.cancel()
                return
            held_until = asked + self._lease_s

    async def _drain(self) -> None:
        left = dict(self._running)
        if left:
            await asyncio.wait(left.values(), timeout=_DRAIN_S)
        for name, task in left.items():
            if not task.done():
                task.cancel()
                log.warning("cron_job_cut_off", job=name)
        if left:
            await asyncio.wait(left.values(), timeout=1.0)
