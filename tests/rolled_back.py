"""A connection for commands that play whole conversations and leave nothing behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from kit import db


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
