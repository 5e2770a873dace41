"""Several processes of the product on one PostgreSQL, one Redis and one data folder, as on several machines."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import Any

from kit import embedded
from tests.product import ROOT, Product


class Fleet:
    """`web()` and `worker()` start processes that share everything; `async with` ends all of them."""

    def __init__(self, folder: Path, settings: dict[str, Any], engines: embedded.Engines, database_url: str) -> None:
        self.folder = folder
        self.settings = {
            **settings,
            "data_dir": str(folder / "data"),
            "database_url": database_url,
            "redis_url": engines.redis_url,
        }
        self.members: list[Product] = []

    async def __aenter__(self) -> Fleet:
        return self

    async def __aexit__(self, *exc: object) -> None:
        for member in self.members:
            if member.process and member.process.returncode is None:
                await member.kill()

    def _member(self, command: str, **over: Any) -> Product:
        home = self.folder / f"{command}{len(self.members)}"
        home.mkdir()
        member = Product(home, {**self.settings, **over}, command=command)
        self.members.append(member)
        return member

    async def web(self) -> Product:
        """A web process, started; not ready before a worker beats."""
        member = self._member("web")
        await member.start()
        return member

    async def run(self) -> Product:
        """Everything in one process, started."""
        member = self._member("run")
        await member.start()
        return member

    async def worker(self) -> Product:
        """A worker process, started."""
        member = self._member("worker")
        await member.start()
        return member

    async def slow_worker(self, least_s: float, most_s: float) -> Product:
        """A worker whose brain thinks so long."""
        member = self._member("worker")
        with member.log.open("ab") as log:
            member.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "tests/odd_worker.py", str(least_s), str(most_s), ""),
                *("worker", "--config", str(member.config)),
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        return member

    def logs(self) -> str:
        """The end of everybody's log, for a test that failed."""
        return "\n".join(f"== {one.folder.name}\n{one.log.read_text(encoding='utf-8')[-2000:]}" for one in self.members)


def signal_term(member: Product) -> None:
    """What a supervisor sends."""
    assert member.process
    member.process.send_signal(signal.SIGTERM)
