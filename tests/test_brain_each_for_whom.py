"""So many of a kind, each told by whom it is for: none is lost, and none is bought twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of

_ROBES = [("HM-13", "L/pushti", 1), ("HM-14", "XL/oq", 1)]


@pytest.mark.parametrize(
    ("shop", "said", "left"),
    [
        ("hammom", "two terry bathrobes: women's pink L and men's white XL", _ROBES),
        ("hammom", "нужны два махровых халата: женский розовый L и мужской белый XL", _ROBES),
        ("hammom", "2 ta mahra xalat kerak: ayollarnikidan pushti L, erkaklarnikidan oq XL", _ROBES),
        ("hammom", "2 та махра халат керак: аёлларникидан пушти L, эркакларникидан оқ XL", _ROBES),
        (
            "hammom",
            "3 terry bathrobes please: two women's pink L and one men's white XL",
            [("HM-13", "L/pushti", 2), ("HM-14", "XL/oq", 1)],
        ),
        (
            "milliy",
            "возьму две пары махси: мужские 42 и женские чёрные 38",
            [("ML-30", "42", 1), ("ML-31", "38/qora", 1)],
        ),
        (
            "milliy",
            "3 ta charm mahsi olaman: ikkita ayollarniki qora 38, bitta erkaklarniki 42",
            [("ML-31", "38/qora", 2), ("ML-30", "42", 1)],
        ),
    ],
)
async def test_each_of_them_is_taken(
    db: database.Tx, tmp_path: Path, shop: str, said: str, left: list[tuple[str, str, int]]
) -> None:
    assert sorted(await cart_of(db, tmp_path, shop, said)) == sorted(left)


@pytest.mark.parametrize(
    ("shop", "said", "left"),
    [
        ("hammom", "women's terry bathrobe pink L and men's white XL, I'll take both", _ROBES),
        ("hammom", "беру махровый халат женский розовый L и мужской белый XL", _ROBES),
        ("hammom", "ayollar mahra xalatidan pushti L va erkaklarnikidan oq XL olaman", _ROBES),
    ],
)
async def test_without_a_number_too(
    db: database.Tx, tmp_path: Path, shop: str, said: str, left: list[tuple[str, str, int]]
) -> None:
    assert sorted(await cart_of(db, tmp_path, shop, said)) == sorted(left)


async def test_two_of_one_kind_stay_two(db: database.Tx, tmp_path: Path) -> None:
    assert await cart_of(db, tmp_path, "hammom", "2 махровых халата женских, розовых L") == [("HM-13", "L/pushti", 2)]
