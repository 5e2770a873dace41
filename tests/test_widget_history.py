"""A page opened again shows the conversation as it is now, read from the inbox and the outbox alone."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from bot.app import App
from bot.widget import history
from bot.widget.history import Cursor
from kit.cache import Redis
from kit.config import Config
from kit.db import Pool
from kit.errors import Unavailable
from kit.message import Button, Chat, Media, Reply
from tests.widget_world import Tab, browser, make_app, say

PICTURE = "a" * 64 + ".jpg"


@pytest.fixture
def app(own_db: Pool, redis: Redis, config: Config) -> App:
    return make_app(own_db, redis, config)


@pytest.fixture
async def tab(app: App) -> AsyncIterator[Tab]:
    async with browser(app) as tab:
        await tab.open()
        yield tab


@pytest.fixture
async def chat(tab: Tab) -> Chat:
    return await tab.chat()


async def test_page_shows_both_sides_in_order(app: App, tab: Tab, chat: Chat) -> None:
    for n in range(3):
        await say(app, chat, Reply(f"answer {n}"))
        await tab.post(text=f"question {n}")
    await tab.open()
    said = tab.words()
    places = [said.index(f"{kind} {n}") for n in range(3) for kind in ("answer", "question")]
    assert places == sorted(places)


async def test_edit_takes_the_place_of_what_it_edits(app: App, tab: Tab, chat: Chat) -> None:
    card = await say(
        app, chat, Reply("Chek keldi\n158 000", photos=(PICTURE,), buttons=((Button("Pul keldi", "s:1"),),))
    )
    await tab.post(text="later")
    await say(app, chat, Reply("Toʻlandi", edit=card))
    await tab.open()
    said = tab.words()
    assert "Chek keldi" not in said and "Pul keldi" not in said
    assert said.index("Toʻlandi") < said.index("later")  # it stays where it was
    assert PICTURE in tab.html  # and keeps its picture


async def test_first_line_of_a_card_is_its_title(app: App, tab: Tab, chat: Chat) -> None:
    await say(app, chat, Reply("Buyurtma №1\nb\nc\nd\ne"))
    await say(app, chat, Reply("Koʻylak\n250 000", photos=(PICTURE,)))
    await say(app, chat, Reply("Salom!\nNima kerak?"))
    await tab.open()
    assert re.findall(r'class="title">([^<]+)<', tab.html) == ["Buyurtma №1", "Koʻylak"]


async def test_edit_of_nothing_is_a_message(app: App, tab: Tab, chat: Chat) -> None:
    await say(app, chat, Reply("alone", edit="999999"))
    await tab.open()
    assert "alone" in tab.words()


async def test_what_was_not_sent_is_not_shown(app: App, tab: Tab, chat: Chat) -> None:
    for status in (0, 3, 9):
        row = await say(app, chat, Reply(f"status {status}"))
        await app.db.execute("UPDATE outbox SET status = $1, sent_at = NULL WHERE id = $2", status, int(row))
    await tab.open()
    assert "status" not in tab.words()


async def test_toast_is_no_part_of_the_history(app: App, tab: Tab, chat: Chat) -> None:
    await say(app, chat, Reply(toast="Belgilandi", press_id="x"))
    await tab.open()
    assert "Belgilandi" not in tab.html


async def test_cursor_stands_behind_the_last_message(app: App, tab: Tab, chat: Chat) -> None:
    await say(app, chat, Reply("one"))
    _, cursor = await history.read_page(app, chat)
    assert await history.read(app, chat, cursor._replace(sent=cursor.sent + 0)) == await history.read(app, chat, cursor)
    await say(app, chat, Reply("two"))
    await tab.post(text="three")
    after = await history.read(app, chat, cursor)
    assert [one.body for one in after if one.sent > cursor.sent or one.said > cursor.said] == ["two", "three"]


async def test_late_committed_row_is_read_within_two_minutes(app: App, chat: Chat) -> None:
    early = await say(app, chat, Reply("early"))
    late = await say(app, chat, Reply("late"))
    again = await history.read(app, chat, Cursor(0, int(late)))
    assert early in {one.id for one in again}  # its id is lower, its sending recent
    await app.db.execute("UPDATE outbox SET sent_at = now() - interval '3 minutes'")
    assert await history.read(app, chat, Cursor(10**6, int(late))) == []
    named = await history.read(app, chat, Cursor(10**6, int(late)), [int(early)])
    assert [one.id for one in named] == [early]


async def test_long_conversation_shows_its_end(app: App, tab: Tab, chat: Chat) -> None:
    await app.db.execute(
        "INSERT INTO outbox (shop_id, key, idem, payload, status, sent_at) "
        "SELECT 'lola', $1, 'n' || n, jsonb_build_object('text', 'line ' || n || '.'), 1, now() "
        "FROM generate_series(1, 1000) AS n",
        chat.key,
    )
    await tab.open()
    assert "line 1000." in tab.words() and "line 801." in tab.words() and "line 800." not in tab.words()


async def test_own_card_is_filled_in_and_lies_nowhere(app: App, tab: Tab, chat: Chat) -> None:
    from orders import card

    number = "8600495473316478"
    async with app.db.acquire() as tx, tx.transaction():
        shop = await app.shops.get("lola")
        await card.replace(tx, app.box, "lola", number, "DILFUZA K", actor="staff:widget:1", now=app.clock())
    shown = await card.shown(app.db, "lola")
    assert shown is not None and shop.id == "lola"
    await say(app, chat, Reply(f"Karta: {shown.token}", buttons=((Button("Nusxa", copy=shown.token),),)))
    assert number not in str([dict(row) for row in await app.db.fetch("SELECT * FROM outbox")])
    await tab.open()
    assert f'data-copy="{number}"' in tab.html


async def test_channel_fetches_what_was_uploaded(app: App) -> None:
    name = app.media.put(b"bytes", "jpg")
    channel = app.channel("lola", "widget")
    assert await channel.fetch(Media("photo", name)) == b"bytes"
    for ref in (PICTURE, "../key", ""):
        with pytest.raises(Unavailable) as gone:
            await channel.fetch(Media("photo", ref))
        assert gone.value.permanent
