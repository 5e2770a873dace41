"""The Instagram accounts of all shops, kept as the settings say; looked at once a second, like the bots."""

from __future__ import annotations

import asyncio

import httpx2
import structlog

from bot.app import App
from bot.instagram.send import InstagramChannel
from kit import tasks
from kit.config import InstagramConfig
from kit.errors import Unavailable
from kit.http import make_client

log = structlog.get_logger(__name__)
NAME = "instagram"
FIELDS = (
    "messages,messaging_postbacks,messaging_referral,messaging_seen,message_reactions,message_edit,"
    "comments,live_comments,mentions"
)
_LOOK_S = 1.0
_AGAIN_S = (5.0, 30.0, 60.0)  # between tries of a token that was refused
_CALL_S = 20.0
_REASONS = {"token": "token refused", "permission": "permission missing", "network": "no answer from graph_url"}
_FINE = {"100", "5xx"}  # a server that speaks Graph but does not know /me


def declare(app: App) -> None:
    """Enter every configured account as not tried yet; call it before /ready can be asked."""
    for shop_id, shop in app.config.shops.items():
        if _complete(shop.instagram):
            app.states.setdefault((shop_id, NAME), "")


async def keep(app: App, stop: asyncio.Event, *, listen: bool = True) -> None:
    """Keep app.channels and app.states as the settings say until `stop`. `listen=False`: only send, ask nothing.

    At `stop` the channels stay open until kit.tasks ends everything: what was heard may still be answered.
    """
    settings: dict[str, tuple[object, ...]] = {}
    trials: dict[str, asyncio.Task[None]] = {}
    client = make_client(_CALL_S)
    tasks.start(_line(app, client), "instagram line")
    while not stop.is_set():
        wanted = {id_: _settings(app, shop.instagram) for id_, shop in app.config.shops.items()}
        wanted = {id_: given for id_, given in wanted.items() if _complete(app.config.shops[id_].instagram)}
        for shop_id in [id_ for id_ in settings if settings[id_] != wanted.get(id_)]:
            _end(app, shop_id, trials, forget=shop_id not in wanted)
            del settings[shop_id]
        for shop_id in wanted.keys() - settings.keys():
            settings[shop_id] = wanted[shop_id]
            _start(app, shop_id, client, trials, listen=listen)
        try:
            async with asyncio.timeout(_LOOK_S):
                await stop.wait()
        except TimeoutError:
            continue
    for trial in trials.values():
        trial.cancel()


async def _line(app: App, client: httpx2.AsyncClient) -> None:
    """Close the connections when everything ends."""
    try:
        await asyncio.Event().wait()
    finally:
        for key in [key for key in app.channels if key[1] == NAME]:
            del app.channels[key]
        await client.aclose()


def _complete(account: InstagramConfig) -> bool:
    return bool(account.account_id and account.token.get_secret_value())


def _settings(app: App, account: InstagramConfig) -> tuple[object, ...]:
    """What a change of builds a channel anew."""
    meta = app.config.meta
    return (account.account_id, account.token, meta.graph_url, tuple(meta.media_hosts), app.config.http.public_url)


def build(app: App, shop_id: str, client: httpx2.AsyncClient) -> InstagramChannel:
    """The channel of a shop, as configured."""
    account, meta = app.config.shops[shop_id].instagram, app.config.meta
    return InstagramChannel(
        account.account_id,
        account.token.get_secret_value(),
        graph_url=meta.graph_url,
        public_url=app.config.http.public_url,
        media_hosts=meta.media_hosts,
        redis=app.redis,
        client=client,
    )


def _start(
    app: App, shop_id: str, client: httpx2.AsyncClient, trials: dict[str, asyncio.Task[None]], *, listen: bool
) -> None:
    channel = app.channels[(shop_id, NAME)] = build(app, shop_id, client)
    if listen:
        app.states[(shop_id, NAME)] = ""
        trials[shop_id] = tasks.start(_try(app, shop_id, channel), f"instagram {shop_id}")
    else:
        app.states[(shop_id, NAME)] = "ok"


def _end(app: App, shop_id: str, trials: dict[str, asyncio.Task[None]], *, forget: bool) -> None:
    app.channels.pop((shop_id, NAME), None)
    if forget:
        app.states.pop((shop_id, NAME), None)
    if (trial := trials.pop(shop_id, None)) is not None:
        trial.cancel()


async def _try(app: App, shop_id: str, channel: InstagramChannel) -> None:
    """Ask who we are until the platform knows us, then ask for this account's events."""
    tries = 0
    while True:
        try:
            await channel.me()
            break
        except Unavailable as error:
            if error.code in _FINE:
                break
            app.states[(shop_id, NAME)] = _REASONS.get(error.code, f"Instagram: {error.code}")
            log.warning("account_refused", shop=shop_id, code=error.code, what=error.what)
            await asyncio.sleep(_AGAIN_S[min(tries, len(_AGAIN_S) - 1)])
            tries += 1
    app.states[(shop_id, NAME)] = "ok"
    if not app.config.http.public_url:
        return
    try:
        await channel.subscribe(FIELDS)
    except Unavailable as error:
        log.warning("subscription_refused", shop=shop_id, code=error.code, what=error.what)
