"""What a catalogue calls its goods: which products have a word, a concept, a size, and how much it says of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

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
# products that are kept as read, so that a change in a catalogue of 2 000 costs 0.1 s instead of 0.4; each takes 5 KB
_KEPT = 8192


@dataclass(slots=True)
class Entry:
    """What one product is called: words (as keys) and concepts with their worth for it, and what it is made for.

    `length`: units of its shorter title.
    """

    keys: dict[str, float] = field(default_factory=dict)
    concepts: dict[str, float] = field(default_factory=dict)
    made_for: set[str] = field(default_factory=set)  # a case comes for iPhone 13
    attributes: set[str] = field(default_factory=set)
    audiences: set[str] = field(default_factory=set)
    extras: set[str] = field(default_factory=set)
    length: int = 1


def _holders() -> dict[str, dict[int, float]]:
    return defaultdict(dict)


@dataclass
class Learned:
    """The words of a catalogue. Products are counted by their places in it."""

    by_key: dict[str, dict[int, float]] = field(default_factory=_holders)
    by_concept: dict[str, dict[int, float]] = field(default_factory=_holders)
    made_for: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    attributes: set[str] = field(default_factory=set)
    audiences: list[set[str]] = field(default_factory=list)
    extras: list[set[str]] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)

    def add(self, at: int, entry: Entry) -> None:
        """Takes in what the product at `at` is called."""
        for key, worth in entry.keys.items():
            self.by_key[key][at] = worth
        for concept, worth in entry.concepts.items():
            self.by_concept[concept][at] = worth
        for name in entry.made_for:
            self.made_for[name].add(at)
        self.attributes |= entry.attributes
        self.audiences.append(entry.audiences)
        self.extras.append(entry.extras)
        self.lengths.append(entry.length)


def learned(products: Iterable[Product], lexicon: Lexicon) -> Learned:
    """All of `products`, in order."""
    known = Learned()
    for at, product in enumerate(products):
        texts = tuple(getattr(product, name) for name in _FIELDS)
        known.add(at, _entry(lexicon, texts, product.sizes, product.colors))
    return known


@lru_cache(maxsize=_KEPT)
def _entry(lexicon: Lexicon, texts: tuple[str, ...], sizes: tuple[str, ...], colors: tuple[str, ...]) -> Entry:
    """What a product with these `_FIELDS` is called; not to be changed, for it is kept."""
    text_of = dict(zip(_FIELDS, texts, strict=True))
    parsed = {name: _units(text, lexicon) for name, text in text_of.items()}
    entry = Entry(audiences=_audience(parsed))
    goods = _goods(lexicon, parsed, entry.audiences)
    own_titles = [text_of[name] for name in _TITLES]
    for written, worth in ((sizes, OF_SIZE), (own_titles, 1.0)):
        for _, _, code in codes(" ".join(written)):
            _put(entry.keys, code, worth)
    asides = _asides(text_of, parsed)
    for name, of_field in _FIELDS.items():
        beside = asides.get(name, set())
        attributes = titles.attributes(text_of[name]) if of_field == 1 else set()
        packed = packed_in(text_of[name]) if of_field == 1 else frozenset()
        entry.attributes |= attributes
        for word in words(text_of[name]):
            worth = of_field * BESIDE if word.start in beside else of_field
            worth = PACKED if word.start in packed else worth
            _put(entry.keys, word.key, worth)
            if (typed := titles.typed(word.text)) != word.key:
                _put(entry.keys, typed, worth)
        for joined in titles.joined(text_of[name]):  # Toy-Blok is typed toyblok too
            _put(entry.keys, joined, of_field)
        for unit in parsed[name]:
            aside = bool(beside) and _head(name, unit).start in beside
            worth = of_field * BESIDE if aside or unit.words[-1].key in attributes else of_field
            worth = PACKED if len(unit.words) == 1 and unit.start in packed else worth
            _means(entry, lexicon, unit, goods, worth)
    for name in english.names(text_of["description"]):
        _called(entry, lexicon, name, goods)
    entry.audiences = entry.audiences or {lexicon.concepts[concept].whose for concept in goods} - {""}
    for unit in (unit for size in sizes for unit in _units(size, lexicon) if unit.kind in ("name", "word", "goods")):
        entry.made_for |= {*unit.concepts, *(word.key for word in unit.words if len(word.key) > 3)}
    own = [word.key for text in (*sizes, *own_titles) for word in words(text)]
    entry.extras = {*own, *map(stem, own), *(fold(canonical(color)) for color in colors)}
    entry.length = min((len(parsed[one]) for one in _TITLES if parsed[one]), default=1)
    return entry


@lru_cache(maxsize=1024)  # a category or a size is that of many products, mostly of neighbours
def _units(text: str, lexicon: Lexicon) -> list[Unit]:
    return units(text, lexicon)


def _means(entry: Entry, lexicon: Lexicon, unit: Unit, goods: set[str], worth: float) -> None:
    """Takes in the concepts of a unit, their umbrellas, and what single words of a phrase name."""
    for concept in unit.concepts & goods if unit.kind == "goods" else unit.concepts:
        _put(entry.concepts, concept, worth)
        for above in lexicon.concepts[concept].above:
            _put(entry.concepts, above, worth * UMBRELLA)
    for inside in _inside(lexicon, unit):
        _put(entry.concepts, inside, worth * UMBRELLA)


def _called(entry: Entry, lexicon: Lexicon, name: str, goods: set[str]) -> None:
    """Takes in an English name: `gig bag for a guitar` is a bag, and a little a guitar."""
    head = english.head(name)
    for word in words(name):
        if not (word.key.isdigit() or word.key in lexicon.filler):
            _put(entry.keys, word.key, ENGLISH if word.start <= head else ENGLISH * BESIDE)
    for unit in _units(name, lexicon):
        last = unit.start <= head < unit.end
        for concept in unit.concepts & goods if unit.kind == "goods" else unit.concepts:
            _put(entry.concepts, concept, ENGLISH if last else ENGLISH * BESIDE)
            for above in lexicon.concepts[concept].above if last else ():
                _put(entry.concepts, above, ENGLISH * UMBRELLA)


def _asides(text_of: dict[str, str], parsed: dict[str, list[Unit]]) -> dict[str, set[int]]:
    """Where the words begin in each title that say what goes with the thing, also when only the other one shows it.

    `Комбик для гитары` tells that the first word of `Gitara kombigi` is no guitar.
    """
    found = {name: titles.asides(text_of[name]) for name in _TITLES}
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


def _inside(lexicon: Lexicon, unit: Unit) -> set[str]:
    """What the single words of a phrase name: a suitcase cover is a cover."""
    if len(unit.words) == 1:
        return set()
    alone = (lexicon.meanings((word.key,)) for word in unit.words)
    return {name for names in alone for name in names if lexicon.concepts[name].kind in ("goods", "trait")}


def _put(worths: dict[str, float], name: str, worth: float) -> None:
    if worths.get(name, 0.0) < worth:
        worths[name] = worth


def _audience(parsed: dict[str, list[Unit]]) -> set[str]:
    named = (unit for name in (*_TITLES, "category") for unit in parsed[name] if unit.kind == "audience")
    return {concept for unit in named for concept in unit.concepts}


def _goods(lexicon: Lexicon, parsed: dict[str, list[Unit]], audiences: set[str]) -> set[str]:
    """What the product is; a word of two meanings (ko'ylak) is settled by the other title or by whom it is for."""
    named = [unit.concepts for name in _FIELDS for unit in parsed[name] if unit.kind == "goods"]
    sure = {concept for concepts in named if len(concepts) == 1 for concept in concepts}
    meant: set[str] = set()
    for concepts in named:
        settled = concepts & sure or {
            one for one in concepts if lexicon.concepts[one].whose in audiences and len(concepts) > 1
        }
        meant |= settled or concepts
    return meant


def _head(name: str, unit: Unit) -> Word:
    """The word of a phrase that says what it is: the last in Uzbek, the first in Russian."""
    return unit.words[-1 if name == "title_uz" else 0]
