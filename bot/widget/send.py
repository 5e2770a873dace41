"""Saying something in the web chat: the message is in the outbox already; sending rings for pages to look.

The id of a message is its outbox row: that is what presses, replies and edits name.
"""

from __future__ import annotations

import asyncio

from bot.widget.identity import CHANNEL
from kit import cache
from kit.cache import Redis
from kit.db import Pool
from kit.errors import Unavailable
from kit.media import Store
from kit.message import Chat, Media, Published, Reply, dump
from kit.watch import STORE_AWAY

# The row is marked as being sent (status 2) before the channel is called. Rarely two of a conversation are in flight,
# when one that was put with a delay becomes due: then the words tell which.
_IN_FLIGHT = """
SELECT id FROM outbox WHERE shop_id = $1 AND key = $2 AND status = 2 ORDER BY payload = $3 DESC, id LIMIT 1
"""


class WidgetChannel:
    """The web chat of a shop, as bot.channel.Channel."""

    name = CHANNEL

    def __init__(self, db: Pool, redis: Redis, media: Store) -> None:
        self._db = db
        self._redis = redis
        self._media = media

    async def send(self, chat: Chat, reply: Reply) -> str:
        """Ring for the pages that show `chat`; returns the id of the message, "" when nothing is in flight.

        A page that is closed reads the message when it is opened again: nothing is lost, so nothing is refused. Ringing
        twice shows nothing twice, so a database that is away leaves no doubt: Unavailable, to be tried again.
        """
        try:
            row = await self._db.fetchval(_IN_FLIGHT, chat.shop_id, chat.key, dump(reply))
        except STORE_AWAY as error:
            raise Unavailable(f"the store is away ({type(error).__name__})", code="network") from None
        await cache.publish(self._redis, chat, {"kind": "message", "row": row})
        return str(row) if row is not None else ""

    async def said(self, chat: Chat, reply: Reply) -> str | None:
        """The outbox is the conversation: what it is about to say does not stand there yet."""
        return None

    async def fetch(self, media: Media) -> bytes:
        """The uploaded bytes. Raises a permanent Unavailable when the store has them no more (erased)."""
        try:
            return await asyncio.to_thread(self._media.read, media.ref)
        except FileNotFoundError as error:
            raise Unavailable("the file is not kept any more", permanent=True, code="gone") from error

    async def post(self, post_id: str) -> Published | None:
        """A web chat has no posts."""
        return None

    async def posts(self, after: str = "") -> tuple[list[Published], str]:
        """A web chat has no posts."""
        return [], ""

    async def typing(self, chat: Chat) -> None:
        """Three dots on the page for a few seconds."""
        await cache.publish(self._redis, chat, {"kind": "typing"})
