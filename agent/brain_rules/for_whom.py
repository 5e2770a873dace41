"""For which people a thing is told to be: `ayollarnikidan`, `the men's one`, and what the titles say of that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from shop.catalogue import Product
from shop.search.units import units_of
from shop.shops import Shop

_THEIRS = re.compile(r"(?<=\w{3})(?:niki|ники)\w*", re.IGNORECASE)  # the women's one, with any ending


def for_whom(shop: Shop, said: str, skus: Sequence[str]) -> list[str]:
    """Of several things those for the people that are said, where each is for some: the women's of two robes; or []."""
    people = people_of(said)
    if not people:
        return []
    whom = {sku: people_served(shop.products[sku]) for sku in skus}
    return [sku for sku in skus if people & whom[sku]] if all(whom.values()) else []


@lru_cache(maxsize=4096)  # a list is held against each part of the message
def people_served(product: Product) -> frozenset[str]:
    """The people that a product's titles say it is for."""
    return people_of(f"{product.title_uz}, {product.title_ru}")


def people_of(text: str) -> frozenset[str]:
    """The people that a text says something is for, as names of the lexicon."""
    named = units_of(_THEIRS.sub("", text))
    return frozenset(name for unit in named if unit.kind == "audience" for name in unit.concepts)
