"""Reads a language model's own words sentence by sentence: every price, number, date and promise needs a source.

Strict on purpose: what is wrongly stopped costs one more try, what is wrongly let through is a promise of the shop.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from agent.brain_rules.lexicon import Met, index
from agent.brain_rules.numbers import numbers as spoken
from agent.brain_rules.text import Token, tokens
from kit.mask import mask
from shop.fold import fold
from shop.prices import Amount, amounts

_NUMBER = re.compile(r"\d(?:[\d\u00a0\u202f .,]*\d)?")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[\u00a0\u202f .,]\d{3})+(?!\d)")
_UNITS = ("piece", "time", "percent", "money")
_PRICES_FROM = 1000
_COUNTS = 9  # "2 xil", "3 savol": small talk counts; larger ones, and any with a unit, have a source
_SENTENCE = re.compile(r"[^.!?…\n;]+(?:[.!?…;]+(?=\S)[^.!?…\n;]+)*")
_LINK = re.compile(
    r"(?:https?://|www\.|\bt\.me/|tg://)\S*|@\w{3,}|(?<![\w@.])[\w-]{2,}(?:\.[\w-]+)*\.(?:[a-z]{2,12}|рф|уз|сайт|онлайн)\b\S*",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"\{(?!PHONE_\d+\})[^{}\n]*\}?")
_UNIT_AFTER = 2  # tokens between a number and its unit
_LONG_ENOUGH = 6  # letters of an owner's sentence that count as quoted


@dataclass(frozen=True, slots=True)
class Known:
    """What has a source in this turn.

    `numbers`: of tool results and the cart. `shopper`: numbers the shopper wrote. `money`: sums in fields of money;
    `prices`: those of each product by title. `texts`: what the owner wrote for shoppers. `done`: "tool:status".
    """

    numbers: set[int]
    shopper: set[int]
    money: set[int]
    prices: dict[str, set[int]]
    percents: set[int]  # "100% cotton" of a description
    currency: str
    texts: tuple[str, ...]
    links: tuple[str, ...]
    done: frozenset[str]
    reduced: bool
    free: bool

    @property
    def small(self) -> set[int]:
        """The shopper's numbers that may be repeated: sizes, pieces, houses; a larger one would sound like a price."""
        return {one for one in self.shopper if one < _PRICES_FROM}


def faults(text: str, known: Known) -> list[str]:
    """What of `text` has no source, in words for the one who wrote it; empty: it may be sent."""
    found = list(_shape(text, known))
    plain = _without_quotes(_ascii(text), known.texts)
    for match in _SENTENCE.finditer(plain):
        found += _sentence(match.group(), known)
    return found


def numbers(text: str) -> list[int]:
    """Whole numbers in a text, groups of three joined: `250 000` is one, so is each of `10:00-20:00`."""
    found = []
    for match in _NUMBER.finditer(text):
        run = match.group()
        if re.fullmatch(r"\d{1,3}(?:[\u00a0\u202f .,]\d{3})+", run):
            found.append(int(re.sub(r"\D", "", run)))
        else:
            found += [int(part) for part in re.findall(r"\d+", run)]
    return found


def _shape(text: str, known: Known) -> Iterable[str]:
    allowed = " ".join([*known.links, *known.texts]).casefold()
    if any(link.group().rstrip(".,!?)").casefold() not in allowed for link in _LINK.finditer(text)):
        yield "a link or a name of an account that no tool gave"
    if _PLACEHOLDER.search(text):
        yield "a placeholder that does not exist; only {PHONE_n} does, the card is shown by show_card"
    if mask(text).kinds:
        yield "something like a card number or a code"


def _ascii(text: str) -> str:
    """Digits of every script as 0-9, so that none of them hides a number."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(one, "")) or one if not one.isascii() else one for one in text)


def _without_quotes(text: str, owner: Iterable[str]) -> str:
    """`text` without the sentences that are the owner's word for word."""
    text = re.sub(r"[ \t]+", " ", text)
    parts = {part.strip() for one in owner for part in re.split(r"(?<=[.!?;])\s|\n", re.sub(r"[ \t]+", " ", one))}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= _LONG_ENOUGH:
            text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", "\n", text, flags=re.IGNORECASE)
    return text


# ---- one sentence ----------------------------------------------------------------------------------------------------


def _sentence(text: str, known: Known) -> list[str]:
    parts = tokens(text)
    met = index("claims").find(parts)
    said = {one.name for one in met}
    sums = [one for one in amounts(text, currency=known.currency) if not _is_size(text[slice(*one.span)], known)]
    return [*_sums(text, sums, known), *_numbers(text, parts, met, sums, known), *_words(said, met, parts, known)]


def _is_size(said: str, known: Known) -> bool:
    """Whether a bare number that stands near a price is a size or a count that a tool gave."""
    return said.isdigit() and len(said) <= 3 and int(said) in known.numbers


def _sums(text: str, sums: list[Amount], known: Known) -> Iterable[str]:
    """Prices: each a sum of this turn's results, and of the very product the sentence names."""
    if any(one.value not in known.money or one.currency != known.currency for one in sums):
        yield "a price or sum that no tool gave in this turn; ask the tool, or leave it out"
    folded = f" {fold(text)} "
    named = [prices for title, prices in known.prices.items() if f" {fold(title)} " in folded]
    if sums and len(named) == 1 and known.prices:
        others = set().union(*known.prices.values()) - named[0]
        own = {one.value for one in sums}
        if own & others and not own & named[0]:
            yield "the price of another product"


def _numbers(text: str, parts: list[Token], met: list[Met], sums: list[Amount], known: Known) -> Iterable[str]:
    """Numbers in digits or words that are no sums: sizes, pieces, days, hours, percents."""
    taken = [one.span for one in sums]
    for match in _GROUPED.finditer(text):
        if not _inside(match.start(), taken):
            taken.append(match.span())
            if int(re.sub(r"\D", "", match.group())) not in known.numbers:
                yield f"the number {match.group()}, which no tool gave in this turn"
    units = {one.first: one.name for one in met if one.name in _UNITS}
    for number in spoken(parts):
        if _inside(parts[number.first].start, taken):
            continue
        after = range(number.first, min(number.past + _UNIT_AFTER, len(parts)))
        unit = next((units[at] for at in after if at in units), "")
        if any(parts[at].text == "%" for at in after if at >= number.past):
            unit = "percent"
        if not _has_source(number.value, unit, known, reduces=any(one.name == "discount" for one in met)):
            yield f"the number {number.value}{' %' * (unit == 'percent')}, which no tool gave in this turn"
    for part in parts:
        loose = part.kind == "range" or (part.kind == "number" and part.number is None)
        if loose and not _inside(part.start, taken) and not set(numbers(part.text)) <= known.numbers | known.small:
            yield f"the number {part.text}, which no tool gave in this turn"


def _has_source(number: int, unit: str, known: Known, *, reduces: bool) -> bool:
    if unit == "percent":
        return number in known.percents and not reduces
    if unit == "money":
        return number in known.money
    if number in known.numbers or (unit != "time" and number in known.small):
        return True
    return not unit and number <= _COUNTS


def _inside(at: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)


_NEEDS = {
    "placed": ("place_order:placed", "that an order is placed: only place_order places one, after the shopper's yes"),
    "cancelled": ("cancel_order:cancelled", "that an order is cancelled"),
    "paid": ("", "that money came: only the shop's people say so"),
    "sent": ("", "that something was sent: order_status tells it by itself"),
}


def _words(said: set[str], met: list[Met], parts: list[Token], known: Known) -> Iterable[str]:
    """Claims in words."""
    denied = "denies" in said
    asked = any(part.kind == "stop" and "?" in part.text for part in parts)
    for name, (needed, why) in _NEEDS.items():
        if name in said and needed not in known.done and not denied:
            yield why
    granted = known.done & {"ask_discount:asked", "ask_discount:granted"}
    if said & {"discount"} and not (denied or asked or known.reduced or granted):
        yield "a discount; ask_discount grants one or asks staff"
    said_by_owner = _owner_says(known.texts) if said & {"gift", "free"} else set()
    if "gift" in said and not (denied or "gift" in said_by_owner):
        yield "a gift"
    if "free" in said and not (known.free or denied or "free" in said_by_owner):
        yield "that something is free"
    if {"day", "brings"} <= said and not _day_known(met, parts, known):
        yield "a day or hour of delivery that no tool gave"


def _owner_says(texts: tuple[str, ...]) -> set[str]:
    """What the owner's own sentences claim and do not deny."""
    claimed: set[str] = set()
    for match in _SENTENCE.finditer("\n".join(texts)):
        names = {one.name for one in index("claims").find(tokens(match.group()))}
        claimed |= set() if "denies" in names else names
    return claimed


def _day_known(met: list[Met], parts: list[Token], known: Known) -> bool:
    """Whether the owner's own texts name the same days."""
    texts = f" {fold(' '.join(known.texts))} "
    days = [" ".join(part.key for part in parts[one.first : one.past]) for one in met if one.name == "day"]
    return all(f" {day} " in texts for day in days)
