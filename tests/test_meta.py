"""/meta: the handshake, the signature over the bytes as they came, and batches."""

import asyncio
import hashlib
import hmac
import json

import httpx2
import pytest
from fastapi import FastAPI

from bot import meta
from kit.config import InstagramConfig, MetaConfig, ShopConfig
from tests.queueing import app_of

SECRET = "app-secret"
EVENT = {"sender": {"id": "55"}, "recipient": {"id": "178"}, "timestamp": 1, "message": {"mid": "m1", "text": "Нархи?"}}
BODY = json.dumps({"object": "instagram", "entry": [{"id": "178", "time": 1, "messaging": [EVENT]}]}).encode()
NAME = "X-Hub-Signature-256"


def signature(body: bytes, secret: str = SECRET, kind: str = "sha256") -> str:
    return f"{kind}={hmac.new(secret.encode(), body, kind).hexdigest()}"


@pytest.fixture
def app(own_db, config):
    return app_of(own_db, settings(config, app_secret=SECRET, verify_token="verify-me"))


def settings(config, **given):
    folder = config.shops["lola"].folder
    shops = {
        "lola": ShopConfig(folder=folder, instagram=InstagramConfig(account_id="178", token="t")),
        "plain": ShopConfig(folder=folder),
    }
    return config.model_copy(update={"shops": shops, "meta": MetaConfig(**given)})


@pytest.fixture
async def client(app):
    fastapi = FastAPI()
    fastapi.include_router(meta.router(app))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=fastapi), base_url="http://shop") as found:
        yield found


async def stored(app) -> list[tuple[str, str, str]]:
    rows = await app.db.fetch("SELECT shop_id, kind, event_id FROM inbox WHERE shop_id IS NOT NULL ORDER BY id")
    return [tuple(row) for row in rows]


def ask(**changed):
    return {"hub.mode": "subscribe", "hub.challenge": "115", "hub.verify_token": "verify-me"} | changed


async def test_handshake(client, app, config):
    answer = await client.get("/meta", params=ask())
    assert (answer.status_code, answer.text) == (200, "115")
    for wrong in (ask(**{"hub.verify_token": "x"}), ask(**{"hub.verify_token": "ключ"}), ask(**{"hub.mode": "x"}), {}):
        assert (await client.get("/meta", params=wrong)).status_code == 403
    app.config = settings(config, app_secret=SECRET)
    assert (await client.get("/meta", params=ask(**{"hub.verify_token": ""}))).status_code == 404


async def test_signed_delivery_is_stored_once(client, app):
    posts = [client.post("/meta", content=BODY, headers={NAME: signature(BODY)}) for _ in range(5)]
    answers = await asyncio.gather(*posts)
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, b"")}
    assert await stored(app) == [("lola", "message", "m1")]


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(NAME, "")],
        [(NAME, "sha256=")],
        [(NAME, signature(BODY, "other-secret"))],
        [(NAME, signature(BODY, ""))],
        [(NAME, signature(BODY + b" "))],
        [(NAME, signature(BODY).removeprefix("sha256="))],
        [(NAME, signature(BODY)[:-1])],
        [(NAME, signature(BODY).upper())],
        [(NAME, signature(BODY, kind="sha1"))],
        [("X-Hub-Signature", signature(BODY, kind="sha1"))],
        [(NAME.encode(), "sha256=ключ".encode())],
        [(NAME.encode(), b"sha256=\xff\x00")],
        [(NAME, signature(BODY)), (NAME, signature(BODY))],
        [(NAME, "x" * 1_000_000)],
    ],
)
async def test_wrong_signature_is_403_and_nothing_is_stored(client, app, headers):
    answer = await client.post("/meta", content=BODY, headers=headers)
    assert (answer.status_code, answer.content) == (403, b"")
    assert await stored(app) == []


async def test_every_changed_byte_breaks_the_signature(client, app):
    for place in range(0, len(BODY), 17):
        changed = BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :]
        answer = await client.post("/meta", content=changed, headers={NAME: signature(BODY)})
        assert answer.status_code == 403
    assert await stored(app) == []


async def test_signature_is_over_the_bytes_as_they_came(client, app):
    assert rb"\u041d" in BODY, "Meta escapes what is not ASCII: writing the JSON anew would change it"
    spaced = BODY.replace(b":", b" : ")
    answer = await client.post("/meta", content=spaced, headers={NAME: signature(spaced)})
    assert answer.status_code == 200 and len(await stored(app)) == 1


async def test_closed_without_a_secret(client, app, config):
    app.config = settings(config, verify_token="verify-me")
    for given in (signature(BODY, ""), signature(BODY), ""):
        assert (await client.post("/meta", content=BODY, headers={NAME: given})).status_code == 404
    assert await stored(app) == []


async def test_batch_with_broken_parts(client, app):
    good = json.loads(BODY)["entry"][0]
    stranger = {**good, "id": "404"}
    body = json.dumps({"object": "instagram", "entry": [good, 17, {"id": "178", "novelty": 1}, stranger]}).encode()
    answer = await client.post("/meta", content=body, headers={NAME: signature(body)})
    assert answer.status_code == 200
    found = await stored(app)
    assert sorted((shop, kind) for shop, kind, _ in found) == [
        ("-", "unknown"), ("-", "unknown"), ("lola", "message"), ("lola", "unknown")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"", 400), (b"[" * 5000, 400), (b'{"a": Infinity}', 400), (b"x" * 4_000_001, 413), (b"[]", 200)],
)
async def test_bad_bodies_never_break_the_door(client, body, status):
    assert (await client.post("/meta", content=body, headers={NAME: signature(body)})).status_code == status


def test_signature_helper_is_metas_own():
    assert signature(b"x") == "sha256=" + hmac.new(SECRET.encode(), b"x", hashlib.sha256).hexdigest()
