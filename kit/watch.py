"""A process's place among the workers: its id, a bell it hears, and a session lock that dies with it.

One connection of its own carries the LISTEN and the lock and is opened again when it breaks. A process that is killed
loses the lock at once, so peers know within a second; nothing here knows what the workers work on.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import structlog
from asyncpg.pool import PoolConnectionProxy

from kit.db import Pool, give_back

log = structlog.get_logger(__name__)
# what asyncpg raises while the server is away or restarting: wait and go on, everything is in the tables
STORE_AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
_GONE = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    ConnectionError,
)
SETTLE_S = 2.0  # after our session broke: a crash of the server breaks everybody's, and each beat of a second mends one
_CLASS = 736_861  # first half of our advisory locks' numbers, the second is workers.id; any constant
_JOIN = "INSERT INTO workers (name) VALUES ($1) RETURNING id"
_BEAT = (
    "UPDATE workers SET beat_at = now() FROM (SELECT set_config('synchronous_commit', 'off', true)) AS q WHERE id = $1"
)
_SILENT = "SELECT id FROM workers WHERE id <> $1 AND beat_at < now() - interval '1 minute' ORDER BY id LIMIT 100"
_LEAVE = "DELETE FROM workers WHERE id = $1"


def store_gone(error: BaseException) -> bool:
    """Whether `error` says that the connection or the server went away, which is not the fault of what was tried."""
    closed = type(error) is asyncpg.InterfaceError and "closed" in str(error)  # it also names wrong arguments
    return closed or isinstance(error, _GONE)


class Watch:
    """Use: `open`, then `wait` in one loop and `beat` once a second in another, then `close`."""

    def __init__(self, pool: Pool, bell: str, name: str) -> None:
        self.id = 0
        self._pool = pool
        self._bell = bell
        self._name = f"{name}@{socket.gethostname()}:{os.getpid()}"
        self._rung = asyncio.Event()
        self._connection: PoolConnectionProxy[asyncpg.Record] | None = None
        self._mended_at = -SETTLE_S
        self._using = asyncio.Lock()  # one statement at a time on the connection

    async def open(self) -> None:
        """Get an id, the lock and the bell. Raises what STORE_AWAY names."""
        async with self._using:
            await self._connect()

    async def _connect(self) -> None:
        connection = await self._pool.acquire()  # kept: it is one of the pool's for as long as we live
        try:
            # always as somebody new: with the lock gone, what the old id holds is anybody's to free
            joined = await connection.fetchval(_JOIN, self._name)
            await connection.execute("SELECT pg_advisory_lock($1, $2)", _CLASS, joined)
            await connection.add_listener(self._bell, self._heard)
        except BaseException:
            await give_back(self._pool, connection)
            raise
        self.id, self._connection = joined, connection
        self.ring()  # what was rung while nobody listened

    def _heard(self, *_: object) -> None:
        self._rung.set()

    def ring(self) -> None:
        """Make `wait` return."""
        self._rung.set()

    async def wait(self, timeout_s: float) -> None:
        """Until the bell rings, at most `timeout_s`. A ring since the last `wait` counts."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._rung.wait()
        except TimeoutError:
            return
        self._rung.clear()

    async def beat(self) -> None:
        """Say that we live, and mend the connection when it is broken. Raises what STORE_AWAY names."""
        async with self._using:
            if not self.alive:
                await self._drop()
                await self._connect()
                self._mended_at = time.monotonic()
            assert self._connection is not None
            await self._connection.execute(_BEAT, self.id)

    @asynccontextmanager
    async def dead(self, owner: int) -> AsyncIterator[bool]:
        """Whether worker `owner` is gone; while the block runs nobody else takes care of its work.

        Never in the 2 s after our own session broke: the other's may have broken with it, and it lives as we do.
        """
        async with self._using:
            if time.monotonic() - self._mended_at < SETTLE_S:
                yield False
                return
            assert self._connection is not None
            gone = await self._connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", _CLASS, owner)
            try:
                yield gone
                if gone:
                    await self._connection.execute(_LEAVE, owner)
            finally:
                if gone and self.alive:
                    await self._connection.execute("SELECT pg_advisory_unlock($1, $2)", _CLASS, owner)

    async def bury_dead(self) -> None:
        """Take rows of workers that are gone off the list, so that `beat_at` tells who works now."""
        for row in await self._pool.fetch(_SILENT, self.id):
            async with self.dead(row["id"]):
                pass

    async def close(self) -> None:
        """Leave; the lock goes with the connection's session state."""
        async with self._using:
            if self._connection is not None and self.alive:
                await self._connection.execute(_LEAVE, self.id)
            await self._drop()

    @property
    def alive(self) -> bool:
        """Whether our session stands, and with it the lock that says so to others."""
        return self._connection is not None and _open(self._connection)

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if _open(connection):
            await connection.remove_listener(self._bell, self._heard)
        await give_back(self._pool, connection)


def _open(connection: PoolConnectionProxy[asyncpg.Record]) -> bool:
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:  # the pool has taken a broken connection back and says so this way
        return False
