"""The entry of a shop's own list that is nearest to a question in other words, in another language than its own.

Every question and answer is read as what it speaks of: matters of agent/lexicon/matters.yaml and asked.yaml, goods and
traits by their concepts, other words by their stems. What few entries speak of tells more than what most do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from shop.fold import stem
from shop.lexicon import load
from shop.places import places_of
from shop.profile.model import Faq
from shop.search.units import units_of

if TYPE_CHECKING:
    from agent.brain_rules.text import Token

_IN_ANSWER = 0.35  # of a word that only the answer has: it may be said by the way
_THING = 0.6  # of a name of goods: asked about in many ways
_LEAD = 1.35  # how much nearer it is than the next one
_COVERED = 0.5  # of what the question speaks of, by weight
_OPENING = 5  # letters of a long word that stand for all its forms
_CASE = re.compile(r"(?<=...)(?:ni|ning|ga|da|dan)$")  # of a word too short for a stem: suvni, sutdan
Feature = frozenset[str]
_PLACE = frozenset({"?region", "?place"})  # any town; in an answer it may be the shop's own
_OF_THINGS = frozenset({"?included"})  # asked of one thing, and answered of another otherwise
_SENDING = _PLACE | {"?sends"}
_SIZE = frozenset({"?which_size"})
_FEW = 6  # things of a question that asks only where they are sent
_TIMES = frozenset({"kun", "day", "days", "dn", "dni"})  # "on which days do they arrive?"
_HOW_LONG = frozenset({"?how_long"})  # what is asked of many things: with one of them


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a text speaks of: the names it goes by. `thing`: goods; `matter`: what is asked of them."""

    names: Feature
    words: tuple[str, ...] = ()
    thing: bool = False
    matter: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """The nearest entry; `told`: how much of the question it speaks of, by weight.

    `matters`: more than goods are met in its own question; `things`: how many goods are; `sends`: it is where these are
    sent to.
    """

    entry: Faq
    told: float
    matters: bool
    things: int
    sends: bool


def nearest(
    entries: Sequence[Faq],
    question: str,
    view: str = "",
    sold: Callable[[str], bool] = lambda word: False,
    home: Feature = frozenset(),
) -> Near | None:
    """The one entry that a question is of; None where none is, or two are alike.

    `view`: the goods it is asked of; `sold`: whether a word names goods of the shop; `home`: the shop's own places,
    which are no other region.
    """
    said = [one for one in items_of(question) if not one.names & home]
    if not said or not entries:
        return None
    wordings = [(entry.q.all(), entry.a.all()) for entry in entries]
    read = [_read(q, a) for q, a in wordings]
    weight = _weights(tuple(wordings))
    most = math.log(1 + len(entries)) + 0.5
    about = items_of(view)
    ranked = []
    for at, (asked, answered) in enumerate(read):
        met = [(one, _met(one, asked, answered, weight, most)) for one in said]
        score = sum(found for _, found in met)
        whole = sum(found or most * _part(one) for one, found in met)
        near = score + sum(_met(one, asked, answered, weight, most) for one in about)
        in_question = [one for one, found in met if found and one.names & asked]
        ranked.append((near, score / whole if whole else 0.0, in_question, at))
    ranked.sort(key=lambda one: -one[0])
    near, told, in_question, at = ranked[0]
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    if not near or near < second * _LEAD or told < _COVERED or not in_question:
        return _of_sending(entries, said)
    if all(one.names <= _OF_THINGS for one in in_question):
        return None  # "is the bow included?" is not answered by what is said of a case
    beside = [one for one in in_question if not _sending(one)]
    sends = all(not one.matter or _sending(one) for one in in_question) and len(beside) < len(in_question)
    if sends and not (beside and any("?region" in one.names for one in said)):
        return None  # where goods go is told by the regions of the shop: only what else is said of some is here
    lasts = any(one.names <= _HOW_LONG for one in in_question)
    if lasts and (len(in_question) == 1 or any(_sending(one) and one not in in_question for one in said)):
        return None  # "in how many days does it come?"
    things = [one for one in in_question if one.thing or any(map(sold, one.words))]
    matters = any(one.matter or one not in things for one in in_question)
    return Near(entries[at], told, matters, len(things), sends)


def _of_sending(entries: Sequence[Faq], said: Sequence[Item]) -> Near | None:
    """The one entry that asks of nothing but the sending of goods which a question names, beside another region.

    However else they are described: "40 day-old broiler chicks to Tashkent".
    """
    if not any("?region" in one.names for one in said) or not any("?sends" in one.names for one in said):
        return None
    goods = [one for one in said if not one.matter]
    found = dict[str, Near]()
    for entry in entries:
        for wording in map(items_of, entry.q.all()):
            only = any("?sends" in one.names for one in wording) and all(
                _sending(one) or not one.matter for one in wording
            )
            named = [one for one in goods if any(one.names & other.names for other in wording if not other.matter)]
            if only and named and len(wording) <= _FEW and not any(one.names & _TIMES for one in wording):
                found[entry.id] = Near(entry, 1.0, True, len(named), True)
    return next(iter(found.values())) if len(found) == 1 else None


@lru_cache(maxsize=4096)  # a shop's own questions are read each turn
def items_of(text: str) -> tuple[Item, ...]:
    """What a text speaks of, each once."""
    from agent.brain_rules.intents import which_size
    from agent.brain_rules.lexicon import index, keys
    from agent.brain_rules.text import tokens

    parts = tokens(text)
    found, taken = dict[Feature, Item](), {part.start for part in parts if part.key in keys("questions", "wh")}
    for place in places_of(text):
        taken |= {part.start for part in parts if place.start <= part.start < place.end}
        where = _PLACE | towns_of(text[place.start : place.end])
        found[where] = Item(where, matter=True)
    of_word, placed = dict[int, set[str]](), [(one.start, one.end) for one in places_of(text)]
    for name in ("matters", "asked"):  # a word of both lists is one matter
        for met in index(name).find(parts):
            if any(start <= parts[met.first].start < end for start, end in placed):
                continue
            of_word.setdefault(parts[met.first].start, set()).add(f"?{met.name}")
            taken |= {part.start for part in parts[met.first : met.past]}
    for each in of_word.values():
        if meant := frozenset(each - {"?light"}):
            found[meant] = Item(meant, matter=True)
    if which_size(parts):
        found[_SIZE] = Item(_SIZE, matter=True)
    for first, past in _how_long(parts):
        found[_HOW_LONG] = Item(_HOW_LONG, matter=True)
        taken |= {part.start for part in parts[first:past]}
    for unit in units_of(text):
        words = [word for word in unit.words if word.key not in load().filler and len(word.key) > 1]
        if unit.kind in ("number", "color", "audience") or not words or any(word.start in taken for word in words):
            continue
        names = set(unit.concepts)
        for name in unit.concepts:
            names |= {one for one in load().concepts[name].above if load().concepts[one].above}  # no whole trade
        for word in words:
            names |= {stem(word.key), _CASE.sub("", word.key)} | (
                {f"{word.key[:_OPENING]}-"} if len(word.key) > _OPENING else set()
            )
        found[frozenset(names)] = Item(frozenset(names), tuple(word.key for word in words), unit.kind == "goods")
    return tuple(found.values())


def _how_long(parts: Sequence[Token]) -> list[tuple[int, int]]:
    """Where a time is asked for, how many of its units: `necha kun`, `сколько минут`, `for how many hours`."""
    from agent.brain_rules.lexicon import keys

    asking = keys("questions", "how_many") | keys("questions", "how_much")
    pairs = pairwise(parts)
    times = keys("questions", "times")
    return [(at, at + 2) for at, (one, after) in enumerate(pairs) if one.key in asking and after.key in times]


def towns_of(text: str) -> Feature:
    """The names of the towns of a text, none of whole regions."""
    towns = [one for one in places_of(text) if not (one.whole or one.outside)]
    return frozenset("@" + "-".join((one.region, *one.name)) for one in towns)


def names_of(*texts: str) -> Feature:
    """All names of what some texts speak of."""
    return frozenset(name for text in texts for one in items_of(text) for name in one.names)


@lru_cache(maxsize=4096)
def _read(questions: tuple[str, ...], answers: tuple[str, ...]) -> tuple[Feature, Feature]:
    return names_of(*questions), names_of(*answers) - _PLACE


@lru_cache(maxsize=64)
def _weights(wordings: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]) -> dict[str, float]:
    """How much each name tells: the fewer entries speak of it, the more."""
    counted: dict[str, int] = {}
    for questions, answers in wordings:
        asked, answered = _read(questions, answers)
        for name in asked | answered:
            counted[name] = counted.get(name, 0) + 1
    return {name: math.log((1 + len(wordings)) / many) + 0.5 for name, many in counted.items()}


def _sending(one: Item) -> bool:
    return one.matter and bool(one.names & _SENDING)


def _part(one: Item) -> float:
    return _THING if one.thing else 1.0


def _met(one: Item, asked: Feature, answered: Feature, weight: dict[str, float], most: float) -> float:
    """How much an item speaks for an entry."""
    in_asked = max((weight[name] for name in one.names & asked), default=0.0)
    in_answer = max((weight[name] for name in one.names & answered), default=0.0)
    return max(in_asked, in_answer * _IN_ANSWER) * _part(one)
