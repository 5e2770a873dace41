"""Which size fits, by what the shop wrote itself: beside the sizes of a thing, or in an answer of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agent.brain_rules.meant_for import size_for
from kit import db as database
from shop.catalogue import Product, read_rows
from tests import talk
from tests.talking import cart_of, said_in

_ANY = read_rows(talk.HERE / "dialogues" / "tent" / "catalog.csv")[0][0].product
_CARS = "M — Matiz, Spark; L — Nexia, Cobalt; XL — Malibu"
_WAIST = "Bel aylanasi: M 70-85 sm, L 86-100 sm. Обхват талии"
_WEIGHT = "By weight: up to 55 kg S, 55–65 kg M, 65–77 kg L."


def _thing(description: str) -> Product:
    return replace(_ANY, title_uz="Chexol", title_ru="Чехол", description=description, sizes=("S", "M", "L", "XL"))


@pytest.mark.parametrize(
    ("description", "said", "size"),
    [
        (_CARS, "neksiyaga qaysi biri tushadi", "L"),
        (_CARS, "на спарк какой размер", "M"),
        (_CARS, "кобальтга қайси размер", "L"),
        (_CARS, "which one for a malibu", "XL"),
        (_CARS, "chexol qaysi razmer", ""),
        (_CARS, "neksiya bilan sparkga qaysi biri", ""),
        (_WAIST, "талия 92 см", "L"),
        (_WAIST, "belim 84 santimetr", "M"),
        (_WAIST, "my waist is 120 cm", ""),
        ("Qalin mato", "vaznim 72 kilo", "L"),
        ("Qalin mato", "i am 50 kg", "S"),
        ("Qalin mato", "i am tall", ""),
    ],
)
def test_the_shop_wrote_which_size(description: str, said: str, size: str) -> None:
    assert size_for(_thing(description), said, [_WEIGHT]) == size


@pytest.mark.parametrize(
    "taken", ["o'sha razmerdan bitta yozing", "шу размердан битта ёзинг", "одну такого же размера", "one in that size"]
)
async def test_the_size_that_fits_is_the_one_that_is_taken(db: database.Tx, tmp_path: Path, taken: str) -> None:
    said = ("mashina tenti kerak, cobaltga qaysi razmeri bo'ladi", taken)
    assert await cart_of(db, tmp_path, "tent", *said) == [("TN-44", "L", 1)]


async def test_a_size_for_what_is_wanted_is_told_before_it_is_laid(db: database.Tx, tmp_path: Path) -> None:
    text, held = await said_in(db, tmp_path, "tish", "бандаж для поясницы нужен, талия 75 см, какой размер брать")
    assert held == [] and "M" in text
