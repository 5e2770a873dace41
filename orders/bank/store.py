"""Credits in the database: each kept once, free until it is counted for one order.

The same money is told by several voices (an SMS, a bot, a statement): alike credits of different voices within two
minutes are one, each paired once. Two that one voice tells with the very same facts are one as well: taking one credit
for two would pay a stranger's order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg

from kit.db import Reader, Tx
from orders.bank.match import Credit
from orders.bank.message import Movement

_VOICES_APART = 120.0  # seconds between two voices that tell of one credit

_INSERT = """INSERT INTO money_seen (shop_id, fingerprint, source, amount, currency, since, until, last4,
        sender4, sender, reference, told_by, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING RETURNING *"""
_SAME = "SELECT * FROM money_seen WHERE shop_id = $1 AND fingerprint = $2"
_VOICE = """SELECT * FROM money_seen
    WHERE shop_id = $1 AND amount = $2 AND currency = $3
        AND (source <> $4 OR until - since <> $6::timestamptz - $5::timestamptz
            OR since = $5 AND (last4 <> $7 OR sender4 <> $8))
        AND since < $6::timestamptz + $11 * interval '1 second'
        AND until > $5::timestamptz - $11 * interval '1 second'
        AND (last4 = '' OR $7 = '' OR last4 = $7) AND (sender4 = '' OR $8 = '' OR sender4 = $8)
        AND (reference = '' OR $9 = '' OR reference = $9) AND id <> ALL($10::bigint[])
    ORDER BY abs(extract(epoch FROM since - $5::timestamptz)), id LIMIT 1"""
_LEARN = """UPDATE money_seen SET last4 = COALESCE(NULLIF(last4, ''), $3), sender4 = COALESCE(NULLIF(sender4, ''), $4),
        sender = COALESCE(NULLIF(sender, ''), $5), since = GREATEST(since, $6), until = LEAST(until, $7)
    WHERE shop_id = $1 AND id = $2 RETURNING *"""
_FREE = """SELECT * FROM money_seen WHERE shop_id = $1 AND number IS NULL AND since >= $2
    ORDER BY since, id LIMIT 3000"""
_COUNT = """UPDATE money_seen SET number = $3, used_by = $4, used_at = $5
    WHERE shop_id = $1 AND id = $2 AND number IS NULL RETURNING *"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A credit as it stands in the table; `known`: it stood there before."""

    credit: Credit
    known: bool


def of_row(row: asyncpg.Record) -> Credit:
    """A row as a value."""
    names = ("id", "source", "amount", "currency", "since", "until", "last4", "sender4", "sender", "number")
    return Credit(**{name: row[name] for name in names})


async def keep(tx: Tx, shop_id: str, found: Iterable[Movement], *, actor: str, now: datetime) -> list[Kept]:
    """Keeps the credits of one message or statement, in their order."""
    # one writer a shop: two voices at once must meet each other
    await tx.execute("SELECT pg_advisory_xact_lock(hashtext($1))", f"money_seen:{shop_id}")
    taken: list[int] = []
    done = []
    for one in found:
        kept = await _keep(tx, shop_id, one, actor, now, taken)
        taken.append(kept.credit.id)
        done.append(kept)
    return done


async def _keep(tx: Tx, shop_id: str, one: Movement, actor: str, now: datetime, taken: list[int]) -> Kept:
    mark = fingerprint(one)
    same = await tx.fetchrow(_SAME, shop_id, mark)
    if same is not None:
        return Kept(of_row(same), known=True)
    told = (shop_id, one.amount, one.currency, one.source, one.since, one.until, one.last4, one.sender4, one.reference)
    other = await tx.fetchrow(_VOICE, *told, taken, _VOICES_APART) if one.dated else None
    if other is not None:
        since, until = (one.since, one.until) if one.exact else (other["since"], other["until"])
        if other["until"] - other["since"] <= one.until - one.since:
            since, until = other["since"], other["until"]
        learnt = await tx.fetchrow(_LEARN, shop_id, other["id"], one.last4, one.sender4, one.sender, since, until)
        return Kept(of_row(learnt or other), known=True)
    row = await tx.fetchrow(
        _INSERT,
        shop_id,
        mark,
        one.source,
        one.amount,
        one.currency,
        one.since,
        one.until,
        one.last4,
        one.sender4,
        one.sender,
        one.reference,
        actor,
        now,
    )
    assert row is not None  # `keep` holds the shop's lock
    return Kept(of_row(row), known=False)


def fingerprint(one: Movement) -> str:
    """What makes a credit this credit. Not its voice, and not the time it was forwarded at."""
    when = f"{one.since.astimezone(UTC).isoformat()}/{one.until - one.since}" if one.dated else ""
    said = (one.amount, one.currency, when, one.last4, one.sender4, one.reference, one.nth)
    return hashlib.sha256("|".join(map(str, said)).encode()).hexdigest()


async def get(reader: Reader, shop_id: str, credit: int) -> Credit | None:
    """One credit, None when the shop has none with this id."""
    row = await reader.fetchrow("SELECT * FROM money_seen WHERE shop_id = $1 AND id = $2", shop_id, credit)
    return of_row(row) if row else None


async def free(reader: Reader, shop_id: str, since: datetime) -> list[Credit]:
    """Credits that no order was counted for, the oldest first."""
    return [of_row(row) for row in await reader.fetch(_FREE, shop_id, since)]


async def count_for(tx: Tx, shop_id: str, credit: int, number: int, *, actor: str, now: datetime) -> bool:
    """Counts a free credit for an order; False when another press was first. One order only, whoever presses."""
    return await tx.fetchrow(_COUNT, shop_id, credit, number, actor, now) is not None
