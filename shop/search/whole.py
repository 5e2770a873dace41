"""Products called by their whole title or article, as it is copied from a post, a list or a button."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from shop.catalogue.product import Product
from shop.fold import Word, words

_FEWEST = 2  # words of a title: one alone is said in many ways
_Keys = tuple[str, ...]


class Whole:
    """The titles and articles of a catalogue; 2 000 products take 30 ms."""

    def __init__(self, products: Iterable[Product]) -> None:
        named: dict[_Keys, set[str]] = defaultdict(set)
        inside: set[_Keys] = set()
        for product in products:
            for title in (product.title_uz, product.title_ru):
                keys = _keys(title)
                if len(keys) >= _FEWEST:
                    named[keys].add(product.sku)
                    inside |= _parts_of(keys)
            if not product.sku.isalpha() and not product.sku.isdigit():
                named[_keys(product.sku)].add(product.sku)
        self._by_first: dict[str, list[tuple[_Keys, str]]] = defaultdict(list)
        for keys, skus in sorted(named.items(), key=lambda pair: -len(pair[0])):
            if len(skus) == 1 and keys not in inside:  # of "Delfin 2" and "Delfin 2 Pro" the first may be either
                self._by_first[keys[0]].append((keys, next(iter(skus))))

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """(start, end, article) of each product that stands in `text` so, in order; the longest wins."""
        said = words(text)
        found, at = [], 0
        while at < len(said):
            sku, run = "", said[at : at + 1]
            for keys, named in self._by_first.get(said[at].key, ()):
                here = said[at : at + len(keys)]
                if not sku and tuple(word.key for word in here) == keys and not _apart(text, named, here):
                    sku, run = named, here
            if sku:
                found.append((run[0].start, run[-1].end, sku))
            at += len(run)
        return found


def _keys(text: str) -> _Keys:
    return tuple(word.key for word in words(text))


def _parts_of(keys: _Keys) -> set[_Keys]:
    """The shorter runs of words in a title, two words or more."""
    lengths = range(_FEWEST, len(keys))
    return {keys[at : at + length] for length in lengths for at in range(len(keys) - length + 1)}


def _apart(text: str, sku: str, run: Sequence[Word]) -> bool:
    """Whether what looks like an article is written apart: "at 10" is no AT-10."""
    said = text[run[0].start : run[-1].end]
    return _keys(sku) == tuple(word.key for word in run) and any(map(str.isspace, said))
