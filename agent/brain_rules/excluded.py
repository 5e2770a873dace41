"""What else is said of a thing: what it is not (`a pump, not electric`), what it does, or which two it may be."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.brain_rules.choosing import MOST, by_clause
from agent.brain_rules.lexicon import keys, words_of
from agent.brain_rules.mention import Mention
from agent.brain_rules.piece import Hint, Piece
from agent.brain_rules.siblings import sibling
from agent.brain_rules.text import Token, blank
from agent.brain_rules.titles import comes_in, stems
from shop.catalogue import Product
from shop.fold import stem, words
from shop.lexicon import load
from shop.search.units import things_of
from shop.shops import Shop

_NOT = frozenset(words_of(("not", "не", "without", "без")))
_FREE_OF = re.compile(r"\b(?:без|without)\s+\w+", re.IGNORECASE)
_NOT_BEHIND = frozenset(words_of(("emas",)))
_BETWEEN = frozenset(words_of(("на", "с", "со", "для", "в", "из", "the", "a", "an", "with", "on", "for", "of", "in")))
_LEAST = 3  # letters of a word that tells
_AS_GOOD = 0.7  # of the best hit's score


def sift(shop: Shop, mention: Mention) -> None:
    """Leaves out what is said not to be wanted, keeps what a clause tells, adds the other one of two."""
    _leave_out(shop, mention)
    if len(mention.skus) > 1:
        for piece in filter(tells_of_it, mention.pieces):
            kept = by_clause(shop, piece.said, mention.skus)
            mention.skus, mention.sure = (kept, len(kept) == 1) if kept else (mention.skus, False)
    elif mention.sure:
        _either(shop, mention)


def only_a_look(mention: Mention, product: Product, hint: Hint) -> bool:
    """`one shopper, no beige one`: so many are wanted, and it is a colour or size that is not."""
    said, denied = mention.looks(product, hint)
    return any(look.qty for look in said) and any(look.size or look.color for look in denied)


def tells_of_it(piece: Piece) -> bool:
    """Whether a part is a clause about what is named before it: `чтоб раскладывались`, `that fold`."""
    return piece.tokens[0].key in keys("questions", "so_that")


def _either(shop: Shop, mention: Mention) -> None:
    """`which mouse is quieter, the gaming or the wireless one?`: both are asked about."""
    own = shop.products[mention.skus[0]]
    for piece in mention.pieces[1:]:
        around = (words(piece.text[: piece.tokens[0].start])[-1:], words(piece.text[piece.tokens[-1].end :])[:1])
        if piece.named or not any(one.key in keys("questions", "or") for side in around for one in side):
            continue
        other = sibling(shop, own, piece.text, piece.tokens, piece.met)
        plain = any(one.name == "plain" for one in piece.met)
        kin = other.skus if other else _plainer(shop, own) if plain else []
        if kin:
            shortest = min(kin, key=lambda sku: len(stems(shop.products[sku].title_uz)))
            mention.skus, mention.sure = [*mention.skus, shortest], False
            mention.acts.add("compare")


def _plainer(shop: Shop, own: Product) -> list[str]:
    """Those called as `own` is but for its trait: the tent for four beside the automatic tent for four."""
    named, shelf = stems(own.title_ru), [one for one in shop.products.values() if one.category == own.category]
    return [one.sku for one in shelf if len(stems(one.title_ru)) > 1 and stems(one.title_ru) < named]


def _leave_out(shop: Shop, mention: Mention) -> None:
    """Of what a mention may mean keeps the products that have none of the words said not to be wanted."""
    own = shop.products[mention.skus[0]]
    denied = [one for piece in mention.pieces for one in _denied(piece) if not comes_in(own, one.text)]
    named = [(a, b) for piece in mention.pieces for a, b in piece.named]
    nouns = [one for one in denied if things_of(one.text)]
    whole = named[-1:] if nouns else named
    if "denied" in mention.acts and all(any(a < one.end and one.start < b for one in denied) for a, b in whole):
        return  # "no scarf", "shisha choynak emas": the noun stands last
    if not denied or not any(_has(own, one) for one in denied):
        return
    left = [sku for sku in mention.skus if not any(_has(shop.products[sku], one) for one in denied)]
    left = left or _others(shop, mention, denied)
    if len(left) > 1:
        said = " ".join(blank(piece.text, [(one.start, one.end) for one in denied]) for piece in mention.pieces[:1])
        left = shop.search.tell_apart(said, left)[0] or left
    if left:
        mention.skus, mention.sure = left, len(left) == 1
        mention.acts -= {"not_it", "denied"}


def _denied(piece: Piece) -> list[Token]:
    """The words of a part that are said not to be true of the thing."""
    said = piece.tokens
    found: list[Token] = []
    for at, token in enumerate(said):
        if token.key in _NOT:
            past = at + 1
            while past < len(said) and said[past].key in _BETWEEN:
                past += 1
            found += said[past : past + 1]
        elif token.key in _NOT_BEHIND and at:
            found.append(said[at - 1])
    return [one for one in found if one.kind == "word" and len(one.key) >= _LEAST]


def _has(product: Product, denied: Token) -> bool:
    """Whether the word, or what it means in another language, stands in what the shop wrote of a product."""
    told = _FREE_OF.sub(" ", f"{product.title_uz} {product.title_ru} {product.description}")
    if stem(denied.key) in stems(told):
        return True
    meant = load().meanings((denied.key,))
    return bool(meant) and any(meant & load().meanings((word,)) for word in stems(told))


def _others(shop: Shop, mention: Mention, denied: Sequence[Token]) -> list[str]:
    """The things of the same name that have none of the words."""
    named = next((piece for piece in mention.pieces if piece.named), None)
    if named is None:
        return []
    start, text = named.tokens[0].start, named.said
    gone = [(one.start - start, one.end - start) for one in denied if start <= one.start < start + len(text)]
    hits = shop.search.find(blank(text, gone, " "), MOST, described=True)
    free = [hit for hit in hits if not any(_has(shop.products[hit.sku], one) for one in denied)]
    free = [hit for hit in free if hit.score >= _AS_GOOD * hits[0].score]
    return [hit.sku for hit in free if hit.score >= _AS_GOOD * free[0].score]
