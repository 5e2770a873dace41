"""Measures as people say them: `2 kg`, `yarim kilolik`, `пол литра`, `500 гр`; two spellings of one weight are one.

A measure is (how much, base unit): half a kilo is (500.0, "g"), as 500 grams are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from agent.brain_rules.lexicon import keys
from agent.brain_rules.numbers import is_pieces, numbers, so_big
from agent.brain_rules.text import Token, tokens
from shop.lexicon import load

Measure = tuple[float, str]
_BASE = {
    "kg": (1000.0, "g"),
    "l": (1000.0, "ml"),
    "m": (100.0, "sm"),
    "mm": (0.1, "sm"),
    "tb": (1000.0, "gb"),
    "kilovatt": (1000.0, "w"),
}
_TIMES = frozenset({"yosh", "oy"})  # ages are no measures
_SO_MANY = "tali"  # the key of -talik, -taligi
_SO_BIG = frozenset(("lik", "ligi", "ligidan", "ligini", "likdan", "likni"))  # "20 lik": what its title calls 20
_LONG_OR_HEAVY = frozenset({"sm", "g", "ml"})
_MILLIMETRES = ("mm", "мм")  # a key has no double letters: they would be metres
_MILLI, _ONLY_MILLI = "milli", re.compile(r"mil(?!ilit)")  # of rope millimetres, of cream millilitres
_BY_THE = "lab"  # metrlab, kilolab
_HALF_OF = "pol"  # полкило, поллитра


def measures(said: Sequence[Token], *, of_title: bool = False) -> list[tuple[int, int, Measure]]:
    """Every measure with its place: [first, past). `25 talik` is one; "25 ta" is so much only in a title."""
    return list(_measures(tuple(said), of_title))


def of_one(said: Sequence[Token]) -> list[tuple[int, int, Measure]]:
    """`килограмм возьму`, `kilolisidan`: a kilo or a litre without a number, where no other measure is told, is one."""
    alone = [at for at, token in enumerate(said) if token.kind == "word" and _unit(token.key) in ("kg", "l")]
    return [(at, at + 1, _measure(1.0, _unit(said[at].key))) for at in alone[:1]] if not measures(said) else []


@lru_cache(maxsize=256)  # as the numbers: a turn asks for those of one piece a dozen times
def _measures(said: tuple[Token, ...], of_title: bool) -> list[tuple[int, int, Measure]]:
    spoken = {one.first: one for one in numbers(said)}
    found: list[tuple[int, int, Measure]] = []
    at = 0
    while at < len(said):
        value, past = _value(said, at, spoken[at].past if at in spoken else at + 1)
        if at in spoken and value is None and spoken[at].words:
            value = float(spoken[at].value)
        half = said[at].key.removeprefix(_HALF_OF)
        if half != said[at].key and _unit(half):
            found.append((at, at + 1, _measure(0.5, _unit(half))))
        elif so_big(said[at]) and not of_title:
            found.append((at, at + 1, (float(so_big(said[at])), "")))
        elif value is not None and past < len(said) and said[past].key in _SO_BIG and not of_title:
            found.append((at, past + 1, (value, "")))
            past += 1
        elif value is not None and past < len(said) and (unit := _unit_of(said[past])):
            found.append((at, past + 1, _measure(value, unit)))
            past += 1
        elif (
            value is not None and past < len(said) and (is_of_so_many(said, past) or (of_title and _pieces(said, past)))
        ):
            found.append((at, past + 1, (value, "pieces")))
            past += 1
        at = max(past, at + 1)
    return found


def _value(said: Sequence[Token], at: int, past: int) -> tuple[float | None, int]:
    """A number in digits, a half, one and a half; and where it ends."""
    token = said[at]
    if token.kind == "number":
        return float(token.text.replace(",", ".")), at + 1
    if token.key in keys("numbers", "half"):
        article = at + 1 < len(said) and said[at + 1].text.lower() in ("a", "an", "of")
        return 0.5, at + 1 + article
    if token.key in keys("numbers", "one_and_half"):
        return 1.5, at + 1
    if past < len(said) and said[past].text.lower() == "half":
        return None, past  # "one half kilo"
    if past < len(said) and said[past].key in keys("numbers", "half") and past > at:
        whole = numbers(said[at:past])
        return (whole[0].value + 0.5, past + 1) if whole else (None, past)
    return None, past


def is_so_big(said: Sequence[Token], at: int) -> bool:
    """`20 lik`: the number before it is what the thing is called by."""
    return at < len(said) and said[at].key in _SO_BIG


def is_of_so_many(said: Sequence[Token], at: int) -> bool:
    """`talik`, `taligidan`: of so many pieces; how many are wanted is another number."""
    return at < len(said) and said[at].key.startswith(_SO_MANY)


def _pieces(said: Sequence[Token], at: int) -> bool:
    return is_pieces(said[at].key)


def _unit(key: str) -> str:
    unit = load().unit(key)
    return "" if unit in _TIMES else unit


def _unit_of(token: Token) -> str:
    unit = _unit(token.key)
    if token.text.lower() in _MILLIMETRES:
        return "mm"
    return _MILLI if unit == "ml" and _ONLY_MILLI.match(token.key) else unit


def _measure(value: float, unit: str) -> Measure:
    times, base = _BASE.get(unit, (1.0, unit))
    return round(value * times, 3), base


@lru_cache(maxsize=65536)
def of_text(text: str) -> frozenset[Measure]:
    """The measures that stand in a title or a size."""
    return frozenset(one for _, _, one in measures(tokens(text), of_title=True))


@lru_cache(maxsize=65536)
def _numbered(text: str) -> frozenset[Measure]:
    """The numbers of a title or a size, for what is called by a number alone."""
    return frozenset((float(one.number), "") for one in tokens(text) if one.number is not None)


def as_size(said: Sequence[Token], at: int, sizes: Sequence[str]) -> tuple[str, int]:
    """The one of `sizes` that measures so much, in whatever unit (`2 kilovatt` is "2000 Vt"), and its tokens."""
    if at + 1 >= len(said) or not _unit(said[at + 1].key):
        return "", 0
    found = measures(said[at : at + 2])
    fits = [size for size in sizes if measured(found, [size])]
    return (fits[0], 2) if len(fits) == 1 else ("", 0)


def measured(found: Sequence[tuple[int, int, Measure]], texts: Sequence[str]) -> tuple[int, int] | None:
    """Where the first of `measures` stands that one of a product's titles or sizes has: `8 litrli`, `20W`."""
    have = frozenset[Measure]().union(*map(of_text, texts))
    if any(not unit for _, _, (_, unit) in found):
        have = have.union(*map(_numbered, texts))
    if any(unit == _MILLI for _, _, (_, unit) in found):
        have |= {(round(10 * value, 3) if unit == "sm" else value, _MILLI) for value, unit in have}
    return next(((first, past) for first, past, one in found if one in have), None)


def own_measure(said: Sequence[Token], at: int, texts: Sequence[str]) -> bool:
    """Whether the number at `at` with its unit is the measure of the thing itself: `2 кг` of "Торт 2 кг"."""
    spoken = next((one.past for one in numbers(said) if one.first == at), at + 1)
    return measured(measures(said[at : spoken + 1]), texts) is not None


def of_its_size(said: Sequence[Token], first: int, past: int, texts: Sequence[str]) -> bool:
    """Whether tokens [first, past) and a unit say which one is meant: `2 metre` where titles say 3 m; not how many."""
    if sold_by(said, past, texts):
        return False
    own = {unit for text in texts for _, unit in of_text(text)} & _LONG_OR_HEAVY
    return any(unit in own for _, _, (_, unit) in measures(said[first : past + 1]))


def sold_by(said: Sequence[Token], at: int, texts: Sequence[str]) -> bool:
    """Whether the unit at `at` is the one that the thing is sold by: `10 kilo` of "Mix, 1 kg", of "Mix, kilolab"."""
    if at >= len(said) or said[at].text.lower() in _MILLIMETRES:
        return False
    unit = load().units.get(said[at].key, "")  # "2 kilolik" says which, not how much
    return bool(unit) and any(unit in _sold_one_of(text) for text in texts)


@lru_cache(maxsize=65536)
def _sold_one_of(text: str) -> frozenset[str]:
    """The units that a title says its thing is sold by one of: "1 kg", "metrlab", "за метр", "на развес"."""
    said, found = tokens(text), set()
    for at, token in enumerate(said):
        by_itself = token.key.removesuffix(_BY_THE)
        if at and (said[at - 1].text == "1" or said[at - 1].key in keys("measures", "for_each")):
            found.add(load().unit(token.key))
        elif by_itself != token.key:
            found.add(load().unit(by_itself))
        found |= {unit for unit in ("m", "kg", "l") if token.key in keys("measures", f"by_{unit}")}
    return frozenset(found - {""})


def only_measures(titles: Sequence[str], value: int) -> bool:
    """Whether a number stands in these titles, and each time before a unit: `3 starter profiles` of `profili 3 m`."""
    said = [tokens(title) for title in titles]
    behind = [one[at + 1 : at + 2] for one in said for at, token in enumerate(one) if token.number == value]
    return bool(behind) and all(after and _unit(after[0].key) for after in behind)
