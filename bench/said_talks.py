"""Makes short order talks of one shop from the templates of `bench/said.yaml`, with what the cart must hold then."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bench.said_things import LEAST_STOCK, Thing, in_script, named, names, phrase, said_color, variant_phrase
from shop.catalogue import Product, read_rows

TEMPLATES = Path(__file__).with_name("said.yaml")
LANGUAGES = ("uz", "uz-cyrl", "ru", "en", "mixed")
_WORDS = {
    "uz": ("bitta", "ikkita", "uchta", "to'rtta", "beshta"),
    "ru": ("одну", "две", "три", "четыре", "пять"),
    "en": ("one", "two", "three", "four", "five"),
}
_EACH = ("bittadan", "ikkitadan", "uchtadan", "to'rttadan", "beshtadan")
_SLOT = re.compile(r"\{(\w+)(?:\.(\w+))?\}")
_TERM = re.compile(r"([abcx])\*([nmk]|\d)([+-]1)?")
_ADDRESSES = {
    "uz": ("Chilonzor 9-kvartal, 14-uy, 3-xonadon", "Yunusobod 4, 12-uy", "Navoiy ko'chasi 25-uy"),
    "ru": ("Чиланзар 9 квартал, дом 14, кв 3", "Юнусабад 4, дом 12", "улица Навои, дом 25"),
    "en": ("Chilonzor 9, house 14, apartment 3", "Navoi street 25"),
}
_PHONES = ("90 123 45 67", "+998 93 555 12 34", "997771122")
_COUNT_OF = {"a": "n", "b": "m", "c": "k"}
_MOST = 5  # pieces: counts go to it where so many are there

Lines = frozenset[tuple[str, str, int]]


@dataclass(frozen=True)
class Told:
    """A talk: what is written, and what the cart holds when all of it was understood."""

    template: str
    language: str
    said: tuple[str, ...]
    cart: Lines
    phone: str = ""
    house: str = ""


@cache
def templates() -> tuple[dict[str, Any], frozenset[str]]:
    """The templates by name, and the English words for things."""
    read = yaml.safe_load(TEMPLATES.read_text(encoding="utf-8"))
    return {name: one for name, one in read.items() if name != "english"}, frozenset(read["english"].split())


class Maker:
    """Makes talks of one shop."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.dice = random.Random(f"{folder.name} {seed}")
        self.templates, english = templates()
        rows, _ = read_rows(folder / "catalog.csv")
        goods = [row.product for row in rows]
        self.there = {row.product.sku: dict(there(row.product, row.stock or ())) for row in rows}
        self.names = {
            language: {
                one.sku: found
                for one in goods
                if (found := names(one, [other for other in goods if other is not one], language, english))
            }
            for language in ("uz", "ru", "en")
        }
        self.goods = {one.sku: one for one in goods}

    def talks(self, count: int, only: str = "") -> Iterator[Told]:
        """`count` talks, the templates and languages in turn, as far as the goods allow."""
        kinds = [
            (name, language)
            for name, one in self.templates.items()
            for language in LANGUAGES
            if language.removesuffix("-cyrl") in one and (not only or name == only)
        ]
        self.dice.shuffle(kinds)
        for at in range(count):
            if told := self._talk(*kinds[at % len(kinds)]):
                yield told

    def _talk(self, name: str, language: str) -> Told | None:
        template = self.templates[name]
        spoken = language.removesuffix("-cyrl")
        tongue = self.dice.choice(("uz", "ru")) if spoken == "mixed" else spoken
        said = "\n\n".join(self.dice.choice(one) for one in template[spoken])
        terms = _TERM.findall(template["cart"])
        slots = {slot for slot, _ in _SLOT.findall(said)} | {who for who, _, _ in terms}
        things = self._things([one for one in "abc" if one in slots], tongue, other="x" in slots)
        if things is None:
            return None
        low = template.get("low", 1)
        most = min(_MOST, min(one.stock for one in things.values()) - 1)
        taken = {number for one in things.values() for number in one.numbers}
        free = [count for count in range(low, most + 1) if count not in taken]
        counts = dict(zip("nmk", self.dice.sample(free, min(3, len(free))), strict=False))
        if not {one for one in "nmk" if one in slots} <= set(counts):
            return None
        phone, address = self.dice.choice(_PHONES), self.dice.choice(_ADDRESSES.get(spoken, _ADDRESSES["uz"]))

        def fill(slot: re.Match[str]) -> str:
            who, how = slot[1], slot[2] or ""
            if who in counts:
                return _count(counts[who], how, tongue)
            if who in ("phone", "address"):
                return {"phone": phone, "address": address}[who]
            if who == "x":
                return variant_phrase(things["x"], things["a"], tongue, how, self.dice)
            several = template["cart"] != "a*1" and counts.get(_COUNT_OF.get(who, "n"), 1) > 1
            if how.startswith("name"):
                return named(things[who], tongue, how.removeprefix("name"), several=several)
            return phrase(things[who], tongue, how, self.dice, several=several)

        text = in_script(_SLOT.sub(fill, said), language)
        cart = [(*things[who].line, int(counts.get(count, count)) + int(more or 0)) for who, count, more in terms]
        digits, house = re.sub(r"\D", "", phone)[-9:], re.findall(r"\d+", address)[-1]
        contact = ("+998" + digits, house) if template.get("contact") else ("", "")
        return Told(name, language, tuple(text.split("\n\n")), frozenset(cart), *contact)

    def _things(self, who: Sequence[str], tongue: str, *, other: bool) -> dict[str, Thing] | None:
        """A thing for each letter, all of different products, and `x`: the first one in another variant."""
        known = [sku for sku in self.names[tongue] if self.there[sku]]
        if other:
            known = [sku for sku in known if len(self.there[sku]) > 1] or known
        self.dice.shuffle(known)
        found: dict[str, Thing] = {}
        for sku in known:
            if len(found) == len(who):
                break
            thing = self._variant(sku, tongue)
            if thing is None:
                continue
            if other and not found:
                twin = self._twin(thing, tongue)
                if twin is None:
                    continue
                found["x"] = twin
            found[next(one for one in who if one not in found)] = thing
            if "x" in found and len(found) == len(who) + 1:
                break
        return found if set(who) <= set(found) else None

    def _variant(self, sku: str, tongue: str) -> Thing | None:
        product = self.goods[sku]
        ways = self.names[tongue][sku]
        name, head = ways[0] if self.dice.random() < 0.7 else self.dice.choice(ways)
        variant, stock = self.dice.choice(sorted(self.there[sku].items()))
        size, color = product.split(variant)
        thing = Thing(product, size, color, stock, name, head)
        return thing if not color or said_color(color, tongue, head) else None

    def _twin(self, thing: Thing, tongue: str) -> Thing | None:
        """The same thing in another colour, else in another size."""
        of = [
            (*thing.product.split(variant), stock) for variant, stock in sorted(self.there[thing.product.sku].items())
        ]
        hues = [one for one in of if one[0] == thing.size and one[1] != thing.color]
        hues = [one for one in hues if said_color(one[1], tongue, thing.head)]
        sizes = [one for one in of if one[1] == thing.color and one[0] != thing.size]
        if not hues and not sizes:
            return None
        size, color, stock = self.dice.choice(hues or sizes)
        return Thing(thing.product, size, color, stock, thing.name, thing.head)


def there(product: Product, stock: Sequence[Any]) -> Iterator[tuple[str, int]]:
    """The variants of which enough are there."""
    for cell in stock:
        if cell.mode == "counted" and cell.count >= LEAST_STOCK:
            if cell.variant == "*":
                yield from ((one, cell.count) for one in product.variants())
            else:
                yield cell.variant, cell.count


def _count(count: int, how: str, tongue: str) -> str:
    if how == "each":
        return _EACH[count - 1]
    return _WORDS[tongue][count - 1] if how == "w" else str(count)
