"""Voice messages of a burst become words before its turn. Each is listened to once; what was heard stays with its row.

Kept as soon as it is known and before anybody thinks, so that neither a turn thought again nor a process that dies
asks the provider twice. No transaction is open while it listens, and the sound itself is kept nowhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import structlog

from agent.voice import REFUSED, transcribe
from bot.inbox import pieces
from kit import outbox, sound
from kit.db import transaction
from kit.errors import Unavailable
from kit.http import make_client
from kit.lanes import Held, Row
from kit.mask import mask
from kit.message import Incoming, Media, Notice, dump

if TYPE_CHECKING:
    import httpx2

    from bot.app import App

log = structlog.get_logger(__name__)
HEARD = "heard"  # else: silent, too_long, enough, failed
AT_ONCE = 8  # voices a process holds in memory: a minute is about 200 kB, the largest allowed 10 MB
_KEPT = ("text", "media", "voice", "hidden")
FETCH_TRIES = 2  # of the turn: a platform that does not give the sound twice; the shopper is asked to type

# what was heard, unless its author has taken the message back meanwhile
_KEEP = "UPDATE inbox SET payload = payload || $3 WHERE shop_id = $1 AND id = $2 AND status = 0"
_HEARD_TODAY = """
SELECT coalesce(sum((one ->> 'seconds')::int), 0) FROM inbox, jsonb_array_elements(payload -> 'media') AS one
WHERE shop_id = $1 AND key = $2 AND received_at > now() - interval '1 day' AND payload ->> 'voice' = 'heard'
"""


@dataclass(slots=True)
class Ears:
    """The listening of one process."""

    app: App
    _client: httpx2.AsyncClient | None = field(default=None, init=False)
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE), init=False)

    @property
    def open(self) -> bool:
        """Whether a provider is configured."""
        return bool(self.app.config.voice.base_url)

    async def listen(self, held: Held, rows: Sequence[Row]) -> Sequence[Row]:
        """`rows` with the words of their voices. Raises Unavailable when a platform should be asked again later."""
        if not self.open or not any(_deaf(row.incoming) for row in rows):
            return rows
        async with self._room:  # one after another: providers count requests
            return [await self._row(held, row) if _deaf(row.incoming) else row for row in rows]

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()

    async def _row(self, held: Held, row: Row) -> Row:
        """One message, listened to and kept; a row that is done with meanwhile stays as it was."""
        said, media, marks = [row.incoming.text], list[Media](), list[str]()
        for one in row.incoming.media:
            if one.kind == "voice":
                one, mark, words = await self._one(held, row, one)
                self.app.metrics.voice(mark)
                marks.append(mark)
                said.append(words)
            media.append(one)
        mark = next((mark for mark in marks if mark != HEARD), HEARD)
        masked = mask("\n".join(words for words in said if words))  # the same door as for what is typed
        hidden = ",".join(sorted({*masked.kinds, *filter(None, row.incoming.hidden.split(","))}))
        heard = replace(row.incoming, text=masked.text, media=tuple(media), voice=mark, hidden=hidden)
        kept = {name: part for name, part in dump(heard).items() if name in _KEPT}
        async with transaction(self.app.db) as tx:
            stored = await tx.execute(_KEEP, held.shop_id, row.id, kept) == "UPDATE 1"
            await pieces.hide(tx, heard)
        return replace(row, incoming=heard) if stored else row

    async def _one(self, held: Held, row: Row, media: Media) -> tuple[Media, str, str]:
        """A voice with its measured length, how listening went, and its words.

        Raises Unavailable when the platform may give the sound at the next try of the turn.
        """
        most = self.app.config.voice
        if media.seconds > most.longest_s or media.size > most.largest_mb * 1_000_000:
            return media, "too_long", ""
        try:
            data = await self.app.channel(held.shop_id, row.incoming.chat.channel).fetch(media)
        except Unavailable as error:
            if row.attempts < FETCH_TRIES and not error.permanent:
                raise
            return media, "failed", ""
        found = sound.look(data)
        if found is None:
            return media, "failed", ""
        media = replace(media, seconds=round(found.seconds) or media.seconds)
        if media.seconds > most.longest_s or len(data) > most.largest_mb * 1_000_000:
            return media, "too_long", ""
        if await self._enough(held, media):
            return media, "enough", ""
        return media, *await self._words(held.shop_id, data, replace(found, seconds=media.seconds))

    async def _words(self, shop_id: str, data: bytes, found: sound.Sound) -> tuple[str, str]:
        if self._client is None:
            self._client = make_client(self.app.config.voice.timeout_s)
        try:
            words = await transcribe(self._client, self.app.config.voice, data, found)
        except Unavailable as error:
            log.warning("voice_not_heard", shop=shop_id, what=error.what, code=error.code)
            if error.permanent and error.code in REFUSED:
                await self._tell(shop_id)
            return "failed", ""
        return (HEARD, words) if words else ("silent", "")

    async def _enough(self, held: Held, media: Media) -> bool:
        """Whether this conversation has had its minutes of the last 24 hours: seconds of a provider cost money."""
        most = self.app.config.voice.shopper_minutes_a_day * 60
        if not most:
            return False
        heard: int = await self.app.db.fetchval(_HEARD_TODAY, held.shop_id, held.key)
        return heard + media.seconds > most

    async def _tell(self, shop_id: str) -> None:
        """Staff hear once a day that the provider refuses us; the shoppers are asked to type meanwhile."""
        day = int(self.app.clock().timestamp() // 86_400)
        async with transaction(self.app.db) as tx:
            await outbox.tell_staff(tx, shop_id, Notice("problem", facts={"what": "voice"}), idem=f"voice:{day}")


def _deaf(incoming: Incoming) -> bool:
    """Whether nobody has listened to a voice of this message yet."""
    return not incoming.voice and any(media.kind == "voice" for media in incoming.media)
