"""Finds what must not be kept: card numbers, expiry dates, CVV, PIN and SMS codes, in the disguises people type them.

It knows numbers, not people: phones, house numbers, quantities, prices, order numbers and our own ids stay as they are.
A card keeps its first and last four digits (`8600 **** **** 1234`): shoppers and staff talk about cards by those.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kit.mask.cards import find_cards, find_phones
from kit.mask.codes import find_codes
from kit.mask.plain import Found, Plain
from kit.mask.spoken import may_be, numbers_in

_LOOSE = 3  # digits: a CVV; "2 ta" and "42" are pieces of nothing


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without its secrets, and what they were: any of card, expiry, cvv, pin, code."""

    text: str
    kinds: frozenset[str] = frozenset()


def mask(text: str) -> Masked:
    """`text` with card numbers, expiry dates, CVV, PIN and SMS codes starred out. Masking twice changes nothing."""
    return mask_many([text])[0]


def mask_many(texts: Sequence[str], *, alone: bool = True) -> list[Masked]:
    """The messages of one burst, masked together: a card typed in two of them, a code in the one after "kod keldi".

    First each by itself, so that one's digits are never taken for more of another's card. `alone` False: that was
    done before.
    """
    each = [_masked([text])[0] if alone else Masked(text) for text in texts]
    if len(texts) < 2:
        return each
    together = _masked([one.text for one in each])
    return [Masked(both.text, one.kinds | both.kinds) for one, both in zip(each, together, strict=True)]


def card_numbers(text: str) -> list[str]:
    """The digits of every card in `text`, for the one step that needs them (`orders.refund_card`)."""
    return [spot.digits for spot in find_cards(Plain(text))]


def has_loose_digits(text: str) -> bool:
    """Whether `text` holds digits that are no phone: with those of other messages they may be more than they seem."""
    if not any(char.isdigit() for char in text) and not may_be(text):
        return False
    plain = Plain(text)
    phones = find_phones(plain.text)
    loose = [at for at, char in enumerate(plain.text) if char.isdigit() and not any(a <= at < b for a, b in phones)]
    return len(loose) >= _LOOSE


def _masked(texts: Sequence[str]) -> list[Masked]:
    whole = "\n".join(texts)
    if not any(char.isdigit() for char in whole) and not may_be(whole):
        return [Masked(text) for text in texts]
    found = _find(Plain(whole))
    masked, start = [], 0
    for text in texts:
        end = start + len(text)
        inside = [spot for spot in found if spot.start < end and spot.end > start]
        masked.append(Masked(_cut(text, start, inside), frozenset(spot.kind for spot in inside)))
        start = end + 1
    return masked


def _find(plain: Plain) -> list[Found]:
    cards = find_cards(plain)
    found = [*cards, *find_codes(plain, cards)]
    return sorted((plain.back(spot) for spot in found), key=lambda spot: spot.start)


def _cut(text: str, offset: int, found: Iterable[Found]) -> str:
    parts, at = [], 0
    for spot in found:
        start, end = max(spot.start - offset, 0), min(spot.end - offset, len(text))
        left, right = spot.start < offset, spot.end - offset > len(text)
        if left or right:  # of several messages: the words between its digits are no part of it
            inside = numbers_in(text[start:end])
            start, end = start + inside[0], start + inside[1]
        parts.append(text[at:start])
        if start < end:
            parts.append(_star(spot, cut_left=left, cut_right=right))
        at = end
    return "".join(parts) + text[at:]


def _star(spot: Found, *, cut_left: bool, cut_right: bool) -> str:
    """What stands instead; a card that spans two messages shows its head in the first and its tail in the last."""
    if spot.kind != "card":
        return "**/**" if spot.kind == "expiry" else "****"
    head = "****" if cut_left else spot.digits[:4]
    tail = "****" if cut_right else spot.digits[-4:]
    return f"{head} {tail}" if cut_left or cut_right else f"{head} **** **** {tail}"
