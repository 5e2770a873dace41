"""POST /pay/<shop>/payme and /pay/<shop>/click: a payment provider's calls, passed on to `orders.provider`.

Always 200 with the provider's own words in it, also for what went wrong: anything else reads as "the shop is down".
"""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from bot.app import App
from bot.door import read
from kit.watch import STORE_AWAY
from orders import provider
from orders.provider import Call

log = structlog.get_logger(__name__)
_BODY_BYTES = 64_000  # the largest call of either is some 2 kB


def router(app: App) -> APIRouter:
    """The route. 404: no such shop, no such provider, or no secret of it."""
    routes = APIRouter()

    async def call(shop_id: str, name: str, request: Request) -> Response:
        config = app.config.shops.get(shop_id)
        if config is None:
            return Response(status_code=404)
        shop = await app.shops.get(shop_id)
        found = provider.of_shop(name, shop.tills, config)
        if found is None:  # an empty secret would sign for everybody: closed instead
            return Response(status_code=404)
        headers = {"authorization": request.headers.get("authorization", "")}
        asked = Call(await read(request, _BODY_BYTES), headers, post=request.method == "POST")
        try:
            answer = await found.handle(app.db, shop, asked, app.clock())
        except STORE_AWAY as error:
            log.warning("provider_store_away", shop=shop_id, provider=name, error=type(error).__name__)
            answer = found.trouble(asked)
        code = _code(answer)
        app.metrics.provider_call(name, code)
        log.info("provider_called", shop=shop_id, provider=name, code=code)
        return JSONResponse(answer)

    routes.add_api_route("/pay/{shop_id}/{name}", call, methods=["GET", "POST"], response_model=None)
    return routes


def _code(answer: dict[str, Any]) -> int:
    """The error of an answer, 0 without one."""
    error = answer.get("error") or 0
    return int(error["code"] if isinstance(error, dict) else error)
