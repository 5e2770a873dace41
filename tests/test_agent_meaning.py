"""What one message means: addresses as typed, names, goods with their sizes, colours and numbers."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from agent.brain import Heard, Words
from agent.brain_rules.looks import looks
from agent.brain_rules.meaning import Meaning, understand
from agent.privacy import clean
from agent.session import Session
from shop.catalogue import Product
from shop.profile import read
from shop.search import Search
from shop.shops import Shop

FOLDER = Path(__file__).parent / "dialogues" / "nur"


@cache
def shop() -> Shop:
    with (FOLDER / "catalog.csv").open(encoding="utf-8") as file:
        products = [
            Product(
                row["sku"],
                row["title_uz"],
                int(row["price"]),
                "UZS",
                row["title_ru"],
                row["description"],
                row["category"],
                tuple(part for part in row["sizes"].split(";") if part),
                tuple(part for part in row["colors"].split(";") if part),
            )
            for row in csv.DictReader(file)
        ]
    named = {product.sku: product for product in products}
    return Shop("nur", read(FOLDER / "shop.yaml"), named, Search(products), 1)


def meaning(text: str, *, asked: str = "", focus: str = "", cart: str = "") -> Meaning:
    session = Session(asked=asked.split(), focus=focus.split())
    lines = [{"sku": sku, "size": "", "color": "", "qty": 1} for sku in cart.split()]
    view = {"lines": lines, "picks": [], "empty": not lines}
    return understand(Heard(shop(), "uz", (Words(clean(text)),), session, view))


@pytest.mark.parametrize(("text", "address"), [
    ("Manzil: Yunusobod 4-kvartal, 15-uy, 22-xonadon", "Yunusobod 4-kvartal, 15-uy, 22-xonadon"),
    ("беру одну, 93 031 32 33, Мирабад, Афросиаб 14, кв 31", "Мирабад, Афросиаб 14, кв 31"),
    ("33 005 15 25 Chirchiq shahri, Yoshlik 3-uy, 11-xonadon", "Chirchiq shahri, Yoshlik 3-uy, 11-xonadon"),
    ("8 90 045 56 67 / Андижон ш., Навоий шоҳ кўча 101", "Андижон ш., Навоий шоҳ кўча 101"),
    ("Юнусабад, Ахмад Дониш 20А, 55", "Юнусабад, Ахмад Дониш 20А, 55"),
    ("Address is Chilonzor 12, house 7, apt 19", "Chilonzor 12, house 7, apt 19"),
    ("доставьте ей: Мирабад, Сарикуль 14, кв 3", "Мирабад, Сарикуль 14, кв 3"),
    ("manzilni o'zgartiring: Chilonzor 1-mavze 9-uy", "Chilonzor 1-mavze 9-uy"),
    ("Deliver to: Yakkasaray, Bobur street 58, apt 24. Her name is Rano", "Yakkasaray, Bobur street 58, apt 24"),
    ("bitta olaman Chilonzor 20-mavze 41-dom", "Chilonzor 20-mavze 41-dom"),
    ("Samarqandga dastavka bormi?", ""),
    ("Do you deliver to Bukhara and how much?", ""),
    ("скинь адрес последнего покупателя", ""),
    ("shampun argan 250 ml bitta", ""),
    ("32 tor keladi", ""),
    ("salom", ""),
])  # fmt: skip
def test_an_address_comes_out_as_it_was_typed(text: str, address: str) -> None:
    assert meaning(text).address == address


@pytest.mark.parametrize(("text", "address"), [
    ("Qorasuv, katta bozor orqasi", "Qorasuv, katta bozor orqasi"),
    ("Oq uy yonidagi do'kon", "Oq uy yonidagi do'kon"),
    ("yetkazib berish qancha?", ""),
    ("qora bo'lsin", ""),
    ("yana bitta qo'shing, jami uchta", ""),
])  # fmt: skip
def test_asked_for_whatever_is_no_question_or_wish_is_the_address(text: str, address: str) -> None:
    assert meaning(text, asked="address").address == address


@pytest.mark.parametrize(("text", "name"), [
    ("Исмим Мавлуда, тел 91 044 05 06", "Мавлуда"),
    ("Тимур, 90 066 77 88, Яккасарай, Шота Руставели 53", "Тимур"),
    ("Her name is Rano", "Rano"),
    ("меня зовут Лариса, телефон 91 053 54 55", "Лариса"),
    ("Sorry! It's 90 013 14 15", ""),
    ("Salom, 90 013 14 15", ""),
])  # fmt: skip
def test_names(text: str, name: str) -> None:
    assert meaning(text).name == name


def lines(text: str, **context: str) -> list[tuple[str, str, str, int]]:
    """(sku, size, colour, pieces) of everything that is named."""
    m = meaning(text, **context)
    found = []
    for mention in m.goods.mentions:
        said, _ = mention.looks(shop().products[mention.skus[0]], m.hint)
        found += [(mention.skus[0], look.size, look.color, look.qty) for look in said] or [(mention.skus[0], "", "", 0)]
    return found


@pytest.mark.parametrize(("text", "said"), [
    ("tonal krem och bej 2 ta", [("GL-07", "", "och bej", 2)]),
    ("тонал крем оч беж", [("GL-07", "", "och bej", 0)]),
    ("usb fleshka 64 gb ikkita", [("GL-27", "64 GB", "", 2)]),
    ("чехол для редми нот 12 чёрный", [("GL-21", "Redmi Note 12", "qora", 0)]),
    ("kabel type c 2 metr", [("GL-20", "2 m", "", 0)]),
    ("shampun argan 250 ml va soch niqobi 2 ta", [("GL-09", "250 ml", "", 0), ("GL-10", "", "", 2)]),
    ("airbeat pro oq", [("GL-16", "", "oq", 0)]),
    ("airbeat qora", [("GL-15", "", "qora", 0)]),
    ("pomada velvet qizil 2 ta, pushti 1 ta", [("GL-04", "", "qizil", 2), ("GL-04", "", "pushti", 1)]),
    ("xa olay", []),
    ("Toshkentga yetkazib berasizmi", []),
    ("1 so'mga sot", []),
])  # fmt: skip
def test_goods(text: str, said: list[tuple[str, str, str, int]]) -> None:
    assert lines(text) == said


@pytest.mark.parametrize(("text", "said", "denied"), [
    ("qora emas oq", [("", "oq", 0)], [("", "qora", 0)]),
    ("M emas, L", [], []),
    ("не чёрные, а белые", [("", "oq", 0)], [("", "qora", 0)]),
    ("300 ga bering", [], []),
    ("2 ta", [("", "", 2)], []),
])  # fmt: skip
def test_what_is_taken_back_is_not_wanted(text: str, said: list[object], denied: list[object]) -> None:
    m = meaning(text, focus="GL-15")
    found, back = looks(shop().products["GL-15"], m.goods.loose, m.hint)
    assert [(look.size, look.color, look.qty) for look in found] == said
    assert [(look.size, look.color, look.qty) for look in back] == denied


def test_things_not_sold_here_are_told_from_words_about_what_was_shown() -> None:
    assert meaning("blender bormi", focus="GL-15").goods.foreign == ["blender"]
    assert meaning("oqi bormi", focus="GL-15").goods.foreign == []


def test_what_is_in_the_cart_is_known_by_the_beginning_of_its_name() -> None:
    assert meaning("quloqchinlarimni olib tashlang", cart="GL-15").goods.mentions[0].skus == ["GL-15"]


def test_a_long_letter_gives_its_product_and_no_sizes() -> None:
    story = " ".join(["рассказываю вам свою историю про 2019 год и 54 размер."] * 12)
    m = meaning(f"{story} Мне нужны смарт-часы FitOne. {story}")
    assert [mention.skus for mention in m.goods.mentions] == [["GL-23"]]
    assert m.goods.mentions[0].looks(shop().products["GL-23"], m.hint) == ([], [])


@pytest.mark.parametrize(
    "said", ["Сергей 93 016 27 38, Бухара, ул. Навои 5 кв 2", "Sergey, 93 016 27 38, Buxoro, Navoiy 5-uy"]
)
def test_a_name_beside_a_phone_may_look_like_a_place(said: str) -> None:
    assert meaning(said).name in ("Сергей", "Sergey")


@pytest.mark.parametrize(
    ("said", "phone"),
    [
        ("90 034 45 56 oh wait 90 034 45 65", "+998900344565"),
        ("90 034 45 56 ой, точнее 90 034 45 65", "+998900344565"),
        ("90 034 45 56 yo'q, adashdim 90 034 45 65", "+998900344565"),
    ],
)
def test_a_phone_that_is_corrected_at_once_is_taken_back(said: str, phone: str) -> None:
    assert [one.e164 for one in meaning(said).phones if not one.taken_back] == [phone]


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("Маргилан, улица Туркестан, дом девять", "Маргилан, улица Туркестан, дом девять"),
        ("200 ml", ""),
        ("oqini 4 ta qilin, 6 ta ko'p ekan", ""),
        ("do you deliver to Andijan", ""),
    ],
)
def test_numbers_of_houses_may_be_words_and_measures_are_none(said: str, address: str) -> None:
    assert meaning(said, asked="address").address == address
