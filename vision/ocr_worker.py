"""The reader's child process: pictures come in through a pipe, text goes out; nothing else is open to it.

    python -m vision.ocr_worker

Each message is a length of four bytes and that many bytes: a picture in, JSON out. The child ends when its pipe closes.
Its memory is bounded, so that a hostile picture takes this process down and not the shop.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import struct
import sys
from typing import Any, BinaryIO

from kit.errors import Refused

LENGTH = struct.Struct(">I")
MOST_DATA = 1_400 * 2**20  # bytes of memory; a screenshot takes 450 MB, the worst allowed picture 800
_ENOUGH = 900 * 2**20  # bytes at the peak: after such a picture this process ends and gives the memory back


def main() -> None:
    """Answers pictures until the pipe closes."""
    # libraries may print: what was standard output becomes ours alone, and theirs goes to standard error
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _end_with_parent()
    os.nice(5)  # conversations go on while a picture is read
    with contextlib.suppress(ValueError, OSError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_DATA, MOST_DATA))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would leave a receipt on the disk
    from vision.ocr import Reader  # after the limit: 0.4 s

    reader = Reader()
    while (data := _next(sys.stdin.buffer)) is not None:
        answer = json.dumps(_answer(reader, data), ensure_ascii=False).encode()
        out.write(LENGTH.pack(len(answer)) + answer)
        out.flush()
        if peak() > _ENOUGH:
            return
        _give_back()


def _give_back() -> None:
    """What the picture took goes back to the system, after its answer: between two pictures 155 MB are held instead of
    440, and sixty in a row take 495 MB at most instead of 595, for 4 % more of the processor (malloc_trim(3)).
    """
    with contextlib.suppress(AttributeError):  # glibc alone has it
        ctypes.CDLL(None).malloc_trim(0)


def peak() -> int:
    """The most memory this process has held, bytes.

    Not getrusage where Linux can be asked: its ru_maxrss outlives exec, so a child begins with its parent's peak
    (getrusage(2)), and one of a parent that holds a model of 1 GB would end after every picture.
    """
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # macOS: bytes


def _end_with_parent() -> None:
    """The kernel ends this process when the parent is gone, also one that was killed while a picture is read."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG


def _next(pipe: BinaryIO) -> bytes | None:
    head = pipe.read(LENGTH.size)
    return pipe.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def _answer(reader: Any, data: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = reader.read(data)
        return found
    except Refused as refused:
        return {"refused": refused.key, "facts": refused.facts}
    except Exception as error:  # the edge of a process: the parent hands the picture to a person, whatever broke
        return {"error": f"{type(error).__name__}: {error}"[:300]}


if __name__ == "__main__":
    main()
