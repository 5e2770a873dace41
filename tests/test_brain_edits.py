"""Adding, changing and taking out, in the cart and after the order: it is done, not answered with prices."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kit import db as database
from tests import talk
from tests.talking import Shopper, shopper, to_summary


@pytest.fixture
async def me(db: database.Tx, tmp_path: Path) -> AsyncIterator[Shopper]:
    async with shopper(db, tmp_path) as made:
        yield made


@pytest.fixture
async def home(db: database.Tx, tmp_path: Path) -> AsyncIterator[Shopper]:
    """A shopper of the shop for the home."""
    async with shopper(db, tmp_path, folder=talk.folder_of("baxt/dialogues.jsonl")) as made:
        yield made


async def lines(me: Shopper) -> dict[str, int]:
    return {line.sku: line.qty for line in (await me.play.cart()).lines}


ADDED = [
    "also 3 kettles",
    "3 more kettles please",
    "and 3 kettles too",
    "ещё 3 чайника",
    "3 чайника тоже",
    "чайника ещё добавьте 3 штуки",
    "yana 3 ta choynak",
    "choynak ham qo'shing 3 ta",
    "яна 3 та чойнак",
]


@pytest.mark.parametrize("said", ADDED)
async def test_one_thing_more_goes_into_the_cart(home: Shopper, said: str) -> None:
    await home.say("konstruktor olaman")
    await home.say(said)
    assert await lines(home) == {"BB-06": 1, "BB-18": 3}


@pytest.mark.parametrize("said", ADDED)
async def test_one_thing_more_goes_into_the_placed_order(home: Shopper, said: str) -> None:
    await home.say("konstruktor olaman")
    await home.say("90 123 45 67, Samarqand, Registon ko'chasi 5-uy")
    await home.say("ha")
    assert "№1" in await home.say(said)
    await home.say("ha")
    (order,) = await home.orders()
    assert {item["sku"]: item["qty"] for item in order["items"]} == {"BB-06": 1, "BB-18": 3}


TAKEN = [
    "remove the kettle",
    "no kettle, just the constructor set",
    "take out the kettle please",
    "forget the kettle",
    "чайник уберите",
    "чайник не надо",
    "без чайника",
    "не чайник, только конструктор",
    "choynak kerak emas",
    "choynakni olib tashlang",
    "faqat konstruktor kerak",
    "чойнак керак эмас",
]


@pytest.mark.parametrize("said", TAKEN)
async def test_what_is_not_wanted_leaves_the_cart(home: Shopper, said: str) -> None:
    await home.say("konstruktor va choynak olaman")
    assert await lines(home) == {"BB-06": 1, "BB-18": 1}
    await home.say(said)
    assert await lines(home) == {"BB-06": 1}


@pytest.mark.parametrize("said", TAKEN)
async def test_what_is_not_wanted_leaves_the_placed_order(home: Shopper, said: str) -> None:
    await home.say("konstruktor va choynak olaman")
    await home.say("90 123 45 67, Samarqand, Registon ko'chasi 5-uy")
    await home.say("ha")
    assert "№1" in await home.say(said)
    await home.say("ha")
    (order,) = await home.orders()
    assert [item["sku"] for item in order["items"]] == ["BB-06"]


@pytest.mark.parametrize(
    ("said", "price"),
    [
        ("do you also have backpacks?", "229"),
        ("рюкзаки тоже есть?", "229"),
        ("ryukzak ham bormi", "229"),
        ("is the backpack also black?", "229"),
    ],
)
async def test_a_question_about_another_thing_adds_nothing(me: Shopper, said: str, price: str) -> None:
    await me.say("qora kepka bitta olaman")
    assert price in await me.say(said)
    assert await lines(me) == {"LS-502": 1}


async def test_what_was_not_there_is_said(me: Shopper) -> None:
    await me.say("qora kepka bitta olaman")
    assert "not in the order" in await me.say("remove the backpack")
    assert "в заказе этого нет" in await me.say("рюкзак уберите")
    assert await lines(me) == {"LS-502": 1}


async def test_what_was_offered_is_bought_with_what_is_added(me: Shopper) -> None:
    await me.say("how much is the black cap?")
    await me.say("also a burgundy scarf")
    assert await lines(me) == {"LS-502": 1, "LS-504": 1}


async def test_a_colour_answered_beside_one_more_thing_is_of_what_was_asked(me: Shopper) -> None:
    await me.say("do you have a scarf?")
    await me.say("one burgundy, and also a backpack, black")
    cart = await me.play.cart()
    assert {(line.sku, line.variant) for line in cart.lines} == {("LS-504", "bordo"), ("LS-506", "qora")}


@pytest.mark.parametrize("said", ["black cap please", "чёрную кепку, пожалуйста", "iltimos qora kepka"])
async def test_a_polite_wish_is_an_order(me: Shopper, said: str) -> None:
    await me.say(said)
    assert await lines(me) == {"LS-502": 1}


async def test_a_price_after_the_order_offers_to_add_it(me: Shopper) -> None:
    await to_summary(me)
    await me.say("ha")
    assert "№1" in await me.say("bordo sharf qancha turadi")
    assert "Sharf" in await me.say("ha")
    await me.say("ha")
    (order,) = await me.orders()
    assert {item["sku"] for item in order["items"]} == {"LS-502", "LS-504"}


async def test_the_last_thing_taken_out_of_an_order_asks_whether_to_cancel(me: Shopper) -> None:
    await to_summary(me)
    await me.say("ha")
    assert "?" in await me.say("kepka kerak emas")
    await me.say("ha")
    (order,) = await me.orders()
    assert order["status"] == "cancelled"
