"""Products as vectors of hashed letter groups: which of them are written of in words like these, whatever the order.

The words of the search must name a thing; here the whole description counts, so that "to'yga yengil ko'ylak" comes to
the dress whose text says "to'y va bazm uchun, yengil mato". Nothing is downloaded: a group of letters is hashed to a
place of a vector (the hashing trick), rare groups weigh more. A learned model (`vision.texts`) goes by meaning.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shop.catalogue.product import Product
from shop.fold import stem, words

Vector = NDArray[np.float32]

DIM = 1024
MOST = 20_000  # products: 80 MB of vectors and two seconds to make them; a larger shop is searched by words alone
_FIELDS = {"title_uz": 1.0, "title_ru": 1.0, "category": 0.75, "description": 0.5}
_SIZES = (3, 4)


@dataclass(frozen=True, slots=True)
class Near:
    """All products by their cosine to a text; only what is looked at is made into Python's own values."""

    skus: Sequence[str]
    at: Mapping[str, int]
    alike: Vector
    order: NDArray[np.intp]
    places: NDArray[np.intp]

    def place(self, sku: str) -> int | None:
        """How many products are nearer than `sku`; None for one that is not among them."""
        return int(self.places[self.at[sku]]) if sku in self.at else None

    def above(self, least: float) -> list[tuple[str, float]]:
        """(sku, cosine) of the products at least so near, best first."""
        most = int(np.count_nonzero(self.alike >= least))
        return [(self.skus[at], float(self.alike[at])) for at in self.order[:most]]


class Grams:
    """The vectors of `products`; 2,000 take a quarter of a second and 8 MB. Above `MOST` there are none."""

    def __init__(self, products: Sequence[Product]) -> None:
        products = products if len(products) <= MOST else []
        self._skus = [product.sku for product in products]
        self._at = {sku: at for at, sku in enumerate(self._skus)}
        counted = np.zeros((len(products), DIM), np.float32)
        for row, product in zip(counted, products, strict=True):
            for name, worth in _FIELDS.items():
                _count(row, getattr(product, name), worth)
        held = np.count_nonzero(counted, axis=0)
        self._idf = np.log1p(len(products) / np.maximum(held, 1)).astype(np.float32)
        self._rows = _unit(counted * self._idf)

    def near(self, text: str, filler: Iterable[str] = ()) -> Near | None:
        """How near the products are to `text`; None for a text without words. `filler`: words that say nothing."""
        asked = np.zeros(DIM, np.float32)
        _count(asked, text, 1.0, frozenset(filler))
        if not asked.any() or not self._skus:
            return None
        alike = self._rows @ _unit(asked * self._idf)
        order = np.argsort(-alike, kind="stable")
        places = np.empty_like(order)
        places[order] = np.arange(len(order))
        return Near(self._skus, self._at, alike, order, places)


def _count(row: Vector, text: str, worth: float, filler: frozenset[str] = frozenset()) -> None:
    """Adds the letter groups of `text`; where two share a place their signs tell them apart on average."""
    for word in words(text):
        if word.key in filler or word.key.isdigit():
            continue
        padded = f"^{stem(word.key)}$"
        for size in _SIZES:
            for at in range(max(1, len(padded) - size + 1)):
                place = zlib.crc32(padded[at : at + size].encode())
                row[place % DIM] += worth if place >> 31 else -worth


def _unit(rows: Vector) -> Vector:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-7), np.float32)
