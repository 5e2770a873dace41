"""The size of a shoe by the length of a foot, from the owner's own words."""

from __future__ import annotations

import pytest

from shop.feet import size_for

TABLES = [
    "Returns within 10 days, we open at 09 - 19.",
    "Bolalar: 17 sm — 28, 18 sm — 29, 20,5 sm — 32. Kattalar: 22,5 sm — 36, 23 sm — 37, 24 sm — 38, 24,5 sm — 39.",
]
SIZES = ("28", "29", "32", "36", "37", "38", "39")


@pytest.mark.parametrize(
    ("cm", "size"),
    [
        (24.5, "39"),
        (24.2, "39"),
        (17.0, "28"),
        (20.1, "32"),
        (23.0, "37"),
        (25.6, ""),  # longer than the table: nobody guesses
        (19.0, ""),  # more than a centimetre from the next line
        (5.0, ""),
        (140.0, ""),
    ],
)
def test_a_foot_has_the_size_of_its_line_or_the_next(cm: float, size: str) -> None:
    assert size_for(TABLES, cm, SIZES) == size


def test_only_sizes_the_product_has_and_only_tables() -> None:
    assert size_for(TABLES, 24.5, ["36", "37"]) == ""
    assert size_for(["22 cm is 35, 23 cm is 36, 24 cm is 37"], 23.0, ["36"]) == "36"
    assert size_for(["23 sm — 37"], 23.0, ["37"]) == ""
    assert size_for([], 23.0, ["37"]) == ""
