"""Text cut into tokens whose places in the original are kept, so that an address comes out as it was typed.

`1ta`, `14dom` and `2-chi` are a number and a word; `41-45` stays one number-like token (sizes are written so).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from shop.fold import fold_word as key

Kind = Literal["word", "number", "range", "stop", "comma", "line", "mark"]
PAUSES: tuple[Kind, ...] = ("comma", "line", "stop")
_TOKEN = re.compile(
    r"""(?P<range>\d{1,3}\s?[-–—/]\s?\d{1,3}(?![\d-]))
      | (?P<number>\d+(?:[.,]\d+)?)
      | (?P<word>[^\W\d_]+(?:['ʻʼ‘’`´][^\W\d_]+)*['ʻʼ‘’`´]?)
      | (?P<line>[\r\n]+)
      | (?P<stop>[.!?…]+(?=\s|$)|[?!;])
      | (?P<comma>[,/]|\s[-–—]\s|:(?=\s))
      | (?P<mark>\S)""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """A piece of the text: `text[start:end]`. `key` is how words are compared (shop.fold).

    A tuple, for tokens are what most caches of a turn are asked by: its hash is the interpreter's own.
    """

    kind: Kind
    text: str
    key: str
    start: int
    end: int

    @property
    def number(self) -> int | None:
        """The whole number written in digits here, if it is one."""
        return int(self.text) if self.kind == "number" and self.text.isdigit() else None


_ASKS = re.compile(r"mi(?:di|kan|kin)?$|siz(?:lar)?m$")  # bormi, qolganmidi, bormikan; "berasizlarm"
_HALF = key("yarmi")  # of them, which asks nothing
_ASKING = frozenset({"mojno", "mojete", "kan", "kould", "est"})


def asks_by(token: Token) -> bool:
    """Whether a token makes a question of its sentence: `can`, `можно`, `boʻladimi`, a question mark."""
    return _asks(token.key) if token.kind == "word" else token.text == "?"


@lru_cache(maxsize=8192)  # a turn asks it of its ten words some two hundred times
def _asks(said: str) -> bool:
    return said in _ASKING or (len(said) > 4 and said != _HALF and bool(_ASKS.search(said)))


def is_product(token: Token) -> bool:
    """Whether a token stands for a whole title or article (called_whole.py); none that is cut from a text is empty."""
    return not token.text


_TOO = re.compile(r"...(?:yam|ям)$", re.IGNORECASE)
DATIVE = re.compile(r"(?:ga|qa|ka|га|қа|ка)$", re.IGNORECASE)  # of a town: Chustga


def says_too(token: Token) -> bool:
    """Whether a word says by its ending that it is wanted as well: `shlangiyam`, its hose too."""
    return bool(_TOO.search(token.text))


def tokens(text: str) -> list[Token]:
    """All tokens of `text`, in order."""
    return list(_tokens(text))


@lru_cache(maxsize=1024)  # a turn reads the parts of its message some twenty times
def _tokens(text: str) -> list[Token]:
    found = []
    for match in _TOKEN.finditer(text):
        kind: Kind = match.lastgroup  # type: ignore[assignment]  # every branch is a named group
        said = match.group()
        found.append(Token(kind, said, _key(said) if kind == "word" else said.strip(), match.start(), match.end()))
    return found


def _key(said: str) -> str:
    """The key of a word; "AA" and "aaa" are no Russian "а", though keys have no double letters."""
    folded = key(said)
    return said.lower() if folded == "a" and len(said) > 1 and (len(said) > 2 or said.isupper()) else folded


def blank(text: str, spans: Iterable[tuple[int, int]], by: str = "|") -> str:
    """`text` with `spans` replaced by as many bars: nothing else moves, and what stood on both sides stays apart."""
    for start, end in spans:
        text = text[:start] + by * (end - start) + text[end:]
    return text


def parted(tokens: Sequence[Token], kinds: Sequence[Kind] = PAUSES) -> list[tuple[int, int]]:
    """The parts between tokens of these kinds, (first, past) each; none is empty."""
    cuts = [-1, *(at for at, token in enumerate(tokens) if token.kind in kinds), len(tokens)]
    return [(first + 1, past) for first, past in pairwise(cuts) if first + 1 < past]
