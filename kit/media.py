"""Pictures and files on disk, named by what they contain: `<sha256>.<suffix>`.

A client's file name never reaches the disk, the same bytes are kept once, and a name that is not ours opens nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
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
