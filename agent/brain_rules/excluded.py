"""What else is said of a thing: what it is not (`a pump, not electric`), what it does, or which two it may be."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain_rules.choosing import MOST, by_clause
from agent.brain_rules.lacking import comes_with, fitting, has, is_without, lacks, name_without, only_lacking
from agent.brain_rules.lexicon import keys, words_of
from agent.brain_rules.mention import Mention
from agent.brain_rules.piece import Hint, Piece
from agent.brain_rules.siblings import sibling
from agent.brain_rules.text import Token, blank
from agent.brain_rules.titles import comes_in, on_one_shelf, stems
from shop.catalogue import Product
from shop.fold import words
from shop.search.units import things_of, units_of
from shop.shops import Shop

_NOT = frozenset(words_of(("not", "не")))
_NOT_BEHIND = frozenset(words_of(("emas",)))
_LEAST = 3  # letters of a word that tells
_AS_GOOD = 0.7  # of the best hit's score
_CALLED_ALIKE = 0.5  # by more than half of the other's title


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
    products = [shop.products[sku] for sku in mention.skus]
    lacking = [one for piece in mention.pieces for one in lacks(piece.tokens) if one in denied]
    had = any(has(one, word) for one in products for word in denied)
    if not had and not any(is_without(one, word) for one in products for word in lacking):
        mention.untold = any(unit.concepts for one in lacking for unit in units_of(one.text))
        return
    left = fitting(shop, [one.sku for one in products if not any(has(one, word) for word in denied)], lacking)
    left = left or _others(shop, mention, denied, lacking) or _kin(shop, mention, lacking)
    if len(left) > 1:
        said = " ".join(blank(piece.text, [(one.start, one.end) for one in denied]) for piece in mention.pieces[:1])
        left = shop.search.tell_apart(said, left)[0] or left
    if left:
        mention.skus, mention.sure = left, len(left) == 1
        mention.acts -= {"not_it", "denied"}
    elif none := [one for one in lacking if all(comes_with(product, one) for product in products)]:
        mention.lacking = mention.pieces[0].text[none[0].start : none[0].end]
        mention.acts -= {"not_it", "denied"}


def _denied(piece: Piece) -> list[Token]:
    """The words of a part that are said not to be true of the thing."""
    said = piece.tokens
    found = lacks(said)
    for at, token in enumerate(said):
        if token.key in _NOT:
            past = at + 1
            while past < len(said) and said[past].key in keys("questions", "between"):
                past += 1
            found += said[past : past + 1]
        elif token.key in _NOT_BEHIND and at:
            found.append(said[at - 1])
    return [one for one in found if one.kind == "word" and len(one.key) >= _LEAST]


def _others(shop: Shop, mention: Mention, denied: Sequence[Token], lacking: Sequence[Token]) -> list[str]:
    """The things of the same name that have none of the words; of these the ones told to lack what is `lacking`."""
    named = next((piece for piece in mention.pieces if piece.named), None)
    if named is None:
        return []
    start, text = named.tokens[0].start, named.said
    gone = [(one.start - start, one.end - start) for one in denied if start <= one.start < start + len(text)]
    hits = shop.search.find(blank(text, gone, " "), MOST, described=True)
    free = [hit for hit in hits if not any(has(shop.products[hit.sku], one) for one in denied)]
    free = [hit for hit in free if hit.score >= _AS_GOOD * hits[0].score]
    return fitting(shop, [hit.sku for hit in free if hit.score >= _AS_GOOD * free[0].score], lacking)


def _kin(shop: Shop, mention: Mention, lacking: Sequence[Token]) -> list[str]:
    """`а без вышивки?` of the thing in view: those called so but for that."""
    if not lacking or not all(only_lacking(piece, piece.named) for piece in mention.pieces):
        return []
    own = shop.products[mention.skus[0]]
    hits = [hit for hit in shop.search.find(name_without(own, lacking), MOST) if hit.sku != own.sku]
    free = [hit for hit in hits if not any(has(shop.products[hit.sku], one) for one in lacking)]
    free = [hit for hit in free if on_one_shelf(own, shop.products[hit.sku]) and hit.score >= _CALLED_ALIKE]
    return fitting(shop, [hit.sku for hit in free if hit.score >= _AS_GOOD * free[0].score], lacking)
