"""Which products a caption of the shop names: `Charm botinkalar keldi ❄️`, `1) перфоратор 2) дрель`, an article.

Captions say much besides, so what only looks or means alike does not count alone: a greeting must not become somebody's
price. A post of one product tells of it in many words (what it has, its colours, what is inside): what most of these
are true of, with nothing else near, is meant, and what is inside it is not.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from shop.fold import fold, stem, words
from shop.lexicon import load
from shop.search.units import Unit, spellings, units_of

if TYPE_CHECKING:
    from shop.catalogue import Product
    from shop.search import Hit
    from shop.shops import Shop

Span = tuple[int, int]

_NOISE = re.compile(r"https?://\S+|[#@][\w.]+")  # #kiyim #toshkent name no product
_PIECES = re.compile(r"[\n•●▪️✅📌]+|(?:(?<=\s)|^)\d{1,2}\s?[).](?=\s)|\d\ufe0f?\u20e3")  # a list in a caption
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?(?:\s?[хx×*]\s?\d+(?:[.,]\d+)?)*)(?:[\s-]?([^\W\d_]+))?", re.IGNORECASE)
_BY = re.compile(r"\s?[хx×*]\s?", re.IGNORECASE)
_SURE = 0.8  # a caption names a product when it fits this well; several close ones are all meant
_CLOSE = 0.05
# a fit of this much counts where nothing else comes near. On the captions of three shops (tests/dialogues) the right
# one had 0.56 and more, the next one at most half of it
_LIKELY, _APART = 0.55, 0.6
# a whole piece that tells of one product: on 212 captions of 75 shops the right one has 0.45 and more
_TOLD, _LEAST_FIT, _NEAR = 0.45, 0.3, 0.8
# so many words of it are true of the product, one of a title among them: as a rule, where much else is said besides,
# and where a thing is named and nothing else comes near
_LEAST_TOLD, _MOST_TOLD, _LEAST_CLEAR = 3, 4, 2
MOST = 10  # products of a post
_NOT_WRITTEN = (0.0, 0)
_LONG = 6  # letters
_HUNDREDS = 3  # digits
KIND = 5  # a line that fits more products than this names a kind of goods, not goods


class _Group(NamedTuple):
    """Products that a part of a caption may mean, and the places that named them."""

    skus: list[str]
    spans: set[Span]


def named_in(shop: Shop, caption: str) -> tuple[str, ...]:
    """Products that a caption names, in its order: an article, or a title that fits well. () when none does surely."""
    found = [sku for group in groups(shop, caption) if len(group) <= KIND for sku in group]
    return tuple(dict.fromkeys(found))[:MOST]


def groups(shop: Shop, caption: str) -> list[list[str]]:
    """The products each part of a caption may mean."""
    pieces = [piece for piece in _PIECES.split(_NOISE.sub(" ", caption)) if piece.strip()]
    found: list[list[str]] = []
    for piece in pieces:
        meant = _meant(shop, piece)
        if not meant and piece != pieces[0]:  # "Tonometers: 1) for the arm 2) for the wrist"
            meant = [group for group in _meant(shop, f"{pieces[0]} {piece}") if len(group) == 1 and group not in found]
        found += meant
    named = {group[0] for group in found if len(group) == 1}
    return [group for group in found if len(group) == 1 or named.isdisjoint(group)]  # the heading of a list


def _meant(shop: Shop, piece: str) -> list[list[str]]:
    """The products that a piece of a caption may mean, thing by thing."""
    parts, alike = _parts(shop, piece), _told_of(shop, piece)
    if len(alike) == 1:
        told = true_words(shop.products[alike[0]], piece)
        rest = [part.skus for part in parts if alike[0] not in part.skus and not part.spans <= told]
        return [alike, *rest]
    return [part.skus for part in parts] or ([alike] if alike else [])


def _parts(shop: Shop, piece: str) -> list[_Group]:
    """What each part of a piece names by its title."""
    found = []
    said = {key for word in words(piece) for key in (word.key, stem(word.key))}
    for hits in shop.search.find_each(piece, KIND + 2):
        best = hits[0].score
        if best >= _SURE:
            close = [hit for hit in hits if hit.score >= max(_SURE, best - _CLOSE)]
        elif best >= _LIKELY and all(hit.score <= best * _APART for hit in hits[1:]):
            close = hits[:1]
        else:
            close = [hit for hit in hits if _written(shop, hit, piece, said)[0] >= 1]  # its whole title
        if not close:
            continue
        fits = {hit.sku: _written(shop, hit, piece, said) for hit in close}
        most = max(fits.values())
        if most > _NOT_WRITTEN:  # of products alike the one whose title is written out: AirBeat Pro is no AirBeat
            alike = [sku for sku, fit in fits.items() if fit == most]
            if most[1] == 1:  # a kind of goods by its one word: "our sprinklers", of which one is called no more
                alike = [sku for sku in fits if _has_of(shop.products[sku], alike, shop, said)]
            told = {sku: len(true_words(shop.products[sku], piece)) for sku in alike}
            alike = [sku for sku in alike if told[sku] == max(told.values())]  # "6 kishilik, 24 dona"
            found.append(_Group(alike, {span for hit in close for span in hit.spans}))
    return found


def _has_of(product: Product, alike: list[str], shop: Shop, said: set[str]) -> bool:
    """Whether a product's titles have the word that was said of one of those alike."""
    own = {key for one in alike for key in _title_words(shop.products[one]) if key in said}
    return bool(own & _title_words(product))


def _title_words(product: Product) -> set[str]:
    return {key for title in (product.title_uz, product.title_ru) for word in words(title) for key in _both(word.key)}


def _both(key: str) -> tuple[str, str]:
    return key, stem(key)


def _told_of(shop: Shop, piece: str) -> list[str]:
    """The product that a whole piece tells of, several that are alike to its words; [] when there is none."""
    hits = shop.search.find(piece, KIND + 2, described=True)
    if not hits or hits[0].score < _LEAST_FIT:
        return []
    measured = _of_measure(shop, piece, [hit.sku for hit in hits])
    best = next(hit.score for hit in hits if hit.sku in measured)
    near = [hit.sku for hit in hits if hit.score >= best * _NEAR and hit.sku in measured]
    told = {sku: _different(piece, true_words(shop.products[sku], piece)) for sku in near}
    alike = [sku for sku in near if told[sku] == max(told.values())]
    titled = true_words(shop.products[alike[0]], piece, titles_only=True)
    titled &= {(unit.start, unit.end) for unit in _words(piece)}  # "from 9 to 18" is nothing of 9 sections
    clear = len(hits) == 1 or hits[1].score <= hits[0].score * _APART
    thing = any((unit.start, unit.end) in titled for unit in units_of(piece) if unit.kind == "goods")
    least = _LEAST_CLEAR if clear and thing else _LEAST_TOLD
    if hits[0].score < _TOLD:  # much else is said
        least = _MOST_TOLD
    return alike if titled and told[alike[0]] >= least else []


def _of_measure(shop: Shop, piece: str, skus: list[str]) -> list[str]:
    """Those whose titles have the measures that were said, where some have: "1000 metrli" is none of 500 m."""
    said = {number for _, number in _numbers(piece) if " " in number}
    have = {sku: len(said & _said_of(*_titles(shop.products[sku]))[0]) for sku in skus}
    return [sku for sku in skus if have[sku] == max(have.values())]


def _titles(product: Product) -> tuple[str, str]:
    return product.title_uz, product.title_ru


def true_words(product: Product, text: str, *, titles_only: bool = False) -> set[Span]:
    """The places of the words in `text` that are true of a product, by its titles or by all that is said of it."""
    own, concepts = _said_of(product.title_uz, product.title_ru)
    if not titles_only:
        more = _said_of(product.description, *product.colors, *product.sizes)
        own, concepts = own | more[0], concepts | more[1]
    told = {(unit.start, unit.end) for unit in _words(text) if unit.concepts & concepts or _keys(unit) & own}
    bare = {number.split()[0] for title in (product.title_uz, product.title_ru) for _, number in _numbers(title)}
    bare = {number for number in bare if len(number) >= _HUNDREDS}  # a small one is an hour, a day, an age
    return told | {span for span, number in _numbers(text) if number in own | bare}  # "10000 and 20000 mAh"


@lru_cache(maxsize=2048)
def _said_of(*texts: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words (with their stems), the numbers and the meanings of what is written of a product."""
    said = [unit for text in texts for unit in _words(text)]
    numbers = {number for text in texts for _, number in _numbers(text)}
    keys = {key for unit in said for key in _keys(unit)}
    return frozenset(keys | numbers), frozenset(concept for unit in said for concept in unit.concepts)


def _different(text: str, spans: set[Span]) -> int:
    """How many different words stand at these places."""
    return len({text[a:b].lower() for a, b in spans})


def _words(text: str) -> list[Unit]:
    """The words of a text but numbers, everyday ones, and whom it is for: a greeting speaks of mothers too."""
    daily = load().everyday
    said = [unit for unit in units_of(text) if unit.kind not in ("number", "audience")]
    return [unit for unit in said if unit.kind != "word" or unit.concepts or unit.words[0].key not in daily]


def _numbers(text: str) -> list[tuple[Span, str]]:
    """Each number of a text with its unit (`1.7 l`, `3x3 m`, `24`) and its place."""
    found = []
    for one in _NUMBER.finditer(text):
        unit = load().unit(fold(one[2])) if one[2] else ""
        found.append((one.span(1), f"{_BY.sub('x', one[1]).replace(',', '.')} {unit}".strip()))
    return found


def _keys(unit: Unit) -> set[str]:
    if unit.kind == "color":
        return spellings(unit)
    return {key for word in unit.words for key in (word.key, stem(word.key))}


def _written(shop: Shop, hit: Hit, piece: str, said: set[str]) -> tuple[float, int]:
    """How much of a product's title stands in a caption: the share and the number of its words."""
    product = shop.products[hit.sku]
    if any(_joined(piece[start:end]) == _joined(product.sku) for start, end in hit.spans):
        return 2.0, 0
    best = _NOT_WRITTEN
    for title in (product.title_uz, product.title_ru):
        keys = [word.key for word in words(title) if not word.key.isdigit() and not load().unit(word.key)]  # 800 W
        there = sum(key in said or stem(key) in said or _begins(key, said) for key in keys)
        if there >= 2 or there * 2 >= len(keys) > 0:
            best = max(best, (there / len(keys), there))
    return best


def _begins(key: str, said: set[str]) -> bool:
    """Whether a long word of a title stands there with an ending that its stem does not know: smesiteli."""
    return len(key) >= _LONG and any(word.startswith(key) and len(word) <= len(key) + 3 for word in said)


def _joined(text: str) -> str:
    return fold(text).replace(" ", "")
