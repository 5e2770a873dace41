"""Does a receipt fit what was asked for? A comparison field by field; it moves nothing and never says "paid".

The vocabulary is one everywhere, several words at once: fits short over other_card foreign_currency pending failed old
used_before not_a_receipt unreadable person_checks. `fits`: sum and card agree and nothing speaks against it.
`person_checks`: something could not be compared. What cannot be read is never taken for agreement, and what is only
absent never for a contradiction.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import combinations
from typing import Any

from vision.receipt import Reading

FITS, SHORT, OVER, OTHER_CARD, FOREIGN = "fits", "short", "over", "other_card", "foreign_currency"
PENDING, FAILED, OLD, USED = "pending", "failed", "old", "used_before"
NOT_A_RECEIPT, UNREADABLE, PERSON = "not_a_receipt", "unreadable", "person_checks"
WORDS = (FITS, SHORT, OVER, OTHER_CARD, FOREIGN, PENDING, FAILED, OLD, USED, NOT_A_RECEIPT, UNREADABLE, PERSON)
# what does not fit: the order becomes payment_problem. Everything else is a claim for a person to look at.
CAME = "amount_came"  # the reason of a sum that was seen before its picture was read
BAD = frozenset({SHORT, OTHER_CARD, PENDING, FAILED, OLD, USED, UNREADABLE})

_EARLIER = timedelta(hours=24)  # some pay before they order
_LATER = timedelta(hours=1)  # clocks of phones
_SURE = 0.5  # below this confidence a sum or a card's tail that differs is a doubt, not a contradiction
_MOST_ORDERS = 8  # sums of open orders tried together: 2^8 subsets; nobody has more


@dataclass(frozen=True, slots=True)
class Expected:
    """What a receipt is held against. Sums are in the smallest unit in use of `currency`.

    `asked`: still to be transferred. `before`: claimed by other receipts of the same order that no person has looked at
    yet. `delivery`: the price of the way, if due on arrival. `others`: what other open orders of the shopper ask.
    `came`: sums a person saw already where nothing is asked for any more. `last4`, `phones`, `holders`: of the shop's
    own cards. `placed_at` None: no order, the date is not compared.
    """

    asked: int
    currency: str
    last4: frozenset[str] = frozenset()
    phones: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    before: int = 0
    delivery: int = 0
    others: Mapping[int, int] = field(default_factory=dict)
    came: frozenset[int] = frozenset()
    placed_at: datetime | None = None
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class Verdict:
    """`words` of the vocabulary; `reasons`: field -> {"key": ..., facts}. `pays`: other orders the sum pays as well."""

    words: tuple[str, ...]
    reasons: dict[str, dict[str, Any]] = field(default_factory=dict, hash=False)
    pays: tuple[int, ...] = ()

    def has(self, word: str) -> bool:
        """Whether the word is one of the verdict's."""
        return word in self.words

    @property
    def came(self) -> bool:
        """Whether this is the picture of money that a person saw before, and nothing speaks against it."""
        return self.claims and self.reasons.get("amount", {}).get("key") == CAME

    @property
    def claims(self) -> bool:
        """Whether the order becomes `claimed`: nothing speaks against the receipt."""
        return NOT_A_RECEIPT not in self.words and not BAD.intersection(self.words)


def judge(reading: Reading, expected: Expected, now: datetime) -> Verdict:
    """Compares a reading with what was expected."""
    if not reading.is_receipt:
        return Verdict((NOT_A_RECEIPT,), {"picture": {"key": "not_a_receipt"}})
    reasons: dict[str, dict[str, Any]] = {}
    money, pays = _money(reading, expected, reasons)
    card = _card(reading, expected, reasons)
    rest = {*_date(reading, expected, now, reasons), *_status(reading, reasons)}
    found = {*money, *card, *rest, *_doubts(reading, reasons)}
    if not {*money, *card} - {FITS} and FITS in money and not BAD.intersection(found):
        found.add(FITS)
    else:
        found.discard(FITS)
    return Verdict(tuple(word for word in WORDS if word in found), reasons, pays)


# ---- the sum


def _money(
    reading: Reading, expected: Expected, reasons: dict[str, dict[str, Any]]
) -> tuple[set[str], tuple[int, ...]]:
    """Words about the sum, and which other orders it pays. A sum in nobody knows what neither fits nor falls short."""
    if reading.amount is None or reading.fields.get("currency", 1.0) >= _SURE:
        return _sum(reading, expected, reasons)
    reasons["currency"] = {"key": "currency_unsure"}
    found, _ = _sum(replace(reading, currency=""), expected, reasons)
    amount = reasons.get("amount", {})
    if "difference" in amount:  # between what and what?
        reasons["amount"] = {"key": "amount_unsure", "seen": amount["seen"], "expected": amount["expected"]}
    return found - {FITS, SHORT, OVER} | {PERSON}, ()


def _sum(reading: Reading, expected: Expected, reasons: dict[str, dict[str, Any]]) -> tuple[set[str], tuple[int, ...]]:
    """The same, of a sum whose currency is known or not written at all."""
    amount = reading.amount
    # the picture was read for the newest order: of another one's sum it was not asked
    there = bool(reading.amount_present) and reading.amount_asked == expected.asked
    if reading.currency and reading.currency != expected.currency:
        reasons["currency"] = {"key": "foreign_currency", "seen": reading.currency, "expected": expected.currency}
        return {FOREIGN, PERSON}, ()
    if amount is None:
        if there:
            reasons["amount"] = {"key": "amount_among_numbers", "expected": expected.asked}
            return {PERSON}, ()
        reasons["amount"] = {"key": "amount_unread", "expected": expected.asked}
        return {UNREADABLE}, ()
    if expected.came:
        return _beside(amount, expected, reasons), ()
    facts = {"seen": amount, "expected": expected.asked}
    right = _right(amount, expected)
    if right is not None:
        key, pays = right
        reasons["amount"] = {"key": key, **facts, **({"orders": list(pays)} if pays else {})}
        return {FITS}, pays
    if _hundredfold(amount, expected):
        reasons["amount"] = {"key": "amount_hundredfold", **facts}
        return {PERSON}, ()
    if amount == expected.asked:
        # what was asked is claimed already by another receipt: paid twice, or photographed twice
        reasons["amount"] = {"key": "amount_again", **facts}
        return {OVER, PERSON}, ()
    if reading.fields.get("amount", 1.0) < _SURE or there:
        # in its very place the other engine, or the large letters, say the sum that was asked for
        reasons["amount"] = {"key": "amount_unsure", **facts}
        return {PERSON}, ()
    wanted = max(0, expected.asked - expected.before)
    word = SHORT if amount < wanted else OVER
    reasons["amount"] = {"key": f"amount_{word}", **facts, "difference": abs(amount - wanted)}
    return {word}, ()


def _beside(amount: int, expected: Expected, reasons: dict[str, dict[str, Any]]) -> set[str]:
    """Words about a sum of an order that is paid: the picture of the money that came, or money nobody asked for."""
    known = amount in expected.came
    reasons["amount"] = {"key": CAME if known else "amount_unasked", "seen": amount}
    return {FITS} if known else {OVER}


def _right(amount: int, expected: Expected) -> tuple[str, tuple[int, ...]] | None:
    """Why a sum is right, and which other orders it pays; None when it is not."""
    asked, before = expected.asked, expected.before
    if amount == asked and before < asked:
        return "amount_fits", ()
    if before and amount + before == asked:
        return "amount_adds_up", ()
    if expected.delivery and amount + before == asked + expected.delivery:
        return "amount_with_delivery", ()
    pays = _several(amount, expected)
    return ("amount_of_several", pays) if pays else None


def _several(amount: int, expected: Expected) -> tuple[int, ...]:
    """Other open orders that together with this one make up the sum; () when none or when two choices would."""
    numbers = sorted(expected.others)[-_MOST_ORDERS:]
    fitting = [
        chosen
        for size in range(1, len(numbers) + 1)
        for chosen in combinations(numbers, size)
        if sum(expected.others[number] for number in chosen) + expected.asked == amount
    ]
    return fitting[0] if len(fitting) == 1 else ()


def _hundredfold(amount: int, expected: Expected) -> bool:
    """Read in tiyin, or with its cents glued on: a person looks, nobody is told that the sum is wrong."""
    sums = {expected.asked, expected.asked + expected.delivery, expected.asked - expected.before}
    return any(one > 0 and (amount == one * 100 or amount * 100 == one) for one in sums)


def _doubts(reading: Reading, reasons: dict[str, dict[str, Any]]) -> set[str]:
    """A picture that shows another sum as what was sent: misread, or altered in one of two places; a person looks."""
    if reading.amount is None or not reading.amounts:
        return set()
    reasons["sums"] = {"key": "sums_differ", "seen": reading.amounts[0]}
    return {PERSON}


# ---- the card


def _card(reading: Reading, expected: Expected, reasons: dict[str, dict[str, Any]]) -> set[str]:
    """Words about who received it."""
    if reading.last4:
        return _tail(reading, expected, reasons)
    if reading.last4_present and reading.sender_last4 not in expected.last4:
        reasons["card"] = {"key": "card_among_numbers"}
        return {FITS}
    if reading.phone and _digits(reading.phone) in {_digits(phone) for phone in expected.phones}:
        reasons["card"] = {"key": "card_by_phone"}
        return {FITS}
    if reading.receiver_name and any(same_person(reading.receiver_name, holder) for holder in expected.holders):
        reasons["card"] = {"key": "card_by_name"}
        return {PERSON}
    reasons["card"] = {"key": "card_absent"}
    return {PERSON}


def _tail(reading: Reading, expected: Expected, reasons: dict[str, dict[str, Any]]) -> set[str]:
    if reading.last4 in expected.last4:
        reasons["card"] = {"key": "card_fits", "seen": reading.last4}
        return {FITS}
    facts = {"seen": reading.last4, "expected": sorted(expected.last4)}
    if not expected.last4:
        reasons["card"] = {"key": "card_unknown", **facts}
        return {PERSON}
    # our tail elsewhere on the picture, be it as the payer's: a label read into the wrong row exchanges the two cards,
    # and nobody but the shop has receipts of what its own card paid
    if reading.last4_present or reading.fields.get("last4", 1.0) < _SURE:
        reasons["card"] = {"key": "card_unsure", **facts}
        return {PERSON}
    reasons["card"] = {"key": "card_other", **facts}
    return {OTHER_CARD}


def same_person(one: str, other: str) -> bool:
    """Whether two spellings of a name may be one person: "KARIMOVA D." and "Dilfuza Karimova", in either alphabet.

    A whole word of each must agree, and the others must not contradict by their first letters.
    """
    left, right = _names(one), _names(other)
    if not left or not right or not {word for word in left & right if len(word) > 2}:
        return False
    rest_left, rest_right = left - right, right - left
    if not rest_left or not rest_right:
        return True
    return bool({word[0] for word in rest_left} & {word[0] for word in rest_right})


def _names(text: str) -> set[str]:
    from shop.fold import fold  # one key space for both alphabets

    return {word for word in re.split(r"[^\w]+", fold(text)) if word and not word.isdigit()}


def _digits(text: str) -> str:
    """The national part of a phone: people and banks write the country's code or leave it out."""
    return re.sub(r"\D", "", text)[-9:]


# ---- when, and whether it went through


def _date(reading: Reading, expected: Expected, now: datetime, reasons: dict[str, dict[str, Any]]) -> set[str]:
    """`old` for a date before the order's window; a future one counts for nothing and a person looks, as at a date that
    the engines read differently.
    """
    span = _span(reading, expected.zone)
    if span is None or expected.placed_at is None:
        if span is None:
            reasons["date"] = {"key": "date_absent"}
        return set()
    begin, end = span
    facts = {"seen": f"{reading.date} {reading.time or ''}".strip()}
    early, late = end < expected.placed_at - _EARLIER, begin > now + _LATER
    if (early or late) and reading.fields.get("date", 1.0) < _SURE:
        reasons["date"] = {"key": "date_unsure", **facts}
        return {PERSON}
    if early:
        reasons["date"] = {"key": "date_old", **facts}
        return {OLD}
    if late:
        reasons["date"] = {"key": "date_future", **facts}
        return {OLD, PERSON}
    reasons["date"] = {"key": "date_fits", **facts}
    return set()


def _span(reading: Reading, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """The minute (or, without a time, the day) the receipt names, in the shop's time; None when it names none."""
    if not reading.date:
        return None
    try:
        day = date.fromisoformat(reading.date)
        minute = time.fromisoformat(reading.time) if reading.time else None
    except ValueError:
        return None
    begin = datetime.combine(day, minute or time(), zone)
    return begin, begin + (timedelta(minutes=1) if minute else timedelta(days=1))


def _status(reading: Reading, reasons: dict[str, dict[str, Any]]) -> set[str]:
    """pending and failed as read; unread is left to a person and never taken for success."""
    if reading.status in (PENDING, FAILED):
        reasons["status"] = {"key": f"status_{reading.status}"}
        return {reading.status}
    if reading.status == "unknown":
        reasons["status"] = {"key": "status_unread"}
        return {PERSON}
    reasons["status"] = {"key": "status_success"}
    return set()
