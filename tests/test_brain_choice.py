"""Sizes said as letters, colours that are not there, units alone, and what is said in which place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kit import db as database
from tests import talk
from tests.talking import Shopper, shopper, shopper_of


@pytest.fixture
async def me(db: database.Tx, tmp_path: Path) -> AsyncIterator[Shopper]:
    async with shopper(db, tmp_path) as made:
        yield made


# ---- a letter where sizes are numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "klassik shim M olaman, qora",
        "классик шим М керак, қора",
        "классические брюки M чёрные беру",
        "I'd like the classic trousers in M, black",
    ],
)
async def test_a_letter_that_may_be_two_numbers_is_asked(me: Shopper, said: str) -> None:
    answer = await me.say(said)
    assert "46 / 48" in answer and "50" not in answer and "?" in answer
    await me.say("48")
    assert [line.variant for line in (await me.play.cart()).lines] == ["48/qora"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("klassik shim L olaman, qora", "L — 50 oʻlcham"),
        ("классические брюки L чёрные беру", "L — это 50"),
        ("I'd like the classic trousers in L, black", "L is 50"),
    ],
)
async def test_a_letter_that_is_one_number_is_taken_and_said(me: Shopper, said: str, told: str) -> None:
    assert told in await me.say(said)
    assert [line.variant for line in (await me.play.cart()).lines] == ["50/qora"]


async def test_what_a_letter_means_stands_on_the_line_of_what_it_is_about(me: Shopper) -> None:
    assert any("L — 50 oʻlcham. " in line for line in (await me.say("klassik shim L olaman, qora")).split("\n"))


async def test_a_letter_asked_about_is_told_as_numbers(me: Shopper) -> None:
    answer = await me.say("shifon bluzka M bormi")
    assert "46 / 48" in answer and "yoʻq" not in answer
    assert "42, 44" not in answer


# ---- by post ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "where", "who", "branch"),
    [
        ("katak sharf olaman", "adresim Samarqand shahar, 90 123 45 67", "ismim Nodira", "filial"),
        ("шарф в клетку беру", "90 123 45 67, Бухара", "меня зовут Нодира", "отделени"),
        ("I'll take the checked scarf", "Andijan city, 90 123 45 67", "my name is Nodira", "branch"),
    ],
)
async def test_where_the_post_delivers_no_house_is_asked(
    db: database.Tx, tmp_path: Path, order: str, where: str, who: str, branch: str
) -> None:
    async with shopper(db, tmp_path, folder=talk.HERE.parent / "demo") as me:
        await me.say(order)
        first = await me.say(where)
        assert branch in first and "219" not in first  # no skirt of a cloth called like an address
        second = await me.say(who)
        assert branch in second and second != first
        summary = await me.say("BTS markaziy filiali")
        assert "Nodira" in summary or "Нодира" in summary
        assert "BTS" in summary


# ---- colours ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "no"),
    [
        ("black dress?", "black"),
        ("qora ko'ylak bormi", "qora"),
        ("чёрное платье есть?", "чёрн"),
        ("қора кўйлак борми", "қора"),
    ],
)
async def test_a_colour_that_no_such_thing_has_is_said_before_the_others(
    db: database.Tx, tmp_path: Path, said: str, no: str
) -> None:
    async with shopper(db, tmp_path, folder=talk.HERE.parent / "demo") as me:
        answer = await me.say(said)
        lines = answer.split("\n")
        at_no = next(number for number, line in enumerate(lines) if no in line.lower() and "—" not in line)
        assert at_no < next(number for number, line in enumerate(lines) if "259" in line)
        assert any(color in answer for color in ("bordo", "burgundy", "бордо"))


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("sharf yashil bormi", "rang"),
        ("зелёный шарф есть?", "цвет"),
        ("do you have a green scarf?", "colour"),
    ],
)
async def test_what_has_no_sizes_is_not_offered_in_another_size(me: Shopper, said: str, right: str) -> None:
    last = (await me.say(said)).split("\n")[-1]
    assert right in last and not any(word in last for word in ("oʻlcham", "размер", "size"))


@pytest.mark.parametrize(
    ("said", "variant"),
    [
        ("sarigʻidan bitta tunika", ""),
        ("kepka oqidan bitta olaman", "oq"),
        ("кепка оқидан битта оламан", "oq"),
        ("kepka qorasidan bitta olaman", "qora"),
        ("sharf kulrangidan olaman", "kulrang"),
        ("kepka qoarsidan bitta olaman", "qora"),
    ],
)
async def test_colours_with_uzbek_endings(me: Shopper, said: str, variant: str) -> None:
    await me.say(said)
    assert [line.variant for line in (await me.play.cart()).lines] == ([variant] if variant else [])


# ---- units -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["8 litrli bormi", "8 литрлик борми", "есть на 8 литров?", "do you have 8 litres?"])
async def test_a_measure_names_what_comes_in_it(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "baxt/dialogues.jsonl")
    answer = await me.say(said)
    assert "139" not in answer and "289" in answer


@pytest.mark.parametrize("said", ["3 litrli bormi", "700 ml bormi", "есть на 700 мл?"])
async def test_a_measure_that_nothing_has_names_nothing(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "baxt/dialogues.jsonl")
    assert "000" not in (await me.say(said)).replace("\u00a0", " ")
