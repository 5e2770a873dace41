"""Deep links to products: `t.me/<bot>?start=p_42`. An article that such a link cannot hold is named by its hash."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,62}")  # Telegram takes 64 of these
_PRODUCT, _HASHED = "p_", "h_"


def start_of(sku: str) -> str:
    """The payload that opens a product."""
    return _PRODUCT + sku if _PLAIN.fullmatch(sku) else _HASHED + _hash(sku)


def sku_of(start: str, skus: Iterable[str]) -> str:
    """The article that a payload names, one of `skus`; "" when it names none of them."""
    kind, name = start[:2], start[2:]
    if kind == _PRODUCT:
        return next((sku for sku in skus if sku == name), "")
    return next((sku for sku in skus if _hash(sku) == name), "") if kind == _HASHED else ""


def _hash(sku: str) -> str:
    return hashlib.sha256(sku.encode()).hexdigest()[:24]
