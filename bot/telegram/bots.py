"""The bots of all shops, kept as the settings say: a channel for each token, and a loop or a webhook that hears it.

Looked at once a second, so that `main.py connect` starts a bot in a running product. aiogram is imported here only when
a shop has a token.
"""

from __future__ import annotations

import asyncio
import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import structlog

from bot.app import App
from kit import tasks
from kit.config import TelegramConfig
from kit.errors import Unavailable

if TYPE_CHECKING:
    from bot.telegram.seat import Seats
    from bot.telegram.send import TelegramChannel

log = structlog.get_logger(__name__)
NAME = "telegram"
_LOOK_S = 1.0
_AGAIN_S = (1.0, 5.0, 30.0, 60.0)  # between tries to set a webhook
_loading = asyncio.Lock()
_loaded = False


@dataclass
class _Running:
    """A bot at work: the settings it was built from, its channel and its ear (None: this process does not listen)."""

    settings: tuple[object, ...]
    channel: TelegramChannel
    ear: asyncio.Task[None] | None


def declare(app: App) -> None:
    """Enter every configured bot as not tried yet; call it before /ready can be asked."""
    for shop_id, shop in app.config.shops.items():
        if shop.telegram.token.get_secret_value():
            app.states.setdefault((shop_id, NAME), "")


async def load() -> None:
    """Import what a bot needs; call it before any import of `poll` or `send`.

    aiogram is seconds of work, so it is done in a thread. That a module stands in sys.modules does not mean that it is
    there: an import statement on the loop would wait for the thread's to end, and every request with it.
    """
    global _loaded
    if not _loaded:
        async with _loading:
            if not _loaded:
                await asyncio.to_thread(importlib.import_module, "bot.telegram.poll")
            _loaded = True


async def keep(app: App, stop: asyncio.Event, *, listen: bool = True) -> None:
    """Keep app.channels and app.states as the settings say until `stop`. `listen=False`: only send, hear nothing.

    At `stop` nothing more is heard; the channels stay open until kit.tasks ends everything, because what was heard may
    still be answered.
    """
    from bot.telegram.seat import Seats

    running: dict[str, _Running] = {}
    seats = Seats(app.db)
    tasks.start(_lines(app), "telegram lines")
    try:
        while not stop.is_set():
            await _match(app, running, seats, listen=listen)
            try:
                async with asyncio.timeout(_LOOK_S):
                    await stop.wait()
            except TimeoutError:
                continue
    finally:
        for bot in running.values():
            await _deafen(bot)
        await seats.close()


async def _lines(app: App) -> None:
    """Close the bots' connections when everything ends."""
    try:
        await asyncio.Event().wait()
    finally:
        for key in [key for key in app.channels if key[1] == NAME]:
            await cast("TelegramChannel", app.channels.pop(key)).close()


def channel(app: App, shop_id: str) -> TelegramChannel:
    """The shop's bot; built here for a door that hears it before `keep` had its turn."""
    found = app.channels.get((shop_id, NAME))
    if found is None:
        found = app.channels[(shop_id, NAME)] = _build(app, app.config.shops[shop_id].telegram)
    return cast("TelegramChannel", found)


def _build(app: App, settings: TelegramConfig) -> TelegramChannel:
    from bot.telegram.send import TelegramChannel

    payment_token = settings.payment_token.get_secret_value()
    return TelegramChannel(settings.token.get_secret_value(), settings.api_url, app.media, payment_token)


async def _match(app: App, running: dict[str, _Running], seats: Seats, *, listen: bool) -> None:
    """Start what is missing, replace what changed, end what is gone."""
    wanted = {id_: shop.telegram for id_, shop in app.config.shops.items() if shop.telegram.token.get_secret_value()}
    for shop_id in list(running):
        bot = running[shop_id]
        crashed = bot.ear is not None and bot.ear.done()  # a bug of ours: kit.tasks has logged it
        if crashed or shop_id not in wanted or bot.settings != _settings(app, wanted[shop_id]):
            await _end(app, running.pop(shop_id), shop_id)
    for shop_id in wanted.keys() - running.keys():
        running[shop_id] = await _start(app, shop_id, wanted[shop_id], seats, listen=listen)


def _settings(app: App, bot: TelegramConfig) -> tuple[object, ...]:
    """What a change of starts a bot anew."""
    return (bot.token, bot.api_url, bot.mode, bot.secret, bot.payment_token, app.config.http.public_url)


async def _start(app: App, shop_id: str, settings: TelegramConfig, seats: Seats, *, listen: bool) -> _Running:
    await load()
    from bot.telegram import poll

    app.states.setdefault((shop_id, NAME), "")
    bot = channel(app, shop_id)
    ear = None
    if not listen:
        app.states[(shop_id, NAME)] = "ok"
    elif settings.mode == "polling":
        ear = tasks.start(poll.listen(app, seats, shop_id, bot), f"poll {shop_id}")
    else:
        ear = tasks.start(_hook(app, shop_id, bot, settings), f"webhook {shop_id}")
    return _Running(_settings(app, settings), bot, ear)


async def _end(app: App, bot: _Running, shop_id: str) -> None:
    app.channels.pop((shop_id, NAME), None)
    if shop_id not in app.config.shops or not app.config.shops[shop_id].telegram.token.get_secret_value():
        app.states.pop((shop_id, NAME), None)
    await _deafen(bot)
    await bot.channel.close()


async def _deafen(bot: _Running) -> None:
    if bot.ear is not None:
        bot.ear.cancel()
        await asyncio.wait({bot.ear})


async def _hook(app: App, shop_id: str, bot: TelegramChannel, settings: TelegramConfig) -> None:
    """Tell Telegram where to bring the updates, and again until it has heard; then stay until cancelled."""
    from bot.telegram import poll

    state, tries = (shop_id, NAME), 0
    secret, public = settings.secret.get_secret_value(), app.config.http.public_url
    if not secret or not public:
        app.states[state] = f"webhook mode needs {'telegram.secret' if not secret else 'http.public_url'}"
        await asyncio.Event().wait()
    ask = {
        "url": f"{public}/telegram/{shop_id}",
        "secret_token": secret,
        "allowed_updates": poll.ALLOWED,
        "max_connections": 40,
    }
    while True:
        try:
            await bot.me()
            await bot.call("setWebhook", ask)
            app.states[state] = "ok"
            break
        except Unavailable as error:
            app.states[state] = poll.REASONS.get(error.code, f"Telegram: {error.code}")
            log.warning("webhook_refused", shop=shop_id, code=error.code, what=error.what)
            await asyncio.sleep(error.retry_after or _AGAIN_S[min(tries, len(_AGAIN_S) - 1)])
            tries += 1
    try:
        await poll.name_commands(bot)
    except Unavailable as error:
        log.info("commands_refused", shop=shop_id, code=error.code)
    await asyncio.Event().wait()
