"""Whose chief is spoken of, the size next to the one in view, what stays and what is not taken, names turned round."""

from __future__ import annotations

import pytest

from agent.brain_rules.text import tokens
from shop import colors
from shop.lexicon import load
from tests.test_search_titles import first, sold

# ---- names -----------------------------------------------------------------------------------------------------------


def test_an_adjective_behind_its_noun() -> None:
    index = sold("Oq xalat | Халат медицинский", "Hammom xalati | Халат махровый")
    assert first(index, "lab coat") == "Oq xalat"


def test_what_looks_like_a_slip_of_what_is_not_sold() -> None:
    index = sold("Qurilish kaskasi | Каска строительная", "Ish qoʻlqopi | Перчатки рабочие")
    assert first(index, "construction helmets") == "Qurilish kaskasi"
    assert index.find("construction helmets")[0].score > 0.7


@pytest.mark.parametrize("said", ["kaskela", "kaskalani", "taburetkala", "чамадонла"])
def test_many_as_it_is_said_in_tashkent(said: str) -> None:
    assert load().names_goods((tokens(said)[0].key,))


@pytest.mark.parametrize("said", ["купила", "взяла", "была", "хотела"])
def test_a_russian_verb_is_no_such_plural(said: str) -> None:
    assert not load().names_goods((tokens(said)[0].key,))


def test_long_and_short_sleeves() -> None:
    index = sold("Koʻylak uzun yengli | Рубашка с длинным рукавом", "Koʻylak kalta yengli | Рубашка с коротким рукавом")
    assert first(index, "short sleeve shirt") == first(index, "рубашка короткий рукав") == "Koʻylak kalta yengli"
    assert first(index, "long sleeve shirt") == "Koʻylak uzun yengli"


def test_orange_is_no_yellow() -> None:
    assert colors.color_of("оранжевый", ("sariq", "olovrang")) == "olovrang"
    assert colors.color_of("orange", ("sariq", "qora")) is None
