"""Two versions on one database during an upgrade: what the newer writes the older bears, and migrating stops nobody."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from kit import db, tasks
from kit.db import Pool
from kit.errors import Unavailable
from kit.message import load_incoming, load_notice, load_reply
from orders.cart import Cart

_HEAD = "-- A test.\n\n-- migrate:up"
_ACK = """
INSERT INTO inbox (shop_id, channel, event_id, key, seq, kind, payload)
VALUES ('lola', 'w', $1, 'w:1', $2, 'message', '{}')
"""


def test_what_a_newer_version_wrote_besides_is_left_out() -> None:
    incoming = load_incoming(
        {
            "chat": {"shop_id": "lola", "channel": "telegram", "id": "5", "planet": "mars"},
            "event_id": "1",
            "text": "salom",
            "media": [{"kind": "photo", "ref": "r", "depth": 3}],
            "contact": {"phone": "+998901112233", "fax": "none"},
            "mood": "blue",
        }
    )
    assert incoming.text == "salom" and incoming.media[0].ref == "r" and incoming.contact
    reply = load_reply({"text": "a", "hologram": True, "buttons": [[{"label": "x", "token": "y", "spin": 3}]]})
    assert reply.buttons[0][0].token == "y"
    assert load_notice({"kind": "order", "smell": "sweet"}).kind == "order"
    line = {"sku": "A", "variant": "", "qty": 1, "wrap": "gold"}
    cart = Cart.parse({"lines": [line], "coupon": "X", "phone": "+99890"})
    assert cart.lines[0].sku == "A" and cart.phone == "+99890"


def newer(folder: Path, sql: str, how: str = "") -> Path:
    """The migrations with one more."""
    folder.mkdir()
    for path in db.MIGRATIONS.glob("*.sql"):
        (folder / path.name).write_text(path.read_text())
    (folder / "9001_newer.sql").write_text(f"{_HEAD}{how}\n{sql}\n")
    return folder


@pytest.mark.slow
async def test_a_migration_that_waits_for_a_table_holds_no_acknowledgement_up(own_db: Pool, tmp_path: Path) -> None:
    """A report reads the inbox for seconds; behind it waits ALTER TABLE, and behind that everybody would."""
    folder = newer(tmp_path / "m", "ALTER TABLE inbox ADD COLUMN mood text;")
    async with own_db.acquire() as reader:
        async with reader.transaction():
            await reader.fetchval("SELECT count(*) FROM inbox")
            migrating = tasks.start(db.migrate(own_db, folder), "migrate")
            took_s = []
            for number in range(25):
                began = time.monotonic()
                await own_db.execute(_ACK, str(number), number)
                took_s.append(time.monotonic() - began)
                await asyncio.sleep(0.1)
            assert not migrating.done()
        assert await migrating == ["9001"]
    assert max(took_s) < 2.0, took_s
    assert sorted(took_s)[len(took_s) // 2] < 0.5


@pytest.mark.slow
async def test_a_table_that_stays_locked_is_said(own_db: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "LOCK_TRIES", 2)
    monkeypatch.setattr(db, "LOCK_MS", 50)
    folder = newer(tmp_path / "m", "ALTER TABLE inbox ADD COLUMN mood text;")
    async with own_db.acquire() as reader, reader.transaction():
        await reader.fetchval("SELECT count(*) FROM inbox")
        with pytest.raises(Unavailable, match="9001_newer: a table stays locked"):
            await db.migrate(own_db, folder)
    assert await db.pending(own_db, folder) == ["9001"]


async def test_an_index_is_built_beside_the_work(own_db: Pool, tmp_path: Path) -> None:
    """CONCURRENTLY, statement by statement and outside a transaction; what a broken try left is dropped first."""
    sql = (
        "DROP INDEX CONCURRENTLY IF EXISTS inbox_mood;\nCREATE INDEX CONCURRENTLY inbox_mood ON inbox (shop_id, kind);"
    )
    folder = newer(tmp_path / "m", sql, " transaction:false")
    async with own_db.acquire() as writer, writer.transaction():
        await writer.execute(_ACK, "uncommitted", 1)
        migrating = tasks.start(db.migrate(own_db, folder), "migrate")
        for number in range(2, 8):
            began = time.monotonic()
            await own_db.execute(_ACK, str(number), number)
            assert time.monotonic() - began < 1.0
            await asyncio.sleep(0.05)
        assert not migrating.done()
    assert await migrating == ["9001"]
    assert await own_db.fetchval("SELECT indisvalid FROM pg_index WHERE indexrelid = 'inbox_mood'::regclass")


def test_migrations_only_add() -> None:
    """What an older process still uses is not renamed, dropped or narrowed under it in the same release."""
    wrong = ("DROP TABLE", "DROP COLUMN", "RENAME", "ALTER COLUMN", "SET NOT NULL", "TRUNCATE")
    for path in sorted(db.MIGRATIONS.glob("*.sql")):
        text = path.read_text().upper().partition("-- MIGRATE:DOWN")[0]
        assert [word for word in wrong if word in text] == [], path.name
