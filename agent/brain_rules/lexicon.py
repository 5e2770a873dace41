"""The word lists of agent/lexicon/*.yaml and how words of a message are found in them.

A list is one string: words and (in quotes) phrases, in any script; both Uzbek scripts meet in one key. `narx*` stands
for any ending. Long words are also found with one slip of the keyboard, because that is how people type.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz.distance import OSA

from agent.brain_rules.text import Token
from shop.fold import fold_word as key

FOLDER = Path(__file__).parent.parent / "lexicon"
_ENTRY = re.compile(r'"([^"]+)"|(\S+)')
_PART = re.compile(r"[^\s-]+")
_FUZZY_FROM = 6  # shorter words have neighbours that mean something else (kerak / kerakmas, qora / qara)


@cache
def read(name: str) -> dict[str, Any]:
    """One file of the lexicon."""
    data: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return data


@dataclass
class WordList:
    """Words and phrases that mean one thing."""

    exact: set[str] = field(default_factory=set)
    openings: tuple[str, ...] = ()
    phrases: list[tuple[str, ...]] = field(default_factory=list)

    def find(self, tokens: Sequence[Token]) -> list[tuple[int, int]]:
        """Where the list is met: (first token, past the last), longest first at each place, without overlap."""
        found, at = [], 0
        while at < len(tokens):
            length = self.at(tokens, at)
            if length:
                found.append((at, at + length))
            at += length or 1
        return found

    def at(self, tokens: Sequence[Token], at: int) -> int:
        """How many tokens of the list stand at `at`: 0 for none."""
        best = max((len(phrase) for phrase in self.phrases if self._phrase(tokens, at, phrase)), default=0)
        return best or int(tokens[at].kind != "line" and self.word(tokens[at].key))

    def word(self, said: str) -> bool:
        """Whether one word is in the list, also with an ending or a slip."""
        if said in self.exact or (self.openings and said.startswith(self.openings)):
            return True
        if len(said) < _FUZZY_FROM or said.isdigit():
            return False
        return any(abs(len(one) - len(said)) <= 1 and OSA.distance(one, said, score_cutoff=1) <= 1 for one in self.long)

    @property
    def long(self) -> list[str]:
        """Words long enough for a slip to be told from another word."""
        return [one for one in self.exact if len(one) >= _FUZZY_FROM - 1]

    def _phrase(self, tokens: Sequence[Token], at: int, phrase: tuple[str, ...]) -> bool:
        if at + len(phrase) > len(tokens):
            return False
        return all(_same(token.key, part) for token, part in zip(tokens[at : at + len(phrase)], phrase, strict=True))


def _same(said: str, part: str) -> bool:
    return said.startswith(part[:-1]) if part.endswith("*") else said == part


def _key(entry: str) -> str:
    return key(entry.removesuffix("*")) + ("*" if entry.endswith("*") else "")


def word_list(text: str | Iterable[str]) -> WordList:
    """The list written in `text`."""
    made = WordList()
    openings = []
    for quoted, bare in _ENTRY.findall(text if isinstance(text, str) else " ".join(text)):
        parts = tuple(_key(part) for part in _PART.findall(quoted or bare))
        if len(parts) > 1:
            made.phrases.append(parts)
        elif parts and parts[0].endswith("*"):
            openings.append(parts[0][:-1])
        elif parts:
            made.exact.add(parts[0])
    made.openings = tuple(openings)
    return made


@cache
def lists(name: str) -> dict[str, WordList]:
    """Every list of one file, by its name there."""
    return {one: word_list(text) for one, text in read(name).items() if isinstance(text, str)}
