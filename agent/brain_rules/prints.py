"""Work that is sold as a thing: `krujkaga rasm chiqarish`, `a logo printed on caps`, `имя на кошельке выгравировать`.

The mug with a picture is asked for, else the work itself, where the shop sells one of them; no plain mug is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from agent.brain_rules.choosing import MOST, by_words
from agent.brain_rules.lexicon import index, keys
from agent.brain_rules.mention import Mention
from agent.brain_rules.naming import ALIKE
from agent.brain_rules.piece import Piece
from agent.brain_rules.stripped import without_wants
from agent.brain_rules.text import Token, blank, tokens
from shop.catalogue import Product
from shop.search import Hit
from shop.shops import Shop

_PUT = "put"
PRINTED = "printed"  # an act of goods that come with what is wanted on them
_LEAST = 0.6  # how well the thing alone is to be found


def own_print(said: Sequence[Token]) -> frozenset[str]:
    """What is wanted to be put on something: "picture", "text"; nothing where no such work is spoken of."""
    names = {one.name for one in index("prints").find(said)}
    return frozenset(names - {_PUT} if _PUT in names else ())


def printed_on(shop: Shop, piece: Piece) -> Mention | None:
    """The things that come with what is wanted on them, else the work that is sold for that; None for neither."""
    wanted = own_print(piece.tokens)
    if not wanted:
        return None
    start = piece.tokens[0].start
    work = [
        (piece.tokens[one.first].start - start, piece.tokens[one.past - 1].end - start)
        for one in index("prints").find(piece.tokens)
    ]
    thing = without_wants(piece, blank(piece.said, work, " "))
    found = shop.search.find(thing, MOST)
    hits = [one for one in found if one.score >= max(_LEAST, ALIKE * found[0].score)]
    own = [one for one in hits if wanted & _comes_with(shop.products[one.sku])]
    if hits and not own:
        own = _works(shop, " ".join(piece.said[first:past] for first, past in work), wanted)
    if not own:
        return None
    skus = by_words(shop, piece.said, [one.sku for one in own])
    places = [(a + start, b + start) for a, b in hits[0].spans]
    named = Piece(piece.text, piece.tokens, piece.met, places)
    at = {one.start for one in piece.tokens if any(a + start <= one.start < b + start for a, b in work)}
    acts = {one.name for one in piece.met if piece.tokens[one.first].start not in at}
    return Mention(skus, [named], acts | {PRINTED}, len(skus) == 1)


def _works(shop: Shop, said: str, wanted: frozenset[str]) -> list[Hit]:
    found = shop.search.find(said, MOST)
    return [
        one
        for one in found
        if one.score >= max(_LEAST, ALIKE * found[0].score) and _is_work(shop.products[one.sku], wanted)
    ]


def _comes_with(product: Product) -> frozenset[str]:
    return _told(product.title_uz) | _told(product.title_ru)


def _is_work(product: Product, wanted: frozenset[str]) -> bool:
    told = _comes_with(product)
    return _PUT in told and bool(wanted & told)


@lru_cache(maxsize=2048)  # titles of what a message may mean where such work is spoken of
def _told(title: str) -> frozenset[str]:
    said = tokens(title)
    without = {at + 1 for at, one in enumerate(said) if one.key in keys("questions", "without")}
    return frozenset(one.name for one in index("prints").find(said) if one.first not in without)
