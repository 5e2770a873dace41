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


@pytest.mark.parametrize(
    ("shop", "asked", "said", "kept", "address"),
    [
        (
            "suv", "фильтр на душ почем", "хромированных 2. Нукус, Досназарова 16, кв 30. 91 057 29 64",
            ("SU-35", "xrom", 2), "Нукус, Досназарова 16, кв 30",
        ),
        (
            "kofe", "how much is the cappuccino cup", "black ones 3. Samarkand, Registan street 12. 90 765 43 21",
            ("KF-37", "qora", 3), "Samarkand, Registan street 12",
        ),
        (
            "libos", "бабочка сколько стоит", "бордовых 4. Бухара, Навои 12, кв 5. 90 222 33 44",
            ("MD-25", "bordo", 4), "Бухара, Навои 12, кв 5",
        ),
        (
            "sport", "voleybol to'pi qancha", "unda uchta. Qarshi, Mustaqillik ko'chasi 44, 93 222 11 00",
            ("SP-17", "", 3), "Qarshi, Mustaqillik ko'chasi 44",
        ),
        (
            "telefon", "повербанк 20000 борми", "қораларидан 2. Тошкент, Юнусобод 4-квартал 12-уй, 91 234 56 78",
            ("TF-37", "qora", 2), "Тошкент, Юнусобод 4-квартал 12-уй",
        ),
    ],
)  # fmt: skip
async def test_a_count_ahead_of_an_address(
    db: database.Tx, tmp_path: Path, shop: str, asked: str, said: str, kept: tuple[str, str, int], address: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, asked)
    await answer(me, said)
    assert await in_cart(me) == [kept]
    assert (await me.play.cart()).address == address
