"""What a provider began, did and took back: one row each, moved by conditional UPDATEs under the order's lock.

created -> performed -> reversed; created -> cancelled (the provider's word) or lapsed (ours: nobody ended it in time).
Every verb here expects the order to be locked by the caller, so an order never has two of them at once.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

import asyncpg

from kit.db import Reader, Tx
from orders.order.model import Order
from orders.payment import BILLED
from shop import audit

CREATED, PERFORMED, CANCELLED, REVERSED, LAPSED = "created", "performed", "cancelled", "reversed", "lapsed"
PAYME, CLICK, TELEGRAM = "payme", "click", "telegram"
TIMEOUT = 4  # a reason in Payme's numbers: nobody ended it in time
FAILED = 3  # ... the order could not take it

# How long one that nobody ended keeps others out. Payme: its own rule, 43 200 000 ms. Click and Telegram end theirs
# within seconds and may never tell of a failure: what stays open that long was given up, and the shopper tries again.
LIFE = {PAYME: timedelta(hours=12), CLICK: timedelta(minutes=10), TELEGRAM: BILLED}

_OPEN = """INSERT INTO provider_transactions (shop_id, provider, external_id, number, amount, currency, external_at,
        created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING *"""
_MOVE = """UPDATE provider_transactions SET state = $3, reason = COALESCE($4, reason),
        performed_at = CASE WHEN $3 = 'performed' THEN $5 ELSE performed_at END,
        cancelled_at = CASE WHEN $3 = 'performed' THEN NULL ELSE $5 END
    WHERE shop_id = $1 AND id = $2 AND state = ANY($6::text[]) RETURNING *"""


@dataclass(frozen=True, slots=True)
class Transaction:
    """A row. `amount` is in the smallest unit in use of `currency`; `external_at` in the provider's own unit."""

    shop_id: str
    id: int
    provider: str
    external_id: str
    number: int
    amount: int
    currency: str
    state: str
    placed: bool
    reason: int | None
    external_at: int
    created_at: datetime
    performed_at: datetime | None
    cancelled_at: datetime | None
    fiscal_tries: int
    fiscal_sent_at: datetime | None

    def over(self, now: datetime) -> bool:
        """Whether it is open longer than its provider leaves one open."""
        return self.state == CREATED and now - self.created_at >= LIFE[self.provider]

    @property
    def actor(self) -> str:
        """Who did it, for the trail."""
        return f"provider:{self.provider}"


_COLUMNS = tuple(part.name for part in fields(Transaction))


def _row(row: asyncpg.Record) -> Transaction:
    return Transaction(**{name: row[name] for name in _COLUMNS})


def _of(row: asyncpg.Record | None) -> Transaction | None:
    return _row(row) if row else None


async def find(reader: Reader, shop_id: str, provider: str, external_id: str) -> Transaction | None:
    """The one with the provider's id."""
    return _of(
        await reader.fetchrow(
            "SELECT * FROM provider_transactions WHERE shop_id = $1 AND provider = $2 AND external_id = $3",
            shop_id,
            provider,
            external_id,
        )
    )


async def get(reader: Reader, shop_id: str, id_: int) -> Transaction | None:
    """The one with our id."""
    return _of(
        await reader.fetchrow("SELECT * FROM provider_transactions WHERE shop_id = $1 AND id = $2", shop_id, id_)
    )


async def of_order(reader: Reader, shop_id: str, number: int) -> list[Transaction]:
    """All of an order, the oldest first."""
    rows = await reader.fetch(
        "SELECT * FROM provider_transactions WHERE shop_id = $1 AND number = $2 ORDER BY id", shop_id, number
    )
    return [_row(row) for row in rows]


async def between(reader: Reader, shop_id: str, provider: str, since: int, until: int) -> list[Transaction]:
    """Those whose provider's own time lies in `since` .. `until`, both included, in that order."""
    rows = await reader.fetch(
        """SELECT * FROM provider_transactions WHERE shop_id = $1 AND provider = $2 AND external_at BETWEEN $3 AND $4
           ORDER BY external_at, id""",
        shop_id,
        provider,
        since,
        until,
    )
    return [_row(row) for row in rows]


async def live(tx: Tx, order: Order, now: datetime) -> Transaction | None:
    """The open one of a locked order; one that is open too long lapses here and is none."""
    found = _of(
        await tx.fetchrow(
            "SELECT * FROM provider_transactions WHERE shop_id = $1 AND number = $2 AND state = 'created'",
            order.shop_id,
            order.number,
        )
    )
    if found is not None and found.over(now):
        await lapse(tx, found, now)
        return None
    return found


async def begin(
    tx: Tx, order: Order, provider: str, external_id: str, now: datetime, *, external_at: int = 0
) -> Transaction | None:
    """Opens one for all that a locked order owes; None when it has an open one, or the provider's id is taken."""
    row = await tx.fetchrow(
        _OPEN, order.shop_id, provider, external_id, order.number, order.owed, order.currency, external_at, now
    )
    begun = _of(row)
    if begun is not None:
        await _note(tx, begun, "payment.begun")
    return begun


async def record(
    tx: Tx, order: Order, provider: str, external_id: str, amount: int, now: datetime
) -> Transaction | None:
    """One whose money has come, though nobody announced it to us; None when it is known already."""
    row = await tx.fetchrow(
        """INSERT INTO provider_transactions (shop_id, provider, external_id, number, amount, currency, state,
               created_at, performed_at)
           VALUES ($1, $2, $3, $4, $5, $6, 'performed', $7, $7) ON CONFLICT DO NOTHING RETURNING *""",
        order.shop_id,
        provider,
        external_id,
        order.number,
        amount,
        order.currency,
        now,
    )
    return _of(row)


async def perform(tx: Tx, it: Transaction, now: datetime, *, late: bool = False) -> Transaction | None:
    """created -> performed (`late`: also lapsed); None when another call was first or it was cancelled."""
    return await _move(tx, it, PERFORMED, now, (CREATED, LAPSED) if late else (CREATED,))


async def cancel(tx: Tx, it: Transaction, now: datetime, reason: int | None) -> Transaction | None:
    """The provider gave it up before any money came; None when there is nothing open to cancel."""
    return await _move(tx, it, CANCELLED, now, (CREATED, LAPSED), reason)


async def reverse(tx: Tx, it: Transaction, now: datetime, reason: int | None) -> Transaction | None:
    """The money went back; None when none had come."""
    return await _move(tx, it, REVERSED, now, (PERFORMED,), reason)


async def lapse(tx: Tx, it: Transaction, now: datetime, reason: int | None = TIMEOUT) -> Transaction | None:
    """Nobody ended it in time, or its order cannot take it any more."""
    return await _move(tx, it, LAPSED, now, (CREATED,), reason)


async def _move(
    tx: Tx, it: Transaction, to: str, now: datetime, was: tuple[str, ...], reason: int | None = None
) -> Transaction | None:
    moved = _of(await tx.fetchrow(_MOVE, it.shop_id, it.id, to, reason, now, list(was)))
    if moved is not None:
        await _note(tx, moved, f"payment.{to}")
    return moved


async def unplace(tx: Tx, it: Transaction) -> None:
    """The money came and the order could not take it: it waits for a person."""
    await tx.execute(
        "UPDATE provider_transactions SET placed = false WHERE shop_id = $1 AND id = $2", it.shop_id, it.id
    )


async def place(tx: Tx, it: Transaction) -> bool:
    """A person found its place; False when somebody did before, or the money went back."""
    return bool(
        await tx.fetchval(
            """UPDATE provider_transactions SET placed = true
               WHERE shop_id = $1 AND id = $2 AND NOT placed AND state = 'performed' RETURNING true""",
            it.shop_id,
            it.id,
        )
    )


# ---- Click's fiscal receipts, which it is asked about and given the goods of -----------------------------------------


async def fiscal_due(reader: Reader, shop_id: str, now: datetime, most_tries: int) -> list[Transaction]:
    """Payments through Click whose receipt is to be asked about now."""
    rows = await reader.fetch(
        """SELECT * FROM provider_transactions WHERE shop_id = $1 AND provider = 'click' AND state = 'performed'
               AND placed AND fiscal_due_at <= $2 AND fiscal_tries < $3 ORDER BY id LIMIT 50""",
        shop_id,
        now,
        most_tries,
    )
    return [_row(row) for row in rows]


async def fiscal_tried(tx: Tx, it: Transaction, now: datetime, *, sent: bool, again: datetime, done: bool) -> None:
    """Notes a try: whether the goods were taken, when to ask again, or that there is nothing left to ask."""
    await tx.execute(
        """UPDATE provider_transactions SET fiscal_tries = fiscal_tries + 1, fiscal_due_at = $3,
               fiscal_sent_at = CASE WHEN $4 THEN COALESCE(fiscal_sent_at, $5) END
           WHERE shop_id = $1 AND id = $2""",
        it.shop_id,
        it.id,
        datetime.max.replace(tzinfo=now.tzinfo) if done else again,
        sent,
        now,
    )


async def _note(tx: Tx, it: Transaction, verb: str) -> None:
    facts = {"id": it.id, "external": it.external_id, "amount": it.amount}
    if it.reason is not None:
        facts["reason"] = it.reason
    await audit.note(tx, it.shop_id, it.actor, verb, f"order:{it.number}", **facts)
