"""Things called by other words: small ones, words made of words, endings; questions that order nothing."""

from __future__ import annotations

import pytest

from agent.brain_rules.intents import met_in
from agent.brain_rules.text import tokens
from shop.fold import made_from, stem
from tests.test_search_titles import first, sold


# ---- how things are called -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "of"), [("stolik", "stol"), ("kurtochku", "kurtka"), ("rubashechka", "rubashka"), ("polochnie", "polka")]
)
def test_a_word_made_from_another(said: str, of: str) -> None:
    assert stem(of) in made_from(said)


@pytest.mark.parametrize(
    ("titles", "said"),
    [
        (("Soyabon | Зонт", "Kepka | Кепка"), "зонтик почём"),
        (("Tokcha kronshteyni | Кронштейн для полки", "Parda kronshteyni | Кронштейн для штор"), "полочный кронштейн"),
        (("Omega 3 | Омега 3", "Ayollar vitamini | Витамины для женщин"), "omegadan bormi"),
        (("Jun ip | Пряжа шерстяная", "Tugma | Пуговица"), "iplar bormi"),
        (("Marsala sharbati | Сок «Марсалано»", "Olma sharbati | Сок яблочный"), "marsalan"),
        (("Choynak qopqog'i bilan | Чайник с крышкой", "Termos | Термос"), "choynak"),
    ],
)
def test_a_thing_is_known_by_a_form_of_its_name(titles: tuple[str, ...], said: str) -> None:
    assert first(sold(*titles), said) == titles[0].partition(" | ")[0]


def test_a_thing_with_its_lid_is_no_lid() -> None:
    index = sold("Choynak qopqog'i bilan | Чайник с крышкой", "Choynak qopqog'i | Крышка для чайника")
    assert first(index, "choynak") == "Choynak qopqog'i bilan"
    assert first(index, "qopqoq") == "Choynak qopqog'i"


def test_what_it_is_for_need_not_be_sold() -> None:
    hits = sold("Matras 160 | Матрас 160", "Ko'rpa | Одеяло").find("krovatga matras")
    assert hits[0].sku == "S-0" and hits[0].score > 0.5


def test_an_article_is_written_together() -> None:
    index = sold("Kepka", "Sharf")
    assert [hit.sku for hit in index.find("S 1")] == ["S-1"]
    assert index.find("s        1") == []  # a word between was blanked out


def test_a_thing_is_no_slip_of_a_wish() -> None:
    assert not [one.name for one in met_in(tokens("плюш мато")) if one.name == "more"]
