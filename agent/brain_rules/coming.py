"""Coming for the goods oneself: `вечером сам подъеду за ним`, `mashinada borib olaman`, `I'll swing by after lunch`.

The words of such a clause name no goods: the car and the evening are the shopper's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.brain_rules.lexicon import Met, index, keys
from agent.brain_rules.numbers import covered
from agent.brain_rules.text import Token, asks_by, parted

_HELPS = {
    "comes": {"self", "rides", "for_it", "fetches"},
    "fetches": {"self", "rides", "for_it", "comes", "when"},
    "he_comes": {"for_it"},
}
_ENGLISH = frozenset({"kome", "drive", "valk"})
_ENGLISH_GOES = frozenset({"sving", "stop", "drop", "pop", "drive", "nip", "kome"})
_CANNOT = re.compile("ol(?:ma[ys]|mi)")  # borolmayman
_I = frozenset({"i", "we", "ve"})  # keys; in English another one may come: "can the courier come by car?"


def coming(parts: Sequence[Token]) -> list[Met]:
    """Where it is told, as `pickup`; the hour of it is `idle`: it counts nothing."""
    found = index("coming").find(parts)
    if not {one.name for one in found} & {"goes", "he_goes", *_HELPS}:
        return []
    somebody = any(one.name == "somebody" for one in found)  # "for my brother, he drops by on Saturday"
    met: list[Met] = []
    for first, past in parted(parts):
        clause = [one for one in found if first <= one.first and one.past <= past]
        met += _told(parts, parts[first:past], clause, somebody=somebody)
    return met


def _told(parts: Sequence[Token], said: Sequence[Token], clause: Sequence[Met], *, somebody: bool) -> list[Met]:
    """What one clause tells, all of its words `said`. `somebody`: the message names who may come."""
    names = {one.name for one in clause}
    known_to_come = {"goes", "he_goes"} if somebody else {"goes"}
    verbs = [one for one in clause if one.name in known_to_come or (one.name in _HELPS and _helped(parts, one, clause))]
    # "сам не смогу заехать", "o'zim borib ololmayman"
    denied = any(token.key in keys("questions", "not") or _CANNOT.search(token.key) for token in said)
    others = any(parts[one.first].key in _ENGLISH_GOES for one in verbs) and not _mine(said, somebody)
    if not verbs or denied or others or ("else" in names and "fetches" not in names):
        return []
    at_hour = {nth for one in clause for nth in (one.past, one.first - 1) if 0 <= nth < len(parts)}
    hours = {nth for nth in at_hour if parts[nth].kind in ("number", "range") and _is_hour(parts, clause, nth)}
    known = covered(clause) | hours
    first, past = min(one.first for one in verbs), max(one.past for one in verbs)
    while first - 1 in known:
        first -= 1
    while past in known:
        past += 1
    return [Met("pickup", first, past, phrase=True), *(Met("idle", nth, nth + 1) for nth in sorted(hours))]


def _mine(said: Sequence[Token], somebody: bool) -> bool:
    """Whether an English verb is said of oneself: "could you stop by?", "can the master come over?" are not."""
    own = somebody or any(token.key in _I for token in said) or not any(map(asks_by, said))
    return own and all(token.text.lower() != "you" for token in said)


def _helped(parts: Sequence[Token], verb: Met, clause: Sequence[Met]) -> bool:
    """Whether a verb is said of oneself: beside `myself`, a car, "for it", or the other verb."""
    if parts[verb.first].text.isascii() and verb.name == "comes" and parts[verb.first].key in _ENGLISH:
        return any(parts[one.first].key in _I for one in clause) and bool(
            {one.name for one in clause} & _HELPS["comes"]
        )
    names = {one.name for one in clause if one != verb}
    return bool(names & _HELPS[verb.name]) and (verb.name != "he_comes" or "somebody" in names)


def _is_hour(parts: Sequence[Token], clause: Sequence[Met], at: int) -> bool:
    """`к 5`, `soat 5 da`, `after 6`, `5 часов`: a number beside a word of time, or behind a word that tells when."""
    at_time = at > 0 and parts[at - 1].key in keys("coming", "at")
    return at_time or any(one.name == "when" and at in (one.past, one.first - 1) for one in clause)
