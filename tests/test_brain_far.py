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
