"""Rows of a payment's screen -> `Reading`. Pure: no picture, no engine, no order is known here.

A field is named by the label beside or above it; without labels only what cannot be mistaken is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

from rapidfuzz.distance import Levenshtein

from vision import receipt_money, receipt_values, receipt_words
from vision.receipt import Box, Reading, Tails
from vision.receipt_money import MONEY, units
from vision.receipt_rows import Row, plain, rows_of, rows_of_text
from vision.receipt_values import Sum

_Tail: TypeAlias = tuple[str, float, Box | None]  # of a card, how sure, and where it stands
_HOUR = re.compile(r"[^\w]*(?:[01]?\d|2[0-3])[:.][0-5]\d[^\w]*\D{0,3}")
_NUMBER = re.compile(r"\d")
_A_TALK = 4  # such lines; a screen has one at its head and one of the payment
_NOT_ID = (*MONEY, "receiver", "sender", "card", "phone", "other")
_PARTY = ("receiver", "sender", "card")


def parse(found: Mapping[str, Any], *, expect_amount: int | None = None, expect_last4: Tails = None) -> Reading:
    """The Reading of what vision.ocr read: {"lines", "codes"}."""
    return read_rows(rows_of(found["lines"]), found.get("codes", ()), expect_amount, expect_last4)


def parse_lines(lines: Sequence[str], *, expect_amount: int | None = None, expect_last4: Tails = None) -> Reading:
    """The Reading of lines of text from the top down, a row each."""
    return read_rows(rows_of_text(lines), (), expect_amount, expect_last4)


def read_rows(rows: list[Row], codes: Sequence[str], expect_amount: int | None, expect_last4: Tails) -> Reading:
    """The Reading of rows."""
    money = receipt_money.sums(rows)
    amount, amount_sure = receipt_money.amount(money, rows)
    currency, currency_sure = receipt_money.currency(money, rows, amount)
    values: dict[str, Any] = {}
    sure: dict[str, float] = {}
    boxes: dict[str, Box] = {}

    def take(name: str, value: Any, how_sure: float, box: Box | None = None) -> None:
        if value not in (None, ""):
            values[name], sure[name] = value, round(min(0.99, how_sure), 2)
            if box:
                boxes[name] = box

    take("currency", currency, currency_sure)
    for name, one, how_sure in (
        ("amount", amount, amount_sure),
        ("fee", receipt_money.first(money, "fee"), 0.9),
        ("total", receipt_money.first(money, "total"), 0.9),
    ):
        if one is not None:
            take(name, units(one.sum, currency), how_sure * max(0.5, one.row.score), one.row.value)
    cards = _cards(rows, take)
    _when(rows, take)
    _people(rows, take)
    _status_and_app(rows, take)
    take("transaction_id", *_id(rows))
    _from_codes(codes, currency, values, take)
    is_receipt = _is_receipt(values, sure, cards) and not _is_talk(rows, values)
    if amount is not None:
        if receipt_money.disputed(amount):
            sure["amount"] = min(sure["amount"], receipt_money.DOUBT)
        if currency_sure < receipt_money.DOUBT:
            sure["currency"] = currency_sure  # also where there is none: a sign that nobody could read
    return Reading(
        **values,
        is_receipt=is_receipt,
        fields=sure,
        boxes=boxes,
        amounts=receipt_money.rivals(money, rows, currency, amount),
        numbers=_numbers(rows),
        amount_present=None
        if expect_amount is None
        else receipt_money.stands_there(money, rows, currency, amount, expect_amount),
        amount_asked=expect_amount,
        last4_present=None if not expect_last4 else any(_tail_there(rows, values, one) for one in _tails(expect_last4)),
    )


def _is_receipt(values: Mapping[str, Any], sure: Mapping[str, float], cards: int) -> bool:
    """A sum, and one thing more that only payments have: a price with a phone number is none, nor one with the whole
    number of a card to pay to.
    """
    if sure.get("amount", 0.0) < 0.4 or not values.get("amount"):
        return False
    known = bool(values.get("date")) and bool(
        values.get("status") or (values.get("time") and values.get("transaction_id") and sure["amount"] >= 0.7)
    )
    return bool(cards or known or values.get("app") or sure.get("transaction_id", 0.0) >= 0.5)


def _is_talk(rows: Sequence[Row], values: Mapping[str, Any]) -> bool:
    """A conversation: the hour stands below every other line. A receipt among them says what became of the money."""
    hours = sum(any(_HOUR.fullmatch(text) for text in (row.text, row.other)) for row in rows)
    told = bool(values.get("status")) and bool(values.get("date") or values.get("transaction_id"))
    return hours >= _A_TALK and not told


# ---- cards and people


def _cards(rows: Sequence[Row], take: Any) -> int:
    """The receiver's and the payer's tail, told apart by labels; a single card without one is the receiver's.

    Returns how many different tails show that a payment app wrote them: behind a mask, or beside the label of a party.
    """
    sides: dict[str, list[_Tail]] = {"receiver": [], "sender": [], "card": [], "": [], "bare": []}
    whole: set[str] = set()
    doubtful: set[str] = set()
    for row in rows:
        label = row.named(_PARTY)
        kind = label.kind if label else ""
        found, said = receipt_values.cards(row.text), {card.tail for card in receipt_values.cards(row.other)}
        if said and said.isdisjoint(card.tail for card in found):
            doubtful |= {card.tail for card in found}  # the engines disagree about this card
        tails = [(card.tail, card.sure, row.value) for card in found]
        found = found or receipt_values.cards(row.other)
        tails = tails or [(card.tail, 0.9 * card.sure, row.value) for card in found]
        whole |= {card.tail for card in found if card.whole}
        alone = bool(kind) or (row.label() is None and len(row.text) <= 8)
        lone = receipt_values.lone_tail(row.text) if alone and not tails else None
        sides[kind if tails or kind else "bare"] += [*tails, *([(lone, 0.6, row.value)] if lone else [])]
    plain_ones = sides["card"] + sides[""]
    receiver, sender = sides["receiver"], sides["sender"]
    different = {tail for tail, *_ in plain_ones} - {tail for tail, *_ in receiver + sender}
    # a number like a tail whose mask was lost, in a picture without a readable label, might as well be it
    doubt = not receiver + sender and bool({tail for tail, *_ in sides["bare"]} - different)
    if not receiver and len(different) == 1 and not doubt:
        receiver = [(tail, 0.9 * sure, box) for tail, sure, box in plain_ones if tail in different]
    elif receiver and not sender and len(different) == 1:
        sender = [(tail, 0.8 * sure, box) for tail, sure, box in plain_ones if tail in different]
    for name, side in (("last4", receiver), ("sender_last4", sender)):
        if side:
            tail, how_sure, box = max(side, key=lambda one: one[1])
            take(name, tail, how_sure * (0.5 if tail in doubtful else 1.0), box)
    shown = {tail for tail, _, _ in receiver + sender} | {tail for tail, sure, _ in plain_ones if sure >= 0.7}
    return len(shown - whole)


def _people(rows: Sequence[Row], take: Any) -> None:
    """The receiver's name and phone."""
    for row in rows:
        label = row.named(("receiver", "sender", "phone"))
        if label is not None and label.kind == "sender":
            continue
        number = receipt_values.phone(row.text) or receipt_values.phone(row.other)
        if number:
            take("phone", number, 0.9 if label else 0.6, row.value)
            break
    for row in rows:
        own = row.label(("receiver",))
        label = own or row.named(("receiver",))
        if label is None or row.has_digits:
            continue
        name = _name(row, label.end if own else 0)
        if name:
            take("receiver_name", name, 0.8, row.box)
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
            same = receipt_values.day(row.other) in (None, date)
            how_sure = 0.97 if label is not None and label.kind == "date" else 0.9
            take("date", date, how_sure if same else receipt_money.DOUBT, row.value)
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


def _status_and_app(rows: Sequence[Row], take: Any) -> None:
    """What happened and in which app, by the words of either engine."""
    known = [(row.words, row) for row in rows]
    known += [(receipt_words.words_of(row.text), row) for row in rows if row.other and row.text]
    lines = [words for words, _ in known]
    status, sure, at = receipt_words.status(lines)
    if at >= 0:
        take("status", status, sure, known[at][1].box)
    brand, sure, at = receipt_words.app(lines)
    if at >= 0:
        take("app", brand, sure, known[at][1].box)


def _id(rows: Sequence[Row]) -> tuple[str | None, float, Box | None]:
    """The transaction's id: what its label names, else the longest number alone in its row."""
    bins = _bins(rows)
    for row in rows:
        label = row.named()
        if label is None or label.kind != "id":
            continue
        found = receipt_values.ids(row.text) or receipt_values.ids(row.other)
        if found:
            return _agreed(found[0], row.other), 0.95 * max(0.6, row.score), row.value
    alone = []
    for row in rows:
        text = row.text or row.other
        alone += [
            (one, row)
            for one in receipt_values.ids(text)
            if len(one) >= 8 and one in _tokens(text) and not _named_otherwise(row, one)
        ]
    # eight digits that begin as a card does are a card whose mask was lost, if there is anything else
    alone = [(one, row) for one, row in alone if not (len(one) == 8 and one[:4] in bins)] or alone
    if not alone:
        return None, 0.0, None
    best, row = max(alone, key=lambda one: len(one[0]))
    lone = not any(_NUMBER.search(word) for word in _tokens(row.text or row.other) if best not in word)
    telling = (len(best) >= 10 or not best.isdigit()) and lone and (not row.other or _both(best, row.other))
    return _agreed(best, row.other), 0.55 if telling else 0.4, row.value


def _bins(rows: Sequence[Row]) -> set[str]:
    """The first four digits of cards: those known, and those this picture shows before a mask."""
    return {text[:4] for row in rows for text in receipt_values.masked(row.text)} | set(receipt_values.BINS)


def _named_otherwise(row: Row, one: str) -> bool:
    """Whether the row's label says that this number is something else; a label above may belong to a value nobody
    could read, so that it only speaks of what could be its own.
    """
    label = row.label()
    if label is not None:
        return label.kind in (*_NOT_ID, "date")
    label = row.named()
    telling = len(one) >= 10 or not one.isdigit()
    return label is not None and label.kind in (("phone", "other") if telling else (*_NOT_ID, "date"))


def _both(one: str, other: str) -> bool:
    """Whether the other engine sees that number too: letters of another alphabet glued to a count are none."""
    digits = re.sub(r"\D", "", one)
    seen = [re.sub(r"\D", "", word) for word in other.split()]
    return any(Levenshtein.distance(digits, there) <= max(1, len(digits) // 5) for there in seen if there)


def _tokens(text: str) -> list[str]:
    """The words of a line, without the sign of a number glued to them."""
    return [part for word in text.split() for part in (word, *re.findall(r"^(?:[Nn][oOº°]|№)(\w+)$", word))]


def _agreed(one: str, other: str) -> str:
    """What both engines make of an id: a stray letter at the end of a number is no part of it, and letters that one of
    them left out are.
    """
    if re.fullmatch(r"\d{7,}[A-Za-z]", one) and one[:-1] in re.findall(r"\d+", other):
        return one[:-1]
    longer = [token for token in receipt_values.ids(other) if len(token) >= 16 and len(token) >= len(one) + 3]
    for token in longer:
        digits = re.sub(r"\D", "", token)
        if one.isdigit() and Levenshtein.distance(one, digits) <= max(1, len(digits) // 6):
            return token
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
            take("amount", units(Sum(int(sums[1]), int(sums[2]), currency, True, False), currency), 0.8)


# ---- is what was expected there?


def _numbers(rows: Sequence[Row]) -> tuple[str, ...]:
    runs = [number for row in rows for number in receipt_values.runs(row.text or row.other)]
    return tuple(dict.fromkeys(runs))[:60]


def _tails(expected: Tails) -> Iterable[str]:
    """One tail or several: a shop has several cards, and any of them is right."""
    return [expected] if isinstance(expected, str) else expected or ()


def _tail_there(rows: Sequence[Row], values: Mapping[str, Any], expected: str) -> bool:
    """Whether the card's tail stands anywhere in the picture as four digits of their own, or at the end of a card."""
    if expected in (values.get("last4"), values.get("sender_last4")):
        return True
    first = "|".join(sorted(_bins(rows)))
    for row in rows:
        label = row.named()
        if label is not None and label.kind == "id":
            continue
        for text in (row.text, row.other):
            if any(card.tail == expected for card in receipt_values.cards(plain(text))):
                return True
            bare = receipt_values.without_days(text)
            if re.search(rf"(?<![\w.,:])(?<!\d )(?:{first})?{expected}(?![\w.,:])(?! \d)", bare):
                return True
    return False
