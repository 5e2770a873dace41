"""Rows of a payment's screen -> `Reading`. Pure: no picture, no engine, no order is known here.

A field is named by the label beside or above it; without labels only what cannot be mistaken is taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from kit.money import EXPONENT
from vision import receipt_values, receipt_words
from vision.receipt import Reading, Tails
from vision.receipt_rows import Row, plain, rows_of, rows_of_text
from vision.receipt_values import Sum

_MONEY = ("amount", "fee", "total", "balance")
_PARTY = ("receiver", "sender", "card")
_BIG = 1.25  # of the middle height of the rows: the sum at the head of a screen
_NOT_MONEY = ("id", "phone", "other", "date", "card")


@dataclass(frozen=True, slots=True)
class _Found:
    """A sum where it stands. `kind`: what its label says, "" without one."""

    sum: Sum
    row: Row
    kind: str


def parse(found: Mapping[str, Any], *, expect_amount: int | None = None, expect_last4: Tails = None) -> Reading:
    """The Reading of what vision.ocr read: {"lines", "codes"}."""
    return read_rows(rows_of(found["lines"]), found.get("codes", ()), expect_amount, expect_last4)


def parse_lines(lines: Sequence[str], *, expect_amount: int | None = None, expect_last4: Tails = None) -> Reading:
    """The Reading of lines of text from the top down, a row each."""
    return read_rows(rows_of_text(lines), (), expect_amount, expect_last4)


def read_rows(rows: list[Row], codes: Sequence[str], expect_amount: int | None, expect_last4: Tails) -> Reading:
    """The Reading of rows."""
    money = list(_sums(rows))
    currency = _currency(money, rows)
    values: dict[str, Any] = {}
    sure: dict[str, float] = {}

    def take(name: str, value: Any, how_sure: float) -> None:
        if value not in (None, ""):
            values[name], sure[name] = value, round(min(0.99, how_sure), 2)

    amount, amount_sure = _amount(money, rows)
    take("currency", currency, 0.9)
    for name, one, how_sure in (
        ("amount", amount, amount_sure),
        ("fee", _first(money, "fee"), 0.9),
        ("total", _first(money, "total"), 0.9),
    ):
        if one is not None:
            take(name, _units(one.sum, currency), how_sure * max(0.5, one.row.score))
    cards = _cards(rows, take)
    _when(rows, take)
    _people(rows, take)
    lines = [row.words for row in rows] + [receipt_words.words_of(row.text) for row in rows if row.other and row.text]
    take("status", *_status(lines))
    take("app", *receipt_words.app(lines))
    take("transaction_id", *_id(rows))
    _from_codes(codes, currency, values, take)
    return Reading(
        **values,
        is_receipt=_is_receipt(values, sure, cards),
        fields=sure,
        numbers=_numbers(rows),
        amount_present=None if expect_amount is None else _amount_there(rows, money, values, currency, expect_amount),
        last4_present=None if not expect_last4 else any(_tail_there(rows, values, one) for one in _tails(expect_last4)),
    )


def _is_receipt(values: Mapping[str, Any], sure: Mapping[str, float], cards: int) -> bool:
    """A sum, and one thing more that only payments have: a price with a phone number is none."""
    if sure.get("amount", 0.0) < 0.4 or not values.get("amount"):
        return False
    known = bool(values.get("status")) and bool(values.get("date"))
    tail = values.get("last4") or values.get("sender_last4")
    return bool(tail or cards or known or values.get("app") or sure.get("transaction_id", 0.0) >= 0.5)


# ---- money


def _sums(rows: Sequence[Row]) -> list[_Found]:
    """Every number that may be money."""
    found = []
    for row in rows:
        label = row.named()
        kind = row.named(_MONEY)
        foreign = label is not None and label.kind in _NOT_MONEY
        seen = list(receipt_values.sums(row.text)) or list(receipt_values.sums(row.other))
        units = {one.whole: one.currency for one in receipt_values.sums(row.other) if one.currency}
        for one in seen:
            code = one.currency or units.get(one.whole, "")
            whole = Sum(one.whole, one.cents, code, one.unit or bool(code), one.grouped)
            if whole.unit or (kind and not foreign) or (whole.grouped and not foreign):
                found.append(_Found(whole, row, kind.kind if kind else ""))
    return found


def _currency(money: Sequence[_Found], rows: Sequence[Row]) -> str:
    """The currency most sums stand in; the first one in case of a tie. A lone "сом" names none."""
    votes = Counter(found.sum.currency for found in money if found.sum.currency)
    if "KGS" in votes and not receipt_words.says_kyrgyz(
        [*(row.words for row in rows), *(receipt_words.words_of(row.other) for row in rows if row.other)]
    ):
        del votes["KGS"]
    return votes.most_common(1)[0][0] if votes else ""


def _units(one: Sum, currency: str) -> int:
    """In the smallest unit in use of the currency."""
    return one.whole * 100 + one.cents if EXPONENT.get(currency, 0) else one.whole


def _first(money: Sequence[_Found], kind: str) -> _Found | None:
    return next((found for found in money if found.kind == kind), None)


def _amount(money: Sequence[_Found], rows: Sequence[Row]) -> tuple[_Found | None, float]:
    """What reached the receiver, and how sure. The label decides, then the big sum at the head, then the total."""
    positive = [found for found in money if found.sum.whole > 0]
    labelled = [found for found in positive if found.kind == "amount"]
    big = _big(positive, rows)
    total, fee = _first(positive, "total"), _first(money, "fee")
    if labelled:
        agreeing = [found for found in labelled if big is not None and found.sum.whole == big.sum.whole]
        added = [
            found
            for found in labelled
            if total is not None and found.sum.whole + (fee.sum.whole if fee else 0) == total.sum.whole
        ]
        return (agreeing or added or labelled)[0], 0.98 if agreeing or added else 0.9
    if big is not None:
        return big, 0.93
    free = [found for found in positive if not found.kind]
    part = _added(free)
    if part is not None:
        return part, 0.8
    with_unit = [found for found in free if found.sum.unit]
    if with_unit:
        most = Counter(found.sum.whole for found in with_unit)
        return max(with_unit, key=lambda found: (most[found.sum.whole], found.sum.whole)), 0.75
    if total is not None:
        return _less_fee(total, fee), 0.7
    if free:
        return max(free, key=lambda found: found.sum.whole), 0.45
    return None, 0.0


def _added(free: Sequence[_Found]) -> _Found | None:
    """Of three sums without labels of which two make up the third: an amount, its fee and their total; the amount."""
    sums = {found.sum.whole: found for found in free if found.sum.unit}
    for total in sorted(sums, reverse=True):
        for amount in sorted(sums, reverse=True):
            if amount < total < 2 * amount and total - amount in sums:
                return sums[amount]
    return None


def _less_fee(total: _Found, fee: _Found | None) -> _Found:
    """A total without its fee."""
    if fee is None or fee.sum.whole >= total.sum.whole:
        return total
    one = total.sum
    return _Found(Sum(one.whole - fee.sum.whole, one.cents, one.currency, one.unit, one.grouped), total.row, "total")


def _big(money: Sequence[_Found], rows: Sequence[Row]) -> _Found | None:
    """The sum in large letters, if there is one without a label."""
    heights = sorted(row.height for row in rows)
    if not heights:
        return None
    free = [found for found in money if not found.kind and found.row.height >= _BIG * heights[len(heights) // 2]]
    return max(free, key=lambda found: (found.sum.unit, found.row.height), default=None)


# ---- cards and people


def _cards(rows: Sequence[Row], take: Any) -> int:
    """The receiver's and the payer's tail, told apart by labels; a single card without one is the receiver's.

    Returns how many different masked cards there are, whoever's.
    """
    sides: dict[str, list[tuple[str, float]]] = {"receiver": [], "sender": [], "card": [], "": [], "bare": []}
    for row in rows:
        label = row.named(_PARTY)
        kind = label.kind if label else ""
        tails = [(card.tail, card.sure) for card in receipt_values.cards(row.text)]
        tails = tails or [(card.tail, 0.9 * card.sure) for card in receipt_values.cards(row.other)]
        alone = bool(kind) or (row.label() is None and len(row.text) <= 8)
        lone = receipt_values.lone_tail(row.text) if alone and not tails else None
        sides[kind if tails or kind else "bare"] += [*tails, *([(lone, 0.6)] if lone else [])]
    plain_ones = sides["card"] + sides[""]
    receiver, sender = sides["receiver"], sides["sender"]
    different = {tail for tail, _ in plain_ones} - {tail for tail, _ in receiver + sender}
    # a number like a tail whose mask was lost, in a picture without a readable label, might as well be it
    doubt = not receiver + sender and bool({tail for tail, _ in sides["bare"]} - different)
    if not receiver and len(different) == 1 and not doubt:
        receiver = [(tail, 0.9 * sure) for tail, sure in plain_ones if tail in different]
    elif receiver and not sender and len(different) == 1:
        sender = [(tail, 0.8 * sure) for tail, sure in plain_ones if tail in different]
    for name, found in (("last4", receiver), ("sender_last4", sender)):
        if found:
            take(name, *max(found, key=lambda one: one[1]))
    return len({tail for tail, sure in receiver + sender + plain_ones if sure >= 0.7})


def _people(rows: Sequence[Row], take: Any) -> None:
    """The receiver's name and phone."""
    for row in rows:
        label = row.named(("receiver", "sender", "phone"))
        if label is not None and label.kind == "sender":
            continue
        number = receipt_values.phone(row.text) or receipt_values.phone(row.other)
        if number:
            take("phone", number, 0.9 if label else 0.6)
            break
    for row in rows:
        own = row.label(("receiver",))
        label = own or row.named(("receiver",))
        if label is None or row.has_digits:
            continue
        name = _name(row, label.end if own else 0)
        if name:
            take("receiver_name", name, 0.8)
            return


def _name(row: Row, start: int) -> str:
    """The letters after a label: "KARIMOVA D."; "" when nothing is left."""
    text = row.other or row.text
    words = re.findall(r"[^\W\d_][\w'ʻʼ’‘`-]*\.?", text)
    left = words[start:] if start < len(words) else []
    return " ".join(left)[:60] if any(len(word) > 2 for word in left) else ""


# ---- when, whether, which


def _when(rows: Sequence[Row], take: Any) -> None:
    """Date and time of the payment; the phone's own clock at the top of the screen is neither."""
    for source in ("text", "other"):
        for i, row in enumerate(rows):
            text = getattr(row, source)
            date = receipt_values.day(text)
            if date is None:
                continue
            label = row.named()
            take("date", date, 0.97 if label is not None and label.kind == "date" else 0.9)
            near = [text, row.other, *(one.text for one in rows[i + 1 : i + 2]), *(one.text for one in rows[i - 1 : i])]
            times = [time for one in near if (time := receipt_values.clock(one))]
            own = receipt_values.clock(text) or receipt_values.clock(row.other)
            if times and (own or i > 2):
                take("time", times[0], 0.95 if own else 0.7)
            return
    for row in rows:
        label = row.named(("date",))
        if label is not None and (time := receipt_values.clock(row.text) or receipt_values.clock(row.other)):
            take("time", time, 0.8)
            return


def _status(lines: Sequence[Sequence[str]]) -> tuple[str | None, float]:
    status, sure = receipt_words.status(lines)
    return (None, 0.0) if status == "unknown" else (status, sure)


def _id(rows: Sequence[Row]) -> tuple[str | None, float]:
    """The transaction's id: what its label names, else the longest number alone in its row."""
    for row in rows:
        label = row.named()
        if label is None or label.kind != "id":
            continue
        found = receipt_values.ids(row.text) or receipt_values.ids(row.other)
        if found:
            return _agreed(found[0], row.other), 0.95 * max(0.6, row.score)
    alone = []
    for row in rows:
        label = row.named()
        text = row.text or row.other
        if label is not None and label.kind in (*_MONEY, *_PARTY, "phone", "other", "date"):
            continue
        alone += [(one, row) for one in receipt_values.ids(text) if len(one) >= 8 and one in text.split()]
    if not alone:
        return None, 0.0
    best, row = max(alone, key=lambda one: len(one[0]))
    telling = len(best) >= 10 or not best.isdigit()
    return _agreed(best, row.other), 0.55 if telling else 0.4


def _agreed(one: str, other: str) -> str:
    """A stray letter that only one engine saw at the end of a number is no part of it."""
    if re.fullmatch(r"\d{7,}[A-Za-z]", one) and one[:-1] in re.findall(r"\d+", other):
        return one[:-1]
    return one


def _from_codes(codes: Sequence[str], currency: str, values: Mapping[str, Any], take: Any) -> None:
    """Sum and date of a fiscal QR's address, where the picture itself did not say. Nothing is fetched."""
    for code in codes:
        try:
            asked = parse_qs(urlsplit(code).query if "://" in code else code)
        except ValueError:
            continue
        stamp = re.match(r"(20\d\d)(\d\d)(\d\d)T?(\d\d)(\d\d)", (asked.get("c") or asked.get("t") or [""])[0])
        if stamp and "date" not in values and (date := receipt_values.day("-".join(stamp.groups()[:3]))):
            take("date", date, 0.9)
            take("time", f"{stamp[4]}:{stamp[5]}", 0.9)
        sums = re.fullmatch(r"(\d{1,10})\.(\d\d)", (asked.get("s") or asked.get("sum") or [""])[0])
        if sums and "amount" not in values and int(sums[1]):
            take("amount", _units(Sum(int(sums[1]), int(sums[2]), currency, True, False), currency), 0.8)


# ---- is what was expected there?


def _numbers(rows: Sequence[Row]) -> tuple[str, ...]:
    runs = [number for row in rows for number in receipt_values.runs(row.text or row.other)]
    return tuple(dict.fromkeys(runs))[:60]


def _amount_there(
    rows: Sequence[Row], money: Sequence[_Found], values: Mapping[str, Any], currency: str, expected: int
) -> bool:
    """Whether the sum stands anywhere in the picture, by either engine."""
    if expected == values.get("amount") or any(_units(found.sum, currency) == expected for found in money):
        return True
    return any(
        _units(one, currency) == expected
        for row in rows
        for text in (row.text, row.other)
        for one in receipt_values.sums(text)
    )


def _tails(expected: Tails) -> Iterable[str]:
    """One tail or several: a shop has several cards, and any of them is right."""
    return [expected] if isinstance(expected, str) else expected or ()


def _tail_there(rows: Sequence[Row], values: Mapping[str, Any], expected: str) -> bool:
    """Whether the card's tail stands anywhere in the picture as four digits of their own, or at the end of a card."""
    if expected in (values.get("last4"), values.get("sender_last4")):
        return True
    for row in rows:
        for text in (row.text, row.other):
            if any(card.tail == expected for card in receipt_values.cards(plain(text))):
                return True
            bare = receipt_values.without_days(text)
            if re.search(rf"(?<![\d.,:])(?<!\d )(?:[45]\d{{3}}|8600|9860|6262)?{expected}(?![\d.,:])(?! \d)", bare):
                return True
    return False
