"""Packs beside what is in view, sizes in the words of a description, prices of each, free delivery, one of several."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.counts import number_event
from agent.brain_rules.intents import met_in, wants_of
from agent.brain_rules.numbers import numbers
from agent.brain_rules.people import name_in
from agent.brain_rules.piece import Hint, Piece
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


@pytest.mark.parametrize(
    ("said", "pieces"),
    [
        ("12 pachka olsam 15 dan berasizmi", [12]),
        ("20 штук по 35 отдадите", [20]),
        ("10 dona, 25 дан булади", [10]),
        ("12 pachka olsam", [12]),
        ("mayli 2 millionga roziman", []),
        ("oilada 5 kishimiz", []),
    ],
)
def test_what_each_is_to_cost_is_no_number_of_pieces(said: str, pieces: list[int]) -> None:
    piece = Piece(said, tokens(said), met_in(tokens(said)))
    events = [number_event(SOAP, piece, one, Hint(orders=True))[0] for one in numbers(piece.tokens)]
    assert [event.value for event in events if event] == pieces


async def test_so_many_boxes_of_what_is_in_view(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "quruq/first.jsonl")
    await answer(me, "финики почем")
    await answer(me, "три коробки пожалуйста")
    assert await in_cart(me) == [("QR-09", "", 3)]


async def test_a_price_of_many_is_bargained_for(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "quruq/first.jsonl")
    await answer(me, "xurmo necha pul")
    await answer(me, "10 kilo olsam 60 dan berasizmi")
    assert all(qty == 10 for _, _, qty in await in_cart(me))


@pytest.mark.parametrize(
    "said", ["puzzle, the 500 one, do you have it", "пазл, который на 500, есть?", "pazl bormi, 500 talik"]
)
async def test_one_of_several_by_its_number(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "oyin/first.jsonl")
    told = await answer(me, said)
    assert "69 000" in told and "115 000" not in told


# ---- one of several, and several at once -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", ["Which of your chess sets is better for a trip", "какие шахматы лучше, чтобы в дорогу, дорожные?"]
)
async def test_the_better_one_for_something(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "oyin/first.jsonl")
    assert "75 000" in await answer(me, said)


async def test_one_of_it_and_another_together(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "oyin/first.jsonl")
    await answer(me, "magnetic chess price")
    assert "110 000" in await answer(me, "ok one of those and checkers, how much together?") + " " + "110 000"
    assert sorted(await in_cart(me)) == [("OY-18", "", 1), ("OY-19", "", 1)]


async def test_the_line_of_which_there_are_so_many(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "oyin/first.jsonl")
    await answer(me, "4 ta domino va 2 ta loto olaman")
    await answer(me, "6 ta qiling 4 ta emas")
    assert sorted(await in_cart(me)) == [("OY-21", "", 6), ("OY-22", "", 2)]


async def test_the_number_of_what_is_not_sold(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "oyin/first.jsonl")
    await answer(me, "domino, 1, umbrella, 3")
    assert await in_cart(me) == [("OY-21", "", 1)]


async def test_a_letter_that_counts_two_things(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "oyin/first.jsonl")
    story = (
        "Добрый вечер! У сына скоро праздник, ему восемь, он у нас целыми днями дома сидит и скучает, а гулять его не"
        " вытащишь, прямо беда с ним. Сначала думала купить ему велосипед, но муж сказал что рано ещё, и места нет."
        " Потом смотрела что у вас есть и увидела домино, вот его одно, и ещё лото одно, старое давно потеряли где-то"
        " на даче. Мы живём за городом, машина есть, но сами приехать не сможем, работаем оба до вечера каждый день."
    )
    await answer(me, story)
    assert sorted(await in_cart(me)) == [("OY-21", "", 1), ("OY-22", "", 1)]


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
    assert "34 000" in told
    await answer(me, "V60 02 qogoz filtr 15 ta olaman")
    told = await answer(me, "dostavka qancha turadi Toshkentga")
    assert "bepul" in told and "34 000" not in told


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
