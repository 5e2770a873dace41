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
