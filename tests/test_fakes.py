"""The fakes are as strict as the platforms: what they let pass here they would let pass wrongly everywhere."""

import asyncio
import hashlib
import hmac
import json

import pytest
from aiohttp import ClientSession, web

from kit import tasks
from tests.fakes.graph import FakeGraph
from tests.fakes.telegram import FakeTelegram

TOKEN = "111:token-of-lola"


@pytest.fixture
async def telegram():
    async with FakeTelegram() as server:
        server.bot(TOKEN)
        yield server
        await tasks.stop_all()


@pytest.fixture
async def graph():
    async with FakeGraph("secret") as server:
        server.account("178", "t")
        server.echoes = False
        yield server


@pytest.fixture
async def http():
    async with ClientSession() as client:
        yield client


async def call(http, telegram, method, token=TOKEN, **fields) -> tuple[int, str]:
    async with http.post(f"{telegram.url}/bot{token}/{method}", data=fields) as answer:
        body = await answer.json()
        return answer.status, body.get("description", "") or json.dumps(body["result"])


async def test_telegram_refuses_what_telegram_refuses(telegram, http):
    aziza = telegram.person()
    assert (await call(http, telegram, "sendMessage", chat_id=aziza.id, text="x"))[0] == 400, "she never wrote"
    await telegram.text(aziza, "salom")
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "x" * 65}]]}
    for method, fields, status in (
        ("sendMessage", {"text": "x"}, 200),
        ("sendMessage", {"text": "   "}, 400),
        ("sendMessage", {"text": "x" * 4097}, 400),
        ("sendMessage", {"text": "💰" * 2049}, 400),
        ("sendMessage", {}, 400),
        ("sendMessage", {"text": "x", "reply_markup": json.dumps(keyboard)}, 400),
        ("sendMessage", {"text": "x", "message_thread_id": "5"}, 400),
        ("sendMediaGroup", {"media": "[]"}, 400),
        ("sendPhoto", {"photo": "attach://nothing"}, 400),
        ("answerCallbackQuery", {"callback_query_id": "never"}, 400),
        ("getFile", {"file_id": "never"}, 400),
        ("dance", {}, 404),
    ):
        assert (await call(http, telegram, method, chat_id=aziza.id, **fields))[0] == status, (method, fields)
    assert (await call(http, telegram, "getMe", token="222:stranger"))[0] == 401
    aziza.blocked = True
    assert (await call(http, telegram, "sendMessage", chat_id=aziza.id, text="x"))[0] == 403


async def test_updates_come_until_they_are_confirmed(telegram, http):
    aziza = telegram.person()
    first = await telegram.text(aziza, "bir")
    second = await telegram.text(aziza, "ikki")
    for _ in range(2):
        _, found = await call(http, telegram, "getUpdates", timeout=0)
        assert [update["update_id"] for update in json.loads(found)] == [first, second]
    _, found = await call(http, telegram, "getUpdates", offset=second, timeout=0)
    assert [update["update_id"] for update in json.loads(found)] == [second]
    hanging = tasks.start(call(http, telegram, "getUpdates", offset=second + 1, timeout=20), "hanging")
    await asyncio.sleep(0.05)
    assert (await call(http, telegram, "getUpdates", offset=second + 1, timeout=0))[0] == 200
    assert (await hanging)[0] == 409, "two listeners end each other"
    await call(http, telegram, "setWebhook", url="http://127.0.0.1:9/x")
    assert (await call(http, telegram, "getUpdates", timeout=0))[0] == 409


async def test_webhook_is_repeated_until_it_is_taken(telegram, http):
    seen: list[tuple[str, int]] = []

    async def product(request: web.Request) -> web.Response:
        seen.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], (await request.json())["update_id"]))
        return web.Response(status=200 if len(seen) > 1 else 503)

    app = web.Application()
    app.router.add_post("/hook", product)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await call(http, telegram, "setWebhook", url=hook, secret_token="s3cret")
    number = await telegram.text(telegram.person(), "salom")
    await telegram.until(lambda: len(seen) == 2)
    assert seen == [("s3cret", number)] * 2 and telegram.bots[TOKEN].refused == [503]
    await runner.cleanup()


async def send(http, graph, token="t", **body) -> dict:
    headers = {"Authorization": f"Bearer {token}"}
    async with http.post(f"{graph.api}/178/messages", json=body, headers=headers) as answer:
        return await answer.json()


async def test_graph_refuses_what_meta_refuses(graph, http):
    aziza = graph.shopper()
    to = {"id": aziza.id}
    closed = await send(http, graph, recipient=to, message={"text": "x"})
    assert (closed["error"]["code"], closed["error"]["error_subcode"]) == (10, 2534022)
    aziza.wrote_at = graph.now()
    quick = [{"content_type": "text", "title": "a", "payload": "b"}]
    for message, fine in (
        ({"text": "x"}, True),
        ({"text": "ы" * 501}, False),
        ({"text": " "}, False),
        ({}, False),
        ({"text": "x", "attachment": {"type": "image", "payload": {"url": "https://x"}}}, False),
        ({"text": "x", "quick_replies": quick}, False),  # without messaging_type
        ({"attachment": {"type": "image", "payload": {"url": f"{graph.url}/media/none"}}}, False),
    ):
        answer = await send(http, graph, recipient=to, message=message)
        assert ("message_id" in answer) == fine, message
    for count, fine in ((13, True), (14, False)):
        message = {"text": "x", "quick_replies": quick * count}
        answer = await send(http, graph, recipient=to, message=message, messaging_type="RESPONSE")
        assert ("message_id" in answer) == fine
    assert (await send(http, graph, token="stolen", recipient=to, message={"text": "x"}))["error"]["code"] == 190


async def test_graph_signs_the_bytes_it_sends(graph):
    seen: list[bool] = []

    async def product(request: web.Request) -> web.Response:
        body = await request.read()
        wanted = f"sha256={hmac.new(b'secret', body, hashlib.sha256).hexdigest()}"
        seen.append(request.headers["X-Hub-Signature-256"] == wanted and body.isascii())
        return web.Response()

    app = web.Application()
    app.router.add_post("/meta", product)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    graph.webhook = f"http://127.0.0.1:{runner.addresses[0][1]}/meta"
    assert await graph.text(graph.shopper(), "Нархи қанча?") == 200
    assert seen == [True]
    await runner.cleanup()
