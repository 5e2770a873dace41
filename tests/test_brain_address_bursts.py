"""An address in pieces: whole, though one of them is called like goods; and a count ahead of it is none of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import answer, in_cart, shopper_of


@pytest.mark.parametrize(
    ("shop", "order", "pieces"),
    [
        ("mato", "adras bordo 3 metr olaman", ("fargona kuva", "gilamchi mahla", "7 uy, pardachi usta yonida")),
        ("kofe", "чашка капучино белая 2 беру", ("ташкент", "юнусабат 6", "дом 8 за магазином чая")),
        ("asal", "прополис спрей для горла 2 беру", ("чуст", "асалчилар кучаси", "12 уй, шам дукони оркасида")),
        ("libos", "black bow tie, 2 please", ("tashkent chilanzar 7", "shoe factory block", "house 3, flat 9")),
        ("idish", "cho'yan qozon 8 l bitta olaman", ("samarqand shahar", "piyola mahalla", "gagarin kochsi", "44 uy")),
    ],
)
async def test_pieces_are_one_address(
    db: database.Tx, tmp_path: Path, shop: str, order: str, pieces: tuple[str, ...]
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    for one in (order, "90 123 45 67"):
        await answer(me, one)
    held = await in_cart(me)
    await me.say(*pieces)
    cart = await me.play.cart()
    assert all(piece in cart.address for piece in pieces), cart.address
    assert len(held) == 1 and await in_cart(me) == held


async def test_goods_behind_an_address_are_no_part_of_it(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "idish/first.jsonl")
    for one in ("cho'yan qozon 8 l bitta olaman", "90 123 45 67"):
        await answer(me, one)
    await me.say("samarqand shahar gagarin 44 uy", "yana shisha banka 1 l 5 ta ham qo'shing")
    assert ("ID-33", "", 5) in await in_cart(me)
    assert "banka" not in (await me.play.cart()).address
