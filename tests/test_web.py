"""The HTTP door: health, readiness, stored files, headers, and no body that brings it down."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import asyncpg
import httpx2
import pytest

from bot import web
from bot.app import App
from kit import cache, tasks
from kit.cache import Redis
from kit.config import Config, HttpConfig
from kit.db import Pool
from kit.errors import Misconfigured
from tests.widget_world import HOST, make_app, serving

JPEG = b"\xff\xd8\xff\xe0 picture"


@pytest.fixture
def app(own_db: Pool, redis: Redis, config: Config) -> App:
    return make_app(own_db, redis, config)


@pytest.fixture
async def client(app: App) -> AsyncIterator[httpx2.AsyncClient]:
    async with _client(app) as client:
        yield client


def _client(app: App) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=web.create(app)), base_url=HOST)


async def _beat(app: App) -> None:
    await app.db.execute("INSERT INTO workers (name) VALUES ('test')")


# ---- health and readiness --------------------------------------------------------------------------------------------


async def test_ready_with_stores_and_a_worker(app: App, client: httpx2.AsyncClient) -> None:
    await _beat(app)
    response = await client.get("/ready")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "channels": {}, "inbox_waiting": 0, "outbox_waiting": 0}


async def test_not_ready_without_a_beating_worker(app: App, client: httpx2.AsyncClient) -> None:
    await _beat(app)
    await app.db.execute("UPDATE workers SET beat_at = now() - interval '11 seconds'")
    response = await client.get("/ready")
    assert response.status_code == 503 and response.json()["ready"] is False
    assert "worker" in response.json()["why"]


async def test_refused_token_shows_and_an_untried_channel_waits(app: App, client: httpx2.AsyncClient) -> None:
    await _beat(app)
    app.states[("lola", "telegram")] = "token refused"
    response = await client.get("/ready")
    assert response.status_code == 200 and response.json()["channels"] == {"lola/telegram": "token refused"}
    app.states[("lola", "instagram")] = ""
    assert (await client.get("/ready")).status_code == 503


async def test_not_ready_before_migrations(app: App, client: httpx2.AsyncClient) -> None:
    await _beat(app)
    await app.db.execute("DELETE FROM schema_migrations WHERE version = '0001'")
    response = await client.get("/ready")
    assert response.status_code == 503 and "0001" in response.json()["why"]


async def test_counts_of_what_waits(app: App, client: httpx2.AsyncClient) -> None:
    await app.db.execute(
        "INSERT INTO inbox (shop_id, channel, event_id, key, seq, kind, payload, status) VALUES "
        "('lola', 'w', 'a', 'w:1', 1, 'message', '{}', 0), ('lola', 'w', 'b', 'w:1', 2, 'message', '{}', 1)"
    )
    await app.db.execute(
        "INSERT INTO outbox (shop_id, key, idem, payload, status, attempts, due_at) VALUES "
        "('lola', 'w:1', '1', '{}', 0, 0, now()), ('lola', 'w:1', '2', '{}', 2, 1, now()),"
        "('lola', 'w:1', '3', '{}', 0, 1, now() + interval '1 hour'),"  # a failed try that waits for the next
        "('lola', 'w:1', '4', '{}', 0, 0, now() + interval '1 hour'),"  # put for later: nothing to say now
        "('lola', 'w:1', '5', '{}', 1, 1, now()), ('lola', 'w:1', '6', '{}', 9, 9, now())"
    )
    state = (await client.get("/ready")).json()
    assert (state["inbox_waiting"], state["outbox_waiting"]) == (1, 3)


@pytest.mark.parametrize("error", [asyncpg.CannotConnectNowError, asyncpg.QueryCanceledError, ConnectionRefusedError])
async def test_what_a_store_could_not_take_in_time_is_asked_for_again(app: App, error: type[Exception]) -> None:
    async def slow() -> None:
        raise error("later")

    door = web.create(app)
    door.add_api_route("/slow", slow, methods=["POST"])
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=door), base_url=HOST) as http:
        answer = await http.post("/slow")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


async def test_stores_away_is_not_ready_but_alive(own_db: Pool, redis: Redis, config: Config) -> None:
    away = await cache.open_redis("redis://127.0.0.1:1/0")
    async with _client(make_app(own_db, away, config)) as client:
        assert (await client.get("/ready")).status_code == 503
        assert (await client.get("/health")).json() == {"alive": True}
    await away.aclose()
    closed = await asyncpg.create_pool(min_size=0, host="127.0.0.1", port=1, user="x", password="x", timeout=1)
    async with _client(make_app(closed, redis, config)) as client:
        assert (await client.get("/ready")).status_code == 503
        assert (await client.get("/health")).status_code == 200
        response = await client.post(
            "/chat/lola/messages", data={"id": "x"}, headers={"Origin": HOST}
        )  # what came is not acknowledged: the page sends it again
        assert response.status_code == 503 and response.headers["retry-after"] == "5"
    closed.terminate()


# ---- the rest --------------------------------------------------------------------------------------------------------


async def test_first_page_is_the_first_shops_chat(client: httpx2.AsyncClient) -> None:
    response = await client.get("/")
    assert response.status_code == 307 and response.headers["location"] == "/chat/lola"


async def test_no_documentation_is_exposed(client: httpx2.AsyncClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert (await client.get(path)).status_code == 404


async def test_lost_people_get_a_page_and_programs_json(client: httpx2.AsyncClient) -> None:
    page = await client.get("/nowhere", headers={"Accept": "text/html", "Accept-Language": "ru"})
    assert page.status_code == 404 and "Такой страницы нет" in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert (await client.get("/nowhere")).json() == {"error": "Not Found"}
    assert (await client.post("/health")).status_code == 405


async def test_stored_picture(app: App, client: httpx2.AsyncClient) -> None:
    name = app.media.put(JPEG, "jpg")
    response = await client.get(f"/media/{name}")
    assert response.content == JPEG and response.headers["content-type"] == "image/jpeg"
    assert (
        response.headers["cache-control"].startswith("private")
        and "sandbox" in response.headers["content-security-policy"]
    )
    assert response.headers["x-content-type-options"] == "nosniff"
    pdf = await client.get(f"/media/{app.media.put(b'%PDF-', 'pdf')}")
    assert pdf.headers["content-disposition"].startswith("attachment")


async def test_no_other_file_is_served(app: App, client: httpx2.AsyncClient) -> None:
    app.box.seal("x", "y")  # the key file exists
    names = ["x.jpg", "a" * 64 + ".jpg", "A" * 64 + ".jpg", "../key", "..%2f..%2fkey", "%2e%2e/key", "%00", "a" * 5000]
    for name in (*names, "a" * 64, "aa"):
        assert (await client.get(f"/media/{name}")).status_code == 404, name


async def test_frame_only_where_allowed(own_db: Pool, redis: Redis, config: Config) -> None:
    http = HttpConfig(frame_ancestors=["https://lola.uz", "https://www.lola.uz"])
    async with _client(make_app(own_db, redis, config.model_copy(update={"http": http}))) as client:
        policy = (await client.get("/chat/lola")).headers["content-security-policy"]
    assert policy.endswith("frame-ancestors https://lola.uz https://www.lola.uz")


async def test_announced_length_is_believed_only_when_sane(client: httpx2.AsyncClient) -> None:
    for length in ("99999999999", "-1", "x", "1e3", " 5", "9" * 30):
        headers = {"Content-Length": length, "Origin": HOST}
        response = await client.post("/chat/lola/messages", content=b"x", headers=headers)
        assert response.status_code in (401, 413), length


async def test_body_that_grows_without_announcing_it_is_cut(app: App) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
        yield head
        while sent < 200 * 1024 * 1024:
            sent += 1 << 20
            yield b"%00" * (1 << 20)

    async with serving(app) as address, httpx2.AsyncClient(base_url=address, timeout=20) as client:
        await client.get("/chat/lola")
        headers = {"Content-Type": "multipart/form-data; boundary=x", "Origin": address}
        try:
            response = await client.post("/chat/lola/messages", content=endless(), headers=headers)
            assert response.status_code == 413
        except httpx2.TransportError:
            pass  # the server may close before we have read its answer
        assert sent < 60 * 1024 * 1024
        assert (await client.get("/health")).status_code == 200


async def test_taken_port_is_one_clear_line(config: Config) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Misconfigured, match=f"http: cannot listen on 127.0.0.1:{port}"):
            web.listen(HttpConfig(port=port))
    with pytest.raises(Misconfigured, match="http: cannot listen on"):
        web.listen(HttpConfig(host="203.0.113.7", port=0))


async def test_serving_ends_with_stop_and_leaves_the_port(app: App) -> None:
    stop = asyncio.Event()
    door = web.listen(HttpConfig(port=0))
    port = door.getsockname()[1]
    server = tasks.start(web.serve(app, stop, door), "test server")
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        assert (await client.get("/health")).status_code == 200
    stop.set()
    await asyncio.wait_for(server, 5)
    web.listen(HttpConfig(port=port)).close()
