"""Money of an order: a shopper's claim, what people or a provider saw, refunds, and an order come back to life.

`paid` is written here alone, and only for an actor that is a member of staff or a payment provider.
"""

from __future__ import annotations

from datetime import datetime

from kit import outbox
from kit.db import Tx
from kit.errors import Refused
from kit.message import Notice
from orders import payment, refund_card, stock
from orders.order.model import Order, get
from orders.order.moves import (
    CANCELLED,
    CLAIMED,
    CONFIRMED,
    DELIVERED,
    EXPIRED,
    MOVES,
    PACKED,
    PAID,
    PROBLEM,
    REFUNDED,
    SHIPPED,
    UNPAID,
    check,
    lock,
    move,
)
from shop import audit

_TAKES_MORE = (CONFIRMED, PAID, PACKED, SHIPPED, DELIVERED)
# where a provider may ask for what is owed: also for what a change added to a paid order. Money that comes a little
# late revives an expired order
PAYABLE = (*UNPAID, PAID, PACKED)
_PROVIDER = (*PAYABLE, EXPIRED)


# "all of it was seen" answers for every receipt of the order: a press on one of them would count its sum once more
_DECIDED = """UPDATE receipts SET state = 'seen', decided_by = $3, decided_at = $4
    WHERE shop_id = $1 AND number = $2 AND state = 'new'"""
# a screenshot of the very payment that the provider tells us of; one that names the shop's own card is another transfer
_TOLD = _DECIDED + " AND NOT 'fits' = ANY(verdict)"


async def claim(tx: Tx, shop_id: str, number: int, *, actor: str, now: datetime) -> Order:
    """A receipt that fits came: `claimed`. An order already there stays; an expired or cancelled one is revived."""
    order = await lock(tx, shop_id, number)
    if order.status == CLAIMED:
        return order
    if order.status in (EXPIRED, CANCELLED):
        return await _revive(tx, order, actor, now)
    return await move(tx, order, CLAIMED, actor, now)


async def problem(tx: Tx, shop_id: str, number: int, *, actor: str, now: datetime) -> Order:
    """A receipt that does not fit came: `payment_problem`. What was claimed by a better one before stays claimed."""
    order = await lock(tx, shop_id, number)
    if order.status in (PROBLEM, CLAIMED):
        return order
    return await move(tx, order, PROBLEM, actor, now)


async def confirm(tx: Tx, shop_id: str, number: int, *, actor: str, now: datetime, amount: int | None = None) -> Order:
    """The money was seen: all that is owed, or `amount` of it; partial sums add up, and the full sum makes it `paid`.

    `actor` is "staff:..." or "provider:..."; a provider must have seen exactly what is owed. An expired order, and by a
    person's press a cancelled one, is revived first. Refused: order.people_only, wrong_sum, already, not_now,
    out_of_stock.
    """
    way = _seer(actor)
    order = await lock(tx, shop_id, number)
    if way != payment.PRESS and (not amount or amount != order.owed or order.status not in _PROVIDER):
        raise Refused("order.already" if order.status == PAID else "order.wrong_sum", **_facts(order))
    if order.status in (EXPIRED, CANCELLED):
        order = await _revive(tx, order, actor, now)
    got = amount if amount is not None else order.owed or _at_the_end(order)
    if got < 0:
        raise Refused("order.wrong_sum", **_facts(order))
    if amount is None or way != payment.PRESS:
        await tx.execute(_DECIDED if amount is None else _TOLD, shop_id, number, actor, now)
    if order.status in UNPAID:
        return await _seen(tx, order, got, way, actor, now)
    if order.status not in _TAKES_MORE:
        raise Refused("order.not_now", **_facts(order))
    if got == 0:
        raise Refused("order.already", **_facts(order))
    return await _more(tx, order, got, way, actor, now)


async def accept_as_full(tx: Tx, shop_id: str, number: int, *, actor: str, now: datetime, amount: int) -> Order:
    """A small shortfall is forgiven: `amount`, what came now, is all that is asked for beside what was seen before."""
    way = _seer(actor)
    order = await lock(tx, shop_id, number)
    check(order, PAID)
    came = order.paid + amount
    if way != payment.PRESS or amount < 0 or came <= 0:
        raise Refused("order.wrong_sum", **_facts(order))
    short = order.to_transfer - came
    if short > 0:
        await tx.execute(
            "UPDATE orders SET to_transfer = $3, forgiven = forgiven + $4 WHERE shop_id = $1 AND number = $2",
            shop_id,
            number,
            came,
            short,
        )
        await audit.note(tx, shop_id, actor, "order.shortfall_accepted", f"order:{number}", short=short)
    return await _seen(tx, await lock(tx, shop_id, number), amount, way, actor, now)


async def reject(tx: Tx, shop_id: str, number: int, *, actor: str, now: datetime) -> Order:
    """Staff looked and did not see the money: a claimed order becomes `payment_problem`, another keeps its status."""
    _seer(actor)
    order = await lock(tx, shop_id, number)
    if order.status == CLAIMED:
        return await move(tx, order, PROBLEM, actor, now)
    if order.status == PAID or order.status not in (*UNPAID, EXPIRED, CANCELLED):
        raise Refused("order.not_now", **_facts(order))
    await audit.note(tx, shop_id, actor, "order.money_not_seen", f"order:{number}", status=order.status)
    return order


async def refund(tx: Tx, shop_id: str, number: int, *, actor: str, now: datetime, amount: int | None = None) -> Order:
    """Money went back: all of it ends the order as `refunded` (goods still here return to stock), a part only counts.

    Refused: order.people_only, order.wrong_sum (more than was paid), order.not_now.
    """
    way = _seer(actor)
    order = await lock(tx, shop_id, number)
    back = order.paid if amount is None else amount
    if back < 0 or back > order.paid:
        raise Refused("order.wrong_sum", **_facts(order))
    if amount is not None and back < order.paid:
        await refund_card.forget(tx, shop_id, number)
        await payment.record(tx, order, -back, way, actor, now)
        await audit.note(tx, shop_id, actor, "order.part_refunded", f"order:{number}", amount=back)
        return await _again(tx, order)
    check(order, REFUNDED)
    await refund_card.forget(tx, shop_id, number)
    if order.holds_stock:
        await stock.free(tx, shop_id, order.lines)
    await payment.record(tx, order, -back, way, actor, now)
    return await move(tx, order, REFUNDED, actor, now, amount=back)


async def taken_back(tx: Tx, shop_id: str, number: int, amount: int, *, actor: str, now: datetime) -> Order:
    """A provider gave `amount` back to the shopper: the order is refunded where it can be, else only the sum counts.

    What staff had counted as refunded before is not taken off twice.
    """
    order = await lock(tx, shop_id, number)
    back = min(amount, order.paid)
    if back and back == order.paid and REFUNDED in MOVES[order.status]:
        return await refund(tx, shop_id, number, actor=actor, now=now)
    await payment.record(tx, order, -back, _seer(actor), actor, now)
    await audit.note(tx, shop_id, actor, "order.money_taken_back", f"order:{number}", amount=back)
    return await _again(tx, order)


async def refund_due(tx: Tx, order: Order, amount: int) -> None:
    """Tells staff that `amount` of this order is to go back to the shopper."""
    if amount > 0:
        about = f"order:{order.number}"
        notice = Notice("refund_due", about=about, shopper=order.key, facts={"amount": amount})
        await outbox.tell_staff(tx, order.shop_id, notice, idem=f"{about}:refund:{order.changed_at.timestamp()}")


def _at_the_end(order: Order) -> int:
    """What an order without prepayment is paid with when its money comes early after all."""
    return payment.goods_on_arrival(order) if order.status == CONFIRMED else 0


def _seer(actor: str) -> str:
    """The way of a payment this actor may vouch for. Neither the agent nor a shopper ever sees money."""
    who, _, name = actor.partition(":")
    if who == "staff":
        return payment.PRESS
    if who == "provider" and name:
        return name
    raise Refused("order.people_only")


async def _seen(tx: Tx, order: Order, got: int, way: str, actor: str, now: datetime) -> Order:
    """`got` of an unpaid order was seen."""
    due = payment.due_after(order, got)
    await payment.record(tx, order, got, way, actor, now)
    await _set_due(tx, order, due)
    if order.paid + got >= order.to_transfer:
        return await move(tx, order, PAID, actor, now, amount=got)
    await audit.note(tx, order.shop_id, actor, "order.part_paid", f"order:{order.number}", amount=got)
    return await _again(tx, order)


async def _more(tx: Tx, order: Order, got: int, way: str, actor: str, now: datetime) -> Order:
    """More money of an order past that point: an added payment, or a transfer nobody asked for in advance."""
    due = payment.due_after(order, got)
    await payment.record(tx, order, got, way, actor, now)
    await _set_due(tx, order, due)
    await audit.note(tx, order.shop_id, actor, "order.money_seen", f"order:{order.number}", amount=got)
    return await _again(tx, order)


async def _set_due(tx: Tx, order: Order, due: int) -> None:
    if due != order.due_on_arrival:
        await tx.execute(
            "UPDATE orders SET due_on_arrival = $3 WHERE shop_id = $1 AND number = $2", order.shop_id, order.number, due
        )


async def _revive(tx: Tx, order: Order, actor: str, now: datetime) -> Order:
    """An ended order for which money came: holds its goods again; Refused("order.out_of_stock") if gone."""
    assert CLAIMED in MOVES[order.status]
    checked = [f"{line.sku}|{line.variant}" for line in order.lines]
    try:
        await stock.take(tx, order.shop_id, order.lines, checked=checked)
    except Refused as refused:
        titles = {item.sku: item.title for item in order.items}
        raise Refused(refused.key, **refused.facts, title=titles.get(str(refused.facts.get("sku")), "")) from refused
    await tx.execute(
        "UPDATE orders SET holds_stock = true WHERE shop_id = $1 AND number = $2", order.shop_id, order.number
    )
    return await move(tx, order, CLAIMED, actor, now, revived=True)


async def _again(tx: Tx, order: Order) -> Order:
    fresh = await get(tx, order.shop_id, order.number)
    assert fresh is not None
    return fresh


def _facts(order: Order) -> dict[str, object]:
    return {"number": order.number, "status": order.status}
