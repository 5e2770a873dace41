"""Whether one thing fits another is asked of the one in view; the other is not ordered by a yes."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of, said_in


@pytest.mark.parametrize(
    ("shop", "asked", "yes", "left"),
    [
        ("osimlik", "gul tagligi yog'och bitta tuvakka, 25 sm li tuvak sig'adimi", "olaman", ("OS-39", "", 1)),
        ("osimlik", "do you have a wooden plant stand? does a 25 cm pot fit on it?", "one please", ("OS-39", "", 1)),
        ("qulf", "домофон трубка есть? к видеодомофону подойдёт?", "беру", ("QF-38", "", 1)),
        ("sumka", "chemodan uchun qulf bormi? ryukzakka ham tushadimi", "1 ta oling", ("KS-10", "", 1)),
        ("sumka", "чемодан учун қулф борми? рюкзакка ҳам тушадими", "1 та олинг", ("KS-10", "", 1)),
        ("sumka", "2 code locks please, do they fit the travel backpack?", "that is all", ("KS-10", "", 2)),
        ("isitgich", "gaz plita 2 konforkali oqi 1 ta olaman, balonga ham to'g'ri keladimi?", "ha", ("IS-14", "oq", 1)),
    ],
)
async def test_the_other_thing_is_not_bought(
    db: database.Tx, tmp_path: Path, shop: str, asked: str, yes: str, left: tuple[str, str, int]
) -> None:
    assert await cart_of(db, tmp_path, shop, asked, yes) == [left]


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("osimlik", ("деревянная подставка на один горшок, 25 см горшок поместится?",), "25 sm gacha"),
        ("komp", ("do you have a laptop backpack? will a 15.6 laptop fit in it?",), "15.6 va 17"),
        ("qulf", ("трубка для домофона есть?", "к видеодомофону подойдёт?"), "сотрудник"),
        ("sumka", ("chemodan uchun qulf bormi?", "ryukzakka ham tushadimi?"), "xodim"),
        ("isitgich", ("gaz plita 2 konforkali bormi", "balonga ham to'g'ri keladimi?"), "jikl"),
        ("isitgich", ("плита газовая 2 конфорки есть?", "а к баллону подойдёт?"), "жикл"),
    ],
)
async def test_it_is_answered_by_the_shop_or_by_who_knows(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], told: str
) -> None:
    text, held = await said_in(db, tmp_path, shop, *said)
    assert told in text and held == []


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("sumka", ("дорожный рюкзак чёрный есть?", "а кодовый замок к нему подойдёт?"), "Замок кодовый"),
        ("libos", ("джинсовая рубашка есть?", "а брюки чинос 48 мне подойдут?"), "Брюки чинос (48)"),
        ("libos", ("jinsi ko'ylak bormi, M menga tushadimi",), "Jinsi ko'ylak (M)"),
    ],
)
async def test_what_may_be_bought_itself_is_told(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], told: str
) -> None:
    assert told in (await said_in(db, tmp_path, shop, *said))[0]
