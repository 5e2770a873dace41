"""The one child process that reads receipts: started with the first picture, one picture at a time, ended when idle.

A machine of 2 GB can read one picture at a time, so there is one child a process, whoever asks. It speaks through pipes
from a thread of its own; the event loop only waits.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import structlog

from kit.errors import Refused, Unavailable
from vision.ocr_worker import LENGTH

log = structlog.get_logger(__name__)

ROOT = Path(__file__).parent.parent
LIMIT_S = 20.0  # a screenshot takes 1.5 to 3 s; what takes 20 is left to a person
IDLE_S = 300.0  # then the child ends and its 160 MB are free again
MOST_WAITING = 12  # pictures: at 3 s each the last one waits half a minute, about as long as a shopper does


class Child:
    """A child that reads pictures. `ask` blocks: call it from the one thread that belongs to it."""

    def __init__(self, limit_s: float = LIMIT_S, idle_s: float = IDLE_S) -> None:
        self.limit_s, self.idle_s = limit_s, idle_s
        self.waiting = 0
        self._closing = False
        self._process: subprocess.Popen[bytes] | None = None
        self._rest: threading.Timer | None = None
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ocr")

    async def read(self, data: bytes) -> dict[str, Any]:
        """What the child says about `data` (vision.ocr.Reader.read). Raises Refused `picture.*`, Unavailable."""
        if self.waiting >= MOST_WAITING:
            raise Unavailable("receipt reader: too many pictures wait", retry_after=30.0)
        self.waiting += 1
        try:
            answer = await asyncio.get_running_loop().run_in_executor(self._thread, self.ask, data)
        finally:
            self.waiting -= 1
        if "refused" in answer:
            raise Refused(answer["refused"], **answer["facts"])
        if "error" in answer:
            raise Unavailable(f"receipt reader: {answer['error']}")
        return answer

    def ask(self, data: bytes) -> dict[str, Any]:
        """One question to the child, which is started if need be. Raises Unavailable when it dies or takes too long."""
        with self._lock:
            if self._rest:
                self._rest.cancel()
            waited = self.pid is not None
            answer = self._answer(data)
            if answer is None and waited and not self._closing:
                # it may have ended while it waited (after a large picture it gives its memory back)
                answer = self._answer(data)
            if answer is None:
                raise Unavailable("receipt reader: it gave up on this picture")
            self._rest = threading.Timer(self.idle_s, self._idle)
            self._rest.daemon = True
            self._rest.start()
            return answer

    def _answer(self, data: bytes) -> dict[str, Any] | None:
        """The child's answer, None when it ended instead. Raises Unavailable after `limit_s`."""
        process = self._alive()
        slow = threading.Event()

        def end() -> None:
            slow.set()
            _kill(process)

        late = threading.Timer(self.limit_s, end)
        late.daemon = True
        late.start()
        try:
            return _exchange(process, data)
        except OSError as broken:
            self._end()
            if slow.is_set():
                log.warning("receipt_reader_too_slow", seconds=self.limit_s)
                raise Unavailable("receipt reader: this picture takes too long") from broken
            log.warning("receipt_reader_ended", status=process.returncode)
            return None
        finally:
            late.cancel()

    def close(self) -> None:
        """End the child, also while it reads; the next picture starts another."""
        process, self._closing = self._process, True
        if process is not None:
            _kill(process)
        with self._lock:
            self._end()
            self._closing = False

    def _idle(self) -> None:
        """End it, unless a picture came just now."""
        if self._lock.acquire(blocking=False):
            self._end()
            self._lock.release()

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is none."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    def _alive(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "vision.ocr_worker"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    cwd=ROOT,
                    env={**_settings(), "PYTHONPATH": str(ROOT)},
                    start_new_session=True,  # Ctrl-C is for us; and its tesseract can be ended with it
                )
            except OSError as error:
                raise Unavailable(f"receipt reader: cannot start ({error.strerror})") from error
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        _kill(process)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                try:
                    pipe.close()
                except BrokenPipeError:
                    log.debug("the reader's pipe was broken")


def _exchange(process: subprocess.Popen[bytes], data: bytes) -> dict[str, Any]:
    """Send a picture, take the answer. Raises OSError when the pipe breaks."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(LENGTH.pack(len(data)) + data)
    process.stdin.flush()
    head = process.stdout.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise BrokenPipeError("no answer")
    body = process.stdout.read(LENGTH.unpack(head)[0])
    try:
        answer: dict[str, Any] = json.loads(body)
    except ValueError as half:
        raise BrokenPipeError("half an answer") from half
    return answer


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The child and what it started."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _settings() -> dict[str, str]:
    """The environment without our secrets: the child reads strangers' files and needs none of them."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SOTUV_")}


@cache
def the_child() -> Child:
    """The child of this process; it ends with it."""
    child = Child()
    atexit.register(child.close)
    return child
