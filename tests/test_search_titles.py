"""What a title names: the thing itself before what goes with it, names of models, words that take Russian endings."""

from __future__ import annotations

import pytest

from shop import colors
from shop.catalogue import Product
from shop.fold import fold_word, owned
from shop.search import Search
from shop.search.codes import codes
from shop.search.english import names
from shop.search.titles import asides, attributes


def sold(*titles: str, described: dict[str, str] | None = None) -> Search:
    """A shop of these `uz | ru` titles, in order; `described`: what it wrote of some of them."""
    pairs = [title.partition(" | ") for title in titles]
    told = described or {}
    return Search(
        Product(f"S-{at}", uz, 1000, "UZS", title_ru=ru, description=told.get(uz, ""))
        for at, (uz, _, ru) in enumerate(pairs)
    )


def first(index: Search, text: str, *, described: bool = False) -> str:
    titles = {product.sku: product.title_uz for product in index.products}
    return next((titles[hit.sku] for hit in index.find(text, described=described)), "")


@pytest.mark.parametrize(
    ("title", "beside"),
    [
        ("Velosiped uchun chiroq", ["Velosiped"]),
        ("Фонарь для велосипеда", ["велосипеда"]),
        ("Blender idishi", ["Blender"]),
        ("Sumka zanjir bilan", ["zanjir"]),
        ("Sovg'a qutisi, ayollar uchun", ["Sovg'a", "ayollar"]),
        ("Velosiped 24", []),
    ],
)
def test_words_that_say_what_goes_with_the_thing(title: str, beside: list[str]) -> None:
    starts = asides(title)
    assert [word for word in beside if title.index(word) not in starts] == []
    assert len(starts) == len(beside)


def test_the_last_word_of_a_title_is_the_thing_and_no_attribute() -> None:
    assert attributes("Bolalar sandali") == set() and attributes("Yong'oqli keks") == {fold_word("yong'oqli")}


def test_the_thing_itself_comes_before_what_is_for_it() -> None:
    index = sold("Velosiped chirog'i | Фонарь для велосипеда", "Velosiped 24 | Велосипед 24")
    assert first(index, "велосипед") == first(index, "velosiped") == "Velosiped 24"
    assert first(index, "фонарь для велосипеда") == "Velosiped chirog'i"


def test_a_phrase_names_its_parts_too() -> None:
    index = sold("Chamadon g'ilofi L | Чехол для чемодана L")
    assert first(index, "luggage cover") == first(index, "cover") == "Chamadon g'ilofi L"


@pytest.mark.parametrize(
    ("text", "models"),
    [
        ("g3410 ga siyoh", ["g3410"]),
        ("5 pachka a4 ham", ["a4"]),
        ("gilamning 2x3 si", ["2x3"]),
        ("тюль 3х2,7", ["3x27"]),
        ("2ta L, 10kg, 3-chi, 100w, XL2, 25ta", []),
        ("+998 90 123 45 67, 41-45, 15.6", []),
    ],
)
def test_names_of_models(text: str, models: list[str]) -> None:
    assert [key for _, _, key in codes(text)] == models


def test_a_model_tells_one_thing_from_its_like() -> None:
    index = sold("Gilam Nur 2x3 m | Ковёр 2х3 м", "Gilam Nur 3x4 m | Ковёр 3х4 м")
    assert first(index, "nur gilam 3x4") == "Gilam Nur 3x4 m"
    assert first(index, "ковёр 2х3") == "Gilam Nur 2x3 m"


@pytest.mark.parametrize("said", ["книги", "книгу", "книгой", "книга"])
def test_russian_nouns_that_end_like_a_dative(said: str) -> None:
    assert first(sold("Ertak kitobi | Книга сказок", "Daftar | Тетрадь"), said) == "Ertak kitobi"
    assert fold_word("бумаги") in owned(fold_word("бумага"))


def test_a_short_word_of_a_description_is_believed_beside_another() -> None:
    index = sold("Tonometr A | Тонометр А", "Tonometr B | Тонометр Б", described={"Tonometr B": "Upper arm monitor"})
    assert first(index, "upper arm", described=True) == "Tonometr B"


@pytest.mark.parametrize(("said", "color"), [("siyoh", ""), ("siyohrang", "binafsha"), ("mixed", "aralash")])
def test_ink_is_no_colour(said: str, color: str) -> None:
    assert [one.color for one in colors.named(said)] == ([color] if color else [])


@pytest.mark.parametrize(
    ("description", "told"),
    [
        ("Zazemleniye bilan. Extension lead", "Extension lead"),
        ("Tugmasi bor. Solar garden light", "Solar garden light"),
        ("Термобосма. Cap with your text", "Cap with your text"),
        ("Ochiq rang. Taxta va text yozuvli", ""),
    ],
)
def test_names_in_english(description: str, told: str) -> None:
    assert names(description) == ((told,) if told else ())
