"""Phones in every spelling people use, and numbers in words."""

from __future__ import annotations

import pytest

from agent.brain_rules.numbers import numbers, ordinal
from agent.brain_rules.phones import phones
from agent.brain_rules.text import tokens

TYPED = [
    ("+998 90 012 34 56", ["+998900123456"]),
    ("93 045 67 89", ["+998930456789"]),
    ("(97) 0444455", ["+998970444455"]),
    ("8 90 045 56 67 / Andijon sh., Navoiy 101", ["+998900455667"]),
    ("90.071.72.73", ["+998900717273"]),
    ("90-078-89-90 Olmazor 3, kv 77", ["+998900788990"]),
    ("raqam 900234567", ["+998900234567"]),
    ("9o 123 45 67", ["+998901234567"]),
    ("90 055 57 01 14 dom", ["+998900555701"]),
    ("42 razmer, 998930112233", ["+998930112233"]),
    ("2 dona 901234567, 93 765-43-21", ["+998901234567", "+998937654321"]),
    ("90 123 45 67 93 765 43 21", ["+998901234567", "+998937654321"]),
    ("+7 701 123 45 67", ["+77011234567"]),
    ("8 701 123 45 67", ["+77011234567"]),
    ("to'qson uch nol o'n bir yigirma ikki o'ttiz uch", ["+998930112233"]),
    ("девяносто ноль двенадцать тридцать четыре пятьдесят шесть", ["+998900123456"]),
    ("девяносто девять ноль двенадцать тридцать четыре пятьдесят шесть", ["+998990123456"]),
    ("тел тўқсон ноль бир икки уч тўрт беш олти", ["+998900123456"]),
    ("90 nol bir ikki uch to'rt besh olti", ["+998900123456"]),
    ("uy 14, 5-qavat, 22-xonadon", []),
    ("narxi 250 000 so'mmi", []),
    ("41-45 ikkita", []),
]


@pytest.mark.parametrize(("text", "found"), TYPED)
def test_as_typed(text: str, found: list[str]) -> None:
    assert [phone.e164 for phone in phones(text)] == found


@pytest.mark.parametrize(("text", "kept"), [
    ("nomerim 905557 emas 90 055 57 01", "+998900555701"),
    ("Sorry! It's 90 013 14 15, not 51", "+998900131415"),
    ("не 90 111 22 33, а 90 111 22 44", "+998901112244"),
    ("93 111 22 33 эмас 93 111 22 44", "+998931112244"),
])  # fmt: skip
def test_taken_back(text: str, kept: str) -> None:
    assert [phone.e164 for phone in phones(text) if not phone.taken_back] == [kept]


def test_the_place_in_the_text_is_exact() -> None:
    text = "беру, (97) 0444455, Яшнабад 180"
    (phone,) = phones(text)
    assert text[phone.start : phone.end] == "(97) 0444455"


@pytest.mark.parametrize(("text", "value", "counted"), [
    ("ikkita", 2, True),
    ("иккита", 2, True),
    ("две штуки", 2, True),
    ("3 ta", 3, True),
    ("1ta", 1, True),
    ("o'n ikki dona", 12, True),
    ("yuz o'n oltinchi", 116, False),
    ("двадцать пять", 25, False),
    ("besh yuz", 500, False),
    ("one hundred", 100, False),
    ("bittasini", 1, True),
])  # fmt: skip
def test_numbers_in_words(text: str, value: int, counted: bool) -> None:
    (number,) = numbers(tokens(text))
    assert (number.value, number.counted) == (value, counted)


@pytest.mark.parametrize("text", ["on sale", "yuz kremi", "uchun"])
def test_words_that_only_sound_like_numbers(text: str) -> None:
    assert numbers(tokens(text)) == []


@pytest.mark.parametrize(
    ("text", "value"), [("2-chisi", 2), ("birinchisi", 1), ("второй", 2), ("3-й", 3), ("the", None)]
)
def test_ordinals(text: str, value: int | None) -> None:
    found = ordinal(tokens(text), 0)
    assert (found[0] if found else None) == value
