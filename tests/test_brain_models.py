"""Goods that come for models (cases, glasses): the model is a size, tells products apart, and may be one we lack."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules import sizes
from agent.brain_rules.text import tokens
from kit import db as database
from shop.catalogue import read_rows
from shop.search import Search
from tests import talk
from tests.talking import shopper

HOME = talk.HERE / "dialogues" / "qarshi"
GOODS = Search([row.product for row in read_rows(HOME / "catalog.csv")[0]])
MODELS = ["iPhone 11", "iPhone 13", "Redmi Note 12", "Samsung A15", "Samsung A35"]


def plain(said: str) -> str:
    """With ordinary spaces: sums are said with hard ones."""
    return said.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ("айфон 13", "iPhone 13"),
        ("13 ayfonga", "iPhone 13"),
        ("а15 учун", "Samsung A15"),
        ("samsung a35 ga", "Samsung A35"),
        ("note 12", "Redmi Note 12"),
        ("redmi not 12", "Redmi Note 12"),
        ("iphone", ""),
        ("12", ""),
    ],
)
def test_a_model_in_the_words_of_shoppers(said: str, size: str) -> None:
    assert sizes.written_at(tokens(said), 0, MODELS)[0] == size


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("iphone 14 ga", "iphone 14"),
        ("айфон 13 про макс бор", "айфон 13 про макс"),
        ("13 pro айфон", "13 pro айфон"),
        ("redmi note 12 pro", "redmi note 12 pro"),
        ("samsung a55", "samsung a 55"),
        ("iphone 13", ""),
        ("13 айфон", ""),
        ("2 iphone 13", ""),
        ("iphone 13 2 ta", ""),
        ("2 ta chexol", ""),
    ],
)
def test_a_model_the_shop_has_nothing_for(said: str, other: str) -> None:
    assert sizes.other_model(tokens(said), 0, MODELS)[0] == other


def test_one_number_beside_two_models_of_it_is_no_size() -> None:
    assert sizes.of_number(11, MODELS, {}) == "iPhone 11"
    assert sizes.of_number(11, [*MODELS, "Redmi Note 11"], {}) == ""


@pytest.mark.parametrize(
    ("said", "first"),
    [("чехол на айфон 15", "QG-01"), ("стекло на самсунг", "QG-02")],
)
def test_what_is_made_for_the_model_comes_first(said: str, first: str) -> None:
    hits = GOODS.find(said)
    assert hits[0].sku == first
    assert not any("айфон" in said[a:b] for a, b in hits[0].spans)  # left to be read as size


def test_a_unit_beside_a_number_names_nothing() -> None:
    assert GOODS.find("33 вт") == []
    assert GOODS.find("quvvat 5 w") == GOODS.find("quvvat 5")


async def test_much_in_one_breath(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        said = await me.say("чехол силикон на 13 айфон розовый, стекло на 13 айфон и кубик 25 вт, всего по две штуки")
        assert "Силиконовый чехол (iPhone 13, розовый) × 2" in said
        assert "Защитное стекло 9H (iPhone 13) × 2" in said
        assert "(25 W) × 2" in said


async def test_of_goods_alike_the_one_that_comes_for_the_model_is_meant(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        said = await me.say("redmi note 13 uchun gʻilof bormi")
        assert "Kitobcha" in said and "Silikon" not in said


async def test_a_model_that_is_missing_and_a_thing_that_is_not_sold(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        assert "iphone 14 pro" in await me.say("iphone 14 pro ga silikon chexol bormi")
        said = await me.say("simli quloqchin 3.5 lik bitta, dazmol bitta, otg perexodnik bitta")
        assert "dazmol" in said and "Simli quloqchin" in said and "OTG" in said


async def test_a_question_beside_the_price_is_answered_too(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        said = await me.say("bluetooth kolonka qora nechpul, garantiyasi bormi?")
        assert "230 000" in plain(said) and "3 oy kafolat" in said


async def test_prices_for_many_are_told_where_one_asks_for_them(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        said = await me.say("стекло на айфон 13 если взять 6 штук, оптом дешевле?")
        assert "28 000" in plain(said) and "не торгуемся" not in said


async def test_a_phone_and_an_address_do_not_make_a_letter_of_an_order(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        said = await me.say(
            "hi, i need 3 things: white 20000 power bank, 33w charging block and a 1m lightning cable, one of each. "
            "my number is 94 028 57 71, Tashkent, Yunusabad district, Amir Temur street house 12, entrance 4, apt 51."
        )
        assert "409 000" in plain(said) and "(33 W)" in said and "(1 m)" in said and "apt 51" in said
