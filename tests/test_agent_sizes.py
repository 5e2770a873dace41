"""Sizes as people say them against the sizes of one product."""

from __future__ import annotations

import pytest

from agent.brain_rules.sizes import letter_at, near_sizes, of_letter, of_number, written_at
from agent.brain_rules.text import tokens

CHART = {"S": "42-44", "M": "46-48", "L": "50"}


@pytest.mark.parametrize(("text", "letter"), [
    ("M", "M"), ("m razmer", "M"), ("ХЛ", "XL"), ("2XL", "XXL"), ("2xl bormi", "XXL"), ("эска", "S"), ("икс эль", "XL"),
    ("xxl", "XXL"), ("М", "M"), ("с", ""), ("magazin", ""),
])  # fmt: skip
def test_letters(text: str, letter: str) -> None:
    assert letter_at(tokens(text), 0, sure=False)[0] == letter


def test_one_small_cyrillic_letter_is_a_size_only_where_one_is_expected() -> None:
    assert letter_at(tokens("с"), 0, sure=True) == ("S", 1)


@pytest.mark.parametrize(("number", "sizes", "size"), [
    (42, ("40", "41", "42"), "42"),
    (50, ("50 ml", "100 ml"), "50 ml"),
    (128, ("64GB", "128GB"), "128GB"),
    (39, ("36-40", "41-45"), "36-40"),
    (50, ("S", "M", "L"), "L"),
    (60, ("S", "M", "L"), ""),
])  # fmt: skip
def test_numbers(number: int, sizes: tuple[str, ...], size: str) -> None:
    assert of_number(number, sizes, CHART, marked=True) == size


def test_the_chart_is_asked_only_where_a_size_was_meant() -> None:
    assert of_number(50, ("S", "M", "L"), CHART) == ""


def test_letters_become_the_numbers_of_the_chart() -> None:
    assert of_letter("L", ("48", "50", "52"), CHART) == ("50",)
    assert of_letter("M", ("46", "48", "50"), CHART) == ("46", "48")
    assert of_letter("M", ("48", "50"), CHART) == ("48",)
    assert of_letter("S", ("46", "48", "50"), CHART) == ()


@pytest.mark.parametrize(("text", "sizes", "size"), [
    ("41-45 ikkita", ("36-40", "41-45"), "41-45"),
    ("128 гб", ("64 GB", "128 GB"), "128 GB"),
    ("128gb qora", ("64GB", "128GB"), "128GB"),
    ("50 мл", ("50 ml", "100 ml"), "50 ml"),
    ("3-4 года", ("1-2 yosh", "3-4 yosh"), "3-4 yosh"),
    ("iPhone 13 Pro uchun", ("iPhone 13", "iPhone 13 Pro"), "iPhone 13 Pro"),
])  # fmt: skip
def test_as_the_catalogue_writes_them(text: str, sizes: tuple[str, ...], size: str) -> None:
    assert written_at(tokens(text), 0, sizes)[0] == size


def test_a_size_the_product_never_had_is_still_a_size() -> None:
    assert near_sizes(46, ("40", "41", "42", "43"))
    assert not near_sizes(2, ("40", "41", "42", "43"))
