"""What a message counts before it says where to: `15 metr kesib qo'ying. Jo'bor mahalla 14-uy` begins no address."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain_rules.address_run import Part
from agent.brain_rules.lexicon import index
from agent.brain_rules.numbers import covered, numbers
from agent.brain_rules.text import tokens
from shop.lexicon import load


def past_counts(text: str, parts: Sequence[Part]) -> list[Part]:
    """The parts behind the leading ones that only say how much is wanted; all of them where nothing stands behind."""
    first = next((nth for nth, part in enumerate(parts) if not _only_so_much(text[part.start : part.end])), 0)
    return list(parts[first:])


def _only_so_much(said: str) -> bool:
    """`8 метров`, `then two`, `yettita bo'lsin`: a number in words, counted or of a unit, and no word of its own."""
    own = tokens(said)
    units = {at for at, token in enumerate(own) if at and token.kind == "word" and load().unit(token.key)}
    if any(one.first not in units for one in index("places").find(own)):  # метров is also said of the metro
        return False
    found = [one for one in numbers(own) if one.counted or one.words or one.past in units]
    known = covered([*found, *index("intents").find(own), *index("asked").find(own)]) | units
    filler = load().filler
    return bool(found) and all(
        at in known or token.key in filler for at, token in enumerate(own) if token.kind == "word"
    )
