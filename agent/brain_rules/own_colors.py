"""What a shop calls its colours in its other language: its "ola" is пёстрый, because its own texts say so.

Read once for each catalogue, from descriptions ("ola пёстрый (variegated)") and from titles that say it word by word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from weakref import WeakKeyDictionary

from agent.brain_rules.kinds import same_kind
from agent.brain_rules.text import tokens
from agent.brain_rules.told import other_script, told_words
from shop import colors
from shop.catalogue import Product
from shop.fold import fold_word, stem, words
from shop.search import Search
from shop.search.units import things_of
from shop.shops import Shop

_IN_ENGLISH = re.compile(r"\W+(?:[а-яё]+(?:-[а-яё]+)*\W*)?\(([a-z]{4,})\)", re.IGNORECASE)
_SHORTEST = 3  # letters of a word's stem
_kept: WeakKeyDictionary[Search, dict[str, str]] = WeakKeyDictionary()


def in_own_colors(shop: Shop, text: str) -> str:
    """`text` with the shop's own word in the place of each word that it tells to mean a colour of its."""
    own = _own(shop)
    if not own:
        return text
    for token in reversed(tokens(text)):
        if token.kind == "word" and (color := own.get(stem(token.key))):
            text = text[: token.start] + color + text[token.end :]
    return text


def _own(shop: Shop) -> dict[str, str]:
    """Stem of a word -> the colour, as the shop writes it, that it means."""
    if shop.search not in _kept:
        _kept[shop.search] = _read(shop.products.values())
    return _kept[shop.search]


def _read(products: Collection[Product]) -> dict[str, str]:
    in_texts: dict[str, set[str]] = defaultdict(set)
    in_titles: dict[str, set[str]] = defaultdict(set)
    for product in products:
        strange = tuple(color for color in product.colors if not colors.named(color))
        for color, said in told_words(product.colors, product.description):
            if colors.named(said) and not colors.color_of(said, product.colors):  # its qizil hens are рыжие
                in_texts[stem(said)].add(color)
        for color, said in [*told_words(strange, product.description), *_in_english(strange, product.description)]:
            in_texts[stem(said)].add(color)
        for color, said in _in_titles(strange, product):
            in_titles[stem(said)].add(color)
    things = _titled(products) if in_texts else frozenset()  # what titles say names a thing
    meant = {said: found for said, found in in_texts.items() if said not in things} | in_titles
    one = {said: min(found) for said, found in meant.items() if len(found) == 1 and len(said) >= _SHORTEST}
    return {
        said: color
        for said, color in one.items()
        if not (stem(fold_word(color)) == said or same_kind(said, fold_word(color)))
    }


def _titled(products: Collection[Product]) -> frozenset[str]:
    titles = (title for product in products for title in (product.title_uz, product.title_ru))
    return frozenset(stem(word.key) for title in titles for word in words(title))


def _in_english(strange: tuple[str, ...], description: str) -> list[tuple[str, str]]:
    """`ola пёстрый (variegated)`."""
    found = []
    for color in strange:
        at = re.search(rf"\b{re.escape(color)}\b", description, re.IGNORECASE)
        if at and (said := _IN_ENGLISH.match(description, at.end())):
            found.append((color, words(said[1])[0].key))
    return found


def _in_titles(strange: tuple[str, ...], product: Product) -> list[tuple[str, str]]:
    """Of titles with as many words, the word at the place of the colour: "Ola fikus", "Пёстрый фикус"."""
    first, second = words(product.title_uz), words(product.title_ru)
    if len(first) != len(second):
        return []
    return [
        (color, other.key)
        for color in strange
        for one, other in zip(first, second, strict=True)
        if [one.key] == [word.key for word in words(color)]
        and other_script(one.text, other.text)
        and not things_of(other.text)
    ]
