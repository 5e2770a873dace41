"""Of the products that a mention may mean, those that its measure, number, model, size or colour tells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from agent.brain_rules.choosing import by_number, by_unit
from agent.brain_rules.measure import measured, measures, of_one
from agent.brain_rules.mention import Mention
from agent.brain_rules.numbers import is_for_many, is_pieces
from agent.brain_rules.piece import Hint, Look
from agent.brain_rules.shown import told_apart
from agent.brain_rules.text import Token, asks_by, tokens
from agent.brain_rules.titles import one_name, titles_of
from shop.catalogue import Product
from shop.fold import stem
from shop.lexicon import load
from shop.search.codes import codes
from shop.shops import Shop

_TELLING = frozenset({"cheapest", "dearest", "biggest", "smallest", "plain"})
_TWO = 2
_SAME = 5  # letters by which канальный and каналов are one


def narrow(shop: Shop, mention: Mention, hint: Hint) -> None:
    """Of several products keeps those that come in the measure, and have the size and colour, that were said."""
    if len(mention.skus) < 2:
        return
    said = [one for piece in mention.pieces for one in measures(piece.tokens) or of_one(piece.tokens)]
    unit = by_unit(shop, mention.skus, [piece.tokens for piece in mention.pieces])
    fit = [unit] if unit else [sku for sku in mention.skus if measured(said, titles_of(shop.products[sku]))]
    if fit:
        mention.skus, mention.sure = fit, len(fit) == 1
    many = {str(one.value) for piece in mention.pieces for one in piece.numbers if is_for_many(piece.tokens, one)}
    fit = [sku for sku in mention.skus if many & _numbers(shop.products[sku])]
    if fit:
        mention.skus, mention.sure = fit, len(fit) == 1
    if not fit and (called := by_number(shop, mention.skus, [piece.tokens for piece in mention.pieces])):
        mention.skus, mention.sure = [called], True
    if told := _of_so_many(shop, mention):
        mention.skus, mention.sure = told, len(told) == 1
    named = {code for piece in mention.pieces for _, _, code in codes(piece.said)}
    fit = [sku for sku in mention.skus if named & models(shop.products[sku])]
    if fit:
        mention.skus, mention.sure = fit, len(fit) == 1
    said_of = {sku: _said_of(shop.products[sku], mention, hint) for sku in mention.skus}
    left = [sku for sku in mention.skus if said_of[sku]]
    # "socks, black, 42": those that have both; a mixed pack has no colours
    left = [sku for sku in left if any(look.size and look.color for look in said_of[sku])] or left
    if left:
        mention.skus, mention.sure = left, len(left) == 1


def _of_so_many(shop: Shop, mention: Mention) -> list[str]:
    """`2 kishilik`, `3 qavatlisi`: those with that number beside that word, where all have one beside it; or []."""
    titles = {sku: {pair for title in titles_of(shop.products[sku]) for pair in _pairs(title)} for sku in mention.skus}
    said = {pair for piece in mention.pieces for pair in _pairs(piece.said)}
    told = {word for _, word in said}
    if not all(told & {word for _, word in pairs} for pairs in titles.values()):
        return []
    return [sku for sku, pairs in titles.items() if said & pairs]


def _pairs(text: str) -> set[tuple[str, str]]:
    """The numbers of a text with the word behind each: ("2", "kishi")."""
    after = pairwise(one for one in tokens(text) if one.text != "-")  # "2-канальный"
    counted = [(one.text, two.key) for one, two in after if one.kind == "number" and two.kind == "word"]
    return {(number, stem(key)[:_SAME]) for number, key in counted if not (is_pieces(key) or load().unit(key))}


def _digits(mention: Mention) -> list[Token]:
    """The numbers that are said of a product in digits."""
    return [token for piece in mention.pieces for token in piece.tokens if token.kind == "number"]


def in_measure(shop: Shop, mention: Mention) -> None:
    """`honey 1 kg and nuts half a kilo`: the pack of that measure, where another one of the same name was found."""
    said = [one for piece in mention.pieces for one in measures(piece.tokens) if one[2][1] not in ("", "pieces")]
    if not mention.sure or len(said) != 1 or measured(said, titles_of(shop.products[mention.skus[0]])):
        return
    own = {
        token.text.replace(",", ".") for title in titles_of(shop.products[mention.skus[0]]) for token in tokens(title)
    }
    if any(token.text.replace(",", ".") in own for token in _digits(mention)):  # "2.1 mi 2.4": both are asked about
        return
    kin = [sku for sku in shop.products if one_name(shop, [mention.skus[0], sku])]
    fit = [sku for sku in kin if measured(said, titles_of(shop.products[sku]))]
    if len(fit) == 1:
        mention.skus = fit


def tell(shop: Shop, mention: Mention, hint: Hint) -> None:
    """Of several products the one that other words of the message tell: "a Dubai abaya, the plain one"."""
    if len(mention.skus) < 2:
        return
    plain = [piece for piece in mention.pieces if "order" in mention.acts and not any(map(asks_by, piece.tokens))]
    for piece in (one for one in plain if any(each.name == "about" for each in one.met)):
        kept, _ = shop.search.tell_apart(piece.said, mention.skus)  # "a strap, please / of real leather"
        if len(kept) == 1:
            mention.skus, mention.sure = kept, True
            return
    if mention.acts & {"compare", "available", "look"} and not _one_of_two(shop, mention):
        return  # what there is of the kind is asked
    telling = [piece for piece in mention.pieces if any(one.name in _TELLING for one in piece.met)]
    told = [told_apart(shop, piece.text, piece.tokens, piece.met, mention.skus, hint) for piece in telling]
    single = {one.skus[0] for one in told if one and len(one.skus) == 1}
    if len(single) == 1:
        mention.skus, mention.sure = list(single), True


def _one_of_two(shop: Shop, mention: Mention) -> bool:
    """`коврик есть? побольше`: of one thing in two measures the big or the small one is asked about."""
    how_big = any(one.name in ("biggest", "smallest") for piece in mention.pieces for one in piece.met)
    two = how_big and "compare" not in mention.acts and len(mention.skus) == _TWO
    return two and one_name(shop, mention.skus)


def _numbers(product: Product) -> set[str]:
    return {token.text for title in titles_of(product) for token in tokens(title) if token.kind == "number"}


def models(product: Product) -> set[str]:
    """The models that the titles of a product name: `X8`."""
    return {code for title in titles_of(product) for _, _, code in codes(title)}


def _said_of(product: Product, mention: Mention, hint: Hint) -> list[Look]:
    """The looks said of a product that comes in all of them; [] else."""
    if not (product.sizes or product.colors):
        return []
    said, _ = mention.looks(product, hint)
    has = all(not look.no_size and not look.no_color for look in said) and _complete(product, said)
    return said if has else []


def _complete(product: Product, said: Sequence[Look]) -> bool:
    """Whether something was said that this product can have (a product without sizes does not fit `42`)."""
    return any(((look.size or look.either) and product.sizes) or (look.color and product.colors) for look in said)
