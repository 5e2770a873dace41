"""PostgreSQL: the pool, transactions, and migrations from plain SQL files.

SQL itself stands beside the verb that uses it; nothing here knows a table but `schema_migrations`.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, cast

import asyncpg
import structlog
from asyncpg.pool import PoolConnectionProxy

from kit.errors import Misconfigured, Unavailable

log = structlog.get_logger(__name__)
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Tx: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"
Reader: TypeAlias = "Pool | Tx"

MIGRATIONS = Path(__file__).parent.parent / "migrations"
_LOCK = 7_368_617_517  # advisory lock number of the migrations: any constant, the same in every process
_DONE = "INSERT INTO schema_migrations (version, name, sha256) VALUES ($1, $2, $3)"
# A statement that waits for a table makes everybody after it wait too, acknowledgements of webhooks first of all. So a
# migration waits 1 s for a lock, lets the others pass, and asks again: for some two minutes.
LOCK_MS, LOCK_TRIES = 1000, 60
_STATEMENTS = re.compile(r";[ \t]*(?:--[^\n]*)?\n")  # of a file outside a transaction, each sent alone
_FILE = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
# a statement of ours takes milliseconds; 15 s is a runaway. A lock wait of 5 s is a deadlock to be. A transaction idle
# for 30 s belongs to a frozen process, and its locks must not outlive a lane's lease (20 s) by much.
_TIMEOUTS = {
    "statement_timeout": "15s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
    "application_name": "sotuv",
    "hnsw.ef_search": "1000",  # how far a vector index is walked (vision.index_large); pgvector's own 40 ends too soon
}


_FORGET = "SELECT pg_advisory_unlock_all(); CLOSE ALL; UNLISTEN *; RESET ALL"


class Connection(asyncpg.Connection):
    """asyncpg's, without a reset after each use, and with one more honest error.

    The pool's reset is a round trip after every statement that is sent through it, and statements of ours leave nothing
    in a session: settings are SET LOCAL, locks are those of a transaction. The three that keep a session give it back
    by `give_back`.

    When the server is killed while a connection rests, the next use of it raises InternalClientError ("cannot switch to
    state 12; another operation (2) is in progress"), which is neither a PostgresError nor an InterfaceError and looks
    like a bug. Here it is what it is: the connection is gone, and the pool makes another.
    """

    def get_reset_query(self) -> str:
        return ""

    async def execute(self, *args: Any, **kwargs: Any) -> str:
        with self._told_truly():
            return await super().execute(*args, **kwargs)

    async def _execute(self, *args: Any, **kwargs: Any) -> Any:  # under fetch, fetchrow, fetchval and execute($1)
        with self._told_truly():
            return await super()._execute(*args, **kwargs)  # type: ignore[misc]  # not in the stubs

    async def _executemany(self, *args: Any, **kwargs: Any) -> Any:
        with self._told_truly():
            return await super()._executemany(*args, **kwargs)  # type: ignore[misc]

    @contextmanager
    def _told_truly(self) -> Iterator[None]:
        try:
            yield
        except asyncpg.InternalClientError as error:
            if "cannot switch to state" not in str(error):
                raise
            self.terminate()
            raise asyncpg.ConnectionDoesNotExistError("the connection was lost") from error


async def open_pool(url: str, size: int = 10) -> Pool:
    """A pool of at most `size` connections that speak dict <-> jsonb and HalfVector <-> halfvec, with our time limits.

    Raises OSError or asyncpg.PostgresError when the server does not answer.
    """
    return await asyncpg.create_pool(
        url,
        min_size=min(2, size),
        max_size=size,
        init=prepare,
        server_settings=_TIMEOUTS,
        timeout=10,
        connection_class=Connection,
    )


async def prepare(connection: Tx) -> None:
    """Teach a connection our types: jsonb as Python data, vectors where pgvector is installed."""
    await connection.set_type_codec("jsonb", encoder=_dump, decoder=json.loads, schema="pg_catalog", format="text")
    if await connection.fetchval("SELECT to_regtype('halfvec')") is not None:
        from pgvector.asyncpg import register_vector  # numpy costs 0.1 s: not for a command that opens no database

        await register_vector(cast("asyncpg.Connection[asyncpg.Record]", connection))


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


async def give_back(pool: Pool, connection: Tx) -> None:
    """Return a connection that was kept, without the locks, bells and settings of its session."""
    try:
        if not connection.is_closed():
            await connection.execute(_FORGET)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        log.info("session_lost")  # the server is gone, and with it what the session held
    await pool.release(cast("PoolConnectionProxy[asyncpg.Record]", connection))


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[Tx]:
    """A connection inside a transaction: committed when the block ends, rolled back when it raises."""
    async with pool.acquire() as connection, connection.transaction():
        yield connection


# ---- migrations ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: `sql` is its up part; `atomic` is false for what PostgreSQL refuses inside a transaction."""

    version: str
    name: str
    sha256: str
    sql: str
    atomic: bool


def read_migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    """The files of `folder` in order. Raises Misconfigured on a wrong name, a doubled number or a missing head."""
    found: dict[str, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        named = _FILE.fullmatch(path.name)
        if not named:
            raise Misconfigured(f"migrations: {path.name} is not named NNNN_words.sql; rename it")
        version, name = named.groups()
        if version in found:
            raise Misconfigured(f"migrations: two files have the number {version}; give {path.name} the next free one")
        found[version] = _parse(path, version, name)
    return list(found.values())


def _parse(path: Path, version: str, name: str) -> Migration:
    text = path.read_text(encoding="utf-8")
    head = re.search(r"^-- migrate:up(.*)$", text, re.MULTILINE)
    if not head:
        raise Misconfigured(f"migrations: {path.name} has no line `-- migrate:up`; add it above the SQL")
    up = re.split(r"^-- migrate:down.*$", text[head.end() :], maxsplit=1, flags=re.MULTILINE)[0]
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Migration(version, name, sha256, up, "transaction:false" not in head.group(1))


async def migrate(where: str | Pool, folder: Path = MIGRATIONS) -> list[str]:
    """Bring the database to the newest schema; the versions applied now, [] when there was nothing to do.

    Any number of processes may call it at once: one works, the others wait. Raises Misconfigured when a file changed
    after it was applied, or when the database knows a migration that this code does not.
    """
    files = read_migrations(folder)
    if isinstance(where, str):
        connection = await asyncpg.connect(where, timeout=10)
        try:
            return await _migrate(connection, files)
        finally:
            await connection.close()
    async with where.acquire() as pooled:
        return await _migrate(pooled, files)


async def _migrate(connection: Tx, files: list[Migration]) -> list[str]:
    # building an index on a large table takes as long as it takes
    await connection.execute("SET statement_timeout = 0; SET lock_timeout = 0; SET client_min_messages = warning")
    await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
    try:
        applied = await _applied(connection)
        _check_drift(files, applied)
        todo = [file for file in files if file.version not in applied]
        for file in todo:
            await _apply(connection, file)
            log.info("migrated", version=file.version, name=file.name)
        return [file.version for file in todo]
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)
        await connection.execute("RESET statement_timeout; RESET lock_timeout; RESET client_min_messages")


async def _applied(connection: Tx) -> dict[str, str | None]:
    """version -> sha256 of what was applied; the hash is NULL where dbmate applied it."""
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations ("
        "version varchar(128) PRIMARY KEY, name text, sha256 text, applied_at timestamptz DEFAULT now())"
    )
    rows = await connection.fetch("SELECT version, sha256 FROM schema_migrations")
    return {row["version"]: row["sha256"] for row in rows}


def _check_drift(files: list[Migration], applied: dict[str, str | None]) -> None:
    known = {file.version: file for file in files}
    for version, sha256 in sorted(applied.items()):
        if version not in known:
            raise Misconfigured(
                f"database_url: the database has migration {version}, this code does not; update the code"
            )
        if sha256 is not None and sha256 != known[version].sha256:
            raise Misconfigured(
                f"migrations: {version}_{known[version].name}.sql changed after it was applied; "
                "restore the file and write the change as a new one"
            )


async def _apply(connection: Tx, file: Migration) -> None:
    """One file, while others may be working on the same tables."""
    if not file.atomic:
        for statement in _STATEMENTS.split(file.sql):
            if statement.strip():
                await connection.execute(statement)
        await connection.execute(_DONE, file.version, file.name, file.sha256)
        return
    for tries in range(LOCK_TRIES):
        try:
            async with connection.transaction():
                await connection.execute(f"SET LOCAL lock_timeout = {LOCK_MS}")
                await connection.execute(file.sql)
                await connection.execute(_DONE, file.version, file.name, file.sha256)
            return
        except asyncpg.LockNotAvailableError:
            log.info("migration_waits", version=file.version, tries=tries + 1)
            await asyncio.sleep(random.uniform(0.5, 1.5))  # noqa: S311  whoever queued behind us goes first
    raise Unavailable(
        f"migrations: {file.version}_{file.name}: a table stays locked; end long transactions, start again"
    )


async def pending(reader: Reader, folder: Path = MIGRATIONS) -> list[str]:
    """Versions in `folder` that the database has not; [] means ready."""
    known = await reader.fetchval("SELECT to_regclass('schema_migrations')")
    have = {row["version"] for row in await reader.fetch("SELECT version FROM schema_migrations")} if known else set()
    return [file.version for file in read_migrations(folder) if file.version not in have]
