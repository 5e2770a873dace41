"""What the titles and variants of products say: their words, and whether several are one thing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from agent.brain_rules.kinds import same_kind
from shop import colors
from shop.catalogue import Product
from shop.fold import fold, stem, words
from shop.lexicon import load
from shop.search.titles import joined as joined_in
from shop.search.units import Unit
from shop.shops import Shop

_SHARED = 2  # words
_PART = 5  # letters of a word inside another one


def titles_of(product: Product) -> tuple[str, ...]:
    """Where a measure of a product stands."""
    return (product.title_uz, product.title_ru, *product.sizes)


def titled(product: Product) -> frozenset[str]:
    """The words of a product's titles without their endings."""
    return _of_titles(product.title_uz, product.title_ru)


@lru_cache(maxsize=4096)
def _of_titles(*titles: str) -> frozenset[str]:
    joined = frozenset().union(*map(joined_in, titles))
    return frozenset().union(*map(stems, titles)) | {stem(name) for name in joined}


def stems(text: str) -> set[str]:
    """The words of a text without their endings."""
    return {stem(word.key) for word in words(text)}


def spelled_so(product: Product, unit: Unit) -> bool:
    """Whether a word stands in the product's title, with any ending: a lone word with a slip may be anything."""
    own = titled(product)
    return any(stem(word.key) in own for word in unit.words)


def comes_in(product: Product, said: str) -> bool:
    """Whether a word is one of the colours or flavours that a product comes in."""
    kinds = [word.key for kind in (*product.colors, *product.sizes) for word in words(kind)[:1] if word.key.isalpha()]
    own = fold(said)
    named = any(same_kind(own, kind) or stem(own) == stem(kind) for kind in kinds)
    return named or bool(colors.color_of(said, product.colors))


_LETTERS = frozenset({"XS", "S", "M", "L", "XL", "XXL", "XXXL"})


def letter_of(product: Product) -> str:
    """The letter of size that a title ends or is told by: `Travel M`; "" where there is none or several."""
    found = [word.text for word in words(product.title_uz) if word.text in _LETTERS]
    return found[0] if len(found) == 1 else ""


def one_family(one: Product, other: Product) -> bool:
    """Whether one title is the other with a word more ("Rose", "Rose Intense"; "5 l", "12 l" tell nothing apart)."""
    first, second = _own(one), _own(other)
    return first <= second or second <= first


def akin(one: Product, other: Product) -> bool:
    """Whether two things of a shelf differ in a word or two of their names: a blouse with long sleeves, with short."""
    first, second = _own(one), _own(other)
    alike = len(first & second)
    return one.category == other.category and alike >= _SHARED and 2 * alike >= max(len(first), len(second))


def of_shelf(shop: Shop, own: Product) -> list[str]:
    """Goods of one shelf that share a word of their names, and those whose Russian names begin with one word."""
    others = [one for one in shop.products.values() if one.sku != own.sku]
    kin = [one.sku for one in others if _shares_word(own, one)]
    return [*kin, *(one.sku for one in others if _begins_alike(own, one) and one.sku not in kin)]


def on_one_shelf(one: Product, other: Product) -> bool:
    """Whether two products are of one shelf, as `of_shelf` has it."""
    return one.sku != other.sku and (_shares_word(one, other) or _begins_alike(one, other))


def _shares_word(one: Product, other: Product) -> bool:
    if one.category != other.category:
        return False
    named = (word for word in stems(one.title_uz) if word.isalpha())
    return not stems(other.title_uz).isdisjoint(named) or _is_compound(_first(one), _first(other))


def _is_compound(one: str, other: str) -> bool:
    """Whether one of two words ends in the other: видеозвонок and звонок."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _PART and long.endswith(short)


def _begins_alike(one: Product, other: Product) -> bool:
    begins = _first(one)
    return bool(begins) and begins == _first(other)


def _first(product: Product) -> str:
    """The first word of a Russian title, which says what kind of thing it is more often than not."""
    return next((stem(word.key) for word in words(product.title_ru)), "")


def name_of(product: Product) -> set[str]:
    """The words of the Uzbek title without their endings, its measure left out."""
    return {stem(key) for key in _own(product)}


def one_name(shop: Shop, skus: Sequence[str]) -> bool:
    """Whether these are one thing, in several measures when there are several."""
    return len({frozenset(_own(shop.products[sku])) for sku in skus}) == 1


def _own(product: Product) -> set[str]:
    said = [word.key for word in words(product.title_uz)]
    return {key for key in said if not key.isdigit() and not load().unit(key)}
