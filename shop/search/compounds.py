"""Names of things that are made of two words: аромасвеча is a свеча, a folding chair may be told in two words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shop.fold import words
from shop.lexicon import Lexicon
from shop.search.fuzzy import Fuzzy
from shop.search.titles import is_adjective
from shop.search.units import Unit, units

_COMPOUND = 0.85
_CALLED_SO, _TITLED = 0.5, 0.95  # how well a product has a word; ... in its title


def tail(key: str, lexicon: Lexicon, rare: Fuzzy) -> list[tuple[str, float]]:
    """A thing that a compound ends with, as (word, likeness): аромасвеча is a свеча."""
    for start in range(3, len(key) - 4):
        if key[start:] in lexicon.rare and key[start:] not in rare.keys:
            continue
        concepts = lexicon.by_keys.get((key[start:],), set())
        if any(lexicon.concepts[name].kind == "goods" for name in concepts):
            return [(key[start:], _COMPOUND)]
    return []


def apart(
    said: Sequence[Unit], lexicon: Lexicon, sold: frozenset[str], vector: Callable[[Unit], NDArray[np.float32]]
) -> list[Unit]:
    """`said`, the words of `folding chair` apart where nothing is called so and a chair is told to be folding."""
    return [one for unit in said for one in _apart(unit, lexicon, sold, vector)]


_FOR = re.compile(r"\b([^\W\d_]+) for (?:(?:an?|the|my|our|your) )?([^\W\d_]+)\b", re.IGNORECASE)


def turned(text: str, said: Sequence[Unit], lexicon: Lexicon) -> list[Unit]:
    """`said` with `wheel for a hamster` as the one thing that a hamster wheel is, where the lexicon knows that."""
    found = list(said)
    for phrase in _FOR.finditer(text):
        thing, whose = (next(iter(words(phrase[at])), None) for at in (1, 2))
        concepts = lexicon.meanings((whose.key, thing.key)) if thing and whose else set()
        if thing and any(lexicon.concepts[name].kind == "goods" for name in concepts):
            word = thing._replace(start=phrase.start(1), end=phrase.end(1))
            found = [one for one in found if not phrase.start() <= one.start < phrase.end()]
            found.append(Unit((word,), "goods", frozenset(concepts)))
    return sorted(found, key=lambda one: one.start)


def _apart(
    unit: Unit, lexicon: Lexicon, sold: frozenset[str], vector: Callable[[Unit], NDArray[np.float32]]
) -> list[Unit]:
    if len(unit.words) == 1 or unit.kind != "goods":
        return [unit]
    if told := _more_than_needed(unit, lexicon, sold, vector):
        return told
    if vector(unit).max(initial=0) >= _CALLED_SO:
        return [unit]
    each = [one for word in unit.words for one in units(word.text, lexicon, sold)]
    if len(each) != len(unit.words) or not any(one.kind == "word" and one.concepts for one in each):
        return [unit]
    own = [replace(one, words=(word,)) for one, word in zip(each, unit.words, strict=True)]
    both = np.min([vector(one) for one in own], axis=0)
    return own if both.max(initial=0) >= _CALLED_SO else [unit]


def _more_than_needed(
    unit: Unit, lexicon: Lexicon, sold: frozenset[str], vector: Callable[[Unit], NDArray[np.float32]]
) -> list[Unit]:
    """`quail eggs` are called eggs too: a first word with a meaning of its own says which; [] where all are needed.

    Titles are in two languages; `potting`, which means nothing here, would be found only where English is told too.
    """
    first, rest = unit.words[0], unit.words[1:]
    concepts = lexicon.meanings(tuple(word.key for word in rest))
    alone = units(first.text, lexicon, sold)
    if concepts != unit.concepts or not alone:  # a box may be of other things than a gift box is
        return []
    which = replace(alone[0], words=(first,), kind="trait")
    has = vector(which).max(initial=0)
    told = has > 0 if which.concepts else has >= _TITLED and is_adjective(which)
    return [which, replace(unit, words=rest, concepts=frozenset(concepts))] if told else []


def not_sold(unit: Unit, *, named: bool) -> Unit:
    """What a thing that is not sold here means beside another: `mashinali` how that is.

    What only looks like a slip of one is a word that nothing is known of where another is `named`: construction is no
    constructor beside a helmet.
    """
    if unit.words[-1].key.endswith(("li", "lisi", "lisidan")):
        return replace(unit, kind="trait")
    return replace(unit, kind="word", concepts=frozenset(), trust=1.0) if named and unit.trust < 1 else unit
