"""A town of a part of the country where the shop goes to some towns only: it is told that it does not go there."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import said_in, shopper_of


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Bekobodga dostavka bormi", "bermaymiz"),
        ("Чирчиққа олиб борасизларми", "бермаймиз"),
        ("а в Янгиюль доставляете?", "доставки нет"),
        ("do you deliver to Chirchiq?", "do not deliver"),
        ("Namanganga yuborasizlarmi", "bermaymiz"),
    ],
)
async def test_no_delivery_there(db: database.Tx, tmp_path: Path, said: str, told: str) -> None:
    assert told in (await said_in(db, tmp_path, "bozor", said))[0]


@pytest.mark.parametrize(
    ("said", "costs"),
    [
        ("Olmaliqqa olib borasizmi", "20 000"),
        ("доставка в Ахангаран?", "20 000"),
        ("Toshkentga-chi, dostavka", "35 000"),
    ],
)
async def test_delivery_to_the_towns_it_names(db: database.Tx, tmp_path: Path, said: str, costs: str) -> None:
    assert costs in (await said_in(db, tmp_path, "bozor", said))[0]


async def test_an_address_in_such_a_town_is_not_kept(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "bozor/first.jsonl")
    await me.say("moshdan 2 ta olaman")
    assert "bermaymiz" in await me.say("Chirchiq, Navoiy 5, 90 123 45 67")
    assert not (await me.play.cart()).address
