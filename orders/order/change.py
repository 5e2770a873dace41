"""Changing a placed order before it is packed: new summary, new yes, the same number; money only by the difference."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from kit import outbox
from kit.db import Tx
from kit.errors import Refused
from kit.message import Chat, Notice
from orders import payment, stock
from orders.cart.totals import Totals, totals
from orders.cart.value import Cart, drop
from orders.order import hold
from orders.order.model import Order, get
from orders.order.money import refund_due
from orders.order.moves import AWAITING, CHANGEABLE, CLAIMED, CONFIRMED, UNPAID, lock, move
from orders.order.place import agreed, delivery_of, named, write_items
from shop import audit, offers

if TYPE_CHECKING:
    from shop.shops import Shop


@dataclass(frozen=True, slots=True)
class Change:
    """`extra`: one added payment the shopper makes now; `refund`: what staff send back. At most one is not 0."""

    order: Order
    before: Order
    extra: int
    refund: int


async def change(
    tx: Tx, shop: Shop, chat: Chat, cart: Cart, *, actor: str, now: datetime, language: str = "uz"
) -> Change:
    """Makes the order `cart.number` what the confirmed cart says; drops the cart.

    Refused like `place`, and order.none for an order of another conversation, order.not_now from `packed` on,
    pay.being_paid while the shopper stands at a provider's till with the old sum.
    """
    if cart.number is None:
        raise Refused("order.none", number="")
    before = await lock(tx, shop.id, cart.number)
    if chat.key not in (before.key, before.updates_key):
        raise Refused("order.none", number=cart.number)
    if before.status not in CHANGEABLE:
        raise Refused("order.not_now", number=before.number, status=before.status)
    sums = await agreed(tx, shop, chat, cart, language, now)
    if await payment.under_way(tx, shop.id, before.number, now):
        raise Refused("pay.being_paid", number=before.number)
    with named(shop, language):
        await stock.move(tx, shop.id, cart.lines, before.lines if before.holds_stock else (), checked=cart.checked)
    # what came ahead and what was forgiven are those of this moment: a press may have come after the summary
    sums = totals(replace(cart, ahead=before.ahead, forgiven=before.forgiven), shop)
    await _write(tx, shop, before, cart, sums, now, language)
    await offers.use_up(tx, chat, before.number, {line.sku: line.price for line in sums.lines})
    order = await _status(tx, shop, before, actor, now)
    extra = max(0, order.to_transfer - before.came) if before.came else 0
    done = Change(order, before, extra, _refund(before, order))
    await _trail(tx, done, actor)
    await drop(tx, chat)
    return done


def _refund(before: Order, order: Order) -> int:
    """What came and is no longer asked for. A surplus that paid for nothing before is not part of it."""
    idle = max(0, before.paid - before.to_transfer) - before.ahead
    return max(0, before.came - order.to_transfer - idle)


async def _write(
    tx: Tx,
    shop: Shop,
    before: Order,
    cart: Cart,
    sums: Totals,
    now: datetime,
    language: str,
) -> None:
    where = cart.location or (None, None)
    await tx.execute(
        """UPDATE orders SET name = COALESCE(NULLIF($3, ''), name), phone = $4, phone2 = $5, recipient = $6,
               address = $7, landmark = $8, latitude = $9, longitude = $10, delivery = $11, total = $12,
               to_transfer = $13, due_on_arrival = $14, forgiven = $15, holds_stock = true, changed_at = $16
           WHERE shop_id = $1 AND number = $2""",
        shop.id,
        before.number,
        cart.name or cart.recipient,
        cart.phone,
        cart.phone2,
        cart.recipient,
        cart.address,
        cart.landmark,
        *where,
        delivery_of(sums),
        sums.goods,
        sums.to_transfer,
        sums.due_on_arrival,
        sums.forgiven,
        now,
    )
    await tx.execute("DELETE FROM order_items WHERE shop_id = $1 AND number = $2", shop.id, before.number)
    await write_items(tx, shop, before.number, sums, language)


async def _status(tx: Tx, shop: Shop, before: Order, actor: str, now: datetime) -> Order:
    """Where the new sums put it; an order that waits for money has its full time again."""
    order = await get(tx, shop.id, before.number)
    assert order is not None
    if order.status in UNPAID and not order.to_transfer and not order.paid and order.status != CLAIMED:
        return await move(tx, order, CONFIRMED, actor, now)
    if order.status in UNPAID and order.status != CLAIMED and order.paid and not order.owed:
        return await move(tx, order, CLAIMED, actor, now)  # all of it was seen: one press makes it paid
    if order.status == CONFIRMED and order.owed:
        order = await move(tx, order, AWAITING, actor, now)
    if order.status == AWAITING:
        expires, remind = hold.until(shop.profile, now)
        await tx.execute(
            "UPDATE orders SET expires_at = $3, remind_at = $4 WHERE shop_id = $1 AND number = $2",
            shop.id,
            order.number,
            expires,
            remind,
        )
        order = await get(tx, shop.id, order.number) or order
    return order


async def _trail(tx: Tx, done: Change, actor: str) -> None:
    order, before = done.order, done.before
    about = f"order:{order.number}"
    await audit.note(
        tx,
        order.shop_id,
        actor,
        "order.changed",
        about,
        was=[[item.sku, item.variant, item.qty, item.price] for item in before.items],
        now=[[item.sku, item.variant, item.qty, item.price] for item in order.items],
        total=[before.total, order.total],
        to_transfer=[before.to_transfer, order.to_transfer],
    )
    notice = Notice("order_changed", about=about, shopper=order.key, facts={"extra": done.extra, "refund": done.refund})
    await outbox.tell_staff(tx, order.shop_id, notice, idem=f"{about}:changed:{order.changed_at.timestamp()}")
    await refund_due(tx, order, done.refund)
