"""How many there are to be: a count that a title also has, too few of a named thing, `stays at 3`."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import answer, cart_of, in_cart, shopper_of


@pytest.mark.parametrize(
    ("shop", "said", "lines"),
    [
        ("eshik", "12 white glossy PVC panels and 3 starter profiles", [("EK-29", "", 12), ("EK-33", "", 3)]),
        ("eshik", "12 белых панелей глянцевых и 3 стартовых профиля", [("EK-29", "", 12), ("EK-33", "", 3)]),
    ],
)
async def test_a_count_that_is_also_a_measure_of_the_title(
    db: database.Tx, tmp_path: Path, shop: str, said: str, lines: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, said) == lines


@pytest.mark.parametrize(
    ("shop", "order", "said", "lines"),
    [
        (
            "eshik",
            "12 white glossy PVC panels and 3 starter profiles",
            "12 panels is too few. Make it 15",
            [("EK-29", "", 15), ("EK-33", "", 3)],
        ),
        (
            "eshik",
            "12 белых панелей глянцевых и 3 стартовых профиля",
            "12 панелей мало, пусть будет 15, профилей так же 3",
            [("EK-29", "", 15), ("EK-33", "", 3)],
        ),
        ("sumka", "kodli qulf 4 ta olaman", "4 ta qulf kam ekan 6 ta qiling", [("KS-10", "", 6)]),
        ("sumka", "кодли қулф 4 та оламан", "4 та қулф кўп экан, 2 та қилинг", [("KS-10", "", 2)]),
        ("sumka", "4 code locks please", "4 locks is too many, make it 2", [("KS-10", "", 2)]),
        ("sumka", "4 code locks please", "4 locks are enough", [("KS-10", "", 4)]),
        (
            "choy",
            "tea with jasmine, three please",
            "jasmine tea 3 is too few. Make it 5, rosehip stays at 2",
            [("CY-04", "", 5), ("CY-16", "", 2)],
        ),
    ],
)
async def test_too_few_of_a_named_thing(
    db: database.Tx, tmp_path: Path, shop: str, order: str, said: str, lines: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, order, said) == lines


async def test_too_many_of_a_placed_order(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "eshik/first.jsonl")
    for said in (
        "12 white glossy PVC panels please",
        "Bukhara, Eshoni Pir street 5, +998 91 082-36-40",
        "yes",
        "12 panels is too few, make it 15",
    ):
        await answer(me, said)
    assert await in_cart(me) == [("EK-29", "", 15)]


@pytest.mark.parametrize(
    ("order", "said", "left"),
    [
        ("code lock, two please", "I'd rather have a flat one", 2),
        ("code lock, three please", "do you have an iron one instead", 3),
        ("code lock, two please", "make it one", 1),
        ("кодовый замок два беру", "нет, лучше один", 1),
    ],
)
async def test_a_flat_one_counts_nothing(db: database.Tx, tmp_path: Path, order: str, said: str, left: int) -> None:
    assert await cart_of(db, tmp_path, "sumka", order, said) == [("KS-10", "", left)]
