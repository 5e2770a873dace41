"""Goods called by a maker's name alone, where their titles begin with it: `айфон 13`, `samsung bormi`.

Elsewhere the name says what a thing is made for ("Chexol iPhone 13"), and names none by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain_rules.numbers import is_pieces
from agent.brain_rules.text import tokens
from shop.catalogue import Product
from shop.fold import words
from shop.lexicon import load
from shop.search import Hit
from shop.search.units import units_of
from shop.shops import Shop


def called_by_maker(shop: Shop, said: str, hits: Sequence[Hit], *, beside: bool) -> bool:
    """Whether the best hit is called by its maker's name, the first word of its titles.

    `beside`: the talk is about something already, so that its number has to stand behind it too.
    """
    product = shop.products[hits[0].sku]
    named = [unit for a, b in hits[0].spans for unit in units_of(said[a:b])]
    spans = [span for span in hits[0].spans if {one.kind for one in units_of(said[slice(*span)])} == {"name"}]
    if not spans or len(spans) < len(named):
        return False
    return any(_begins(product, said[a:b]) and (not beside or numbered(product, said[b:])) for a, b in spans)


def _begins(product: Product, said: str) -> bool:
    """Whether the titles begin with this name, in whatever alphabet; of "Зарядка Samsung" one does not."""
    known, own = load(), words(said)[-1].key
    names = known.meanings((own,))
    firsts = [word.key for title in (product.title_uz, product.title_ru) for word in words(title)[:1]]
    return all(one == own or known.meanings((one,)) & names for one in firsts)


def numbered(product: Product, after: str) -> bool:
    """Whether a number of the title stands right behind its name: `айфон 13`; `samsung 2 ta` counts."""
    own = tokens(after)
    if not own or own[0].kind != "number":
        return False
    counts = len(own) > 1 and is_pieces(own[1].key)
    return not counts and own[0].key in {word.key for word in words(product.title_uz)}
