"""Impatient shoppers: changes of mind, half words and answers beside the question. Each was met in a played talk."""

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


@pytest.mark.parametrize("said", ["manzilni o'zgartirmoqchiman", "хочу поменять адрес", "I want to change the address"])
async def test_another_address_not_said_yet_is_asked_for(me: Shopper, said: str) -> None:
    await to_summary(me)
    await me.say("ha")
    assert "?" in await me.say(said)
    assert "№1" in await me.say("Yunusobod 4-kvartal, 7-uy, 2-xonadon")


async def test_a_name_alone_is_no_branch_of_the_post(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=talk.HERE.parent / "demo") as me:
        await me.say("katak sharf olaman")
        await me.say("93 555 12 12 samarqand sh")
        await me.say("nodira")
        await me.say("bts registon filiali")
        cart = await me.play.cart()
        assert cart.name == "nodira" and cart.address == "samarqand sh, bts registon filiali"


async def test_the_word_before_a_phone_is_not_of_the_address(me: Shopper) -> None:
    await me.say("qora kepka olaman")
    await me.say("adresim yunusobod 19 kvartal 5 dom 12 xonadon tel 998331234567")
    assert (await me.play.cart()).address == "yunusobod 19 kvartal 5 dom 12 xonadon"


@pytest.mark.parametrize(
    ("asked", "chosen"), [("qizili bormi", "qizil"), ("красный есть?", "красн"), ("in red?", "red")]
)
async def test_a_colour_asked_about_is_answered_and_not_yet_bought(home: Shopper, asked: str, chosen: str) -> None:
    await home.say("velosiped bormi")
    assert chosen in await home.say(asked)
    assert (await home.play.cart()).empty


async def test_both_are_the_two_that_came_up_last(home: Shopper) -> None:
    await home.say("конструктор есть?")
    await home.say("а кукла сколько")
    await home.say("возьму обе")
    assert {line.sku for line in (await home.play.cart()).lines} == {"BB-05", "BB-06"}


@pytest.mark.parametrize("said", ["1 cap only", "только одну кепку", "faqat 1 ta kepka"])
async def test_only_one_of_a_thing_takes_nothing_else_out(me: Shopper, said: str) -> None:
    await me.say("qora kepka 2 ta va bordo sharf olaman")
    await me.say(said)
    assert {line.sku: line.qty for line in (await me.play.cart()).lines} == {"LS-502": 1, "LS-504": 1}


async def test_what_is_kept_meanwhile_is_said(home: Shopper) -> None:
    await home.say("velosiped olaman")
    assert "Yozib oldim" in await home.say("Samarqand shahar, Dagbitskaya 45, 91 555 44 33")


async def test_a_change_of_one_line_is_shown_while_another_is_open(me: Shopper) -> None:
    await me.say("klassik shim 48 qora olaman")
    await me.say("paypoq ham qo'shing")
    assert "50" in await me.say("klassik shim 50 bo'lsin")


async def test_an_emptied_cart_asks_what_else(me: Shopper) -> None:
    await me.say("qora kepka olaman")
    assert "?" in await me.say("kepka kerak emas")


async def test_a_cancelled_order_leaves_nothing_in_the_next_cart(me: Shopper) -> None:
    await to_summary(me)
    await me.say("ha")
    await me.say("kepka kerak emas")
    await me.say("ha")
    cart = await me.play.cart()
    assert (cart.number, cart.agreed, cart.declined) == (None, {}, set())


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("hi do u have hoodies", "219"),
        ("hello, need a gift for my mom, a bag maybe", "259"),
        ("got any backpacks?", "229"),
        ("whats the price of the scarf", "89"),
    ],
)
async def test_english_as_it_is_typed(me: Shopper, said: str, found: str) -> None:
    assert found in await me.say(said)


async def test_what_a_thing_is_for_is_not_bought(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=talk.HERE.parent / "demo") as me:
        await me.say("hello, need a gift for my mom, a bag maybe")
        assert (await me.play.cart()).empty and "399" in "".join(me.messages)


async def test_paid_is_no_question_about_paying(me: Shopper) -> None:
    await to_summary(me)
    await me.say("да")
    assert "Click" not in await me.say("оплатил")


@pytest.mark.parametrize("said", ["can i pay by card now?", "whats ur address", "карта орқали тўласам бўладими?"])
async def test_questions_after_a_pickup_order_are_answered(me: Shopper, said: str) -> None:
    await me.say("qora kepka olaman, o'zim olib ketaman, 90 123 45 67")
    await me.say("ha")
    answer = await me.say(said)
    assert answer and not any(lost in answer for lost in ("not quite understand", "How can I help", "тушунмадим"))


@pytest.mark.parametrize(
    "said",
    [
        "добрый день! покажите велосипед пожалуйста",
        "show me a bicycle please",
        "velosiped ko'rsating iltimos",
        "велосипед кўрсатиб юборинг илтимос",
        "can i see the bicycle please?",
    ],
)
async def test_what_is_to_be_shown_is_not_bought(home: Shopper, said: str) -> None:
    assert "?" in await home.say(said)
    assert (await home.play.cart()).empty
