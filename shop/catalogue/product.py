"""A product as the shop sells it, and the names of its variants."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Product:
    """One row of the catalogue. Prices are in the smallest unit in use of `currency` (kit.money).

    `min_price` is for staff alone. `qty_price`: (from how many pieces, price of each), ascending.
    `photo`: file names in the catalogue; `photos`: names in the media store.
    """

    sku: str
    title_uz: str
    price: int
    currency: str
    title_ru: str = ""
    description: str = ""
    category: str = ""
    sizes: tuple[str, ...] = ()
    colors: tuple[str, ...] = ()
    old_price: int | None = None
    min_price: int | None = None
    qty_price: tuple[tuple[int, int], ...] = ()
    fiscal: dict[str, Any] = field(default_factory=dict, hash=False)
    photo: str = ""
    photos: tuple[str, ...] = ()
    active: bool = True

    def title(self, language: str) -> str:
        """The title for a reader of `language`: Russian for Russian, else Uzbek, as the shop wrote it."""
        return (self.title_ru or self.title_uz) if language == "ru" else (self.title_uz or self.title_ru)

    def variants(self) -> list[str]:
        """Every variant by name: "size/colour", "size", "colour", or "" alone for a product without either."""
        if self.sizes and self.colors:
            return [f"{size}/{color}" for size in self.sizes for color in self.colors]
        return list(self.sizes or self.colors or ("",))

    def variant(self, size: str, color: str) -> str:
        """The name of the variant of this size and colour; what the product does not distinguish is left out."""
        parts = [size if self.sizes else "", color if self.colors else ""]
        return "/".join(part for part in parts if part)

    def split(self, variant: str) -> tuple[str, str]:
        """Size and colour of a variant's name (a size may hold a slash itself); "" for what it does not name."""
        for size in self.sizes or ("",):
            for color in self.colors or ("",):
                if self.variant(size, color) == variant:
                    return size, color
        if variant in self.sizes:
            return variant, ""
        return "", variant if variant in self.colors else ""

    def price_for(self, qty: int) -> int:
        """The price of one piece when `qty` are bought at once."""
        best = self.price
        for least, price in self.qty_price:
            if qty >= least:
                best = min(best, price)
        return best
