"""A thing asked for a product that the shop sells too is meant itself, though the other's whole title is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import answer, shopper_of


@pytest.mark.parametrize(
    ("said", "sum_of"),
    [
        ("Батарея на DJI Mini 4 Pro оригинальная какая цена?", "950 000"),
        ("battery for DJI Mini 4 Pro, how much?", "950 000"),
        ("цена на DJI Mini 4 Pro какая?", "10 900 000"),
    ],
)
async def test_what_is_for_a_title(db: database.Tx, tmp_path: Path, said: str, sum_of: str) -> None:
    me = await shopper_of(db, tmp_path, "dron/first.jsonl")
    assert f"— {sum_of}" in await answer(me, said)
