"""What came broken is staff's, whatever is asked in anger beside it; and so is who wants to hear the shop's chief."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import said_in

CALLED = ("xodimimizga", "ходимимизга", "сотруднику", "person of our team")


@pytest.mark.parametrize(
    ("shop", "said"),
    [
        (
            "bozor",
            "Бугунги тухумларингизни ўн донаси ёрилган чиқди, шунақа ҳам сотасизларми одамга! Каттангизга айтинг",
        ),
        ("bozor", "tuxumlarning o'ntasi yorilgan chiqdi, shunaqasini ham sotasizlarmi"),
        ("bozor", "половина яиц разбитая приехала, как так можно"),
        ("dala", "ketmoningiz siniq keldi, egangizga ayting o'zi yozsin"),
        ("libos", "скажите хозяину пусть сам мне напишет"),
        ("libos", "xo'jayiningizga ayting menga o'zi yozsin"),
        ("sumka", "the bag came torn, tell your boss to write to me"),
    ],
)
async def test_a_person_is_called(db: database.Tx, tmp_path: Path, shop: str, said: str) -> None:
    told, cart = await said_in(db, tmp_path, shop, said)
    assert any(one in told for one in CALLED) and not cart


@pytest.mark.parametrize(
    ("shop", "said"),
    [
        ("bozor", "tuxumning kattasidan bormi"),
        ("bozor", "если яйца разбитые придут, замените?"),
        ("dala", "ketmon singan bo'lsa almashtirasizmi"),
    ],
)
async def test_nobody_is_called_for_what_is_only_asked(db: database.Tx, tmp_path: Path, shop: str, said: str) -> None:
    told, _ = await said_in(db, tmp_path, shop, said)
    assert not any(one in told for one in CALLED)
