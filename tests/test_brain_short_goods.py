"""A thing with a name of two letters that is also a way of writing a number: it is asked for where it is sold."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of, said_in


@pytest.mark.parametrize("said", ["un bormi", "ун борми", "un kerak edi", "unlar qanaqasi bor"])
async def test_flour_is_told_where_it_is_sold(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert "Un 1-nav" in (await said_in(db, tmp_path, "bozor", said))[0]


@pytest.mark.parametrize("said", ["5 kilolik un bitta olaman", "ун 5 кг битта оламан", "bitta un 5 kg bering"])
async def test_flour_of_a_measure_is_ordered(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "bozor", said) == [("BZ-07", "", 1)]


async def test_ten_written_so_stays_a_number(db: database.Tx, tmp_path: Path) -> None:
    assert await cart_of(db, tmp_path, "bozor", "mayonez un ta olaman") == [("BZ-53", "", 10)]
