"""PostgreSQL and Redis for a command: the configured ones, else the embedded ones, started or attached to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import asyncpg

from kit import cache, db, embedded
from kit.config import Config
from kit.errors import Misconfigured, Unavailable

# a turn holds a connection only while it reads or writes: 10 serve 50 conversations at once
_POOL = 10
_CLOSE_S = 3.0


@dataclass(frozen=True, slots=True)
class Stores:
    """What is open. `engines` are those this process runs or is attached to."""

    engines: embedded.Engines
    pool: db.Pool
    redis: cache.Redis
    database_url: str


@asynccontextmanager
async def open_stores(config: Config, pool_size: int = _POOL) -> AsyncIterator[Stores]:
    """Both stores, migrated; closed, and the engines of ours stopped, at the end. Raises Misconfigured, Unavailable."""
    async with AsyncExitStack() as opened:
        engines = await embedded.start(config.data_dir, postgres=not config.database_url, redis=not config.redis_url)
        opened.push_async_callback(engines.stop)
        url = config.database_url or engines.database_url
        pool = await _open_database(url, pool_size)
        opened.push_async_callback(_close, pool)
        redis = await _open_redis(config.redis_url or engines.redis_url)
        opened.push_async_callback(redis.aclose)
        yield Stores(engines, pool, redis, url)


async def _open_database(url: str, size: int) -> db.Pool:
    """The pool of a migrated database. The line of an error never holds the address: a password may be in it."""
    try:
        await db.migrate(url)
        return await db.open_pool(url, size)
    except asyncpg.UndefinedFileError as error:
        raise Misconfigured("database_url: this server has no pgvector; install it (0.7 or newer)") from error
    except asyncpg.InsufficientPrivilegeError as error:
        said = str(error).splitlines()[0]
        raise Misconfigured(f"database_url: {said}; let an administrator run CREATE EXTENSION vector there") from error
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError, ValueError) as error:
        raise Misconfigured(f"database_url: {str(error).splitlines()[0]}; mend the address") from error
    except (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError) as error:
        raise Unavailable(f"database_url: the server does not answer ({type(error).__name__})") from error


async def _open_redis(url: str) -> cache.Redis:
    try:
        return await cache.open_redis(url)
    except ValueError as error:
        raise Misconfigured(f"redis_url: {error}; mend the address") from error


async def _close(pool: db.Pool) -> None:
    """Close the pool; who still holds a connection after a few seconds loses it."""
    try:
        async with asyncio.timeout(_CLOSE_S):
            await pool.close()
    except TimeoutError:
        pool.terminate()
