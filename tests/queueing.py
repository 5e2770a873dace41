"""Stand-ins for what the queue talks to: a channel that notes and fails on demand, a staff room, an app around them."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

from bot.app import App, Fence
from bot.inbox import accept
from bot.inbox.worker import Thought
from kit import clock, outbox, outgoing, tasks
from kit.config import Config, TurnConfig
from kit.db import Pool, Tx
from kit.errors import Unavailable
from kit.lanes import Held, Row
from kit.message import Chat, Incoming, Media, Notice, Published, Reply
from kit.watch import Watch
from shop.audit import note

CHAT = Chat("lola", "telegram", "555")


class Ledger:
    """A channel: `sent` in order; `fail` holds what the next sends raise (None: they succeed); `slow_s` each takes."""

    def __init__(self, name: str = "telegram", slow_s: float = 0.0) -> None:
        self.name = name
        self.slow_s = slow_s
        self.sent: list[tuple[Chat, Reply]] = []
        self.fail: list[Exception | None] = []
        self.standing: dict[Reply, str | Unavailable] = {}  # what `said` answers
        self.asked: list[Reply] = []
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

    async def said(self, chat: Chat, reply: Reply) -> str | None:
        self.asked.append(reply)
        found = self.standing.get(reply)
        if isinstance(found, Unavailable):
            raise found
        return found

    async def fetch(self, media: Media) -> bytes:
        found = self.files[media.ref]
        if isinstance(found, Unavailable):
            raise found
        return found

    async def post(self, post_id: str) -> Published | None:
        return None

    async def posts(self, after: str = "") -> tuple[list[Published], str]:
        return [], ""

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

    async def overhear(self, app: App, turn: Any, outcome: Any) -> Notice | None:
        return Notice("overheard", shopper=turn.chat.key, facts={"text": turn.last.text})


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


# ---- conversations that are echoed -----------------------------------------------------------------------------------

AT_ONCE = TurnConfig(complete_ms=0, fragment_ms=0, album_ms=0, max_ms=0, per_minute=0, per_hour=0)
QUICK = (0.01,)


def message(chat: str, number: int) -> Incoming:
    return Incoming(Chat("lola", "telegram", chat), f"{chat}-{number}", chat, text=str(number))


async def hear(pool: Pool, *incomings: Incoming) -> int:
    return await accept(pool, incomings, AT_ONCE)


class Echo:
    """A turn that writes one line of the trail for each message, and watches that nobody else works in its lane."""

    def __init__(self, think_s: float = 0.0, fail: float = 0.0, seed: int = 0) -> None:
        self.busy: set[str] = set()
        self.overlaps = 0
        self.bursts: list[list[str]] = []
        self._think_s, self._fail, self._dice = think_s, fail, random.Random(seed)

    async def __call__(self, held: Held, rows: Sequence[Row]) -> Thought:
        self.bursts.append([row.incoming.text for row in rows])
        self.overlaps += held.key in self.busy
        self.busy.add(held.key)
        try:
            await asyncio.sleep(self._think_s * self._dice.random())
            if self._dice.random() < self._fail:
                raise ValueError("the brain stumbled")
        finally:
            self.busy.discard(held.key)
        return Thought(rows, write=lambda tx: answered(tx, held, rows))


async def answered(tx: Tx, held: Held, rows: Sequence[Row]) -> None:
    for row in rows:
        await note(tx, held.shop_id, "agent", "answered", held.key, text=row.incoming.text, id=row.id)


async def trail(pool: Pool) -> dict[str, list[int]]:
    """Conversation -> numbers of its answered messages, in the order of their commits."""
    found = defaultdict(list)
    for row in await pool.fetch(
        "SELECT about, data FROM audit WHERE shop_id = 'lola' AND verb = 'answered' ORDER BY id"
    ):
        found[row["about"]].append(int(row["data"]["text"]))
    return found


async def idle(pool: Pool) -> bool:
    waits = await pool.fetchval("SELECT count(*) FROM inbox WHERE shop_id = 'lola' AND status = 0")
    return not waits and not await pool.fetchval(
        "SELECT count(*) FROM lane WHERE shop_id = 'lola' AND owner IS NOT NULL"
    )


async def stranded(pool: Pool) -> int:
    """Messages that wait in a lane which nobody will ever look at."""
    count: int = await pool.fetchval(
        "SELECT count(*) FROM inbox i JOIN lane l ON l.shop_id = i.shop_id AND l.key = i.key"
        " WHERE i.shop_id = 'lola' AND i.status = 0 AND l.due_at = 'infinity' AND l.owner IS NULL"
    )
    return count


async def killed(pool: Pool) -> None:
    """A sender claims everything and dies as by kill -9: its session and lock are gone, the rows remain."""
    ghost = Watch(pool, outbox.BELL, "ghost")
    await ghost.open()
    assert await outgoing.claim(pool, ghost.id, 64)
    assert ghost._connection is not None
    ghost._connection.terminate()
