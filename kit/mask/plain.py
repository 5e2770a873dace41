"""A text as the finders read it: lower case, ASCII digits, one kind of space and dash, nothing invisible."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from kit.mask import spoken
from kit.mask.spoken import Spoken

_INVISIBLE = {"Cf", "Mn", "Me"}  # zero width, combining marks, the box of a keycap emoji
_APOSTROPHES = dict.fromkeys("ʻʼ’‘`´′ʹ", "'")
_ZEROS, _ONES = "oоο", "liіı"  # latin, cyrillic, greek; l, i, Ukrainian i, dotless i
_WORD = re.compile(rf"(?<!\w)[\d{_ZEROS}{_ONES}]+(?!\w)")


@dataclass(frozen=True, slots=True)
class Found:
    """A secret between `start` and `end`; `digits` is what was typed, without its disguise."""

    start: int
    end: int
    kind: str
    digits: str


class Plain:
    """`text` for the finders, and the way back to the places in the original."""

    def __init__(self, original: str) -> None:
        chars: list[str] = []
        self._where: list[int] = []
        for place, char in enumerate(original):
            if (plain := _plain(char)) is not None:
                chars.append(plain)
                self._where.append(place)
        self._where.append(len(original))
        self.text = _unmask_letters("".join(chars))
        self.spoken: set[int] = set()  # where numbers begin that were said in words
        self._write_out(spoken.find(self.text))

    def _write_out(self, said: list[Spoken]) -> None:
        """Digits in the place of numbers in words."""
        parts, where, at, length = list[str](), list[int](), 0, 0
        for one in said:
            parts += [self.text[at : one.start], one.digits]
            where += self._where[at : one.start] + [self._where[one.start]] * len(one.digits)
            length = len(where)
            self.spoken.add(length - len(one.digits))
            at = one.end
        if said:
            self.text = "".join(parts) + self.text[at:]
            self._where = where + self._where[at:]

    def back(self, found: Found) -> Found:
        """The same secret at its place in the original text, with what is invisible behind its last digit."""
        return replace(found, start=self._where[found.start], end=self._where[found.end])


def _plain(char: str) -> str | None:
    """One character for one, None for one that nobody sees."""
    if char.isascii():
        return "\n" if char in "\n\r" else " " if char == "\t" else char.lower()
    if char in _APOSTROPHES:
        return _APOSTROPHES[char]
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)  # Arabic-Indic, full width, circled: all say the same
    kind = unicodedata.category(char)
    if kind in _INVISIBLE:
        return None
    if kind.startswith("Z"):
        return " "
    if kind == "Pd" or char == "−":
        return "-"
    lower = char.lower()
    return lower if len(lower) == 1 else char


def _unmask_letters(text: str) -> str:
    """`86OO` is 8600: letters that look like digits count as such where the rest of the word is digits."""

    def digits(match: re.Match[str]) -> str:
        word = match.group()
        real = sum(char.isdigit() for char in word)
        if real == len(word) or (real < 2 and not _among_digits(text, match)):
            return word
        return "".join("0" if char in _ZEROS else "1" if char in _ONES else char for char in word)

    return _WORD.sub(digits, text)


def _among_digits(text: str, match: re.Match[str]) -> bool:
    """Whether a short word of zeros alone stands between digits: the O in `8 6 O O 1 2`, the OO in `86 OO 12`.

    A group of four with one digit needs them on one side alone: the OOO3 in `8600 1234 5678 OOO3`.
    """
    word = match.group()
    if {char for char in word if not char.isdigit()} - set(_ZEROS) or len(word) > 4:
        return False
    before, after = text[max(0, match.start() - 2) : match.start()], text[match.end() : match.end() + 2]
    left = len(before) == 2 and (before[0].isdigit() or before[0] in _ZEROS)
    right = len(after) == 2 and (after[1].isdigit() or after[1] in _ZEROS)
    return left or right if len(word) == 4 and any(char.isdigit() for char in word) else left and right
