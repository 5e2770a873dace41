"""Things listed with so many of each: a bare number at the end of one counts, as the number of its neighbour does."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.intents import met_in
from agent.brain_rules.numbers import counts_each
from agent.brain_rules.text import tokens
from kit import db as database
from tests.talking import cart_of


@pytest.mark.parametrize(
    ("said", "cart"),
    [
        ("кукуруза консервированная 12 банок и томатная паста 2", [("BZ-47", "", 12), ("BZ-51", "", 2)]),
        ("makkajo'xori konserva 12 ta, tomat pastasi 2", [("BZ-47", "", 12), ("BZ-51", "", 2)]),
        ("майонез 3 та ва брынза 2", [("BZ-39", "", 2), ("BZ-53", "", 3)]),
        ("mayonez 3 ta\nbrinza 2\ntuz 4", [("BZ-16", "", 4), ("BZ-39", "", 2), ("BZ-53", "", 3)]),
        ("3 packs of mayonnaise and brynza 2", [("BZ-39", "", 2), ("BZ-53", "", 3)]),
        ("mayonez 3 ta va un 5 kg", [("BZ-07", "", 1), ("BZ-53", "", 3)]),
    ],
)
async def test_a_list_counts_each(db: database.Tx, tmp_path: Path, said: str, cart: list[tuple[str, str, int]]) -> None:
    assert await cart_of(db, tmp_path, "bozor", said) == cart


@pytest.mark.parametrize(
    "said", ["krossovka 42", "2 ta krossovka 42", "3 ta qancha", "2 пары и кроссовки 42", "кеды 41, 42"]
)
def test_what_is_no_list(said: str) -> None:
    parts = tokens(said)
    assert not counts_each(parts, met_in(parts))
