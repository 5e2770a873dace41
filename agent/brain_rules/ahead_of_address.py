"""What a message counts before it says where to: `15 metr kesib qo'ying. Jo'bor mahalla 14-uy` begins no address."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from agent.brain_rules.address_run import Part
from agent.brain_rules.lexicon import index
from agent.brain_rules.numbers import covered, numbers
from agent.brain_rules.text import DATIVE, Token, tokens
from shop.lexicon import load
from shop.places import place_in

_OF_MANY = re.compile(r"[а-яё]{3,}(?:ых|их)")  # "широких 3": many of them that are so


def past_counts(text: str, parts: Sequence[Part], option: Callable[[str], bool]) -> list[Part]:
    """The parts behind the leading ones that only say how much is wanted; all of them where nothing stands behind.

    `option`: whether a part only says which ones of what is in view, and how many: `хромированных 2`.
    """
    said = [text[part.start : part.end] for part in parts]
    first = next((nth for nth, one in enumerate(said) if not (_only_so_much(one) or option(one))), 0)
    return list(parts[first:])


def moved_to(said: Sequence[Token]) -> str:
    """The town of `boshqa joyga olib boring, Chustga`; "" for none or two."""
    towns = [token for token in said if token.kind == "word" and place_in(token.text)]
    return DATIVE.sub("", towns[0].text) if len(towns) == 1 else ""


def _only_so_much(said: str) -> bool:
    """`8 метров`, `then two`, `yettita bo'lsin`: a number in words, counted or of a unit, and no word of its own."""
    own = tokens(said)
    if [token.kind for token in own] == ["word", "number"] and _OF_MANY.fullmatch(own[0].text):
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
