"""The promise of the privacy page and the deed: a person silent for a year is gone, their sums are not."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kit import clock
from kit import db as database
from kit.media import Store
from shop import retention

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=366 + 1)
CANARY = "Kanarazuxra"
PERSON = "telegram:555"
_INBOX = """
INSERT INTO inbox (shop_id, channel, event_id, key, seq, kind, payload, status, received_at)
VALUES ($1, 'telegram', $2, $3, 1, 'message', $4, $5, $6)
"""
_OUTBOX = """
INSERT INTO outbox (shop_id, key, idem, payload, status, shopper, about, created_at)
VALUES ($1, $2, $3, $4, $5, $6, 'order:1', $7)
"""


async def person(tx: database.Tx | database.Pool, last: datetime, key: str = PERSON, shop: str = "lola") -> None:
    """Everything the product may know of a person, with the canary in every free text."""
    channel, _, name = key.partition(":")
    await tx.execute(
        "INSERT INTO contacts (shop_id, channel, id, name, username, buyer, first_at, last_at)"
        " VALUES ($1, $2, $3, $4, $4, $5, $6, $6)",
        *(shop, channel, name, CANARY, {"name": CANARY}, last),
    )
    await tx.execute("INSERT INTO lane (shop_id, key, seq) VALUES ($1, $2, 1)", shop, key)
    await tx.execute(_INBOX, shop, f"{key}-1", key, {"text": CANARY}, 1, last)
    await tx.execute(_INBOX, shop, f"{key}-2", key, {"text": CANARY}, 9, last)
    await tx.execute(_OUTBOX, shop, key, f"{key}-a", {"text": CANARY}, 1, "", last)
    await tx.execute(_OUTBOX, shop, "telegram:777", f"{key}-card", {"text": CANARY}, 1, key, last)
    await tx.execute(_OUTBOX, shop, "staff:", f"{key}-notice", {"facts": {"text": CANARY}}, 1, key, last)
    await tx.execute(
        "INSERT INTO carts (shop_id, key, body, changed_at) VALUES ($1, $2, $3, $4)",
        *(shop, key, {"address": CANARY}, last),
    )
    await tx.execute(
        "INSERT INTO audit (shop_id, actor, verb, about, at) VALUES ($1, $2, 'order.placed', 'order:1', $3)",
        *(shop, f"shopper:{key}", last),
    )


async def order(tx: database.Tx | database.Pool, number: int, changed: datetime, key: str = PERSON) -> None:
    """A finished order of that person."""
    await tx.execute(
        """INSERT INTO orders (shop_id, number, status, key, channel, shopper, name, phone, phone2, recipient, address,
               landmark, latitude, longitude, total, currency, paid, track, updates_key, updates_token, created_at,
               changed_at)
           VALUES ('lola', $1, 'delivered', $2, 'telegram', '555', $3, '+998901112233', '+998901112234', $3, $3, $3,
               41.3, 69.2, 150000, 'UZS', 150000, $3, 'telegram:555', $3, $4, $4)""",
        *(number, key, CANARY, changed),
    )


async def receipt(tx: database.Tx | database.Pool, media: str, created: datetime, sha: str = "aa") -> None:
    await tx.execute(
        """INSERT INTO receipts (shop_id, number, key, sha, media, reading, reasons, verdict, amount, currency,
               transaction_id, created_at)
           VALUES ('lola', 1, $1, $2, $3, $4, $4, ARRAY['fits'], 150000, 'UZS', $2, $5)""",
        *(PERSON, sha, media, {"holder": CANARY}, created),
    )


async def credit(tx: database.Tx | database.Pool, told: datetime) -> None:
    """What a bank said of a payer."""
    await tx.execute(
        """INSERT INTO money_seen (shop_id, fingerprint, source, amount, currency, since, until, sender, sender4,
               told_by, created_at)
           VALUES ('lola', 'f', 'sms', 150000, 'UZS', $1, $1, $2, '4321', 'staff:telegram:7', $1)""",
        *(told, CANARY),
    )


async def canaries(tx: database.Tx | database.Pool) -> dict[str, int]:
    """Table -> rows that still hold a word of the person."""
    names = await tx.fetch(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    )
    found = {}
    for row in names:
        table = row["table_name"]
        count = await tx.fetchval(
            f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE $1 OR t::text LIKE $2', f"%{CANARY}%", "%:555%"
        )
        if count:
            found[table] = count
    return found


async def test_of_a_person_silent_for_a_year_only_sums_stay(own_db: database.Pool) -> None:
    await person(own_db, LONG_AGO)
    await order(own_db, 1, LONG_AGO)
    await receipt(own_db, "", LONG_AGO)
    await credit(own_db, LONG_AGO)
    assert len(await canaries(own_db)) >= 7
    gone = await retention.forget(own_db, "lola", 12, NOW)
    assert await canaries(own_db) == {}
    assert (gone.people, gone.messages, gone.answers, gone.carts, gone.orders, gone.receipts) == (1, 2, 3, 1, 1, 1)
    row = await own_db.fetchrow("SELECT * FROM orders WHERE shop_id = 'lola'")
    assert row and (row["total"], row["paid"], row["status"], row["phone"]) == (150000, 150000, "delivered", "")
    kept = await own_db.fetchrow("SELECT * FROM receipts WHERE shop_id = 'lola'")
    assert kept and (kept["amount"], kept["sha"], kept["transaction_id"]) == (150000, "aa", "aa")
    assert not (await retention.forget(own_db, "lola", 12, NOW)).any


@pytest.mark.parametrize(
    ("last", "stays"),
    [
        (datetime(2025, 3, 1, 12, tzinfo=UTC), True),  # to the second a year
        (datetime(2025, 3, 1, 11, 59, 59, tzinfo=UTC), False),
        (datetime(2025, 2, 28, 12, tzinfo=UTC), False),
    ],
)
async def test_the_cut_is_exact(own_db: database.Pool, last: datetime, stays: bool) -> None:
    await person(own_db, last)
    await retention.forget(own_db, "lola", 12, NOW)
    assert bool(await own_db.fetchval("SELECT count(*) FROM contacts WHERE shop_id = 'lola'")) is stays


async def test_the_cut_knows_leap_days(own_db: database.Pool) -> None:
    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert await retention.cut(own_db, 12, leap) == datetime(2027, 2, 28, 12, tzinfo=UTC)


async def test_who_wrote_lately_keeps_what_was_said_before(own_db: database.Pool) -> None:
    """The promise counts from the last word; and the cards staff got of it go by their own age."""
    await person(own_db, NOW - timedelta(days=3))
    await own_db.execute("UPDATE inbox SET received_at = $1 WHERE shop_id = 'lola'", LONG_AGO)
    await order(own_db, 1, LONG_AGO)
    assert not (await retention.forget(own_db, "lola", 12, NOW)).any
    assert await own_db.fetchval("SELECT count(*) FROM inbox WHERE shop_id = 'lola'") == 2


async def test_posts_of_others_that_show_nothing_go_after_a_day(own_db: database.Pool) -> None:
    add = "INSERT INTO posts (shop_id, channel, post_id, caption, asked_at) VALUES ($1, 'instagram', $2, $3, $4)"
    now = clock.now()
    await own_db.execute(add, "lola", "others", "", now - timedelta(days=2))
    await own_db.execute(add, "lola", "just asked", "", now)
    await own_db.execute(add, "lola", "ours", "Guldor choynak", now - timedelta(days=400))
    await own_db.execute(add, "nur", "others", "", now - timedelta(days=2))
    await retention.forget(own_db, "lola", 12, NOW)
    left = await own_db.fetch("SELECT shop_id, post_id FROM posts ORDER BY 1, 2")
    assert [tuple(row) for row in left] == [("lola", "just asked"), ("lola", "ours"), ("nur", "others")]


async def test_another_shops_people_are_not_touched(own_db: database.Pool) -> None:
    await person(own_db, LONG_AGO, shop="nur")
    assert not (await retention.forget(own_db, "lola", 12, NOW)).any
    assert len(await canaries(own_db)) >= 5


async def test_a_person_who_writes_right_now_is_not_forgotten(own_db: database.Pool) -> None:
    await person(own_db, LONG_AGO)
    await own_db.execute(_INBOX, "lola", "new", PERSON, {"text": "assalomu alaykum"}, 0, NOW)
    gone = await retention.forget(own_db, "lola", 12, NOW)
    assert gone.people == 0
    assert await own_db.fetchval("SELECT count(*) FROM inbox WHERE shop_id = 'lola'") == 3


async def test_an_order_somebody_worked_on_lately_keeps_its_address(own_db: database.Pool) -> None:
    await person(own_db, LONG_AGO)
    await order(own_db, 1, NOW - timedelta(days=20))
    await retention.forget(own_db, "lola", 12, NOW)
    assert await own_db.fetchval("SELECT phone FROM orders WHERE shop_id = 'lola'") == "+998901112233"


async def test_more_than_a_batch_and_broken_off_in_the_middle(
    own_db: database.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 7)
    monkeypatch.setattr(retention, "_PEOPLE", 3)
    for number in range(10):
        await person(own_db, LONG_AGO, key=f"telegram:{number}")
    for number in range(30):
        await own_db.execute(_INBOX, "lola", f"more-{number}", "telegram:0", {"text": CANARY}, 1, LONG_AGO)
    await own_db.execute("DELETE FROM inbox WHERE shop_id = 'lola' AND id IN (SELECT id FROM inbox LIMIT 9)")
    gone = await retention.forget(own_db, "lola", 12, NOW)
    assert gone.people == 10
    assert CANARY not in str(await canaries(own_db)) and not await canaries(own_db)


async def test_events_of_nobody_and_groups_go_by_their_age(own_db: database.Pool) -> None:
    for shop, key in (("-", "instagram:1"), ("lola", "telegram:-100")):
        await own_db.execute(_INBOX, shop, "old", key, {"text": CANARY}, 2, LONG_AGO)
        await own_db.execute(_INBOX, shop, "new", key, {"text": "yangi"}, 2, NOW - timedelta(days=1))
        assert (await retention.forget(own_db, shop, 12, NOW)).messages == 1


async def test_files_nobody_names_any_more_are_swept(own_db: database.Pool, tmp_path: Path) -> None:
    media = Store(tmp_path / "media")
    names = {word: media.put(word.encode()) for word in ("receipt", "sent", "product", "again", "young", "card")}
    for word, name in names.items():
        if word != "young":
            os.utime(media.path(name), (LONG_AGO.timestamp(),) * 2)
    await person(own_db, LONG_AGO)
    await receipt(own_db, names["receipt"], LONG_AGO)
    sent = {"media": [{"kind": "photo", "ref": names["sent"]}]}
    await own_db.execute(_INBOX, "lola", "photo", PERSON, sent, 1, LONG_AGO)
    await own_db.execute(_OUTBOX, "lola", "telegram:9", "p", {"photos": [names["card"]]}, 1, "", NOW)
    await own_db.execute(
        "INSERT INTO products (shop_id, sku, title_uz, price, currency, photos)"
        " VALUES ('lola', 'A', 'A', 1, 'UZS', ARRAY[$1])",
        names["product"],
    )
    before = await retention.cut(own_db, 12, NOW)
    media.put(b"again")  # somebody sent the same bytes anew, and the row is not committed yet
    assert await retention.sweep(own_db, media, before) == 0
    await retention.forget(own_db, "lola", 12, NOW)
    assert await retention.sweep(own_db, media, before) == 2
    left = {word for word, name in names.items() if media.path(name).exists()}
    assert left == {"product", "again", "young", "card"}


async def test_every_column_of_an_order_is_kept_on_purpose_or_blanked(own_db: database.Pool) -> None:
    """Who adds a column decides here whether it says who bought."""
    kept = {
        *("shop_id", "number", "status", "channel", "language", "delivery", "total", "currency", "to_transfer", "paid"),
        *(
            "due_on_arrival",
            "source",
            "holds_stock",
            "created_at",
            "changed_at",
            "expires_at",
            "remind_at",
            "receipt",
            "forgiven",
        ),
    }
    blanked = set(retention._ORDERS.split("WHERE")[0].replace("=", " ").replace(",", " ").split())
    rows = await own_db.fetch("SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'orders'")
    assert {row["name"] for row in rows} - kept - blanked == set()
