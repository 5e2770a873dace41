"""Words that tell kinds of one thing apart (flavours, shapes, stuffs), in three languages: danaksiz is `pitted`.

Knows words alone; which of them a product comes in is read in sizes.py and hues.py.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

from agent.brain_rules.lexicon import read
from shop.fold import fold_word as key
from shop.fold import singular, stem
from shop.lexicon import load

_LOAN = 5  # letters
_ADJECTIVE = re.compile(r"n(?:iy|aya|oe|ie|uyu|ogo|oy|ix|im|om|iye|yy|i)$")
WITH = re.compile(r"li(?:si|sini|sidan|ni|dan|k)?$")  # shokoladli: with chocolate


@lru_cache(maxsize=1)
def _kinds() -> dict[str, frozenset[str]]:
    """Words that tell kinds of a thing apart (flavours, shapes), also without endings -> the names of the kinds.

    One word may be of two: "beans" of coffee are whole, those of a soup are loviya.
    """
    whole, bare = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    ordinary = load().everyday | load().filler
    for part in (read("sizes")["names"], *read("kinds").values()):
        for name, said in part.items():
            for word in map(key, said.split()):
                whole[word].add(name)
                if stem(word) not in ordinary:  # hilli is with cardamom, xil is which
                    bare[stem(word)].add(name)
    return {word: frozenset(names) for word, names in (bare | whole).items()}


@lru_cache(maxsize=65536)
def same_kind(said: str, own: str) -> bool:
    """`карамельный` is "karamelli": keys of words that name one flavour, shape or make in two languages."""
    return not kind(said).isdisjoint(kind(own)) or _of_it(said, own)


def _of_it(said: str, own: str) -> bool:
    """`коньячный` of "konyak": a Russian adjective of a loan word, whose last letter may turn (к, ч)."""
    return len(own) >= _LOAN and said.startswith(own[:-1]) and bool(_ADJECTIVE.search(said))


def is_kind(word: str) -> bool:
    """Whether a word (as a key) tells kinds of a thing apart, and names no thing."""
    return not kind(word).isdisjoint(read("sizes")["names"]) and not load().names_goods((word,))


@lru_cache(maxsize=65536)
def kind(word: str) -> frozenset[str]:
    """The names of the kinds that a word (as a key) may tell, whatever its ending: "karamelli", `карамельный`."""
    spelled = (word, WITH.sub("", word), stem(word), stem(WITH.sub("", word)), singular(word))
    return next((_kinds()[one] for one in spelled if one in _kinds()), frozenset())
