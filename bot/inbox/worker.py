"""Runs lanes: claims what is due, thinks outside any transaction, writes all of a turn in one fenced transaction.

It refuses to know what a turn is about: `think` reads the burst and returns a Thought. Everything else here is about
turns that fail, become stale, are overtaken, or whose process dies.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

import asyncpg
import structlog

from kit import lanes
from kit.batched import Batched
from kit.crew import POLL_S, Crew
from kit.db import Pool, Tx, transaction
from kit.errors import Fenced, Refused, Unavailable
from kit.hands import Hands
from kit.lanes import Held, Row
from kit.watch import STORE_AWAY, store_gone

log = structlog.get_logger(__name__)
LANES_AT_ONCE = 50  # a turn mostly waits for a provider; 50 of them cost about 60 MB and 10 database connections
RETHINKS = 2  # answers dropped in a row because the shopper went on writing; the third is said
TRIES = 5
BACKOFF_S = (
    1.0,
    4.0,
    15.0,
    60.0,
)  # before tries 2, 3, 4, 5; a quarter more or less, so that lanes do not march in step
LINGER_S = 0.001  # several turns of a crowd end within it; five were slower than none on a quiet machine
RENEWALS = 4  # in a lease: of 20 s, every 5 s; three may fail


async def _nothing(_: Tx) -> None:
    return


@dataclass(frozen=True, slots=True)
class Thought:
    """What a turn came to. `rows` are those it deals with, a beginning of the burst; the others wait for the next turn.

    `write` puts everything down in the fenced transaction; `after` runs once that is committed, the lane still held.
    `refused` is asked what to write instead when `write` raised Refused. `irrevocable`: not dropped for newer words.
    `kept`: rows that nobody answers (status 2).
    """

    rows: Sequence[Row]
    write: Callable[[Tx], Awaitable[None]] = _nothing
    after: Callable[[], Awaitable[None]] | None = None
    refused: Callable[[Refused], Thought] | None = None
    irrevocable: bool = False
    awaiting: str = ""
    kept: bool = False


class Overtaken(Exception):
    """Raised by a Thought's `write`: it was thought from what is no longer true. Nothing is written; think again."""


Think = Callable[[Held, Sequence[Row]], Awaitable[Thought]]
Buried = Callable[[Tx, Held, Row, str], Awaitable[None]]
Counted = Callable[[str, float], None]  # how a turn ended (as kit.metrics names it), and its seconds


async def _silently(_tx: Tx, _held: Held, _row: Row, _error: str) -> None:
    return


def _uncounted(_outcome: str, _seconds: float) -> None:
    return


def permanent(error: Exception) -> bool:
    """Whether trying again cannot help: an outsider says so, or the database takes no such value."""
    return isinstance(error, asyncpg.DataError) or (isinstance(error, Unavailable) and error.permanent)


class Worker(Crew[Held]):
    """`think` makes a turn of a burst; `buried` says that a message became a dead letter, in the same transaction.

    `most_waiting`: of a longer backlog of one conversation only the newest are answered; 0: all are.
    """

    def __init__(
        self,
        pool: Pool,
        think: Think,
        buried: Buried = _silently,
        *,
        at_once: int = LANES_AT_ONCE,
        backoff_s: Sequence[float] = BACKOFF_S,
        lease_s: float = lanes.LEASE_S,
        most_waiting: int = 0,
        counted: Counted = _uncounted,
    ) -> None:
        super().__init__(pool, lanes.BELL, "inbox", at_once)
        self._thinks = think
        self._buried = buried
        self._backoff_s = backoff_s
        self._lease_s = lease_s
        self._most_waiting = most_waiting
        self._counted = counted
        self._lost: list[Held] = []  # turns that could not even be given back
        self._crowded = False  # more is due than we have hands for: then whose turn it is among shops matters
        self._hands = Hands(at_once)
        self._waiting = Batched(partial(lanes.waiting_each, pool), "inbox-read")
        self._released = Batched(partial(lanes.release_each, pool), "inbox-release")
        self._after = ""  # the last shop a fair claim looked at, when there were more

    async def claim(self, room: int) -> list[Held]:
        """Lanes that are due, now ours."""
        if self._crowded:
            turns = Counter(held.shop_id for held in self.busy)
            claimed, self._after = await lanes.claim_fairly(
                self.pool, self.watch.id, room, turns, self._after, self._lease_s
            )
        else:
            claimed = await lanes.claim(self.pool, self.watch.id, room, self._lease_s)
        self._crowded = len(claimed) == room or bool(self._after)
        self.linger_s = LINGER_S if self._crowded else 0.0
        # a crash of PostgreSQL may have forgotten a claim of ours whose turn still runs: then this is that same claim
        ours = {(held.shop_id, held.key, held.epoch, held.worker) for held in self.busy}
        return [held for held in claimed if (held.shop_id, held.key, held.epoch, held.worker) not in ours]

    def hands(self) -> int:
        """Lanes worked at once just now; felt here too, or long turns after a start would have few for seconds."""
        self._hands.feel()
        return self._hands.now

    async def next_due(self) -> float | None:
        """Seconds until the next lane is due."""
        return await lanes.next_due(self.pool)

    async def do(self, job: Held) -> bool:
        """One turn of a lane; True when the lane is due again, now or soon."""
        held, rows, began = job, list[Row](), time.monotonic()
        outcome, again = "failed", False
        try:
            if self._hands.feel() and self._crowded:
                self.watch.ring()
            rows = await self._rows(held)
            outcome = await self._think(held, rows) if rows else "kept"
            again = await self._release(held, rethink=outcome == "rethought")
        except Fenced:
            outcome = "fenced"
            log.warning("turn_fenced", shop=held.shop_id, key=held.key)  # another worker has it: nothing was written
        except Exception as error:  # the outermost edge of a turn: whatever it was, the lane must go on
            again = await self._failed(held, rows, error)
        except asyncio.CancelledError:
            self._lost.append(held)
            raise
        if rows or outcome != "kept":  # a lane whose messages were answered meanwhile is no turn
            self._counted(outcome, time.monotonic() - began)
        return again

    async def _release(self, held: Held, *, rethink: bool) -> bool:
        due = None if rethink else await self._released(held)
        return await lanes.release(self.pool, held, rethink=rethink) if due is None else due

    async def _rows(self, held: Held) -> list[Row]:
        """The burst, after a flood was cut to its newest messages."""
        rows, shed = await self._waiting(held), 0
        while held.more and self._most_waiting and (cut := await lanes.shed(self.pool, held, self._most_waiting)):
            shed += cut
        if shed:
            log.warning("flood_cut", shop=held.shop_id, key=held.key, messages=shed)
        return await lanes.waiting(self.pool, held) if shed else rows

    async def _think(self, held: Held, rows: Sequence[Row]) -> str:
        """Think and write; how it ended. "rethought": dropped because newer words came, nothing is written then."""
        if rows[0].broken:
            raise ValueError(f"the stored event cannot be read: {rows[0].broken}")
        thought, outcome = await self._thinks(held, rows), "done"
        try:
            written = await self._write(held, rows, thought)
        except Refused as refused:
            if thought.refused is None:
                raise
            thought, outcome = thought.refused(refused), "refused"  # the transaction of the first is rolled back by now
            written = await self._write(held, rows, thought)
        if not written:
            return "rethought"
        if thought.after is not None:
            await thought.after()
        return "kept" if thought.kept else outcome

    async def _write(self, held: Held, rows: Sequence[Row], thought: Thought) -> bool:
        try:
            async with transaction(self.pool) as tx:
                newest = await lanes.fence(tx, held)
                if newest > held.seen and not thought.irrevocable and held.rethought < RETHINKS:
                    return False
                await thought.write(tx)
                await lanes.settle(tx, held, [row.id for row in thought.rows], thought.awaiting, kept=thought.kept)
        except Overtaken:
            held.more = True  # the same messages, again and at once
            return False
        held.more = held.more or len(thought.rows) < len(rows)
        return True

    async def _failed(self, held: Held, rows: Sequence[Row], error: Exception) -> bool:
        """Count the try: the lane waits and tries again, or its dead letters are put aside. True when it waits."""
        if store_gone(error):
            log.warning("turn_lost_the_store", shop=held.shop_id, key=held.key, error=type(error).__name__)
            self._lost.append(held)  # given back within a second of the store's return; no message is to blame
            return False
        what = f"{type(error).__name__}: {error}"[:500]
        log.error("turn_failed", shop=held.shop_id, key=held.key, ids=[row.id for row in rows], exc_info=error)
        try:
            async with transaction(self.pool) as tx:
                await lanes.fence(tx, held)
                hopeless = permanent(error)
                dead = [row for row in rows if row.attempts + 1 >= TRIES or (hopeless and len(rows) == 1)]
                left = [row for row in rows if row not in dead]
                for row in dead:
                    await self._buried(tx, held, row, what)
                await lanes.bury(tx, held, [row.id for row in dead], what)
                if left or not rows:
                    delay_s = 0.0 if hopeless else self._delay_s(left)  # one of them is to blame: find it at once
                    await lanes.retry(tx, held, [row.id for row in left], what, delay_s, isolate=hopeless)
                    return True
            return await lanes.release(self.pool, held)
        except Fenced:
            return False
        except STORE_AWAY as away:
            log.warning("turn_not_given_back", shop=held.shop_id, key=held.key, error=type(away).__name__)
            self._lost.append(held)
            return False

    def _delay_s(self, rows: Sequence[Row]) -> float:
        tried = max((row.attempts for row in rows), default=0)
        return self._backoff_s[min(tried, len(self._backoff_s) - 1)] * random.uniform(0.75, 1.25)  # noqa: S311

    async def care(self, beats: int) -> None:
        """Give back turns that failed while the store was away, renew leases, free lanes of the dead and the frozen."""
        while self._lost:
            await lanes.free(self.pool, self._lost[-1])
            self._lost.pop()
            self.watch.ring()
        if beats % max(1, int(self._lease_s / POLL_S / RENEWALS)) == 0 and self.busy:
            await lanes.renew(self.pool, list(self.busy), self.watch.id, self._lease_s)
        freed = await lanes.free_expired(self.pool)
        freed += await lanes.free_forgotten(self.pool, self.watch.id, list(self.busy), self._lease_s)
        for owner in await lanes.other_owners(self.pool, self.watch.id):
            async with self.watch.dead(owner) as dead:
                if dead:
                    freed += await lanes.free_owner(self.pool, owner)
        if freed:
            log.warning("lanes_freed", lanes=freed)
            self.watch.ring()
