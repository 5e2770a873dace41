"""A web process for tests: the real application on real stores, tabs with cookies but no browser, a real server."""

from __future__ import annotations

import asyncio
import html
import json
import re
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast

import httpx2

from bot import web
from bot.app import App
from bot.widget.send import WidgetChannel
from kit import clock, outbox, tasks
from kit.cache import Redis
from kit.config import Config
from kit.crypto import Box
from kit.db import Pool, transaction
from kit.media import Store
from kit.message import Chat, Incoming, Reply, load_incoming
from shop.shops import Shops

HOST = "http://shop.test"
_ids = iter(range(1, 10**9))


def make_app(pool: Pool, redis: Redis, config: Config) -> App:
    """An App whose web chat is whole and that has no agent, no staff room and no messenger."""
    media = Store(config.data_dir / "media")
    none = cast(Any, None)
    box = Box(config.data_dir / "key")
    app = App(config, pool, redis, Shops(pool, config, media), media, none, none, box, none, clock.now)
    for shop_id in config.shops:
        app.channels[(shop_id, "widget")] = WidgetChannel(pool, redis, media)
    return app


async def say(app: App, chat: Chat, reply: Reply, *, by_human: bool = False) -> str:
    """What bot.deliver does with a row, done at once: marked as being sent, sent, marked as sent. The message's id."""
    async with transaction(app.db) as tx:
        row = await outbox.put(tx, chat, reply, idem=f"test:{next(_ids)}", by_human=by_human)
    await app.db.execute("UPDATE outbox SET status = 2 WHERE shop_id = $1 AND id = $2", chat.shop_id, row)
    provider_id = await app.channel(chat.shop_id, "widget").send(chat, reply)
    await app.db.execute(
        "UPDATE outbox SET status = 1, sent_at = now(), provider_id = $3 WHERE shop_id = $1 AND id = $2",
        chat.shop_id,
        row,
        provider_id,
    )
    return provider_id


async def stored(app: App, shop_id: str = "lola") -> list[Incoming]:
    """Everything in the inbox, in order."""
    rows = await app.db.fetch("SELECT payload FROM inbox WHERE shop_id = $1 ORDER BY id", shop_id)
    return [load_incoming(row["payload"]) for row in rows]


@dataclass
class Heard:
    """One server-sent event."""

    event: str
    id: str
    data: Any


@dataclass
class Tab:
    """One browser tab: opens the page, posts as the page does, listens."""

    client: httpx2.AsyncClient
    shop_id: str = "lola"
    role: str = "shopper"
    origin: str = HOST
    cursor: str = "0.0"
    html: str = ""
    heard: asyncio.Queue[Heard] = field(default_factory=asyncio.Queue)

    async def open(self, **query: str) -> httpx2.Response:
        """GET the page."""
        response = await self.client.get(f"/chat/{self.shop_id}", params={"as": self.role, **query})
        self.html = response.text
        if found := re.search(r'data-cursor="([\d.]+)"', self.html):
            self.cursor = found[1]
        return response

    async def post(self, *, files: list[tuple[str, bytes, str]] | None = None, **fields: str) -> httpx2.Response:
        """POST as the page does; `files` are (name, bytes, type)."""
        fields.setdefault("id", str(uuid.uuid4()))
        return await self.client.post(
            f"/chat/{self.shop_id}/messages",
            params={"as": self.role, "lang": "en"},
            data=fields,
            files=[("files", file) for file in files or []] or [("none", ("", b""))],
            headers={"Origin": self.origin},
        )

    async def chat(self) -> Chat:
        """The conversation behind the cookie: known once something was posted."""
        (await self.post(text="who am i")).raise_for_status()
        pool = self.client.app.db  # type: ignore[attr-defined]
        key = await pool.fetchval("SELECT key FROM inbox WHERE shop_id = $1 ORDER BY id DESC LIMIT 1", self.shop_id)
        return Chat.of(self.shop_id, key)

    def words(self) -> str:
        """What the page's log says, without markup."""
        log = self.html.partition('role="log"')[2].partition('<div class="typing"')[0]
        return html.unescape(re.sub(r"<[^>]+>", " ", log))


@asynccontextmanager
async def browser(app: App, **tab: str) -> AsyncIterator[Tab]:
    """A tab that speaks to the application without a network."""
    transport = httpx2.ASGITransport(app=web.create(app))
    async with httpx2.AsyncClient(transport=transport, base_url=HOST) as client:
        client.app = app  # type: ignore[attr-defined]
        yield Tab(client, **tab)


@asynccontextmanager
async def serving(app: App) -> AsyncIterator[str]:
    """The application on a real port of loopback; its address."""
    door = web.listen(app.config.http.model_copy(update={"port": 0}))
    stop = asyncio.Event()
    server = tasks.start(web.serve(app, stop, door), "test server")
    yield f"http://127.0.0.1:{door.getsockname()[1]}"
    stop.set()
    await asyncio.wait_for(server, 10)


@asynccontextmanager
async def listening(tab: Tab, address: str, last_event_id: str = "") -> AsyncIterator[Tab]:
    """`tab` with its event stream open at `address`; what comes is in `tab.heard`."""
    headers = {"Last-Event-ID": last_event_id} if last_event_id else {}
    url = f"{address}/chat/{tab.shop_id}/events"
    query = {"as": tab.role, "after": tab.cursor}
    async with (
        httpx2.AsyncClient(cookies=tab.client.cookies, timeout=30) as client,
        client.stream("GET", url, params=query, headers=headers) as response,
    ):
        response.raise_for_status()
        ear = tasks.start(_hear(response, tab), "test ear")
        try:
            yield tab
        finally:
            ear.cancel()


async def _hear(response: httpx2.Response, tab: Tab) -> None:
    event = Heard("message", "", None)
    with suppress(httpx2.HTTPError):
        async for line in response.aiter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                event.event = value
            elif name == "id":
                event.id = value
            elif name == "data":
                event.data = json.loads(value)
            elif not line and event.data is not None:
                tab.heard.put_nowait(event)
                event = Heard("message", "", None)
        tab.heard.put_nowait(Heard("closed", "", None))


async def next_heard(tab: Tab, within_s: float = 5.0) -> Heard:
    """The next event of the stream."""
    return await asyncio.wait_for(tab.heard.get(), within_s)
