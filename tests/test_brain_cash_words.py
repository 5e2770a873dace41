"""Words for cash, and words for goods that begin like them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of, said_in


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ("дверь классик венге 80 одну и наличник венге 5 шт", [("EK-01", "80 sm/venge", 1), ("EK-10", "venge", 5)]),
        ("oq nalichnik 5 ta va oq korobka 1 ta kerak", [("EK-09", "oq", 1), ("EK-10", "oq", 5)]),
        ("мне коробку белую одну и наличники белые 10 шт", [("EK-09", "oq", 1), ("EK-10", "oq", 10)]),
    ],
)
async def test_goods_that_begin_like_cash(
    db: database.Tx, tmp_path: Path, said: str, lines: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, "eshik", said) == lines


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("eshik", "можно наличный расчёт", "наличными водителю"),
        ("eshik", "наличными принимаете?", "наличными водителю"),
        ("eshik", "nalichniy bilan bo'ladimi", "naqd"),
        ("sumka", "nalichnimi mojno?", "naqd"),
        ("sumka", "за наличку можно?", "налич"),
    ],
)
async def test_cash_is_heard(db: database.Tx, tmp_path: Path, shop: str, said: str, told: str) -> None:
    text, _ = await said_in(db, tmp_path, shop, said)
    assert told in text
