"""Redis: what was just shown, asked and said, and the bell that tells a web page to look. All can be made again.

Redis may be slow, empty or gone: every call takes at most 0.5 s and then answers "nothing there".
Nothing that may not be lost lives here.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeVar

import redis.asyncio as aioredis
import structlog
from redis.exceptions import RedisError

from kit.message import Chat

T = TypeVar("T")
Redis = aioredis.Redis
log = structlog.get_logger(__name__)
BOUND_S = 0.5  # an answer from Redis takes 0.1 ms; half a second later the shopper is better served without it
_QUIET_S = 10.0  # a Redis that is down is said once in ten seconds, not once a call
failures = 0  # calls that found no Redis since the start, for /metrics and doctor
_last_said = 0.0


async def open_redis(url: str) -> Redis:
    """A client for `url` (redis://, rediss:// or unix://). It connects at the first call."""
    client: Redis = aioredis.from_url(
        url, decode_responses=True, socket_timeout=BOUND_S, socket_connect_timeout=BOUND_S, health_check_interval=30
    )
    return client


def key(chat: Chat, part: str) -> str:
    """The name of `part` of a conversation in Redis: shop first, as everywhere."""
    return f"{chat.shop_id}:{chat.key}:{part}"


async def _bounded(call: Awaitable[T], what: str) -> T | None:
    """The answer of `call`, or None when Redis does not give one in time."""
    global failures, _last_said
    try:
        async with asyncio.timeout(BOUND_S):
            return await call
    except (RedisError, OSError, TimeoutError) as error:
        failures += 1
        if time.monotonic() - _last_said > _QUIET_S:
            _last_said = time.monotonic()
            log.warning("redis_unavailable", what=what, error=type(error).__name__, failures=failures)
        return None


async def get_json(r: Redis, chat: Chat, part: str) -> Any | None:
    """What `put_json` kept, or None: never kept, expired, or Redis is away."""
    text = await _bounded(r.get(key(chat, part)), "get")
    return json.loads(text) if text else None


async def put_json(r: Redis, chat: Chat, part: str, value: Any, ttl_s: float) -> None:
    """Keep a JSON value for `ttl_s` seconds, if Redis is there."""
    await _bounded(r.set(key(chat, part), json.dumps(value, ensure_ascii=False), px=int(ttl_s * 1000)), "set")


async def drop(r: Redis, chat: Chat, part: str) -> None:
    """Forget `part` of a conversation."""
    await _bounded(r.delete(key(chat, part)), "delete")


async def publish(r: Redis, chat: Chat, event: dict[str, Any]) -> None:
    """Ring for everyone who listens to this conversation now. Nobody hears it later."""
    await _bounded(r.publish(key(chat, "events"), json.dumps(event, ensure_ascii=False)), "publish")


async def subscribe(r: Redis, chat: Chat) -> AsyncIterator[dict[str, Any]]:
    """Events of a conversation from now on, for ever.

    The first event is {"kind": "listening"}; it comes again after each time Redis was away, because what rang meanwhile
    is lost: the listener then looks into the database.
    """
    while True:
        pubsub = r.pubsub(ignore_subscribe_messages=True)
        try:
            await pubsub.subscribe(key(chat, "events"))
            yield {"kind": "listening"}
            while True:
                message = await pubsub.get_message(timeout=15.0)
                if message is not None:
                    yield json.loads(message["data"])
        except (RedisError, OSError, TimeoutError):
            await asyncio.sleep(1.0)
        finally:
            await _bounded(pubsub.aclose(), "unsubscribe")  # type: ignore[no-untyped-call]
