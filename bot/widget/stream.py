"""What a page hears while it is open: new messages, edits, three dots, short notes.

Redis only rings; what is shown is read from PostgreSQL. A page that missed a ring (Redis emptied, network gone) reads
on from its cursor, at the latest at the next look. It knows no HTML: `bot.widget.render` makes it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.app import App
from bot.widget import history
from bot.widget.history import Cursor, Shown
from kit import cache, tasks
from kit.message import Chat

_LOOK_S = 10.0  # a look without a ring: what a lost ring costs at most
_REMEMBERED = 1000  # rows a stream will not show twice; a conversation that long has scrolled away
MAX_PAGES = 12  # open pages of one visitor: more is no person


@dataclass(frozen=True, slots=True)
class Heard:
    """`kind`: message (with `shown` and the cursor behind it), typing or toast (with `text`)."""

    kind: str
    cursor: Cursor
    shown: Shown | None = None
    text: str = ""


class Streams:
    """All open pages of this process, so that they can be closed when it stops."""

    def __init__(self) -> None:
        self._open: set[asyncio.Queue[dict[str, Any]]] = set()
        self._pages: Counter[Chat] = Counter()
        self.closing = False

    def close(self) -> None:
        """End every stream; pages come again by themselves when there is a server to come to."""
        self.closing = True
        for bell in self._open:
            bell.put_nowait({"kind": "closing"})

    def full(self, chat: Chat) -> bool:
        """Whether this visitor has as many pages open as we serve."""
        return self._pages[chat] >= MAX_PAGES

    @asynccontextmanager
    async def _bell(self, app: App, chat: Chat) -> AsyncIterator[asyncio.Queue[dict[str, Any]]]:
        bell: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._open.add(bell)
        self._pages[chat] += 1
        ear = tasks.start(_listen(app, chat, bell), f"widget page of {chat.shop_id}")
        try:
            yield bell
        finally:
            ear.cancel()
            self._open.discard(bell)
            self._pages[chat] -= 1
            if self._pages[chat] <= 0:
                del self._pages[chat]

    async def follow(self, app: App, chat: Chat, cursor: Cursor) -> AsyncIterator[Heard]:
        """What happens in `chat` after `cursor`, until the page goes away or the process stops."""
        seen: dict[str, None] = {}  # an ordered set
        rings: list[dict[str, Any]] = []
        async with self._bell(app, chat) as bell:
            while not self.closing:
                rows = [ring["row"] for ring in rings if isinstance(ring.get("row"), int)]
                for one in await history.read(app, chat, cursor, rows):
                    if one.row not in seen:
                        seen[one.row] = None
                        cursor = cursor.past(one)
                        for heard in _heard(one, cursor):
                            yield heard
                while len(seen) > _REMEMBERED:
                    del seen[next(iter(seen))]
                if rings and rings[-1]["kind"] == "typing":  # a message that rang later has ended the waiting
                    yield Heard("typing", cursor)
                rings = await _rings(bell)


def _heard(one: Shown, cursor: Cursor) -> list[Heard]:
    heard = [] if one.blank else [Heard("message", cursor, one)]
    return [*heard, Heard("toast", cursor, text=one.toast)] if one.toast else heard


async def _listen(app: App, chat: Chat, bell: asyncio.Queue[dict[str, Any]]) -> None:
    async for event in cache.subscribe(app.redis, chat):
        bell.put_nowait(event)


async def _rings(bell: asyncio.Queue[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everything that rang, waiting for the first ring; [] when it was quiet for `_LOOK_S`."""
    try:
        async with asyncio.timeout(_LOOK_S):
            rings = [await bell.get()]
    except TimeoutError:
        return []
    while not bell.empty():
        rings.append(bell.get_nowait())
    return rings
