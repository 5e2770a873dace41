"""Whose manager or director is spoken of: the shop's is called, the shopper's own is only mentioned."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.brain_rules.lexicon import Met, index, keys
from agent.brain_rules.text import PAUSES, Token

_MINE = re.compile(r"im(?:iz)?(?:ga|ni|dan|ning|niki)?$")  # boshlig'imga, direktorimiz
_YOURS = re.compile(r"ing(?:iz)?(?:ga|ni|dan|ning|niki)?$")  # xo'jayiningiz
_CALLS = frozenset({"person", "connect"})
_NEAR, _FAR = 3, 4  # words from whom one asks to "ask", and from whom one wants to "talk"


def unless_own(parts: Sequence[Token], met: list[Met]) -> list[Met]:
    """The meanings without a person who is not the shop's: `I'll ask our manager`, `директор уже купил`.

    Who is to be talked to is surely called, whatever is wanted besides: `menejeringiz bilan gaplashsam`. Who first asks
    a chief or somebody at home decides later, and agrees to nothing: `давайте, спрошу у жены сначала`. Nobody is called
    by `xo'jayin bilan gaplashib yozaman`, though the shop's owner may be called so.
    """
    asks = [at for at in range(len(parts)) if _asks_first(parts, at)]
    if not asks and not any(one.name == "person" for one in met):
        return met
    kept = [one for one in met if not (one.name == "person" and not one.phrase and _is_own(parts, one.first, met))]
    if asks:
        agreed = {one.first for one in kept if one.name in ("agree", "haggle")}
        kept = [one for one in kept if one.first not in agreed]
        kept = [one for one in kept if not (one.name in _CALLS and any(one.first <= at < one.past for at in asks))]
        shows = [at for at, token in enumerate(parts) if "first" in index("roles").meanings(token.key)]
        kept = [one for one in kept if not (one.name == "look" and one.first in shows)]
    talks = [one.first for one in kept if one.name == "person" and _talks_to(parts, one.first)]
    more = [*(Met("connect", at, at + 1) for at in talks), *(Met("later", at, at + 1) for at in asks)]
    return sorted([*kept, *more], key=lambda one: (one.first, one.name))


def _asks_first(parts: Sequence[Token], at: int) -> bool:
    """`erimga ko'rsatib olaman`, `let me ask my boss`: somebody of the shopper's is to be asked before."""
    names = index("roles").meanings(parts[at].key)
    if not names & {"kin", "chief"} or ("kin" not in names and not _is_own(parts, at, ())):
        return False
    clause = _clause(parts, at)
    for nth, token in enumerate(parts):
        if token in clause and "first" in index("roles").meanings(token.key) and abs(nth - at) <= _NEAR:
            return parts[nth + 1].key not in keys("roles", "me") if nth < at else True  # "show me one for my wife"
    return False


def _is_own(parts: Sequence[Token], at: int, met: Sequence[Met]) -> bool:
    """Whether a chief is the shopper's: called his, told or asked something, or said to have done something."""
    names = index("roles").meanings(parts[at].key)
    if not names & {"role", "chief"}:
        return False
    if _YOURS.search(parts[at].key) or (at and parts[at - 1].key in keys("roles", "yours")):
        return False
    if _MINE.search(parts[at].key) or (at and parts[at - 1].key in keys("roles", "own")):
        return True
    told = {one.name for one in index("roles").find(_clause(parts, at))}
    gift = any(one.name == "gift" for one in met)
    return "chief" in names and (gift or bool(told & {"tells", "did"}) or {"first", "writes"} <= told)


def _talks_to(parts: Sequence[Token], at: int) -> bool:
    """`operator bilan gaplashmoqchiman`, `поговорить с менеджером`."""
    if not index("roles").meanings(parts[at].key) & {"role", "chief"}:
        return False
    clause = [one for one in _clause(parts, at) if abs(parts.index(one) - at) <= _FAR]
    return any("talks" in index("roles").meanings(one.key) for one in clause)


def _clause(parts: Sequence[Token], at: int) -> list[Token]:
    """The words around `at` up to a comma or a full stop."""
    stops = [nth for nth, one in enumerate(parts) if one.kind in PAUSES]
    begins = max((nth for nth in stops if nth < at), default=-1)
    ends = min((nth for nth in stops if nth > at), default=len(parts))
    return list(parts[begins + 1 : ends])
