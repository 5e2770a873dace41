"""What is told to be as before: `телефон тот же`, `raqamim ham o'zgarmagan`, `same number`. It names no goods."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain_rules.lexicon import Met, index
from agent.brain_rules.numbers import covered
from agent.brain_rules.text import Token, parted
from shop.lexicon import load

_OF_ME = frozenset({"phone", "label", "name"})


def unchanged(parts: Sequence[Token]) -> list[Met]:
    """The words of a clause that a phone, an address or a name is as before, as `idle`; none where goods are named."""
    found = index("places").find(parts)
    if not any(one.name in ("same", "unchanged") for one in found):
        return []
    met: list[Met] = []
    for first, past in parted(parts):
        own = [one for one in found if first <= one.first and one.past <= past]
        as_before = [one for one in own if one.name == "unchanged"]
        of_me = [one for one in own if one.name in _OF_ME]
        if not of_me or not (as_before or any(one.name == "same" for one in own)):
            continue
        left = [parts[at] for at in range(first, past) if at not in covered(own)]
        if not any(load().names_goods((token.key,)) for token in left):
            met += [Met("idle", one.first, one.past) for one in (*of_me, *as_before) if one.name != "label"]
    return met
