"""A text as units of meaning: a thing, a trait, whom it is for, a name, a number, a colour; filler is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from shop.colors import canonical, is_color
from shop.fold import Word, fold, fold_word, stem, words
from shop.lexicon import Lexicon, load

_SIZES = frozenset({"s", "m", "l", *("x" * n + "l" for n in range(1, 6)), *("x" * n + "s" for n in range(1, 5))})
_CHILD_AGE = re.compile(r"\b(\d{1,2})\s*-?\s*(?:yosh|oylik|ёш|ойлик|лет|год|мес|y\.?o\b|year|month)", re.IGNORECASE)
_AND = re.compile(r"[,;.\n+]|\b(?:va|hamda|bilan|ва|ҳамда|билан|и|ещё|еще|and|with|plus|yana|i)\b", re.IGNORECASE)
KINDS = ("goods", "name", "audience", "trait", "word")  # what a word with several meanings counts as
_INCHES = frozenset(map(fold_word, ("inch", "inches", "дюйм", "дюйма", "дюймов", "dyum", "dyuym", "dyumli", "dyuymli")))
_QUOTED = re.compile(r"[«“„\"]\s?([^\W\d_]+)\s?[»”“\"]")
_STANDS_FOR = ("ini", "idan", "iga")  # Uzbek cases behind the ending of "the ... one"
_SHADES = frozenset(map(fold_word, ("dark", "light", "pale", "deep", "bright", "тёмно", "светло", "to'q", "och")))
_NO_FILLER = frozenset(("lock", "locks"))  # as keys they are "look"
_SAYS_NOTHING = frozenset(("xuddi", "худди"))  # as keys they are "худи", a hoodie
_PAIRS = frozenset(map(fold_word, ("пар", "пары", "пара", "пару", "juft", "pair", "pairs")))
_HOUSE = frozenset({"uy", "dom", "kv", "kvartira", "xona"})


@dataclass(slots=True)
class Unit:
    """Words that mean one thing together. `kind`: one of KINDS (word: unknown ones too), number, color."""

    words: tuple[Word, ...]
    kind: str
    concepts: frozenset[str] = frozenset()
    trust: float = 1.0  # less when the concept was guessed from a typo

    @property
    def start(self) -> int:
        """Where the unit begins in the text."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Where the unit ends in the text."""
        return self.words[-1].end


def tells_how(unit: Unit) -> bool:
    """Whether a word only says how a thing is: `деревянный`, folding; aylanadiganini stands for the thing itself."""
    return unit.kind == "word" and bool(unit.concepts) and not unit.words[-1].key.endswith(_STANDS_FOR)


def units(
    text: str, lexicon: Lexicon, sold: frozenset[str] | None = None, heads: frozenset[str] = frozenset()
) -> list[Unit]:
    """The units of `text`. `sold`: keys of the shop's titles; a thing among them is no filler ("telefon").

    `heads`: things that are filler elsewhere; right behind what tells of them they are meant: `oyna tozalaydigan som`.
    """
    tokens = words(text)
    names = quoted(text)
    found: list[Unit] = []
    at = 0
    while at < len(tokens):
        called = sold is not None and tokens[at].key in sold and tokens[at].start in names
        unit, used = (Unit((tokens[at],), "word"), 1) if called else _unit_at(tokens, at, lexicon, sold)
        told = found and found[-1].kind != "number" and found[-1].end + 1 == tokens[at].start
        if unit is None and tokens[at].key in heads and told:
            unit = Unit((tokens[at],), "word")
        at += used
        if unit and unit.kind == "color" and found and found[-1].end + 1 == unit.start and _is_shade(found[-1]):
            found.pop()  # "dark blue": the shade is of the colour
        if unit:
            found.append(unit)
    return found


@lru_cache(maxsize=2048)  # a turn asks for the units of a part of the message twice on average
def units_of(text: str) -> tuple[Unit, ...]:
    """The units of `text` as anybody would read it, whatever a shop sells."""
    return tuple(units(text, load(), frozenset()))


def things_of(text: str) -> list[Unit]:
    """The units of `text` that are called like goods anywhere: "stul", "стол"."""
    return [unit for unit in units_of(text) if unit.kind == "goods"]


def _is_shade(unit: Unit) -> bool:
    return unit.kind == "word" and unit.words[0].key in _SHADES


def quoted(text: str) -> set[int]:
    """Where single words in quotes begin: a name, though it may be an everyday word ("Город", «Весна»)."""
    return {found.start(1) for found in _QUOTED.finditer(text)}


def _unit_at(tokens: Sequence[Word], at: int, lexicon: Lexicon, sold: frozenset[str] | None) -> tuple[Unit | None, int]:
    """The unit that begins at `at` (None: filler) and how many words it takes."""
    word = tokens[at]
    for length in range(min(lexicon.longest(word.key), len(tokens) - at), 1, -1):
        chunk = tuple(tokens[at : at + length])
        concepts = lexicon.meanings(tuple(one.key for one in chunk))
        if concepts:
            return _known(chunk, concepts, lexicon), length
    if word.key.isdigit():
        return Unit((word,), "number"), 1
    counted = bool(at) and tokens[at - 1].key.isdigit()
    if word.key in _SIZES or (counted and word.key in _HOUSE | _INCHES | _PAIRS):
        return None, 1
    if lexicon.unit(word.key) and (counted or sold is None or word.key not in sold):  # also "what is it per kilo"
        return None, 1
    concepts = lexicon.by_keys.get((word.key,), set())
    thing = concepts and ((sold is not None and word.key in sold) or word.text.lower() in _NO_FILLER)
    if (word.key in lexicon.filler and not thing) or word.text.lower() in _SAYS_NOTHING:
        return None, 1
    if not concepts and is_color(word):
        return Unit((word,), "color"), 1
    concepts = concepts or lexicon.meanings((word.key,))
    return (_known((word,), concepts, lexicon) if concepts else Unit((word,), "word")), 1


def _known(chunk: tuple[Word, ...], concepts: set[str], lexicon: Lexicon) -> Unit:
    """A unit of the lexicon; a word that is a thing and a trait counts as the thing."""
    kinds = {lexicon.concepts[name].kind for name in concepts}
    kind = next(kind for kind in KINDS if kind in kinds)
    return Unit(chunk, kind, frozenset(concepts))


def parts(text: str, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Spans of `text` that each name one thing: "kepka va ryukzak, qorasidan" has two. One span when it names fewer.

    A part without a thing of its own (a colour, a size, a courtesy) belongs to the part before it.
    """
    cuts = [0, *(found.end() for found in _AND.finditer(text)), len(text)]
    spans: list[tuple[int, int]] = []
    named = False
    for start, end in pairwise(cuts):
        names = any(unit.kind in ("goods", "name") for unit in units(text[start:end], lexicon))
        if spans and (not names or not named):
            spans[-1], named = (spans[-1][0], end), named or names
        else:
            spans.append((start, end))
            named = names
    return spans


def child_meant(text: str) -> bool:
    """Whether an age up to 15 is named: "7 yoshga ko'ylak" is about a child's clothes."""
    return any(int(found[1]) <= 15 for found in _CHILD_AGE.finditer(text))


def spellings(unit: Unit) -> set[str]:
    """A number or colour as a product may have it: among its colours, or as a word of its title (шоколадный торт)."""
    word = unit.words[0]
    if unit.kind == "number":
        return {word.key}
    return {fold(canonical(word.text)), word.key, stem(word.key)}
