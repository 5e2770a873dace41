"""Long texts in pieces a platform takes: whole words where possible, never half a letter.

Platforms count differently (Telegram UTF-16 units, Instagram bytes of UTF-8), so a weight comes with the limit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# where a piece may end, best first: paragraph, line, sentence, word. A no-break space is none: a sum stays whole.
_BREAKS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])[ \t]+"), re.compile(r"[ \t]+"))
_GLUE = {"\u200d", "\ufe0e", "\ufe0f"}  # joins signs into one picture (family, flag, red heart)


def utf16(char: str) -> int:
    """UTF-16 units of one character: what Telegram counts."""
    return 2 if ord(char) > 0xFFFF else 1


def utf8(char: str) -> int:
    """Bytes of one character in UTF-8: what Instagram counts."""
    return len(char.encode("utf-8", "replace"))


def split(text: str, limit: int, weigh: Callable[[str], int]) -> list[str]:
    """`text` in pieces that weigh at most `limit` each; [] for a text of spaces alone.

    Nothing is lost but the white space at the cuts.
    """
    pieces: list[str] = []
    rest = text.strip()
    while rest:
        fits = _fitting(rest, limit, weigh)
        if fits == len(rest):
            pieces.append(rest)
            break
        end, start = _cut(rest, fits)
        pieces.append(rest[:end].rstrip())
        rest = rest[start:].lstrip()
    return pieces


def _fitting(text: str, limit: int, weigh: Callable[[str], int]) -> int:
    """How many characters of `text` weigh at most `limit` together; at least one, or nothing would ever end."""
    weight = 0
    for place, char in enumerate(text):
        weight += weigh(char)
        if weight > limit:
            return max(place, 1)
    return len(text)


def _cut(text: str, fits: int) -> tuple[int, int]:
    """Where the first piece ends and the next begins, `fits` characters being the most it may have."""
    for rule in _BREAKS:
        found = [match for match in rule.finditer(text, 0, fits + 1) if match.start() <= fits]
        # a piece of less than half the room wastes a message: then the next finer break
        if found and found[-1].start() >= fits // 2:
            return found[-1].start(), found[-1].end()
    last = text.rfind(" ", 0, fits + 1)
    if last > 0:
        return last, last + 1
    place = fits
    while place > 1 and _continues(text, place) and fits - place < 16:  # a long chain of signs is cut after all
        place -= 1
    return place, place


def _continues(text: str, place: int) -> bool:
    """Whether the character at `place` belongs to the one before it."""
    here = text[place]
    joined = here in _GLUE or text[place - 1] == "\u200d"
    return joined or bool(unicodedata.combining(here)) or 0x1F3FB <= ord(here) <= 0x1F3FF  # skin tones
