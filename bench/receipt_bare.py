"""The two engines alone, as they come out of their packages: what `bench.receipts` is held beside.

Their text goes line by line through the same rules (`vision.receipt_fields.parse_lines`), so that what differs is the
reading: no layout, no second engine, no preparation of the picture.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vision import receipt_look
from vision.image import open_safe
from vision.receipt import Reading
from vision.receipt_fields import parse_lines


@cache
def _rapid() -> Any:
    import rapidocr

    return rapidocr.RapidOCR(params={"Global.log_level": "critical"})


def rapidocr_alone(data: bytes) -> tuple[Reading, float]:
    """What rapidocr with its defaults reads, and the milliseconds it took."""
    array = np.ascontiguousarray(open_safe(data).array[..., ::-1])
    _rapid()
    began = time.perf_counter()
    found = _rapid()(array)
    took = 1000 * (time.perf_counter() - began)
    return parse_lines(list(found.txts or ())), took


def tesseract_alone(data: bytes) -> tuple[Reading, float]:
    """What tesseract with its defaults and four languages reads, and the milliseconds it took."""
    packed = cv2.imencode(".png", np.ascontiguousarray(open_safe(data).array[..., ::-1]))[1].tobytes()
    began = time.perf_counter()
    done = subprocess.run(
        ["tesseract", "stdin", "stdout", "-l", "rus+uzb+uzb_cyrl+eng"], input=packed, capture_output=True, check=True
    )
    took = 1000 * (time.perf_counter() - began)
    return parse_lines(done.stdout.decode("utf-8", "replace").splitlines()), took


def has_tesseract() -> bool:
    """Whether this machine has it."""
    return shutil.which("tesseract") is not None


class Watch:
    """The most memory that a process and its children hold together, MB, looked at 20 times a second.

    Resident memory: libraries they share count for each. What the process held between two looks counts too, by its own
    high-water mark.
    """

    def __init__(self, pid: Any) -> None:
        self._pid, self._stop, self.peak_mb = pid, threading.Event(), 0.0
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(0.05):
            pid = self._pid()
            if pid:
                self.peak_mb = max(self.peak_mb, held_mb(pid))


def held_mb(pid: int, *, peak: bool = True) -> float:
    """What a process and its children hold now, with `peak` what the process alone held at most if that is more; MB.

    A child that has not begun its own program yet is the same memory once more (vfork(2)): it is not counted.
    """
    own = _program(pid)
    children = sum(_held(one, "VmRSS:") for one in _children(pid) if _program(one) not in ("", own))
    return max(_held(pid, "VmRSS:") + children, _held(pid, "VmHWM:") if peak else 0) / 1024


def _children(pid: int) -> list[int]:
    try:
        said = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(one) for one in said.split()]


def _program(pid: int) -> str:
    """Which file the process runs; "" when it is gone."""
    try:
        return os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return ""


def _held(pid: int, name: str) -> int:
    """A line of the process's memory, kB; 0 for a process that is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith(name)), 0)


def likeness(data: bytes) -> float:
    """vision.receipt_look of a picture's bytes."""
    return receipt_look.likeness(open_safe(data).array)
