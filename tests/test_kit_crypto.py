"""A seal opens with its key and its context, and with nothing else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kit.crypto import Box
from kit.errors import Misconfigured


def test_a_seal_opens_for_its_context(tmp_path: Path) -> None:
    box = Box(tmp_path / "secret.key")
    sealed = box.seal("8600 1234 5678 9012", "lola:cards:1")
    assert b"8600" not in sealed
    assert box.open(sealed, "lola:cards:1") == "8600 1234 5678 9012"
    assert box.seal("x", "c") != box.seal("x", "c")


def test_another_context_key_or_byte_does_not_open(tmp_path: Path) -> None:
    box = Box(tmp_path / "secret.key")
    sealed = box.seal("secret", "lola:cards:1")
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for other, text, context in (
        (box, sealed, "zara:cards:1"),
        (Box(tmp_path / "other.key"), sealed, "lola:cards:1"),
        (box, changed, "lola:cards:1"),
        (box, b"\x02" + sealed[1:], "lola:cards:1"),
    ):
        with pytest.raises(Misconfigured, match="backup"):
            other.open(text, context)


def test_the_key_is_private_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret.key"
    sealed = Box(path).seal("a", "b")
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert Box(path).open(sealed, "b") == "a"


def test_many_at_once_share_one_key(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    with ThreadPoolExecutor(8) as threads:
        seals = list(threads.map(lambda _: Box(path).seal("a", "b"), range(8)))
    assert [Box(path).open(sealed, "b") for sealed in seals] == ["a"] * 8


def test_a_damaged_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    path.write_bytes(b"short")
    with pytest.raises(Misconfigured, match="damaged"):
        Box(path).seal("a", "b")
