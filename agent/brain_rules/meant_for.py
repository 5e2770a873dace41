"""Whom or what a thing is meant for by the shop's own description, set beside what a shopper tells of that.

`M 6-9 kg` and "my baby is 8 kilos"; `16-20 kv.m xonaga` and "зал 24 квадрата"; `4-6 yosh` and "my son is 5".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from shop.catalogue import Product
from shop.fold import stem, words
from shop.lexicon import load
from shop.shops import Shop

_UNITS = {
    "kg": r"kg\b|кг\b|kilo\w*|кило\w*|kilos?\b",
    "sm": r"sm\b|см\b|cm\b|santi\w*|санти\w*",
    "yosh": r"yosh\w*|ёш\w*|лет\b|год\w*|годик\w*|years?\b|y\.o\b|yo\b",
    "area": r"kv\.?\s?m\w*|кв\.?\s?м\w*|m2\b|м2\b|m²|м²|kvadrat\w*|квадрат\w*|sq\.?\s?m\w*|square\s?m\w*",
    "litres": r"l\b|л\b|litr\w*|литр\w*|liters?\b|litres?\b",
    "people": r"kishi\w*|киши\w*|odam\w*|человек\w*|чел\b|персон\w*|o.?yinchi\w*|игрок\w*|people|persons?\b|players?\b",
}
_UNIT = "|".join(f"(?P<{name}>{said})" for name, said in _UNITS.items())
_SPAN = re.compile(
    rf"(?<![\d.,])(?:(?P<low>\d{{1,3}}(?:[.,]\d)?)\s?[-–—]\s?)?(?P<high>\d{{1,3}}(?:[.,]\d)?)\s?(?:{_UNIT})"
    r"(?P<to>\s?gacha|\s?гача)?",
    re.IGNORECASE,
)
# "3 yoshdan", "1 yoshdan 12 yoshgacha", "от 3 лет", "8+"
_FROM = re.compile(
    r"(?<![\d.,+])(?:(?<=от )(?P<since>\d{1,2})(?= лет| года)|(?P<age>\d{1,2})\s?(?:yoshdan\b(?:\s(?P<to>\d{1,2}))?"
    r"|\+(?=\s*(?:[.,;]|$|yosh|лет))))",
    re.IGNORECASE,
)
_GROWN = 18
_SHORT = 3  # letters: of them no more is told
_UP_TO = re.compile(r"(?:до|up to)\s*$", re.IGNORECASE)
# "my son is 5", "сыну 5", "o'g'lim 5 da": years, where no unit stands behind
_CHILD = re.compile(
    r"\b(?:son|daughter|kid|child|boy|girl|nephew|niece|he|she|сын\w*|доч\w+|реб[её]н\w+|ему|ей|мальчик\w*|девочк\w*"
    r"|внук\w*|внучк\w*|племянни\w+|(?:o.?g.?il|o.?g.?l|qiz(?!il)|nabira|jiyan|uka|singl)\w*)(?:'s|’s|\s+is|\s+turned)?\s+"
    r"(\d{1,2})(?:\s?(?:da|га|ga)\b|(?=\s*(?:[,.!?\n]|$|and\b|и\b|va\b)))",
    re.IGNORECASE,
)


def told(text: str) -> list[tuple[float, str]]:
    """What a shopper tells of somebody or of a room: `(8, "kg")` of "bolam 8 kilo"; spans tell nothing."""
    found = [
        (_number(one["high"]), _unit(one)) for one in _SPAN.finditer(text) if not (one["low"] or _is_limit(text, one))
    ]
    return found + [(float(one[1]), "yosh") for one in _CHILD.finditer(text)]


def size_for(product: Product, text: str, notes: Sequence[str] = ()) -> str:
    """The size that the description gives for what is told: "M" of "S 3-6 kg, M 6-9 kg" for 8 kilos; "" for none.

    Of those that reach from nothing up ("50 W 50 l gacha, 100 W 100 l gacha") the least that is enough. Where the
    description tells none: the size of the words it sets beside it ("M — hatchbacks; L — vans"), or what one of
    `notes`, the shop's own answers, gives.
    """
    found = _in_span(product.sizes, text, product.description) or _beside_words(product, text)
    return found or next((size for note in notes if (size := _in_span(product.sizes, text, note))), "")


def _in_span(sizes: tuple[str, ...], text: str, table: str) -> str:
    spans = _of_sizes(sizes, table)
    fits = {
        size: (low, high)
        for value, unit in told(text)
        for size, low, high, own in spans
        if own == unit and low <= value <= high
    }
    if len(fits) > 1 and not any(low for low, _ in fits.values()):
        return min(fits, key=lambda size: fits[size][1])
    return next(iter(fits)) if len(fits) == 1 else ""


def _beside_words(product: Product, text: str) -> str:
    """The one size beside which the description has a word that is told and that its title lacks."""
    told_ = {stem(word.key) for word in words(text) if len(word.key) > _SHORT and word.key not in load().filler}
    told_ -= {stem(word.key) for title in (product.title_uz, product.title_ru) for word in words(title)}
    beside = {
        size: {stem(word.key) for said in _set_beside(size, product.description) for word in words(said)}
        for size in product.sizes
    }
    fits = [size for size, own in beside.items() if told_ & own]
    return fits[0] if len(fits) == 1 and sum(map(bool, beside.values())) > 1 else ""


def _set_beside(size: str, description: str) -> list[str]:
    return re.findall(rf"(?<!\w){re.escape(size)}\s?[—–:=]\s?([^;.\n]+)", description)


def fitting(shop: Shop, skus: Sequence[str], text: str) -> list[str]:
    """Those of several things that are meant for what is told; [] where nothing is told or no description says."""
    values = told(text)
    return [sku for sku in skus if _fits(shop.products[sku], values)] if values else []


def by_age(shop: Shop, text: str) -> list[str]:
    """Whatever of the shop is meant for the age or the number of people that is told; [] where none is told."""
    known = [unit for _, unit in told(text)]
    return fitting(shop, list(shop.products), text) if known and set(known) <= {"yosh", "people"} else []


def _fits(product: Product, values: Sequence[tuple[float, str]]) -> bool:
    spans = _spans(f"{product.title_uz}. {product.title_ru}. {product.description}")
    return any(own == unit and low <= value <= high for value, unit in values for low, high, own in spans)


@lru_cache(maxsize=4096)
def _spans(description: str) -> list[tuple[float, float, str]]:
    """What a description is for: from, to, unit; `25 kv.m gacha` begins at nothing."""
    said = [one for one in _SPAN.finditer(description) if one["low"] or _is_limit(description, one)]
    spans = [(_number(one["low"] or "0"), _number(one["high"]), _unit(one)) for one in said]
    ages = [
        (float(one["age"] or one["since"]), float(one["to"] or _GROWN), "yosh") for one in _FROM.finditer(description)
    ]
    ages = [span for span in ages if span[0] < _GROWN]
    return [
        *ages,
        *(span for span in spans if not (ages and span[2] == "yosh")),
    ]  # of "1 yoshdan 12 yoshgacha" the whole


@lru_cache(maxsize=4096)
def _of_sizes(sizes: tuple[str, ...], description: str) -> list[tuple[str, float, float, str]]:
    """The spans that stand right behind a size, or else right before one: ("M", 6, 9, "kg")."""
    behind, before = [], []
    for size in sizes:
        for label in re.finditer(rf"(?<!\w){re.escape(size)}(?!\w)\s*[:(–—-]?\s*", description):
            one = _SPAN.match(description, label.end())
            if one and (one["low"] or one["to"]):
                behind.append((size, *_span(one)))
        ends = re.compile(rf"\s*[–—-]?\s*{re.escape(size)}(?!\w)")
        spans = [one for one in _SPAN.finditer(description) if one["low"] or _is_limit(description, one)]
        before += [(size, *_span(one)) for one in spans if ends.match(description, one.end())]
    return behind if len(behind) > 1 or not before else before


def _span(one: re.Match[str]) -> tuple[float, float, str]:
    return _number(one["low"] or "0"), _number(one["high"]), _unit(one)


def _is_limit(text: str, one: re.Match[str]) -> bool:
    return bool(one["to"] or _UP_TO.search(text[: one.start()]))


def _unit(one: re.Match[str]) -> str:
    return next(name for name in _UNITS if one[name])


def _number(said: str) -> float:
    return float(said.replace(",", "."))
