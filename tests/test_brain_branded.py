"""Goods whose titles begin with a maker's name are called by it; where it says what a thing is for, it names none."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import said_in


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("айфон 16 нархи қанча", "11 900 000"),
        ("iphone 15 yangisi nechpul", "9 950 000"),
        ("здравствуйте, айфон 11 есть? почём", "2 900 000"),
        ("how much is the samsung s22", "3 300 000"),
        ("хонор x9c неча пул", "4 190 000"),
        ("iphone 12", "3 900 000"),
    ],
)
async def test_a_maker_and_a_number_name_a_model(db: database.Tx, tmp_path: Path, asked: str, told: str) -> None:
    text, _ = await said_in(db, tmp_path, "telefon", asked)
    assert told in text


@pytest.mark.parametrize(
    ("asked", "few"),
    [("айфон есть?", ("iPhone 13", "iPhone 15")), ("do you have honor?", ("Honor X9c",)), ("samsung bormi", ("A16",))],
)
async def test_a_maker_alone_names_what_begins_so(
    db: database.Tx, tmp_path: Path, asked: str, few: tuple[str, ...]
) -> None:
    text, _ = await said_in(db, tmp_path, "telefon", asked)
    assert all(one in text for one in few)


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        ("telefon", ("sim lotok bormi", "iphone 13", "qora"), [("TF-51", "iPhone 13/qora", 1)]),
        ("telefon", ("iphone uchun kabel bormi", "oqidan bitta olaman"), [("TF-44", "oq", 1)]),
        ("telefon", ("айфон 13 новый, чёрный, беру один",), [("TF-14", "qora", 1)]),
    ],
)
async def test_what_it_is_made_for_stays_a_model_of_it(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], cart: list[tuple[str, str, int]]
) -> None:
    _, held = await said_in(db, tmp_path, shop, *said)
    assert held == cart


@pytest.mark.parametrize(
    ("said", "cart"),
    [
        (("redmi note 12 olaman",), [("TF-21", "", 1)]),
        (("айфон 16 беру",), [("TF-16", "", 1)]),
        (("iphone 12 olaman", "oq"), [("TF-18", "oq", 1)]),
        (("redmi bads 6 pley", "1 ta", "redmi buds 6", "oq"), [("TF-47", "oq", 1)]),
        (("редми ноте 14 про беру, синий",), [("TF-09", "ko'k", 1)]),
        (("1 ta olaman", "redmi note 12"), [("TF-21", "", 1)]),
        (("I'd take the redmi note 14 pro in black",), [("TF-09", "qora", 1)]),
        (("redmi buds 6 dan 2 ta oq olaman",), [("TF-47", "oq", 2)]),
        (("два айфон 16 беру",), [("TF-16", "", 2)]),
    ],
)
async def test_the_number_of_a_model_counts_nothing(
    db: database.Tx, tmp_path: Path, said: tuple[str, ...], cart: list[tuple[str, str, int]]
) -> None:
    _, held = await said_in(db, tmp_path, "telefon", *said)
    assert held == cart


@pytest.mark.parametrize(
    ("shop", "before", "said", "told"),
    [
        ("telefon", "Is the Nokia 3310 available?", "And what does the Nokia 110 go for then?", "380 000"),
        ("telefon", "nokia 105 bormi", "nokia 110 chi unda", "380 000"),
        ("telefon", "итель для пожилых есть?", "а нокиа 105", "290 000"),
        ("telefon", "redmi note 12 narxi", "redmi note 14 pro esa", "3 690 000"),
    ],
)
async def test_another_model_is_named_beside_the_one_in_view(
    db: database.Tx, tmp_path: Path, shop: str, before: str, said: str, told: str
) -> None:
    text, _ = await said_in(db, tmp_path, shop, before, said)
    assert told in text
