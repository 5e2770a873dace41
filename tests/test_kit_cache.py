"""Redis keeps what may be forgotten, and a Redis that is away costs half a second at most."""

from __future__ import annotations

import asyncio
import time

from kit import cache, tasks
from kit.message import Chat

CHAT = Chat("lola", "telegram", "555")


async def test_values_come_back_and_expire(redis: cache.Redis) -> None:
    await cache.put_json(redis, CHAT, "session", {"asked": "oʻlcham"}, 60)
    assert await cache.get_json(redis, CHAT, "session") == {"asked": "oʻlcham"}
    assert await cache.get_json(redis, Chat("zara", "telegram", "555"), "session") is None
    await cache.drop(redis, CHAT, "session")
    assert await cache.get_json(redis, CHAT, "session") is None
    await cache.put_json(redis, CHAT, "session", 1, 0.05)
    await asyncio.sleep(0.1)
    assert await cache.get_json(redis, CHAT, "session") is None


def test_a_key_begins_with_the_shop() -> None:
    assert cache.key(CHAT, "session") == "lola:telegram:555:session"


async def test_events_reach_who_listens(redis: cache.Redis) -> None:
    heard = cache.subscribe(redis, CHAT)
    assert await anext(heard) == {"kind": "listening"}
    await cache.publish(redis, CHAT, {"kind": "message", "row": 1})
    await cache.publish(redis, Chat("lola", "telegram", "556"), {"kind": "message", "row": 2})
    await cache.publish(redis, CHAT, {"kind": "typing"})
    assert [await anext(heard), await anext(heard)] == [{"kind": "message", "row": 1}, {"kind": "typing"}]
    await heard.aclose()


async def test_without_redis_everything_goes_on() -> None:
    gone = await cache.open_redis("unix:///nowhere/redis.sock")
    start = time.monotonic()
    await cache.put_json(gone, CHAT, "session", 1, 60)
    assert await cache.get_json(gone, CHAT, "session") is None
    await cache.publish(gone, CHAT, {"kind": "typing"})
    await cache.drop(gone, CHAT, "session")
    assert time.monotonic() - start < 4 * cache.BOUND_S + 0.2
    await gone.aclose()


async def test_a_redis_that_hangs_is_left_after_half_a_second() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    hung = await cache.open_redis(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    start = time.monotonic()
    assert await cache.get_json(hung, CHAT, "session") is None
    assert time.monotonic() - start < 1.5 * cache.BOUND_S
    await hung.aclose()
    server.close()


async def test_a_listener_hears_again_when_redis_is_back(redis: cache.Redis) -> None:
    heard = cache.subscribe(redis, CHAT)
    assert await anext(heard) == {"kind": "listening"}
    waiting = tasks.start(anext(heard), "listener")  # type: ignore[arg-type]
    await asyncio.sleep(0.05)
    await redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
    assert await asyncio.wait_for(waiting, 5) == {"kind": "listening"}
    await heard.aclose()
