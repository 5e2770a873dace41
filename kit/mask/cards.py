"""Card numbers: 16 digits that begin as a card of this region begins, however they are grouped.

Not Luhn alone: 10.5 % of epoch milliseconds pass it, and shoppers' test cards do not. The first digits, the grouping,
the words around and only then Luhn decide; what is a phone is never part of a card.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kit.mask.plain import Found, Plain

_LOCAL = ("8600", "5614", "9860")  # Uzcard twice, Humo: nothing else here begins so
_GAP = 4  # " - " and the like between groups; more is another thing
_WORDS_GAP = 30  # "8600 boshi, undan keyin 1234 ..."
_WORDED = {(4, 4, 4, 4), (8, 8), (4, 4, 8), (8, 4, 4), (4, 12), (12, 4)}
_CONTEXT = re.compile(r"kart|plastik|humo|uzcard|visa|master|карт|пластик|хумо|узкард|виза|\bcard|\bpan\b|мир\b")
_ID = re.compile(
    r"(?:tranz|транз|trans|chek|чек|trek|трек|track|накладн|\bid\b|shtrix|штрих|\bqr\b|inn\b|инн\b)\D{0,15}$"
)

_SHOWN = re.compile(r"\d{4}(?: \*{4})+(?: \d{4})?|(?:\*{4} )+\d{4}")  # what is left of one: no digits of another
_LONG_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CHANGES = 4  # from letter to digit or back; a word glued to a card number has one

_MONTH_YEAR = re.compile(r"(?<![\d/])(?:0[1-9]|1[0-2])\s?/\s?(?:2[3-9]|3\d)(?![\d/])")  # also behind a card in pairs

_OPERATOR = r"(?:20|33|50|55|77|88|6[1-9]|7\d|9\d)"
_PHONES = (
    re.compile(
        rf"(?<!\d)(?:\+?998[\s().-]{{0,3}})?{_OPERATOR}[\s().-]{{0,3}}\d{{3}}(?:[\s.-]{{0,2}}\d{{2}}){{2}}(?!\d)"
    ),
    re.compile(r"(?<!\d)\+?998[\s().-]{0,3}\d{2}[\s().-]{0,3}\d{7}(?!\d)"),
    re.compile(r"(?<!\d)(?:\+\d{1,3}|8)[\s(-]{0,2}\d{3}[\s)-]{0,2}\d{3}[\s-]?\d{2}[\s-]?\d{2}(?!\d)"),
    re.compile(r"\+\d{9,15}(?!\d)"),
)


def find_phones(text: str) -> list[tuple[int, int]]:
    """Where phones stand in a plain text: +998, 998 and nine-digit forms, Russian and other foreign ones."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted(match.span() for phone in _PHONES for match in phone.finditer(text)):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


@dataclass(frozen=True, slots=True)
class _Group:
    start: int
    end: int
    digits: str
    spoken: bool = False
    gap: str = ""  # what stands between it and the group before it in its run


def find_cards(plain: Plain) -> list[Found]:
    """The cards of a text, left to right, never overlapping."""
    text = plain.text
    phones = find_phones(text)
    groups = [
        _Group(match.start(), match.end(), match.group(), match.start() in plain.spoken)
        for match in re.finditer(r"\d+", text)
    ]
    dates = [match.span() for match in _MONTH_YEAR.finditer(text)]
    shown = [match.span() for match in _SHOWN.finditer(text)]
    groups = _outside(groups, sorted([*phones, *_ids(text), *dates, *shown]))
    card = bool(_CONTEXT.search(text))
    found: list[Found] = []
    # cards of here first: the tail of one and the head of the next may look like one from elsewhere
    for local, near in ((True, _GAP), (True, _WORDS_GAP), (False, _GAP), (False, _WORDS_GAP)):
        free = _outside(groups, sorted((spot.start, spot.end) for spot in found))
        for run in _runs(text, free, near):
            around = _Around(card, bool(_ID.search(text[max(0, run[0].start - 25) : run[0].start])), local)
            found.extend(_in_run(run, around, worded=near == _WORDS_GAP))
    return sorted(found, key=lambda spot: spot.start)


def _ids(text: str) -> list[tuple[int, int]]:
    """Names that programs gave: long words in which letters and digits change places again and again."""
    return [
        match.span()
        for match in _LONG_WORD.finditer(text)
        if len(re.findall(r"[a-z]\d|\d[a-z]", match.group())) >= _CHANGES
    ]


def _outside(groups: Sequence[_Group], spans: Sequence[tuple[int, int]]) -> list[_Group]:
    """The groups that touch none of `spans`; both left to right."""
    free, at = list[_Group](), 0
    for group in groups:
        while at < len(spans) and spans[at][1] <= group.start:
            at += 1
        if at == len(spans) or spans[at][0] >= group.end:
            free.append(group)
    return free


@dataclass(frozen=True, slots=True)
class _Around:
    card: bool  # the message talks of a card
    reference: bool  # just before the number stands the name of another: a transaction, a parcel, a tax number
    local: bool  # only cards of here are looked for


def _runs(text: str, groups: Sequence[_Group], gap: int) -> Iterator[list[_Group]]:
    """Groups that could be one number: little stands between them (letters only where the gap is for words)."""
    run: list[_Group] = []
    for group in groups:
        between = text[run[-1].end : group.start] if run else ""
        apart = len(between) > gap or "+" in between or "*" in between or any(char.isdigit() for char in between)
        if run and (apart or (gap == _GAP and any(char.isalpha() for char in between))):
            yield run
            run = []
        run.append(replace(group, gap=between) if run else group)
    if run:
        yield run


def _in_run(run: Sequence[_Group], around: _Around, *, worded: bool) -> Iterator[Found]:
    first = 0
    while first < len(run):
        last = _card_at(run, first, around, worded=worded)
        if last is None:
            first += 1
            continue
        digits = "".join(group.digits for group in run[first : last + 1])
        yield Found(run[first].start, run[last].end, "card", digits)
        first = last + 1


def _card_at(run: Sequence[_Group], first: int, around: _Around, *, worded: bool) -> int | None:
    """The index of the last group of a card that begins at `first`, None when none does."""
    digits = ""
    for last in range(first, len(run)):
        digits += run[last].digits
        if len(digits) > 20:
            return None
        if len(digits) < 15:
            continue
        if around.local and not _is_local(digits):
            return None
        part = run[first : last + 1]
        sizes = tuple(len(group.digits) for group in part)
        if worded:
            fits = sizes in _WORDED and _is_worded(digits, sizes, around)
        elif len(digits) == 16 and any(group.spoken for group in part):
            fits = _is_local(digits) or (_is_foreign(digits) and (around.card or luhn(digits)))
        elif len(set(sizes)) > 1 and not around.card and any(":" in group.gap for group in part[1:]):
            fits = False  # a chat and its message, an hour and its minutes
        else:
            fits = _is_card(digits, sizes, around, alone=_alone(run, first, last))
        if fits:
            return last
    return None


def _alone(run: Sequence[_Group], first: int, last: int) -> bool:
    """Whether a run of equal small groups ends on both sides: sixteen spaced digits are a card, seventeen are not.

    What stands apart in another way than they do among themselves (a line, a comma) is not their neighbour.
    """
    inside = {group.gap for group in run[first + 1 : last + 1]}
    left = first > 0 and len(run[first - 1].digits) == len(run[first].digits) and run[first].gap in inside
    right = last + 1 < len(run) and len(run[last + 1].digits) == len(run[last].digits) and run[last + 1].gap in inside
    return not (left or right)


def _is_worded(digits: str, sizes: tuple[int, ...], around: _Around) -> bool:
    """Groups with words between: only in a card's own grouping."""
    if _is_local(digits):
        return not _prices(digits, sizes)
    return _is_foreign(digits) and (around.card or (luhn(digits) and not _prices(digits, sizes)))


def _is_card(digits: str, sizes: tuple[int, ...], around: _Around, *, alone: bool) -> bool:
    if len(digits) == 15 and sizes in {(15,), (4, 6, 5)}:
        return digits.startswith(("34", "37")) and luhn(digits)
    local = _is_local(digits)
    if len(sizes) == 1 and 17 <= len(digits) <= 20:
        return local or (around.card and _is_foreign(digits) and luhn(digits))  # glued to the date, or a longer number
    if len(digits) != 16 or not (local or _is_foreign(digits)):
        return False
    if len(sizes) == 1:
        return local or around.card or luhn(digits) or not around.reference
    if set(sizes) == {4}:
        return around.card or not _prices(digits, sizes)
    if set(sizes) in ({1}, {2}):
        sure = local or around.card or luhn(digits) or sizes[0] == 1
        apart = alone or (local and (sizes[0] == 1 or around.card or luhn(digits)))
        return apart and sure and not _ascending(digits, sizes[0])
    if local:
        return around.card or luhn(digits) or len(sizes) <= 6
    return luhn(digits) and (around.card or (len(sizes) <= 4 and min(sizes) >= 2))


def _is_local(digits: str) -> bool:
    return digits.startswith(_LOCAL)


def _is_foreign(digits: str) -> bool:
    """Visa, Mastercard (5 and 2), MIR, UnionPay, JCB."""
    if digits[0] == "4" or digits[:2] in {"51", "52", "53", "54", "55", "56", "62", "35"}:
        return True
    return "2200" <= digits[:4] <= "2204" or "2221" <= digits[:4] <= "2720"


def _prices(digits: str, sizes: tuple[int, ...]) -> bool:
    """Groups that are all round hundreds: `4500 3000 2500 1000` is a price list."""
    return set(sizes) == {4} and all(digits[at : at + 4].endswith("00") for at in range(0, 16, 4))


def _ascending(digits: str, size: int) -> bool:
    """A row of sizes: `40 42 44 46 48 50 52 54`."""
    numbers = [int(digits[at : at + size]) for at in range(0, len(digits), size)]
    return all(a < b for a, b in pairwise(numbers))


def luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812."""
    doubled = [int(digit) * 2 if place % 2 else int(digit) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0
