"""The sums of a payment's screen: which of them reached the receiver, and whether one that was expected is that one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kit.money import EXPONENT
from vision import receipt_values, receipt_words
from vision.receipt_rows import Row
from vision.receipt_values import Sum

MONEY = ("amount", "fee", "total", "balance")
_BIG = 1.25  # of the middle height of the rows: the sum at the head of a screen
_BARE = 100  # a number of one or two digits without a unit is a page's, a step's, a speck
_DIGITS = 4
_A_FEE = 0.03  # of a sum: what is less may be its fee
DOUBT = 0.48  # how sure of a sum that another one on the same screen, or the other engine, speaks against
_NOT_MONEY = ("id", "phone", "other", "date", "card")


@dataclass(frozen=True, slots=True)
class Found:
    """A sum where it stands. `kind`: what its label says, "" without one."""

    sum: Sum
    row: Row
    kind: str


def sums(rows: Sequence[Row]) -> list[Found]:
    """Every number that may be money."""
    found = []
    for row in rows:
        label = row.named()
        kind = row.named(MONEY)
        foreign = label is not None and label.kind in _NOT_MONEY
        # the engine of words is asked only where the other has read no number: of an id it makes sums
        unread = sum(letter.isdigit() for letter in row.text) < _DIGITS
        seen = list(receipt_values.sums(row.text)) or (list(receipt_values.sums(row.other)) if unread else [])
        units = {one.whole: one.currency for one in receipt_values.sums(row.other) if one.currency}
        taken = _taken(row)
        for one in seen:
            if not one.unit and not one.grouped and f"{one.whole:04d}" in taken:
                continue
            code = one.currency or units.get(one.whole, "")
            whole = Sum(one.whole, one.cents, code, one.unit or bool(code), one.grouped)
            if (
                whole.unit
                or (kind and not foreign and (whole.whole >= _BARE or not whole.whole))
                or (whole.grouped and not foreign)
            ):
                found.append(Found(whole, row, kind.kind if kind else ""))
    return found


def _taken(row: Row) -> set[str]:
    """Four digits that one engine knows for the end of a card or a year, where the other lost the mask or the month."""
    both = row.text, row.other
    days = [day[:4] for text in both if (day := receipt_values.day(text))]
    return {card.tail for text in both for card in receipt_values.cards(text)} | set(days)


def currency(money: Sequence[Found], rows: Sequence[Row], chosen: Found | None) -> tuple[str, float]:
    """The currency most sums stand in, in case of a tie the amount's own, else the first one; and how sure.

    A lone "сом" names none. In doubt: one that the amount itself does not stand in, and a screen where no engine could
    read the sign beside any sum ("₽" is read as a P, a 2 or not at all).
    """
    votes = Counter(found.sum.currency for found in money if found.sum.currency)
    if "KGS" in votes and not receipt_words.says_kyrgyz(
        [*(row.words for row in rows), *(receipt_words.words_of(row.other) for row in rows if row.other)]
    ):
        del votes["KGS"]
    own = chosen.sum.currency if chosen else ""
    code = max(votes, key=lambda one: (votes[one], one == own)) if votes else ""
    told = code or any(one.drawn or one.currency for found in money for one in _readings(found.row))
    return code, 0.9 if told and own in ("", "KGS", code) else 0.3


def _readings(row: Row) -> list[Sum]:
    """The sums of a row, as either engine reads them."""
    return [*receipt_values.sums(row.text), *receipt_values.sums(row.other)]


def disputed(chosen: Found) -> bool:
    """Whether one engine reads another number where the other one reads this sum."""
    digits = str(chosen.sum.whole)
    agree = set()
    for text in (chosen.row.text, chosen.row.other):
        seen = re.sub(r"\D", "", text)
        if len(seen) >= len(digits) - 1:  # with fewer it has not read it
            split = seen in (digits, f"{digits}{chosen.sum.cents:02d}")  # one number to us, two to it
            agree.add(split or any(one.whole == chosen.sum.whole for one in receipt_values.sums(text)))
    return agree == {True, False}


def units(one: Sum, currency: str) -> int:
    """In the smallest unit in use of the currency."""
    return one.whole * 100 + one.cents if EXPONENT.get(currency, 0) else one.whole


def first(money: Sequence[Found], kind: str) -> Found | None:
    return next((found for found in money if found.kind == kind), None)


def amount(money: Sequence[Found], rows: Sequence[Row]) -> tuple[Found | None, float]:
    """What reached the receiver, and how sure. The label decides, then the big sum at the head, then the total."""
    positive = [found for found in money if found.sum.whole > 0]
    labelled = [found for found in positive if found.kind == "amount"]
    big = _big(positive, rows)
    total, fee = first(positive, "total"), first(money, "fee")
    if labelled:
        agreeing = [found for found in labelled if big is not None and found.sum.whole == big.sum.whole]
        added = [
            found
            for found in labelled
            if total is not None and found.sum.whole + (fee.sum.whole if fee else 0) == total.sum.whole
        ]
        if agreeing or added:
            return (agreeing or added)[0], 0.98
        with_unit = [found for found in labelled if found.sum.unit]
        if with_unit:
            return with_unit[0], 0.9
        # a number without a currency, where one with a currency stands that nobody names: the label may be that one's
        doubt = any(not found.kind and found.sum.unit for found in positive)
        return labelled[0], DOUBT if doubt else 0.9
    if big is not None:
        return big, 0.93
    free = [found for found in positive if not found.kind]
    part = _with_fee(free, fee, total) or _added(free)
    if part is not None:
        return part, 0.8
    with_unit = [found for found in free if found.sum.unit]
    if with_unit:
        largest = max(found.sum.whole for found in with_unit)
        able = [found for found in with_unit if found.sum.whole > _A_FEE * largest]
        most = Counter(found.sum.whole for found in able)
        often = max(most.values())
        # what is said twice, else what stands first: a balance stands below
        best = next(found for found in able if most[found.sum.whole] == often)
        # a second sum that nobody names may be the balance or the amount itself
        return best, 0.75 if often > 1 or len(most) == 1 else DOUBT
    if total is not None:
        return _less_fee(total, fee), 0.7
    if free:
        return max(free, key=lambda found: found.sum.whole), 0.45
    return None, 0.0


def _with_fee(free: Sequence[Found], fee: Found | None, total: Found | None) -> Found | None:
    """The sum without a label that makes up the total together with the fee."""
    if fee is None or total is None:
        return None
    return next((found for found in free if found.sum.whole + fee.sum.whole == total.sum.whole), None)


def _added(free: Sequence[Found]) -> Found | None:
    """Of three sums without labels of which two make up the third: an amount, its fee and their total; the amount."""
    sums = {found.sum.whole: found for found in free if found.sum.unit}
    for total in sorted(sums, reverse=True):
        for amount in sorted(sums, reverse=True):
            if amount < total < 2 * amount and total - amount in sums:
                return sums[amount]
    return None


def _less_fee(total: Found, fee: Found | None) -> Found:
    """A total without its fee."""
    if fee is None or fee.sum.whole >= total.sum.whole:
        return total
    one = total.sum
    return Found(Sum(one.whole - fee.sum.whole, one.cents, one.currency, one.unit, one.grouped), total.row, "total")


def _big(money: Sequence[Found], rows: Sequence[Row]) -> Found | None:
    """The sum in large letters, if there is one without a label."""
    heights = sorted(row.height for row in rows)
    if not heights:
        return None
    free = [found for found in money if not found.kind and found.row.height >= _BIG * heights[len(heights) // 2]]
    return max(free, key=lambda found: (found.sum.unit, found.row.height), default=None)


def rivals(money: Sequence[Found], rows: Sequence[Row], code: str, chosen: Found | None) -> tuple[int, ...]:
    """Other sums that say they are what was sent, in the large letters or beside the label; () when all agree.

    A screen that shows two of them was read wrong in one place, or altered there.
    """
    if chosen is None:
        return ()
    positive = [found for found in money if found.sum.whole > 0]
    big, total, fee = _big(positive, rows), first(positive, "total"), first(money, "fee")
    claims = [found for found in positive if found.kind == "amount"]
    known = {chosen.sum.whole, chosen.sum.whole + (fee.sum.whole if fee else 0), total.sum.whole if total else 0}
    claims += [big] if big is not None and big.sum.unit else []
    return tuple(sorted({units(one.sum, code) for one in claims if one.sum.whole not in known}))


def stands_there(money: Sequence[Found], rows: Sequence[Row], code: str, chosen: Found | None, expected: int) -> bool:
    """Whether a sum stands where the amount of this screen stands, by either engine.

    A fee, a total or a balance of that size is not it. Where no amount was found every sum without a label may be.
    """
    positive = [found for found in money if found.sum.whole > 0]
    if chosen is None:
        places = [found.row for found in positive if found.kind in ("", "amount") and found.sum.unit]
    else:
        big = _big(positive, rows)
        places = [found.row for found in positive if found.kind == "amount"] + [chosen.row] + ([big.row] if big else [])
        if chosen.kind == "total":  # the fee was taken off it
            return units(chosen.sum, code) == expected
    return any(
        units(one, code) == expected
        for row in places
        for text in (row.text, row.other)
        for one in receipt_values.sums(text)
    )
