"""Numbers in digits and in words, in four spellings: `ikkita`, `иккита`, `две штуки`, `yuz o'n oltinchi`.

Knows how to read a number; what it means (a size, a quantity, a house) is decided by who asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from agent.brain_rules.lexicon import Met, keys, read, words_of
from agent.brain_rules.text import PAUSES, Token
from shop.fold import fold_word as key
from shop.fold import stem
from shop.lexicon import load

# these are also everyday words (o'n = English "on", yuz = face): a number only beside another number or a counting word
_SHY = frozenset(key(word) for word in ("o'n", "un", "yuz", "сто", "ming", "пара", "pair", "couple"))
_OF_THEM = [["of", key(word)] for word in ("them", "these", "those", "it", "each")]  # "2 of them"
_OF_THE = ["of", key("the")]  # "2 of the black ones"
_ORDINAL = re.compile("(?:i?nchi)(?:si|sini|sidan)?$")
_DATIVE = ("ga", "га", "kka", "qqa", "кка", "ққа")
MILLIONS = frozenset({"milion", "mln"})
_MONEY = frozenset(
    {*MILLIONS, "min", "ming", "tis", "tisyach", key("thousand"), "k", "som", "sum", "uzs", "usd", "dollar", "rub"}
)


class Number(NamedTuple):
    """A number said in tokens [first, past). `counted`: with its counting word. `words`: not in digits."""

    value: int
    first: int
    past: int
    counted: bool = False
    words: bool = False


_LISTED = 20  # the most pieces of a bare number in a list


def counts_each(tokens: Sequence[Token], met: Iterable[Met]) -> bool:
    """Whether things are listed with so many of each, one of them counted plainly: `12 ta makkajo'xori, pasta 2`."""
    ands = {one.first for one in met if one.name == "and"}
    pauses = [at for at, token in enumerate(tokens) if token.kind in PAUSES or at in ands]
    said, counted, bare = numbers(tokens), False, False
    for first, past in pairwise([-1, *pauses, len(tokens)]):
        own = [one for one in said if first < one.first < past]
        counted = counted or any(one.counted for one in own)
        ends = len(own) == 1 and own[0].past == past and own[0].first > first + 1
        bare = bare or (ends and not own[0].counted and own[0].value <= _LISTED)
    return counted and bare


@cache
def _values() -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    data = read("numbers")
    return tuple(  # type: ignore[return-value]
        {key(word): int(value) for value, words in data[name].items() for word in words.split()}
        for name in ("units", "tens", "big")
    )


@cache
def _ordinals() -> tuple[dict[str, int], frozenset[str]]:
    data = read("numbers")
    named = {key(word): int(value) for value, words in data["ordinals"].items() for word in words.split()}
    return named, frozenset(key(word) for word in data["ordinal_endings"].split())


_WITH = (
    "inchisidan",
    "inchisini",
    "inchisi",
    "nchisidan",
    "nchisini",
    "nchisi",
    "tasini",
    "tasi",
    "tadan",
    "tani",
    "ta",
    "sini",
    "si",
    "inchi",
    "nchi",
    "gina",
)


def is_pieces(said: str) -> bool:
    """Whether a word counts things: `ta`, `штук`, `pairs`."""
    return said in keys("numbers", "pieces")


@lru_cache(maxsize=65536)  # a turn reads the same few words a hundred times
def word_value(said: str) -> int | None:
    """The number one word means, also with `-ta`, `-inchi` and their endings; None for other words."""
    for table in _values():
        if said in table:
            return table[said]
        for ending in _WITH:
            if said.endswith(ending) and said.removesuffix(ending) in table:
                return table[said.removesuffix(ending)]
    for ending in ("dan", "ni"):  # to'rttadan: its key has one t
        if said.endswith("ta" + ending) and said.removesuffix(ending) in _values()[0]:
            return _values()[0][said.removesuffix(ending)]
    bare = _bare(said)
    of_sum = next((table[bare] for table in _values()[1:] if bare in table), None) if bare != said else None
    return of_sum if of_sum and of_sum > 10 else None  # "saksonga"; unga is "to him"


def numbers(tokens: Sequence[Token]) -> list[Number]:
    """All numbers, in order; runs of number words are added up as people say them (`yuz o'n olti` is 116)."""
    return list(_numbers(tuple(tokens)))


@lru_cache(maxsize=256)  # half of what a turn asks was asked in it before
def _numbers(tokens: tuple[Token, ...]) -> list[Number]:
    found, at = list[Number](), 0
    while at < len(tokens):
        number = _digits(tokens, at) or _spoken(tokens, at)
        if number:
            found.append(_with_pieces(tokens, number))
        at = found[-1].past if number else at + 1
    return found


def covered(found: Iterable[Met | Number]) -> set[int]:
    """The tokens that these meanings or numbers stand in."""
    return {at for one in found for at in range(one.first, one.past)}


def _digits(tokens: Sequence[Token], at: int) -> Number | None:
    """A number in digits, with its thousands: `3`, `45 mingdan`."""
    value = tokens[at].number
    if value is None:
        return None
    thousands = at + 1 < len(tokens) and tokens[at + 1].key in keys("numbers", "thousands")
    return Number(value * 1000, at, at + 2) if thousands and 0 < value < 1000 else Number(value, at, at + 1)


def _spoken(tokens: Sequence[Token], at: int) -> Number | None:
    """A run of number words from `at`: hundreds, tens and units in falling order."""
    if tokens[at].kind != "word" or word_value(tokens[at].key) is None:
        return None
    total, past, least = 0, at, 10_000_000
    while past < len(tokens) and tokens[past].kind == "word":
        value = word_value(tokens[past].key)
        if value is None and past > at:  # "ellik beshga"
            value = _values()[0].get(_bare(tokens[past].key)) or (
                _ordinals()[0].get(tokens[past].key) if total else None
            )
        if value is None:
            break
        if (value == 100 and 0 < total % 1000 < 10) or (value == 1000 and 0 < total < 1000):
            total, least = total - total % 1000 + (total % 1000) * value, value
        elif value < least and (least == 10_000_000 or _fits(value, least)):
            total, least = total + value, value
        else:
            break
        past += 1
    told = _counted(tokens, past) or _measured(tokens, past) or (at > 0 and tokens[at - 1].key in MILLIONS)
    if past == at or (past == at + 1 and _bare(tokens[at].key) in _SHY and not told):
        return None
    return Number(total, at, past, words=True)


def _bare(said: str) -> str:
    """A number word without the endings of saksonga and yuzgina; the key of ellikka has none."""
    return said.removesuffix("ga").removesuffix("gina")


def for_so_much(token: Token) -> bool:
    """Whether a number word says for how much: `saksonga`, `ellikka`, `qirqqa`."""
    return token.text.lower().endswith(_DATIVE) and word_value(_bare(token.key)) is not None


def _fits(value: int, after: int) -> bool:
    """Whether `value` may follow: units after tens, tens after hundreds."""
    return 0 < value < (10 if after < 100 else 100) and after >= 10


def _counted(tokens: Sequence[Token], past: int) -> bool:
    return past < len(tokens) and tokens[past].kind == "word" and is_pieces(tokens[past].key)


def _measured(tokens: Sequence[Token], past: int) -> bool:
    """`o'n kishilik`, `o'n litr`: a word that only a number stands before."""
    said = tokens[past].key if past < len(tokens) else ""
    return bool(_OF_SO_MANY.search(said) or load().unit(said))


def so_big(token: Token) -> int:
    """`yigirmalik`, `пятидесятка`: the number one is called by that measures so much; 0 for other words."""
    named = _so_big_words().get(token.key, 0)
    bare = _OF_SO_MANY.sub("", token.key)
    return named or (0 if bare == token.key else next((table[bare] for table in _values() if bare in table), 0))


_OF_SO_MANY = re.compile(r"(?<=..)(?:ta)?li(?:k|gi|gini|gidan|kdan|kni)$")


@cache
def _so_big_words() -> dict[str, int]:
    return {key(word): int(value) for value, words in read("numbers")["so_big"].items() for word in words.split()}


def _with_pieces(tokens: Sequence[Token], number: Number) -> Number:
    first = tokens[number.first].key
    if number.past - number.first > 1 and not number.words:
        return number  # "90 ming donasi": what one costs
    if _counted(tokens, number.past):
        return Number(number.value, number.first, number.past + 1, True, number.words)
    if [token.key for token in tokens[number.past : number.past + 2]] in _OF_THEM:
        return Number(number.value, number.first, number.past + 2, True, number.words)
    if [token.key for token in tokens[number.past : number.past + 2]] == _OF_THE:
        return Number(number.value, number.first, number.past, True, number.words)
    said_so = number.words and first.endswith(("ta", "tasi", "tadan", "tani", "tasini"))
    return Number(number.value, number.first, number.past, said_so, number.words)


def ordinal(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """An ordinal at `at` as (value, tokens): `birinchi`, `2-chisi`, `второй`, `the third`."""
    named, endings = _ordinals()
    token = tokens[at]
    if token.kind == "word" and (token.key in named or _ORDINAL.search(token.key)):
        value = named.get(token.key) or word_value(_ORDINAL.sub("", token.key))
        return (value, 1) if value else None
    if token.number is None or at + 1 >= len(tokens):
        return None
    after = at + 2 if tokens[at + 1].text == "-" and at + 2 < len(tokens) else at + 1
    if tokens[after].kind == "word" and tokens[after].key in endings:
        return token.number, after - at + 1
    return None


def place(tokens: Sequence[Token]) -> int:
    """The place in a list that is said: 2 for `ikkinchisi`; 0 for none."""
    found = (ordinal(tokens, at) for at in range(len(tokens)))
    return next((one[0] for one in found if one), 0)


def is_money(tokens: Sequence[Token], number: Number) -> bool:
    """`300 ming`, `250 000`, `300 ga bering`: a price, not a number of pieces."""
    after = tokens[number.past] if number.past < len(tokens) else None
    if number.value >= 1000 or (number.words and number.value >= 20 and for_so_much(tokens[number.past - 1])):
        return True
    if after is None:
        return False
    groups = after.number is not None and len(after.text) == 3 and len(tokens[number.past - 1].text) <= 3
    dative = after.key in ("ga", "gacha") and number.value >= 20
    return after.key in _MONEY or after.key.startswith(tuple(MILLIONS)) or groups or dative


def is_for_many(tokens: Sequence[Token], number: Number) -> bool:
    """`форма на 12 кексов`, `a mould for 12 muffins`: how many it is made for, where its title has that number."""
    after = tokens[number.past] if number.past < len(tokens) else None
    ahead = number.first > 0 and tokens[number.first - 1].key in keys("numbers", "made_for")
    return ahead and not number.counted and after is not None and after.kind == "word"


_BEFORE_HOURS = frozenset(words_of(("после", "after", "before", "until", "around", "к", "k", "soat", "at", "by")))


def of_else(tokens: Sequence[Token], number: Number) -> bool:
    """`7 yoshga`, `14 uy`, `5-qavatga`, `after two`: numbers of other things, and hours."""
    past = number.past + (number.past + 1 < len(tokens) and tokens[number.past].text in ("-", "–"))  # "5-qavatga"
    after = tokens[past] if past < len(tokens) else None
    hour = number.first > 0 and tokens[number.first - 1].key in _BEFORE_HOURS and not number.counted
    other = after is not None and after.kind == "word" and {after.key, stem(after.key)} & keys("measures", "other")
    return hour or bool(other)
