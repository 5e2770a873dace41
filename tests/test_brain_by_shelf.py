"""The kind of what is in view, with a colour it comes in: that thing, though others have the word in their titles."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import said_in


@pytest.mark.parametrize(
    ("asked", "said", "cart"),
    [
        ("nokia 105 bormi", "telefoni qora bo'lsin", [("TF-22", "qora", 1)]),
        ("нокиа 110 почём", "телефон чёрный беру", [("TF-23", "qora", 1)]),
        ("айфон 12 бу бормиди", "телефони оқ бўлсин", [("TF-18", "oq", 1)]),
        ("how much is the honor x9c", "the phone in green please, I take one", [("TF-11", "yashil", 1)]),
        ("nokia 105 bormi", "itel oladigan bo'ldim, qora 1 ta", [("TF-25", "qora", 1)]),
        ("nokia 105 bormi", "raskladushka qizil 1 ta olaman", [("TF-26", "qizil", 1)]),
    ],
)
async def test_the_kind_of_what_is_in_view(
    db: database.Tx, tmp_path: Path, asked: str, said: str, cart: list[tuple[str, str, int]]
) -> None:
    _, held = await said_in(db, tmp_path, "telefon", asked, said)
    assert held == cart
