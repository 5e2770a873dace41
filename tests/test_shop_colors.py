"""Colours in text: words of other things that only look like them, and endings of two languages on one word."""

from __future__ import annotations

import pytest

from shop import colors
from shop.fold import words


@pytest.mark.parametrize("text", ["голубцы", "salati", "olivye", "крем", "siyoh"])
def test_no_colour(text: str) -> None:
    assert colors.named(text) == []
    assert not colors.is_color(words(text)[0])


@pytest.mark.parametrize(
    ("text", "color"),
    [
        ("голубые", "havorang"),
        ("салатовая", "och yashil"),
        ("кремового", "krem"),
        ("sinisidan", "ko'k"),
        ("chernisi", "qora"),
        ("serisini", "kulrang"),
        ("zelyonisiga", "yashil"),
        ("pushtisidan", "pushti"),
    ],
)
def test_an_ending_of_either_language(text: str, color: str) -> None:
    assert [one.color for one in colors.named(text)] == [color]
