"""Behind an order: what is still owed after a receipt that fell short, and when the goods come."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit import db as database
from tests.talking import Shopper, answer, in_cart, shopper_of

_PLANT = ("Фикус Бенджамина 80 см пёстрый один беру", "Чирчик, Амира Темура 12, кв 40, тел 93 081 56 70, Игорь", "да")
_CHARGER = (
    "20w blok bilan type c lightning shnur kerak bittadan",
    "Fargona shahri Mustaqillik kochasi 112-uy, nomerim 91 045 80 23, Nodira",
    "ha",
)


async def ordered(tx: database.Tx, folder: Path, shop: str, said: tuple[str, ...]) -> Shopper:
    """A shopper who has ordered in this shop."""
    me = await shopper_of(tx, folder, f"{shop}/first.jsonl")
    for one in said:
        await answer(me, one)
    return me


def receipt(amount: int, last4: str) -> dict[str, Any]:
    """A screenshot of this much."""
    return {"amount": amount, "last4": last4, "status": "success", "app": "uzum"}


@pytest.mark.parametrize(
    "said",
    [
        "сколько ещё докинуть?",
        "сколько еще скинуть?",
        "yana qancha tashlashim kerak",
        "qancha qo'shib tashlay yana",
        "лимит был. сколько ещё должен перекинуть?",
        "не ту сумму набрал) сколько ещё отправить?",
        "kam ketibdi, yana qanchasini jo'natay?",
        "яна қанча жўнатишим керак",
        "sorry, how much more must I send?",
        "скиньте карту ещё раз, докину остаток",
        "яна қанча ташлай",
        "how much more do I need to send?",
        "how much is left to pay",
    ],
)
async def test_what_a_short_receipt_leaves(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await ordered(db, tmp_path, "osimlik", _PLANT)
    assert "не хватает 70 000" in (await me.say(receipt=receipt(20_000, "7305"))).replace("\xa0", " ")
    told = await answer(me, said)
    assert "70 000" in told and "90 000" not in told
    assert await in_cart(me) == []


async def test_two_short_receipts_leave_what_both_do(db: database.Tx, tmp_path: Path) -> None:
    me = await ordered(db, tmp_path, "osimlik", _PLANT)
    await me.say(receipt=receipt(20_000, "7305"))
    left = (await me.say(receipt=receipt(30_000, "7305"))).replace("\xa0", " ")
    told = await answer(me, "сколько осталось доплатить?")
    assert ("40 000" in left) == ("40 000" in told)


async def test_a_receipt_to_another_card_counts_nothing(db: database.Tx, tmp_path: Path) -> None:
    me = await ordered(db, tmp_path, "osimlik", _PLANT)
    await me.say(receipt=receipt(20_000, "1111"))
    assert "90 000" in await answer(me, "сколько осталось доплатить?")


async def test_one_more_is_still_one_more(db: database.Tx, tmp_path: Path) -> None:
    me = await ordered(db, tmp_path, "osimlik", _PLANT)
    await answer(me, "ещё один такой же добавьте, сколько будет?")
    assert await in_cart(me) == [("OS-02", "ola", 2)]


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("qachon keladi tovar", "1-2 kun"),
        ("қачон келади", "1-2 кун"),
        ("когда придёт мой заказ?", "1-2 дня"),
        ("when will it come?", "1-2 days"),
    ],
)
async def test_when_it_comes(db: database.Tx, tmp_path: Path, said: str, days: str) -> None:
    me = await ordered(db, tmp_path, "gilof", _CHARGER)
    await me.say(receipt=receipt(55_000, "7385"))
    told = await answer(me, said)
    assert days in told and "№1" in told


async def test_what_is_picked_up_takes_no_days(db: database.Tx, tmp_path: Path) -> None:
    said = ("20w blok bitta olaman", "o'zim olib ketaman, nomerim 91 045 80 23", "ha")
    me = await ordered(db, tmp_path, "gilof", said)
    told = await answer(me, "qachon keladi")
    assert "№1" in told and "1-2 kun" not in told


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("telefon", "Повербанк 20000 чёрный 1. Ташкент, Чиланзар 7, дом 3, 90 222 33 44. Сколько задаток?", "100 000"),
        ("idish", "cho'yan qozon 8 l bitta, Samarqand sh, Gagarin 44, 91 222 33 44. zaklad qancha?", "96 000"),
        ("libos", "black bow tie 2 pcs, Tashkent, Chilanzar 7, house 3, 90 222 33 44, how much deposit?", "50 000"),
        ("idish", "чўян қозон 8 л битта, Самарканд ш, Гагарин 44, 91 222 33 44. закладга қанча ташлай", "96 000"),
    ],
)
async def test_the_deposit_is_told_and_the_order_goes_on(
    db: database.Tx, tmp_path: Path, shop: str, said: str, told: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    assert told in await answer(me, said)
    assert await in_cart(me)


@pytest.mark.parametrize(
    "said",
    [
        "27 ming click qildim, tushdimi",
        "27 минг пеймедан қилвордим, қаранг тушганмикан",
        "закинул через клик, гляньте пришли деньги?",
        "the deposit is sent, did it come?",
    ],
)
async def test_money_said_to_be_sent_is_looked_for(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await ordered(db, tmp_path, "osimlik", _PLANT)
    told = await answer(me, said)
    assert any(word in told for word in ("чек", "chek", "receipt", "screenshot")) and "30 %" not in told
