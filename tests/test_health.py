"""/ready and /metrics against real engines that die, lag and come back; and who may see the numbers."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr

from bot import health, web
from bot.app import App
from kit import cache, embedded, tasks
from kit import db as database
from kit.cache import Redis
from kit.config import Config, HttpConfig
from kit.db import Pool
from tests.queueing import until
from tests.widget_world import HOST, make_app

_WAITING = """
INSERT INTO inbox (shop_id, channel, event_id, key, seq, kind, payload, attempts, received_at)
VALUES ('lola', 'w', $1, $1, 1, 'message', '{}', $2, now() - make_interval(secs => $3))
"""


@pytest.fixture
def app(own_db: Pool, redis: Redis, config: Config) -> App:
    return make_app(own_db, redis, config)


@asynccontextmanager
async def client(app: App, peer: str = "127.0.0.1") -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=web.create(app), client=(peer, 5))
    async with httpx2.AsyncClient(transport=transport, base_url=HOST) as made:
        yield made


# ---- who may look ----------------------------------------------------------------------------------------------------


def with_token(app: App, token: str) -> App:
    app.config = app.config.model_copy(update={"http": HttpConfig(metrics_token=SecretStr(token))})
    return app


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "127.8.8.8"])
async def test_the_machine_itself_may_look(app: App, peer: str) -> None:
    app.metrics.turn("done", 0.1)
    async with client(app, peer) as http:
        answer = await http.get("/metrics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain")
    assert 'sotuv_turns_total{outcome="done"} 1.0' in answer.text
    assert "sotuv_inbox_oldest_seconds 0.0" in answer.text
    assert 'sotuv_store_up{store="redis"} 1.0' in answer.text


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        ("10.0.0.9", {}),
        ("203.0.113.4", {"Authorization": "Bearer "}),
        ("203.0.113.4", {"Authorization": "Bearer wrong"}),
        ("203.0.113.4", {"X-Forwarded-For": "127.0.0.1"}),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.4"}),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}),
        ("127.0.0.1", {"X-Real-IP": "127.0.0.1"}),
        ("127.0.0.1", {"Via": "1.1 proxy"}),
        ("not an address", {}),
    ],
)
async def test_nobody_else_may(app: App, peer: str, headers: dict[str, str]) -> None:
    for token in ("", "right"):
        async with client(with_token(app, token), peer) as http:
            assert (await http.get("/metrics", headers=headers)).status_code == 404


async def test_who_has_the_token_may_from_anywhere(app: App) -> None:
    async with client(with_token(app, "right"), "203.0.113.4") as http:
        headers = {"Authorization": "Bearer right", "X-Forwarded-For": "203.0.113.4"}
        assert (await http.get("/metrics", headers=headers)).status_code == 200


# ---- ready -----------------------------------------------------------------------------------------------------------


async def test_a_message_that_waits_for_more_than_a_minute_is_not_ready(app: App) -> None:
    await app.db.execute("INSERT INTO workers (name) VALUES ('test')")
    await app.db.execute(_WAITING, "young", 0, 50.0)
    async with client(app) as http:
        assert (await http.get("/ready")).status_code == 200
        await app.db.execute(_WAITING, "poisonous", 2, 90.0)  # it is being tried again: nobody is late
        assert (await http.get("/ready")).status_code == 200
        await app.db.execute(_WAITING, "old", 0, 61.0)
        late = await http.get("/ready")
        assert late.status_code == 503 and "waited for 61 s" in late.json()["why"]
        await app.db.execute("UPDATE inbox SET status = 1 WHERE shop_id = 'lola' AND key = 'old'")
        assert (await http.get("/ready")).status_code == 200


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.slow
async def test_stores_that_freeze_and_die_and_come_back(
    tmp_path: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Real engines, killed; their supervisor starts them again and /ready follows."""
    monkeypatch.setattr(health, "READY_S", 0.5)
    engines = await embedded.start(tmp_path, postgres=True, redis=True)
    assert engines.postgres and engines.redis
    await database.migrate(engines.database_url)
    pool = await database.open_pool(engines.database_url, 4)
    redis = await cache.open_redis(engines.redis_url)
    app = make_app(pool, redis, config)
    await pool.execute("INSERT INTO workers (name, beat_at) VALUES ('test', now() + interval '1 hour')")
    try:
        async with client(app) as http:

            async def ready() -> bool:
                return (await http.get("/ready")).status_code == 200

            assert await ready()
            for engine, store in ((engines.redis, "redis"), (engines.postgres, "database")):
                assert engine.pid
                family = [engine.pid, *children(engine.pid)]
                for pid in family:
                    os.kill(pid, signal.SIGSTOP)  # it neither answers nor refuses
                frozen = await http.get("/ready")
                assert frozen.status_code == 503 and "store" in frozen.json()["why"]
                numbers = await http.get("/metrics")
                assert numbers.status_code == 200
                assert f'sotuv_store_up{{store="{store}"}} 0.0' in numbers.text
                os.kill(engine.pid, signal.SIGKILL)
                for pid in family[1:]:
                    os.kill(pid, signal.SIGCONT)
                await until(ready, 20)
            assert (await http.get("/health")).status_code == 200
    finally:
        await redis.aclose()
        pool.terminate()
        await engines.stop()


async def test_a_process_without_pages_has_the_three_and_no_more(app: App) -> None:
    transport = httpx2.ASGITransport(app=health.create(app))
    async with httpx2.AsyncClient(transport=transport, base_url=HOST) as http:
        assert (await http.get("/health")).status_code == 200
        assert (await http.get("/ready")).status_code == 503
        assert (await http.get("/metrics")).status_code == 200
        for path in ("/", "/chat/lola", "/docs", "/openapi.json"):
            assert (await http.get(path)).status_code == 404


async def test_a_worker_whose_metrics_port_is_taken_works_without(app: App) -> None:
    taken = web.listen(HttpConfig(port=0))
    app.config = app.config.model_copy(update={"http": HttpConfig(metrics_port=taken.getsockname()[1])})
    stop = asyncio.Event()
    serving = tasks.start(web.serve_metrics(app, stop), "metrics")
    await asyncio.sleep(0.1)
    assert not serving.done()
    stop.set()
    await serving
    taken.close()
