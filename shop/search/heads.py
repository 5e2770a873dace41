"""What a text asks for, beside what it only speaks of: the thing itself before all that shares its other words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from shop.catalogue.product import Product
from shop.fold import words
from shop.lexicon import Lexicon
from shop.search.learned import UMBRELLA
from shop.search.units import Unit, tells_how

Vector = NDArray[np.float32]
OF_TITLE = 0.9  # how well a product has what its title says
_ITSELF = 0.95  # ... and is it, rather than goes with it
NAMED, _MENTIONED = 0.5, 0.35  # by a title, by a description at least
_HOW_IT_IS = 0.88
_ELSE = 0.8  # of what goes with the thing, or shares its other words
_ONLY_TRAITS = 0.6  # "qishki bormi" suggests, it does not name
_ONLY_GUESSED = 0.85  # nothing but a near spelling speaks for it
_SHORTEST = 3  # letters


def everyday(products: Iterable[Product], lexicon: Lexicon) -> frozenset[str]:
    """Keys that say nothing elsewhere and are things by these titles: `som` is money, and a fish; moyi is of oil."""
    found = set()
    for product in products:
        own, other = words(product.title_uz), words(product.title_ru)
        if own and other and own[0].key == other[0].key:
            found.add(own[0].key)
        found |= {word.key[:-1] for word in own if word.key.endswith("i") and len(word.key) > _SHORTEST}
    return frozenset(key for key in found & lexicon.filler if len(key) >= _SHORTEST)


def gate(content: Sequence[Unit], vectors: Vector) -> Vector:
    """How far each product is what `content` names: a men's shirt is no men's bag, a tyre for a van no tube for one."""
    things = [at for at, unit in enumerate(content) if unit.kind == "goods"]
    how = {at for at, unit in enumerate(content) if things and tells_how(unit)}
    named = [at for at, unit in enumerate(content) if unit.kind in ("goods", "name", "word") and at not in how]
    if not named:
        return np.full(vectors.shape[1], _ONLY_TRAITS, dtype=np.float32)
    best = vectors[named].max(axis=0)
    told = vectors[sorted(how)].max(axis=0, initial=0) >= _HOW_IT_IS
    sure = np.where((best >= OF_TITLE) | (told & (best >= UMBRELLA * 0.96)), 1.0, _ONLY_GUESSED)
    thing = vectors[things].max(axis=0, initial=0)
    if thing.max(initial=0) >= OF_TITLE:
        others = vectors[[at for at in named if at not in things]] >= NAMED
        shared = (others & (thing >= NAMED)).any(axis=1)  # "the X10 scooter" where no scooter has that name is an X10
        its_own = others[~shared].any(axis=0) & ~others[shared].any(axis=0)
        sure *= np.where((thing >= _MENTIONED) | its_own, 1.0, _ELSE)
    return np.where(best >= NAMED, sure, 0.3 if things else sure).astype(np.float32)


def not_for_itself(vectors: Vector, beside: NDArray[np.bool_]) -> Vector:
    """Less for what the thing is asked for, where something else is the thing: a mattress for a cot is no cot.

    What all the rest names is the thing itself, though it is called by what it is for too: a massage pillow for necks.
    """
    if not beside.any():
        return np.ones(vectors.shape[1], dtype=np.float32)
    rest = vectors[~beside]
    itself = (vectors[beside].max(axis=0) >= _ITSELF) & ((rest < OF_TITLE).any(axis=0) | (not len(rest)))
    other = rest.max(axis=0, initial=0) >= OF_TITLE
    return np.where(itself & (other & ~itself).any(), _ELSE, 1.0).astype(np.float32)
