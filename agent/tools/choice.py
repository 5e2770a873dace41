"""What can be said of a product's size and colour against the shelves. Shared by reading and changing tools."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from agent.turn import Turn
from kit.errors import Refused
from orders import stock
from shop.catalogue import Product

Data: TypeAlias = dict[str, Any]


_CYRILLIC, _LATIN = re.compile("[а-яё]", re.IGNORECASE), re.compile("[a-z]{3}", re.IGNORECASE)
_UZBEK = re.compile("[ўқғҳ]", re.IGNORECASE)
_GLOSSED = re.compile("[A-Z]?[a-z'ʻ‘’]{3,} [а-яё]")  # "Mineral минеральное": a word beside its translation


_DIGIT = re.compile(r"\d")
_FEW_WORDS = 3  # of a measure, which is read in any language: "40x40 sm", "4 g'ildirak"


def in_language(text: str, language: str) -> str:
    """A text written in two languages, a sentence each, as its reader needs it: `Paxta. Хлопок.`

    A text in one language alone, and what is neither (`UV400.`), stays; readers of English get what is in Latin.
    """
    sentences = [part for part in re.split(r"(?<=[.!?;])\s+|\s+/\s+|\n+", text) if part]
    parts = [part for sentence in sentences for part in _clauses(sentence)]
    russian = [part for part in parts if _CYRILLIC.search(part) and not _UZBEK.search(part)]
    latin = [part for part in parts if _LATIN.search(part) and not _CYRILLIC.search(part)]
    if not russian or not latin:
        return text
    other = latin if language == "ru" else [part for part in russian if not _GLOSSED.match(part)]
    read = " ".join(part for part in parts if part not in other).rstrip(" ,")
    read = re.sub(r",(?= [A-ZА-ЯЎҚҒҲ])", ".", read)  # what followed the comma was in the other language
    if language != "ru" or _DIGIT.search(read):
        return read
    clauses = [one for part in other for one in re.split(r",\s+", part.rstrip(" .;"))]  # "Velyur, 40x40 sm. Пуфик"
    told = [one for one in clauses if _DIGIT.search(one) and len(one.split()) <= _FEW_WORDS]
    return f"{', '.join(told)}. {read}" if told else read


def _clauses(sentence: str) -> list[str]:
    """A sentence of two scripts at its commas: `Paxta, хлопок.`; any other stays whole."""
    mixed = _CYRILLIC.search(sentence) and _LATIN.search(sentence)
    return re.split(r"(?<=,)\s+", sentence) if mixed else [sentence]


def product_of(turn: Turn, sku: str) -> Product:
    """The product, or Refused("talk.no_product")."""
    product = turn.shop.products.get(sku)
    if product is None:
        raise Refused("talk.no_product", sku=sku)
    return product


def facts_of(turn: Turn, product: Product, size: str, color: str, shelves: stock.Shelves) -> Data:
    """What can be said of a choice: title, price, and sizes and colours that are there; `status` when it cannot be."""
    looks = [product.split(one) for one in product.variants() if shelves.has(product.sku, one)]
    data: Data = {
        "status": "",
        "sku": product.sku,
        "title": product.title(turn.language),
        "price": product.price,
        "currency": product.currency,
        "size": size,
        "color": color,
        "sizes": [one for one in product.sizes if any(one == s and color in ("", c) for s, c in looks)],
        "colors": [one for one in product.colors if any(one == c and size in ("", s) for s, c in looks)],
        "all_sizes": [one for one in product.sizes if any(one == s for s, _ in looks)],
        "all_colors": [one for one in product.colors if any(one == c for _, c in looks)],
        "photos": list(product.photos[:1]),
    }
    if not looks:
        data["status"] = "out"
    elif size and product.sizes and size not in product.sizes:
        data["status"] = "no_size"
    elif color and product.colors and color not in product.colors:
        data["status"] = "no_color"
    elif not any(size in ("", s) and color in ("", c) for s, c in looks):
        data["status"] = "out"
    return data


def too_few(turn: Turn, product: Product, size: str, color: str, qty: int, shelves: stock.Shelves) -> Data | None:
    """The answer when fewer than `qty` of the variant are there; None when there are enough."""
    left = shelves.left(product.sku, product.variant(size, color))
    held = _held(turn, product, product.variant(size, color))
    if left is None or left + held >= qty:
        return None
    data = facts_of(turn, product, size, color, shelves)
    return {**data, "status": "less" if left + held else "out", "left": left + held, "qty": qty}


def _held(turn: Turn, product: Product, variant: str) -> int:
    """Pieces that the placed order being changed holds already: they are this shopper's."""
    if turn.order is None or turn.cart.number != turn.order.number:
        return 0
    return sum(line.qty for line in turn.order.lines if (line.sku, line.variant) == (product.sku, variant))
