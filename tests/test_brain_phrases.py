"""One of nine of the single messages of tests/phrases_data: most are understood, and none places an order unasked."""

from __future__ import annotations

from pathlib import Path

from kit import db as database
from tests import phrases, talk

FLOOR = 0.85


async def test_most_single_messages_are_understood(db: database.Tx, tmp_path: Path) -> None:
    stage = await talk.open_stage(db, phrases.DATA / "shop", tmp_path)
    wrong = {one["text"]: await phrases.missed(db, stage, one) for one in phrases.messages(every=9)}
    missed = {text: acts for text, acts in wrong.items() if acts}
    assert not [text for text, acts in missed.items() if "placed!" in acts]
    assert len(wrong) > 80 and len(missed) <= (1 - FLOOR) * len(wrong), missed
