"""One slip of the finger in a word of talk is still that word; a name or another word is not."""

from __future__ import annotations

import pytest

from agent.brain_rules.lexicon import index
from agent.brain_rules.text import tokens
from shop.fold import fold_word
from shop.lexicon import load


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dsotavkasi", "delivery"),
        ("доствка", "delivery"),
        ("воскрсеенье", "days"),
        ("отменнить", "cancel"),
        ("buyutrma", "order"),
        ("yetkzib", "delivery"),
    ],
)
def test_a_slip_in_the_opening_of_a_word_is_forgiven(typed: str, meant: str) -> None:
    assert meant in index("intents").meanings(fold_word(typed))


@pytest.mark.parametrize(
    "said", ["Насиба", "Kaftarxona", "Nodirbek", "перфоратор", "kastryulka", "qishloq", "oqituvchi"]
)
def test_names_and_other_words_are_no_slips(said: str) -> None:
    assert not index("intents").meanings(fold_word(said))


def test_a_slip_inside_a_phrase_is_forgiven() -> None:
    said = tokens("zakazni bekor qliing, bekor qilsangiz")
    assert "cancel" in {met.name for met in index("intents").find(said)}


def test_every_trade_names_its_goods_in_three_languages() -> None:
    lexicon = load()
    for wording, concept in (
        ("kogtetochka", "scratching_post"),
        ("капли от блох", "flea_drops"),
        ("frying pan", "pan"),
    ):
        keys = tuple(fold_word(word) for word in wording.split())
        assert concept in lexicon.meanings(keys)
