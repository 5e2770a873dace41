"""`which set should I get, 12 or 24 colours?`: two numbers that things are called by, and so many of nothing."""

from __future__ import annotations

import re
from functools import lru_cache

from shop.catalogue import Product
from shop.fold import words
from shop.shops import Shop

_SENTENCE = re.compile(r"[^.!?\n]+")
_WHICH = re.compile(r"\b(?:which|what|как(?:ой|ую|ое|ие)|qays[iy]|қайси)", re.IGNORECASE)
_TWO = re.compile(
    r"(?<![\d.,])(\d+)(?:\s?-?[^\W\d_]+)?,?\s+(?:or|или|yoki|yo|ёки|ё)\s+(?:(?:на|the|with|с|из|от)\s+)?(\d+)\b"
    r"|(?<![\d.,])(\d+)\s?-?[^\W\d_]*(?:mi|ми),?\s+(?:(?:yoki|yo|ёки|ё)\s+)?(\d+)\s?-?[^\W\d_]*(?:mi|ми)\b",
    re.IGNORECASE,
)
_ITSELF = re.compile(r"\bthe\s+(\d+)\s+(?:one|set|pack)\b", re.IGNORECASE)


def tells_which(text: str, at: int) -> bool:
    """Whether the number at `at` of the text is one of two that a question sets against each other.

    `какой лучше взять, на 12 или на 24?`, `qaysi birini olay, 12 talikmi 24 talikmi`.
    """
    return any(a <= at < b for a, b in _set_against(text))


def other_of_two(shop: Shop, own: Product, text: str) -> str:
    """The thing that is called as `own`, with the other number of such a question; "" for none."""
    said = [text[a:b] for a, b in _set_against(text)]
    if len(said) != 2:
        return ""
    for one, other in (said, said[::-1]):
        title = [word.key for word in words(own.title_uz)]
        wanted = [other if key == one else key for key in title]
        kin = [each.sku for each in shop.products.values() if [word.key for word in words(each.title_uz)] == wanted]
        if wanted != title and len(kin) == 1:
            return kin[0]
    return ""


@lru_cache(maxsize=256)  # asked of each number for each product of a list
def _set_against(text: str) -> list[tuple[int, int]]:
    """Where the two numbers of `which ..., 12 or 24?` stand."""
    asked = [one for one in _SENTENCE.finditer(text) if _WHICH.search(one[0])]
    spans = [one.span(nth) for part in asked for one in _TWO.finditer(text, *part.span()) for nth in (1, 2, 3, 4)]
    return [span for span in spans if span[0] >= 0]


def called_so(text: str, at: int) -> bool:
    """Whether the number at `at` only points: `the 12 one`; where a title has it."""
    return any(a <= at < b for a, b in (one.span(1) for one in _ITSELF.finditer(text)))
