"""The state machine of an order: one table, one lock, one way to move. Nothing else writes `orders.status`."""

from __future__ import annotations

from datetime import datetime

from kit.db import Tx
from kit.errors import Refused
from orders.order.model import Order, get, of_row
from shop import audit

DRAFT = "draft"  # the cart; such an order has no row
AWAITING, CLAIMED, PROBLEM, PAID = "awaiting_payment", "claimed", "payment_problem", "paid"
CONFIRMED, PACKED, SHIPPED, DELIVERED = "confirmed", "packed", "shipped", "delivered"
CANCELLED, EXPIRED, REFUNDED = "cancelled", "expired", "refunded"
RETURN_ASKED, EXCHANGED, RETURNED = "return_asked", "exchanged", "returned"

# status -> where it may go. `paid` comes only from a press or a provider (orders.order.money holds that line).
# A pickup is handed over without being shipped: the verb `deliver` lets only a pickup skip it.
# awaiting_payment <-> confirmed: a change of the order that ends or begins a prepayment.
# expired and cancelled -> claimed: money came after all, and the goods are still there.
MOVES: dict[str, frozenset[str]] = {
    DRAFT: frozenset({AWAITING, CONFIRMED}),
    AWAITING: frozenset({CLAIMED, PROBLEM, PAID, CONFIRMED, CANCELLED, EXPIRED}),
    CLAIMED: frozenset({PAID, PROBLEM, CONFIRMED, CANCELLED}),
    PROBLEM: frozenset({CLAIMED, PAID, CONFIRMED, CANCELLED}),
    CONFIRMED: frozenset({AWAITING, PACKED, SHIPPED, DELIVERED, CANCELLED}),
    PAID: frozenset({PACKED, SHIPPED, DELIVERED, CANCELLED, REFUNDED}),
    PACKED: frozenset({SHIPPED, DELIVERED, CANCELLED, REFUNDED}),
    SHIPPED: frozenset({DELIVERED, RETURN_ASKED, RETURNED}),
    DELIVERED: frozenset({RETURN_ASKED}),
    RETURN_ASKED: frozenset({DELIVERED, EXCHANGED, RETURNED, REFUNDED}),
    RETURNED: frozenset({REFUNDED}),
    EXCHANGED: frozenset({RETURN_ASKED}),
    CANCELLED: frozenset({CLAIMED, REFUNDED}),
    EXPIRED: frozenset({CLAIMED, REFUNDED}),
    REFUNDED: frozenset(),
}
# waits for money; before `packed` the shopper may still change it; holds pieces on the shelf
UNPAID = (AWAITING, CLAIMED, PROBLEM)
CHANGEABLE = (*UNPAID, PAID, CONFIRMED)
LIVE = (*CHANGEABLE, PACKED, SHIPPED)


async def lock(tx: Tx, shop_id: str, number: int) -> Order:
    """The order with its row locked until the transaction ends; Refused("order.none") when there is none."""
    row = await tx.fetchrow("SELECT * FROM orders WHERE shop_id = $1 AND number = $2 FOR UPDATE", shop_id, number)
    if row is None:
        raise Refused("order.none", number=number)
    return await of_row(tx, row)


def check(order: Order, to: str) -> None:
    """Refused("order.already") when somebody did it before us, Refused("order.not_now") when MOVES has no such step."""
    if order.status == to:
        raise Refused("order.already", number=order.number, status=order.status)
    if to not in MOVES[order.status]:
        raise Refused("order.not_now", number=order.number, status=order.status)


async def move(tx: Tx, order: Order, to: str, actor: str, now: datetime, **data: object) -> Order:
    """Moves a locked order along MOVES with its line in the trail; the order as it is then."""
    check(order, to)
    # only an order that waits for its money expires, whichever way it left that state
    await tx.execute(
        """UPDATE orders SET status = $3, changed_at = $4, holds_stock = holds_stock AND NOT $5,
               expires_at = CASE WHEN $3 = 'awaiting_payment' THEN expires_at END,
               remind_at = CASE WHEN $3 = 'awaiting_payment' THEN remind_at END
           WHERE shop_id = $1 AND number = $2""",
        order.shop_id,
        order.number,
        to,
        now,
        to in (SHIPPED, DELIVERED, CANCELLED, EXPIRED, REFUNDED),
    )
    await audit.note(tx, order.shop_id, actor, f"order.{to}", f"order:{order.number}", was=order.status, **data)
    moved = await get(tx, order.shop_id, order.number)
    assert moved is not None
    return moved
