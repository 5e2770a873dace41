"""A number inside a word, in digits as titles write it: `двухканальный` of what is sold as `2-канальный`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from agent.brain import Heard
from agent.brain_rules.numbers import is_pieces
from agent.brain_rules.text import Token, tokens
from shop.lexicon import load

_NUMBERS = {
    "одно": 1, "двух": 2, "дву": 2, "трёх": 3, "трех": 3, "четырёх": 4, "четырех": 4, "пяти": 5, "шести": 6, "семи": 7,
    "восьми": 8, "девяти": 9, "десяти": 10, "одиннадцати": 11, "двенадцати": 12, "пятнадцати": 15, "шестнадцати": 16,
    "двадцати": 20, "тридцати": 30, "сорока": 40, "пятидесяти": 50,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "sixteen": 16, "twenty": 20,
}  # fmt: skip
_OPENINGS = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_COMPOUND = re.compile(rf"\b({_OPENINGS})[ъ-]?([^\W\d_]{{4,}})", re.IGNORECASE)
_SAME = 5  # letters by which канальный and каналов are one


def parted_numbers(heard: Heard, text: str) -> str:
    """`text` with such words as `2-канальный`, where something is sold that is told by a number of the same."""
    return _COMPOUND.sub(lambda found: _apart(heard, found), text)


@lru_cache(maxsize=200_000)
def counted_parts(title: str) -> frozenset[tuple[str, str]]:
    """The numbers of a title with the beginning of the word behind each: ("2", "канал") of "2-канальный"."""
    said = [one for one in tokens(title) if one.text != "-"]
    after = ((one.text, two) for one, two in pairwise(said) if one.kind == "number" and two.kind == "word")
    return frozenset(
        (number, two.key[:_SAME]) for number, two in after if not (load().unit(two.key) or is_pieces(two.key))
    )


def tells_part(titles: Sequence[str], said: Sequence[Token], past: int, value: int) -> bool:
    """Whether a number before `past` is the one that a title has of the same: the 8 of `8-канальный`, `8 kanalli`."""
    past += said[past : past + 1] != [] and said[past].text == "-"
    word = said[past].key[:_SAME] if past < len(said) and said[past].kind == "word" else ""
    return bool(word) and not is_pieces(word) and any((str(value), word) in counted_parts(one) for one in titles)


def _apart(heard: Heard, found: re.Match[str]) -> str:
    part = tokens(found[2])[0].key[:_SAME]
    if len(part) < _SAME - 1 or heard.shop.search.knows(found[0]):
        return found[0]
    titles = (one for each in heard.shop.products.values() for one in (each.title_uz, each.title_ru))
    if not any(part == word for title in titles for _, word in counted_parts(title)):
        return found[0]
    return f"{_NUMBERS[found[1].lower()]}-{found[2]}"
