"""The machines of the world: the product's processes and the engines, found by their pids, started again when they die.

The engines are the product's own embedded ones, run by this process, so that killing a worker kills no database.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import yaml

from kit import embedded, tasks
from tests.product import Product, free_port

START_S = 240.0  # a machine with much else to do


class Clocked(Product):
    """A process of the product that may believe in another time."""

    offset_s = 0.0

    @property
    def ready_url(self) -> str:
        """Where it says whether it is ready: a worker has a port for that alone."""
        port: int = yaml.safe_load(self.config.read_text(encoding="utf-8"))["http"].get("metrics_port") or self.port
        return f"http://127.0.0.1:{port}/ready"

    async def start(self) -> None:
        """Start with the clock this process is to have."""
        os.environ["TEST_CLOCK_OFFSET_S"] = str(self.offset_s)
        try:
            await super().start()
        finally:
            del os.environ["TEST_CLOCK_OFFSET_S"]


@dataclass
class Machines:
    """`web`, `workers` and the engines. `down` names what must not be started again at the moment."""

    folder: Path
    engines: embedded.Engines
    processes: dict[str, Clocked]
    starts: int = 0
    stopping: bool = False
    killed: int = 0  # processes of the product
    ended_by_itself: list[str] = field(default_factory=list)
    _keeper: asyncio.Task[None] | None = None
    _killed: set[int] = field(default_factory=set)

    @property
    def data(self) -> Path:
        """The data folder all share."""
        return self.folder / "data"

    @property
    def web(self) -> Clocked:
        """The process with the HTTP door."""
        return self.processes["web"] if "web" in self.processes else self.processes["run"]

    def publish(self) -> None:
        """Tell every process at which address the platforms find the door."""
        for process in self.processes.values():
            tree = yaml.safe_load(process.config.read_text(encoding="utf-8"))
            tree["http"]["public_url"] = self.web.url
            process.config.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")

    async def start(self) -> None:
        """Start everything and keep it up."""
        for process in self.processes.values():
            await process.start()
        await self.web.ready(START_S)
        self._keeper = tasks.start(self._keep(), "machines")

    async def _keep(self) -> None:
        """What a service manager does: start again what ended, a moment later."""
        while not self.stopping:
            for name, process in self.processes.items():
                running = process.process
                if running is not None and running.returncode is not None:
                    if running.pid not in self._killed:
                        self.ended_by_itself.append(f"{name}: {running.returncode}")
                    self.starts += 1
                    await process.start()
            await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """Stop all, politely."""
        self.stopping = True
        if self._keeper is not None:
            self._keeper.cancel()
        for process in self.processes.values():
            try:
                await process.stop()
            except TimeoutError:  # a machine too busy to end in time: nothing may be left running
                await process.kill()
        await self.engines.stop()

    # ---- what can be done to them ----

    def pid(self, name: str) -> int:
        """The pid of a process of the product, of "postgres" or of "redis"; 0 when it does not run."""
        if name in self.processes:
            running = self.processes[name].process
            return running.pid if running is not None and running.returncode is None else 0
        return engine_pid(self.data, name)

    def kill(self, names: Sequence[str]) -> None:
        """SIGKILL, all at once."""
        pids = {name: pid for name in names if (pid := self.pid(name))}
        self._killed.update(pids.values())
        self.killed += sum(name in self.processes for name in pids)
        for pid in pids.values():
            _signal(pid, signal.SIGKILL)

    def kill_backend(self, place: float) -> None:
        """SIGKILL one of the server's own processes: PostgreSQL then ends all sessions and recovers."""
        children = children_of(self.pid("postgres"))
        if children:
            _signal(children[int(place * len(children))], signal.SIGKILL)

    async def freeze(self, name: str, seconds: float) -> None:
        """SIGSTOP, and SIGCONT after a while, if it still lives."""
        pid = self.pid(name)
        if not pid:
            return
        pids = [pid, *(children_of(pid) if name == "postgres" else [])]
        for one in pids:
            _signal(one, signal.SIGSTOP)
        await asyncio.sleep(seconds)
        for one in pids:
            _signal(one, signal.SIGCONT)

    async def fill_disk(self, name: str, seconds: float) -> None:
        """No file of the process may grow beyond 64 kB for a while: every write says that there is no room."""
        pid = self.pid(name)
        pids = [one for one in (pid, *(children_of(pid) if name == "postgres" and pid else [])) if one]
        _limit(pids, 65_536)
        await asyncio.sleep(seconds)
        _limit([*pids, *children_of(self.pid("postgres"))], resource.RLIM_INFINITY)

    async def unready_s(self, names: Sequence[str], enough: int = 0, deadline_s: float = 180.0) -> float:
        """Seconds until `enough` of these processes (0: all) are ready; infinity: not within `deadline_s`."""
        began = time.monotonic()
        urls = [self.processes[name].ready_url for name in names]
        async with httpx2.AsyncClient(timeout=5.0) as client:
            while time.monotonic() - began < deadline_s:
                able = await asyncio.gather(*(_ready(client, url) for url in urls))
                if sum(able) >= (enough or len(urls)):
                    return time.monotonic() - began
                await asyncio.sleep(0.1)
        return float("inf")


async def _ready(client: httpx2.AsyncClient, url: str) -> bool:
    """Whether it can work. A message that has waited for long is the past's fault and would forbid other strokes."""
    try:
        answer = await client.get(url)
        return answer.status_code == 200 or str(answer.json().get("why", "")).startswith("a message has waited")
    except (httpx2.TransportError, ValueError):
        return False
    except AttributeError:  # anyio's, when the socket is gone before it is looked at
        return False


async def set_up(folder: Path, settings: dict[str, Any], *, workers: int = 2) -> Machines:
    """Engines that run, and processes to be started: `web` and so many workers, or with 0 one `run` that does all."""
    data = folder / "data"
    engines = await embedded.start(data, postgres=True, redis=True)
    names = ["web", *(f"worker{number}" for number in range(1, workers + 1))] if workers else ["run"]
    processes = {}
    for name in names:
        place = folder / name
        place.mkdir()
        http = {"metrics_port": 0 if name in ("web", "run") else free_port()}
        tree = {**settings, "data_dir": str(data), "http": http}
        processes[name] = Clocked(place, tree, command=name.rstrip("0123456789"))
    return Machines(folder, engines, processes)


def engine_pid(data: Path, name: str) -> int:
    """The pid of the engine that works in `data`; 0 when there is none."""
    if name == "postgres":
        try:
            return int((data / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if b"valkey" in (entry / "cmdline").read_bytes()[:200] and (entry / "cwd").samefile(data / "redis"):
                    return int(entry.name)
            except OSError:
                continue
    return 0


def children_of(pid: int) -> list[int]:
    """The living children of a process."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _limit(pids: Sequence[int], most: int) -> None:
    for pid in pids:
        try:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
        except (ProcessLookupError, PermissionError):
            continue
