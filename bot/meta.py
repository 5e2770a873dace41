"""/meta: Meta's webhook for every Instagram account of every shop. Checked over the raw bytes, stored, answered 200.

GET is the handshake with which Meta makes sure that the address is ours. A shape we do not know is stored as well:
anything but 200 would bring it again for a day and a half.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

from fastapi import APIRouter, Request, Response

from bot import door, shape
from bot.app import App
from bot.door import read
from bot.instagram import receive
from bot.instagram.send import InstagramChannel
from kit.message import Incoming

_SIGNATURE = b"x-hub-signature-256"
_BODY_BYTES = 4_000_000  # a batch holds at most 1000 events; the largest seen is 300 kB


def router(app: App) -> APIRouter:
    """The two routes. 404: not configured; 403: wrong token or signature; 400: not JSON; 413: too large."""
    routes = APIRouter()

    async def handshake(request: Request) -> Response:
        expected = app.config.meta.verify_token.get_secret_value()
        if not expected:
            return Response(status_code=404)
        asked = request.query_params
        same = hmac.compare_digest(asked.get("hub.verify_token", "").encode(), expected.encode())
        if asked.get("hub.mode") != "subscribe" or not same:
            return Response(status_code=403)
        return Response(asked.get("hub.challenge", ""), media_type="text/plain")

    async def delivery(request: Request) -> Response:
        secret = app.config.meta.app_secret.get_secret_value()
        if not secret:  # an empty secret signs for everybody: closed instead
            return Response(status_code=404)
        body = await read(request, _BODY_BYTES)
        if body is None:
            return Response(status_code=413)
        if not signed(request, secret, body):
            return Response(status_code=403)
        try:
            payload = shape.read(body)
        except ValueError:
            return Response(status_code=400)
        await door.store(app, [await _told_apart(app, event) for event in receive.parse(accounts(app), payload)])
        return Response(status_code=200)

    routes.add_api_route("/meta", handshake, methods=["GET"], response_model=None)
    routes.add_api_route("/meta", delivery, methods=["POST"], response_model=None)
    return routes


async def _told_apart(app: App, event: Incoming) -> Incoming:
    """An echo of our own words is nobody who took the conversation over."""
    channel = app.channels.get((event.chat.shop_id, event.chat.channel)) if event.kind == "echo" else None
    if isinstance(channel, InstagramChannel) and await channel.wrote(event):
        return replace(event, kind="ignored", note="our own message")
    return event


def signed(request: Request, secret: str, body: bytes) -> bool:
    """Whether exactly one SHA-256 signature came and fits the bytes as they are; compared as bytes, in one time."""
    sent = [value for name, value in request.scope["headers"] if name == _SIGNATURE]
    expected = b"sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode()
    return len(sent) == 1 and hmac.compare_digest(sent[0], expected)


def accounts(app: App) -> dict[str, str]:
    """Instagram account -> shop."""
    return {shop.instagram.account_id: id_ for id_, shop in app.config.shops.items() if shop.instagram.account_id}
