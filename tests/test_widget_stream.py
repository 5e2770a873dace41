"""What an open page hears: at once when Redis rings, from its cursor when it comes back, and without Redis too."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx2
import pytest

from bot import deliver, web
from bot.app import App
from bot.widget import stream
from kit import cache, outbox, tasks
from kit.cache import Redis
from kit.config import Config
from kit.db import Pool, transaction
from kit.message import Button, Chat, Reply
from tests.widget_world import Tab, browser, listening, make_app, next_heard, say, serving


@pytest.fixture
def app(own_db: Pool, redis: Redis, config: Config) -> App:
    return make_app(own_db, redis, config)


@pytest.fixture
async def address(app: App) -> AsyncIterator[str]:
    async with serving(app) as address:
        yield address


@pytest.fixture
async def tab(app: App, address: str) -> AsyncIterator[Tab]:
    """A tab at the server's own address, with one message said and read."""
    async with browser(app) as tab:
        tab.client.base_url = address  # type: ignore[assignment]
        tab.origin = address
        await tab.open()
        await tab.chat()
        await tab.open()
        yield tab


async def _chat(app: App) -> Chat:
    key = await app.db.fetchval("SELECT key FROM inbox WHERE shop_id = 'lola' ORDER BY id DESC LIMIT 1")
    return Chat.of("lola", key)


async def test_message_arrives_while_the_page_is_open(app: App, tab: Tab, address: str) -> None:
    async with listening(tab, address):
        started = time.monotonic()
        await say(app, await _chat(app), Reply("Salom!", buttons=((Button("Ha", "b:1"),),)))
        heard = await next_heard(tab)
        assert heard.event == "message" and "Salom!" in heard.data["html"] and heard.data["mine"] is False
        assert time.monotonic() - started < 1.0


async def test_through_the_real_outbox(app: App, tab: Tab, address: str) -> None:
    stop = asyncio.Event()
    sender = tasks.start(deliver.work(app, stop), "test sender")
    try:
        async with listening(tab, address):
            for n in range(3):
                async with transaction(app.db) as tx:
                    await outbox.put(tx, await _chat(app), Reply(f"n {n}"), idem=f"n{n}")
            heard = [await next_heard(tab) for _ in range(3)]
            assert [f"n {n}" in one.data["html"] for n, one in enumerate(heard)] == [True] * 3
            rows = await app.db.fetch("SELECT id, provider_id FROM outbox WHERE shop_id = 'lola' AND status = 1")
            assert all(row["provider_id"] == str(row["id"]) for row in rows)
    finally:
        stop.set()
        await asyncio.wait_for(sender, 15)


async def test_page_that_was_away_reads_on_from_its_last_event(app: App, tab: Tab, address: str) -> None:
    chat = await _chat(app)
    async with listening(tab, address):
        await say(app, chat, Reply("one"))
        last = (await next_heard(tab)).id
    await say(app, chat, Reply("two"))
    await tab.post(text="from my phone")
    tab.heard = asyncio.Queue()
    async with listening(tab, address, last_event_id=last):
        heard = [await next_heard(tab) for _ in range(3)]
    words = " ".join(one.data["html"] for one in heard)
    assert "two" in words and "from my phone" in words and [one.data["mine"] for one in heard].count(True) == 1


async def test_other_tab_of_the_same_person_hears_what_was_posted(app: App, tab: Tab, address: str) -> None:
    async with listening(tab, address):
        await tab.post(text="hello there")
        heard = await next_heard(tab)
        assert heard.data["mine"] is True and "hello there" in heard.data["html"]


async def test_typing_then_answer(app: App, tab: Tab, address: str) -> None:
    chat = await _chat(app)
    async with listening(tab, address):
        await asyncio.sleep(0.3)
        await app.channel("lola", "widget").typing(chat)
        assert (await next_heard(tab)).event == "typing"
        await say(app, chat, Reply("done"))
        assert (await next_heard(tab)).event == "message"


async def test_press_is_answered_by_a_passing_note_and_an_edit(app: App, tab: Tab, address: str) -> None:
    chat = await _chat(app)
    async with listening(tab, address):
        card = await say(app, chat, Reply("card", buttons=((Button("x", "b:x"),),)))
        await next_heard(tab)
        await say(app, chat, Reply("changed", edit=card, toast="Belgilandi", press_id="p"))
        edit, toast = await next_heard(tab), await next_heard(tab)
        assert f'id="m-{card}"' in edit.data["html"] and "changed" in edit.data["html"]
        assert (toast.event, toast.data) == ("toast", {"text": "Belgilandi"})


async def test_nobody_hears_another_conversation(app: App, tab: Tab, address: str) -> None:
    async with listening(tab, address):
        await say(app, Chat("lola", "widget", "e" * 32), Reply("for another"))
        await say(app, await _chat(app), Reply("for me"))
        assert "for me" in (await next_heard(tab)).data["html"]
        assert tab.heard.empty()


async def test_without_redis_the_page_looks_by_itself(
    own_db: Pool, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "_LOOK_S", 0.3)
    away = await cache.open_redis("redis://127.0.0.1:1/0")
    app = make_app(own_db, away, config)
    async with serving(app) as address, browser(app) as tab:
        tab.client.base_url = address  # type: ignore[assignment]
        tab.origin = address
        await tab.open()
        await tab.chat()
        await tab.open()
        async with listening(tab, address):
            await say(app, await _chat(app), Reply("still here"))
            assert "still here" in (await next_heard(tab)).data["html"]
    await away.aclose()


async def test_emptied_redis_costs_nothing(app: App, tab: Tab, address: str) -> None:
    async with listening(tab, address):
        await say(app, await _chat(app), Reply("one"))
        await next_heard(tab)
        await app.redis.flushall()
        await say(app, await _chat(app), Reply("two"))
        assert "two" in (await next_heard(tab)).data["html"]


async def test_no_more_pages_than_a_person_has(app: App, tab: Tab, address: str) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(stream.MAX_PAGES):
            await stack.enter_async_context(listening(tab, address))
        await asyncio.sleep(0.3)
        with pytest.raises(httpx2.HTTPStatusError, match="503"):
            await stack.enter_async_context(listening(tab, address))


async def test_stopping_ends_open_streams_quickly(app: App) -> None:
    stop = asyncio.Event()
    door = web.listen(app.config.http.model_copy(update={"port": 0}))
    address = f"http://127.0.0.1:{door.getsockname()[1]}"
    server = tasks.start(web.serve(app, stop, door), "test server")
    async with browser(app) as tab:
        tab.client.base_url = address  # type: ignore[assignment]
        tab.origin = address
        await tab.open()
        await tab.chat()
        async with listening(tab, address):
            await asyncio.sleep(0.3)
            started = time.monotonic()
            stop.set()
            await asyncio.wait_for(server, 5)
            assert time.monotonic() - started < 2.0
