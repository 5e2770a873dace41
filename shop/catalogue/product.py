"""A product as the shop sells it, and the names of its variants."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import asyncpg

from kit.db import Reader
from shop.colors import shown


@dataclass(frozen=True, slots=True)
class Product:
    """One row of the catalogue. Prices are in the smallest unit in use of `currency` (kit.money).

    `min_price`: an offer of it or more is granted; no shopper hears it.
    `qty_price`: (from how many pieces, price of each), ascending.
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

    def called(self, variant: str, language: str) -> str:
        """The product with its variant as a reader of `language` says it: `Кепка (чёрный)`, `Koʻylak (M, qora)`."""
        size, color = self.split(variant)
        look = ", ".join(part for part in (size, shown(color, language) if color else "") if part)
        return f"{self.title(language)} ({look})" if look else self.title(language)

    def price_for(self, qty: int) -> int:
        """The price of one piece when `qty` are bought at once."""
        best = self.price
        for least, price in self.qty_price:
            if qty >= least:
                best = min(best, price)
        return best


def from_row(row: asyncpg.Record) -> Product:
    """The Product of a row of `products`."""
    return Product(
        sku=row["sku"],
        title_uz=row["title_uz"],
        title_ru=row["title_ru"],
        description=row["description"],
        category=row["category"],
        price=row["price"],
        currency=row["currency"],
        sizes=tuple(row["sizes"]),
        colors=tuple(row["colors"]),
        old_price=row["old_price"],
        min_price=row["min_price"],
        qty_price=tuple(sorted((int(least), price) for least, price in row["qty_price"].items())),
        fiscal=row["fiscal"],
        photo=row["photo"],
        photos=tuple(row["photos"]),
        active=row["active"],
    )


async def load(reader: Reader, shop_id: str) -> dict[str, Product]:
    """Every product on sale, by sku."""
    rows = await reader.fetch("SELECT * FROM products WHERE shop_id = $1 AND active ORDER BY sku", shop_id)
    return {row["sku"]: from_row(row) for row in rows}


async def on_sale(reader: Reader, shop_id: str, sku: str) -> Product | None:
    """The product on sale with that sku, in capitals or not; None without one. Also what was added a moment ago."""
    row = await reader.fetchrow(
        "SELECT * FROM products WHERE shop_id = $1 AND lower(sku) = lower($2) AND active", shop_id, sku
    )
    return from_row(row) if row else None


async def get(reader: Reader, shop_id: str, sku: str) -> Product | None:
    """One product, also a hidden one; None when the shop has no such sku."""
    row = await reader.fetchrow("SELECT * FROM products WHERE shop_id = $1 AND sku = $2", shop_id, sku)
    return from_row(row) if row else None
