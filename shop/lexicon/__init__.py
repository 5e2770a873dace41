"""Words of the trade as data: synonyms of goods, traits, who things are for, and filler words; read once a process."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from shop import verbs
from shop.fold import fold_word, owned, singular, stem, words

_OF_UNIT = re.compile(r"(?:li(?:k|kni|kdan|ki|gi|gini|gidan|si|sini|sidan)?|s?i(?:ni|dan)?)$")
_OF_A_NOUN = re.compile(r"[а-яё]{2,}(?:[ыио]й|[ая]я|[ое]е|[ыи]е)(?:ся)? [а-яё]+(?<![ыио]й)(?<![ая]я)(?<![ыи]е)")
_DIALECT = re.compile(r"(?<=....)la(?:ni|dan|ga|rni)?$")  # kaskala, ko'zoynaglani: -lar as it is said in Tashkent
_FOLDER = Path(__file__).parent
_TRADES = ("trades.yaml", "more_trades.yaml")
_MOST_MET = 65536  # words and phrases whose meanings are kept
_AS_WRITTEN = 99  # letters that no stem has
_SHORT = 4  # letters of a rare word's stem: "pis" of пицца is also that of писали
_RARE = (
    "trades_home.yaml",
    "trades_daily.yaml",
    "trades_table.yaml",
    "trades_wear.yaml",
    "trades_gear.yaml",
    "trades_house.yaml",
)
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """What several words mean: `kind` goods, trait, name, audience or word (what it is made of, how it works).

    `above`: its umbrellas; `whose`: whom it is typically for."""

    name: str
    kind: str
    above: frozenset[str] = frozenset()
    whose: str = ""


@dataclass(slots=True, eq=False)
class Lexicon:
    """Wordings, as keys, with endings of a possessive and as stems, -> the concepts they may mean; filler; units.

    `rare`: keys of goods that few shops sell. Elsewhere a near spelling of one is rather another word, not a slip.
    `everyday`: words of daily talk: no slips of goods, and no forms of one (seni is no senna, более no toothache).
    """

    concepts: dict[str, Concept] = field(default_factory=dict)
    by_keys: dict[Phrase, set[str]] = field(default_factory=dict)
    by_stems: dict[Phrase, set[str]] = field(default_factory=dict)
    by_forms: dict[Phrase, set[str]] = field(default_factory=dict)
    filler: set[str] = field(default_factory=set)
    everyday: set[str] = field(default_factory=set)
    everyday_stems: set[str] = field(default_factory=set)
    given_names: set[str] = field(default_factory=set)
    rare: set[str] = field(default_factory=set)
    units: dict[str, str] = field(default_factory=dict)
    makers: dict[str, str] = field(default_factory=dict)  # root of a verb -> what does it: quritgich
    nouns: list[tuple[str, Concept]] = field(default_factory=list)  # wordings with the adjective behind the noun
    met: dict[Phrase, set[str]] = field(default_factory=dict)  # what was asked for, once all is learnt
    openings: dict[str, int] = field(default_factory=dict)  # first word or its stem -> words of the longest phrase

    def add(self, concept: Concept, wordings: list[str], least: int = 1) -> None:
        """Teaches `concept` and how people say it; single words with a stem under `least` letters only as written."""
        self.concepts[concept.name] = concept
        self.nouns += [(_turned(one), concept) for one in wordings if _OF_A_NOUN.fullmatch(one)]
        for wording in wordings:
            for spelling in {wording, wording.replace("o'", "u")}:  # кўйлак typed куйлак on a Russian keyboard
                keys = tuple(word.key for word in words(spelling))
                self.by_keys.setdefault(keys, set()).add(concept.name)
                if concept.kind == "goods" and (own := verbs.root(keys[-1], does=False)):
                    self.makers[own] = keys[-1]
                stems = tuple(map(stem, keys))
                if len(stems) > 1 or len(stems[0]) >= least:
                    self.by_stems.setdefault(stems, set()).add(concept.name)
                for form in owned(keys[-1]):
                    self.by_forms.setdefault((*keys[:-1], form), set()).add(concept.name)
                for first in {keys[0], stems[0]} if len(keys) > 1 else ():
                    self.openings[first] = max(self.openings.get(first, 1), len(keys))

    def settle(self) -> None:
        """A word of one thing is no word of its umbrella too: raisins are not any dried fruit.

        An adjective may stand behind its noun; one that means something alone, as copper does, says more apart.
        """
        nouns, self.nouns = self.nouns, []
        for turned, concept in nouns:
            if not self.meanings((words(turned)[1].key,)):
                self.add(concept, [turned])
        for meant in (*self.by_keys.values(), *self.by_stems.values(), *self.by_forms.values()):
            meant -= {above for name in meant for above in self.concepts[name].above}

    def unit(self, key: str) -> str:
        """The one spelling of a unit of measure, also as in `8 litrli`, `8 litrlik`, `2 kilolisidan`; "" for others."""
        return self.units.get(key) or self.units.get(_bare(key), "")

    def name(self, key: str) -> str:
        """The one spelling of the name of a make (`айфон`, `ayfonga`: iphone); "" for other words."""
        return next((one for one in self.meanings((key,)) if self.concepts[one].kind == "name"), "")

    def longest(self, key: str) -> int:
        """How many words the longest phrase has that may begin with `key`."""
        own, bare = self.openings.get(key, 1), self.openings.get(stem(key), 1)
        return own if own > bare else bare  # twice as quick as max(), and asked for each word of a catalogue

    def done_by(self, keys: Phrase) -> Phrase:
        """The words with the tool for a participle: soch quritgich for `soch quritadigan`; () where there is none."""
        tool = self.makers.get(verbs.root(keys[-1]), "")
        return (*keys[:-1], tool) if tool else ()

    def names_goods(self, keys: Phrase) -> bool:
        """Whether these words may name a kind of goods."""
        return any(self.concepts[one].kind == "goods" for one in self.meanings(keys))

    def meanings(self, keys: Phrase) -> set[str]:
        """The concepts that these words name together: as they stand, else without their endings."""
        if (found := self.met.get(keys)) is None:
            self.met.clear() if len(self.met) >= _MOST_MET else None
            found = self.met[keys] = self._meanings(keys)
        return found

    def _meanings(self, keys: Phrase) -> set[str]:
        if found := self.by_keys.get(keys):
            return found
        found = self.by_forms.get(keys) or self.by_stems.get(tuple(map(stem, keys))) or set()
        if not found and (done := self.done_by(keys)):
            return self.by_keys.get(done, set())
        if not found and (one := singular(keys[-1])):  # sinks, gift boxes
            found = self.by_keys.get((*keys[:-1], one), set())
        if not found and (many := _DIALECT.search(keys[-1])):
            one = stem(keys[-1][: many.start()])
            found = self.by_stems.get((*map(stem, keys[:-1]), one), set()) if len(one) >= _SHORT else set()
        if len(keys) == 1 and keys[0] in self.everyday:
            return {name for name in found if self.concepts[name].kind != "goods"}
        return found


def _turned(wording: str) -> str:
    """`каска строительная` for "строительная каска", as titles have it."""
    return " ".join(reversed(wording.split()))


@lru_cache(maxsize=8192)  # a turn asks a hundred times whether one of its ten words is a unit
def _bare(key: str) -> str:
    return _OF_UNIT.sub("", key)


@cache
def load() -> Lexicon:
    """The lexicon of the product (files beside this one)."""
    data = _read("synonyms.yaml")
    lexicon = Lexicon()
    for goods in (data["goods"], *map(_read, _TRADES)):
        _add_goods(lexicon, goods)
    for kind, part in (("trait", "traits"), ("name", "names"), ("audience", "audiences")):
        for name, wordings in data[part].items():
            lexicon.add(Concept(name, kind), wordings)
    for name, wordings in _read("as_written.yaml").items():
        lexicon.add(Concept(name, "audience"), wordings, _AS_WRITTEN)
    for part in _read("ways.yaml").values():
        for name, wordings in part.items():
            lexicon.add(Concept(name, "word"), wordings, _SHORT)
    common = set(lexicon.by_keys)
    for goods in map(_read, _RARE):
        _add_goods(lexicon, goods, _SHORT)
    lexicon.rare = {keys[0] for keys in lexicon.by_keys.keys() - common if len(keys) == 1}
    for unit, said in _read("units.yaml").items():
        lexicon.units |= {fold_word(word): unit for word in [unit, *said.split()]}
    for line in _read("filler.yaml").values():
        for word in line.split():
            lexicon.filler |= {fold_word(word), fold_word(word.replace("o'", "u"))}
    for topic, line in _read("everyday.yaml").items():
        everyday = set(map(fold_word, line.split()))
        lexicon.everyday |= everyday
        lexicon.given_names |= everyday if topic.endswith("given_names") else set()
    lexicon.everyday_stems = set(map(stem, lexicon.everyday))
    lexicon.settle()
    lexicon.met.clear()
    return lexicon


@cache
def containers() -> frozenset[str]:
    """Keys of the words for what goods are packed in: banka, коробка, jar."""
    return frozenset(fold_word(word) for line in _read("containers.yaml").values() for word in line.split())


def _read(name: str) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one reads these files in 20 ms instead of 180
    return dict(yaml.load((_FOLDER / name).read_text(encoding="utf-8"), Loader=loader))  # noqa: S506 - both are safe


def _add_goods(lexicon: Lexicon, goods: dict[str, Any], least: int = 1) -> None:
    for umbrella, group in goods.items():
        lexicon.add(Concept(umbrella, "goods"), group.get("words", []), least)
        _add_kinds(lexicon, umbrella, group["kinds"], least)


def _add_kinds(lexicon: Lexicon, umbrella: str, kinds: dict[str, Any], least: int) -> None:
    for name, entry in kinds.items():
        known = lexicon.concepts.get(name, Concept(name, "goods"))  # said in an earlier file: this one adds its words
        above = {umbrella, entry["under"]} if "under" in entry else {umbrella}
        concept = Concept(name, "goods", known.above | above, entry.get("for", known.whose))
        lexicon.add(concept, entry["words"], least)
