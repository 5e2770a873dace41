"""A number that is said to be too many or too few: `make it 8, 10 is too many` speaks of the ten that are there."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain import Heard
from agent.brain_rules.lexicon import keys
from agent.brain_rules.numbers import Number, numbers
from agent.brain_rules.text import PAUSES, Token, blank, tokens


def without_old(heard: Heard, text: str) -> str:
    """`text` without what only says why a number of the cart is changed: "yigirmata qiling, o'ttiz ko'p ekan".

    Only a number that is there now, beside another one that it is to be.
    """
    held = {int(line["qty"]) for line in (*heard.cart["lines"], *heard.cart["picks"])}
    said = tokens(text)
    counts = numbers(said) if held else []
    old = [(one, past) for one in counts if one.value in held and (past := _too_many(said, one))]
    if not old or len(old) == len(counts):
        return text
    return blank(text, [(said[one.first].start, said[past - 1].end) for one, past in old], ",")


def _too_many(said: Sequence[Token], number: Number) -> int:
    """Where `10 ta juda ko'p bo'ladi` ends; 0 where the number is not said to be too many or too few."""
    at = number.past - (said[number.past - 1].key in keys("questions", "too_many"))  # ko'p has the key of qop, a sack
    while at < len(said) and said[at].key in keys("questions", "too"):
        at += 1
    if at == len(said) or said[at].key not in keys("questions", "too_many"):
        return 0
    at += 1
    while at < len(said) and said[at].key in keys("questions", "it_is"):
        at += 1
    ends = at == len(said) or said[at].kind in PAUSES or said[at - 1].key in keys("questions", "it_is")
    return at if ends or any(one.number is not None for one in said[at:]) else 0
