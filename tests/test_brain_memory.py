"""What people call a flash drive is a memory card where a shop sells those alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import said_in


@pytest.mark.parametrize(
    ("shop", "asked", "told"),
    [
        ("telefon", "телефонга 64 талик флешка неча пул", "75 000"),
        ("telefon", "fleshka bormi 128", "130 000"),
        ("kamera", "флешка есть?", "microSD 32"),
        ("avto", "registratorga fleshka bormi", "microSD"),
        ("komp", "fleshka bormi", "USB fleshka"),
        ("nur", "флешка есть?", "Флешка USB"),
        ("qarshi", "fleshka 64 nechpul", "75 000"),
    ],
)
async def test_a_flash_drive_or_a_memory_card(
    db: database.Tx, tmp_path: Path, shop: str, asked: str, told: str
) -> None:
    text, _ = await said_in(db, tmp_path, shop, asked)
    assert told in text
