"""A conversation as the web page shows it, read from the inbox and the outbox: nothing is kept for the page alone.

A `Cursor` says how far a page has read in both tables. Card numbers that people typed are masked in the inbox already;
the shop's own card is filled in here, at the last moment, as for every channel.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

import asyncpg

from bot.app import App
from kit.message import Button, Chat, Reply, load_incoming, load_reply
from orders import card

WINDOW = 200  # messages on a freshly opened page: more than a sale has, little enough to render in 20 ms
_TITLE_CHARS = 120
_LIST_LINES = 4  # what the agent says to shoppers has three lines; staff's cards have more
_QUOTE_CHARS = 80

_SAID = """
SELECT id, event_id, payload, received_at AS at FROM inbox
WHERE shop_id = $1 AND key = $2 AND id > $3 AND kind IN ('message', 'button', 'command')
ORDER BY id DESC LIMIT $4
"""
_SAID_ONE = """
SELECT id, event_id, payload, received_at AS at FROM inbox
WHERE shop_id = $1 AND channel = 'widget' AND event_id = $2 AND key = $3
"""
# 2 = being sent: for a page that is the same as sent. Rows are mostly sent in the order of their ids; one that was put
# with a delay, or committed late, is caught by its own ring ($5) or by having been sent in the last two minutes.
_SENT = """
SELECT id, payload, by_human, coalesce(sent_at, now()) AS at,
       coalesce(sent_at, now()) > now() - interval '10 seconds' AS fresh
FROM outbox
WHERE shop_id = $1 AND key = $2 AND status IN (1, 2)
  AND (id > $3 OR id = ANY($5::bigint[]) OR (id > $3 - 10000 AND sent_at > now() - interval '2 minutes'))
ORDER BY id DESC LIMIT $4
"""
_SENT_ONE = "SELECT payload FROM outbox WHERE shop_id = $1 AND key = $2 AND id = $3"


class Cursor(NamedTuple):
    """The last inbox row and the last outbox row that a page has."""

    said: int = 0
    sent: int = 0

    def __str__(self) -> str:
        return f"{self.said}.{self.sent}"

    @classmethod
    def read(cls, text: str) -> Cursor:
        """The cursor that `str` wrote; the beginning for anything else."""
        said, _, sent = text.partition(".")
        return cls(_number(said), _number(sent)) if _number(said) >= 0 <= _number(sent) else cls()

    def past(self, one: Shown) -> Cursor:
        """The cursor of a page that has `one` too."""
        return Cursor(max(self.said, one.said), max(self.sent, one.sent))


@dataclass(frozen=True, slots=True)
class Shown:
    """One message on the page.

    `id`: the element, the same through all edits. `row`: which look of it this is; a press names it.
    `toast`: a short note that passes and is never part of the history. `blank`: there is nothing but the toast.
    """

    id: str
    row: str
    at: datetime
    mine: bool
    said: int = 0
    sent: int = 0
    title: str = ""
    body: str = ""
    quote: str = ""
    pressed: bool = False
    by_human: bool = False
    photos: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    location: tuple[float, float] | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    toast: str = ""

    @property
    def blank(self) -> bool:
        return not (self.body or self.title or self.photos or self.files or self.location or self.buttons)


async def read(app: App, chat: Chat, after: Cursor, rows: Sequence[int] = (), limit: int = WINDOW) -> list[Shown]:
    """Messages after the cursor (and the outbox `rows` named), oldest first; at most `limit` from each side."""
    said = await app.db.fetch(_SAID, chat.shop_id, chat.key, after.said, limit)
    sent = await app.db.fetch(_SENT, chat.shop_id, chat.key, after.sent, limit, list(rows))
    mine = [await _said(app, chat, row) for row in reversed(said)]
    theirs = [await _sent(app, chat, row) for row in reversed(sent)]
    return list(heapq.merge(mine, theirs, key=attrgetter("at")))  # each side keeps its own order


async def read_page(app: App, chat: Chat) -> tuple[list[Shown], Cursor]:
    """The last messages as they look now, with edits laid over what they edit, and the cursor behind them."""
    by_id: dict[str, Shown] = {}
    cursor = Cursor()
    for one in await read(app, chat, cursor):
        old = by_id.get(one.id)
        by_id[one.id] = replace(one, at=old.at) if old else one
        cursor = cursor.past(one)
    return [one for one in by_id.values() if not one.blank], cursor


async def own(app: App, chat: Chat, event_id: str) -> Shown | None:
    """The stored message with this event id, None when it is not of this conversation."""
    row = await app.db.fetchrow(_SAID_ONE, chat.shop_id, event_id, chat.key)
    return await _said(app, chat, row) if row else None


async def sent_reply(app: App, chat: Chat, row: str) -> Reply | None:
    """What outbox row `row` said in this conversation; None for a row that is not of it."""
    payload = await app.db.fetchval(_SENT_ONE, chat.shop_id, chat.key, _number(row))
    return load_reply(payload) if payload else None


async def _said(app: App, chat: Chat, row: asyncpg.Record) -> Shown:
    incoming = load_incoming(row["payload"])
    name = row["event_id"].rpartition(":")[2]
    quoted = await sent_reply(app, chat, incoming.reply_to) if incoming.reply_to else None
    return Shown(
        id=name,
        row=name,
        at=row["at"],
        mine=True,
        said=row["id"],
        body=incoming.text,
        quote=quoted.text.partition("\n")[0][:_QUOTE_CHARS] if quoted else "",
        pressed=incoming.kind == "button",
        photos=tuple(media.ref for media in incoming.media if media.kind == "photo"),
        files=tuple((media.ref, media.name) for media in incoming.media if media.kind != "photo"),
        location=incoming.location,
    )


async def _sent(app: App, chat: Chat, row: asyncpg.Record) -> Shown:
    reply = load_reply(row["payload"])
    root = await sent_reply(app, chat, reply.edit) if reply.edit else None
    if root:  # as in messengers, an edit that brings no picture of its own leaves the old one standing
        reply = replace(reply, text=reply.text or root.text, photos=reply.photos or root.photos)
    reply = await card.fill(app.db, app.box, chat.shop_id, reply)
    title, body = _headline(reply)
    return Shown(
        id=reply.edit if root else str(row["id"]),
        row=str(row["id"]),
        at=row["at"],
        mine=False,
        sent=row["id"],
        title=title,
        body=body,
        by_human=row["by_human"],
        photos=reply.photos,
        files=tuple((name, "") for name in reply.files),
        location=reply.location,
        buttons=reply.buttons,
        toast=reply.toast if row["fresh"] else "",
    )


def _headline(reply: Reply) -> tuple[str, str]:
    """A picture with several lines, or a long list, reads as a card: its first line is what it is about."""
    first, _, rest = reply.text.partition("\n")
    card_like = (reply.photos and rest.strip()) or reply.text.count("\n") >= _LIST_LINES
    plain = "://" not in first and not first.startswith("/")  # an introduction with its link, a list of commands
    if card_like and plain and len(first) <= _TITLE_CHARS:
        return first, rest.strip("\n")
    return "", reply.text


def _number(text: str) -> int:
    """A row id a client sent, -1 for what cannot be one (PostgreSQL's bigint has 19 digits)."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1
