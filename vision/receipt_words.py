"""What words on a payment's screen mean: status, labels, currencies, apps, months; from vision/data/receipt_words.yaml.

Words are compared folded, so that what OCR loses (apostrophes, the tails of қ ғ ҳ, the mark of ў) does not matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from rapidfuzz.distance import Levenshtein

Phrase: TypeAlias = tuple[str, ...]

_FUZZY = 8  # letters: shorter words change their meaning with one letter
_SHORT = 4  # words in a line that may be a status by itself
_APOSTROPHES = dict.fromkeys(map(ord, "'`´‘’ʻʼ′ʹ\u02bb"), None)
_LETTERS = str.maketrans("ёўқғҳӯ", "еукгху")
_WORD = re.compile(r"[^\W_]+")
# letters of the two alphabets that look alike: OCR takes one for the other
_TO_LATIN = str.maketrans("авекмнорстухіɪ", "abekmhopctyxii")
# as an engine without the Cyrillic alphabet draws it: "Kumra" is how it reads "Кимга"
_SHAPES = str.maketrans("abcegkmnoprtuxyh", "авседкмпоргтихун")
_LOOKS_CYRILLIC = re.compile(r"[abekmhopctyx]{1,3}")
_TO_CYRILLIC = str.maketrans("abekmhopctyx", "авекмнорстух")


def fold(text: str) -> str:
    """`text` as the words of the lexicon are compared."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("so ʻ", "so").translate(_APOSTROPHES)
    return plain.translate(_LETTERS)


def words_of(text: str) -> list[str]:
    """Folded words; one that mixes the alphabets is taken for the alphabet most of it is in.

    A short Latin word among Cyrillic ones is one of theirs: "He выполнен" must not lose its "не".
    """
    words = [_one_alphabet(word) for word in _WORD.findall(fold(text))]
    if not any("а" <= word[0] <= "я" and len(word) > 2 for word in words):
        return words
    return [word.translate(_TO_CYRILLIC) if _LOOKS_CYRILLIC.fullmatch(word) else word for word in words]


def _one_alphabet(word: str) -> str:
    cyrillic = sum("а" <= letter <= "я" for letter in word)
    latin = sum("a" <= letter <= "z" for letter in word)
    if not cyrillic or not latin:
        return word
    return word.translate(_TO_CYRILLIC) if cyrillic >= latin else word.translate(_TO_LATIN)


@dataclass(frozen=True, slots=True)
class Label:
    """A label in a line: what it names, and the words it takes (first, one past the last)."""

    kind: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Folded phrases of the data file."""

    status: dict[str, tuple[Phrase, ...]]
    labels: dict[str, tuple[Phrase, ...]]
    currency: dict[str, tuple[Phrase, ...]]
    kyrgyz: tuple[Phrase, ...]
    signs: dict[str, str]
    apps: dict[str, tuple[Phrase, ...]]
    months: dict[int, tuple[Phrase, ...]]


@cache
def lexicon() -> Lexicon:
    """The data file, read once."""
    data: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "data" / "receipt_words.yaml").read_text())

    def phrases(table: dict[Any, Iterable[Any]]) -> dict[Any, tuple[Phrase, ...]]:
        return {key: tuple(_phrase(str(text)) for text in _flat(texts)) for key, texts in table.items()}

    return Lexicon(
        phrases(data["status"]),
        phrases(data["labels"]),
        phrases(data["currency"]),
        tuple(_phrase(text) for text in data["kyrgyz"]),
        dict(data["signs"]),
        phrases(data["apps"]),
        phrases(data["months"]),
    )


def _flat(texts: Iterable[Any]) -> Iterator[Any]:
    for text in texts:
        yield from text if isinstance(text, list) else (text,)


def _phrase(text: str) -> Phrase:
    return tuple(word for word in re.findall(r"[^\W_]+\*?", fold(text)))


def _same(pattern: str, word: str) -> bool:
    """Whether a word is the pattern's; one letter may differ in a long word."""
    if pattern.endswith("*"):
        stem = pattern[:-1]
        return word.startswith(stem) or (len(stem) >= _FUZZY and _near(stem, word[: len(stem)]))
    return word == pattern or (len(pattern) >= _FUZZY and _near(pattern, word))


def _near(one: str, other: str) -> bool:
    return one[0] == other[:1] and Levenshtein.distance(one, other, score_cutoff=1) <= 1


def find(phrase: Phrase, words: Sequence[str], start: int = 0) -> int:
    """Where the phrase begins among the words, -1 when it does not stand there."""
    head = phrase[0][0]
    for at in range(start, len(words) - len(phrase) + 1):
        if words[at][0] == head and all(_same(pattern, words[at + i]) for i, pattern in enumerate(phrase)):
            return at
    return -1


def label(words: Sequence[str], kinds: Collection[str] = ()) -> Label | None:
    """The label of a line, of these kinds or any: the longest phrase in it, the earlier of two as long.

    Latin letters that name nothing are tried as the Cyrillic ones they look like.
    """
    return _known_label(tuple(words), tuple(sorted(kinds)))


@lru_cache(maxsize=2048)  # a line is asked for its label fifty times while its receipt is read: 95 ms without, 12 with
def _known_label(words: tuple[str, ...], kinds: tuple[str, ...]) -> Label | None:
    found = _label(words, kinds)
    if found is None and any(word.isascii() and word.isalpha() and len(word) > 3 for word in words):
        found = _label([word.translate(_SHAPES) if word.isascii() else word for word in words], kinds)
    return found


def _label(words: Sequence[str], kinds: Collection[str]) -> Label | None:
    best: tuple[int, int, Label] | None = None
    for kind, phrases in lexicon().labels.items():
        if kinds and kind not in kinds:
            continue
        for phrase in phrases:
            at = find(phrase, words)
            if at < 0:
                continue
            weight = 0 if kind == "id_weak" else sum(len(word) for word in phrase)
            if best is None or (weight, -at) > best[:2]:
                best = (weight, -at, Label(kind.removesuffix("_weak"), at, at + len(phrase)))
    return best[2] if best else None


def status(lines: Sequence[Sequence[str]]) -> tuple[str, float, int]:
    """Status, how sure, and in which line (-1: nowhere); bad news first, for "не выполнен" contains "выполнен"."""
    known = lexicon().status
    for kind in ("failed", "pending", "success"):
        for at, words in enumerate(lines):
            # long lines are help, offers and footers; a status is a title or a row
            if len(words) <= 10 and any(find(phrase, words) >= 0 for phrase in known[kind]):
                return kind, 0.95 if len(words) <= 6 else 0.8, at
        if kind == "failed":
            for at, words in enumerate(lines):
                if len(words) <= _SHORT and any(find(one, words) >= 0 for one in known["failed_short"]):
                    return kind, 0.7, at
    return "unknown", 0.0, -1


def currency(text: str) -> str:
    """The currency that stands at the beginning or the end of `text` (what is around a number); "" for none."""
    for sign, code in lexicon().signs.items():
        if sign in text:
            return code
    words = words_of(text)
    for code, phrases in lexicon().currency.items():
        if any(find(phrase, words) >= 0 for phrase in phrases):
            return code
    return ""


def says_kyrgyz(lines: Iterable[Sequence[str]]) -> bool:
    """Whether the screen itself is about Kyrgyz money: the word "сом" alone is spelt so by Uzbeks too."""
    return any(find(phrase, words) >= 0 for words in lines for phrase in lexicon().kyrgyz)


def app(lines: Sequence[Sequence[str]]) -> tuple[str, float, int]:
    """The brand of the screen and its line (-1: none): a short line with its name, the higher the surer."""
    for name, phrases in lexicon().apps.items():
        for at, words in enumerate(lines):
            plain = [word.translate(_TO_LATIN) for word in words]
            for phrase in phrases:
                shape = tuple(word.translate(_TO_LATIN) for word in phrase)
                if len(words) <= len(phrase) + 2 and (find(phrase, words) >= 0 or find(shape, plain) >= 0):
                    return name, 0.9 if at < 5 else 0.6, at
    return "", 0.0, -1


def month(word: str) -> int | None:
    """The month a folded word names."""
    for number, phrases in lexicon().months.items():
        if any(_same(phrase[0], word) for phrase in phrases):
            return number
    return None
