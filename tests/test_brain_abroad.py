"""Questions by the order of words, one thing more, so many of them, second lists and what is not sold here."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.intents import asks_in_order, met_in, wants_of
from agent.brain_rules.text import tokens
from kit import db as database
from orders.cart.address import grade
from tests.talking import answer, cart_of, in_cart, shopper_of

# ---- how many ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "line"),
    [
        ("kofe", ["black cappuccino cups x3"], ("KF-37", "qora", 3)),
        ("kofe", ["2x white espresso cups please"], ("KF-36", "oq", 2)),
        ("chiroq", ["розетка двойная", "беж 7"], ("YG-32", "bej", 7)),
        ("kofe", ["espresso chashka bormi", "oq 6"], ("KF-36", "oq", 6)),
        ("dala", ["семена базилика чёрный, 3 пакетика"], ("DL-03", "qora", 3)),
    ],
)
async def test_so_many_of_them(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], line: tuple[str, str, int]
) -> None:
    assert await cart_of(db, tmp_path, shop, *said) == [line]


async def test_empty_is_no_pink(db: database.Tx, tmp_path: Path) -> None:
    assert await cart_of(db, tmp_path, "kitob", "пенал пустой? беру зелёный") == [("KT-14", "yashil", 1)]


# ---- one thing more --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "lines"),
    [
        ("kofe", ["matcha", "and a french press 350 ml"], ["KF-19", "KF-27"]),
        ("dala", ["ketmon", "va belkurak"], ["DL-21", "DL-22"]),
        ("dala", ["грабли", "и секатор"], ["DL-23", "DL-24"]),
    ],
)
async def test_and_another_thing_is_taken_with_what_was_offered(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], lines: list[str]
) -> None:
    assert [sku for sku, _, _ in await cart_of(db, tmp_path, shop, *said)] == lines


async def test_asked_about_with_and_it_is_not_taken(db: database.Tx, tmp_path: Path) -> None:
    assert await cart_of(db, tmp_path, "dala", "ketmon", "va belkurak bormi") == []


async def test_the_second_list_comes_after_the_first(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "ovchi/first.jsonl")
    assert "Chodir" in await answer(me, "need a tent and a sleeping bag")
    assert "uyqu qopi" in await answer(me, "the 2 person one, green")


async def test_more_of_what_a_thing_comes_with(db: database.Tx, tmp_path: Path) -> None:
    cart = await cart_of(db, tmp_path, "salomat", "беру глюкометр", "и ещё полоски")
    assert [sku for sku, _, _ in cart] == ["SM-17", "SM-18"]


async def test_what_it_is_for_is_no_second_thing(db: database.Tx, tmp_path: Path) -> None:
    assert await cart_of(db, tmp_path, "chiroq", "30 metres of the cable for sockets") == [("YG-39", "", 30)]


# ---- what is asked ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "asks"),
    [("does it leak", True), ("how heavy are they", True), ("are these washable", True), ("do 2 of them", False)],
)
def test_an_english_question_needs_no_mark(said: str, asks: bool) -> None:
    assert asks_in_order(tokens(said)) is asks


async def test_what_is_asked_of_a_list_is_told_of_each(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "ovchi/first.jsonl")
    await answer(me, "what tents do you have")
    told = await answer(me, "how heavy are they")
    assert "2,4 kg" in told and "5,8 kg" in told


async def test_an_offer_stands_after_a_question(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    for said in ("do you have decaf", "is it ground or beans", "2 of these and a french press 350 ml"):
        await answer(me, said)
    assert sorted(await in_cart(me)) == [("KF-06", "", 2), ("KF-27", "", 1)]


async def test_asked_amid_the_order(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    await answer(me, "one electric grinder please")
    assert "200 Vt" in await answer(me, "is it loud")


@pytest.mark.parametrize("said", ["do you sell laptops?", "а пельмени продаете?"])
async def test_what_is_not_sold_is_not_the_thing_in_view(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    await answer(me, "matcha")
    assert "165 000" not in await answer(me, said)


async def test_a_colour_none_of_the_list_has(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "sumka/first.jsonl")
    await answer(me, "i need a suitcase")
    assert "purple" in await answer(me, "the purple one")


async def test_an_invoice_is_for_a_person(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    await answer(me, "2 matcha please")
    assert "person" in await answer(me, "can you make an invoice for our firm?")


async def test_that_is_all_gets_a_word(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    await answer(me, "do you have french presses")
    assert await answer(me, "no, that's all")


# ---- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "meant", "not_meant"),
    [
        ("how much do i owe you", "total", "paid"),
        ("when's it coming?", "status", "order"),
        ("can you throw in a strap for free", "haggle", "free_delivery"),
        ("his 30th birthday", "gift", "thanks"),
        ("i am a total newbie", "for_whom", "total"),
        ("bulbs e14", "", "this"),
        ("a lamp for a desk", "", "and"),
    ],
)
def test_english_words(said: str, meant: str, not_meant: str) -> None:
    parts = tokens(said)
    wants = wants_of(parts, met_in(parts))
    assert not_meant not in wants and (not meant or meant in wants)


@pytest.mark.parametrize(
    ("said", "enough"),
    [("к 7 вечера на Юнусабад", "area"), ("Sergeli, after 6 pm", "area"), ("ул. Навои 5, после 18:00", "full")],
)
def test_the_hour_is_no_house(said: str, enough: str) -> None:
    assert grade(said) == enough
