"""Expiry dates, CVV, PIN and SMS codes: short numbers that are secret only because of the words beside them.

A date, a product's code, a door's code, a postal code and a sum stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kit.mask.cards import find_phones
from kit.mask.plain import Found, Plain

_GAP = r"\W{0,4}(?:[^\W\d]+\W{1,3}){0,2}?"  # up to two words between the name and the number
_CVV_NAME = r"\b(?:cvv|cvc|cvp|svv|цвв|цвс|свв)2?(?![a-zа-я])"
_THREE = r"(?<!\d)(\d\s?\d\s?\d\s?\d?)(?!\d)"
_CVV = (
    re.compile(rf"{_CVV_NAME}(?:\s*-?\s*(?:kod\w*|код\w*|code))?{_GAP}{_THREE}"),
    re.compile(r"(?:security code|xavfsizlik kod\w*|хавфсизлик код\w*|код безопасности)" + _GAP + _THREE),
    re.compile(r"(?:orqa\w*|орқа\w*)\W+(?:(?:3|uch|уч)\W+)?(?:ta\W+|та\W+)?(?:raqam|son|рақам|сон)\w*\W+" + _THREE),
    re.compile(r"(?:цифры|числа|код) (?:сзади|на оборот\w*|с обратной стороны)\W+" + _THREE),
)
_CVV_AFTER = re.compile(rf"{_THREE}\W{{1,3}}(?:[^\W\d]+\W{{1,3}})?{_CVV_NAME}")
_PIN_NAME = r"\b(?:pin|пин)(?:\s*-?\s*(?:kod\w*|код\w*|code))?\b"
_PIN = (
    re.compile(rf"{_PIN_NAME}{_GAP}(?<!\d)(\d{{4,6}}|\d(?:[ -]\d){{3,5}})(?!\d)"),
    re.compile(rf"(?<!\d)(\d{{4}})\W{{1,3}}{_PIN_NAME}"),
)

_EXPIRY = r"(?<![\d/.-])((?:0[1-9]|1[0-2])\s?[/.\s-]\s?(?:2[3-9]|3\d|20[23]\d))(?![\d/.-]\d|\d)"
_EXPIRY_NAMED = re.compile(
    r"(?:amal qil|muddat|srok|срок|действ|годен|valid|\bexp|тугаш|tugash|yaroqli|муддат)[^\d]{0,30}" + _EXPIRY
)
_TAIL = re.compile(r"[\s,;.:*-]{1,6}(0[1-9]|1[0-2])(2[3-9]|3\d)(?!\d)")  # 0527 right behind the card
_BEHIND = re.compile(r"\W{1,4}(\d{3})(?!\d)")  # three digits behind the date

_NAME = re.compile(
    r"\b(?:kod(?:i|im|imiz|ni|ini|imni)?|код(?:и|им|ни|ини|а|у|ом)?|code|sms\w*|смс\w*|parol\w*|парол\w*|password|otp)\b"
)
_NUMBER = r"(?<![\d.,/])(\d{4,8}|\d{3}[\s-]\d{3}|\d{2}[\s-]\d{2}(?:[\s-]\d{2})?|\d(?:[\s-]\d){3,7})(?![\d/]|[.,]\d)"
_AFTER = re.compile(r"\W{0,4}(?:[^\W\d]+\W{1,3}){0,3}?" + _NUMBER)
_BEFORE = re.compile(_NUMBER + r"\W{1,4}(?:[^\W\d]+\W{1,3}){0,2}$")
_OTHER_CODE = re.compile(
    r"tovar|mahsulot|maxsulot|товар|artikul|артикул|product|item|promo|промо|chegirma|скидк|pocht|почт|indeks|индекс|\bzip\b|postal"
    r"|domofon|домофон|pod'?ezd|podyezd|подъезд|eshik|darvoza|двер|калитк|\bqr\b|model|модел|rang|цвет|davlat"
    r"|стран|country|buyurtma|заказ|order|zakaz|shtrix|штрих|barcode"
    r"|махсулот|маҳсулот|эшик|уй |\buy\b"
)
_WANTED = re.compile(
    r"^\W{0,3}(?:\w+\W{1,3}){0,2}?(?:bor|бор|есть|narx|нарх|цен|сколько|qancha|қанча|канча|price|available|kerak|керак|нуж"
    r"|olam|беру|razmer|размер|o'lcham|dona|дона|шт|ta\b|та\b)"
)
_MONEY = re.compile(r"^\s?(?:so'?m|сум|сўм|sum\b|ming|минг|тыс|mln|млн|uzs|usd|\$|₽|руб)")
_SURE = re.compile(
    r"keld|келди|приш[её]?л|came|receiv|sms|смс|tasdiq|тасдиқ|подтвержд|verif|confirm"
    r"|одноразов|ваш код|your code|kodingiz"
)


def find_codes(plain: Plain, cards: Sequence[Found]) -> list[Found]:
    """Everything of this kind in a text whose cards are known; nothing overlaps."""
    text = plain.text
    taken = [(card.start, card.end) for card in cards] + find_phones(text)
    found: list[Found] = []
    for spot in (*_cvv(text), *_expiry(text, cards), *_pin(text), *_sms(text)):
        if not any(a < spot.end and spot.start < b for a, b in taken):
            found.append(spot)
            taken.append((spot.start, spot.end))
    return found


def _spot(match: re.Match[str], kind: str) -> Found:
    """Group 1 of `match`, without the space that may end it."""
    said = match.group(1).rstrip()
    return Found(match.start(1), match.start(1) + len(said), kind, re.sub(r"\D", "", said))


def _cvv(text: str) -> list[Found]:
    found = [_spot(match, "cvv") for named in _CVV for match in named.finditer(text)]
    return found or [_spot(match, "cvv") for match in _CVV_AFTER.finditer(text)]


def _expiry(text: str, cards: Sequence[Found]) -> Iterator[Found]:
    """MM/YY beside a card, a CVV or the words for it; behind a card also the CVV that nobody named."""
    near = [(card.start, card.end) for card in cards]
    near += [match.span() for match in re.finditer(_CVV_NAME, text)]
    for match in re.finditer(_EXPIRY, text):
        if any(match.start() - end <= 40 and start - match.end() <= 25 for start, end in near):
            yield _spot(match, "expiry")
            if cards and (behind := _BEHIND.match(text, match.end())):
                yield _spot(behind, "cvv")
    yield from (_spot(match, "expiry") for match in _EXPIRY_NAMED.finditer(text))
    for card in cards:
        if tail := _TAIL.match(text, card.end):
            yield Found(tail.start(1), tail.end(2), "expiry", tail.group(1) + tail.group(2))
            if behind := _BEHIND.match(text, tail.end()):
                yield _spot(behind, "cvv")


def _pin(text: str) -> list[Found]:
    return [_spot(match, "pin") for named in _PIN for match in named.finditer(text)]


def _sms(text: str) -> Iterator[Found]:
    """Numbers beside "kod", "sms", "parol" and the like."""
    for name in _NAME.finditer(text):
        if match := _AFTER.match(text, name.end()):
            if _is_secret(text, name, match):
                yield _spot(match, "code")
        elif (match := _BEFORE.search(text, max(0, name.start() - 40), name.start())) and (
            _SURE.search(text[match.start() : name.end() + 25]) and _is_secret(text, name, match)
        ):
            yield _spot(match, "code")


def _is_secret(text: str, name: re.Match[str], number: re.Match[str]) -> bool:
    first, last = min(name.start(), number.start(1)), max(name.end(), number.end(1))
    around, behind = text[max(0, first - 25) : last], text[number.end(1) : number.end(1) + 30]
    if _MONEY.search(behind):
        return False
    if _OTHER_CODE.search(around) or _OTHER_CODE.search(behind[:15]):
        return False
    digits = re.sub(r"\D", "", number.group(1))
    if name.group().startswith(("sms", "смс")) and digits.endswith("000"):
        return False  # the bank's message about a sum
    return bool(_SURE.search(text[max(0, first - 25) : last + 25])) or not _WANTED.search(behind)
