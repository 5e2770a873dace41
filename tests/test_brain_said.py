"""How many of what: a number of each, one taken back, fewer, another thing in place of one; nothing is lost of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of

CARD = ("MD-36", "qora")


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("karkade va shisha choynakdan uchtadan bering", 3),
        ("каркаде, шиша чойнак - 4 тадан", 4),
        ("каркаде и стеклянный чайник по 2 шт", 2),
        ("по 3 шт: каркаде, стеклянный чайник", 3),
        ("2 each of karkade and shisha choynak", 2),
    ],
)
async def test_a_number_of_each_is_of_all_that_is_named(db: database.Tx, tmp_path: Path, said: str, count: int) -> None:
    assert await cart_of(db, tmp_path, "kofe", said) == [("KF-18", "", count), ("KF-39", "", count)]


async def test_a_number_of_its_own_is_kept_beside_one_of_each(db: database.Tx, tmp_path: Path) -> None:
    found = await cart_of(db, tmp_path, "kofe", "karkade 5 ta, shisha choynak 2 tadan ko'p emas, 1 ta")
    assert ("KF-18", "", 5) in found


@pytest.mark.parametrize(
    "said",
    [
        "karta hamyoni qora 2 ta, yo'q 3 ta kerak",
        "қора карта ҳамёни 2 та... йўғе 3 та",
        "картхолдер чёрный 2 шт, нет, лучше 3 шт",
        "2 black card holders, no wait, 3",
    ],
)
async def test_the_second_number_takes_back_the_first(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "libos", said) == [(*CARD, 3)]


async def test_a_number_for_what_may_be_out_takes_nothing_back(db: database.Tx, tmp_path: Path) -> None:
    found = await cart_of(db, tmp_path, "libos", "karta hamyoni qora 2 ta, yo'q bo'lsa jigarrang 3 ta")
    assert (*CARD, 3) not in found


@pytest.mark.parametrize(
    ("said", "left"),
    [("bitta kam qiling", 3), ("на одну меньше", 3), ("на две меньше", 2), ("one less please", 3), ("иккита кам", 2)],
)
async def test_so_many_fewer_go_out_of_what_there_is(db: database.Tx, tmp_path: Path, said: str, left: int) -> None:
    assert await cart_of(db, tmp_path, "libos", "karta hamyoni qora 4 ta olaman", said) == [(*CARD, left)]


@pytest.mark.parametrize(
    "said",
    [
        "shisha choynak o'rniga 2 ta karkade qo'ying",
        "стеклянный чайник не надо, давайте каркаде 2 шт",
        "yo'q, shisha choynak emas karkade 2 ta",
    ],
)
async def test_one_thing_in_place_of_another(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "kofe", "shisha choynak 3 ta kerak", said) == [("KF-18", "", 2)]


@pytest.mark.parametrize("said", ["shisha choynakni bekor qiling", "шиша чойнакни бекор қилинг", "отмените чайник"])
async def test_cancelling_one_thing_leaves_the_others(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "kofe", "karkade 2 ta, shisha choynak 1 ta", said) == [("KF-18", "", 2)]


async def test_cancelling_the_order_takes_out_all(db: database.Tx, tmp_path: Path) -> None:
    assert not await cart_of(db, tmp_path, "kofe", "karkade 2 ta, shisha choynak 1 ta", "zakazni bekor qiling")


@pytest.mark.parametrize(
    "said",
    [
        "3 ta ko'k katak pidjak razmeri 56 va 1 ta kulrang palto 52 razmer",
        "катак пиджак кўк размери 56 3 та, кулранг палто 52 размер 1 та",
    ],
)
async def test_a_size_by_its_word_is_ordered(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "libos", said) == [("MD-13", "56/ko'k", 3), ("MD-20", "52/kulrang", 1)]


async def test_a_bare_count_before_a_size_is_counted(db: database.Tx, tmp_path: Path) -> None:
    said = "3 size 54 beige linen suits and 2 size 46"
    assert await cart_of(db, tmp_path, "libos", said) == [("MD-11", "46/bej", 2), ("MD-11", "54/bej", 3)]


@pytest.mark.parametrize(
    ("shop", "said", "line"),
    [
        ("ip", "5 ta adras mato va 2 ta xonatlas mato", ("IP-31", "", 5)),
        ("oyoq", "2 ta mehmonlar uchun shippak va 3 ta mokasin bej 39 razmer", ("OQ-32", "", 2)),
        ("kofe", "karkade bilan shisha choynak kerak, to'rttadan", ("KF-39", "", 4)),
    ],
)
async def test_words_of_the_name_ask_and_count_nothing_else(
    db: database.Tx, tmp_path: Path, shop: str, said: str, line: tuple[str, str, int]
) -> None:
    assert line in await cart_of(db, tmp_path, shop, said)


async def test_two_counts_joined_by_with(db: database.Tx, tmp_path: Path) -> None:
    said = "ikkita karkade bilan uchta shisha choynak olaman"
    assert await cart_of(db, tmp_path, "kofe", said) == [("KF-18", "", 2), ("KF-39", "", 3)]


async def test_a_big_one_is_no_misfit_where_it_is_called_so(db: database.Tx, tmp_path: Path) -> None:
    assert await cart_of(db, tmp_path, "komp", "5 ta katta gilamcha kerak") == [("KM-26", "", 5)]


async def test_a_corrected_number_in_the_cart(db: database.Tx, tmp_path: Path) -> None:
    assert await cart_of(db, tmp_path, "libos", "3 black card holders", "sorry, 2 not 3") == [(*CARD, 2)]


@pytest.mark.parametrize(
    ("shop", "said", "line"),
    [
        ("komp", "3 gaming mouse in black please", ("KM-20", "qora", 3)),
        ("oyoq", "I want 2 flat sandals in white size 37", ("OQ-19", "37/oq", 2)),
        ("oyoq", "3 house slippers in grey size 42-43 please", ("OQ-30", "42-43/kulrang", 3)),
    ],
)
async def test_a_word_before_the_thing_only_tells_of_it(
    db: database.Tx, tmp_path: Path, shop: str, said: str, line: tuple[str, str, int]
) -> None:
    assert await cart_of(db, tmp_path, shop, said) == [line]
