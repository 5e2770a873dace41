"""Money that was seen: one row per payment, never changed. Whether it was seen is `orders.order.money`'s."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kit.db import Reader, Tx
from orders.order.model import Order

PRESS, CASH = "press", "cash"  # other ways are names of payment providers
# a payment under way keeps its order from expiring and changing so long: from the card to the bank's SMS code and back
# takes people two or three minutes (h), and a shelf is not held for hours by who closed the page
PAYING = timedelta(minutes=15)
# a bill in a messenger is charged within seconds of its question, and nobody tells us of a card that was declined
BILLED = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Payment:
    """`amount` is negative for a refund; the smallest unit in use of `currency`."""

    amount: int
    currency: str
    way: str
    actor: str
    at: datetime


async def record(tx: Tx, order: Order, amount: int, way: str, actor: str, now: datetime) -> None:
    """Writes a payment (or, negative, a refund) of a locked order and its new `paid`. Nothing for 0."""
    if amount == 0:
        return
    await tx.execute(
        """INSERT INTO payments (shop_id, number, amount, currency, way, actor, at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        order.shop_id,
        order.number,
        amount,
        order.currency,
        way,
        actor,
        now,
    )
    await tx.execute(
        "UPDATE orders SET paid = paid + $3, changed_at = $4 WHERE shop_id = $1 AND number = $2",
        order.shop_id,
        order.number,
        amount,
        now,
    )


async def history(reader: Reader, shop_id: str, number: int) -> list[Payment]:
    """All payments of an order, the oldest first."""
    rows = await reader.fetch(
        "SELECT amount, currency, way, actor, at FROM payments WHERE shop_id = $1 AND number = $2 ORDER BY id",
        shop_id,
        number,
    )
    return [Payment(row["amount"], row["currency"], row["way"], row["actor"], row["at"]) for row in rows]


async def under_way(reader: Reader, shop_id: str, number: int, now: datetime) -> bool:
    """Whether the shopper is at a provider's till with this order at this moment."""
    return bool(
        await reader.fetchval(
            """SELECT EXISTS (SELECT FROM provider_transactions
               WHERE shop_id = $1 AND number = $2 AND state = 'created'
                   AND created_at > CASE WHEN provider = 'telegram' THEN $4::timestamptz ELSE $3::timestamptz END)""",
            shop_id,
            number,
            now - PAYING,
            now - BILLED,
        )
    )


def goods_on_arrival(order: Order) -> int:
    """The part of `due_on_arrival` that is for the goods; the rest goes to the courier or the post."""
    return order.due_on_arrival - order.way_due


def due_after(order: Order, amount: int) -> int:
    """`due_on_arrival` once `amount` more came: a surplus pays the rest of the goods, then the whole way or none of it.

    A courier takes his full price or nothing: 500 so'm too much do not make the way 500 cheaper.
    """
    surplus = max(0, order.paid + amount - order.to_transfer) - max(0, order.paid - order.to_transfer)
    goods = goods_on_arrival(order)
    way = order.due_on_arrival - goods
    rest = max(0, surplus - goods)
    return max(0, goods - surplus) + (0 if way and rest >= way else way)
