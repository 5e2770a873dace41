"""Numbers in words, as people dictate them: "sakson olti nol nol", "восемь тысяч шестьсот", "eight six oh oh".

Uzbek in both scripts, Russian, English; only for finding what must not be kept, so a doubtful word does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LEAST = 3  # words of numbers in a text: a CVV said aloud; fewer are no secret
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_BETWEEN = re.compile(r"[\s,.-]{1,3}")
_APOSTROPHES = str.maketrans(dict.fromkeys("ʻʼ’‘`´′ʹ", "'"))


def _values(text: str) -> dict[str, int]:
    """`0 nol ноль, 1 bir` as words with their values."""
    parts = [part.split() for part in text.split(",")]
    return {word: int(value) for value, *words in parts for word in words}


_UNITS = _values(
    "0 nol no'l nul ноль нуль нол zero oh, 1 bir бир один одна раз one, 2 ikki икки два две two, 3 uch уч три three,"
    "4 to'rt tort turt тўрт турт торт четыре four, 5 besh беш пять five, 6 olti олти шесть six,"
    "7 yetti etti етти йетти семь seven, 8 sakkiz sakiz саккиз сакиз восемь eight,"
    "9 to'qqiz toqqiz tuqqiz to'qiz toqiz тўққиз туккиз тукиз токкиз девять nine"
)
_TENS = _values(
    "10 o'n on un ўн ун он, 20 yigirma йигирма двадцать twenty, 30 o'ttiz ottiz uttiz ўттиз уттиз тридцать thirty,"
    "40 qirq кирк қирқ сорок forty, 50 ellik elik эллик элик пятьдесят fifty, 60 oltmish олтмиш шестьдесят sixty,"
    "70 yetmish etmish етмиш семьдесят seventy, 80 sakson саксон восемьдесят eighty,"
    "90 to'qson toqson tuqson тўқсон туксон токсон девяносто ninety"
)
_TEENS = _values(
    "10 десять ten, 11 одиннадцать eleven, 12 двенадцать twelve, 13 тринадцать thirteen, 14 четырнадцать fourteen,"
    "15 пятнадцать fifteen, 16 шестнадцать sixteen, 17 семнадцать seventeen, 18 восемнадцать eighteen,"
    "19 девятнадцать nineteen"
)
_HUNDREDS = _values(
    "100 сто, 200 двести, 300 триста, 400 четыреста, 500 пятьсот, 600 шестьсот, 700 семьсот, 800 восемьсот,"
    "900 девятьсот"
)
_HUNDRED = frozenset(["yuz", "юз", "hundred"])  # ikki yuz; yuz alone is a hundred
_THOUSAND = frozenset(["ming", "минг", "тысяча", "тысячи", "тысяч", "тыща", "тыщ", "thousand"])
_NUMBERS = frozenset([*_UNITS, *_TENS, *_TEENS, *_HUNDREDS, *_HUNDRED, *_THOUSAND])


@dataclass(frozen=True, slots=True)
class Spoken:
    """A number said between `start` and `end`."""

    start: int
    end: int
    digits: str


def may_be(text: str) -> bool:
    """Whether enough numbers are said in `text` to look closer."""
    plain = text.lower().translate(_APOSTROPHES)
    return sum(word in _NUMBERS for word in _WORD.findall(plain)) >= _LEAST


def find(text: str) -> list[Spoken]:
    """The numbers said in a plain text, left to right: `to'qson bir yuz yigirma uch` is 91 and 123."""
    words = [match for match in _WORD.finditer(text) if match.group() in _NUMBERS]
    if len(words) < _LEAST:
        return []
    found, first = list[Spoken](), 0
    while first < len(words):
        past = first + 1
        while past < len(words) and _BETWEEN.fullmatch(text, words[past - 1].end(), words[past].start()):
            past += 1
        found += _numbers(words[first:past])
        first = past
    return found


def numbers_in(text: str) -> tuple[int, int]:
    """From the first to behind the last number of a text as it was typed, in digits or in words; (0, 0) without one."""
    words = [
        match.span()
        for match in re.finditer(r"\S+", text)
        if any(char.isdigit() for char in match.group())
        or any(word in _NUMBERS for word in _WORD.findall(match.group().lower().translate(_APOSTROPHES)))
    ]
    return (words[0][0], words[-1][1]) if words else (0, 0)


def _numbers(words: Sequence[re.Match[str]]) -> list[Spoken]:
    """Numbers that stand one behind the other; digits that are said one by one are one number (nol besh: 05)."""
    said = [word.group() for word in words]
    found, at, alone = list[Spoken](), 0, False
    while at < len(said):
        value, past = _number(said, at)
        start, text, digit = words[at].start(), str(value), said[at] in _UNITS and past == at + 1
        if digit and alone:
            last = found.pop()
            start, text = last.start, last.digits + text
        found.append(Spoken(start, words[past - 1].end(), text))
        at, alone = past, digit
    return found


def _number(said: Sequence[str], at: int) -> tuple[int, int]:
    """The number that begins at `at`, and where the next one begins."""
    value, past = _below_thousand(said, at)
    if past < len(said) and said[past] in _THOUSAND:
        rest, end = _below_thousand(said, past + 1, behind=True)
        return max(value, 1) * 1000 + rest, end
    return value, past


def _below_thousand(said: Sequence[str], at: int, *, behind: bool = False) -> tuple[int, int]:
    """`behind` a thousand: what stands before the next thousand or hundred begins a number of its own."""
    value = 0
    if behind:
        later = [place for place in range(at, len(said)) if said[place] in _THOUSAND]
        said = said[: max(at, later[0] - 1)] if later else said
    word, after = _at(said, at), _at(said, at + 1)
    if word in _HUNDREDS:
        value, at = _HUNDREDS[word], at + 1
    elif word in _HUNDRED:
        value, at = 100, at + 1
    elif _UNITS.get(word) and after in _HUNDRED:
        value, at = _UNITS[word] * 100, at + 2
    word, after = _at(said, at), _at(said, at + 1)
    if value and word in _UNITS and after in _HUNDRED:
        return value, at
    if word in _TEENS:
        return value + _TEENS[word], at + 1
    if word in _TENS:
        unit = _UNITS.get(after, 0)
        return value + _TENS[word] + unit, at + (2 if unit else 1)
    if word in _UNITS and (_UNITS[word] or not value):
        return value + _UNITS[word], at + 1
    return value, at


def _at(said: Sequence[str], at: int) -> str:
    return said[at] if at < len(said) else ""
