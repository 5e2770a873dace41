"""What every test may ask for: real engines in a temporary folder, a rolled back connection, a database of its own.

No test reaches the network: sockets other than loopback and unix are refused, so that a forgotten address fails loudly.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
import redis.asyncio as aioredis

from kit import cache, db, embedded
from kit.config import Config, ShopConfig
from tests.elsewhere import Elsewhere, Server

SHOP = Path(__file__).parent / "shop"
# Databases are made by the hundred: in memory one takes 10 ms, on a disk 110. Where memory is short, the disk.
MEMORY, ENOUGH = Path("/dev/shm"), 6 * 2**30
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")
_numbers = itertools.count()

# a superuser's address: the suite runs on that server instead of the embedded one (tests.elsewhere)
ELSEWHERE = os.environ.get("SOTUV_TEST_DATABASE_URL", "")
for name in [name for name in os.environ if name.startswith("SOTUV_")]:
    del os.environ[name]  # a developer's shell must not change results
# a process of the product that compiles itself anew starts in twice the time, and the suite starts eighty
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_xdist_auto_num_workers() -> int:
    """One more than cores: a test waits half of its time, for PostgreSQL, a process or a clock."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Sockets to anywhere but this machine raise."""
    connect, lookup = socket.socket.connect, socket.getaddrinfo

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(_LOOPBACK):  # type: ignore[index]
            raise PermissionError(f"tests may not connect to {address}")
        return connect(self, address)  # type: ignore[arg-type]

    def guarded_lookup(host: object, *args: object, **kwargs: object) -> object:
        if host is not None and not str(host).startswith(_LOOPBACK):
            raise socket.gaierror(socket.EAI_NONAME, f"tests may not look up {host}")
        return lookup(host, *args, **kwargs)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        patch.setattr(socket, "getaddrinfo", guarded_lookup)
        yield


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Engines]:
    """Embedded PostgreSQL (migrated) and Redis, one pair a test process."""
    running = asyncio.run(_start(tmp_path_factory.mktemp("engines")))
    yield running
    asyncio.run(running.stop())


async def _start(folder: Path) -> embedded.Engines:
    running = await embedded.start(folder, postgres=not ELSEWHERE, redis=True)
    if ELSEWHERE:
        running = await Elsewhere.around(running, ELSEWHERE)
        await db.migrate(running.database_url)
        await db.migrate(await running.server.make_database("sotuv_template"))
        return running
    assert running.postgres is not None
    admin = await asyncpg.connect(running.postgres.url(admin=True, database="postgres"))
    await admin.execute("ALTER SYSTEM SET fsync = off")  # a test's data dies with the test: 3 times faster
    await admin.execute("ALTER SYSTEM SET synchronous_commit = off")
    await admin.execute("SELECT pg_reload_conf()")
    await admin.close()
    await db.migrate(running.database_url)
    await db.migrate(await running.postgres.make_database("sotuv_template"))
    return running


@pytest.fixture
async def db_url(engines: embedded.Engines) -> AsyncIterator[str]:
    """The address of a fresh migrated database."""
    assert engines.postgres is not None
    name, template = f"own_{next(_numbers)}", "sotuv_template"
    if isinstance(engines.postgres, Server):
        name, template = engines.postgres.prefix + name, engines.postgres.prefix + template
        engines.postgres.made.append(name)
    admin = await asyncpg.connect(engines.postgres.url(admin=True, database="postgres"))
    await admin.execute(f"CREATE DATABASE {name} OWNER sotuv TEMPLATE {template} STRATEGY file_copy")
    yield engines.postgres.url(database=name)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture
async def own_db(db_url: str) -> AsyncIterator[db.Pool]:
    """A pool on a database of this test's own, for what needs several connections or real commits (85 ms)."""
    pool = await db.open_pool(db_url)
    yield pool
    await pool.close()


@pytest.fixture(name="db")
async def _db(engines: embedded.Engines) -> AsyncIterator[db.Tx]:
    """A connection inside a transaction that is rolled back: for almost every test (5 ms)."""
    connection = await asyncpg.connect(engines.database_url)
    await db.prepare(connection)
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()


@pytest.fixture
async def redis(engines: embedded.Engines) -> AsyncIterator[cache.Redis]:
    """An empty Redis."""
    patient = aioredis.from_url(engines.redis_url)  # the product's client gives up after half a second
    await patient.flushall()
    await patient.aclose()
    client = await cache.open_redis(engines.redis_url)
    yield client
    await client.aclose()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A minimal configuration: the shop `lola`, whose folder is tests/shop."""
    return Config(data_dir=tmp_path / "data", shops={"lola": ShopConfig(folder=SHOP)})
