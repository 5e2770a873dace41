"""A shop's own question about what is given back or changed is answered by its own words, and orders nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import said_in


@pytest.mark.parametrize(
    ("shop", "asked", "told"),
    [
        ("telefon", "Do you take an old phone in part exchange?", "15 minutes"),
        ("telefon", "старый телефон на обмен берёте?", "15 минут"),
        ("soat", "batareykani almashtirib berasizlarmi?", "doʻkonda"),
        ("oyoq", "если не подойдут, можно обменять на другой размер?", "10 дней"),
        ("telefon", "can I return it?", "10 days"),
    ],
)
async def test_what_is_given_back(db: database.Tx, tmp_path: Path, shop: str, asked: str, told: str) -> None:
    text, held = await said_in(db, tmp_path, shop, asked)
    assert told in text and not held


async def test_an_exchange_that_was_asked_about_holds_up_no_order(db: database.Tx, tmp_path: Path) -> None:
    text, held = await said_in(
        db,
        tmp_path,
        "telefon",
        "Do you take an old phone in part exchange?",
        "How much is the Honor X9c?",
        "One green X9c then. Fergana, Sayilgoh street 40, flat 3. Phone +998 90 072 56 19",
    )
    assert held == [("TF-11", "yashil", 1)] and "raskladushka" not in text
