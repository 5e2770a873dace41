"""Everyday turns: another thing of the kind in view, what is left of a line, anger, a number that was put right."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import answer, in_cart, shopper_of


@pytest.mark.parametrize(
    ("shop", "said", "held"),
    [
        (
            "muz/first.jsonl",
            ("somsa tovuqli 3 ta olaman", "yo'q, bittasi qovoqlisi bo'lsin"),
            [("MZ-13", "", 2), ("MZ-14", "", 1)],
        ),
        ("muz/first.jsonl", ("манты с картошкой 2 шт", "тогда с тыквой"), [("MZ-03", "", 2)]),
        (
            "muz/first.jsonl",
            ("somsa qovoqli 2 pachka va tovuqli 1 pachka olaman",),
            [("MZ-13", "", 1), ("MZ-14", "", 2)],
        ),
        (
            "muz/first.jsonl",
            ("сырники с изюмом есть? а с шоколадом?", "давайте 2 с изюмом 1 с шоколадом"),
            [("MZ-30", "mayizli", 2), ("MZ-30", "shokoladli", 1)],
        ),
        ("muz/first.jsonl", ("which salads do you have?", "olivier 2 kg for saturday"), [("MZ-37", "", 2)]),
        (
            "qadoq/first.jsonl",
            ("kraft paket kichkinasidan 100 ta kattasidan 50 ta",),
            [("QD-16", "", 100), ("QD-18", "", 50)],
        ),
        (
            "oboi/first.jsonl",
            ("обои в детскую с мишками голубые, в нашу маленькую спальню нужно 4 рулона",),
            [("OB-05", "havorang", 4)],
        ),
        (
            "oboi/first.jsonl",
            ("emal PF-115 2,7 kg yashil 2 ta olaman", "voy, jigarrang kerak edi bizga"),
            [("OB-21", "jigarrang", 2)],
        ),
    ],
)
async def test_the_cart(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], held: list[tuple[str, str, int]]
) -> None:
    me = await shopper_of(db, tmp_path, shop)
    for text in said:
        await me.say(text)
    assert sorted(await in_cart(me)) == held


@pytest.mark.parametrize(
    "said",
    [
        "kecha olgan mantim ichi bo'm-bo'sh, bu nima ahvol",
        "вчера привезли торт, весь помялся!! кто будет отвечать",
        "you sold me a cake yesterday and it is all melted!! is this normal",
    ],
)
async def test_who_is_angry_about_what_was_bought_gets_a_person(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "muz/first.jsonl")
    await me.say(said)
    assert any("complaint" in str(one) for one in await me.notices())


async def test_loud_is_not_angry(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "muz/first.jsonl")
    await me.say("вчера брала чучвару с курицей, так вкусно!! есть ещё?")
    assert not await me.notices()


async def test_a_number_with_an_excuse_behind_it_is_the_new_one(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "muz/first.jsonl")
    for text in ("somsa tovuqli 1 ta", "97 061 24 85", "voy uzr, 97 061 24 58, adashdim"):
        await me.say(text)
    assert (await me.play.cart()).phone == "+998970612458"


async def test_a_flat_with_the_town_belongs_to_the_street(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "muz/first.jsonl")
    for text in ("чучвара с курицей одну пачку беру", "10 микрорайон, дом 5"):
        await me.say(text)
    assert "дом 5, кв 12, Чирчик" in await answer(me, "кв 12, Чирчик. 95 066 09 41")


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("muz/first.jsonl", "kartoshkali manti bormi", "Manti qovoqli 1 kg"),
        ("muz/first.jsonl", "манты с картошкой 2 шт", "Можем предложить вместо"),
    ],
)
async def test_what_is_sold_out_is_followed_by_its_kind(
    db: database.Tx, tmp_path: Path, shop: str, said: str, told: str
) -> None:
    assert told in await answer(await shopper_of(db, tmp_path, shop), said)


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("muz/first.jsonl", ("как варить замороженные манты?", "а сколько минут?"), "45 минут"),
        ("muz/first.jsonl", ("muzlatgichda qancha turadi", "necha oygacha"), "3 oygacha"),
        ("oboi/first.jsonl", ("рассрочка есть?", "на сколько месяцев"), "3–6"),
    ],
)
async def test_asked_on_behind_an_answer(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, str], told: str
) -> None:
    me = await shopper_of(db, tmp_path, shop)
    await me.say(said[0])
    assert told in await answer(me, said[1])


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("flizelin kleyi kerak, 4 rulon uchun nechta ketadi", "Bir quti 5 rulonga"),
        ("сколько нужно малярного скотча на 20 метров", "Не оставляет"),
        ("how many spray paints do I need for a door", "Spray paint"),
    ],
)
async def test_how_much_is_needed_is_no_order(db: database.Tx, tmp_path: Path, said: str, told: str) -> None:
    me = await shopper_of(db, tmp_path, "oboi/first.jsonl")
    await answer(me, said)
    assert not await in_cart(me)


async def test_of_two_lists_both_are_asked(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "ish/first.jsonl")
    for text in ("do you have a chef jacket in L? black", "ok two pls, and one apron", "the bib one"):
        await me.say(text)
    assert "Oshpaz kiteli" in await answer(me, "black")


async def test_what_is_not_sold_beside_a_thing_is_told(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "ish/first.jsonl")
    assert "тапочки" in await answer(me, "халат медицинский женский 46 белый, и тапочки 38")


async def test_an_answer_about_orders_is_for_no_order(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "muz/first.jsonl")
    assert "Салаты" not in await answer(me, "уже 2 дня жду заказ, где он???")


@pytest.mark.parametrize(
    "said", ["kecha olgandim, juda zo'r ekan!! rahmat", "bought it yesterday, just great!! thanks"]
)
async def test_who_is_glad_of_what_was_bought_is_not_angry(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "muz/first.jsonl")
    await me.say(said)
    assert not await me.notices()


async def test_where_a_thing_is_from_is_no_place_to_send_it_to(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "oboi/first.jsonl")
    assert "Туда доставки нет" not in await answer(me, "это Китай или Корея? доставка сколько?")
