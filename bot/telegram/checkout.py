"""Telegram asks whether a payment may go through and waits ten seconds: answered at once, beside the queue.

The query is stored like every update before this begins; what a payment does is the queue's, once it was made.
"""

from __future__ import annotations

import asyncio
import time

import structlog

from bot.app import App
from bot.telegram.send import TelegramChannel
from kit import tasks, words
from kit.errors import Unavailable
from kit.message import Incoming
from kit.watch import STORE_AWAY
from orders.provider import invoice
from shop import contacts

log = structlog.get_logger(__name__)
_LOOK_S = 4.0  # for the order; then the payer is asked to try again
_LAST_S = 9.0  # after that Telegram has declined by itself


def answer_soon(app: App, channel: TelegramChannel, event: Incoming) -> None:
    """Begin to answer the query in `event`; the door that brought it goes on."""
    tasks.start(_answer(app, channel, event, time.monotonic()), "checkout")


async def _answer(app: App, channel: TelegramChannel, event: Incoming, since: float) -> None:
    wrong = await _wrong(app, event)
    app.metrics.provider_call("telegram", -1 if wrong else 0)
    while True:
        try:
            await channel.checkout(event.press_id, wrong)
            return
        except Unavailable as error:
            log.warning("checkout_not_answered", shop=event.chat.shop_id, code=error.code)
            wait_s = min(error.retry_after or 0.5, 2.0)
            if error.permanent or time.monotonic() - since + wait_s > _LAST_S:
                return
            await asyncio.sleep(wait_s)


async def _wrong(app: App, event: Incoming) -> str:
    """Why it may not be paid, in the payer's language; "" when it may."""
    language = event.language if event.language in words.LANGUAGES else "uz"
    try:
        async with asyncio.timeout(_LOOK_S):
            language = (await contacts.get(app.db, event.chat)).language or language
            refused = await invoice.check(app.db, event.chat.shop_id, invoice.bill(event), event.press_id, app.clock())
    except STORE_AWAY as error:
        log.warning("checkout_store_away", shop=event.chat.shop_id, error=type(error).__name__)
        refused = "pay.checkout_trouble"
    return words.say(language, refused) if refused else ""
