"""Stand-ins for what the queue talks to: a channel that notes and fails on demand, a staff room, an app around them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

from bot.app import App, Fence
from kit import clock, tasks
from kit.config import Config
from kit.db import Pool, Tx
from kit.errors import Unavailable
from kit.message import Chat, Incoming, Media, Notice, Reply

CHAT = Chat("lola", "telegram", "555")


class Ledger:
    """A channel: `sent` in order; `fail` holds what the next sends raise (None: they succeed); `slow_s` each takes."""

    def __init__(self, name: str = "telegram", slow_s: float = 0.0) -> None:
        self.name = name
        self.slow_s = slow_s
        self.sent: list[tuple[Chat, Reply]] = []
        self.fail: list[Exception | None] = []
        self.typed: list[Chat] = []
        self.files: dict[str, bytes | Unavailable] = {}
        self.at_once: dict[Chat, int] = {}
        self.overlaps = 0

    async def send(self, chat: Chat, reply: Reply) -> str:
        self.at_once[chat] = self.at_once.get(chat, 0) + 1
        self.overlaps += self.at_once[chat] > 1
        try:
            if self.slow_s:
                await asyncio.sleep(self.slow_s)
            if self.fail and (error := self.fail.pop(0)) is not None:
                raise error
            self.sent.append((chat, reply))
            return str(len(self.sent))
        finally:
            self.at_once[chat] -= 1

    async def fetch(self, media: Media) -> bytes:
        found = self.files[media.ref]
        if isinstance(found, Unavailable):
            raise found
        return found

    async def typing(self, chat: Chat) -> None:
        self.typed.append(chat)

    @property
    def texts(self) -> list[str]:
        return [reply.text for _, reply in self.sent]


class StaffRoom:
    """`bot.staff`: notes what it is given; commands are its matters; a notice goes to the one person at chat 777."""

    def __init__(self) -> None:
        self.handled: list[Incoming] = []
        self.typed: list[str] = []
        self.notices: list[Notice] = []
        self.deal: Callable[[App, Incoming, Fence], Awaitable[bool]] | None = None

    async def handle(self, app: App, incoming: Incoming, *, fence: Fence, typed: str) -> bool:
        self.handled.append(incoming)
        self.typed.append(typed)
        if self.deal is not None:
            return await self.deal(app, incoming, fence)
        return incoming.kind == "command" and incoming.text != "/start"

    async def expand(self, app: App, tx: Tx, shop_id: str, notice: Notice, idem: str) -> None:
        self.notices.append(notice)


def app_of(
    pool: Pool, config: Config, *, channel: Ledger | None = None, staff: StaffRoom | None = None, **parts: Any
) -> App:
    """An App with what the queue needs; what is not given is None and fails loudly when used."""
    nothing: dict[str, Any] = dict.fromkeys(("redis", "shops", "media", "brain", "index", "box")) | parts
    channels = {("lola", channel.name): channel} if channel else {}
    return App(
        config=config,
        db=pool,
        staff=cast(Any, staff or StaffRoom()),
        clock=clock.now,
        channels=cast(Any, channels),
        **nothing,
    )


@asynccontextmanager
async def running(work: Callable[[asyncio.Event], Awaitable[None]]) -> AsyncIterator[None]:
    """`work(stop)` in the background; stopped and awaited at the end, its crash raised."""
    stop = asyncio.Event()

    async def run() -> None:
        await work(stop)

    task = tasks.start(run(), "work")
    try:
        yield
    finally:
        stop.set()
        await task


async def until(check: Callable[[], Awaitable[bool]] | Callable[[], bool], timeout_s: float = 10.0) -> None:
    """Wait until `check` holds; TimeoutError when it does not in time."""
    async with asyncio.timeout(timeout_s):
        while True:
            held = check()
            if held if isinstance(held, bool) else await held:
                return
            await asyncio.sleep(0.01)
