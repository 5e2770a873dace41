"""A press says nothing of the language: the web chat sends its label too, and a product may be called otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kit import db as database
from kit.message import Incoming
from tests.talking import Shopper, shopper


@pytest.fixture
async def me(db: database.Tx, tmp_path: Path) -> AsyncIterator[Shopper]:
    async with shopper(db, tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("said", "label", "language"),
    [("hello, do you have caps?", "Gulli qora koʻylak", "en"), ("qora kepka bormi?", "Скопировать номер карты", "uz")],
)
async def test_a_pressed_label_changes_no_language(me: Shopper, said: str, label: str, language: str) -> None:
    await me.say(said)
    await me.play.turn([Incoming(me.play.chat, "p1", kind="button", button="b:change", text=label)])
    assert (await me.contact()).language == language
