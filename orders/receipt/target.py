"""Which order a receipt is about, and what it is held against."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

from kit.db import Reader, Tx
from kit.message import Chat
from orders import payment
from orders.order.model import Order, of_chat
from orders.order.moves import CANCELLED, CONFIRMED, DELIVERED, EXPIRED, LIVE, UNPAID
from orders.receipt.verdict import BAD, SHORT, Expected, Verdict, judge
from vision.receipt import Reading

if TYPE_CHECKING:
    from shop.shops import Shop

_CLOSED = (EXPIRED, CANCELLED)
_CLOSED_DAYS = 30  # money that comes later than that is for something else: staff choose the order
# every verb locks orders by number before anything that hangs on them, so that no two wait for each other
_LOCK = """SELECT FROM orders WHERE shop_id = $1 AND (key = $2 OR updates_key = $2) AND status = ANY($3::text[])
    ORDER BY number FOR UPDATE"""
# receipts nobody has looked at that may be money: they count when a second one makes up the sum
_CLAIMED_SUMS = """SELECT id, number, amount, verdict, numbers_key FROM receipts
    WHERE shop_id = $1 AND number = ANY($2::bigint[]) AND state = 'new' AND amount IS NOT NULL AND currency IN ('', $3)
        AND pays = '{}'"""


async def orders_of(tx: Tx, chat: Chat, now: datetime) -> list[Order]:
    """The orders a receipt of this conversation may be about, newest first, with their rows locked."""
    since = now - timedelta(days=_CLOSED_DAYS)
    await tx.execute(_LOCK, chat.shop_id, chat.key, [*LIVE, DELIVERED, *_CLOSED])
    orders = await of_chat(tx, chat, (*LIVE, DELIVERED, *_CLOSED), most=30)
    return [order for order in orders if order.status in LIVE or order.changed_at > since]


def choose(orders: Iterable[Order], amount: int | None, before: dict[int, int]) -> Order | None:
    """The shopper's open order with that very sum, else the newest open; then orders paid at the end, then closed ones.

    An order whose sum another receipt claims already comes after one that waits. `before`: number -> claimed sums.
    """
    orders = list(orders)
    owing = [order for order in orders if order.owed and order.status not in _CLOSED]
    waiting = [order for order in owing if before.get(order.number, 0) < order.owed]
    at_the_end = [order for order in orders if order.status == CONFIRMED and not order.owed]
    closed = [order for order in orders if order.status in _CLOSED]
    for group in (waiting, owing):
        found = _exact(group, amount, before) or _of_several(group, amount)
        if found or group:
            return found or group[0]
    for group in (at_the_end, closed):
        if group:
            return next((order for order in group if amount in sums_of(order)), group[0])
    return orders[0] if orders else None


def sums_of(order: Order) -> set[int]:
    """Every sum that pays this order in full, one way or another."""
    goods = order.owed or payment.goods_on_arrival(order) or order.to_transfer
    return {goods, order.owed, order.total, order.total + order.delivery_price} - {0}


def _exact(orders: list[Order], amount: int | None, before: dict[int, int]) -> Order | None:
    if amount is None:
        return None
    very = next((order for order in orders if order.owed == amount), None)
    return very or next((order for order in orders if order.owed - before.get(order.number, 0) == amount), None)


def _of_several(orders: list[Order], amount: int | None) -> Order | None:
    """The newest of the one group of open orders whose sums make up the amount."""
    fitting = [
        chosen
        for size in range(2, len(orders[:8]) + 1)
        for chosen in combinations(orders[:8], size)
        if sum(order.owed for order in chosen) == amount
    ]
    return fitting[0][0] if len(fitting) == 1 else None


async def claimed_before(
    reader: Reader, shop_id: str, orders: Iterable[Order], currency: str, numbers_key: str | None
) -> dict[int, int]:
    """number -> sums claimed by receipts nobody has looked at, without another picture of this very payment."""
    rows = await reader.fetch(_CLAIMED_SUMS, shop_id, [order.number for order in orders], currency)
    sums: dict[int, int] = {}
    for row in rows:
        bad = BAD.intersection(row["verdict"]) - {SHORT}
        if not bad and (numbers_key is None or row["numbers_key"] != numbers_key):
            sums[row["number"]] = sums.get(row["number"], 0) + row["amount"]
    return sums


def expected(
    order: Order, orders: Iterable[Order], shop: Shop, last4: frozenset[str], before: dict[int, int]
) -> Expected:
    """What a receipt about `order` should say."""
    asked = order.owed
    if order.status in _CLOSED:
        asked = max(0, order.to_transfer - order.paid)
    elif order.status == CONFIRMED and not asked:
        asked = payment.goods_on_arrival(order)
    came = frozenset({order.to_transfer, order.paid}) - {0} if order.settled and not asked else frozenset()
    on_arrival = order.delivery.get("paid_by") == "on_arrival" and not order.pickup
    profile = shop.profile
    return Expected(
        asked=asked,
        currency=order.currency,
        last4=last4,
        phones=(profile.contacts.phone,) if profile.contacts.phone else (),
        holders=tuple(card.holder for card in profile.payment.own() if card.holder),
        before=before.get(order.number, 0),
        delivery=order.delivery_price if on_arrival else 0,
        others={
            other.number: other.owed
            for other in orders
            if other.number != order.number and other.owed and other.status in UNPAID
        },
        came=came,
        placed_at=order.created_at,
        zone=profile.zone,
    )


def without_order(shop: Shop, reading: Reading, last4: frozenset[str]) -> Expected:
    """Held against nothing but the shop's cards: money that came before any order."""
    profile = shop.profile
    holders = tuple(card.holder for card in profile.payment.own() if card.holder)
    phones = (profile.contacts.phone,) if profile.contacts.phone else ()
    return Expected(reading.amount or 0, shop.currency, last4, phones, holders, zone=profile.zone)


def check(
    order: Order,
    reading: Reading,
    shop: Shop,
    own_last4: frozenset[str],
    now: datetime,
    *,
    others: Iterable[Order] = (),
    before: int = 0,
) -> Verdict:
    """The verdict of `reading` for `order`. `others`: further orders of the shopper; `before`: sums claimed already."""
    return judge(reading, expected(order, others, shop, own_last4, {order.number: before}), now)
