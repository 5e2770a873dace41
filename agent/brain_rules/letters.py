"""What a long letter is about: the goods that it orders, asks for or counts, amid stories of all kinds."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain_rules.called_whole import names_whole
from agent.brain_rules.choosing import MOST, best_of
from agent.brain_rules.goods import called_by, goods, joined
from agent.brain_rules.lexicon import Met
from agent.brain_rules.mention import Goods, Mention, piece_of
from agent.brain_rules.named import believed
from agent.brain_rules.naming import names_a_thing
from agent.brain_rules.piece import Hint
from agent.brain_rules.segments import segments_of
from agent.brain_rules.text import Token, parted
from agent.brain_rules.titles import spelled_so
from shop.shops import Shop

_SURE = 0.7  # in a long letter a product must be named this well
_LETTER_ASKS = frozenset({"order", "available"})


def letter(
    shop: Shop, text: str, tokens: Sequence[Token], met: Sequence[Met], liked: Sequence[str], hint: Hint
) -> Goods:
    """What a long letter is about: the product its parts speak of most. Its sizes and numbers may be of anything."""
    cut = [piece_of(text, tokens, met, first, past) for first, past in parted(tokens, ("stop", "line"))]
    asking = [part for part in cut if any(one.name in _LETTER_ASKS for one in part.met)]  # the others tell stories
    named = [one for part in asking for one in goods(shop, text, part.tokens, part.met, liked, hint).mentions]
    named = [one for one in named if one.sure and _ordered(shop, one)]
    counting = [part for part in cut if part.numbers]  # "I saw a rug at yours, one of it, and two pillows"
    each = [goods(shop, text, part.tokens, part.met, liked, hint).mentions for part in counting]
    each = [[one for one in found if one.sure and _ordered(shop, one)] for found in each]
    each = [found for found in each if any(_counted(shop, one, hint) for one in found)]
    told = [one for found in each for one in found if _counted(shop, one, hint) or _is_thing(one)]
    known = [one for one in named if "order" in one.acts] if told else named
    mentions = joined([*known, *(one for one in told if not any(one.skus == other.skus for other in known))])
    if mentions:
        return Goods(mentions, [])
    weights: dict[str, float] = {}
    for first, past, _ in segments_of(shop, text, tokens, met):
        said = text[tokens[first].start : tokens[past - 1].end]
        hits = shop.search.find(said, MOST)
        if hits and believed(hits[0], first=True) and names_a_thing(said, hits[0].spans):
            chosen = best_of(hits, liked)
            for sku in chosen:  # a word that fits two products says half as much for each
                weights[sku] = weights.get(sku, 0.0) + hits[0].score / len(chosen)
    best = max(weights, key=lambda sku: weights[sku], default="")
    if not best or weights[best] < _SURE:
        return Goods([], [])
    return Goods([Mention([best], [], {"order"})], [])


def _is_thing(mention: Mention) -> bool:
    """Whether it is called by what kind of goods it is: "в общем" calls no copybook, though one is "общая"."""
    return any(one.kind == "goods" for one in called_by(mention))


def _counted(shop: Shop, mention: Mention, hint: Hint) -> bool:
    """Whether a thing of a letter is called by its name, and so many of it."""
    said, _ = mention.looks(shop.products[mention.skus[0]], hint)
    return _ordered(shop, mention) and any(look.qty for look in said)


def _ordered(shop: Shop, mention: Mention) -> bool:
    """Whether a thing of a letter is called by its name."""
    product = shop.products[mention.skus[0]]
    whole = any(names_whole(piece.tokens) for piece in mention.pieces)
    return "denied" not in mention.acts and (
        whole or any(one.kind == "goods" or spelled_so(product, one) for one in called_by(mention))
    )
