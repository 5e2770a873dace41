"""The word lists of agent/lexicon/*.yaml and how the words of a message are found in them.

A list is one string: words and (in quotes) phrases, in any script; both Uzbek scripts meet in one key. `narx*` stands
for any ending. Long words are also found with one slip of the keyboard, because that is how people type.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from agent.brain_rules.text import Token
from shop.fold import fold_word as key
from shop.lexicon import load

FOLDER = Path(__file__).parent.parent / "lexicon"
_ENTRY = re.compile(r'"([^"]+)"|(\S+)')
_YOURS = re.compile(r"(?<=...)(?<!ing)iz(?:ni|ga|da|dan|ning|lar)?$")
_FUZZY_FROM = 6  # letters: shorter words have neighbours that mean something else (kerak, berak; есть, весть)


@cache
def read(name: str) -> dict[str, Any]:
    """One file of the lexicon."""
    data: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return data


class Met(NamedTuple):
    """A meaning found in tokens [first, past). `phrase`: by several words together."""

    name: str
    first: int
    past: int
    phrase: bool = False


class Index:
    """Several lists of words searched at once."""

    def __init__(self, lists: dict[str, str]) -> None:
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._openings: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._phrases: dict[str, dict[str, list[tuple[tuple[str, ...], str]]]] = defaultdict(lambda: defaultdict(list))
        self._longest = 0
        only_typed: set[str] = set()
        for name, text in lists.items():
            for quoted, bare in _ENTRY.findall(text):
                said = quoted or bare
                self._learn(name, _parts(said))
                if "o'" in said:  # "тулов", "булди": as a Russian keyboard has it, and only so
                    typed = _parts(said.replace("o'", "u"))
                    self._learn(name, typed)
                    only_typed |= set(typed[:1]) if len(typed) == 1 else set()
        self._long: dict[int, list[str]] = defaultdict(list)  # how long a word is -> those it may be one slip from
        for word in self._exact.keys() - only_typed:
            for length in (len(word) - 1, len(word), len(word) + 1):
                if len(word) >= _FUZZY_FROM - 1 and word.isalpha():
                    self._long[length].append(word)

    def _learn(self, name: str, parts: list[str]) -> None:
        if len(parts) > 1:
            self._longest = max(self._longest, len(parts))
            self._phrases[parts[0][:2]][parts[0]].append((tuple(parts[1:]), name))
        elif parts[0].endswith("*"):
            self._openings[parts[0][:2]].append((parts[0][:-1], name))
        else:
            self._exact[parts[0]].add(name)

    def find(self, tokens: Sequence[Token]) -> list[Met]:
        """Every meaning in the message. Words inside a phrase do not count apart (`kerak emas` orders nothing)."""
        return list(self._found(tuple(tokens)))

    @lru_cache(maxsize=256)  # noqa: B019 - as below; half of what a turn asks was asked in it before
    def _found(self, tokens: tuple[Token, ...]) -> list[Met]:
        said = [token.key for token in tokens]
        phrases = [met for at, one in enumerate(said) if self._beginning(one) for met in self._phrases_at(said, at)]
        taken = {at for met in phrases for at in range(met.first, met.past)}
        longest = [met for met in phrases if not any(_inside(met, other) for other in phrases)]
        single = [
            Met(name, at, at + 1)
            for at, token in enumerate(tokens)
            if at not in taken and token.kind in ("word", "mark") and (met := self.meanings(token.key))
            for name in sorted(self._plain(token.key) if _is_name(tokens, at) else met)
        ]
        return sorted(longest + single, key=lambda met: (met.first, met.name))

    def _phrases_at(self, said: Sequence[str], at: int) -> list[Met]:
        after = said[at + 1 : at + self._longest]
        return [
            Met(name, at, at + 1 + len(rest), phrase=True)
            for rest, name in self._beginning(said[at])
            if len(rest) <= len(after) and all(map(_same, after, rest))
        ]

    @lru_cache(maxsize=20000)  # noqa: B019 - as above
    def _beginning(self, said: str) -> list[tuple[tuple[str, ...], str]]:
        """What follows the first word in each phrase that begins with `said`, and the phrase's meaning."""
        heads = self._phrases.get(said[:2], {})
        return [phrase for head, phrases in heads.items() if _same(said, head) for phrase in phrases]

    @lru_cache(maxsize=20000)  # noqa: B019 - one index a list file, living as long as the process
    def meanings(self, said: str) -> frozenset[str]:
        """What one word (as a key) may mean: as it stands or with an ending, else with one slip."""
        found = self._plain(said)
        if not found and (short := _YOURS.search(said)):  # manzilizni, as manzilingizni is said in Tashkent
            found = self._plain(f"{said[: short.start()]}ing{said[short.start() :]}")
        if not found and len(said) >= _FUZZY_FROM and said.isalpha() and not _is_a_word(said):
            near = process.extract(said, self._long.get(len(said), ()), scorer=OSA.distance, score_cutoff=1, limit=3)
            near = [one for one in near if one[0][0] == said[0] and not _contrary(said, one[0])]
            near = [one for one in near if one[0][:-1] != said[:-1]]  # ketdim is no ketdik: another ending is grammar
            found = {name for word, _, _ in near for name in self._exact[word]}
            found = found or self._slipped_openings(said)
        return frozenset(found)

    def _plain(self, said: str) -> set[str]:
        """What a word means as it stands or with an ending."""
        openings = self._openings.get(said[:2], ())
        return {*self._exact.get(said, ()), *(name for opening, name in openings if said.startswith(opening))}

    def _slipped_openings(self, said: str) -> set[str]:
        """`dsotavkasi`: the openings (`dostavka*`) that it begins with but for one slip."""
        near = [pair for head, pairs in self._openings.items() if head[0] == said[0] for pair in pairs]
        return {name for opening, name in near if _slipped(said, opening)}


def _is_a_word(said: str) -> bool:
    """Whether a word is one of goods, of their kinds or of daily talk, and so no slip of another: smoked, smoke."""
    known = load()
    return (said,) in known.by_keys or said in known.everyday or said in _of_kinds() or known.names_goods((said,))


@cache
def _of_kinds() -> frozenset[str]:
    return frozenset(key(word) for part in read("kinds").values() for said in part.values() for word in said.split())


def _parts(entry: str) -> list[str]:
    return [_key(part) for part in re.split(r"[\s-]+", entry) if part]


def _is_name(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word is written like a name in the middle of a part: Katartal is a street, no slip of another word."""
    before = tokens[at - 1] if at else None
    amid = before is not None and before.kind in ("word", "comma", "number")
    return amid and tokens[at].text[:1].isupper() and not tokens[at].text.isupper()


def _inside(met: Met, other: Met) -> bool:
    return other.first <= met.first and met.past <= other.past and other.past - other.first > met.past - met.first


def _same(said: str, part: str) -> bool:
    if part.endswith("*"):
        return said.startswith(part[:-1]) or _slipped(said, part[:-1])
    return said == part


def _slipped(said: str, opening: str) -> bool:
    """Whether `said` begins with a long opening but for two letters swapped, one lost or one too many.

    Another letter is no slip here: it makes other words and names (`nasiya`, Nasiba). Nor is another ending: without
    its last letter an opening begins too many words (`tashlab*`, tashlang).
    """
    length = len(opening)
    if length < _FUZZY_FROM or len(said) < length - 1 or said[0] != opening[0]:
        return False
    if sorted(said[:length]) == sorted(opening) and OSA.distance(said[:length], opening) == 1:
        return True
    shorter, longer = said[: length - 1], said[: length + 1]
    lost = shorter != opening[:-1] and OSA.distance(shorter, opening) == 1 and not _contrary(shorter, opening)
    more = len(longer) > length and OSA.distance(longer, opening) == 1 and not _contrary(longer, opening)
    return lost or more


def _contrary(one: str, other: str) -> bool:
    """keladi, kelmadi: the letter that denies an Uzbek verb is no slip."""
    short, long = sorted((one, other), key=len)
    return any(long[at] == "m" and long[:at] + long[at + 1 :] == short for at in range(3, len(long)))


def _key(entry: str) -> str:
    return key(entry.removesuffix("*")) + ("*" if entry.endswith("*") else "")


@cache
def index(name: str) -> Index:
    """The lists of one file."""
    return Index({one: text for one, text in read(name).items() if isinstance(text, str)})


@cache
def keys(name: str, part: str) -> frozenset[str]:
    """The single words of one list as keys."""
    return frozenset(words_of(read(name)[part].split()))


def words_of(words: Iterable[str]) -> list[str]:
    """`words` as keys."""
    return [key(word) for word in words]
