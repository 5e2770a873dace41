"""Was this payment sent before? The same file, the same transaction, the same numbers, here or in another shop.

What is certain refuses: a file or a transaction counts once. What is only likely (a photo of the same screen with its
number misread) is left to a person, and nobody is accused. Of another shop of this deployment only hashes are compared.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import asyncpg
from rapidfuzz.distance import Levenshtein

from kit.db import Tx
from kit.message import Chat
from orders.receipt.verdict import FITS, PERSON, USED, WORDS, Verdict
from vision.receipt import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shop.shops import Shop

_SHORTEST_ID = 6  # characters; a shorter "transaction id" is a counter of a till and meets its like every day
_FEWEST_NUMBERS = 4  # fewer runs of digits are no fingerprint
_SLIPS = 2  # letters of a long id that one of two readings may have wrong
_ALIKE = 6  # of 64 bits: the same picture saved anew; other payments in the same app come as near (hence equal numbers)
_BACK = timedelta(days=90)
_MOST = 50  # earlier receipts of the very same sum that are looked at
_SEEN = """INSERT INTO receipt_seen (hash, shop_id, number, seen_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
    RETURNING hash"""
_SAME_SUM = """SELECT number, reading, look, numbers_key FROM receipts
    WHERE shop_id = $1 AND number IS NOT NULL AND number IS DISTINCT FROM $2 AND created_at > $3
        AND (amount = $4 OR numbers_key = $5)
    ORDER BY id DESC LIMIT $6"""


@dataclass(frozen=True, slots=True)
class New:
    """A receipt that is about to be kept. `shown`: the picture staff get; `look`: 64 bits of how it looks."""

    shop: Shop
    chat: Chat
    picture: str
    sha: str
    reading: Reading
    numbers_key: str | None
    now: datetime
    shown: str = ""
    look: int | None = None

    @property
    def transaction(self) -> str | None:
        """The transaction id as it is compared: letters and digits, None when too short to mean one payment."""
        return _plain(self.reading.transaction_id)

    @property
    def hashes(self) -> list[str]:
        """Keys of `receipt_seen` that mean the same payment. A transaction counts with its sum: two banks may number
        alike.
        """
        keys = [f"file:{self.sha}"]
        if self.transaction:
            keys.append(f"transaction:{self.transaction}:{self.reading.amount}")
        return [_hash(key) for key in keys]

    @property
    def likely(self) -> list[str]:
        """Keys of `receipt_seen` that probably mean the same payment: all its numbers, or sum, minute and cards."""
        one = self.reading
        keys = [f"numbers:{self.numbers_key}"] if self.numbers_key else []
        if one.amount and one.date and one.time and (one.last4 or one.sender_last4):
            keys.append(f"minute:{one.amount}:{one.date}:{one.time}:{one.last4}:{one.sender_last4}")
        return [_hash(key) for key in keys]


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _plain(transaction: str | None) -> str | None:
    found = re.sub(r"[\W_]", "", transaction or "").upper()
    return found if len(found) >= _SHORTEST_ID else None


def numbers_key(reading: Reading) -> str | None:
    """A fingerprint of all numbers read, in no order; None when they are too few or lack a time or a transaction."""
    if len(set(reading.numbers)) < _FEWEST_NUMBERS or not (reading.time or reading.transaction_id):
        return None
    said = sorted({*reading.numbers, str(reading.amount), reading.date or "", reading.time or ""})
    return _hash("|".join(said))


async def seen_elsewhere(tx: Tx, new: New, number: int | None, verdict: Verdict) -> Verdict | None:
    """Remembers the receipt for all shops; the verdict it gets when any of them had it before, None when none had."""
    fresh = {
        key: await tx.fetchval(_SEEN, key, new.shop.id, number, new.now) for key in sorted(new.hashes + new.likely)
    }
    if any(fresh[key] is None for key in new.hashes):
        return used(verdict, {"key": "used_elsewhere"})
    known = [key for key in new.likely if fresh[key] is None]
    if not known or "picture" in verdict.reasons:
        return None
    ours = await tx.fetchval(
        "SELECT bool_and(shop_id = $2) FROM receipt_seen WHERE hash = ANY($1::text[])", known, new.shop.id
    )
    # what this shop had is known by its rows, with the order to name: `looks_used`
    return None if ours else _left_to_a_person(verdict, {"key": "used_elsewhere"})


async def looks_used(tx: Tx, new: New, number: int | None, verdict: Verdict) -> Verdict:
    """A receipt that seems to be of the same payment came for another order: a person looks, nobody is accused."""
    rows = await tx.fetch(_SAME_SUM, new.shop.id, number, new.now - _BACK, new.reading.amount, new.numbers_key, _MOST)
    for row in rows:
        same = new.numbers_key is not None and row["numbers_key"] == new.numbers_key
        if same or _same_payment(new, row["reading"], row["look"]):
            return _left_to_a_person(verdict, {"key": "same_numbers", "order": row["number"]})
    return verdict


def _same_payment(new: New, earlier: Mapping[str, Any], look: int | None) -> bool:
    """Whether two readings with one sum are of one payment. Pictures that look alike are a hint, never a reason."""
    one = new.reading
    mine, theirs = new.transaction, _plain(earlier.get("transaction_id"))
    if mine and theirs and (min(len(mine), len(theirs)) < 8 or Levenshtein.distance(mine, theirs) > _SLIPS):
        return False
    tails = {one.last4, earlier.get("last4")} - {None}
    if len(tails) > 1 or not one.date or one.date != earlier.get("date"):
        return False
    if one.time and earlier.get("time"):
        return bool(one.time == earlier["time"])
    return new.look is not None and look is not None and (new.look ^ look).bit_count() <= _ALIKE


def another_bank(new: New, earlier: asyncpg.Record) -> bool:
    """Whether an earlier receipt with this transaction's number is of another bank, which counts from one as well."""
    app = earlier["reading"].get("app", "")
    return bool(
        earlier["sha"] != new.sha
        and app
        and new.reading.app
        and app != new.reading.app
        and earlier["amount"] != new.reading.amount
        and earlier["reading"].get("date") != new.reading.date
    )


def used(verdict: Verdict, reason: dict[str, Any]) -> Verdict:
    """The verdict of a receipt that counted before."""
    words = {*verdict.words, USED} - {FITS}
    return Verdict(tuple(word for word in WORDS if word in words), {**verdict.reasons, "picture": reason})


def _left_to_a_person(verdict: Verdict, reason: dict[str, Any]) -> Verdict:
    words = {*verdict.words, PERSON} - {FITS}
    ordered = tuple(word for word in WORDS if word in words)
    return replace(verdict, words=ordered, reasons={**verdict.reasons, "picture": reason})
