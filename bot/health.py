"""Seen from outside: /health (alive), /ready (may it be given work), /metrics (what Prometheus reads).

A web process has them beside its pages, a worker on a port of its own when `http.metrics_port` names one.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Awaitable
from typing import Any, TypeVar

import asyncpg
from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from redis.exceptions import RedisError

from bot.app import App
from bot.cron import tokens
from kit import db, metrics, outgoing, tasks

T = TypeVar("T")
READY_S = 5.0
LATE_S = 60.0  # a message nobody has tried to answer for so long: give this deployment no more, look at it
# while these last, platforms and pages shall try again
STORE_AWAY = (
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.QueryCanceledError,  # a database too slow for our patience is away for now
    asyncpg.LockNotAvailableError,
    OSError,
)
_FAILS = (asyncpg.PostgresError, *STORE_AWAY, RedisError, TimeoutError)
# what proxies add: with one of them the peer is not who asks
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")


def create(app: App) -> FastAPI:
    """The three routes alone, for a process without a web door."""
    fastapi = FastAPI(title="Sotuv", docs_url=None, redoc_url=None, openapi_url=None)
    fastapi.include_router(router(app))
    return fastapi


def router(app: App) -> APIRouter:
    """GET /health, /ready, /metrics."""
    routes = APIRouter()

    async def health() -> dict[str, bool]:
        return {"alive": True}

    async def ready() -> JSONResponse:
        state = await readiness(app)
        return JSONResponse(state, 200 if state["ready"] else 503)

    async def numbers(request: Request) -> Response:
        if not _may_look(request, app.config.http.metrics_token.get_secret_value()):
            raise HTTPException(404)
        return Response(await shown(app), media_type=metrics.CONTENT_TYPE, headers={"Cache-Control": "no-store"})

    for path, endpoint in (("/health", health), ("/ready", ready), ("/metrics", numbers)):
        routes.add_api_route(path, endpoint, methods=["GET", "HEAD"], response_model=None)
    return routes


async def readiness(app: App) -> dict[str, Any]:
    """{ready, channels, inbox_waiting, outbox_waiting}; `why` names what is missing. Never raises."""
    channels = {f"{shop_id}/{name}": state for (shop_id, name), state in sorted(app.states.items())}
    answer: dict[str, Any] = {"ready": False, "channels": channels, "inbox_waiting": None, "outbox_waiting": None}
    try:
        missing, now, dead = await _soon(_asked(app))
        await _soon(app.redis.ping())
    except _FAILS as error:
        return answer | {"why": f"a store does not answer ({type(error).__name__})"}
    if missing:
        return answer | {"why": f"migrations {', '.join(missing)} are not applied"}
    assert now is not None
    for (shop_id, name), why in dead.items():
        if channels.get(f"{shop_id}/{name}") == "ok":
            channels[f"{shop_id}/{name}"] = why  # another process found it out
    answer |= {"inbox_waiting": now.inbox_waiting, "outbox_waiting": now.outbox_waiting}
    if why := _not_yet(channels, now):
        return answer | {"why": why}
    return answer | {"ready": True}


async def _asked(app: App) -> tuple[list[str], metrics.Gauges | None, dict[tuple[str, str], str]]:
    """What the database says: migrations that are missing, else the gauges and the tokens found dead."""
    if missing := await db.pending(app.db):
        return missing, None, {}
    dead = await tokens.states(app.db, app.config) | await outgoing.closed(app.db)
    return [], await metrics.gauges(app.db), dead


async def _soon(question: Awaitable[T]) -> T:
    """The answer within 5 s, else TimeoutError: also when even the giving up would wait, as asyncpg's does for a server
    that is frozen."""

    async def ask() -> T | BaseException:
        try:
            return await question
        except _FAILS as error:  # an outage is no crash of the task
            return error

    asking = tasks.start(ask(), "health")
    done, _ = await asyncio.wait({asking}, timeout=READY_S)
    if not done:
        asking.cancel()
        raise TimeoutError
    answer = asking.result()
    if isinstance(answer, BaseException):
        raise answer
    return answer


def _not_yet(channels: dict[str, str], now: metrics.Gauges) -> str:
    """Why no work should come here, "" when it may."""
    if untried := [name for name, state in channels.items() if not state]:
        return f"not tried yet: {', '.join(untried)}"
    if not now.workers:
        return "no worker beats"
    if now.inbox_oldest_seconds > LATE_S:
        return f"a message has waited for {now.inbox_oldest_seconds:.0f} s"
    return ""


async def shown(app: App) -> bytes:
    """The text of /metrics; without the database's part while it is away."""
    redis = database = True
    now = None
    try:
        now = await _soon(metrics.gauges(app.db))
    except _FAILS:
        database = False
    try:
        await _soon(app.redis.ping())
    except _FAILS:
        redis = False
    return app.metrics.text(now, {"database": database, "redis": redis})


def _may_look(request: Request, token: str) -> bool:
    """The host itself, or who has the token: figures of a shop's trade are not for everybody.

    A proxy on this machine comes from loopback too; it shows itself by its headers, or by speaking HTTP/1.0 as nginx
    does to what stands behind it.
    """
    said = request.headers.get("authorization", "")
    if token and hmac.compare_digest(said.encode(), f"Bearer {token}".encode()):
        return True
    if request.scope.get("http_version") == "1.0" or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return bool(request.client and ipaddress.ip_address(request.client.host).is_loopback)
    except ValueError:
        return False
