"""Questions by the order of words, one thing more, so many of them, second lists and what is not sold here."""

from __future__ import annotations

import pytest

from orders.cart.address import grade


@pytest.mark.parametrize(
    ("said", "enough"),
    [("к 7 вечера на Юнусабад", "area"), ("Sergeli, after 6 pm", "area"), ("ул. Навои 5, после 18:00", "full")],
)
def test_the_hour_is_no_house(said: str, enough: str) -> None:
    assert grade(said) == enough
