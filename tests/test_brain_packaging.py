"""What of several is meant by how big it is, numbers that were too many, and what is asked on of the shop's answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from shop.search import english
from tests.talking import cart_of, said_in

# ---- the big, the small, the high ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "fact", "never"),
    [
        ("sovga", "lagan\nkatta\nnechpul", "320 000", "180 000"),
        ("qadoq", "крафт пакет\nkatta ruchkali\nskolko", "4 000", "2 000"),
        ("qadoq", "sovg'a qutisi\no'rtasi\nnarxi", "18 000", "28 000"),
        ("qadoq", "what does a gift box cost, the medium one", "18 000", "12 000"),
        ("santex", "oshxona mikseri\nbalandi\nqancha", "285 000", "195 000"),
        ("santex", "смеситель для кухни Delmar, низкий, цена?", "195 000", "285 000"),
    ],
)
async def test_how_big_it_is_tells_which(
    db: database.Tx, tmp_path: Path, shop: str, said: str, fact: str, never: str
) -> None:
    answer, _ = await said_in(db, tmp_path, shop, said)
    assert fact in answer and never not in answer


@pytest.mark.parametrize(
    ("shop", "said", "order"),
    [
        (
            "qadoq",
            "подарочные коробки, маленькие нам тесные, большие наоборот велики, так что средние чёрные, семь штук",
            [("QD-07", "qora", 7)],
        ),
        (
            "santex",
            "смеситель для кухни Delmar чёрный, низкий нам неудобно, так что с высоким изливом, две штуки",
            [("ST-01", "qora", 2)],
        ),
        (
            "sovga",
            "g'ijduvon lagani, kichigi kamlik qiladi, kattasidan yashil bitta bering",
            [("SV-02", "yashil", 1)],
        ),
        (
            "gul",
            "шляпная коробка с розами красная, одну большую и две маленькие",
            [("GL-16", "qizil", 1), ("GL-15", "qizil", 2)],
        ),
    ],
)
async def test_what_does_not_fit_is_not_taken(
    db: database.Tx, tmp_path: Path, shop: str, said: str, order: list[tuple[str, str, int]]
) -> None:
    assert sorted(await cart_of(db, tmp_path, shop, said)) == sorted(order)


# ---- so many are too many --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "order"),
    [
        ("qadoq", ("kapkeyk qutisi 6 talikdan 30 dona", "kapkeyknikini yigirmata qilaqoling o'ttiz ko'p ekan"), 20),
        ("sovga", ("ko'k sopol kosa o'nta", "sakkizta qiling o'nta ko'plik qiladi"), 8),
        ("sovga", ("синяя каса 10 штук", "сделайте 8, 10 многовато"), 8),
        ("sovga", ("2 кружки синие", "двух не хватит, давайте 4"), 4),
        ("sovga", ("10 blue bowls for soup", "make it 8 10 is too many"), 8),
    ],
)
async def test_the_number_that_is_too_many_is_the_old_one(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, str], order: int
) -> None:
    assert [qty for *_, qty in await cart_of(db, tmp_path, shop, *said)] == [order]


# ---- one goes, of another the number changes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "first", "then", "order"),
    [
        (
            "sovga",
            "sopol piyola yashil 5 ta va jigarrang 6 ta kerak, yana klatch qora",
            "klatchni olib tashlang, jigarrangi 8 ta bolsin",
            [("SV-04", "jigarrang", 8), ("SV-04", "yashil", 5)],
        ),
        (
            "gul",
            "lola 15 talik sarig'idan 1 ta pushtisidan 2 ta, bobo shar bitta",
            "шар уберите, pushtisi 3 ta bo'lsin",
            [("GL-06", "pushti", 3), ("GL-06", "sariq", 1)],
        ),
    ],
)
async def test_the_colour_that_is_said_is_the_one_that_changes(
    db: database.Tx, tmp_path: Path, shop: str, first: str, then: str, order: list[tuple[str, str, int]]
) -> None:
    assert sorted(await cart_of(db, tmp_path, shop, first, then)) == sorted(order)


# ---- asked on --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "first", "then", "fact"),
    [
        ("qadoq", "kraft paketga logotip bosib bera olasizlarmi", "qancha vaqtda tayyor bo'ladi", "5 ish kunida"),
        ("qadoq", "Крафт идишни микротўлқинга қўйса бўладими", "фолгалисини-чи", "мумкин эмас"),
        ("sovga", "Можно гравировку на кошелёк?", "а долго делать?", "1 день"),
        ("sovga", "Can you engrave a name?", "and how much is it?", "for free"),
        ("santex", "Гарантия есть?", "а на бойлер?", "5 лет"),
        ("santex", "o'rnatib berasizlarmi", "boylerni-chi", "150 000"),
        ("santex", "Do you install?", "and a toilet?", "150,000"),
    ],
)
async def test_the_answer_is_told_again(
    db: database.Tx, tmp_path: Path, shop: str, first: str, then: str, fact: str
) -> None:
    answer, cart = await said_in(db, tmp_path, shop, first, then)
    assert fact in answer and not cart


@pytest.mark.parametrize(
    ("shop", "said", "never"),
    [
        ("sovga", ("charm kamarga ism yozib bera olasizlarmi", "necha kunda yetib keladi"), "sovun"),
        ("sovga", ("Can you engrave a name?", "how long does delivery to Samarkand take?"), "engrave"),
        ("gilam", ("necha kunda yetib keladi",), "Ipak gilam"),
        ("oyin", ("qaytaring desam qaytarasizlarmi",), "Yumshoq"),
    ],
)
async def test_words_of_every_day_name_nothing(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], never: str
) -> None:
    answer, _ = await said_in(db, tmp_path, shop, *said)
    assert never not in answer


@pytest.mark.parametrize(
    ("shop", "first", "then"),
    [
        ("sovga", "charm kamar bormi", "rahmat, bilib oldim"),
        ("santex", "бойлер 50 л қанча", "раҳмат, тушуниб олдим"),
        ("oyoq", "ayollar baletkasi qancha", "tushunib oldim, rahmat"),
        ("santex", "сифон бутылочный почём?", "буду знать, спасибо"),
    ],
)
async def test_who_has_learnt_it_orders_nothing(
    db: database.Tx, tmp_path: Path, shop: str, first: str, then: str
) -> None:
    _, cart = await said_in(db, tmp_path, shop, first, then)
    assert not cart


# ---- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ("Packing tape: shaffof прозрачный (clear) va jigarrang коричневый (brown)", ("Packing tape",)),
        ("Bath towels: oq белый (white), ko'k синий (blue)", ("Bath towels",)),
        ("Ranglari: oq белый (white), qora чёрный (black)", ()),
    ],
)
def test_an_english_name_stands_before_what_it_comes_in(told: str, names: tuple[str, ...]) -> None:
    assert english.names(told) == names


async def test_of_tapes_the_brown_one(db: database.Tx, tmp_path: Path) -> None:
    said = ("what's the biggest cardboard box and its price?", "ok 10 of those and 2 rolls of brown tape")
    assert sorted(await cart_of(db, tmp_path, "qadoq", *said)) == [("QD-04", "", 10), ("QD-34", "jigarrang", 2)]


async def test_a_gift_box_is_a_thing(db: database.Tx, tmp_path: Path) -> None:
    assert await cart_of(db, tmp_path, "qadoq", "gift box, medium, black, 3 pcs") == [("QD-07", "qora", 3)]


# ---- what was listed and is not wanted -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "never"),
    [
        ("kofe", ("кофе в зёрнах 1 кг 2 пачки и фильтры, сколько всё", "фильтры не надо"), "V60"),
        ("santex", ("oshxona mikseri qancha", "mikser kerak emas ekan"), "Delmar"),
        (
            "hovli",
            ("pool 3 m and a pump for it how much altogether", "the pump is not needed then, just the pool"),
            "nasos",
        ),
    ],
)
async def test_what_is_refused_is_listed_no_more(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], never: str
) -> None:
    answer, _ = await said_in(db, tmp_path, shop, *said)
    assert never not in answer


async def test_beside_what_is_refused_a_number_changes(db: database.Tx, tmp_path: Path) -> None:
    said = ("lola 15 talik sarig'idan 1 ta pushtisidan 2 ta, ayiqcha oq", "ayiqcha kerakmas, sarig'i 4 ta bo'lsin")
    assert await cart_of(db, tmp_path, "gul", *said) == [("GL-06", "pushti", 2), ("GL-06", "sariq", 4)]
    said = ("xaskash bitta va shlang 20 m", "shlang kerakmas, xaskashni 3 ta qiling")
    answer, _ = await said_in(db, tmp_path, "dala", *said)
    assert "× 3" in answer and "× 1" not in answer


async def test_so_many_of_a_list_are_asked_for(db: database.Tx, tmp_path: Path) -> None:
    said = ("I need a kitchen mixer", "ok 2 of those and a hose for the shower 2 m")
    answer, cart = await said_in(db, tmp_path, "santex", *said)
    assert "285 000" in answer and "195 000" in answer and cart == [("ST-08", "2 m", 1)]


@pytest.mark.parametrize(
    ("shop", "said", "facts"),
    [
        ("beshik", "салфетки 3, до Самарканда сколько", ("55 000", "22 000")),
        ("gul", "mangu gul kolbada, Samarqandga qancha", ("45 000", "320 000")),
    ],
)
async def test_to_a_place_how_much(
    db: database.Tx, tmp_path: Path, shop: str, said: str, facts: tuple[str, ...]
) -> None:
    answer, _ = await said_in(db, tmp_path, shop, said)
    assert all(fact in answer for fact in facts)


async def test_a_set_is_none_of_what_it_holds(db: database.Tx, tmp_path: Path) -> None:
    said = "piyola ko'kidan 3 ta, yashilidan 5 ta"
    assert await cart_of(db, tmp_path, "sovga", said) == [("SV-04", "ko'k", 3), ("SV-04", "yashil", 5)]
