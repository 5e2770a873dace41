"""Measures and models whose number is a word, and several of one thing in one breath."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.in_words import in_digits
from agent.brain_rules.sizes import of_number
from kit import db as database
from tests.talking import cart_of
from tests.test_search_titles import sold

PUMPS = sold("Filtr Akva F-200 | Фильтр Akva F-200", "Filtr Akva F-400 | Фильтр Akva F-400")


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("yigirma oltiligidan ikkita", "26 ligidan ikkita"),
        ("йигирма олтилигидан битта", "26 ligidan битта"),
        ("bir yuz yigirmalik", "120 lik"),
        ("yigirma beshtalikdan bitta", "25 talikdan bitta"),
        ("o'n to'rt millimetrlik", "o'n to'rt mm"),
        ("двадцатипятимиллиметровый", "25 mm"),
        ("восемнадцатисантиметровых два", "18 сантиметров два"),
        ("ikkita beshlik", "ikkita beshlik"),
        ("o'n yettinchi uy", "o'n yettinchi uy"),
    ],
)
def test_a_number_in_words(said: str, read: str) -> None:
    assert in_digits(PUMPS, said) == read


def test_a_model_in_words_is_as_a_title_writes_it() -> None:
    assert PUMPS.find(in_digits(PUMPS, "F ikki yuz filtr"))[0].sku == "S-0"
    assert in_digits(PUMPS, "a ikki yuz ming") == "a ikki yuz ming"


def test_a_size_of_a_letter_is_told_by_its_number() -> None:
    assert of_number(13, ("R12", "R13", "R14"), {}) == "R13"
    assert of_number(4, ("A4", "A5"), {}) == ""
    assert of_number(4, ("A4", "A5"), {}, marked=True) == ""


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        (
            "shina",
            "velosiped kamerasi kerak yigirma oltiligidan ikkita keyin yigirma to'rtligidan bitta",
            [("SN-32", "24", 1), ("SN-32", "26", 2)],
        ),
        (
            "usta",
            "нужны валики малярные восемнадцатисантиметровых два и ещё десятисантиметровый один, сколько за всё",
            [("UM-18", "10 sm", 1), ("UM-18", "18 sm", 2)],
        ),
        ("shina", "13 lik yengil mashina kamerasi 2 ta kerak", [("SN-28", "R13", 2)]),
    ],
)
async def test_two_sizes_in_words(
    db: database.Tx, tmp_path: Path, shop: str, said: str, cart: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, said) == cart


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        (
            "matras",
            ("ranfors choyshab to'plami kerak evro ko'k rangidan bitta yana oq rangidan ham bitta qancha ikkitasi",),
            [("MT-34", "evro/ko'k", 1), ("MT-34", "evro/oq", 1)],
        ),
        (
            "kofe",
            ("Espresso chashka kerak, oqidan ikkita va qorasidan bitta. uchtasi necha pul",),
            [("KF-36", "oq", 2), ("KF-36", "qora", 1)],
        ),
        (
            "suv",
            (
                "в Нукус отправите фильтр на душ? почем он",
                "хромированных 2. Нукус, Досназарова 16, кв 30. 91 057 29 64",
            ),
            [("SU-35", "xrom", 2)],
        ),
        (
            "kofe",
            ("капсулы есть? почём", "лунго 3. Чиланзар 5, дом 7, кв 12, 90 123 45 67"),
            [("KF-10", "lungo", 3)],
        ),
        (
            "santex",
            ("картридж для фильтра 10 дюймов почём", "угольных 3. Чиланзар 5, дом 7, кв 12, 90 123 45 67"),
            [("ST-33", "ko'mir", 3)],
        ),
        (
            "sut",
            ("how much is qurt in a gift box", "two boxes with basil, blue ones"),
            [("ST-24", "rayhonli/ko'k", 2)],
        ),
    ],
)
async def test_options_and_their_counts(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], cart: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, *said) == cart
