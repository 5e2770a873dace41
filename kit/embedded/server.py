"""What both engines share: one owner per folder, start with patience, attach, watch, stop.

The owner holds a lock on `<name>.lock` and is the engine's parent; everyone else attaches to the running one and stops
nothing. The kernel drops the lock when a process dies, however it dies.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

import structlog

from kit.embedded.roads import Road
from kit.errors import Misconfigured, Unavailable

log = structlog.get_logger(__name__)
START_S = 300.0  # crash recovery after a long checkpoint gap reads a gigabyte of log: minutes on a cheap disk
_STOP_S = 8.0  # a fast shutdown writes one checkpoint; Ctrl-C promises an end within 15 s all in
_HURT_TRIES = 4  # a start that fails for a reason that does not pass by itself
_REST_S = 5.0  # an engine that stays down (a full disk) is tried again at leisure
_LOG_BYTES = 10_000_000
_SOCKET_PATH_MAX = 103  # sun_path: 108 bytes on Linux, 104 on macOS, one of them a NUL


class Server(ABC):
    """One engine in its folder `data_dir/<name>`; its socket lies in `<name>/sock`."""

    name: str
    stop_signals: tuple[signal.Signals, ...]
    passing: tuple[str, ...] = ()  # log lines of failures that mend themselves in a moment

    def __init__(self, data_dir: Path, road: Road) -> None:
        self.data_dir = data_dir
        self.home = data_dir / self.name
        self.road = road
        self.stopping = False
        self._lock: int | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._short: tempfile.TemporaryDirectory[str] | None = None

    # -- what an engine says of itself

    @abstractmethod
    def command(self) -> Sequence[str]:
        """The arguments that run it in `home` in the foreground."""

    @abstractmethod
    async def answers(self) -> bool:
        """Whether it can be worked with now: really asked, at most some seconds."""

    @abstractmethod
    async def prepare(self) -> None:
        """Make `home` if there is none and end an orphan of a killed supervisor. Called before each start."""

    @abstractmethod
    async def settle(self) -> None:
        """What the owner does after the engine answers."""

    # -- life

    @property
    def owner(self) -> bool:
        """Whether this process runs the engine (otherwise it is attached to another's)."""
        return self._lock is not None

    async def open(self) -> None:
        """Come back when the engine answers: started here, or found running. Raises Unavailable, Misconfigured."""
        deadline = time.monotonic() + START_S
        while not self._take_lock():
            if await self.answers():
                log.info("engine_attached", engine=self.name)
                return
            if time.monotonic() > deadline:
                raise Unavailable(f"{self.name}: another process holds {self.data_dir} and does not answer")
            await asyncio.sleep(0.05)
        await self._start(deadline)

    def _take_lock(self) -> bool:
        """Become the owner; False while another process is."""
        try:
            handle = os.open(self.data_dir / f"{self.name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Misconfigured(f"data_dir: {self.data_dir} cannot be written ({error.strerror})") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._lock = handle
        return True

    async def _start(self, deadline: float) -> None:
        pause, tries = 0.1, 0
        while True:
            await self.prepare()
            if await self._run_until_ready(deadline):
                await self.settle()
                return
            said = self.last_words()
            tries += not any(words in said for words in self.passing)
            log.warning("engine_start_failed", engine=self.name, said=said, tries=tries)
            if tries >= _HURT_TRIES or time.monotonic() > deadline:
                raise Unavailable(f"{self.name} does not start: {said}; its log is {self._log_path()}")
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)

    async def _run_until_ready(self, deadline: float) -> bool:
        """Start the process; True when it answers, False when it ended before."""
        sock = self.home / "sock"
        sock.mkdir(exist_ok=True, mode=0o700)
        self.road.give(sock)
        path = self._log_path()
        if path.exists() and path.stat().st_size > _LOG_BYTES:
            path.unlink()
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as out:
            command = self.road.plan(self.command(), self.home, signal=int(self.stop_signals[0]))
            # a session of its own: Ctrl-C in the terminal is for us, and we stop it last
            self._child = subprocess.Popen(  # noqa: S603, ASYNC220  see Road.plan: it must be this thread
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
        pause = 0.01
        while self._child.poll() is None:
            if await self.answers():
                return True
            if time.monotonic() > deadline:
                await self._end_child()
                return False
            await asyncio.sleep(pause)
            pause = min(pause * 1.3, 0.25)
        return False

    async def watch(self) -> None:
        """Start it again when it dies; take over when the owner we are attached to goes. Runs until cancelled."""
        while True:
            await asyncio.sleep(0.3)
            if self.stopping:
                continue
            if self.owner and self._child is not None and self._child.poll() is None:
                continue
            if not self.owner and not self._take_lock():
                continue
            log.warning("engine_died", engine=self.name, status=self._child.returncode if self._child else None)
            try:
                await self._start(time.monotonic() + START_S)
                log.warning("engine_is_back", engine=self.name)
            except (Unavailable, Misconfigured, OSError) as error:
                log.error("engine_stays_down", engine=self.name, error=str(error))
                await asyncio.sleep(_REST_S)

    async def close(self) -> None:
        """Stop the engine if it is ours, and let go of the folder. Attached: leave it running."""
        self.stopping = True
        if self._lock is not None:
            await self._end_child()
            os.close(self._lock)
            self._lock = None
        if self._short is not None:
            self._short.cleanup()
            self._short = None

    async def _end_child(self) -> None:
        """Ask politely, then firmly, then not at all."""
        for number in (*self.stop_signals, signal.SIGKILL):
            if self._child is None or self._child.poll() is not None:
                return
            self._child.send_signal(number)
            await until(lambda: self._child is None or self._child.poll() is not None, _STOP_S)

    # -- small things

    @property
    def pid(self) -> int | None:
        """The engine's process id, None when it is not ours."""
        return self._child.pid if self._child is not None else None

    def socket_folder(self) -> Path:
        """The folder of the socket by a name short enough for the kernel (a link in /tmp if need be)."""
        sock = self.home / "sock"
        if len(os.fsencode(sock)) + len("/.s.PGSQL.5432") <= _SOCKET_PATH_MAX:
            return sock
        if self._short is None:
            self._short = tempfile.TemporaryDirectory(prefix="sotuv-", dir="/tmp")
            (Path(self._short.name) / "s").symlink_to(sock)
        return Path(self._short.name) / "s"

    def _log_path(self) -> Path:
        return self.data_dir / f"{self.name}.log"

    def last_words(self) -> str:
        """The last line of the engine's log that says what went wrong."""
        path = self._log_path()
        if not path.exists():
            return "no log"
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 4000))
            lines = [line for line in file.read().decode(errors="replace").splitlines() if line.strip()]
        wrong = [line for line in lines if "FATAL" in line or "PANIC" in line or line.startswith("launch:")]
        return (wrong or lines or ["nothing"])[-1].strip()


async def until(done: object, timeout_s: float) -> bool:
    """Wait until `done()` is true; False when it is not after `timeout_s`."""
    assert callable(done)
    deadline = time.monotonic() + timeout_s
    while not done():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.02)
    return True
