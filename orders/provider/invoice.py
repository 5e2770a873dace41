"""Bills paid inside a messenger: may this one be paid now, and what its money does to the order.

The messenger asks right before it takes the money (`check`), and tells afterwards (`settle`); in between nothing can be
taken back, so what comes for an order that changed meanwhile waits for a person. Of money that the shop sends back no
messenger tells us (Telegram's `refunded_payment` is for its own Stars): staff press [refund].
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kit.db import Pool, Tx, transaction
from kit.message import Incoming
from kit.money import EXPONENT, from_minor
from orders.order.model import Order, get
from orders.order.moves import lock
from orders.provider import settle as settling
from orders.provider import transactions
from orders.provider.transactions import CREATED, TELEGRAM

if TYPE_CHECKING:
    from shop.shops import Shop

_PAYLOAD = re.compile(r"order:([0-9]{1,12})")


@dataclass(frozen=True, slots=True)
class Bill:
    """What a payment says: the order by our own payload, the sum in ours; `amount` None when it is no sum of ours."""

    number: int | None
    amount: int | None
    currency: str
    charge: str


def bill(event: Incoming) -> Bill:
    """The bill in an event of the kind `payment`."""
    facts = event.raw
    found = _PAYLOAD.fullmatch(str(facts.get("invoice_payload", "")))
    currency, total = str(facts.get("currency", "")), facts.get("total_amount")
    amount = None
    if currency in EXPONENT and isinstance(total, int) and total > 0:
        amount = from_minor(total, currency)
    charge = str(facts.get("telegram_payment_charge_id", ""))
    return Bill(int(found[1]) if found else None, amount, currency, charge)


async def check(pool: Pool, shop_id: str, asked: Bill, query: str, now: datetime) -> str:
    """ "" when the bill may be paid now: then its order is kept for it; else the key of the sentence that says why not.

    The same query gets the same answer. Held goods, status and sum are those of this moment, under the order's lock.
    """
    async with transaction(pool) as tx:
        if asked.number is None or await get(tx, shop_id, asked.number) is None:
            return "pay.checkout_ended"
        order = await lock(tx, shop_id, asked.number)
        known = await transactions.find(tx, shop_id, TELEGRAM, _of_query(query))
        if known is not None:
            return "" if known.state == CREATED else "pay.checkout_busy"
        if wrong := _wrong(order, asked):
            return wrong
        if await transactions.live(tx, order, now) is not None:
            return "pay.checkout_busy"
        begun = await transactions.begin(tx, order, TELEGRAM, _of_query(query), now)
    return "" if begun is not None else "pay.checkout_busy"


def _wrong(order: Order, asked: Bill) -> str:
    if settling.ended(order) or not order.holds_stock:
        return "pay.checkout_ended"
    if not settling.payable(order):
        return "pay.checkout_paid"
    same = (asked.amount, asked.currency) == (order.owed, order.currency)
    return "" if same else "pay.checkout_sum"


async def settle(tx: Tx, shop: Shop, event: Incoming, now: datetime) -> None:
    """Counts a payment that was made, once, by the messenger's id of the charge.

    Raises LookupError for money of an order nobody knows: a dead letter that staff see.
    """
    paid = bill(event)
    if paid.number is None or paid.amount is None or await get(tx, shop.id, paid.number) is None:
        raise LookupError(f"a payment of no order of ours: {paid}")
    order = await lock(tx, shop.id, paid.number)
    if paid.currency != order.currency:
        raise LookupError(f"a payment in another currency than its order: {paid}")
    known = await transactions.find(tx, shop.id, TELEGRAM, paid.charge)
    if known is not None:
        return
    opened = await transactions.live(tx, order, now)
    if opened is not None and opened.provider == TELEGRAM:  # the query that let it through; the charge is its money
        await transactions.lapse(tx, opened, now, None)
    it = await transactions.record(tx, order, TELEGRAM, paid.charge, paid.amount, now)
    if it is not None:
        await settling.came_anyway(tx, shop, it, now)


def _of_query(query: str) -> str:
    return f"query:{query}"
