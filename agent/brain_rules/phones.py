"""Phone numbers as people type them: `93 045 67 89`, `(97) 0444455`, `8 90 …`, `9o.071.72.73`, and in words.

A number that is taken back (`905557 emas 90 055 57 01`, `..., not 51`) is not given. Nothing here knows whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import phonenumbers

from agent.brain_rules.numbers import numbers
from agent.brain_rules.text import tokens

HOME = "UZ"
_RUN = re.compile(r"\+?\(?\d(?:(?:[\d()\s+–-]|\.(?!\s))*\d)?")  # "apt 50. 94 029 71 88": a full stop parts
_GROUP = re.compile(r"\d+")
# the letter o typed for a zero, beside a digit
_O_FOR_ZERO = re.compile(r"(?<=\d)[oOоО](?=[\doOоО\s-]|$)|(?<![^\W\d_])[oOоО](?=[oOоО]?\d)")
# "90 123 45 67 oh wait 90 123 45 76", "... ой, точнее ...", "... yo'q, adashdim ..."
_NOT_AFTER = re.compile(
    r"^[\s,.!-]*(?:(?:emas|эмас|moq)\b|(?:(?:oh|oops|ой|ой нет|ёй|voy|uzr|sorry|нет|no|yo.?q|йўқ)[\s,.!-]*)?"
    r"(?:wait|sorry|oops|i mean|точнее|вернее|ошибся|ошиблась|adashdim|adashibman|xato|адашдим|то есть)\b)",
    re.IGNORECASE,
)
_NOT_IT = re.compile(r"^\W*(?:emas|эмас|moq)\b", re.IGNORECASE)
# a slip is owned up to: "typo", "xato yozibman", "перепутала"
_MISTAKE = (
    r"(?:typo|mistake\w*|mistyped|mixed|wrong|опечат\w*|ошиб\w*|перепута\w*|неправильн\w*|неверн\w*|ada[sw]\w*|адаш\w*"
    r"|xato\w*|хато\w*|chalkash\w*|чалкаш\w*|noto.?g.?ri|нот[оў].?ғри)"
)
_OWNED = re.compile(rf"\b{_MISTAKE}\b", re.IGNORECASE)
# "88 075 19 24 / ой, 88 075 19 42": the second is said in place of the first
_OOPS = re.compile(
    r"^\W*(?:oh|oops|ops|sorry|wait|no|oy|ой|ёй|вой|ойй|простите|извините|нет|точнее|вернее|voy|uzr|kechiras\w*|yo.?q|узр"
    rf"|кечирас\w*|йўқ|йук|oxiri|охири|последни\w*|{_MISTAKE})\b",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(r"\b(?:not|не|instead of|вместо)\s*$", re.IGNORECASE)
# "51 boʻladi 15 emas", "15 emas 51", "не 15, а 51", "51 not 15", "51 instead of 15"
_DIGITS = r"(?<![\d-])(\d{2,5})(?![\d-])"
_CORRECTED = re.compile(
    rf"{_DIGITS}\W*(?:bo.?ladi|bo.?lsin|ekan|б[ўу]лади|б[ўу]лсин|экан|будет|is)?\W*{_DIGITS}\s*(?:emas|эмас|mas|мас)\b"
    rf"|{_DIGITS}\s*(?:ekan|экан|edi|эди)?\W*{_DIGITS}\s*(?:deb|деб|я написал|написал|yozib|ёзиб)"
    rf"|(?P<w1>(?<![\d-])\d{{2,5}})\s*(?:emas|эмас)\W*(?P<r1>\d{{2,5}})(?![\d-])"
    rf"|\b(?:не|not)\s+(?P<w2>\d{{2,5}})\W+(?:а|but|it.?s)?\W*(?P<r2>\d{{2,5}})(?![\d-])"
    rf"|(?P<r3>(?<![\d-])\d{{2,5}})\W+(?:а не|not|instead of|вместо)\s+(?P<w3>\d{{2,5}})(?![\d-])",
    re.IGNORECASE,
)
# "it ends with 42, so 90 031 77 42": the digits are told twice
ENDS_WITH = re.compile(
    r"(?:\bends? (?:with|in)|\blast digits(?: are)?|\boxiri(?:si)?|охири(?:си)?|в конце|заканчивается на"
    r"|последние(?: цифры)?)\W{0,3}(\d{2,5})(?!\d)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:\b(?:telefon(?:im|imiz|i)?|tel(?:im)?|телефон(?:им|имиз|а|у)?|тел(?:им)?"
    r"|(?:cell |mobile )?phone|mobile|моб(?:ильный)?|nom[ei]r(?:im|i)?"
    r"|номер(?:им)?|номир(?:им)?|raqam(?:im|i)?|рақам(?:им|и)?|ракам(?:им|и)?|number|contact|контакт)\b"
    r"(?:\s+is\b)?[\s.:—–-]*)+$",
    re.IGNORECASE,
)
_FOR_PHONES = re.compile(r"\b(?:на|для|к|этот|shu|bu|for|this)\s+$", re.IGNORECASE)  # "a case for the phone 90 ..."
_NUMBER = r"nom[ei]r|номер|номир|raqam|рақам|ракам|телефон|telefon|\btel\b|\bтел\b|phone|number"
_OF_NUMBER = re.compile(_NUMBER, re.IGNORECASE)
_OF_MONEY = re.compile(r"\s*(?:ming|минг|тыс|k\b|к\b|so.?m|с[уў]м|%|foiz|фоиз|проц)|[\s.,]\d", re.IGNORECASE)
_OF_PHONE = re.compile(
    rf"{_NUMBER}"
    r"|(?:oxiri|охири|последни\w*|в конце|\blast\b|\bends?\b)\D{0,12}\d",
    re.IGNORECASE,
)
# a house, a size, an order or a card has a number too
_OF_ELSE = re.compile(
    r"\buy|\bуй|дом[аеу]?\b|\bk?xona|хона|kvartira|квартир|\bкв\b|razmer|размер|o.?lcham|ўлчам|zakaz|заказ|buyurtma|буюртма"
    r"|kart|карт|house|flat|apartment|\bapt\b|order|size|card",
    re.IGNORECASE,
)
_WRITTEN = {(2, 3, 2, 2), (2, 7), (2, 3, 4), (9,), (5, 2, 2)}  # how many digits stand together in a number of nine
_AT_HOME = 9  # digits
_SLIP = 3  # digits of a number that was mistyped
_SWAPPED = 2  # digits that changed places
_EXCUSE = 3  # words: "oh sorry, typo"
_SHORTEST_WRONG = 5  # digits: a piece of a number that is being corrected


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164 and its place in the text. `home`: an Uzbek one."""

    e164: str
    start: int
    end: int
    taken_back: bool = False

    @property
    def home(self) -> bool:
        """Whether couriers can call it at home rates."""
        return self.e164.startswith("+998")


def phones(text: str) -> list[Phone]:
    """Every number in `text`, also the ones taken back (they must not be read as anything else)."""
    plain = _O_FOR_ZERO.sub("0", text)
    found = [phone for match in _RUN.finditer(plain) for phone in _in_run(plain, match.start(), match.end())]
    found += _spoken(text, found)
    found.sort(key=lambda phone: phone.start)
    return [*(_replaced(text, one, other) for one, other in pairwise(found)), *found[-1:]]


def _replaced(text: str, one: Phone, after: Phone) -> Phone:
    """`one`, taken back where a much alike number follows an excuse: nobody has two that differ in a digit or two.

    Two digits that changed places need no excuse. An excuse of a few words is no address: it goes with `one`.
    """
    between = text[one.end : after.start]
    differ = sum(a != b for a, b in zip(one.e164, after.e164, strict=False))
    alike = len(one.e164) == len(after.e164) and 0 < differ <= _SLIP
    excuse = _OOPS.match(between)
    swapped = differ == _SWAPPED and sorted(one.e164) == sorted(after.e164)
    if not alike or not (excuse or swapped or _OWNED.search(between)):
        return one
    alone = excuse and len(between.split()) <= _EXCUSE and not re.search(r"\d", between)
    return replace(one, taken_back=True, end=after.start if alone else one.end)


def corrected(text: str, given: str = "") -> tuple[str, str, int, int] | None:
    """Digits of a number given before that were wrong, the right ones, and where that is said; None when it is not.

    `given`: a number of the same burst; digits that it ends with are its own, whatever else is said. The wrong ones
    are "" where only the end of the number is told: "typo, it ends in 51".
    """
    found = _CORRECTED.search(text)
    if found is None:
        return _other_end(text, given)
    ends = any(digits and given.endswith(digits) for digits in found.groups())
    if not ends and (not _OF_PHONE.search(text) or _OF_ELSE.search(text)):
        return None
    wrong = found[2] or found[4] or found["w1"] or found["w2"] or found["w3"]
    right = found[1] or found[3] or found["r1"] or found["r2"] or found["r3"]
    return (wrong, right, found.start(), found.end()) if len(wrong) == len(right) else None


def _other_end(text: str, given: str) -> tuple[str, str, int, int] | None:
    found = ENDS_WITH.search(text)
    if found is None or given.endswith(found[1]) or _OF_MONEY.match(text[found.end() :]):
        return None
    if _OF_ELSE.search(re.split(r"[|\n!?]", text[: found.start()])[-1] + text[found.end() :]):
        return None
    about = _OWNED.search(text) or _OF_NUMBER.search(text) or (given and _OOPS.match(text[: found.start() + 1]))
    same = given and sorted(given[-len(found[1]) :]) == sorted(found[1])
    return ("", found[1], found.start(), found.end()) if about or same else None


def labels_of(text: str, found: Sequence[Phone]) -> list[tuple[int, int]]:
    """The words right before each phone that only say that it is one; a shop may sell things for phones."""
    before = [(text[: phone.start], _LABEL.search(text[: phone.start])) for phone in found]
    return [one.span() for ahead, one in before if one and not _FOR_PHONES.search(ahead[: one.start()])]


def with_digits(phone: Phone, wrong: str, right: str) -> Phone:
    """The number with the last place of the wrong digits put right; its end where they are not told."""
    before, found, after = phone.e164.rpartition(wrong or phone.e164[-len(right) :])
    return replace(phone, e164=before + right + after) if found else phone


def e164(said: str) -> str:
    """The number in E.164, or "" when it is not one (a shared contact, a form field)."""
    for phone in phones(said):
        return phone.e164
    return ""


def _in_run(text: str, start: int, end: int) -> Iterator[Phone]:
    """Numbers in one run of digits and separators: the earliest groups that together make a real number."""
    groups = [(match.start() + start, match.end() + start) for match in _GROUP.finditer(text[start:end])]
    at = 0
    while at < len(groups):
        if (
            at + 1 < len(groups)
            and groups[at][1] - groups[at][0] == 1
            and "\n" in text[groups[at][1] : groups[at + 1][0]]
        ):
            at += 1  # "Navoiy 8" in a message before the phone: no trunk prefix
            continue
        length, number = _whole(text, groups[at:])
        if length and (later := _written_later(text, groups[at:], length)):
            at += later  # "uy 33 91 333 22 00": the house is no part of it
            continue
        if length:
            yield _phone(text, number, groups[at][0], groups[at + length - 1][1])
        elif groups[at][1] - groups[at][0] >= _SHORTEST_WRONG and _taken_back(text, *groups[at]):
            yield Phone("", *groups[at], taken_back=True)
        at += length or 1


def _written_later(text: str, groups: list[tuple[int, int]], length: int) -> int:
    """How many groups stand before a number that is written as one, where the first `length` are not; 0 else."""
    lengths = [end - start for start, end in groups]
    if tuple(lengths[:length]) in _WRITTEN or sum(lengths[:length]) != _AT_HOME:
        return 0
    for first in range(1, length):
        whole = _whole(text, groups[first:])[0]
        if tuple(lengths[first:]) in _WRITTEN and whole == len(lengths) - first:
            return first
    return 0


def _phone(text: str, number: str, start: int, end: int) -> Phone:
    while start > 0 and text[start - 1] in "+(":
        start -= 1
    return Phone(number, start, end, _taken_back(text, start, end))


def _taken_back(text: str, start: int, end: int) -> bool:
    excuse = _NOT_AFTER.match(text[end:])
    # "it's 90 ..., sorry" is the new one: nothing comes in its place
    replaced = excuse and (_NOT_IT.search(excuse[0]) or re.search(r"\d", text[end:]))
    return bool(replaced or _NOT_BEFORE.search(text[:start]))


def _whole(text: str, groups: list[tuple[int, int]]) -> tuple[int, str]:
    """How many of the first `groups` make one number, and the number; (0, "") when none do."""
    digits = ""
    plus = groups[0][0] > 0 and text[groups[0][0] - 1] == "+"
    if number := _valid("".join(text[start:end] for start, end in groups), plus):
        return len(groups), number
    for count, (start, end) in enumerate(groups, 1):
        if count > 1 and "\n" in text[groups[count - 2][1] : start]:
            break
        digits += text[start:end]
        if len(digits) > 15:
            break
        if number := _valid(digits, plus):
            return count, number
    return 0, ""


def _valid(digits: str, plus: bool) -> str:
    if plus:
        return _parsed("+" + digits, "") if len(digits) >= 10 else ""
    if len(digits) == 9:
        return _parsed("+998" + digits, HOME)
    if len(digits) == 12 and digits.startswith("998"):
        return _parsed("+" + digits, HOME)
    if len(digits) == 10 and digits[0] in "80":  # the old trunk prefix
        return _parsed("+998" + digits[1:], HOME)
    if len(digits) == 11 and digits[0] in "78":
        return _parsed("+7" + digits[1:], "RU")
    return ""


def _parsed(number: str, region: str) -> str:
    try:
        parsed = phonenumbers.parse(number, region or None)
    except phonenumbers.NumberParseException:
        return ""
    valid = phonenumbers.is_valid_number(parsed)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if valid else ""


def _spoken(text: str, taken: list[Phone]) -> Iterator[Phone]:
    """Numbers said in words: `to'qson uch nol o'n bir ...`; each spoken number adds its digits."""
    parts = tokens(text)
    said = [one for one in numbers(parts) if not any(p.start <= parts[one.first].start < p.end for p in taken)]
    run: list[int] = []
    for at, one in enumerate(said):
        between = parts[said[run[-1]].past : one.first] if run else []
        if any(token.kind != "comma" for token in between):  # "девяносто семь, ноль восемьдесят один, ..."
            run = []
        run.append(at)
        if sum(said[i].words for i in run) < 3:
            continue
        for begin in range(len(run) - 3 + 1):
            digits = "".join(_as_dialled(said[i].value, said[i].words, parts[said[i].first].text) for i in run[begin:])
            if number := _valid(digits, False):
                first, last = said[run[begin]], one
                start, end = parts[first.first].start, parts[last.past - 1].end
                yield Phone(number, start, end, _taken_back(text, start, end))
                run = []
                break


def _as_dialled(value: int, in_words: bool, written: str) -> str:
    return str(value) if in_words else written


def ends_one(digits: str, found: Sequence[Phone]) -> bool:
    """Whether a number of the message ends with these digits: "it ends with 42, so 90 ... 42"."""
    return any(phone.e164.endswith(digits) for phone in found)
