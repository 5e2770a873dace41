"""Several things in one breath: each is told or laid, what is only spoken of beside them is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of, said_in


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        (
            "moto",
            "420 zanjir bilan zanjirga sepadigan moy olmoqchiman bittadan. Ikkalasi nechpulga tushadi?",
            [("MT-26", "", 1), ("MT-33", "", 1)],
        ),
        (
            "akvarium",
            "menga akvarium kerak edi yigirma litrlik oqidan bitta keyin F ikki yuz ichki filtrdan ham bitta"
            " hammasi qanchaga tushadi",
            [("AK-01", "oq", 1), ("AK-29", "", 1)],
        ),
        (
            "printer",
            "two packs of A4 glossy photo paper and one black Epson 103 ink, how much is that together?",
            [("PR-21", "qora", 1), ("PR-38", "A4", 2)],
        ),
        (
            "suv",
            "two packs of 0.5 l still water and a white electric pump, please",
            [("SU-06", "gazsiz", 2), ("SU-14", "oq", 1)],
        ),
        (
            "printer",
            "broshyuratorga plastik prujina kerak edi o'n millimetrlik qorasidan ikki pachka yana o'n to'rt"
            " millimetrlik oqidan bir pachka hammasi qancha bo'ladi",
            [("PR-51", "10 mm/qora", 2), ("PR-51", "14 mm/oq", 1)],
        ),
        (
            "zoo",
            "akvarium isitgichi ellik vattligidan bitta va yuz vattligidan ham bitta ikkalasi qancha turadi",
            [("ZO-20", "100 W", 1), ("ZO-20", "50 W", 1)],
        ),
    ],
)
async def test_each_is_laid(
    db: database.Tx, tmp_path: Path, shop: str, said: str, cart: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, said) == cart


@pytest.mark.parametrize(
    ("shop", "said", "told", "not_told"),
    [
        ("akvarium", "грунт чистить qiladigan sifon почём", "45 000", "28 000"),
        ("akvarium", "oyna tozalaydigan som bormi nechpul", "28 000", "35 000"),
        ("matras", "beshik karavotga matras bormi 60x120, narxi qanaqa", "420 000", "980 000"),
        ("printer", "у меня канон mf3010 стоит, какой к нему картридж подходит?", "95 000", "2 900 000"),
        ("printer", "i have a canon mf3010, which cartridge fits it and how much?", "95 000", "2 900 000"),
        ("shina", "газел балони 185/75 R16 канча турипти", "850 000", "95 000"),
        ("zoo", "how much is the wheel for a hamster?", "42 000", "195 000"),
    ],
)
async def test_what_is_asked_for_is_told(
    db: database.Tx, tmp_path: Path, shop: str, said: str, told: str, not_told: str
) -> None:
    text, _ = await said_in(db, tmp_path, shop, said)
    assert told in text and not_told not in text
