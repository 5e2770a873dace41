"""Letters in titles, a list chosen from beside another thing, and an address that goes on inside the house."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import answer, in_cart, shopper_of

SHOP = "sayohat/first.jsonl"


@pytest.mark.parametrize(
    ("said", "sku"),
    [
        ("plastik travel L qorasidan bitta", "SH-03"),
        ("чемодан Travel S чёрный, один", "SH-01"),
        ("one black Travel M suitcase please", "SH-02"),
    ],
)
async def test_the_letter_of_a_title_tells_which(db: database.Tx, tmp_path: Path, said: str, sku: str) -> None:
    me = await shopper_of(db, tmp_path, SHOP)
    await answer(me, "23 kilo yukka chemodanni qaysi o'lchami to'g'ri keladi")
    await answer(me, said)
    assert await in_cart(me) == [(sku, "qora", 1)]


async def test_another_letter_of_the_kind_in_view(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, SHOP)
    await answer(me, "Travel chemodanni M qorasi bormi")
    await answer(me, "S da qorasi bo'lsa o'shani beraqoling bitta")
    assert await in_cart(me) == [("SH-01", "qora", 1)]


@pytest.mark.parametrize(
    "said",
    [
        "two of the winter ones in black and a tent for 2 people, green",
        "зимних чёрных два и палатку на 2 человека зелёную",
    ],
)
async def test_a_choice_of_the_list_beside_another_thing(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, SHOP)
    await answer(me, "which sleeping bags do you have?")
    await answer(me, said)
    assert sorted(await in_cart(me)) == [("SH-20", "yashil", 1), ("SH-24", "qora", 2)]


@pytest.mark.parametrize("more", ["второй подъезд, кв 31", "31-xonadon, 4-qavat", "flat 31, entrance 2"])
async def test_what_is_inside_the_house_is_added_to_the_address(db: database.Tx, tmp_path: Path, more: str) -> None:
    me = await shopper_of(db, tmp_path, SHOP)
    await answer(me, "решётка для барбекю большая, две, 95 061 08 72")
    await answer(me, "Термез")
    await answer(me, "Заречная 15")
    assert f"Заречная 15, {more}" in await answer(me, more)


async def test_one_of_two_that_were_asked_about_is_taken_alone(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, SHOP)
    await answer(me, "portativ gaz plita bormi sizlarda, baloni ichida keladimi")
    await answer(me, "1 ta plita olaman, Termiz Yangiobod dahasi 5-dom 12-xonadon, 91 066 08 31")
    assert await in_cart(me) == [("SH-35", "", 1)]
