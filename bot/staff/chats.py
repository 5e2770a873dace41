"""A conversation on one card: what it is about, and its last words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.staff import cards
from bot.staff.cards import Pen
from kit.message import Chat, Incoming, Reply, load_incoming, load_reply
from orders import card
from orders import cart as carts
from orders import order as verbs
from shop import contacts

if TYPE_CHECKING:
    from kit.db import Reader

_WORDS = 600  # characters of the last messages on a hand-over card: a card is read on a phone
_MOST_ORDERS = 3


async def summary(reader: Reader, pen: Pen, chat: Chat) -> list[str]:
    """What a person must know before answering: the open orders, the cart, the phone."""
    lines = []
    orders = await verbs.of_chat(reader, chat, most=_MOST_ORDERS)
    for order in orders:
        things = ", ".join(f"{pen.title(item.sku, item.variant, item.title)} × {item.qty}" for item in order.items)
        sum_ = pen.money(order.total, order.currency)
        lines.append(pen.say("order_row", number=order.number, status=cards.status(pen, order), sum=sum_, name=things))
    cart = await carts.load(reader, chat)
    sold = [line for line in cart.lines if line.sku in pen.shop.products]
    if sold and not cart.number:
        things = ", ".join(f"{pen.title(line.sku, line.variant)} × {line.qty}" for line in sold)
        lines.append(pen.say("in_cart", things=things))
    buyer = (await contacts.get(reader, chat)).buyer
    phone = next((order.phone for order in orders if order.phone), "") or cart.phone or str(buyer.get("phone") or "")
    return [*lines, phone] if phone else lines


async def last_words(reader: Reader, chat: Chat, most: int = 8) -> str:
    """The end of the conversation, both sides, oldest first. The shop's own card stands there without its number."""
    # messages of one answer have one time: their ids tell the order
    rows = await reader.fetch(
        """(SELECT received_at AS at, id, payload, true AS theirs FROM inbox
            WHERE shop_id = $1 AND key = $2 AND kind IN ('message', 'edited') ORDER BY id DESC LIMIT $3)
           UNION ALL
           (SELECT created_at, id, payload, false FROM outbox
            WHERE shop_id = $1 AND key = $2 AND status = 1 ORDER BY id DESC LIMIT $3)
           ORDER BY at DESC, id DESC LIMIT $3""",
        chat.shop_id,
        chat.key,
        most,
    )
    lines = [_line(row["payload"], theirs=row["theirs"]) for row in reversed(rows)]
    kept: list[str] = []
    left = _WORDS
    for line in reversed([line for line in lines if line]):
        left -= len(line) + 1
        if left < 0 and kept:
            break
        kept.append(line[:_WORDS])
    return "\n".join(reversed(kept))


def _line(payload: dict[str, Any], *, theirs: bool) -> str:
    """One message in one line; `>` marks the shopper's."""
    said: Incoming | Reply = load_incoming(payload) if theirs else load_reply(payload)
    text = card.hidden(" ".join(said.text.split()))
    if isinstance(said, Incoming) and said.media:
        text = f"[{said.media[0].kind}] {text}"
    return f"{'>' if theirs else '–'} {text}" if text else ""
