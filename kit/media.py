"""Pictures and files on disk, named by what they contain: `<sha256>.<suffix>`.

A client's file name never reaches the disk, the same bytes are kept once, and a name that is not ours opens nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,5}")
_SUFFIX = re.compile(r"[a-z0-9]{1,5}")


class Store:
    """A folder of content-addressed files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes, suffix: str = "jpg") -> str:
        """Keep `data`; its name. The file is on disk (fsync) before the name is known to anybody."""
        suffix = suffix.lower().lstrip(".")
        if not _SUFFIX.fullmatch(suffix):
            raise ValueError("a suffix is one to five letters or digits")
        name = f"{hashlib.sha256(data).hexdigest()}.{suffix}"
        path = self.path(name)
        if path.exists():
            os.utime(path)  # wanted anew: `sweep` looks at the time
            return name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent)  # 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return name

    async def keep(self, data: bytes, suffix: str = "jpg") -> str:
        """As `put`, off the event loop: a picture's fsync takes 3 to 20 ms, on a busy disk ten times that."""
        return await asyncio.to_thread(self.put, data, suffix)

    def path(self, name: str) -> Path:
        """Where `name` lies. Raises FileNotFoundError for a name this store cannot have made."""
        if not _NAME.fullmatch(name):
            raise FileNotFoundError("not a name of the media store")
        return self.folder / name[:2] / name  # 256 folders: a folder of a million files is slow to list

    def read(self, name: str) -> bytes:
        """The bytes of `name`. Raises FileNotFoundError."""
        return self.path(name).read_bytes()

    def drop(self, name: str) -> None:
        """Forget `name` (erasure, retention). Not there is fine."""
        self.path(name).unlink(missing_ok=True)

    def older(self, before: float) -> list[str]:
        """Names of the files that were last put before `before` (seconds since 1970)."""
        folders = [folder for folder in self.folder.iterdir() if folder.is_dir()] if self.folder.is_dir() else []
        return [
            entry.name
            for folder in folders
            for entry in os.scandir(folder)
            if _NAME.fullmatch(entry.name) and entry.stat().st_mtime < before
        ]

    def sweep(self, names: Iterable[str], before: float) -> int:
        """Forget those of `names` that nobody has put again since `before`; how many there were."""
        gone = 0
        for name in names:
            path = self.path(name)
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()
                    gone += 1
        return gone
