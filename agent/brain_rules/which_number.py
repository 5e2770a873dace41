"""Numbers that things are called by, and so many of nothing: of two that a question sets apart, of a model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from agent.brain_rules.lexicon import keys
from agent.brain_rules.numbers import Number
from agent.brain_rules.piece import Piece
from agent.brain_rules.text import Token
from shop.catalogue import Product
from shop.fold import stem, words
from shop.lexicon import load
from shop.shops import Shop

_SENTENCE = re.compile(r"[^.!?\n]+")
_WHICH = re.compile(r"\b(?:which|what|как(?:ой|ую|ое|ие)|qays[iy]|қайси)", re.IGNORECASE)
_TWO = re.compile(
    r"(?<![\d.,])(\d+)(?:\s?-?[^\W\d_]+)?,?\s+(?:or|или|yoki|yo|ёки|ё)\s+(?:(?:на|the|with|с|из|от)\s+)?(\d+)\b"
    r"|(?<![\d.,])(\d+)\s?-?[^\W\d_]*(?:mi|ми),?\s+(?:(?:yoki|yo|ёки|ё)\s+)?(\d+)\s?-?[^\W\d_]*(?:mi|ми)\b",
    re.IGNORECASE,
)
_ITSELF = re.compile(r"\bthe\s+(\d+)\s+(?:one|set|pack)\b", re.IGNORECASE)
# behind the number of a name: another number or a name, "Nova 12 6/128", "Nova 12 Pro"
_NAME_GOES_ON = re.compile(r"\s+(?:\d|[A-ZА-ЯЁЎҚҒҲ])")


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


def of_model(product: Product, tokens: Sequence[Token], number: Number) -> bool:
    """`S9` where the title says so, `nova 12` where it says "Nova 12 6/128": no nine of size S, and no twelve."""
    at = number.first
    if not at or tokens[at - 1].kind != "word":
        return False
    before, titles = tokens[at - 1], (product.title_uz, product.title_ru)
    if before.end == tokens[at].start:
        return any(f"{before.text}{tokens[at].text}".lower() in title.lower().split() for title in titles)
    return not number.counted and any(_called(title, before.key, str(number.value)) for title in titles)


def _called(title: str, before: str, said: str) -> bool:
    """Whether a title has the number behind that word, both of a name: it is a maker's, or written like one."""
    known = load()
    for own, one in pairwise(words(title)):
        if one.key != said or not _NAME_GOES_ON.match(title[one.end :]):
            continue
        meant = known.meanings((own.key,))
        same = stem(own.key) == stem(before) or bool(meant & known.meanings((before,)))
        name = any(known.concepts[each].kind == "name" for each in meant) or (own.start > 0 and own.text[0].isupper())
        if same and name:
            return True
    return False


def is_beside_size(piece: Piece, number: Number) -> bool:
    """Whether another number is told by its preposition, so that this one counts: the 2 of "2 рамки на 3 поста"."""
    ahead = keys("measures", "for_each")
    told = [one for one in piece.numbers if one.first and piece.tokens[one.first - 1].key in ahead]
    return bool(told) and number not in told
