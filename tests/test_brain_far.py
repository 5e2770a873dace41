"""Where the shop does not deliver: told so, and no order is summed up for there."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import answer, in_cart, shopper_of


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Qarshiga yuborasizlarmi", "yetkazib bermaymiz"),
        ("в Термез можно?", "Туда доставки нет"),
        ("do you ship to Nukus?", "do not deliver there"),
    ],
)
async def test_asked(db: database.Tx, tmp_path: Path, said: str, told: str) -> None:
    assert told in await answer(await shopper_of(db, tmp_path, "muz/first.jsonl"), said)


async def test_ordered_to(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "muz/first.jsonl")
    await me.say("somsa tovuqli 2 ta")
    told = await answer(me, "Qarshi shahri, Mustaqillik 14, 90 012 34 56")
    assert "yetkazib bermaymiz" in told and "oʻtkazilmaydi" not in told
    assert await in_cart(me) == [("MZ-13", "", 2)]
    told = await answer(me, "unda Chirchiq, Navoiy ko'chasi 5")
    assert "132 000" in told


@pytest.mark.parametrize("said", ["do you ship to Germany?", "Rossiyaga yuborasizlarmi?", "в Казахстан отправляете?"])
async def test_abroad(db: database.Tx, tmp_path: Path, said: str) -> None:
    told = await answer(await shopper_of(db, tmp_path, "milliy/first.jsonl"), said)
    assert any(one in told for one in ("do not deliver there", "yetkazib bermaymiz", "Туда доставки нет", "только по"))


async def test_so_many_to_a_town(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "choy/first.jsonl")
    for text in ("горный мёд килограммовый сколько стоит", "три банки в Ташкент, Чиланзар 7 квартал, дом 22"):
        await me.say(text)
    assert await in_cart(me) == [("CY-20", "", 3)]
    assert "банки" not in (await me.play.cart()).address


async def test_added_to_the_order_that_was_placed(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "milliy/first.jsonl")
    for text in ("adras ko'ylak uzun 46 qizil bitta olaman", "Marg'ilon, Turkiston 5, 90 012 34 56", "ha"):
        await me.say(text)
    await me.say("yana adras sharfdan ko'kini bitta qo'shvoring shu zakazimga, sharf nechpul edi")
    assert sorted(await in_cart(me)) == [("ML-18", "46/qizil", 1), ("ML-36", "ko'k", 1)]
