"""Packs beside what is in view, sizes in the words of a description, prices of each, free delivery, one of several."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.text import tokens
from agent.brain_rules.told import told_at
from kit import db as database
from shop.catalogue import Product
from tests.talking import answer, shopper_of

RUG = Product(
    "S-1", "Gilamcha", 1000, "UZS", sizes=("baliq", "yulduz", "Oq saroy"),
    description="Rasmi: baliq рыбка, yulduz (звёзды), Oq saroy Ак-Сарай. Baliq yumshoq",
)  # fmt: skip
SOAP = Product("S-2", "Sovun 100 g", 9000, "UZS", title_ru="Мыло 100 г")

# ---- sizes and numbers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ("с рыбкой", "baliq"),
        ("со звёздами", "yulduz"),
        ("где ак-сарай", "Oq saroy"),
        ("мягкий", ""),
        ("с сердечком", ""),
    ],
)
def test_a_size_in_the_words_of_the_description(said: str, size: str) -> None:
    parts = tokens(said)
    assert next((one for at in range(len(parts)) if (one := told_at(parts, at, RUG))), "") == size


# ---- one of several, and several at once -----------------------------------------------------------------------------


# ---- delivery, places, people ----------------------------------------------------------------------------------------


async def test_a_word_of_the_goods_is_no_other_topic(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "oyin/first.jsonl")
    assert "faqat" in await answer(me, "futbol")
