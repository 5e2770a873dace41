"""A number that is said to be too many or too few: `make it 8, 10 is too many` speaks of the ten that are there."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain import Heard
from agent.brain_rules.lexicon import keys
from agent.brain_rules.numbers import Number, numbers
from agent.brain_rules.text import PAUSES, Token, blank, tokens

_NAME = 2  # words


def without_old(heard: Heard, text: str) -> str:
    """`text` without what only says why a number of the cart is changed: "yigirmata qiling, o'ttiz ko'p ekan".

    Only a number that is there now, beside another one that it is to be.
    """
    held = {int(line["qty"]) for line in (*heard.cart["lines"], *heard.cart["picks"])}
    held |= set(heard.open_order.get("counts", ()) if heard.open_order.get("changeable") else ())
    said = tokens(text)
    counts = numbers(said) if held else []
    old = [(one, told) for one in counts if one.value in held and (told := _told(said, one))]
    if not old or len(old) == len(counts):
        return text
    spans = [span for one, told in old for span in ((one.first, one.past), told)]  # a name between them stays
    return blank(text, [(said[first].start, said[past - 1].end) for first, past in spans], ",")


def _told(said: Sequence[Token], number: Number) -> tuple[int, int] | None:
    """Where `too many` stands behind a number, or behind it and a name: `12 panels is too few`; None for nowhere."""
    begins = number.past - (said[number.past - 1].key in keys("questions", "too_many"))  # ko'p has the key of qop
    for at in range(begins, min(begins + _NAME + 1, len(said))):
        past = _too_many(said, at)
        if past and at > begins and any(token.key in keys("questions", "enough") for token in said[at:past]):
            return None  # "2 plates are enough" keeps the two
        if past:
            return at, past
        if said[at].kind != "word" or said[at].key in keys("questions", "too"):
            return None
    return None


def _too_many(said: Sequence[Token], at: int) -> int:
    """Where `juda ko'p bo'ladi` ends that begins at `at`; 0 where nothing there is said to be too many or too few."""
    while at < len(said) and said[at].key in keys("questions", "too"):
        at += 1
    if at == len(said) or said[at].key not in keys("questions", "too_many"):
        return 0
    at += 1
    while at < len(said) and said[at].key in keys("questions", "it_is"):
        at += 1
    ends = at == len(said) or said[at].kind in PAUSES or said[at - 1].key in keys("questions", "it_is")
    return at if ends or any(one.number is not None for one in said[at:]) else 0
