"""The outbox against platforms that behave badly: real channels, limits and queue, and the platform's own ledger."""

from __future__ import annotations

import time

import pytest

from bot import deliver
from bot.instagram import accounts
from bot.telegram import bots, send
from kit import outbox, outgoing, tasks
from kit.config import HttpConfig, InstagramConfig, MetaConfig, ShopConfig, TelegramConfig
from kit.db import transaction
from kit.media import Store
from kit.message import Chat, Reply
from tests.fakes.graph import FakeGraph
from tests.fakes.telegram import FakeTelegram
from tests.queueing import StaffRoom, app_of, running, until

TOKEN = "111:token-of-lola"


@pytest.fixture
async def telegram():
    async with FakeTelegram() as server:
        server.bot(TOKEN, "lola_bot")
        yield server


@pytest.fixture
async def graph():
    async with FakeGraph() as server:
        server.account("178", "ig-token")
        yield server


@pytest.fixture
async def app(telegram, graph, own_db, redis, config, tmp_path):
    shop = ShopConfig(
        folder=config.shops["lola"].folder,
        telegram=TelegramConfig(token=TOKEN, api_url=telegram.url),
        instagram=InstagramConfig(account_id="178", token="ig-token"),
    )
    settings = {
        "shops": {"lola": shop},
        "meta": MetaConfig(graph_url=graph.api, media_hosts=[graph.host]),
        "http": HttpConfig(public_url="https://lola.example"),
    }
    found = app_of(
        own_db, config.model_copy(update=settings), redis=redis, media=Store(tmp_path), staff=(room := StaffRoom())
    )
    found.brain = room  # where the tests find it
    async with (
        running(lambda stop: bots.keep(found, stop)),
        running(lambda stop: accounts.keep(found, stop)),
        running(lambda stop: deliver.work(found, stop)),
    ):
        await telegram.until(lambda: set(found.states.values()) == {"ok"} and len(found.states) == 2)
        yield found
    await tasks.stop_all()


async def put(app, chat: Chat, *texts: str) -> None:
    async with transaction(app.db) as tx:
        for text in texts:
            await outbox.put(tx, chat, Reply(text), idem=f"{chat.key}:{text}")


async def people(telegram, count: int) -> list:
    found = [telegram.person(f"P{number}") for number in range(count)]
    for person in found:
        await telegram.text(person, "salom")
    return found


def chat_of(person) -> Chat:
    return Chat("lola", "telegram", str(person.id))


def words(telegram, person) -> list[str]:
    return [message["text"] for message in telegram.seen(person) if message["from"]["is_bot"]]


async def settled(app) -> bool:
    return not await app.db.fetchval("SELECT count(*) FROM outbox WHERE shop_id = 'lola' AND status IN (0, 2)")


@pytest.mark.slow
async def test_429_with_three_seconds_is_obeyed_by_the_whole_bot(app, telegram):
    everyone = await people(telegram, 10)
    telegram.fail("refuse", "sendMessage", status=429, retry_after=3)
    began = time.monotonic()
    for person in everyone:
        await put(app, chat_of(person), "bir", "ikki")
    await until(lambda: settled(app), 15)
    assert [words(telegram, person) for person in everyone] == [["bir", "ikki"]] * 10
    calls = [call for call in telegram.calls if call.method == "sendMessage"]
    early = [call for call in calls if call.at < began + 2.9]
    assert len(early) <= 4  # the refused one, and what was on its way to Telegram by then
    assert len(calls) == 21


@pytest.mark.slow
async def test_5xx_for_a_while_keeps_order_and_doubles_nothing(app, telegram):
    everyone = await people(telegram, 4)
    telegram.fail("refuse", "sendMessage", status=502, times=8)
    for person in everyone:
        await put(app, chat_of(person), "bir", "ikki", "uch")
    await until(lambda: settled(app), 20)
    assert [words(telegram, person) for person in everyone] == [["bir", "ikki", "uch"]] * 4


async def test_an_answer_dropped_after_the_work_doubles_once(app, telegram):
    (aziza,) = await people(telegram, 1)
    telegram.fail("drop", "sendMessage")
    await put(app, chat_of(aziza), "bir", "ikki")
    await until(lambda: settled(app))
    assert words(telegram, aziza) == ["bir", "bir", "ikki"]


async def test_answers_dropped_all_the_time_double_each_message_once(app, telegram):
    (aziza,) = await people(telegram, 1)
    telegram.fail("drop", "sendMessage", times=100)
    await put(app, chat_of(aziza), "bir", "ikki")
    await until(lambda: settled(app), 20)
    assert words(telegram, aziza) == ["bir", "bir", "ikki", "ikki"]
    letters = await outgoing.dead_letters(app.db, "lola", 10)
    assert [letter.why.split(":")[0] for letter in letters] == ["unsure perhaps said"] * 2


async def test_a_hanging_platform_is_given_up_and_the_order_holds(app, telegram, monkeypatch):
    monkeypatch.setattr(send, "CALL_S", 1.0)
    (aziza,) = await people(telegram, 1)
    telegram.fail("hang", "sendMessage", seconds=5)
    await put(app, chat_of(aziza), "bir", "ikki")
    await until(lambda: settled(app), 15)
    assert words(telegram, aziza) == ["bir", "ikki"]


async def test_a_comment_whose_answer_was_dropped_is_said_once(app, graph, monkeypatch):
    monkeypatch.setattr("bot.undelivered.ASK_S", 0.1)
    aziza = graph.shopper()
    await graph.comment(aziza, "narxi qancha?", post="p1")
    (comment,) = graph.comments
    graph.fail("drop", "replies")
    async with transaction(app.db) as tx:
        chat = Chat("lola", "instagram", aziza.id)
        await outbox.put(tx, chat, Reply("250 000 soʻm", comment=comment), idem="c")
        await outbox.put(tx, chat, Reply("salom", private=comment), idem="p")
    await until(lambda: settled(app))
    assert [own.text for own in graph.comments.values() if own.author == "178"] == ["250 000 soʻm"]
    assert [message["text"] for message in aziza.inbox] == ["salom"]


async def test_a_private_reply_whose_answer_was_dropped_is_never_repeated(app, graph, monkeypatch):
    monkeypatch.setattr("bot.undelivered.ASK_S", 0.1)
    aziza = graph.shopper()
    await graph.comment(aziza, "narxi qancha?", post="p1")
    graph.fail("drop", "messages")
    async with transaction(app.db) as tx:
        chat = Chat("lola", "instagram", aziza.id)
        await outbox.put(tx, chat, Reply("salom", private=next(iter(graph.comments))), idem="p")
    await until(lambda: settled(app))
    assert len([call for call in graph.calls if call.method == "messages"]) == 1
    (letter,) = await outgoing.dead_letters(app.db, "lola", 10)
    assert "perhaps said" in letter.why


async def test_a_dead_token_keeps_everything_until_it_lives_again(app, telegram):
    everyone = await people(telegram, 20)
    bot = telegram.bots.pop(TOKEN)
    for person in everyone:
        await put(app, chat_of(person), "salom")
    await until(lambda: closed(app))
    await until(lambda: app.states[("lola", "telegram")] == "token refused")  # told once the gate's row is committed
    calls = len([call for call in telegram.calls if call.method == "sendMessage"])
    assert calls <= 15  # the first half second of them; then one a minute
    telegram.bots[TOKEN] = bot
    await until(lambda: settled_after_the_minute(app))
    assert all(words(telegram, person) == ["salom"] for person in everyone)
    assert [notice.facts["what"] for notice in app.brain.notices] == ["token"]


async def settled_after_the_minute(app) -> bool:
    """Whether all is said; the minute of rest is over, also for one who was refused only now."""
    await app.db.execute("UPDATE bucket SET tat = now() WHERE shop_id = 'lola' AND tat > now() + interval '9 s'")
    return await settled(app)


async def closed(app) -> bool:
    return bool(await outgoing.closed(app.db))
