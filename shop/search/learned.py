"""What a catalogue calls its goods: which products have a word, a concept, a size, and how much it says of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial

from shop.catalogue.product import Product
from shop.colors import canonical
from shop.fold import Word, fold, stem, words
from shop.lexicon import Lexicon
from shop.search import english, titles
from shop.search.codes import codes
from shop.search.containers import packed_in
from shop.search.units import Unit, units

TOLD = 0.4  # what a match in a description is worth
# what a match in a field is worth: titles name the thing, the category its kind, the description may mention others
_FIELDS = {"title_uz": 1.0, "title_ru": 1.0, "category": 0.75, "description": TOLD}
OF_SIZE = 0.45  # what it comes in tells products apart, and is still to be read as a size
_TITLES = ("title_uz", "title_ru")
UMBRELLA = 0.85  # "poyabzal" finds sneakers, a little less than sneakers themselves
ENGLISH = 0.92  # a name told in English: titles are Uzbek and Russian
PACKED = 0.42  # "... 500 g bankada" is called by no jar, and is told from one in a bag
BESIDE = 0.9  # a cuff for a tonometer is a little a tonometer


def _holders() -> dict[str, dict[int, float]]:
    return defaultdict(dict)


@dataclass
class Learned:
    """The words of a catalogue. Products are counted by their places in it."""

    lexicon: Lexicon
    by_key: dict[str, dict[int, float]] = field(default_factory=_holders)
    by_concept: dict[str, dict[int, float]] = field(default_factory=_holders)
    made_for: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))  # a case comes for iPhone 13
    attributes: set[str] = field(default_factory=set)
    audiences: list[set[str]] = field(default_factory=list)
    extras: list[set[str]] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    _shared: Callable[[str], list[Unit]] = field(init=False)

    def __post_init__(self) -> None:
        # a category or a size, often a description too, is that of many products, mostly of neighbours
        self._shared = lru_cache(maxsize=1024)(partial(units, lexicon=self.lexicon))

    def add(self, at: int, product: Product) -> None:
        """Takes in what the product at `at` is called."""
        parsed = {name: units(getattr(product, name), self.lexicon) for name in _TITLES}
        parsed |= {name: self._shared(getattr(product, name)) for name in _FIELDS if name not in _TITLES}
        audiences = self._audience(parsed)
        goods = self._goods(parsed, audiences)
        for texts, worth in ((product.sizes, OF_SIZE), ((product.title_uz, product.title_ru), 1.0)):
            for _, _, code in codes(" ".join(texts)):
                self._put(self.by_key[code], at, worth)
        asides = self._asides(product, parsed)
        for name, of_field in _FIELDS.items():
            text = getattr(product, name)
            beside = asides.get(name, set())
            attributes = titles.attributes(text) if of_field == 1 else set()
            packed = packed_in(text) if of_field == 1 else frozenset()
            self.attributes |= attributes
            for word in words(text):
                worth = of_field * BESIDE if word.start in beside else of_field
                worth = PACKED if word.start in packed else worth
                self._put(self.by_key[word.key], at, worth)
                if (typed := titles.typed(word.text)) != word.key:
                    self._put(self.by_key[typed], at, worth)
            for joined in titles.joined(text):  # Toy-Blok is typed toyblok too
                self._put(self.by_key[joined], at, of_field)
            for unit in parsed[name]:
                aside = bool(beside) and _head(name, unit).start in beside
                worth = of_field * BESIDE if aside or unit.words[-1].key in attributes else of_field
                worth = PACKED if len(unit.words) == 1 and unit.start in packed else worth
                for concept in unit.concepts & goods if unit.kind == "goods" else unit.concepts:
                    self._put(self.by_concept[concept], at, worth)
                    for above in self.lexicon.concepts[concept].above:
                        self._put(self.by_concept[above], at, worth * UMBRELLA)
                for inside in self._inside(unit):
                    self._put(self.by_concept[inside], at, worth * UMBRELLA)
        for name in english.names(product.description):
            self._called(at, name, goods)
        if not audiences:
            audiences = {self.lexicon.concepts[concept].whose for concept in goods} - {""}
        for unit in (
            unit for size in product.sizes for unit in self._shared(size) if unit.kind in ("name", "word", "goods")
        ):
            for name in (*unit.concepts, *(word.key for word in unit.words if len(word.key) > 3)):
                self.made_for[name].add(at)
        self.audiences.append(audiences)
        own = [word.key for text in (*product.sizes, product.title_uz, product.title_ru) for word in words(text)]
        self.extras.append({*own, *map(stem, own)})
        self.extras[at] |= {fold(canonical(color)) for color in product.colors}
        self.lengths.append(min((len(parsed[one]) for one in _TITLES if parsed[one]), default=1))

    def _called(self, at: int, name: str, goods: set[str]) -> None:
        """Takes in an English name: `gig bag for a guitar` is a bag, and a little a guitar."""
        head = english.head(name)
        for word in words(name):
            if not (word.key.isdigit() or word.key in self.lexicon.filler):
                self._put(self.by_key[word.key], at, ENGLISH if word.start <= head else ENGLISH * BESIDE)
        for unit in self._shared(name):
            last = unit.start <= head < unit.end
            for concept in unit.concepts & goods if unit.kind == "goods" else unit.concepts:
                self._put(self.by_concept[concept], at, ENGLISH if last else ENGLISH * BESIDE)
                for above in self.lexicon.concepts[concept].above if last else ():
                    self._put(self.by_concept[above], at, ENGLISH * UMBRELLA)

    def _asides(self, product: Product, parsed: dict[str, list[Unit]]) -> dict[str, set[int]]:
        """Where the words begin in each title that say what goes with the thing, also when only the other one shows it.

        `Комбик для гитары` tells that the first word of `Gitara kombigi` is no guitar.
        """
        found = {name: titles.asides(getattr(product, name)) for name in _TITLES}
        own = [(name, unit) for name in _TITLES for unit in parsed[name]]
        goes_with = {one for name, unit in own if _head(name, unit).start in found[name] for one in unit.concepts}
        for name in _TITLES:
            more = {_head(name, unit).start for unit in parsed[name] if unit.concepts & goes_with} | found[name]
            told = (unit for unit in parsed[name] if unit.kind in ("goods", "word"))
            if any(_head(name, unit).start not in more for unit in told):
                found[name] = more
        for unit in parsed["title_uz"]:
            if unit.kind == "goods" and unit.words[-1].key.endswith("i"):  # "Gitara chexoli", one thing in the lexicon
                found["title_uz"] |= {word.start for word in unit.words[:-1]}
        return found

    def _inside(self, unit: Unit) -> set[str]:
        """What the single words of a phrase name: a suitcase cover is a cover."""
        if len(unit.words) == 1:
            return set()
        alone = (self.lexicon.meanings((word.key,)) for word in unit.words)
        return {name for names in alone for name in names if self.lexicon.concepts[name].kind in ("goods", "trait")}

    @staticmethod
    def _put(holders: dict[int, float], at: int, worth: float) -> None:
        if holders.get(at, 0.0) < worth:
            holders[at] = worth

    def _audience(self, parsed: dict[str, list[Unit]]) -> set[str]:
        named = (unit for name in (*_TITLES, "category") for unit in parsed[name] if unit.kind == "audience")
        return {concept for unit in named for concept in unit.concepts}

    def _goods(self, parsed: dict[str, list[Unit]], audiences: set[str]) -> set[str]:
        """What the product is; a word of two meanings (ko'ylak) is settled by the other title or by whom it is for."""
        named = [unit.concepts for name in _FIELDS for unit in parsed[name] if unit.kind == "goods"]
        sure = {concept for concepts in named if len(concepts) == 1 for concept in concepts}
        meant: set[str] = set()
        for concepts in named:
            settled = concepts & sure or {
                one for one in concepts if self.lexicon.concepts[one].whose in audiences and len(concepts) > 1
            }
            meant |= settled or concepts
        return meant


def _head(name: str, unit: Unit) -> Word:
    """The word of a phrase that says what it is: the last in Uzbek, the first in Russian."""
    return unit.words[-1 if name == "title_uz" else 0]


def learned(products: Iterable[Product], lexicon: Lexicon) -> Learned:
    """All of `products`, in order."""
    known = Learned(lexicon)
    for at, product in enumerate(products):
        known.add(at, product)
    return known
