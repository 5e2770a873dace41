"""What waits for money beside what came: which credit is whose, and the press that counts it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from kit.db import Reader, Tx
from kit.errors import Refused
from orders import card
from orders.bank import match as matching
from orders.bank import store
from orders.bank.match import Claimed, Credit, Match, Waiting
from orders.bank.message import span
from orders.order import money
from orders.order.model import Order, of_rows
from orders.order.moves import CANCELLED, EXPIRED, lock
from shop import audit

if TYPE_CHECKING:
    import asyncpg

    from shop.shops import Shop

_ENDED_DAYS = 2  # money for an order that ended comes so long after it; later ones a person looks up
_OLDEST = timedelta(days=31)  # credits older than that meet no new order

_ORDERS = """SELECT * FROM orders WHERE shop_id = $1 AND (
        status = ANY($2::text[]) AND to_transfer > paid
        OR status = ANY($3::text[]) AND to_transfer > paid AND changed_at > $4
        OR number IN (SELECT number FROM payments WHERE shop_id = $1 AND way = 'press' AND amount > 0 AND at >= $5))
    ORDER BY number"""
_PRESSED = """SELECT number, amount, at FROM payments
    WHERE shop_id = $1 AND number = ANY($2::bigint[]) AND way = 'press' AND amount > 0 AND at >= $3 ORDER BY id"""
_LINKED = """SELECT number, amount FROM money_seen WHERE shop_id = $1 AND number = ANY($2::bigint[])"""
_USED = """SELECT number, amount, sender4 FROM money_seen
    WHERE shop_id = $1 AND number IS NOT NULL AND sender4 <> '' AND since >= $2"""
_RECEIPTS = """SELECT number, pays, amount, reading, state FROM receipts
    WHERE shop_id = $1 AND (number = ANY($2::bigint[]) OR pays && $2::bigint[]) AND state IN ('new', 'seen')
        AND amount IS NOT NULL"""
_DECIDED = """UPDATE receipts SET state = 'seen', decided_by = $4, decided_at = $5
    WHERE shop_id = $1 AND number = $2 AND state = 'new' AND amount = $3 AND pays = '{}'"""


@dataclass(slots=True)
class Book:
    """The orders that wait and the credits that are free, at one moment."""

    own: frozenset[str]
    now: datetime
    waiting: dict[int, list[Waiting]] = field(default_factory=dict)  # by each sum that may be theirs
    free: dict[int, list[Credit]] = field(default_factory=dict)
    used: dict[tuple[int, str], set[int]] = field(default_factory=dict)  # sum and payer's card -> orders

    def resolve(self, credit: Credit) -> Match:
        """Whose money a credit is. Where another free credit may be the same order's as well, a person chooses."""
        found = self._alone(credit)
        if not found.sure:
            return found
        if self.used.get((credit.amount, credit.sender4), set()) - {found.numbers[0]}:
            return replace(found, sure=False)  # this payer paid that sum for another order: perhaps twice
        for other in self.free.get(credit.amount, ()):
            if other.id == credit.id or other.currency != credit.currency:
                continue
            theirs = self._alone(other)
            if found.numbers[0] in theirs.numbers and not (found.strong and not theirs.strong):
                return replace(found, sure=False)
        return found

    def _alone(self, credit: Credit) -> Match:
        return matching.match(credit, self.waiting.get(credit.amount, ()), self.own, self.now)

    def pressed(self, number: int, amount: int) -> bool:
        """Whether a person counted this sum for the order before the bank's message came."""
        return any(
            amount == sum_
            for one in self.waiting.get(amount, ())
            if one.order.number == number
            for sum_, _ in one.pressed
        )


async def open_book(reader: Reader, shop: Shop, now: datetime, *, since: datetime | None = None) -> Book:
    """The book of a shop. `since`: the oldest credit that is asked about."""
    since = min(since or now, now - timedelta(days=1)) - timedelta(days=1)
    statuses, closed = [*money.PAYABLE, "shipped", "delivered"], [EXPIRED, CANCELLED]
    rows = await reader.fetch(_ORDERS, shop.id, statuses, closed, now - timedelta(days=_ENDED_DAYS), since)
    orders = await of_rows(reader, shop.id, rows)
    numbers = [order.number for order in orders]
    pressed = await _pressed(reader, shop.id, numbers, since)
    receipts = await _receipts(reader, shop, numbers, pressed)
    book = Book(await card.own_last4(reader, shop.id, shop.profile), now)
    for order in orders:
        one = Waiting(order, tuple(receipts.get(order.number, ())), tuple(pressed.get(order.number, ())))
        for amount in one.sums:
            book.waiting.setdefault(amount, []).append(one)
    for credit in await store.free(reader, shop.id, min(since, now - _OLDEST)):
        book.free.setdefault(credit.amount, []).append(credit)
    for row in await reader.fetch(_USED, shop.id, since):
        book.used.setdefault((row["amount"], row["sender4"]), set()).add(row["number"])
    return book


async def _pressed(
    reader: Reader, shop_id: str, numbers: list[int], since: datetime
) -> dict[int, list[tuple[int, datetime]]]:
    """Sums that a person saw, without those a credit stands for."""
    linked = Counter((row["number"], row["amount"]) for row in await reader.fetch(_LINKED, shop_id, numbers))
    found: dict[int, list[tuple[int, datetime]]] = {}
    for row in await reader.fetch(_PRESSED, shop_id, numbers, since):
        key = (row["number"], row["amount"])
        if linked[key] > 0:
            linked[key] -= 1
        else:
            found.setdefault(row["number"], []).append((row["amount"], row["at"]))
    return found


async def _receipts(
    reader: Reader, shop: Shop, numbers: list[int], pressed: dict[int, list[tuple[int, datetime]]]
) -> dict[int, list[Claimed]]:
    """What undecided receipts say, and those of sums that were pressed before the bank's message came."""
    found: dict[int, list[Claimed]] = {}
    for row in await reader.fetch(_RECEIPTS, shop.id, numbers):
        known = row["state"] == "seen" and row["amount"] not in {sum_ for sum_, _ in pressed.get(row["number"], ())}
        if row["pays"] or known:  # one transfer for several orders: people place it
            continue
        since, until = _span(row, shop)
        said = Claimed(row["amount"], since, until, str(row["reading"].get("sender_last4") or ""))
        found.setdefault(row["number"], []).append(said)
    return found


def _span(row: asyncpg.Record, shop: Shop) -> tuple[datetime | None, datetime | None]:
    day, clock = row["reading"].get("date"), row["reading"].get("time")
    try:
        return span(date.fromisoformat(day or ""), clock, shop.profile.zone)
    except ValueError:
        return None, None


# ---- presses


async def for_order(reader: Reader, shop: Shop, order: Order, now: datetime) -> Credit | None:
    """The one credit that is this order's and nobody else's; what its card names beside [money seen]."""
    if not order.owed or (order.status not in money.PAYABLE and order.status != EXPIRED):
        return None
    some = await reader.fetchval(
        """SELECT EXISTS (SELECT FROM money_seen AS m WHERE m.shop_id = $1 AND m.number IS NULL AND (
               m.amount >= $2 OR m.amount IN (SELECT amount FROM receipts WHERE shop_id = $1 AND number = $3)))""",
        shop.id,
        order.owed,
        order.number,
    )
    if not some:
        return None
    book = await open_book(reader, shop, now)
    fitting = [
        credit
        for credits_ in book.free.values()
        for credit in credits_
        if book.resolve(credit).number == order.number and not book.pressed(order.number, credit.amount)
    ]
    return fitting[0] if len(fitting) == 1 else None


async def use(tx: Tx, shop: Shop, credit: int, number: int, *, actor: str, now: datetime) -> Order:
    """A person says that this credit is this order's money: it is counted, once.

    Refused: bank.used (for another order), bank.none, bank.other_currency, and what `orders.order.confirm` refuses. Of
    an order whose money was counted by a press before, only the credit is noted.
    """
    order = await lock(tx, shop.id, number)
    known = await store.get(tx, shop.id, credit)
    if known is None:
        raise Refused("bank.none")
    if known.currency != order.currency:
        raise Refused("bank.other_currency", number=number)
    book = await open_book(tx, shop, now, since=known.since)
    counted = book.pressed(number, known.amount)
    if not await store.count_for(tx, shop.id, credit, number, actor=actor, now=now):
        used = await store.get(tx, shop.id, credit)
        raise Refused("bank.used", number=used.number if used else "")
    await audit.note(tx, shop.id, actor, "bank.counted", f"order:{number}", credit=credit, amount=known.amount)
    if counted:
        return order
    order = await money.confirm(tx, shop.id, number, actor=actor, now=now, amount=known.amount)
    await tx.execute(_DECIDED, shop.id, number, known.amount, actor, now)
    return order


async def note(tx: Tx, shop_id: str, credit: Credit | None, number: int, *, actor: str, now: datetime) -> None:
    """After a press that named no credit: the one that is this order's is not free any more."""
    if credit is not None and await store.count_for(tx, shop_id, credit.id, number, actor=actor, now=now):
        await audit.note(tx, shop_id, actor, "bank.counted", f"order:{number}", credit=credit.id, amount=credit.amount)


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one credit of a message. `settled`: its order's money was counted by a press before."""

    credit: Credit
    known: bool
    match: Match = field(default_factory=Match)
    settled: int | None = None


async def told(tx: Tx, shop: Shop, kept: Iterable[store.Kept], *, actor: str, now: datetime) -> list[Told]:
    """Whose money each of these credits is; one whose order was paid by a press before is noted for it at once."""
    kept = list(kept)
    if not kept:
        return []
    book = await open_book(tx, shop, now, since=min(one.credit.since for one in kept))
    done = []
    for one in kept:
        credit = one.credit
        if credit.number is not None:
            done.append(Told(credit, one.known))
            continue
        found = book.resolve(credit)
        settled = found.number if found.number and book.pressed(found.number, credit.amount) else None
        if settled is not None:
            await store.count_for(tx, shop.id, credit.id, settled, actor=actor, now=now)
            book = await open_book(tx, shop, now, since=min(one.credit.since for one in kept))
        done.append(Told(credit, one.known, found, settled))
    return done
