"""What a message counts before it says where to: `15 metr kesib qo'ying. Jo'bor mahalla 14-uy` begins no address."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from agent.brain_rules.address_run import Part
from agent.brain_rules.lexicon import index
from agent.brain_rules.numbers import covered, numbers
from agent.brain_rules.text import tokens
from shop.lexicon import load

_OF_MANY = re.compile(r"[а-яё]{3,}(?:ых|их)")  # "широких 3": many of them that are so


def past_counts(text: str, parts: Sequence[Part], variant: Callable[[str], bool]) -> list[Part]:
    """The parts behind the leading ones that only say how much is wanted; all of them where nothing stands behind.

    `variant`: whether a word names a colour of what is in view, or of many of it: `хромированных 2. Нукус, ...`.
    """
    first = next((nth for nth, part in enumerate(parts) if not _only_so_much(text[part.start : part.end], variant)), 0)
    return list(parts[first:])


def _only_so_much(said: str, variant: Callable[[str], bool]) -> bool:
    """`8 метров`, `then two`, `yettita bo'lsin`: a number in words, counted or of a unit, and no word of its own."""
    own = tokens(said)
    if [token.kind for token in own] in (
        ["word", "number"],
        ["number", "word"],
    ):  # "qoralardan 3"; "Навои 5" is a street
        word = next(token.text for token in own if token.kind == "word")
        if variant(word) or _OF_MANY.fullmatch(word):
            return True
    units = {at for at, token in enumerate(own) if at and token.kind == "word" and load().unit(token.key)}
    if any(one.first not in units for one in index("places").find(own)):  # метров is also said of the metro
        return False
    found = [one for one in numbers(own) if one.counted or one.words or one.past in units]
    known = covered([*found, *index("intents").find(own), *index("asked").find(own)]) | units
    filler = load().filler
    return bool(found) and all(
        at in known or token.key in filler for at, token in enumerate(own) if token.kind == "word"
    )
