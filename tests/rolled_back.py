"""A database for commands that play whole conversations and leave nothing behind."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from kit import db, embedded


@asynccontextmanager
async def fresh_engine() -> AsyncIterator[embedded.Engines]:
    """An embedded PostgreSQL in a folder of its own, which is gone afterwards; nothing is migrated in it yet."""
    with tempfile.TemporaryDirectory(prefix="sotuv-play-") as folder:
        engines = await embedded.start(Path(folder), postgres=True, redis=False)
        try:
            yield engines
        finally:
            await engines.stop()


@asynccontextmanager
async def fresh_database() -> AsyncIterator[str]:
    """The address of a migrated database in an engine of its own."""
    async with fresh_engine() as engines:
        await db.migrate(engines.database_url)
        yield engines.database_url


@asynccontextmanager
async def rolled_back(url: str) -> AsyncIterator[db.Tx]:
    """A connection inside a transaction that is rolled back at the end, however long is thought between statements."""
    connection = await asyncpg.connect(url)
    await db.prepare(connection)
    await connection.execute("SET idle_in_transaction_session_timeout = 0")  # on a busy machine we think longer
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()
