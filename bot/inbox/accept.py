"""Stored before acknowledged: events go into the inbox in one transaction, masked, once; then the platform hears 200.

Locks the lane first, so that the order of sequence numbers is the order of commits. It refuses to know what a message
means; `agent.language.wait_ms` only says how long its burst may still grow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from asyncpg import Record

from agent.language import wait_ms
from bot.inbox import pieces
from kit import clock, outbox, words
from kit.config import TurnConfig
from kit.db import Pool, Tx, transaction
from kit.mask import card_numbers, mask
from kit.message import PAID, Incoming, Notice, Reply, dump
from orders import bank, refund_card
from shop import contacts, posts

if TYPE_CHECKING:
    from kit.crypto import Box

# the kinds that are answered; others are noted here
TURNS = frozenset({"message", "button", "command", "edited", "comment"})
NOBODY = "-"  # the shop of events whose account nobody has configured
_PICTURES = ("photo", "file")  # what a receipt comes as
PAUSE_MIN = 30.0  # a person of the shop wrote: the agent is silent half an hour from their last message
_ID_MAX = 200  # longer platform ids are kept as their hash: an index row holds 2700 bytes

# The upsert changes nothing in a lane that exists: it locks it and reads it, on every server we support. A duplicate
# inserts no row and leaves the lane as it was. `over`: which window is full; its message is kept unanswered and the
# lane is not woken. Windows count by the platform's time: what waited there while we were down is no flood. A receipt
# never meets a full window.
_STORE = """
WITH held AS (
    INSERT INTO lane AS l (shop_id, key) VALUES ($1, $2)
    ON CONFLICT (shop_id, key) DO UPDATE SET key = EXCLUDED.key
    RETURNING l.seq, l.awaiting, l.due_at, l.minute_at, l.minute_n, l.hour_at, l.hour_n
), known AS (
    SELECT held.*, staff.id IS NOT NULL AS staff, staff.step <> '{}' AS answering, CASE
        WHEN staff.id IS NOT NULL THEN NULL
        WHEN held.hour_n >= NULLIF($9, 0) AND held.hour_at > said_at - interval '1 hour' THEN 'hour'
        WHEN held.minute_n >= NULLIF($8, 0) AND held.minute_at > said_at - interval '1 minute' THEN 'minute' END AS full
    FROM held CROSS JOIN (SELECT LEAST(now(), to_timestamp(NULLIF($10::float8, 0))) AS said_at) AS said
    LEFT JOIN staff ON staff.shop_id = $1 AND staff.channel = $3 AND staff.id = $7 AND staff.active
), judged AS (
    SELECT known.*, CASE WHEN known.full IS NOT NULL AND NOT ($11 AND EXISTS (
            SELECT FROM orders WHERE shop_id = $1 AND orders.key = $2
              AND status IN ('awaiting_payment', 'claimed', 'payment_problem'))) THEN known.full END AS over
    FROM known
), fresh AS (
    INSERT INTO inbox (shop_id, channel, event_id, key, seq, kind, payload, status, done_at)
    SELECT $1, $3, $4, $2, CASE WHEN over IS NULL THEN judged.seq + 1 ELSE 0 END, $5, $6,
        CASE WHEN over IS NULL THEN 0 ELSE 2 END, CASE WHEN over IS NULL THEN NULL ELSE now() END
    FROM judged
    ON CONFLICT (shop_id, channel, event_id) DO NOTHING
    RETURNING id
)
SELECT fresh.id, judged.* FROM fresh CROSS JOIN judged
"""
# due_at counts from the last message but never passes the first one by more than max; a lane that is due already stays
# due. Ring only when an unowned lane became due, or due earlier: each NOTIFY costs every committer a shared lock.
_DUE = """
WITH due AS (
    UPDATE lane SET seq = seq + 1, burst_at = COALESCE(burst_at, now()),
        due_at = CASE WHEN retrying OR due_at <= now() THEN due_at
                 ELSE LEAST(now() + $3::interval, COALESCE(burst_at, now()) + $4::interval) END,
        minute_at = CASE WHEN minute_at > said_at - interval '1 minute' THEN minute_at ELSE said_at END,
        minute_n = CASE WHEN minute_at > said_at - interval '1 minute' THEN minute_n + 1 ELSE 1 END,
        hour_at = CASE WHEN hour_at > said_at - interval '1 hour' THEN hour_at ELSE said_at END,
        hour_n = CASE WHEN hour_at > said_at - interval '1 hour' THEN hour_n + 1 ELSE 1 END
    FROM (SELECT LEAST(now(), to_timestamp(NULLIF($6::float8, 0))) AS said_at) AS said
    WHERE shop_id = $1 AND key = $2
    RETURNING owner, due_at
)
SELECT pg_notify('sotuv_inbox', '') FROM due WHERE owner IS NULL AND due_at < $5
"""
# one more than the limit: this window's first message too many has been answered
_FULL = """
UPDATE lane SET minute_n = minute_n + CASE WHEN $3 = 'minute' THEN 1 ELSE 0 END,
    hour_n = hour_n + CASE WHEN $3 = 'hour' THEN 1 ELSE 0 END
WHERE shop_id = $1 AND key = $2
"""
_SEAL = "UPDATE inbox SET sealed = $3 WHERE shop_id = $1 AND id = $2"
_NOTE = """
INSERT INTO inbox (shop_id, channel, event_id, key, seq, kind, payload, status, done_at)
VALUES ($1, $2, $3, $4, 0, $5, $6, 2, now())
ON CONFLICT (shop_id, channel, event_id) DO NOTHING RETURNING id
"""
# Ours: the id we were given, or (the echo is faster than our own note of it, or one of the pieces a long text was cut
# into) a message to this chat that is being sent or left in the last 5 minutes and holds the same words.
_OURS = """
SELECT EXISTS (
    SELECT FROM outbox WHERE shop_id = $1 AND key = $2 AND provider_id = $3 AND $3 <> ''
) OR EXISTS (
    SELECT FROM outbox WHERE shop_id = $1 AND key = $2
      AND (status = 2 OR (status = 1 AND sent_at > now() - interval '5 minutes'))
      AND CASE WHEN $4 <> '' THEN position($4 IN COALESCE(payload->>'text', '')) > 0
               ELSE payload ? 'photos' OR payload ? 'buttons' OR payload ? 'files' END
)
"""
# A message taken back by its author is forgotten, and not answered if it still waits.
_WITHDRAW = """
UPDATE inbox SET payload = payload - 'text' - 'media' - 'contact' - 'location' - 'raw',
    status = CASE WHEN status = 0 THEN 2 ELSE status END, sealed = NULL
WHERE shop_id = $1 AND key = $2 AND payload->>'message_id' = $3 AND kind <> 'deleted'
"""


async def accept(pool: Pool, incomings: Sequence[Incoming], turn: TurnConfig, *, box: Box | None = None) -> int:
    """Store the events of one update or webhook, all or none; how many were new.

    Cards, CVV and codes are masked. With `box`, what a member of staff typed is kept sealed until it was dealt with, so
    that the owner can send the shop's card. Raises what asyncpg raises when the store is away: then do not acknowledge.
    """
    # the same order of locks in every process, lanes before contacts: two webhooks never wait for each other
    ordered = sorted(incomings, key=lambda one: (not _turns(one), one.chat.shop_id, one.chat.key))
    async with transaction(pool) as tx:
        fresh = [await (_store(tx, one, turn, box) if _turns(one) else _note(tx, one)) for one in ordered]
    return sum(fresh)


def _turns(incoming: Incoming) -> bool:
    wanted = incoming.kind in TURNS or _is_money(incoming)
    return wanted and incoming.chat.shop_id != NOBODY


def _is_money(incoming: Incoming) -> bool:
    """Whether money moved: counted by the queue, once, and never too much of it."""
    return incoming.kind == "payment" and incoming.note == PAID


async def _store(tx: Tx, incoming: Incoming, turn: TurnConfig, box: Box | None) -> bool:
    """An event that will be answered: its row, and its lane due after the window."""
    payload, cards = _safe(incoming)
    chat, event_id = incoming.chat, _event_id(incoming)
    if cards and box is not None and (number := await refund_card.wanted(tx, chat)) is not None:
        return await _refund_card(tx, incoming, box, number)
    picture = any(media.kind in _PICTURES for media in incoming.media)
    # a discussion group is no one person who floods
    crowd = (incoming.group and incoming.kind == "comment") or _is_money(incoming)
    row = await tx.fetchrow(
        _STORE,
        chat.shop_id,
        chat.key,
        chat.channel,
        event_id,
        incoming.kind,
        payload,
        _plain(incoming.sender),
        0 if crowd else turn.per_minute,
        0 if crowd else turn.per_hour,
        incoming.sent_at,
        picture,
    )
    if row is None:
        return False
    if row["over"]:
        await _too_many(tx, incoming, row, turn)
        return True
    if not row["staff"]:
        await pieces.hide(tx, incoming)  # the lane is locked: its neighbours are all here
    if cards and row["staff"] and box is not None:
        await tx.execute(
            _SEAL, chat.shop_id, row["id"], box.seal(incoming.text, context=f"inbox:{chat.shop_id}:{chat.key}")
        )
    # a question to staff is answered at once: nobody types a password in pieces
    wait = 0 if row["answering"] else wait_ms(incoming, row["awaiting"], turn)
    window, longest = timedelta(milliseconds=wait), timedelta(milliseconds=turn.max_ms)
    await tx.execute(_DUE, chat.shop_id, chat.key, window, longest, row["due_at"], incoming.sent_at)
    return True


async def _too_many(tx: Tx, incoming: Incoming, row: Record, turn: TurnConfig) -> None:
    """Say once in a window that it is too much; the messages stay in the history for staff to read."""
    chat, over = incoming.chat, row["over"]
    first = row["hour_n"] == turn.per_hour if over == "hour" else row["minute_n"] == turn.per_minute
    if not first:
        return
    await tx.execute(_FULL, chat.shop_id, chat.key, over)
    if incoming.group:
        return
    said = Reply(words.say(await _language(tx, incoming), f"queue.too_many_{over}"))
    idem = f"too_many:{chat.key}:{over}:{row[f'{over}_at'].timestamp():.3f}"
    await outbox.put(tx, chat, said, idem=idem, chatter=True)


async def _refund_card(tx: Tx, incoming: Incoming, box: Box, number: int) -> bool:
    """The card that money is to go back to: sealed for one person of the staff. No brain hears of the message."""
    if not await _note(tx, incoming):
        return False
    await refund_card.give(tx, box, incoming.chat, number, card_numbers(incoming.text)[-1])
    taken = Reply(words.say(await _language(tx, incoming), "order.refund_card_taken", number=number))
    await outbox.put(tx, incoming.chat, taken, idem=f"refund_card:{incoming.chat.key}:{_event_id(incoming)}")
    return True


async def _language(tx: Tx, incoming: Incoming) -> str:
    """In which language the door itself speaks to who wrote."""
    known = (await contacts.get(tx, incoming.chat)).language or incoming.language
    return known if known in words.LANGUAGES else "uz"


async def _note(tx: Tx, incoming: Incoming) -> bool:
    """An event that is not answered: kept, and what it says about the conversation is written down with it."""
    chat = incoming.chat
    payload, _ = _safe(incoming)
    row = await tx.fetchval(_NOTE, chat.shop_id, chat.channel, _event_id(incoming), chat.key, incoming.kind, payload)
    if row is None:
        return False
    if chat.shop_id == NOBODY:
        return True
    if incoming.kind == "echo":
        if not await tx.fetchval(_OURS, chat.shop_id, chat.key, incoming.message_id, _plain(incoming.text).strip()):
            await contacts.pause(tx, chat, PAUSE_MIN)
    elif incoming.kind == "deleted" and incoming.message_id:
        await tx.execute(_WITHDRAW, chat.shop_id, chat.key, incoming.message_id)
    elif incoming.kind == "post" and incoming.post:
        await _publish(tx, incoming)
    elif incoming.kind == "blocked":
        await contacts.set_unreachable(tx, chat, "blocked")
    elif incoming.kind == "unknown":
        hour = int(clock.now().timestamp() // 3600)  # staff hear of a new shape once an hour, not once an event
        notice = Notice("unknown_event", facts={"channel": chat.channel, "note": _plain(incoming.note)})
        await outbox.tell_staff(tx, chat.shop_id, notice, idem=f"unknown:{chat.channel}:{hour}")
    return True


async def _publish(tx: Tx, incoming: Incoming) -> None:
    """A post of the shop's channel, or its copy in the discussion group: the comments there name only the copy."""
    chat, post = incoming.chat, incoming.post
    code = next((code for _, code in posts.links(incoming.post_url)), "")
    await posts.remember(
        tx,
        chat.shop_id,
        chat.channel,
        post,
        code=code,
        caption=mask(_plain(incoming.text)).text,
        media=incoming.media,
        album=incoming.album,
    )
    if incoming.thread:
        await posts.remember_thread(tx, chat.shop_id, chat.channel, chat.id, incoming.thread, post)


# ---- what may be stored ----------------------------------------------------------------------------------------------


def _safe(incoming: Incoming) -> tuple[dict[str, Any], bool]:
    """The event as JSON that PostgreSQL takes, secrets masked; and whether a card number was in its text."""
    masked = mask(incoming.text)
    contact = incoming.contact
    if contact is not None:
        contact = replace(contact, name=mask(contact.name).text, phone=mask(contact.phone).text)
    shown = replace(
        incoming,
        text=bank.without_balance(masked.text),
        name=mask(incoming.name).text,
        note=mask(incoming.note).text,
        contact=contact,
        media=tuple(replace(media, name=mask(media.name).text) for media in incoming.media),
        raw=_masked(incoming.raw),
        hidden=",".join(sorted(masked.kinds)),
    )
    safe: dict[str, Any] = _cleaned(dump(shown))
    return safe, "card" in masked.kinds


def _masked(value: Any) -> Any:
    """`value` with every string in it masked: an unknown shape may hold a card number anywhere."""
    if isinstance(value, str):
        return mask(value).text
    if isinstance(value, dict):
        return {name: part if _is_id(name, part) else _masked(part) for name, part in value.items()}
    return [_masked(part) for part in value] if isinstance(value, list) else value


def _is_id(name: str, value: Any) -> bool:
    """Whether a value is a platform's own number, which may look like a card's."""
    return isinstance(value, str) and (name.endswith("_charge_id") or (name.lower().endswith("id") and value.isdigit()))


def _cleaned(value: Any) -> Any:
    """`value` without what jsonb refuses: NUL and halves of surrogate pairs, which do come in names and texts."""
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, dict):
        return {_plain(name): _cleaned(part) for name, part in value.items()}
    return [_cleaned(part) for part in value] if isinstance(value, list | tuple) else value


def _plain(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _event_id(incoming: Incoming) -> str:
    event_id = _plain(incoming.event_id)
    return event_id if len(event_id) <= _ID_MAX else hashlib.sha256(event_id.encode()).hexdigest()
