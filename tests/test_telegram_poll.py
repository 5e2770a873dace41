"""Polling: stored before the offset moves, one process a bot, no bad token in another bot's way."""

import asyncio
import random

import pytest

from bot import door
from bot.telegram import bots, poll
from bot.telegram.seat import Seats
from bot.telegram.send import TelegramChannel
from kit import tasks
from kit.config import Config, HttpConfig, ShopConfig, TelegramConfig
from kit.media import Store
from kit.message import Chat, Incoming
from tests.fakes.telegram import FakeTelegram
from tests.queueing import app_of, running

TOKEN = "111:token-of-lola"


@pytest.fixture
async def telegram():
    async with FakeTelegram() as server:
        server.bot(TOKEN, "lola_bot")
        yield server
        await tasks.stop_all()


@pytest.fixture
def app(own_db, config, telegram, tmp_path):
    return app_of(own_db, settings(config, telegram, lola=TOKEN), media=Store(tmp_path))


def settings(config: Config, telegram: FakeTelegram, public_url="", **shops) -> Config:
    """`lola=token` or `lola={mode: ...}` for each shop."""
    folder = config.shops["lola"].folder
    found = {
        shop_id: ShopConfig(folder=folder, telegram=TelegramConfig(
            **({"token": given} if isinstance(given, str) else given), api_url=telegram.url))
        for shop_id, given in shops.items()
    }  # fmt: skip
    return config.model_copy(update={"shops": found, "http": HttpConfig(public_url=public_url)})


async def texts(app) -> list[str]:
    rows = await app.db.fetch("SELECT payload->>'text' AS text FROM inbox WHERE shop_id = 'lola' ORDER BY id")
    return [row["text"] for row in rows]


def keep(app, **how):
    return running(lambda stop: bots.keep(app, stop, **how))


async def test_what_people_write_is_stored_and_then_confirmed(telegram, app):
    aziza = telegram.person()
    await telegram.text(aziza, "yozdim, bot yoʻq edi")
    async with keep(app):
        await telegram.until(lambda: app.states.get(("lola", "telegram")) == "ok")
        newest = await telegram.text(aziza, "narxi?")
        await telegram.until(lambda: telegram.confirmed.get(111) == newest)
        assert await texts(app) == ["yozdim, bot yoʻq edi", "narxi?"]
        assert app.channels[("lola", "telegram")].username == "lola_bot"
    asked = telegram.made("getUpdates")
    assert asked[0].fields["timeout"] == "0" and asked[-1].fields["timeout"] == "25"
    assert "callback_query" in asked[0].fields["allowed_updates"]
    (gone,) = telegram.made("deleteWebhook")
    assert gone.fields.get("drop_pending_updates") == "false", "orders may be waiting there"
    assert ("lola", "telegram") in app.channels, "what was heard may still be answered"
    await tasks.stop_all()
    assert app.channels == {}


async def test_offset_never_moves_before_the_update_is_stored(telegram, app, monkeypatch):
    """Broken off at any moment, hundreds of times: every message is there, once."""
    store, advance, chance = door.store, Seats.advance, random.Random(7)

    async def risky_store(app, events):
        if chance.random() < 0.3:
            raise OSError("the store went away before the commit")
        count = await store(app, events)
        if chance.random() < 0.3:
            raise OSError("the process died after the commit")
        return count

    async def risky_advance(self, *where):
        if chance.random() < 0.3:
            raise OSError("the process died between the commit and the offset")
        await advance(self, *where)

    monkeypatch.setattr(door, "store", risky_store)
    monkeypatch.setattr(Seats, "advance", risky_advance)
    monkeypatch.setattr(poll, "_SEAT_S", 0.01)
    aziza = telegram.person()
    listening = keep(app)
    async with listening:
        for number in range(60):
            await telegram.text(aziza, f"{number}")
            await asyncio.sleep(0.01)
        newest = telegram.bots[TOKEN].next_update - 1
        await telegram.until(lambda: telegram.confirmed.get(111) == newest, timeout=30)
    assert await texts(app) == [str(number) for number in range(60)]


async def test_numbers_that_begin_anew_after_a_silent_week(telegram, app, monkeypatch):
    monkeypatch.setattr(poll, "_QUIET_S", 0.2)
    monkeypatch.setattr(poll, "_HANG_S", 0.1)
    bot, aziza = telegram.bots[TOKEN], telegram.person()
    async with keep(app):
        newest = await telegram.text(aziza, "bir")
        await telegram.until(lambda: telegram.confirmed.get(111) == newest)
        bot.next_update = 5  # far below our offset
        await telegram.text(aziza, "ikki")
        bot.next_update = newest + 1
        await telegram.until(lambda: not bot.waiting)
    assert await texts(app) == ["bir", "ikki"]


async def test_killed_between_store_and_offset_the_next_process_goes_on(telegram, app, own_db, config, monkeypatch):
    died = asyncio.Event()

    async def dies(self, *where):
        died.set()
        await asyncio.Event().wait()

    aziza = telegram.person()
    await telegram.text(aziza, "bir")
    with monkeypatch.context() as first:
        first.setattr(Seats, "advance", dies)
        async with keep(app):
            await asyncio.wait_for(died.wait(), 10)
    assert telegram.confirmed.get(111, 0) < telegram.bots[TOKEN].next_update - 1
    async with keep(app):
        newest = await telegram.text(aziza, "ikki")
        await telegram.until(lambda: telegram.confirmed.get(111) == newest)
    assert await texts(app) == ["bir", "ikki"]


async def test_one_process_listens_and_a_dead_one_frees_its_seat_at_once(telegram, app, own_db):
    first, second = Seats(own_db), Seats(own_db)
    assert await first.take("lola", "111") == 0
    assert await second.take("lola", "111") is None
    await first.advance("lola", "111", 42)
    assert await first.take("lola", "111") == 42
    await second.advance("lola", "111", 7)  # not its seat: nothing happens
    await first.close()  # what kill -9 does to the connection
    assert await second.take("lola", "111") == 42
    assert await first.take("lola", "111") is None
    await second.leave("lola", "111")
    assert await first.take("lola", "111") == 42
    await first.close()
    await second.close()


async def test_lease_of_a_vanished_machine_runs_out(own_db):
    first, second = Seats(own_db), Seats(own_db)
    await first.take("lola", "111")
    assert await second.take("lola", "111") is None
    await own_db.execute("UPDATE pollers SET lease_until = now() - interval '1 s' WHERE shop_id = 'lola'")
    assert await second.take("lola", "111") == 0
    await first.close()
    await second.close()


async def test_database_that_restarts_costs_no_seat(own_db):
    seats = Seats(own_db)
    assert await seats.take("lola", "111") == 0
    await own_db.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 736862"
    )
    await asyncio.sleep(0.05)
    assert await seats.take("lola", "111") == 0
    other = Seats(own_db)
    assert await other.take("lola", "111") is None, "the lock is held again"
    await seats.close()
    await other.close()


async def test_two_processes_do_not_disturb_each_other(telegram, app, own_db, config, tmp_path, monkeypatch):
    monkeypatch.setattr(poll, "_SEAT_S", 0.05)
    other = app_of(own_db, app.config, media=Store(tmp_path))
    aziza = telegram.person()
    async with keep(app):
        await telegram.until(lambda: app.states.get(("lola", "telegram")) == "ok")
        async with keep(other):
            await telegram.until(lambda: other.states.get(("lola", "telegram")) == "another process listens")
            newest = await telegram.text(aziza, "salom")
            await telegram.until(lambda: telegram.confirmed.get(111) == newest)
        await asyncio.sleep(0.2)
        assert app.states[("lola", "telegram")] == "ok"
    assert await texts(app) == ["salom"]


async def test_a_refused_token_stops_nobody_else(telegram, app, config):
    app.config = settings(config, telegram, lola=TOKEN, malika="222:revoked-token")
    bots.declare(app)
    assert app.states == {("lola", "telegram"): "", ("malika", "telegram"): ""}
    async with keep(app):
        await telegram.until(lambda: "" not in app.states.values())
        assert app.states == {("lola", "telegram"): "ok", ("malika", "telegram"): "token refused"}
        newest = await telegram.text(telegram.person(), "salom")
        await telegram.until(lambda: telegram.confirmed.get(111) == newest)
    assert await texts(app) == ["salom"]


async def test_token_connected_and_taken_away_while_running(telegram, app, config, monkeypatch):
    monkeypatch.setattr(bots, "_LOOK_S", 0.02)
    app.config = settings(config, telegram, lola={})
    async with keep(app):
        await asyncio.sleep(0.1)
        assert (app.channels, app.states) == ({}, {})
        app.config = settings(config, telegram, lola=TOKEN)
        await telegram.until(lambda: app.states.get(("lola", "telegram")) == "ok")
        app.config = settings(config, telegram, lola="222:mistyped-token")
        await telegram.until(lambda: app.states.get(("lola", "telegram")) == "token refused")
        app.config = settings(config, telegram, lola={})
        await telegram.until(lambda: not app.channels and not app.states)


@pytest.mark.parametrize("kind", ["refuse", "cut", "drop", "page"])
async def test_bad_days_of_the_platform(telegram, app, kind, monkeypatch):
    monkeypatch.setattr(poll, "_BACKOFF_S", (0.01,))
    telegram.fail(kind, "getUpdates", times=3)
    telegram.fail(kind, "setMyCommands", times=4)
    aziza = telegram.person()
    await telegram.text(aziza, "salom")
    async with keep(app):
        newest = await telegram.text(aziza, "narxi?")
        await telegram.until(lambda: telegram.confirmed.get(111) == newest)
    assert await texts(app) == ["salom", "narxi?"]


async def test_somebody_set_a_webhook_meanwhile(telegram, app, monkeypatch):
    monkeypatch.setattr(poll, "_BACKOFF_S", (0.01,))
    async with keep(app):
        await telegram.until(lambda: app.states.get(("lola", "telegram")) == "ok")
        bot = telegram.bots[TOKEN]
        bot.webhook = "http://127.0.0.1:9/elsewhere"
        bot.polling += 1  # the call that hangs ends
        bot.arrived.set()
        await telegram.until(lambda: bot.webhook == "")
        await telegram.until(lambda: app.states.get(("lola", "telegram")) == "ok")


async def test_one_update_that_cannot_be_stored_holds_no_other_back(telegram, app, monkeypatch):
    accept = door.inbox.accept

    async def picky(pool, events, turn, *, box=None):
        if any(event.text == "poison" for event in events):
            raise ValueError("a bug of ours")
        return await accept(pool, events, turn, box=box)

    monkeypatch.setattr(door.inbox, "accept", picky)
    aziza = telegram.person()
    for words in ("bir", "poison", "uch"):
        await telegram.text(aziza, words)
    async with keep(app):
        newest = telegram.bots[TOKEN].next_update - 1
        await telegram.until(lambda: telegram.confirmed.get(111) == newest)
    assert sorted(filter(None, await texts(app))) == ["bir", "uch"]
    note = await app.db.fetchval("SELECT payload->>'note' FROM inbox WHERE shop_id = 'lola' AND kind = 'unknown'")
    assert note == "cannot be stored: ValueError"


async def test_pressed_button_stops_spinning(telegram, app, monkeypatch):
    monkeypatch.setattr("bot.telegram.send._PRESS_S", 0.05)
    aziza = telegram.person()
    await telegram.text(aziza, "salom")
    message = telegram.message(telegram.chats[aziza.id], telegram.account(telegram.bots[TOKEN]), {"text": "?"})
    async with keep(app):
        await telegram.press_token(aziza, "b:yes", message)
        await telegram.until(lambda: telegram.answers)
    kinds = await app.db.fetch("SELECT kind FROM inbox WHERE shop_id = 'lola' ORDER BY id")
    assert [row["kind"] for row in kinds] == ["message", "button"]


async def test_group_that_moved_is_still_the_staffs(telegram, app, config):
    old = telegram.group("Staff")
    app.config = settings(config, telegram, lola={"token": TOKEN, "staff_group": old})
    new, aziza = telegram.move_group(old), telegram.person()
    channel = TelegramChannel(TOKEN, telegram.url, app.media)
    channel.moved[old] = new
    await telegram.text(aziza, "oddiy gap", chat=new)
    (update,) = telegram.bots[TOKEN].waiting
    await poll.take_in(app, "lola", channel, [update])
    assert await app.db.fetchval("SELECT kind FROM inbox WHERE shop_id = 'lola'") == "message"
    await channel.close()


async def test_send_only_process_hears_nothing(telegram, app):
    async with keep(app, listen=False):
        await telegram.until(lambda: app.states.get(("lola", "telegram")) == "ok")
        assert ("lola", "telegram") in app.channels
        await asyncio.sleep(0.05)
    assert telegram.calls == []


async def test_door_stores_nothing_for_nothing(app):
    assert await door.store(app, []) == 0
    event = Incoming(Chat("lola", "telegram", "1"), "111:1", text="a")
    assert [await door.store(app, [event]), await door.store(app, [event, event])] == [1, 0]


# ---- webhook mode ----


async def test_webhook_is_set_with_its_secret(telegram, app, config, monkeypatch):
    monkeypatch.setattr(bots, "_AGAIN_S", (0.01,))
    telegram.fail("refuse", "setWebhook", status=502)
    hook = {"token": TOKEN, "mode": "webhook", "secret": "s3cret"}
    app.config = settings(config, telegram, "https://lola.example", lola=hook)
    async with keep(app):
        await telegram.until(lambda: app.states.get(("lola", "telegram")) == "ok")
    bot = telegram.bots[TOKEN]
    assert (bot.webhook, bot.secret) == ("https://lola.example/telegram/lola", "s3cret")
    assert "message" in bot.allowed and telegram.made("getUpdates") == []


@pytest.mark.parametrize(
    ("public_url", "secret", "state"),
    [("", "s3cret", "webhook mode needs http.public_url"), ("https://x.uz", "", "webhook mode needs telegram.secret")],
)
async def test_webhook_that_cannot_be_set_says_why(telegram, app, config, public_url, secret, state):
    hook = {"token": TOKEN, "mode": "webhook", "secret": secret}
    app.config = settings(config, telegram, public_url, lola=hook)
    async with keep(app):
        await telegram.until(lambda: app.states.get(("lola", "telegram")) == state)
    assert telegram.made("setWebhook") == []
