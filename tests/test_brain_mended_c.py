"""Questions by the order of words, one thing more, so many of them, second lists and what is not sold here."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from orders.cart.address import grade
from tests.test_brain_kin import cart_of

# ---- how many ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "line"),
    [
        ("kofe", ["black cappuccino cups x3"], ("KF-37", "qora", 3)),
        ("kofe", ["2x white espresso cups please"], ("KF-36", "oq", 2)),
        ("chiroq", ["розетка двойная", "беж 7"], ("YG-32", "bej", 7)),
        ("kofe", ["espresso chashka bormi", "oq 6"], ("KF-36", "oq", 6)),
        ("dala", ["семена базилика чёрный, 3 пакетика"], ("DL-03", "qora", 3)),
    ],
)
async def test_so_many_of_them(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], line: tuple[str, str, int]
) -> None:
    assert await cart_of(db, tmp_path, shop, *said) == [line]


async def test_empty_is_no_pink(db: database.Tx, tmp_path: Path) -> None:
    assert await cart_of(db, tmp_path, "kitob", "пенал пустой? беру зелёный") == [("KT-14", "yashil", 1)]


@pytest.mark.parametrize(
    ("said", "enough"),
    [("к 7 вечера на Юнусабад", "area"), ("Sergeli, after 6 pm", "area"), ("ул. Навои 5, после 18:00", "full")],
)
def test_the_hour_is_no_house(said: str, enough: str) -> None:
    assert grade(said) == enough
