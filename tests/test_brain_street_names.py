"""A street that is called by a colour or a taste: behind its town it is an address, whatever is sold in that colour."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of, shopper_of


@pytest.mark.parametrize(
    ("shop", "order", "said", "street"),
    [
        ("bozor", "сок персиковый 1 л 4 шт", "Ангрен, Вишнёвая 27, 94 050 83 16", "Вишнёвая 27"),
        ("bozor", "сок персиковый 1 л 4 шт", "ангрен, вишнёвая 27, 94 050 83 16", "вишнёвая 27"),
        ("libos", "джинсовую рубашку синюю XL беру одну", "94 050 83 16, Самарканд, Зелёная 5", "Зелёная 5"),
        ("dala", "ketmon bitta olaman", "Qarshi, Qizil 12, tel 94 050 83 16", "Qizil 12"),
        ("sumka", "yo'l sumkasi qora 60 l dan bitta olaman", "Buxoro\nOltin 8\n94 050 83 16", "Oltin 8"),
        ("dala", "ketmon bitta olaman", "Наманган, Красная 40, кв 2, 94 050 83 16", "Красная 40, кв 2"),
    ],
)
async def test_a_street_behind_its_town(
    db: database.Tx, tmp_path: Path, shop: str, order: str, said: str, street: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await me.say(order)
    await me.say(*said.split("\n"))
    cart = await me.play.cart()
    assert street in cart.address and cart.phone == "+998940508316"


async def test_all_at_once(db: database.Tx, tmp_path: Path) -> None:
    said = "Сок персиковый литровый 4 шт, Ангрен, Вишнёвая 27, тел 94 050 83 16"
    assert await cart_of(db, tmp_path, "bozor", said) == [("BZ-58", "shaftoli", 4)]


async def test_a_colour_of_what_is_in_view_behind_a_town_is_no_street(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "libos/first.jsonl")
    await me.say("джинсовая рубашка есть?")
    await me.say("Самарканд, синяя L одну беру")
    assert "синяя" not in (await me.play.cart()).address
