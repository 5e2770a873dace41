"""People who write to the shop: one row per conversation, with language, silence and what orders taught us."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

import asyncpg

from kit.db import Reader, Tx
from kit.message import Chat, Incoming

_SEEN = """
INSERT INTO contacts (shop_id, channel, id, name, username) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (shop_id, channel, id) DO UPDATE SET last_at = now(), unreachable = '',
    name = COALESCE(NULLIF(EXCLUDED.name, ''), contacts.name),
    username = COALESCE(NULLIF(EXCLUDED.username, ''), contacts.username)
RETURNING *
"""
_COMMENTED = """
INSERT INTO contacts (shop_id, channel, id, name, username) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (shop_id, channel, id) DO UPDATE SET last_at = now(),
    username = COALESCE(NULLIF(EXCLUDED.username, ''), contacts.username)
RETURNING *
"""


@dataclass(frozen=True, slots=True)
class Contact:
    """A row of `contacts`. `language` is "" until it is known; `buyer` holds name, phone, address of the last order.

    `offers`: prices granted to this person (`shop.offers`).
    """

    shop_id: str
    channel: str
    id: str
    name: str = ""
    username: str = ""
    language: str = ""
    buyer: dict[str, Any] = field(default_factory=dict, hash=False)
    offers: dict[str, dict[str, Any]] = field(default_factory=dict, hash=False)
    handed_over: bool = False
    handed_at: datetime | None = None
    handed_why: str = ""
    pinged_at: datetime | None = None
    paused_until: datetime | None = None
    privacy_version: str = ""
    privacy_at: datetime | None = None
    unreachable: str = ""
    first_at: datetime | None = None
    last_at: datetime | None = None

    @property
    def chat(self) -> Chat:
        """The conversation this row belongs to."""
        return Chat(self.shop_id, self.channel, self.id)

    def silent(self, now: datetime) -> bool:
        """Whether a person of the shop has the conversation, so that the agent says nothing."""
        return self.handed_over or (self.paused_until is not None and self.paused_until > now)


def _contact(row: asyncpg.Record) -> Contact:
    return Contact(**{part.name: row[part.name] for part in fields(Contact)})


def _row(chat: Chat) -> tuple[str, str, str]:
    """$1 to $3 of a statement about one person."""
    return chat.shop_id, chat.channel, chat.id


async def seen(tx: Tx, incoming: Incoming) -> Contact:
    """Notes that this person wrote (name and time), and gives their row; whoever writes can be reached again."""
    return await _noted(tx, _SEEN, incoming)


async def commented(tx: Tx, incoming: Incoming) -> Contact:
    """Notes that this person wrote under a post; their row. Whether a message can reach them is not changed by that."""
    return await _noted(tx, _COMMENTED, incoming)


async def _noted(tx: Tx, statement: str, incoming: Incoming) -> Contact:
    row = await tx.fetchrow(statement, *_row(incoming.chat), incoming.name[:200], incoming.username[:100])
    assert row is not None
    return _contact(row)


async def get(reader: Reader, chat: Chat) -> Contact:
    """The person of this conversation; a fresh Contact for somebody not seen yet."""
    row = await reader.fetchrow("SELECT * FROM contacts WHERE shop_id = $1 AND channel = $2 AND id = $3", *_row(chat))
    return _contact(row) if row else Contact(chat.shop_id, chat.channel, chat.id)


async def lock(tx: Tx, chat: Chat) -> None:
    """Holds the person's row until the transaction ends: of two who decide, the second sees what the first did."""
    await tx.execute("SELECT FROM contacts WHERE shop_id = $1 AND channel = $2 AND id = $3 FOR UPDATE", *_row(chat))


async def set_language(tx: Tx, chat: Chat, language: str) -> None:
    """From now on this person is answered in `language`."""
    await tx.execute(
        "UPDATE contacts SET language = $4 WHERE shop_id = $1 AND channel = $2 AND id = $3 AND language <> $4",
        *_row(chat),
        language,
    )


async def pause(tx: Tx, chat: Chat, minutes: float) -> None:
    """A person of the shop wrote here: the agent is silent for `minutes` from now, and never for less than before."""
    await tx.execute(
        """INSERT INTO contacts (shop_id, channel, id, paused_until)
           VALUES ($1, $2, $3, now() + $4 * interval '1 minute')
           ON CONFLICT (shop_id, channel, id) DO UPDATE
           SET paused_until = GREATEST(contacts.paused_until, EXCLUDED.paused_until)""",
        *_row(chat),
        float(minutes),
    )


async def hand_over(tx: Tx, chat: Chat, why: str) -> bool:
    """Gives the conversation to a person; whether it was not with one already (a second call keeps the first time)."""
    status = await tx.execute(
        """UPDATE contacts SET handed_over = true, handed_at = now(), handed_why = $4, pinged_at = NULL
           WHERE shop_id = $1 AND channel = $2 AND id = $3 AND NOT handed_over""",
        *_row(chat),
        why,
    )
    return bool(status.endswith(" 1"))


async def give_back(tx: Tx, chat: Chat) -> bool:
    """Returns the conversation to the agent; whether a person had it."""
    status = await tx.execute(
        """UPDATE contacts SET handed_over = false, handed_at = NULL, handed_why = '', pinged_at = NULL,
               paused_until = NULL
           WHERE shop_id = $1 AND channel = $2 AND id = $3 AND (handed_over OR paused_until > now())""",
        *_row(chat),
    )
    return bool(status.endswith(" 1"))


async def save_buyer(tx: Tx, chat: Chat, **known: object) -> None:
    """Keeps name, phone and address of an order, to be offered next time; empty values change nothing."""
    kept = {name: value for name, value in known.items() if value not in ("", None)}
    await tx.execute(
        "UPDATE contacts SET buyer = buyer || $4 WHERE shop_id = $1 AND channel = $2 AND id = $3", *_row(chat), kept
    )


async def privacy_linked(tx: Tx, chat: Chat, version: str) -> None:
    """Notes which version of the privacy page this person was given, and when."""
    await tx.execute(
        """UPDATE contacts SET privacy_version = $4, privacy_at = now()
           WHERE shop_id = $1 AND channel = $2 AND id = $3 AND privacy_version <> $4""",
        *_row(chat),
        version,
    )


async def set_unreachable(tx: Tx, chat: Chat, why: str) -> None:
    """Nothing can be sent here any more (blocked, window closed); their next message lifts it."""
    await tx.execute(
        "UPDATE contacts SET unreachable = $4 WHERE shop_id = $1 AND channel = $2 AND id = $3", *_row(chat), why[:200]
    )


async def pinged(tx: Tx, shop_id: str, channel: str, person: str) -> Contact:
    """Notes that staff were reminded of this hand-over, so that it happens once; the row."""
    row = await tx.fetchrow(
        "UPDATE contacts SET pinged_at = now() WHERE shop_id = $1 AND channel = $2 AND id = $3 RETURNING *",
        shop_id,
        channel,
        person,
    )
    return _contact(row) if row else Contact(shop_id, channel, person)


async def list_json(reader: Reader, shop_id: str) -> list[dict[str, Any]]:
    """Every conversation of the shop, the latest first, as `main.py chats --json` prints them."""
    rows = await reader.fetch(
        """SELECT channel, id, language, handed_over, paused_until, last_at FROM contacts
           WHERE shop_id = $1 ORDER BY last_at DESC, channel, id""",
        shop_id,
    )
    return [
        {
            "channel": row["channel"],
            "shopper": row["id"],
            "language": row["language"],
            "handed_over": row["handed_over"],
            "paused_until": row["paused_until"].isoformat() if row["paused_until"] else None,
            "last_message_at": row["last_at"].isoformat(),
        }
        for row in rows
    ]
