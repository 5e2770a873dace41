"""How many of what: a number of each, one taken back, fewer, another thing in place of one; nothing is lost of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("karkade va shisha choynakdan uchtadan bering", 3),
        ("каркаде, шиша чойнак - 4 тадан", 4),
        ("каркаде и стеклянный чайник по 2 шт", 2),
        ("по 3 шт: каркаде, стеклянный чайник", 3),
        ("2 each of karkade and shisha choynak", 2),
    ],
)
async def test_a_number_of_each_is_of_all_that_is_named(db: database.Tx, tmp_path: Path, said: str, count: int) -> None:
    assert await cart_of(db, tmp_path, "kofe", said) == [("KF-18", "", count), ("KF-39", "", count)]


async def test_a_number_of_its_own_is_kept_beside_one_of_each(db: database.Tx, tmp_path: Path) -> None:
    found = await cart_of(db, tmp_path, "kofe", "karkade 5 ta, shisha choynak 2 tadan ko'p emas, 1 ta")
    assert ("KF-18", "", 5) in found


@pytest.mark.parametrize(
    "said",
    [
        "3 ta ko'k katak pidjak razmeri 56 va 1 ta kulrang palto 52 razmer",
        "катак пиджак кўк размери 56 3 та, кулранг палто 52 размер 1 та",
    ],
)
async def test_a_size_by_its_word_is_ordered(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "libos", said) == [("MD-13", "56/ko'k", 3), ("MD-20", "52/kulrang", 1)]
