"""Sizes that are measures or words, names that look like other words, the last order again, much in one breath."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules import sizes
from agent.brain_rules.people import lone_name
from agent.brain_rules.text import tokens
from kit import db as database
from shop.catalogue import read_rows
from shop.search import Search
from tests import talk
from tests.talking import Shopper, shopper

HOME = talk.HERE / "dialogues" / "uy"
GOODS = Search([row.product for row in read_rows(HOME / "catalog.csv")[0]])


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ("50x70", "50x70"),
        ("50 х 70 dan", "50x70"),
        ("50×70", "50x70"),
        ("50*70 ikkita", "50x70"),
        ("70x50", ""),
        ("katakli", "katak"),
        ("клетку", "katak"),
        ("squared", "katak"),
        ("euro", "evro"),
        ("1,5 спальное", "1,5 spalniy"),
        ("kattasi", ""),
    ],
)
def test_a_size_that_is_a_measure_or_a_word(said: str, size: str) -> None:
    assert sizes.written_at(tokens(said), 0, ["50x70", "70x70", "katak", "chiziq", "evro", "1,5 spalniy"])[0] == size


@pytest.mark.parametrize("said", ["50x70", "борганда бераман", "вой хато ёзибман", "donasini nechidan berasiz", "стоп"])
def test_measures_and_verbs_name_no_product(said: str) -> None:
    assert GOODS.find_each(said) == []


@pytest.mark.parametrize("name", ["Светлана", "Daniel Kim", "Gulnora", "Ким Анна"])
def test_a_name_that_looks_like_other_words(name: str) -> None:
    assert lone_name(name)


@pytest.mark.parametrize("said", ["Ha", "kim", "Namangan", "oʻzim"])
def test_what_is_no_name(said: str) -> None:
    assert not lone_name(said)


async def bought(me: Shopper) -> None:
    """An order for two pillows, placed."""
    await me.say("yostiq 50x70 dan 2 ta olaman")
    await me.say("Nilufar, 91 058 28 48, Namangan, Afrosiyob koʻchasi 20-uy")
    await me.say("ha")


@pytest.mark.parametrize(
    "said", ["xuddi osha zakazni yana qaytaring", "повторите тот же заказ", "the same order again please"]
)
async def test_the_last_order_once_more(db: database.Tx, tmp_path: Path, said: str) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        await bought(me)
        await db.execute("UPDATE orders SET status = 'delivered'")
        answer = await me.say(said)
        assert [(line.sku, line.qty) for line in (await me.play.cart()).lines] == [("SU-21", 2)]
        assert "+998 91 058 28 48" in answer  # the address of the last time is offered, not taken


async def test_who_never_bought_has_nothing_to_repeat(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        await me.say("xuddi osha zakazni yana qaytaring")
        assert (await me.play.cart()).empty


async def test_four_questions_and_an_order_in_one_breath_need_no_person(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        await me.say("фартук кухонный красный есть? почём")
        answer = await me.say("возьму один, сама заберу, наличными можно? и где вы находитесь")
        assert "Уйчи" in answer and not (await me.contact()).handed_over


async def test_the_courier_calls_a_number_of_the_country(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        await me.say("yostiq 50x70 dan bitta olaman")
        await me.say("oʻzim Moskvadaman +7 916 000 11 22, singlim Zebo, 93 066 36 56, Namangan, Doʻstlik 41")
        cart = await me.play.cart()
        assert (cart.phone, cart.phone2) == ("+998930663656", "+79160001122")
