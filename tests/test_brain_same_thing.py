"""Another size or pack of the same thing takes its place; a size is heard as the catalogue writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of


@pytest.mark.parametrize(
    ("shop", "order", "said", "left"),
    [
        (
            "asal",
            "gul changi 100 g bitta va perga bitta olaman",
            "gul changini 250 lik qiling",
            [("AS-23", "", 1), ("AS-24", "", 1)],
        ),
        (
            "musiqa",
            "hey, two pairs of 5A drumsticks and one music stand pls, what's the total",
            "ok",
            [("MS-29", "5A", 2), ("MS-40", "", 1)],
        ),
    ],
)
async def test_the_same_thing_in_another_pack(
    db: database.Tx, tmp_path: Path, shop: str, order: str, said: str, left: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, order, said) == left


async def test_a_price_for_a_kilo_is_no_number_of_them(db: database.Tx, tmp_path: Path) -> None:
    said = ("овсяное печенье на вес почём?", "5 кг возьму, 44 за кило же выходит?")
    assert await cart_of(db, tmp_path, "nonvoy", *said) == [("NV-39", "", 5)]
