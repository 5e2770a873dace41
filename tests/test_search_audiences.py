"""Words that only sound like men, women and boys with another ending are for nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from shop.search.units import units_of
from tests.talking import said_in


@pytest.mark.parametrize(
    "said", ["синего", "парные", "bo'lak", "bo'yicha", "ладони", "малый", "малая", "бойлы", "boyli"]
)
def test_these_are_for_nobody(said: str) -> None:
    assert not any(unit.kind == "audience" for unit in units_of(said))


@pytest.mark.parametrize(
    ("said", "whose"),
    [
        ("boy's", "boys"),
        ("for a boy", "boys"),
        ("сыну", "boys"),
        ("bolakayga", "boys"),
        ("ladies", "women"),
        ("lady's", "women"),
        ("male", "men"),
        ("парню", "men"),
        ("babies", "babies"),
        ("qizlarniki", "girls"),
        ("erkaklarga", "men"),
        ("женские", "women"),
    ],
)
def test_these_are_for_somebody(said: str, whose: str) -> None:
    assert any(whose in unit.concepts for unit in units_of(said))


@pytest.mark.parametrize(
    ("said", "told"),
    [("бойлы с клубникой сколько стоят", "Бойлы"), ("boyli bormi", "Boyli"), ("бойли борми", "Boyli")],
)
async def test_what_is_sold_is_found(db: database.Tx, tmp_path: Path, said: str, told: str) -> None:
    assert told in (await said_in(db, tmp_path, "qarmoq", said))[0]
