"""News of an order in Telegram, for channels that fall silent after a day: a one-time link moves them there."""

from __future__ import annotations

import secrets

from kit.db import Tx
from kit.message import Chat
from orders.order.model import Order, of_row
from shop import audit

SILENT_CHANNELS = ("instagram",)  # nothing can be sent there 24 hours after the shopper's last message


def token_for(chat: Chat) -> str:
    """The one-time part of the link, "" where the channel stays open. 96 random bits: it opens someone's order."""
    return secrets.token_urlsafe(12) if chat.channel in SILENT_CHANNELS else ""


async def follow(tx: Tx, chat: Chat, start: str) -> Order | None:
    """`chat` opened the link with `start` "o_...": it hears of that order from now on; None if used or wrong."""
    token = start.removeprefix("o_")
    if not token:
        return None
    row = await tx.fetchrow(
        """UPDATE orders SET updates_key = $3, updates_token = ''
           WHERE shop_id = $1 AND updates_token = $2 AND updates_token <> '' RETURNING *""",
        chat.shop_id,
        token,
        chat.key,
    )
    if row is None:
        return None
    order = await of_row(tx, row)
    await audit.note(
        tx, chat.shop_id, f"shopper:{chat.channel}:{chat.id}", "order.updates_moved", f"order:{order.number}"
    )
    return order
