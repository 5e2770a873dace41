"""Small and big of one name, packs of so many, what is asked beside an order, another one in its place."""

from __future__ import annotations

import pytest

from shop.colors import slipped
from shop.lexicon import load
from shop.search.units import quoted, units
from tests.test_search_titles import first, sold

# ---- what things are called ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ('ковёр "Весна" есть?', "Gilam Bahor"),
        ("gilam «Весна» bormi", "Gilam Bahor"),
        ("tokni soting", "Tok"),
        ("tulni 3 ta qiling", "Tul oq"),
        ("towel gift set in dark blue", "Sochiq to'plami"),
        ("choyshab bolalarga mashinali", "Bolalar choyshabi"),
    ],
)
def test_called_by_an_everyday_or_a_short_word(said: str, title: str) -> None:
    index = sold(
        "Gilam Bahor | Ковёр «Весна»",
        "Gilam Kuz | Ковёр «Осень»",
        "Tul oq | Тюль белый",
        "Tok | Виноград",
        "Sochiq to'plami | Набор полотенец в подарок",
        "Bolalar choyshabi | Простыня детская",
    )
    assert first(index, said) == title


def test_a_word_in_quotes_is_a_name() -> None:
    text = "часы «Город» сколько"
    assert text.index("Город") in quoted(text)
    sold_words = frozenset({"gorod"})
    assert "gorod" in {unit.words[0].key for unit in units(text, load(), sold_words)}
    assert "gorod" not in {unit.words[0].key for unit in units(text.replace("«", ""), load(), sold_words)}


@pytest.mark.parametrize(("said", "color"), [("milk", "sutrang"), ("cream", None), ("mil", None)])
def test_milk_of_what_comes_in_milky(said: str, color: str | None) -> None:
    assert slipped(said, ("oq", "sutrang")) == color
