"""POST /telegram/<shop>: an update that Telegram brings. Checked, stored, answered 200 with nothing in it.

Nothing of `bot.telegram.receive` is imported before the first genuine update: a product without a bot has no aiogram.
"""

from __future__ import annotations

import hmac
from typing import Any

from fastapi import APIRouter, Request, Response

from bot import shape
from bot.app import App
from bot.door import read
from bot.telegram import bots

HEADER = b"x-telegram-bot-api-secret-token"
_BODY_BYTES = 1_000_000  # the largest update seen is some 30 kB


def router(app: App) -> APIRouter:
    """The route. 404: no such shop or no secret set; 403: wrong secret; 400: not JSON; 413: too large."""
    routes = APIRouter()

    async def update(shop_id: str, request: Request) -> Response:
        shop = app.config.shops.get(shop_id)
        secret = shop.telegram.secret.get_secret_value() if shop else ""
        token = shop.telegram.token.get_secret_value() if shop else ""
        if not secret or not token:  # an empty secret would let everybody in: closed instead
            return Response(status_code=404)
        if not same(request, secret):
            return Response(status_code=403)
        body = await read(request, _BODY_BYTES)
        if body is None:
            return Response(status_code=413)
        try:
            found = shape.read(body)
        except ValueError:
            return Response(status_code=400)
        await _take_in(app, shop_id, found)
        return Response(status_code=200)

    routes.add_api_route("/telegram/{shop_id}", update, methods=["POST"], response_model=None)
    return routes


def same(request: Request, secret: str) -> bool:
    """Whether the request carries exactly one secret header with exactly our secret; compared as bytes, in one time."""
    sent = [value for name, value in request.scope["headers"] if name == HEADER]
    return len(sent) == 1 and hmac.compare_digest(sent[0], secret.encode())


async def _take_in(app: App, shop_id: str, update: Any) -> None:
    await bots.load()
    from bot.telegram import poll

    await poll.take_in(app, shop_id, bots.channel(app, shop_id), [update])
