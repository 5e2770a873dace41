"""Packs beside what is in view, sizes in the words of a description, prices of each, free delivery, one of several."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.intents import met_in, wants_of
from agent.brain_rules.people import name_in
from agent.brain_rules.text import tokens
from agent.brain_rules.told import told_at
from kit import db as database
from shop import regions
from shop.catalogue import Product
from tests.talking import answer, in_cart, shopper_of

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


@pytest.mark.parametrize(
    "said",
    [
        "is delivery inside Navoi free for that",
        "доставка у вас по городу бесплатная?",
        "dostavka shahar ichida tekinmi",
    ],
)
def test_free_delivery_in_other_words(said: str) -> None:
    parts = tokens(said)
    assert {"delivery", "free_delivery"} <= wants_of(parts, met_in(parts))


async def test_enough_in_the_cart_goes_for_nothing(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    told = await answer(me, "dostavka qancha turadi Toshkentga")
    assert "bepul" not in told
    await answer(me, "V60 02 qogoz filtr 15 ta olaman")
    assert "bepul" in await answer(me, "dostavka qancha turadi Toshkentga")


async def test_a_district_around_the_town(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "atir/first.jsonl")
    profile = me.play.stage.shop.profile
    town, around = (regions.region_of(profile, one) for one in ("Samarqand shahri", "Samarqand tumani"))
    assert town and around and town.key == "samarkand_city" != around.key


@pytest.mark.parametrize(
    ("said", "name"),
    [("Получать будет сестра Алёна", "Алёна"), ("забирать будет мама Валентина", "Валентина")],
)
def test_who_will_take_it(said: str, name: str) -> None:
    assert name_in(said, frozenset(), True)[0] == name


@pytest.mark.parametrize("said", ["2 packs", "1 set"])
async def test_a_count_is_no_part_of_an_address(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "oyin/first.jsonl")
    await answer(me, "domino price?")
    await answer(me, f"great, {said}. Olmazor street 6, flat 41, 88 094 02 57")
    assert [qty for _, _, qty in await in_cart(me)] == [int(said[0])]
    assert (await me.play.cart()).address.startswith("Olmazor")


async def test_a_word_of_the_goods_is_no_other_topic(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "oyin/first.jsonl")
    assert "faqat" in await answer(me, "futbol")
