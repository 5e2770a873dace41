"""Instagram all the way round: the account is tried, webhooks reach the inbox, our own echoes are told apart."""

import asyncio
import io

import pytest
import uvicorn
from fastapi import FastAPI
from PIL import Image

from bot import meta
from bot.instagram import accounts
from kit import tasks
from kit.config import HttpConfig, InstagramConfig, MetaConfig, ShopConfig
from kit.http import make_client
from kit.media import Store
from kit.message import Button, Chat, Reply
from tests.fakes.graph import FakeGraph
from tests.queueing import app_of, running

TOKEN = "ig-token-of-lola"


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG")
    return out.getvalue()


def chat(shopper) -> Chat:
    return Chat("lola", "instagram", shopper.id)


@pytest.fixture
async def graph():
    async with FakeGraph() as server:
        server.account("178", TOKEN)
        server.echoes = False
        yield server
        await tasks.stop_all()


@pytest.fixture
async def app(graph, own_db, redis, config, tmp_path):
    shop = ShopConfig(folder=config.shops["lola"].folder, instagram=InstagramConfig(account_id="178", token=TOKEN))
    settings = {
        "shops": {"lola": shop},
        "meta": MetaConfig(app_secret="app-secret", verify_token="v", graph_url=graph.api, media_hosts=[graph.host]),
        "http": HttpConfig(public_url="https://lola.example"),
    }
    return app_of(own_db, config.model_copy(update=settings), redis=redis, media=Store(tmp_path))


@pytest.fixture
async def door(app, graph):
    """The product's /meta on a real socket."""
    fastapi = FastAPI()
    fastapi.include_router(meta.router(app))
    server = uvicorn.Server(
        uvicorn.Config(fastapi, port=0, log_config=None, log_level="error", lifespan="off", ws="none")
    )
    serving = tasks.start(server.serve(), "door")
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    graph.webhook = f"http://127.0.0.1:{port}/meta"
    yield
    server.should_exit = True
    await serving


async def stored(app):
    rows = await app.db.fetch("SELECT kind, payload FROM inbox WHERE shop_id = 'lola' ORDER BY id")
    return [(row["kind"], row["payload"].get("text", ""), row["payload"].get("note", "")) for row in rows]


async def test_account_is_tried_subscribed_and_follows_the_settings(graph, app, monkeypatch):
    monkeypatch.setattr(accounts, "_LOOK_S", 0.02)
    accounts.declare(app)
    assert app.states == {("lola", "instagram"): ""}
    async with running(lambda stop: accounts.keep(app, stop)):
        await graph.until(lambda: app.states[("lola", "instagram")] == "ok" and graph.subscribed)
        assert "messages" in graph.subscribed["178"]
        shop = app.config.shops["lola"]
        bad = shop.model_copy(update={"instagram": InstagramConfig(account_id="178", token="revoked")})
        app.config = app.config.model_copy(update={"shops": {"lola": bad}})
        await graph.until(lambda: app.states[("lola", "instagram")] == "token refused")
        none = shop.model_copy(update={"instagram": InstagramConfig()})
        app.config = app.config.model_copy(update={"shops": {"lola": none}})
        await graph.until(lambda: not app.states and not app.channels)


async def test_send_only_process_asks_nothing(graph, app):
    async with running(lambda stop: accounts.keep(app, stop, listen=False)):
        await graph.until(lambda: app.states.get(("lola", "instagram")) == "ok")
    assert graph.calls == []
    assert ("lola", "instagram") in app.channels, "what was heard may still be answered"
    await tasks.stop_all()
    assert app.channels == {}


async def test_what_shoppers_do_reaches_the_inbox(graph, app, door):
    aziza = graph.shopper()
    assert await graph.handshake("v") == (200, "115")
    assert (await graph.handshake("w"))[0] == 403
    assert await graph.text(aziza, "Нархи қанча?", repeat=3) == 200
    assert await graph.text(aziza, "boshqa shakl", shape="changes") == 200
    assert await graph.image(aziza, picture(), "shu bormi?") == 200
    assert await graph.shared_post(aziza, "p9", picture(), "narxi?", caption="250 ming") == 200
    assert await graph.quick_reply(aziza, "Ha", "b:yes") == 200
    assert await graph.comment(aziza, "narxi?", post="p1", direct=True) == 200
    assert await graph.by_hand(aziza, "oʻzim javob beraman") == 200
    assert await graph.deliver({"object": "instagram", "entry": [{"id": "178"}]}) == 200
    assert await graph.deliver({"object": "instagram"}, secret="stolen") == 403
    assert [kind for kind, _, _ in await stored(app)] == [
        "message", "message", "message", "message", "button", "comment", "echo", "unknown"
    ]  # fmt: skip


async def test_own_echoes_are_told_from_a_person_who_takes_over(graph, app, door):
    graph.echoes = True
    aziza = graph.shopper()
    await graph.text(aziza, "salom")
    async with running(lambda stop: accounts.keep(app, stop)):
        await graph.until(lambda: app.states.get(("lola", "instagram")) == "ok")
        channel = app.channels[("lola", "instagram")]
        await channel.send(chat(aziza), Reply("Salom!", buttons=((Button("Sayt", url="https://lola.uz"),),)))
        await graph.until(lambda: len(graph.delivered) == 2)
        await graph.by_hand(aziza, "oʻzim javob beraman")
    assert await stored(app) == [
        ("message", "salom", ""),
        ("ignored", "Salom!\nSayt: https://lola.uz", "our own message"),
        ("echo", "oʻzim javob beraman", ""),
    ]


async def test_own_comments_come_back_and_are_ignored(graph, app, door):
    graph.echoes = True
    aziza = graph.shopper()
    await graph.comment(aziza, "narxi?", post="p1")
    async with make_client() as client:
        await accounts.build(app, "lola", client).send(
            chat(aziza), Reply("Direktda", comment=next(iter(graph.comments)))
        )
    await graph.until(lambda: len(graph.delivered) == 2)
    assert [(kind, note) for kind, _, note in await stored(app)] == [("comment", ""), ("ignored", "our own comment")]
