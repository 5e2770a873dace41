"""Sealing what must not lie open in the database: AES-256-GCM, each text bound to what it is for.

The key is a file in the data folder, made at the first need. A sealed text moved to another row does not open:
the context (shop, table, row) is part of the seal. Nothing is opened but by an explicit `open`.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from kit.errors import Misconfigured

_VERSION = b"\x01"  # the first byte of a seal: another cipher or key file gets another number
_NONCE = 12
_KEY = 32


class Box:
    """Seals and opens with the key in `key_path`."""

    def __init__(self, key_path: Path) -> None:
        self._path = key_path
        self._key = b""

    def seal(self, text: str, context: str) -> bytes:
        """`text`, unreadable without the key and bound to `context`."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE)
        return _VERSION + nonce + AESGCM(self._load()).encrypt(nonce, text.encode(), context.encode())

    def open(self, sealed: bytes, context: str) -> str:
        """What was sealed for this `context`. Raises Misconfigured when the key or the context is another one."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        head, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            if head != _VERSION:
                raise InvalidTag
            return AESGCM(self._load()).decrypt(nonce, body, context.encode()).decode()
        except InvalidTag:
            raise Misconfigured(
                f"data_dir: {self._path} is not the key that sealed this; put back the file from the backup"
            ) from None

    def _load(self) -> bytes:
        if not self._key:
            self._key = self._read() or self._make()
        return self._key

    def _read(self) -> bytes:
        try:
            key = self._path.read_bytes()
        except FileNotFoundError:
            return b""
        if len(key) != _KEY:
            raise Misconfigured(f"data_dir: {self._path} is damaged; put back the file from the backup")
        return key

    def _make(self) -> bytes:
        """A new key on the disk. Of two processes at once one makes it and both use it."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self._path.with_name(f"{self._path.name}.{secrets.token_hex(4)}")
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(_KEY))
                file.flush()
                os.fsync(file.fileno())
            os.link(new, self._path)  # unlike a rename it fails when another was quicker
        except FileExistsError:
            pass
        finally:
            new.unlink(missing_ok=True)
        return self._read()
