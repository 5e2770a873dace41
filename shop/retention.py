"""What is not kept for ever: the deed to the promise of the privacy page.

Months after a person's last word everything they wrote and sent goes: messages, answers, cart, name, files. Orders stay
as sums: what was sold, when, for how much, without the person. Receipts lose their picture and what was read on it; the
hashes that catch a receipt used twice say nothing of anybody. What belongs to no person we know (notices to staff,
groups, unknown events) goes by its own age. Everything in small transactions that may be broken off anywhere: the
person's own row goes last, so the next run ends what this one began.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from kit.db import Pool, Tx, transaction
from kit.media import Store
from shop import audit

KEPT_MONTHS = 12
NOBODY = "-"  # the shop of events whose account nobody has configured
BATCH = 1000  # rows a transaction: some 20 ms of locks
_PEOPLE = 50  # persons looked up at once

_CUT = "SELECT $1::timestamptz - make_interval(months => $2)"  # the database knows leap days
_SILENT = "SELECT channel, id FROM contacts WHERE shop_id = $1 AND last_at < $2 ORDER BY last_at LIMIT $3"
# the lane first, as everybody does; a person who writes right now is not forgotten
_LANE = "SELECT owner IS NULL AND due_at = 'infinity' FROM lane WHERE shop_id = $1 AND key = $2 FOR UPDATE"
_STILL = "SELECT true FROM contacts WHERE shop_id = $1 AND channel = $2 AND id = $3 AND last_at < $4 FOR UPDATE"
_WAITS = "SELECT EXISTS (SELECT FROM inbox WHERE shop_id = $1 AND key = $2 AND status = 0)"
_HEARD = """
DELETE FROM inbox WHERE shop_id = $1 AND id = ANY (ARRAY(
    SELECT id FROM inbox WHERE shop_id = $1 AND key = $2 AND status <> 0 ORDER BY id LIMIT $3))
"""
_SAID = """
DELETE FROM outbox WHERE shop_id = $1 AND id = ANY (ARRAY(
    SELECT id FROM outbox WHERE shop_id = $1 AND key = $2 AND status NOT IN (0, 2) ORDER BY id LIMIT $3))
"""
_SAID_ABOUT = """
DELETE FROM outbox WHERE shop_id = $1 AND id = ANY (ARRAY(
    SELECT id FROM outbox WHERE shop_id = $1 AND shopper = $2 AND shopper <> '' AND status NOT IN (0, 2) LIMIT $3))
"""
_CART = "DELETE FROM carts WHERE shop_id = $1 AND key = $2"
_LANE_GONE = "DELETE FROM lane WHERE shop_id = $1 AND key = $2 AND owner IS NULL AND due_at = 'infinity'"
_PERSON = "DELETE FROM contacts WHERE shop_id = $1 AND channel = $2 AND id = $3"
# a sum and what was sold stay; an order somebody worked on lately waits until it is as old itself
_ORDERS = """
UPDATE orders SET key = 'erased:' || number, shopper = '', name = '', phone = '', phone2 = '', recipient = '',
    address = '', landmark = '', latitude = NULL, longitude = NULL, track = '', updates_key = '', updates_token = ''
WHERE shop_id = $1 AND number = ANY (ARRAY(
    SELECT o.number FROM orders o WHERE o.shop_id = $1 AND o.changed_at < $2 AND o.key NOT LIKE 'erased:%'
      AND NOT EXISTS (SELECT FROM contacts c WHERE c.shop_id = o.shop_id AND c.channel = split_part(o.key, ':', 1)
                      AND c.id = substr(o.key, strpos(o.key, ':') + 1))
    ORDER BY o.number LIMIT $3))
"""
_RECEIPTS = """
UPDATE receipts SET media = '', reading = '{}', reasons = '{}', look = NULL, key = 'erased:' || id
WHERE shop_id = $1 AND id = ANY (ARRAY(
    SELECT id FROM receipts WHERE shop_id = $1 AND created_at < $2 AND key NOT LIKE 'erased:%' ORDER BY id LIMIT $3))
"""
# who a bank said it came from; the sum stays beside its order
_PAYERS = """
UPDATE money_seen SET sender = '', sender4 = ''
WHERE shop_id = $1 AND id = ANY (ARRAY(
    SELECT id FROM money_seen WHERE shop_id = $1 AND created_at < $2 AND (sender <> '' OR sender4 <> '') LIMIT $3))
"""
# which picture was which, known by its hash alone; a shop's goods are others a year later
_CHOICES = """
DELETE FROM photo_feedback WHERE shop_id = $1 AND picture = ANY (ARRAY(
    SELECT picture FROM photo_feedback WHERE shop_id = $1 AND chosen_at < $2 LIMIT $3)) AND chosen_at < $2
"""
_PICTURES_ASKED = """
DELETE FROM photo_asked WHERE shop_id = $1 AND picture = ANY (ARRAY(
    SELECT picture FROM photo_asked WHERE shop_id = $1 AND asked_at < $2 LIMIT $3))
"""
_HEARD_OLD = """
DELETE FROM inbox WHERE shop_id = $1 AND id = ANY (ARRAY(
    SELECT i.id FROM inbox i WHERE i.shop_id = $1 AND i.received_at < $2 AND i.status <> 0
      AND NOT EXISTS (SELECT FROM contacts c WHERE c.shop_id = i.shop_id AND c.channel = split_part(i.key, ':', 1)
                      AND c.id = substr(i.key, strpos(i.key, ':') + 1))
    LIMIT $3))
"""
_SAID_OLD = """
DELETE FROM outbox WHERE shop_id = $1 AND id = ANY (ARRAY(
    SELECT o.id FROM outbox o WHERE o.shop_id = $1 AND o.created_at < $2 AND o.status NOT IN (0, 2)
      AND (o.shopper <> '' OR NOT EXISTS (
          SELECT FROM contacts c WHERE c.shop_id = o.shop_id AND c.channel = split_part(o.key, ':', 1)
            AND c.id = substr(o.key, strpos(o.key, ':') + 1)))
    LIMIT $3))
"""
_CARTS_OLD = """
DELETE FROM carts WHERE shop_id = $1 AND key = ANY (ARRAY(
    SELECT key FROM carts WHERE shop_id = $1 AND changed_at < $2 LIMIT $3))
"""
_TRAIL = """
UPDATE audit SET actor = CASE WHEN actor LIKE 'shopper:%' THEN 'shopper:erased' ELSE actor END,
    about = CASE WHEN about LIKE 'chat:%' THEN 'chat:erased' WHEN about LIKE '%@%' THEN split_part(about, '@', 1)
                 ELSE about END
WHERE shop_id = $1 AND id = ANY (ARRAY(
    SELECT id FROM audit WHERE shop_id = $1 AND at < $2 AND (actor LIKE 'shopper:%' AND actor <> 'shopper:erased'
        OR about LIKE 'chat:%' AND about <> 'chat:erased' OR about LIKE '%@%') LIMIT $3))
"""
# where a chat stood in its pace; a day later it says nothing but that somebody wrote
_PACES = """
DELETE FROM bucket WHERE shop_id = $1 AND key = ANY (ARRAY(
    SELECT key FROM bucket WHERE shop_id = $1 AND tat < now() - interval '1 day' LIMIT $2))
"""
# a shared post of somebody else's, of which the platform shows nothing: asked again if it is shared again
_POSTS_OF_OTHERS = """
DELETE FROM posts WHERE shop_id = $1 AND (channel, post_id) IN (
    SELECT channel, post_id FROM posts WHERE shop_id = $1 AND asked_at < now() - interval '1 day'
      AND skus = '{}' AND code = '' AND caption = '' AND media = '[]' LIMIT $2)
"""
_NAME = r"[0-9a-f]{64}\.[a-z0-9]{1,5}"
# every place that names a file; the store is one for all shops
_NAMED = """
-- all shops
SELECT unnest(photos) AS name FROM products
UNION SELECT photo FROM photo_vectors
UNION SELECT media FROM receipts WHERE media <> ''
UNION SELECT found[1] FROM inbox, regexp_matches(payload::text, $1, 'g') AS found WHERE payload ? 'media'
UNION SELECT found[1] FROM outbox, regexp_matches(payload::text, $1, 'g') AS found
    WHERE payload ?| ARRAY['photos', 'files', 'facts']
UNION SELECT found[1] FROM staff, regexp_matches(step::text, $1, 'g') AS found WHERE step <> '{}'
UNION SELECT found[1] FROM carts, regexp_matches(body::text, $1, 'g') AS found
UNION SELECT found[1] FROM profiles, regexp_matches(body::text, $1, 'g') AS found
"""


@dataclass(slots=True)
class Gone:
    """What one run took away, in rows and files."""

    people: int = 0
    messages: int = 0
    answers: int = 0
    carts: int = 0
    orders: int = 0
    receipts: int = 0
    trail: int = 0

    @property
    def any(self) -> bool:
        """Whether there was anything."""
        return any(asdict(self).values())

    def counts(self) -> dict[str, int]:
        """Name -> number, for the log and the trail."""
        return asdict(self)


async def cut(pool: Pool, months: int, now: datetime) -> datetime:
    """The moment `months` before `now`."""
    moment: datetime = await pool.fetchval(_CUT, now, months)
    return moment


async def forget(pool: Pool, shop_id: str, months: int, now: datetime) -> Gone:
    """Take away what the shop may not keep any longer; what that was. May be broken off and run again."""
    before, gone = await cut(pool, months, now), Gone()
    seen: set[tuple[str, str]] = set()  # those who wrote meanwhile stay, and are not looked at again
    while people := [
        (row["channel"], row["id"])
        for row in await pool.fetch(_SILENT, shop_id, before, _PEOPLE + len(seen))
        if (row["channel"], row["id"]) not in seen
    ]:
        for channel, person in people:
            if not await _person(pool, shop_id, channel, person, before, gone):
                seen.add((channel, person))
    gone.orders = await _all(pool, _ORDERS, shop_id, before)
    gone.receipts = await _all(pool, _RECEIPTS, shop_id, before)
    await _all(pool, _PAYERS, shop_id, before)
    gone.messages += await _all(pool, _HEARD_OLD, shop_id, before)
    gone.answers += await _all(pool, _SAID_OLD, shop_id, before)
    gone.carts += await _all(pool, _CARTS_OLD, shop_id, before)
    gone.trail = await _all(pool, _TRAIL, shop_id, before)
    await _all(pool, _PACES, shop_id)
    await _all(pool, _POSTS_OF_OTHERS, shop_id)
    await _all(pool, _CHOICES, shop_id, before)
    await _all(pool, _PICTURES_ASKED, shop_id, before)
    if gone.any:
        async with transaction(pool) as tx:
            await audit.note(tx, shop_id, "cron", "retention.forgotten", "", **gone.counts())
    return gone


async def _person(pool: Pool, shop_id: str, channel: str, person: str, before: datetime, gone: Gone) -> bool:
    """Forget one person; False when they are here again."""
    key = f"{channel}:{person}"
    async with transaction(pool) as tx:
        if not await _silent(tx, shop_id, channel, person, before):
            return False
    gone.messages += await _all(pool, _HEARD, shop_id, key)
    gone.answers += await _all(pool, _SAID, shop_id, key)
    gone.answers += await _all(pool, _SAID_ABOUT, shop_id, key)
    async with transaction(pool) as tx:
        if not await _silent(tx, shop_id, channel, person, before):
            return False
        gone.carts += _number(await tx.execute(_CART, shop_id, key))
        await tx.execute(_LANE_GONE, shop_id, key)
        gone.people += _number(await tx.execute(_PERSON, shop_id, channel, person))
    return True


async def _silent(tx: Tx, shop_id: str, channel: str, person: str, before: datetime) -> bool:
    key = f"{channel}:{person}"
    if await tx.fetchval(_LANE, shop_id, key) is False or await tx.fetchval(_WAITS, shop_id, key):
        return False
    return bool(await tx.fetchval(_STILL, shop_id, channel, person, before))


async def _all(pool: Pool, statement: str, *which: Any) -> int:
    """Run `statement` batch by batch until it finds nothing more; how many rows there were."""
    total = 0
    while True:
        done = _number(await pool.execute(statement, *which, BATCH))
        total += done
        if done < BATCH:
            return total


def _number(status: str) -> int:
    return int(status.split()[-1])


async def sweep(pool: Pool, media: Store, before: datetime) -> int:
    """Take away files that nobody has sent since `before` and that no row of any shop names; how many there were."""
    old = set(await asyncio.to_thread(media.older, before.timestamp()))
    if not old:
        return 0
    async with transaction(pool) as tx:
        await tx.execute("SET LOCAL statement_timeout = '10min'")  # it reads every message that came with a file
        named = {row["name"] for row in await tx.fetch(_NAMED, _NAME)}
    return await asyncio.to_thread(media.sweep, old - named, before.timestamp())
