"""The parcel's way: packed, shipped, delivered, or cancelled. Each verb locks, checks MOVES and writes its line."""

from __future__ import annotations

from datetime import datetime

from kit import outbox
from kit.db import Tx
from kit.errors import Refused
from kit.message import Chat, Notice
from orders import payment, stock
from orders.order.model import Order
from orders.order.money import refund_due
from orders.order.moves import CANCELLED, CLAIMED, DELIVERED, EXPIRED, PACKED, PAID, SHIPPED, check, lock, move
from shop import audit


async def pack(tx: Tx, shop_id: str, number: int, *, actor: str, now: datetime) -> Order:
    """The parcel is ready; the shopper cannot change it any more."""
    return await _forward(tx, await lock(tx, shop_id, number), PACKED, actor, now)


async def ship(tx: Tx, shop_id: str, number: int, *, actor: str, now: datetime, track: str = "") -> Order:
    """The parcel left, from `confirmed`, `paid` or `packed`; its pieces are no longer on the shelf.

    With a `track` that differs, a parcel on its way gets that number: it is often known only afterwards.
    """
    order, track = await lock(tx, shop_id, number), track.strip()[:100]
    later = order.status == SHIPPED and track not in ("", order.track)
    if not later:
        check(order, SHIPPED)
    if track:
        await tx.execute(
            "UPDATE orders SET track = $3, changed_at = $4 WHERE shop_id = $1 AND number = $2",
            shop_id,
            number,
            track,
            now,
        )
    if later:
        await audit.note(tx, shop_id, actor, "order.track", f"order:{number}", track=track)
        return await lock(tx, shop_id, number)
    return await _forward(tx, order, SHIPPED, actor, now, **({"track": track} if track else {}))


async def deliver(tx: Tx, shop_id: str, number: int, *, actor: str, now: datetime) -> Order:
    """Handed over: a shipped parcel, or a pickup from where it stands. Goods paid on arrival count as seen."""
    order = await lock(tx, shop_id, number)
    check(order, DELIVERED)
    if order.status != SHIPPED and not order.pickup:
        raise Refused("order.not_now", number=number, status=order.status)
    order = await _forward(tx, order, DELIVERED, actor, now)
    await payment.record(tx, order, payment.goods_on_arrival(order), payment.CASH, actor, now)
    return await lock(tx, shop_id, number)


async def cancel(
    tx: Tx, shop_id: str, number: int, *, actor: str, now: datetime, chat: Chat | None = None, why: str = ""
) -> Order:
    """Ends the order and returns its goods to the shelves; staff hear what money is to go back.

    `chat`: set for a shopper, whose own orders alone may be touched, and not once they are packed (order.ask_person).
    """
    order = await lock(tx, shop_id, number)
    if chat is not None:
        if chat.key not in (order.key, order.updates_key):
            raise Refused("order.none", number=number)
        if order.status == PACKED:
            raise Refused("order.ask_person", number=number, status=order.status)
        if order.status not in (CANCELLED, EXPIRED) and await payment.under_way(tx, shop_id, number, now):
            raise Refused("pay.being_paid", number=number)
    check(order, CANCELLED)
    if order.holds_stock:
        await stock.free(tx, shop_id, order.lines)
    cancelled = await move(tx, order, CANCELLED, actor, now, **({"why": why} if why else {}))
    await refund_due(tx, cancelled, order.paid or (order.to_transfer if order.status == CLAIMED else 0))
    if chat is not None:
        about = f"order:{number}"
        notice = Notice("order_cancelled", about=about, shopper=order.key, facts={"was": order.status})
        await outbox.tell_staff(tx, shop_id, notice, idem=f"{about}:cancelled:{cancelled.changed_at.timestamp()}")
    return cancelled


async def _forward(tx: Tx, order: Order, to: str, actor: str, now: datetime, **data: object) -> Order:
    """A step of the parcel. An order changed after it was paid does not leave before the difference came."""
    check(order, to)
    if order.owed and order.status in (PAID, PACKED):
        raise Refused("order.money_missing", number=order.number, left=order.owed)
    return await move(tx, order, to, actor, now, **data)
