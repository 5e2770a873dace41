"""A product called by its whole title or article, copied from a post or a list: no word or number in it says more."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from shop.catalogue import read_rows
from shop.search.whole import Whole
from tests import script
from tests.talking import cart_of, said_in

DAFTAR = Whole(row.product for row in read_rows(script.FOLDER / "daftar" / "catalog.csv")[0])


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        ("daftar", ["Rangli qalam 12 ta kerak"], [("DF-13", "", 1)]),
        ("daftar", ["карандаши цветные 24 шт возьму 2 упаковки"], [("DF-14", "", 2)]),
        ("daftar", ["Rangli qalam 12 ta - 2 ta, Rangli qalam 24 ta - 3 ta"], [("DF-13", "", 2), ("DF-14", "", 3)]),
        ("daftar", ["2+2=4? Rangli qalam 12 ta = 1 ta"], [("DF-13", "", 1)]),
        ("gul", ["Lola guldastasi 15 ta, sarig'idan", "bitta"], [("GL-06", "sariq", 1)]),
        ("pijama", ["Пижама женская хлопок, с брюками\nM, розовая, 1 шт"], [("PJ-01", "M/pushti", 1)]),
        ("pijama", ["Erkaklar pijamasi paxta, shim bilan qancha?", "L kulrang 2 ta"], [("PJ-14", "L/kulrang", 2)]),
        ("salomat", ["Tinchlantiruvchi o't choyi 20 paket kerak"], [("SM-39", "", 1)]),
        ("salomat", ["glyukometr to'plami, 10 ta poloska bilan, 2 ta bering"], [("SM-17", "", 2)]),
        ("atir", ["AT-01 kerak"], [("AT-01", "", 1)]),
        ("atir", ["AT-03 dan 2 ta va AT-04 dan bitta bering"], [("AT-03", "", 2), ("AT-04", "", 1)]),
        ("santex", ["есть st-40?", "беру"], [("ST-40", "", 1)]),
        ("salomat", ["how much is SM-39?", "ok, 3 please"], [("SM-39", "", 3)]),
        # options as they stand on the buttons
        ("chiroq", ["Avtomat bir qutbli kerak", "16A"], [("YG-40", "16A", 1)]),
        ("chiroq", ["Avtomat bir qutbli 3 ta kerak", "25A"], [("YG-40", "25A", 3)]),
        ("salon", ["Oksid Lumera 1 l kerak", "9%"], [("SA-21", "9%", 1)]),
        ("kitob", ["тетрадь на кольцах А5 нужна", "80 varaq pushti"], [("KT-05", "80 varaq/pushti", 1)]),
        ("muz", ["Pelmeni 1 kg kerak", "mol go'shti"], [("MZ-10", "mol go'shti", 1)]),
    ],
)
async def test_a_title_an_article_and_an_option_word_for_word(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], cart: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, *said) == cart


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Rangli qalam 12 ta bormi", [(0, 18, "DF-13")]),
        ("rangli qalam bormi", []),
        ("DF-13 va df-14", [(0, 5, "DF-13"), (9, 14, "DF-14")]),
        ("come at df 13", []),
    ],
)
def test_where_it_stands(said: str, found: list[tuple[int, int, str]]) -> None:
    assert DAFTAR.find(said) == found


@pytest.mark.parametrize(
    "said",
    [
        "adras nimcha M 2 ta atlas chopon S 1 ta olaman",
        "2 ta adras nimcha M 1 ta atlas chopon S olaman",
        "Adras nimcha M 2 ta Atlas chopon ayollar S 1 ta olaman",
    ],
)
async def test_what_is_counted_beside_a_whole_title(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "hijob", said) == [("HJ-17", "S", 1), ("HJ-19", "M", 2)]


@pytest.mark.parametrize(
    "said", ["Atlas chopon ayollar bilan nimcha, qaysi biri arzon", "бекасам чопон билан адрас нимча, қайсиси қиммат"]
)
async def test_a_whole_title_with_another_thing(db: database.Tx, tmp_path: Path, said: str) -> None:
    told, cart = await said_in(db, tmp_path, "hijob", said)
    assert "280 000" in told
    assert "hopon" in told
    assert "hegirma" not in told and "егирма" not in told
    assert not cart


@pytest.mark.parametrize(
    ("said", "cart"),
    [
        (["1. Rangli qalam 12 ta\n2. Rangli qalam 24 ta olaman"], [("DF-13", "", 1), ("DF-14", "", 1)]),
        (["Rangli qalam 12 ta - 2 ta, va Rangli qalam 24 ta\nyetkazib bering"], [("DF-13", "", 2), ("DF-14", "", 1)]),
        (["Rangli qalam 12 ta 19\nRangli qalam 24 ta 36 olaman"], [("DF-13", "", 1), ("DF-14", "", 1)]),
    ],
)
async def test_a_list_that_was_copied(
    db: database.Tx, tmp_path: Path, said: list[str], cart: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, "daftar", *said) == cart


@pytest.mark.parametrize("said", ["Rangli qalam 12 ta kerak. Bobur 25", "Карандаши цветные 12 шт беру, Ахунбабаева 33"])
async def test_a_street_beside_a_title_is_no_count(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "daftar", said) == [("DF-13", "", 1)]


async def test_a_count_before_a_title_is_kept(db: database.Tx, tmp_path: Path) -> None:
    assert await cart_of(db, tmp_path, "pijama", "2 Erkaklar pijamasi paxta, shim bilan L kulrang") == [
        ("PJ-14", "L/kulrang", 2)
    ]
