"""Sums of money as people write them: `250 ming`, `1.5 mln`, `250k`, `250.000`, "ikki yuz ellik ming", `$20`.

A bare `250` is 250 000 so'm only where money is spoken of; phones, sizes, dates and codes are no money.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kit.money import EXPONENT
from shop.fold import APOSTROPHES, fold_word

_FILE = Path(__file__).parent / "lexicon" / "money.yaml"
_NEAR = 3  # words between a bare number and a word about money
_GROUPED = rf"\d{{1,3}}(?:[\s\u00a0\u202f.,'{APOSTROPHES}]\d{{3}})+(?![\d])"
_TOKEN = re.compile(
    rf"(?P<number>(?:{_GROUPED}|\d+)(?:[.,]\d{{1,2}}(?!\d))?)|(?P<word>[^\W\d_]+(?:[{APOSTROPHES}][^\W\d_]+)*)|(?P<sign>[$€₽₸₺₩+#№%:/\-])"
)
# what stands before or after a number that is no sum: +998, 15-uy, 42-razmer, 10:30, 9/14, №12, 50 %
_NO_SUM_BEFORE, _NO_SUM_AFTER = frozenset("+#№:/"), frozenset(":/%")
_SMALLEST, _LARGEST = 10, 999  # a bare number between them means thousands of so'm


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum in the smallest unit in use of `currency`, and where it stands in the text."""

    value: int
    currency: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    key: str
    start: int
    end: int
    tail: str  # the character after it


def amounts(text: str, *, currency: str = "UZS", expected: bool = False) -> list[Amount]:
    """The sums in `text`, in order. `currency`: what sums without one are in.

    `expected`: money was asked for, so that bare numbers count (`250` is 250 000 so'm, `5000` is 5 000).
    """
    tokens = [
        _Token(
            str(found.lastgroup),
            found[0],
            fold_word(found[0]),
            found.start(),
            found.end(),
            text[found.end() : found.end() + 1],
        )
        for found in _TOKEN.finditer(text)
    ]
    found: list[Amount] = []
    at = 0
    while at < len(tokens):
        read = _number(tokens, at)
        if read is None:
            at += 1
            continue
        value, sized, used = read
        if not sized:
            value, sized = _range(tokens, at + used, value)
        amount, used = _amount(tokens, at, used, value, sized, currency, expected)
        if amount:
            found.append(amount)
        at += used
    return found


def _amount(
    tokens: list[_Token], at: int, used: int, value: Decimal, sized: bool, currency: str, expected: bool
) -> tuple[Amount | None, int]:
    """The sum that begins at `at`, if it is one, with its currency; and how many tokens it takes."""
    begin, end = at, at + used
    known = None
    if end < len(tokens) and (known := _currency(tokens[end])):
        end += 1
    elif begin and (known := _currency(tokens[begin - 1])) and tokens[begin - 1].kind == "sign":
        begin -= 1
    money = known or currency
    bare = not sized and known is None
    if bare and not _believed(tokens, at, used, value, expected):
        return None, used
    if not sized and money == "UZS" and _SMALLEST <= value <= _LARGEST:
        value *= 1000
    amount = int(value * 10 ** EXPONENT.get(money, 2))
    if amount <= 0 or amount > 10**13:
        return None, used
    return Amount(amount, money, (tokens[begin].start, tokens[end - 1].end)), end - at


def _range(tokens: list[_Token], at: int, value: Decimal) -> tuple[Decimal, bool]:
    """`150-200 ming`: the first number of a range has the scale of the second."""
    if at + 1 < len(tokens) and tokens[at].text == "-" and tokens[at + 1].kind == "number":
        scale = _scale(tokens, at + 2, fraction=False)
        return (value * scale, True) if scale and value < 1000 else (value, False)
    return value, False


def _believed(tokens: list[_Token], at: int, used: int, value: Decimal, expected: bool) -> bool:
    """Whether a number without unit or currency is a sum."""
    token = tokens[at]
    before = tokens[at - 1] if at else None
    after = tokens[at + used] if at + used < len(tokens) else None
    if (before and before.text in _NO_SUM_BEFORE) or (after and after.text in _NO_SUM_AFTER):
        return False
    if after and after.text == "-" and at + used + 1 < len(tokens) and after.start == token.end:
        return False  # 15-uy, 42-razmer
    joined = re.search(r"\d[.,'\u02bc\u2019]\d{3}$", token.text) and token.tail not in (".", "-")  # 189.000, no phone
    if token.kind != "number" or (not joined and _in_a_row(tokens, at)):
        return False
    digits = re.sub(r"\D", "", token.text)
    grouped = len(digits) != len(token.text.rstrip("0123456789") + digits) or not token.text.isdigit()
    spoken = expected or _money_near(tokens, at, used)
    if grouped and len(digits) >= 4 and "." not in token.text[-3:]:
        return len(digits) <= 9
    if len(digits) >= 9 or digits.startswith("0"):
        return False  # a phone
    if spoken:
        return value >= _SMALLEST
    return len(digits) >= 5 and value % 1000 == 0


def _in_a_row(tokens: list[_Token], at: int) -> bool:
    """Whether the number is one of the pieces of a phone: three or more numbers with nothing but spaces and dashes."""
    first = last = at
    while first and (tokens[first - 1].kind == "number" or tokens[first - 1].text in "-+"):
        first -= 1
    while last + 1 < len(tokens) and (tokens[last + 1].kind == "number" or tokens[last + 1].text == "-"):
        last += 1
    pieces = [token for token in tokens[first : last + 1] if token.kind == "number"]
    short = sum(len(token.text) <= 3 for token in pieces)
    return len(pieces) >= 3 and sum(len(re.sub(r"\D", "", token.text)) for token in pieces) >= 7 and short >= 2


def _money_near(tokens: list[_Token], at: int, used: int) -> bool:
    around = tokens[max(0, at - _NEAR) : at] + tokens[at + used : at + used + _NEAR]
    return any(token.key in _words()["around"] for token in around if token.kind == "word")


# ---- numbers ---------------------------------------------------------------------------------------------------------


def _number(tokens: list[_Token], at: int) -> tuple[Decimal, bool, int] | None:
    """(value, whether thousand or million was said, tokens used) of the number at `at`, in digits or words."""
    token = tokens[at]
    if token.kind == "number":
        return _with_scale(tokens, at + 1, _digits(token.text), at, "." in token.text or "," in token.text)
    if token.kind != "word" or not _starts_number(token.key):
        return None
    small, used = _small(tokens, at)
    return _with_scale(tokens, at + used, small, at, small != int(small)) if used else None


def _digits(text: str) -> Decimal:
    """The value of digits: groups of three are thousands whatever parts them; 1.5 and 1,5 are fractions."""
    if re.fullmatch(r"\d{1,3}(?:[^\d]\d{3})+(?:[.,]\d{2})?", text):
        whole, cents = (text[:-3], text[-2:]) if text[-3] in ".," else (text, "")
        return Decimal(re.sub(r"\D", "", whole)) + (Decimal(cents) / 100 if cents else 0)
    return Decimal(text.replace(",", "."))


def _with_scale(tokens: list[_Token], at: int, value: Decimal, start: int, fraction: bool) -> tuple[Decimal, bool, int]:
    """Joins what follows: `1 mln 250 ming`, `250 ming`."""
    words = _words()
    scaled = Decimal(0)
    sized = False
    scale = _scale(tokens, at, fraction)
    while scale:
        scaled, sized, at = scaled + value * scale, True, at + 1
        value = Decimal(0)
        if scale <= 1000 or at >= len(tokens):
            break
        if tokens[at].kind == "number":
            rest, used = _digits(tokens[at].text), 1
        else:
            rest, used = _small(tokens, at)
        scale = _scale(tokens, at + used, False) if used else 0
        if scale == 1000:
            value, at = rest, at + used
        elif used and tokens[at].key in words["half"]:
            scaled, at, scale = scaled + 500_000, at + used, 0
        else:
            scale = 0
    return (scaled + value, sized, at - start) if sized else (value, False, at - start)


def _scale(tokens: list[_Token], at: int, fraction: bool) -> int:
    if at >= len(tokens) or tokens[at].kind != "word":
        return 0
    words, key = _words(), tokens[at].key
    if key in words["thousand"] or any(key.startswith(stem) for stem in ("ming", "tisyach")):
        return 1000
    if key in words["million"] or key.startswith("milion"):
        return 1_000_000
    return 1_000_000 if fraction and key in words["million_short"] else 0


def _starts_number(key: str) -> bool:
    words = _words()
    groups = ("units", "teens", "tens", "hundreds", "hundred", "half", "one_and_half")
    return any(key in words[group] for group in groups)


def _small(tokens: list[_Token], at: int) -> tuple[Decimal, int]:
    """A number below a thousand in words ("ikki yuz ellik", "двести пятьдесят", "bir yarim"), and its tokens."""
    words = _words()
    total, last, used = Decimal(0), 1000, 0
    while at + used < len(tokens) and tokens[at + used].kind == "word":
        key = tokens[at + used].key
        if key in words["hundred"] and last > 99 - 99 * (total > 0) and total < 10:
            total, last = max(total, Decimal(1)) * 100, 100
        elif key in words["hundreds"] and last > 100:
            total, last = total + words["hundreds"][key], 100
        elif key in words["tens"] and last > 10:
            total, last = total + words["tens"][key], 10
        elif key in words["teens"] and last > 10:
            total, last = total + words["teens"][key], 1
        elif key in words["units"] and last > 1:
            total, last = total + words["units"][key], 1
        elif key in words["half"] and last >= 1:
            return total + Decimal("0.5"), used + 1
        elif key in words["one_and_half"] and not used:
            return Decimal("1.5"), 1
        else:
            break
        used += 1
    return total, used


def _currency(token: _Token) -> str | None:
    if token.kind == "sign":
        return str(_words()["signs"].get(token.text) or "") or None
    for currency, keys in _words()["currencies"].items():
        if token.key in keys or any(token.key.startswith(key) and len(key) > 3 for key in keys):
            return str(currency)
    return None


@cache
def _words() -> dict[str, Any]:
    """The words of money.yaml by their keys."""
    data = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    made: dict[str, Any] = {"signs": data.pop("signs")}
    made["currencies"] = {code: frozenset(map(fold_word, keys)) for code, keys in data.pop("currencies").items()}
    for name, part in data.items():
        if isinstance(part, dict):
            made[name] = {fold_word(word): value for word, value in part.items()}
        else:
            made[name] = frozenset(map(fold_word, part))
    return made
