"""Jars, boxes, bottles: what a thing comes in and is counted by, unless they are what is sold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from shop.fold import Word, singular, stem, words
from shop.lexicon import containers, load
from shop.search.units import Unit

_INTO = frozenset(("в", "во", "in", "v"))
_IN_IT = ("da", "dagi")  # bankada, qutidagi
_CALLED, _LIGHT = 0.8, 0.1
_APART = frozenset(",(/+")


@cache
def _stems() -> frozenset[str]:
    return frozenset(map(stem, containers()))


@lru_cache(maxsize=65536)
def is_container(key: str) -> bool:
    """Whether a word says in what something is packed: banka, баночек, jars."""
    return stem(key) in _stems() or singular(key) in _stems()


def only_of(unit: Unit) -> bool:
    """Whether a unit is nothing but a container."""
    return len(unit.words) == 1 and is_container(unit.words[0].key)


@lru_cache(maxsize=65536)
def packed_in(title: str) -> frozenset[int]:
    """Where the words of a title begin that say in what the thing is packed: `... 500 g bankada`, `..., коробка 10 кг`.

    The thing itself is never one: `Karton quti`, `Бутылка для масла 1 л`.
    """
    own = words(title)
    found = {word.start for at, word in enumerate(own) if at and is_container(word.key) and _beside(title, own, at)}
    return frozenset(found)


def _beside(title: str, own: Sequence[Word], at: int) -> bool:
    """Whether the container at `at` is told of something before it, by its ending, `в`, a pause, a measure."""
    if own[at].key.endswith(_IN_IT):
        return True
    if any(word.text.lower() in _INTO for word in own[1:at]):
        return True
    if any(mark in _APART for one, after in pairwise(own[: at + 1]) for mark in title[one.end : after.start]):
        return True
    return at > 2 and bool(load().unit(own[at - 1].key)) and own[at - 2].key.isdigit()


def put_into(text: str, content: Sequence[Unit]) -> list[int]:
    """Which units of a question say in what something is to come: `qutida bering`, `в банках`."""
    before = {after.start for one, after in pairwise(words(text)) if one.text.lower() in _INTO}
    own = [at for at, unit in enumerate(content) if only_of(unit)]
    return [at for at in own if content[at].start in before or content[at].words[0].key.endswith(_IN_IT)]


def weights(content: Sequence[Unit], vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """How much of its weight each unit keeps: a container says little where nothing is called so, or beside a thing.

    `мёд 1 банка` asks for honey though jars are sold too; both words of `стеклянная банка` name the jar.
    """
    kept = np.ones(len(content))
    for at, unit in enumerate(content):
        if not only_of(unit):
            continue
        own = vectors[at] >= _CALLED
        others = [vectors[one] for one, other in enumerate(content) if one != at and not only_of(other)]
        sold = [one >= _CALLED for one in others if (one >= _CALLED).any()]
        if not own.any() or (sold and not any((one & own).any() for one in sold)):
            kept[at] = _LIGHT
    return kept


def told_apart(content: Sequence[Unit], vectors: NDArray[np.float32], told: float) -> None:
    """`5 packs of paper`: where of what is called so only some is `told` to come in packs, the word means that."""
    things = [vectors[at] >= _CALLED for at, unit in enumerate(content) if not only_of(unit)]
    for at in (at for at, unit in enumerate(content) if only_of(unit) and vectors[at].max() <= np.float32(told)):
        own = vectors[at] == np.float32(told)
        if any((one & own).any() and (one & ~own).any() for one in things):
            vectors[at] = np.where(own, np.float32(_CALLED), 0)
