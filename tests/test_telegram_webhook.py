"""POST /telegram/<shop>: who may bring updates, and what happens to what they bring."""

import asyncio
import json
import subprocess
import sys
import threading

import asyncpg
import httpx2
import pytest
from fastapi import FastAPI

from bot.telegram import bots, webhook
from kit import tasks
from kit.config import ShopConfig, TelegramConfig
from kit.media import Store
from tests.queueing import app_of

SECRET = "Qw3-rt_y"
UPDATE = {
    "update_id": 5,
    "message": {"message_id": 1, "date": 1_700_000_000, "text": "narxi?", "chat": {"id": 5551, "type": "private"},
                "from": {"id": 5551, "is_bot": False, "first_name": "Aziza"}},
}  # fmt: skip
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def bot(**given) -> TelegramConfig:
    return TelegramConfig(**({"token": "111:token-of-lola", "api_url": "http://127.0.0.1:9", "secret": SECRET} | given))


@pytest.fixture
async def app(own_db, config, tmp_path):
    folder = config.shops["lola"].folder
    shops = {
        "lola": ShopConfig(folder=folder, telegram=bot()),
        "open": ShopConfig(folder=folder, telegram=bot(secret="")),
        "bare": ShopConfig(folder=folder, telegram=bot(token="")),
    }
    found = app_of(own_db, config.model_copy(update={"shops": shops}), media=Store(tmp_path))
    yield found
    for channel in found.channels.values():
        await channel.close()
    await tasks.stop_all()


@pytest.fixture
async def client(app):
    fastapi = FastAPI()
    fastapi.include_router(webhook.router(app))
    transport = httpx2.ASGITransport(app=fastapi)
    async with httpx2.AsyncClient(transport=transport, base_url="http://shop") as found:
        yield found


async def stored(app) -> list[tuple[str, str]]:
    rows = await app.db.fetch("SELECT shop_id, kind FROM inbox WHERE shop_id IS NOT NULL ORDER BY id")
    return [(row["shop_id"], row["kind"]) for row in rows]


async def test_update_is_stored_and_answered_with_nothing(client, app):
    answer = await client.post("/telegram/lola", json=UPDATE, headers={HEADER: SECRET})
    assert (answer.status_code, answer.content) == (200, b"")
    assert await stored(app) == [("lola", "message")]
    event_id = await app.db.fetchval("SELECT event_id FROM inbox WHERE shop_id = 'lola'")
    assert event_id == "111:5", "the same id as by polling: changing the mode repeats nothing"


async def test_same_update_five_times_at_once_is_one(client, app):
    posts = [client.post("/telegram/lola", json=UPDATE, headers={HEADER: SECRET}) for _ in range(5)]
    assert {answer.status_code for answer in await asyncio.gather(*posts)} == {200}
    assert await stored(app) == [("lola", "message")]


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(HEADER, "wrong")],
        [(HEADER, "")],
        [(HEADER, SECRET[:-1])],
        [(HEADER, SECRET + "x")],
        [(HEADER, SECRET.lower())],
        [(HEADER.encode(), "ключ".encode())],
        [(HEADER.encode(), b"\xff\xfe\x00")],
        [(HEADER, SECRET), (HEADER, SECRET)],
        [(HEADER, SECRET), (HEADER, "wrong")],
        [(HEADER, "x" * 1_000_000)],
        [("Authorization", SECRET)],
    ],
)
async def test_wrong_secret_is_403_and_nothing_is_read(client, app, headers):
    answer = await client.post("/telegram/lola", content=b"{not json", headers=headers)
    assert (answer.status_code, answer.content) == (403, b"")
    assert await stored(app) == []


@pytest.mark.parametrize("shop", ["open", "bare", "nobody", "LOLA", "..%2Flola", "lola/x"])
async def test_closed_where_nothing_is_set(client, app, shop):
    for secret in (SECRET, ""):
        answer = await client.post(f"/telegram/{shop}", json=UPDATE, headers={HEADER: secret})
        assert answer.status_code == 404
    assert await stored(app) == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"update_id": NaN}', 400),
        (b"[" * 10_000 + b"]" * 10_000, 400),
        (b'{"update_id": ' + b"9" * 5000 + b"}", 400),
        (b'{"a":' * 100 + b"1" + b"}" * 100, 400),
        (b"x" * 1_000_001, 413),
        (b"null", 200),
        (b"[]", 200),
        (b'{"update_id": 1e400}', 200),
        (b'{"update_id": 7, "update_id": 8, "message": {"text": "\\u0000\\ud800"}}', 200),
        (json.dumps({"update_id": 9, "novelty": {"chat": {"id": 5}}}).encode(), 200),
    ],
)
async def test_bad_bodies_never_break_the_door(client, app, body, status):
    answer = await client.post("/telegram/lola", content=body, headers={HEADER: SECRET})
    assert answer.status_code == status
    assert await stored(app) == ([("lola", "unknown")] if status == 200 else [])


async def test_not_acknowledged_while_the_store_is_away(client, app, monkeypatch):
    async def away(*_, **__):
        raise asyncpg.CannotConnectNowError("starting up")

    monkeypatch.setattr("bot.inbox.accept", away)
    with pytest.raises(asyncpg.CannotConnectNowError):  # the door around it answers 503
        await client.post("/telegram/lola", json=UPDATE, headers={HEADER: SECRET})


async def test_while_aiogram_loads_the_loop_goes_on(monkeypatch):
    """A module half imported by a thread stands in sys.modules already; nobody may import it on the loop then."""
    loads, ready = [], threading.Event()

    def slow(name):
        loads.append(name)
        assert ready.wait(10)

    monkeypatch.setattr(bots, "_loaded", False)
    monkeypatch.setattr(bots.importlib, "import_module", slow)
    waiting = [tasks.start(bots.load(), "load") for _ in range(3)]
    while not loads:
        await asyncio.sleep(0.01)
    assert not any(task.done() for task in waiting)
    ready.set()
    await asyncio.gather(*waiting)
    assert loads == ["bot.telegram.poll"]


def test_door_costs_no_aiogram_until_an_update_comes():
    code = "import bot.meta, bot.telegram.webhook, bot.telegram.bots, sys; print('aiogram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"
