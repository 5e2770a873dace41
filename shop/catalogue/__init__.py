"""What the shop sells: products, their variants, how many are left, and files that say so."""

from __future__ import annotations

from shop.catalogue.product import Product, get, load, on_sale
from shop.catalogue.rows import RefusedRow, Row, read_rows
from shop.catalogue.stock import Availability, availability, find_variant, set_stock, sold_out
from shop.catalogue.store import ImportResult, apply, save

__all__ = [
    "Availability",
    "ImportResult",
    "Product",
    "RefusedRow",
    "Row",
    "apply",
    "availability",
    "find_variant",
    "get",
    "load",
    "on_sale",
    "read_rows",
    "save",
    "set_stock",
    "sold_out",
]
