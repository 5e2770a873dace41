"""A word that stands twice in a name tells it from the one where it stands once; a direction names nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of, said_in


@pytest.mark.parametrize(
    ("shop", "said", "told", "other"),
    [
        ("qulf", ("lichinka bormi", "kalit-kalit"), "kalit-kalit", "vertushka"),
        ("qulf", ("личинка ключ-ключ есть?",), "ключ-ключ", "вертушка"),
        ("qulf", ("личинка есть?", "личинка ключ-вертушка"), "вертушка", "ключ-ключ"),
        ("gilof", ("type c type c kabel bormi",), "Type-C – Type-C", "Lightning"),
        ("gilof", ("a type-c to type-c cable please",), "Type-C – Type-C", "Lightning"),
    ],
)
async def test_a_word_said_twice(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], told: str, other: str
) -> None:
    text, _ = await said_in(db, tmp_path, shop, *said)
    assert told in text and other not in text


@pytest.mark.parametrize("said", ["elektromexanik qulf chap tomonga, bitta", "электромеханик қулф чап томонга, битта"])
async def test_a_side_names_no_other_thing(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "qulf", said, "ha to'g'ri") == [("QF-12", "chap", 1)]
