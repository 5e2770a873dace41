"""A process's hands on a queue table: claims jobs, runs at most so many at once, beats, and frees what the dead hold.

Two queues use it: the lanes of the inbox and the rows of the outbox. It knows neither; they say how to claim, how to do
a job, and what to look after once a second.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

import structlog

from kit import tasks
from kit.db import Pool
from kit.watch import STORE_AWAY, Watch

J = TypeVar("J", bound=Hashable)
log = structlog.get_logger(__name__)
POLL_S = 1.0  # the net behind NOTIFY: a lost ring costs a second; also the beat
TIDY_BEATS = 60
DRAIN_S = 9.0  # of the 15 s in which the process must end
_AWAY_S = 0.2
_SOON_S = 0.01  # a due job that somebody has locked is looked at again a hundred times a second, not a thousand


class Crew(ABC, Generic[J]):
    """Use: `await crew.run(stop)`."""

    def __init__(self, pool: Pool, bell: str, name: str, at_once: int) -> None:
        self.pool = pool
        self.name = name
        self.at_once = at_once
        self.watch = Watch(pool, bell, name)
        self.busy: dict[J, asyncio.Task[None]] = {}
        self.linger_s = 0.0  # before a claim: with more due than hands, one claim for those that end together
        self._known_as = 0  # the id under which we hold what we hold

    @abstractmethod
    async def claim(self, room: int) -> Sequence[J]:
        """At most `room` jobs that are due, now ours."""

    @abstractmethod
    async def next_due(self) -> float | None:
        """Seconds until a job is due, None when none waits."""

    @abstractmethod
    async def do(self, job: J) -> bool:
        """Do a job to its end, whatever happens; True when there may be more to claim now."""

    @abstractmethod
    async def care(self, beats: int) -> None:
        """Once a second: renew leases, free what dead workers hold. May raise what STORE_AWAY names."""

    async def adopt(self, old: int) -> None:
        """Our session broke and we have a new id: keep what we hold under `old`. May raise what STORE_AWAY names.

        Nothing to do where a late write is fenced off, as in a turn.
        """

    def hands(self) -> int:
        """How many jobs may run at this moment, at most `at_once`."""
        return self.at_once

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`, then let running jobs end (9 s), cancel the others and leave."""
        await self._join(stop)
        self._known_as = self.watch.id
        keeper = tasks.start(self._keep(), f"{self.name}-keeper")
        waker = tasks.start(self._wake(stop), f"{self.name}-stop")
        try:
            while not stop.is_set():
                await self._step()
        finally:
            waker.cancel()
            await self._drain()
            keeper.cancel()
            await self._leave()

    async def _join(self, stop: asyncio.Event) -> None:
        while not self.watch.id and not stop.is_set():
            try:
                await self.watch.open()
            except STORE_AWAY as error:
                log.warning("queue_waits_for_store", queue=self.name, error=type(error).__name__)
                await asyncio.sleep(POLL_S)

    async def _wake(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self.watch.ring()

    async def _step(self) -> None:
        """Start every job there is room for; then wait for the bell, the next one to be due, or a second."""
        pause, me = POLL_S, self.watch.id
        if not self.watch.alive:  # our lock is gone with the session: what we claim now would be anybody's to free
            await asyncio.sleep(_AWAY_S)
            return
        try:
            if self.linger_s and self.busy:
                await asyncio.sleep(self.linger_s)
            if (room := self.hands() - len(self.busy)) > 0:
                jobs = await self.claim(room)
                if not self.watch.alive or self.watch.id != me:
                    return  # the session broke meanwhile: peers, or we under the new id, free them
                for job in jobs:
                    self.busy[job] = tasks.start(
                        self._run(job), f"{self.name}-job"
                    )  # no payload in a name that may be logged
                if len(jobs) == room:
                    return
                due_s = await self.next_due()
                pause = POLL_S if due_s is None else min(POLL_S, max(due_s, _SOON_S))
        except STORE_AWAY as error:
            log.warning("queue_store_away", queue=self.name, error=type(error).__name__)
            await asyncio.sleep(_AWAY_S)
            return
        await self.watch.wait(pause)

    async def _run(self, job: J) -> None:
        more = False
        try:
            more = await self.do(job)
        finally:
            full = len(self.busy) >= self.hands()
            del self.busy[job]
            if more or full:
                self.watch.ring()

    async def _keep(self) -> None:
        beats = 0
        while True:
            beats += 1
            try:
                await self.watch.beat()
                if self._known_as != self.watch.id:
                    await self.adopt(self._known_as)
                self._known_as = self.watch.id
                await self.care(beats)  # at once after a start: what the killed process before us held goes on now
                if beats % TIDY_BEATS == 0:
                    await self.watch.bury_dead()
            except STORE_AWAY as error:
                log.warning("queue_keeper_store_away", queue=self.name, error=type(error).__name__)
            await asyncio.sleep(POLL_S)

    async def _drain(self) -> None:
        if self.busy:
            await asyncio.wait(set(self.busy.values()), timeout=DRAIN_S)
        left = set(self.busy.values())
        for job in left:
            job.cancel()
        if left:
            await asyncio.wait(left, timeout=1.0)

    async def _leave(self) -> None:
        try:
            await self.care(0)
            await self.watch.close()
        except STORE_AWAY as error:
            log.warning(
                "queue_left_without_goodbye", queue=self.name, error=type(error).__name__
            )  # peers free our jobs
