"""What the words of a title are: the thing, what it is for, what it comes with, what it is made of or put into.

`Manjeta dlya tonometra`, `Tonometr uchun manjet` are cuffs; whoever asks for a tonometer means another product first.
Russian says it after a preposition, Uzbek before `uchun`, `bilan` or in a word's ending.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from shop.catalogue.product import Product
from shop.fold import APOSTROPHES, Word, fold, stem, words
from shop.lexicon import load
from shop.search.units import Unit

_AFTER = frozenset(
    ["для", "к", "ко", "с", "со", "в", "во", "на", "из", "под", "от", "for", "with"]
)  # until the next pause
_UNTIL = re.compile(r"[,(;/+«\"]")
_HOLDS = re.compile(r"(?<=\w): (?=\w)")
_PURPOSE, _WITH = "uchun", "bilan"
_THE_ONE = frozenset({"i", "si", "ini", "sini", "idan", "sidan", "iga", "siga", "li", "lisi", "lisini", "lisidan"})
_O = re.compile(rf"o[{APOSTROPHES}]|ў")
_HYPHENED = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]{2,})+")
_DESCRIBES = re.compile(
    r"...(?:[ыиоая]й|[ая]я|[ое]е|[ыи]е|ого|его|ому|ему|ую|юю|[ыи]х|[ыи]м|[ыи]ми)$|....(?:gan|ган|adigan|адиган|li|ли|siz|сиз)$"
)
_ATTRIBUTE = re.compile(r"....(?:dagi|li|lik)$")  # qutidagi, konfetli


def asides(title: str) -> set[int]:
    """Where the words begin that say only what goes with the thing; never all of them."""
    own = words(title)
    found = {at for first, past in _stretches(title, own) for at in _of_stretch(own, first, past)}
    if (holds := _HOLDS.search(title)) is not None:  # "a tea set: a pot and 6 cups" is no cup
        found |= {at for at, word in enumerate(own) if word.start > holds.start()}
    return {own[at].start for at in found} if len(found) < len(own) else set()


@lru_cache(maxsize=65536)
def for_it(key: str) -> bool:
    """Whether a key has the ending of what something is for: `tortga`; книга only ends so."""
    return key.endswith("ga") and stem(key) == stem(key[:-2]) and (key,) not in load().by_keys


def _stretches(title: str, own: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """The parts between commas and brackets."""
    first = 0
    for at in range(1, len(own) + 1):
        gap = title[own[at - 1].end : own[at].start] if at < len(own) else ","
        if gap != " " and _UNTIL.search(gap):
            yield first, at
            first = at


def _of_stretch(own: Sequence[Word], first: int, past: int) -> Iterator[int]:
    last = max((at for at in range(first, past) if _says_what(own[at].key)), default=first)
    comes_with = last + 1 < past and own[last + 1].key == _WITH  # "choynak qopqog'i bilan": no lid of one
    if last > first and _owned(own[last].key) and not comes_with:  # "glyukometr poloskasi": strips, of a glucometer
        yield from range(first, last)
    at = first
    while at < past:
        said = own[at].text.lower()
        if said in _AFTER and at > first:
            yield from range(at + 1, past)
            return
        if own[at].key == _PURPOSE:  # all before it, where the thing follows: "tort uchun sham"
            yield from range(first if at + 1 < past else max(first, at - 1), at)
        elif own[at].key == _WITH and at > first:
            yield at - 1
        elif at + 1 < past and for_it(own[at].key):  # "matoga bo'yoq", "(prujinaga tikadigan)"
            yield at
        at += 1


@lru_cache(maxsize=65536)
def _says_what(key: str) -> bool:
    known = load()
    return not (key.isdigit() or key in known.filler or known.unit(key))


@lru_cache(maxsize=65536)
def _owned(key: str) -> bool:
    """Whether a word is that of something: `poloskasi`, `bandaji`; `tufli` only ends so."""
    known, concepts = load().by_keys, load().concepts
    if any(concepts[name].kind != "goods" for name in known.get((key,), ())):  # yassi, "flat", is of nothing
        return False
    bare = key[:-2] + "k" if key.endswith("gi") else key[:-1]  # chirog'i is of chiroq
    thing = any(concepts[name].kind == "goods" for name in known.get((bare,), ()) or known.get((key[:-1],), ()))
    return key.endswith(("si", "lari")) or (key.endswith("i") and (key,) not in known and thing)


def attributes(title: str) -> set[str]:
    """Keys of the words that say what the thing comes in or with, by their Uzbek ending: `konfetli guldasta`.

    The last word of a part is the thing itself: `bolalar sandali` is a sandal.
    """
    own = words(title)
    return {
        own[at].key for first, past in _stretches(title, own) for at in range(first, past - 1) if _attribute(own[at])
    }


def _attribute(word: Word) -> bool:
    return bool(_ATTRIBUTE.search(word.key))


def has_word(product: Product, key: str) -> bool:
    """Whether a title has the word `key`, as it stands or with the Uzbek ending of "the ... one"."""
    own = _keys(product.title_uz, product.title_ru)
    return key in own or any(key.startswith(word) and key[len(word) :] in _THE_ONE for word in own if len(word) > 2)


@lru_cache(maxsize=4096)  # each word of a message is held against each product of a list
def _keys(*titles: str) -> frozenset[str]:
    return frozenset(word.key for title in titles for word in words(title))


def names(product: Product) -> frozenset[str]:
    """Words of a title that are written like names: with a capital, and not its first word."""
    return _names(product.title_uz, product.title_ru)


@lru_cache(maxsize=4096)  # as above
def _names(*titles: str) -> frozenset[str]:
    found = (word for title in titles for word in words(title) if word.start)
    return frozenset(word.key for word in found if word.text[0].isupper())


def joined(title: str) -> set[str]:
    """Keys of the names of a title that are written with a hyphen, as one word."""
    return {fold(found[0].replace("-", "")) for found in _HYPHENED.finditer(title)}


def describes(unit: Unit) -> bool:
    """Whether a word with no meaning of its own only says what a thing is like: замороженные, muzlagan."""
    return unit.kind == "word" and is_adjective(unit)


def is_adjective(unit: Unit) -> bool:
    """Whether a word has the ending of one that says what a thing is like, also what is in it: go'shtli."""
    return bool(_DESCRIBES.search(unit.words[-1].text.lower()))


@lru_cache(maxsize=65536)
def typed(word: str) -> str:
    """The key of a word as a Russian keyboard has it: йўл is typed йул."""
    return fold(_O.sub("u", word.lower())).strip()
