"""Numbers in a line of a payment's screen: sums, dates, times, card tails, phones, ids. Pure; no words are judged here
but months and currencies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from vision import receipt_words

_STRONG = r"*•●∙·∗⁎★☆×✱■▪○◦¤#…"
_WEAK = "oOоОeEеЕcCсСxXхХ°+"
BINS = ("8600", "9860", "5614", "6262", "4400", "5440")  # a number of eight that begins so may have lost a mask
# "8600 **** **** 1234", "860012******3456", "8600 12** **** 3456"; masks are read as o, e, c or lost in part
_MASKED = re.compile(
    rf"(?<!\d)(?:\d{{4,6}}|\d{{4}} ?\d{{2}}) ?[{re.escape(_STRONG)}{_WEAK}.\-]"
    rf"[{re.escape(_STRONG)}{_WEAK}.\- ]{{1,24}}(?:\d )?(?P<tail>\d{{4}})(?!\d)"
)
# "•••• 1234", "*1234", "..1234", "eooe 1234"; not the 6262 of "....6262 0773", dots of a slip and a lost
# mask, nor the year of "....2026-11-21"
_TAIL = re.compile(
    rf"(?:[{re.escape(_STRONG)}][{re.escape(_STRONG)}{_WEAK}. ]*|\.{{2,}}[{re.escape(_STRONG)}. ]*"
    rf"|(?<![^\W_])[{_WEAK}{re.escape(_STRONG)}.]{{3,12}} ?)"
    rf"(?!(?:{'|'.join(BINS)}) \d{{4}}(?!\d))(?P<tail>\d{{4}})(?!\d|[\-./]\d| ?[{re.escape(_STRONG)}]{{2}})"
)
_WHOLE = re.compile(r"(?<!\d)(?:(?:\d{4}[ \-]){3}|\d{12})(?P<tail>\d{4})(?!\d)")
# the first and the last four of a card whose mask was lost between them
_LOST = re.compile(r"(?<!\d)(?:8600|9860|5614|6262) ?(?P<tail>\d{4})(?!\d)")
_BINS = ("8600", "9860", "5614", "6262", "5440", "4", "5")

_ISO = re.compile(r"(?<!\d)(?P<y>20\d\d)[-./ ](?P<m>[01]\d)[-./ ](?P<d>[0-3]\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(?P<d>[0-3]?\d) ?[./\-] ?(?P<m>[0-3]?\d) ?[./\-] ?(?P<y>20\d\d)")
_SHORT_YEAR = re.compile(r"(?<![\d.])(?P<d>[0-3]\d)[./](?P<m>[01]\d)[./](?P<y>\d\d)(?![\d./])")
_CLOCK = re.compile(r"(?<![\d:])(?P<h>[01]\d|2[0-3]|\d):(?P<m>[0-5]\d)(?::[0-5]\d)?(?![\d:])")

_PHONE = re.compile(r"\+ ?\d[\d ()\-]{8,18}\d|(?<!\d)998[ ()\-]?\d{2}[ ()\-]{0,2}\d{3}[ \-]?\d{2}[ \-]?\d{2}(?!\d)")
_PHONE_MASKED = re.compile(rf"\+ ?\d{{1,3}}[\d ()\-]*[{re.escape(_STRONG)}xX]+[\d ()\-{re.escape(_STRONG)}xX]*\d")
_MIXED = re.compile(r"(?<!\w)(?=\w*\d[A-Za-z]+\d|[A-Za-z]{1,6}\d{5,})(?!(?:UZS|KZT|RUB|USD|EUR)\d)\w{6,}")
_SUM = re.compile(
    r"(?<![\d.,])(?:\d{1,6}(?:[ ']\d{3})+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+|\d+)(?:[.,] ?\d{1,2}(?!\d))?(?![\d%])"
)
# "O UZS": a zero without a slash
_NOUGHT = re.compile(
    r"(?<![\w.,])[OОoо](?= ?(?:UZS|KZT|RUB|USD|so.?m|сум|сўм|cym|cm|[tт]|₸|₽|\$)(?!\w))", re.IGNORECASE
)
_GARBAGE_UNIT = re.compile(r"^ ?(?:c|cm|cy|cym|cyM|CyM|CyM|cу[mм]|com|cuM|cum|c\w?m)(?!\w)", re.IGNORECASE)
_LEADERS = re.compile(r"[._·…]{2,}|(?<!\d)[.,](?=\d)")  # dots between a label and its value, on a till's slip
_NUMERO = re.compile(r"(?<!\w)(?:[Nn][oOoº°]|№)[. ]?(?=[A-Za-z]{0,4}\d{5}|[0-9a-fA-F]{8}|P2P)")  # "№" as it is read
_ID = re.compile(r"(?<![\w\-])[0-9A-Za-z](?:[0-9A-Za-z\-]{4,62})[0-9A-Za-z](?![\w\-])")


@dataclass(frozen=True, slots=True)
class Sum:
    """A number that may be money: whole units and cents. `unit`: something like a currency stands beside it.

    `drawn`: no word of a currency, but how an engine without Cyrillic letters draws "сум" or "сўм".
    """

    whole: int
    cents: int
    currency: str
    unit: bool
    grouped: bool
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """The tail of a card; `sure` when the mask or the whole number was read as such; `whole` without any mask."""

    tail: str
    sure: float
    whole: bool = False


def cards(text: str) -> list[Card]:
    """Card tails in a line, from left to right."""
    found: dict[tuple[int, int], Card] = {}
    for pattern, sure in ((_MASKED, 0.97), (_TAIL, 0.9), (_WHOLE, 0.95), (_LOST, 0.55)):
        for match in pattern.finditer(text):
            if pattern is _WHOLE and not _is_card(match[0]):
                continue
            if pattern is _MASKED and not _masks(match[0]):
                continue
            if not any(begin < match.end() and match.start() < end for begin, end in found):
                weak = pattern is _TAIL and not set(match[0]) & set(_STRONG + ".")
                found[match.span()] = Card(match["tail"], 0.7 if weak else sure, pattern is _WHOLE)
    return [found[span] for span in sorted(found)]


def masked(text: str) -> list[str]:
    """The cards of a line that show their first digits and a mask."""
    return [match[0] for match in _MASKED.finditer(text) if _masks(match[0])]


def _masks(text: str) -> bool:
    """Two signs of a mask at least: "2026 - 1405" is none."""
    return sum(letter in _STRONG + _WEAK + "." for letter in text) >= 2


def _is_card(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    if not digits.startswith(_BINS):
        return False
    if re.search(r"\D", text.strip()):
        return True
    doubled = [int(digit) * (1 + (i % 2 == 0)) for i, digit in enumerate(digits)]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def lone_tail(text: str) -> str | None:
    """Four digits alone at the end of a line, or the eight around a lost mask; only a label can tell."""
    match = re.search(r"(?<![\d.,:/\-])(?<!\d )(?:[45]\d{3}|8600|9860|6262)?(?P<tail>\d{4})$", text.strip())
    return match["tail"] if match else None


def day(text: str) -> str | None:
    """The ISO date in a line: in digits, or with the name of a month in any of the languages."""
    for pattern in (_ISO, _DAY_FIRST):
        for match in pattern.finditer(text):
            found = _date(int(match["y"]), int(match["m"]), int(match["d"]))
            if found:
                return found
    return _day_in_words(text) or next(
        (
            found
            for match in _SHORT_YEAR.finditer(text)
            if (found := _date(2000 + int(match["y"]), int(match["m"]), int(match["d"])))
        ),
        None,
    )


def _day_in_words(text: str) -> str | None:
    words = receipt_words.words_of(text)
    for at, word in enumerate(words):
        month = receipt_words.month(word)
        if month is None:
            continue
        near = words[max(0, at - 3) : at + 4]
        years = [int(one) for one in near if re.fullmatch(r"20\d\d", one)]
        beside = [*words[max(0, at - 1) : at][::-1], *words[at + 1 : at + 2]]
        days = [int(digits[1]) for one in beside if (digits := re.fullmatch(r"([0-3]?\d)(?:st|nd|rd|th)?", one))]
        if years and days and (found := _date(years[0], month, days[0])):
            return found
    return None


def _date(year: int, month: int, number: int) -> str | None:
    if month > 12 >= number:
        month, number = number, month
    try:
        return date(year, month, number).isoformat()
    except ValueError:
        return None


def clock(text: str) -> str | None:
    """The time in a line, HH:MM. A date glued to it does not matter."""
    for match in _CLOCK.finditer(without_days(text)):
        return f"{int(match['h']):02d}:{match['m']}"
    return None


def without_days(text: str) -> str:
    """The line with its dates blanked."""
    for pattern in (_ISO, _DAY_FIRST):
        text = pattern.sub("  ", text)
    return text


def phone(text: str) -> str:
    """E.164 of a whole phone number in a line, else ""."""
    match = _PHONE.search(text)
    if match is None:
        return ""
    digits = re.sub(r"\D", "", match[0])
    return f"+{digits}" if 11 <= len(digits) <= 13 else ""


def sums(text: str) -> Iterator[Sum]:
    """Numbers that may be money, left to right: no dates, times, cards, phones, ids or percents."""
    text = _NOUGHT.sub("0", without_days(_SHORT_YEAR.sub("  ", text)))
    for pattern in (_MASKED, _WHOLE, _TAIL, _PHONE_MASKED, _PHONE, _CLOCK, _MIXED):
        text = pattern.sub(lambda match: "¦" * len(match[0]), text)
    text = _LEADERS.sub("  ", text)
    for match in _SUM.finditer(text):
        whole, cents = _split(match[0])
        if len(str(whole)) > 10 or (match[0][0] == "0" and whole):
            continue
        after, before = _beside(text, *match.span())
        if after.lstrip().startswith("%"):
            continue
        code = receipt_words.currency(_first_words(after)) or receipt_words.currency(before.rpartition("  ")[2])
        grouped = bool(re.search(r"\d[ '.,]\d{3}", match[0]))
        drawn = None if code else _GARBAGE_UNIT.match(after)
        # one letter may as well be what is left of a euro
        yield Sum(whole, cents, code, bool(code or drawn), grouped, bool(drawn and len(drawn[0].strip()) > 1))


def _beside(text: str, begin: int, end: int) -> tuple[str, str]:
    """What stands after and before a number, where a currency may: whole words, the "р" of "рақами" is no rouble."""
    after, before = text[end : end + 12], text[max(0, begin - 6) : begin]
    if text[end + 12 : end + 13].isalpha():
        after = re.sub(r"[^\W\d_]+$", "", after)
    if begin > 6 and text[begin - 7].isalpha():
        before = re.sub(r"^[^\W\d_]+", "", before)
    return after, before


def _first_words(after: str) -> str:
    return re.split(r"\d|  |[:;|¦]", after)[0]


def _split(number: str) -> tuple[int, int]:
    cents = re.search(r"[.,] ?(\d{1,2})$", number)
    if cents is None:
        return int(re.sub(r"\D", "", number)), 0
    return int(re.sub(r"\D", "", number[: cents.start()])), int(cents[1].ljust(2, "0"))


def ids(text: str) -> list[str]:
    """Tokens that may be the id of a transaction, the longest first."""
    text = _NUMERO.sub(" ", without_days(text))
    for pattern in (_MASKED, _TAIL, _PHONE_MASKED, _PHONE, _CLOCK):
        text = pattern.sub("  ", text)
    found = [
        match[0]
        for match in _ID.finditer(text)
        if sum(letter.isdigit() for letter in match[0]) * 3 >= len(match[0]) and not re.fullmatch(r"20\d\d", match[0])
    ]
    return sorted(found, key=len, reverse=True)


def runs(text: str) -> list[str]:
    """Every number of four digits or more, groups and decimals joined ("200 000.00" is 200000)."""
    for pattern in (_CLOCK,):
        text = pattern.sub("  ", text)
    joined = [str(_split(match[0])[0]) for match in _SUM.finditer(without_days(text))]
    raw = re.findall(r"\d+", text)
    return [number for number in dict.fromkeys([*joined, *raw]) if len(number) >= 4]
