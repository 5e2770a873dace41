"""getUpdates, ours: a batch is stored and committed, and only then the offset moves.

The library's own polling confirms updates before their work is done (kill -9 loses hundreds) and stops every bot when
one token is refused. Here each bot has its own loop and its own patience.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from functools import partial
from typing import Any

import structlog

from bot import door
from bot.app import App
from bot.telegram import checkout, receive
from bot.telegram.seat import Seats
from bot.telegram.send import TelegramChannel
from kit import words
from kit.errors import Unavailable
from kit.message import CHECKOUT
from kit.watch import STORE_AWAY

log = structlog.get_logger(__name__)
ALLOWED = [
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "my_chat_member",
    "pre_checkout_query",
]
_HANG_S = 25
_ASK_S = _HANG_S + 10.0
_SEAT_S = 1.0  # how soon a free seat is taken
_IDLE_S = 0.5  # a server that answers at once, with nothing, is not asked more often than this
_BACKOFF_S = (1.0, 2.0, 5.0, 15.0, 30.0)  # then each half minute
# after a week without updates Telegram numbers them anew, perhaps below our offset: then it must be asked without one.
# What is asked for again that way is confirmed already, or stored and recognised
_QUIET_S = 6 * 3600.0
_WAITING = "another process listens"
# what a refused attempt looks like in /ready and doctor
REASONS = {"401": "token refused", "409": "another program polls this bot", "network": "no answer from api_url"}


async def listen(app: App, seats: Seats, shop_id: str, channel: TelegramChannel) -> None:
    """Poll one bot until cancelled. Writes app.states: "ok", or why not in a few words."""
    bot_id, state, tries = str(channel.bot.id), (shop_id, channel.name), 0
    introduced, heard_at = False, 0.0
    try:
        while True:
            try:
                offset = await seats.take(shop_id, bot_id)
                if offset is None:
                    app.states[state] = _WAITING
                    await asyncio.sleep(_SEAT_S)
                    continue
                if not introduced:
                    await introduce(channel)
                quiet = not introduced or time.monotonic() - heard_at > _QUIET_S
                # the first call does not hang: /ready waits for its verdict
                hang_s = _HANG_S if introduced else 0
                if await _round(app, seats, shop_id, channel, 0 if quiet else offset, hang_s=hang_s) or quiet:
                    heard_at = time.monotonic()
                introduced, tries, app.states[state] = True, 0, "ok"
            except Unavailable as error:
                app.states[state] = REASONS.get(error.code, f"Telegram: {error.code}")
                log.warning("poll_refused", shop=shop_id, code=error.code, what=error.what)
                introduced = introduced and error.code != "409"  # a webhook was set meanwhile: away with it again
                await asyncio.sleep(error.retry_after or _BACKOFF_S[min(tries, len(_BACKOFF_S) - 1)])
                tries += 1
            except STORE_AWAY as error:
                log.warning("poll_store_away", shop=shop_id, error=type(error).__name__)
                await asyncio.sleep(_SEAT_S)
    finally:
        with suppress(*STORE_AWAY):
            await seats.leave(shop_id, bot_id)


async def introduce(channel: TelegramChannel) -> None:
    """Learn our name, make sure no webhook stands in the way, name the commands. Raises only when the token is bad."""

    async def no_webhook() -> None:
        await channel.call("deleteWebhook", {"drop_pending_updates": False})

    for work in (channel.me, no_webhook, partial(name_commands, channel)):
        try:
            await work()
        except Unavailable as error:
            if error.code in ("401", "network"):
                raise
            log.info("introduction_refused", code=error.code, what=error.what)


async def name_commands(channel: TelegramChannel) -> None:
    """The menu beside the input line, in the language of whoever looks."""
    for language, code in (("uz", ""), ("uz", "uz"), ("ru", "ru"), ("en", "en")):
        menu = [{"command": "start", "description": words.say(language, "telegram.start")}]
        await channel.call("setMyCommands", {"commands": menu, "language_code": code or None})


async def _round(app: App, seats: Seats, shop_id: str, channel: TelegramChannel, offset: int, *, hang_s: int) -> bool:
    """Ask once, store what came, and only then let Telegram forget it (by the next call's offset). Whether any came."""
    began = time.monotonic()
    ask = {"offset": offset or None, "limit": 100, "timeout": hang_s, "allowed_updates": ALLOWED}
    updates = await channel.call("getUpdates", ask, timeout_s=_ASK_S)
    updates = updates if isinstance(updates, list) else []
    await take_in(app, shop_id, channel, updates)
    newest = max((n for update in updates if (n := _number(update)) is not None), default=None)
    if newest is not None:
        await seats.advance(shop_id, str(channel.bot.id), newest + 1)
    elif hang_s and time.monotonic() - began < _IDLE_S:
        await asyncio.sleep(_IDLE_S)
    return newest is not None


async def take_in(app: App, shop_id: str, channel: TelegramChannel, updates: list[Any]) -> None:
    """Store updates; no pressed button spins for ever. Raises what asyncpg raises: then acknowledge nothing."""
    shop = app.config.shops.get(shop_id)
    group = shop.telegram.staff_group if shop else 0
    bot_id, group = str(channel.bot.id), channel.moved.get(group, group)
    events = [
        event
        for update in updates
        for event in receive.parse(shop_id, bot_id, update, username=channel.username, staff_group=group)
    ]
    await door.store(app, events)
    for event in events:
        if event.press_id and event.kind in ("button", "ignored"):
            channel.answer_soon(event.press_id)
        elif event.press_id and event.note == CHECKOUT:
            checkout.answer_soon(app, channel, event)


def _number(update: Any) -> int | None:
    """The update_id; None for one that is none (it cannot be confirmed, and would come for ever: Telegram's fault)."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) and 0 <= number < 2**62 else None
