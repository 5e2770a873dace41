"""Measures and models whose number is a word: `yigirma oltiligidan`, `двадцатипятимиллиметровый`, `F ikki yuz`."""

from __future__ import annotations

import re

from agent.brain_rules.numbers import numbers, word_value
from agent.brain_rules.text import tokens
from shop.lexicon import load
from shop.search import Search

_SIDE = 10  # "двое на троих"
_BY, _DATIVE = frozenset(("на", "by", "x", "х", "ga", "га")), ("ga", "га", "ka", "ка")
_MODEL = 10  # "A ikki" begins a sentence
# "yigirma oltiligidan": the last number word of several has the ending of what measures so much
_SO_BIG = re.compile(r"(?<=..)(?P<ta>ta)?li(?:k|g|s)(?P<case>i|idan|ini|dan|ni)?$")
_INCHES = frozenset(("dyuym", "duym", "dyum"))  # no unit to the search: half an inch is said in many ways
_TENS = {
    "десяти": 10, "двадцати": 20, "тридцати": 30, "сорока": 40, "пятидесяти": 50, "шестидесяти": 60, "семидесяти": 70,
    "восьмидесяти": 80, "девяноста": 90, "ста": 100, "сто": 100, "двухсот": 200, "трёхсот": 300, "трехсот": 300,
    "пятисот": 500,
}  # fmt: skip
_UNITS = {
    "двух": 2, "трёх": 3, "трех": 3, "четырёх": 4, "четырех": 4, "пяти": 5, "шести": 6, "семи": 7, "восьми": 8,
    "девяти": 9, "одиннадцати": 11, "двенадцати": 12, "тринадцати": 13, "четырнадцати": 14, "пятнадцати": 15,
    "шестнадцати": 16, "семнадцати": 17, "восемнадцати": 18, "девятнадцати": 19,
}  # fmt: skip
_MEASURED = re.compile(
    rf"\b(?P<tens>{'|'.join(_TENS)})?(?P<units>{'|'.join(_UNITS)})?"
    r"(?P<unit>миллилитр|миллиметр|сантиметр|килограмм|литр|метр|грамм|ватт|дюйм|микрон)ов(?:ый|ая|ое|ые|ую|ой|ого|ых|ому|ым)\b",
    re.IGNORECASE,
)
# titles write it so, and its letters are compared as those of no other unit
_MILLIMETRES = re.compile(r"\b(?:milli?met(?:r|er|re)|милли?метр)\w*", re.IGNORECASE)


def in_digits(search: Search, text: str) -> str:
    """`text` with such numbers in digits: `26 ligidan`, `25 миллиметров`, and `F200` where a title has it."""
    text = _MILLIMETRES.sub("mm", _MEASURED.sub(_measured, text))
    said = tokens(text)
    for at in range(len(said) - 1, 0, -1):
        ends = _SO_BIG.search(said[at].key) if said[at].kind == "word" and said[at - 1].kind == "word" else None
        last = word_value(said[at].key[: ends.start()]) if ends else None
        if not ends or not last:
            continue
        run = next((one for one in numbers(said[:at]) if one.past == at and one.words), None)
        if run and not run.counted and last < run.value and (last < 10 or run.value >= 100):
            case = "lik" if not ends["case"] else "lik" + ends["case"] if ends["case"] in ("dan", "ni") else ""
            ending = (ends["ta"] or "") + (case or "lig" + ends["case"])
            text = f"{text[: said[run.first].start]}{run.value + last} {ending}{text[said[at].end :]}"
            return in_digits(search, text)
    return _models(search, _across(search, _with_unit(text)))


def _with_unit(text: str) -> str:
    """`besh dyuymligidan` as `5 dyuymligidan`: a size is written in digits; `besh kishilik` is left."""
    said = tokens(text)
    for number in reversed(numbers(said)):
        after = said[number.past].key if number.past < len(said) else ""
        if number.words and not number.counted and _SO_BIG.search(after) and _is_unit(_SO_BIG.sub("", after)):
            text = f"{text[: said[number.first].start]}{number.value}{text[said[number.past - 1].end :]}"
    return text


def _is_unit(key: str) -> bool:
    return bool(load().unit(key)) or key in _INCHES


def _measured(found: re.Match[str]) -> str:
    value = _TENS.get((found["tens"] or "").lower(), 0) + _UNITS.get((found["units"] or "").lower(), 0)
    return f"{value} {found['unit']}ов" if value else found[0]


def _across(search: Search, text: str) -> str:
    """`o'n uchga o'n sakkiz`, `сто шестьдесят на двести`: two sides of a thing in digits."""
    said = tokens(text)
    spoken = {one.first: one for one in numbers(said) if one.words and not one.counted}
    if len(spoken) < 2:
        return text
    for one in reversed(spoken.values()):
        by = one.past < len(said) and said[one.past].text.lower() in _BY
        other = spoken.get(one.past + 1 if by else one.past)
        if other is None or not (by or said[one.past - 1].text.lower().endswith(_DATIVE)):
            continue
        sides = f"{one.value}x{other.value}"
        if search.knows(sides) or min(one.value, other.value) >= _SIDE:
            text = f"{text[: said[one.first].start]}{sides}{text[said[other.past - 1].end :]}"
    return text


def _models(search: Search, text: str) -> str:
    """`F ikki yuz`, `эф двести` written as a title writes it; what no title has stays in words."""
    said = tokens(text)
    for number in reversed(numbers(said)):
        before = said[number.first - 1] if number.first else None
        if before is None or not number.words or number.counted or before.kind != "word" or len(before.text) > 1:
            continue
        code = f"{before.key}{number.value}"
        if number.value >= _MODEL and search.knows(code):
            text = f"{text[: before.start]}{before.text}{number.value}{text[said[number.past - 1].end :]}"
    return text
