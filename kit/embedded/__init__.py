"""PostgreSQL and Redis inside the product: child processes of ours, for a machine that has neither.

`start` makes, starts and watches them, or attaches to those that another process of the same data folder runs. With
`database_url` and `redis_url` set nothing here is called.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path

from kit import tasks
from kit.embedded.postgres import Postgres
from kit.embedded.roads import choose
from kit.embedded.valkey import Valkey
from kit.errors import Misconfigured


@dataclass(slots=True)
class Engines:
    """What runs. The addresses are "" for an engine that was not asked for."""

    postgres: Postgres | None = None
    redis: Valkey | None = None
    _watchers: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def database_url(self) -> str:
        """The product's database, as its owner `sotuv`."""
        return self.postgres.url() if self.postgres else ""

    @property
    def redis_url(self) -> str:
        """The Redis-compatible server."""
        return self.redis.url() if self.redis else ""

    async def stop(self) -> None:
        """Stop what this process started, Redis first: nothing that matters waits for it. Attached engines go on."""
        for engine in (self.redis, self.postgres):
            if engine is not None:
                engine.stopping = True
        for watcher in self._watchers:
            watcher.cancel()
        for engine in (self.redis, self.postgres):
            if engine is not None:
                await engine.close()


async def start(data_dir: Path, *, postgres: bool, redis: bool) -> Engines:
    """Bring up the engines asked for in `data_dir` and keep them up until `stop`.

    The first start on an empty folder takes a second or some, later ones a fraction. Raises Misconfigured (the folder
    or this machine does not allow it) or Unavailable (an engine does not come up; its last words are in the message).
    """
    if not postgres and not redis:
        return Engines()
    data_dir = _folder(data_dir)
    road = choose(data_dir, [data_dir / "postgres", data_dir / "redis"])
    engines = Engines(Postgres(data_dir, road) if postgres else None, Valkey(data_dir, road) if redis else None)
    running = [engine for engine in (engines.postgres, engines.redis) if engine is not None]
    try:
        for engine in running:
            await engine.open()
    except BaseException:
        await engines.stop()
        raise
    engines._watchers = [tasks.start(engine.watch(), f"watch {engine.name}") for engine in running]
    return engines


def _folder(data_dir: Path) -> Path:
    """The data folder, absolute, there, and ours to write."""
    data_dir = data_dir.absolute()
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Misconfigured(
            f"data_dir: {data_dir} cannot be made ({error.strerror}); name a folder of yours"
        ) from error
    if not os.access(data_dir, os.W_OK | os.X_OK):
        raise Misconfigured(f"data_dir: {data_dir} cannot be written; name a folder of yours")
    return data_dir
