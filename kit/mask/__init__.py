"""Finds what must not be kept: card numbers, expiry dates, CVV, PIN and SMS codes, in the disguises people type them.

It knows numbers, not people: phones, house numbers, quantities, prices, order numbers and our own ids stay as they are.
A card keeps its first and last four digits (`8600 **** **** 1234`): shoppers and staff talk about cards by those.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kit.mask.cards import find_cards
from kit.mask.codes import find_codes
from kit.mask.plain import Found, Plain
from kit.mask.spoken import may_be


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without its secrets, and what they were: any of card, expiry, cvv, pin, code."""

    text: str
    kinds: frozenset[str] = frozenset()


def mask(text: str) -> Masked:
    """`text` with card numbers, expiry dates, CVV, PIN and SMS codes starred out. Masking twice changes nothing."""
    return mask_many([text])[0]


def mask_many(texts: Sequence[str]) -> list[Masked]:
    """The messages of one burst, masked together: a card typed in two of them, a code in the one after "kod keldi".

    First each by itself, so that one's digits are never taken for more of another's card.
    """
    alone = [_masked([text])[0] for text in texts]
    if len(texts) < 2:
        return alone
    together = _masked([one.text for one in alone])
    return [Masked(both.text, one.kinds | both.kinds) for one, both in zip(alone, together, strict=True)]


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
        parts.append(text[at:start])
        parts.append(_star(spot, cut_left=spot.start < offset, cut_right=spot.end - offset > len(text)))
        at = end
    return "".join(parts) + text[at:]


def _star(spot: Found, *, cut_left: bool, cut_right: bool) -> str:
    """What stands instead; a card that spans two messages shows its head in the first and its tail in the last."""
    if spot.kind != "card":
        return "**/**" if spot.kind == "expiry" else "****"
    head = "****" if cut_left else spot.digits[:4]
    tail = "****" if cut_right else spot.digits[-4:]
    return f"{head} {tail}" if cut_left or cut_right else f"{head} **** **** {tail}"
