"""Outbox to platform and back: order, faults and silences with the real channels, queue and doors."""

import pytest

from bot import deliver
from bot.instagram import accounts
from bot.telegram import bots
from kit import outbox, tasks
from kit.config import HttpConfig, InstagramConfig, MetaConfig, ShopConfig, TelegramConfig
from kit.db import transaction
from kit.media import Store
from kit.message import Chat, Reply
from tests.fakes.graph import FakeGraph
from tests.fakes.telegram import FakeTelegram
from tests.queueing import app_of, running, until

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
    found = app_of(own_db, config.model_copy(update=settings), redis=redis, media=Store(tmp_path))
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


async def statuses(app) -> list[int]:
    rows = await app.db.fetch("SELECT status FROM outbox WHERE shop_id = 'lola' AND key <> 'staff:' ORDER BY id")
    return [row["status"] for row in rows]


async def settled(app, wanted: list[int]) -> bool:
    return await statuses(app) == wanted


async def test_order_holds_through_bad_moments_of_telegram(app, telegram):
    aziza = telegram.person()
    await telegram.text(aziza, "salom")
    telegram.fail("refuse", "sendMessage", status=429, retry_after=1)
    telegram.fail("page", "sendMessage", status=502, after=1)
    await put(app, Chat("lola", "telegram", str(aziza.id)), "bir", "ikki", "uch")
    await telegram.heard(aziza, 3, timeout=20)
    assert [message["text"] for message in telegram.seen(aziza)] == ["bir", "ikki", "uch"]


async def test_blocked_shopper_is_noted_and_holds_nobody_back(app, telegram):
    aziza, malika = telegram.person("Aziza"), telegram.person("Malika")
    for person in (aziza, malika):
        await telegram.text(person, "salom")
    aziza.blocked = True
    await put(app, Chat("lola", "telegram", str(aziza.id)), "bir")
    await put(app, Chat("lola", "telegram", str(malika.id)), "salom")
    await until(lambda: settled(app, [9, 1]))
    assert [message["text"] for message in telegram.seen(malika)] == ["salom"] and telegram.seen(aziza) == []
    notices = await app.db.fetch("SELECT payload FROM outbox WHERE shop_id = 'lola' AND key = 'staff:'")
    assert [row["payload"]["facts"]["why"] for row in notices] == ["blocked"]


async def test_instagram_after_24_hours_is_given_up_and_said(app, graph):
    aziza = graph.shopper()
    aziza.wrote_at = graph.now()
    chat = Chat("lola", "instagram", aziza.id)
    await put(app, chat, "bir")
    await graph.heard(aziza, 1)
    graph.pass_time(hours=25)
    await put(app, chat, "kech qoldi")
    await until(lambda: settled(app, [1, 9]))
    facts = await app.db.fetchval("SELECT payload->'facts' FROM outbox WHERE shop_id = 'lola' AND key = 'staff:'")
    assert (facts["why"], facts["text"]) == ("window", "kech qoldi")


async def test_refused_token_loses_nothing(app, graph):
    aziza = graph.shopper()
    aziza.wrote_at = graph.now()
    graph.fail("refuse", "messages", code=190, status=401)
    await put(app, Chat("lola", "instagram", aziza.id), "bir")
    waits = "SELECT status = 0 AND last_error LIKE 'token%' FROM outbox WHERE shop_id = 'lola' AND key <> 'staff:'"
    await until(lambda: app.db.fetchval(waits))
    await app.db.execute("UPDATE bucket SET tat = now() WHERE shop_id = 'lola'")  # five minutes later
    await graph.heard(aziza, 1)
