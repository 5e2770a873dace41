"""A bank's message -> what it says of one movement of money. Pure; which order it pays is `orders.bank.match`'s.

Told by structure: which way it went, a sum with its currency, a card's tail, a date. The balance behind it is cut out
before anything else is read, and before the message is stored.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache

from kit.money import EXPONENT
from orders.bank.words import lexicon
from vision import receipt_values as values

IN, OUT = "in", "out"
_SPACES = re.compile("[\u00a0\u2000-\u200b\u202f\ufe0f]")
_NUMBER = r"[+\-−–]?\s?\d[\d .,']*\d|\d"
_UNIT = r"(?:\s?(?:UZS|USD|EUR|RUB|KZT|sum|so['`´‘’ʻʼ]?m|сум|сўм|soum|\$))?"
_CARD = r"[^\n\d]{0,3}[-*•]+\s?(\d{4})(?!\d)"
_NO_YEAR = re.compile(r"(?<![\d.,/])([0-3]\d)[./]([01]\d)(?![\d./,]| ?(?:UZS|so|су))")
_SIGNED = re.compile(r"[-−–➖]\s?\d[\d .,']*\d?\s?(?:UZS|so|су|сў)", re.IGNORECASE)
_PLUS = re.compile(r"(?<![\d+])\+\s?\d[\d .,']*\d\s?(?:UZS|so|су|сў)", re.IGNORECASE)
_NAME = re.compile(r"^[\s:;.–-]*([^\W\d_][^\n;:\d*•]{2,60})")
_HIDDEN = "…"
_LONGEST = 4000  # letters: a dozen messages pasted together
_RUN = re.compile(r"[\d\s.,*•'-]{60,}")  # no bank writes that; the patterns below would take 0.1 s for it
_EARLY = timedelta(days=1)  # a message without a date is of the day before it was forwarded


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that came in (`IN`) or went out. `amount` in the smallest unit in use; `since`, `until`: when, as it says.

    `nth`: which of several alike in one statement. `dated` False: it names no day.
    """

    way: str
    amount: int
    currency: str
    since: datetime
    until: datetime
    last4: str = ""
    sender4: str = ""
    sender: str = ""
    reference: str = ""
    source: str = "sms"
    nth: int = 0
    dated: bool = True

    @property
    def exact(self) -> bool:
        """Whether the bank names the minute."""
        return self.until - self.since <= timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Context:
    """What a message does not say itself: the shop's own cards, currency and zone, and when it was sent."""

    own: Collection[str]
    currency: str
    zone: tzinfo
    now: datetime


def parse(text: str, context: Context) -> list[Movement]:
    """The movements in a message, [] when it is none of a bank's. Several pasted together are told by blank lines."""
    blocks = [block for block in re.split(r"\n\s*\n", _plain(text)) if block.strip()]
    found = [one for block in blocks if (one := _one(block, context)) is not None]
    if len(found) > 1:
        return found
    whole = _one(_plain(text), context)
    return [whole] if whole is not None else found


def is_one(text: str) -> bool:
    """Whether a text is a message of a bank, whoever sends it."""
    if len(text) > _LONGEST or sum(letter.isdigit() for letter in text) < 6:
        return False
    signs = lexicon().signs
    told = any(lexicon().way[way].search(text) for way in ("incoming", "outgoing", "other"))
    signed = any(sign in text for way in ("incoming", "outgoing") for sign in signs[way])
    if not (told or signed or _PLUS.search(text)):
        return False
    return _RUN.search(text) is None and _reads(_plain(text))


def without_balance(text: str) -> str:
    """A bank's message without what is left on the card; any other text as it is."""
    if not is_one(text):
        return text
    return _cut(_plain(text))


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text)


def _reads(text: str) -> bool:
    rest = _cut(text)
    told = _way(rest) != "" and any(one.currency for one in values.sums(_sum_text(rest)))
    day, clock, tail = _day(text), values.clock(text), bool(_tails(rest))
    dated = day is not None or clock is not None
    balance = rest != text or _HIDDEN in text  # cut out when it was stored
    return told and ((tail and (dated or balance)) or (day is not None and clock is not None))


def _one(text: str, context: Context) -> Movement | None:
    if not _reads(text):
        return None
    rest = _cut(text)
    sums = [one for one in values.sums(_sum_text(rest)) if one.currency]
    found = max(sums[:3], key=lambda one: (one.whole > 0, -sums.index(one)))
    amount = found.whole if EXPONENT.get(found.currency, 2) == 0 else found.whole * 100 + found.cents
    if amount <= 0:
        return None
    since, until, dated = _when(rest, context)
    tails = _tails(rest)
    own = next((tail for tail in tails if tail in context.own), "")
    last4 = own or (tails[0] if tails else "")
    others = [tail for tail in tails if tail != last4]
    return Movement(
        _way(rest),
        amount,
        found.currency,
        since,
        until,
        last4,
        others[0] if others else "",
        _sender(rest),
        source=_source(rest),
        dated=dated,
    )


def _cut(text: str) -> str:
    """The text with balances and fees blanked: the number right behind such a word or sign."""
    words = lexicon()
    for name in ("balance", "fee"):
        head = words.way[name].pattern.removeprefix("(?i)")
        text = re.sub(rf"(?i)({head}[^\n\d;]{{0,24}}?)(?:{_NUMBER}){_UNIT}", rf"\1{_HIDDEN}", text)
    signs = "".join(words.signs["balance"])
    return re.sub(rf"(?i)([{signs}][^\n\d;]{{0,16}})(?:{_NUMBER}){_UNIT}", rf"\1{_HIDDEN}", text)


def _sum_text(text: str) -> str:
    """Where sums are looked for: without the tails that stand behind a card's word ("HUMO-1234")."""
    return re.sub(r"[➕➖+]", " ", _named_cards().sub(" ", text))


def _way(text: str) -> str:
    """in, out or "": the first word decides (what follows may be a shop's name), a sign against it means out."""
    words, signs = lexicon().way, lexicon().signs
    if words["other"].search(text):
        return OUT
    incoming, outgoing = words["incoming"].search(text), words["outgoing"].search(text)
    minus = any(sign in text for sign in signs["outgoing"]) or bool(_SIGNED.search(text))
    plus = (any(sign in text for sign in signs["incoming"]) or bool(_PLUS.search(text))) and not minus
    if incoming and (not outgoing or incoming.start() < outgoing.start()):
        return OUT if minus else IN
    if outgoing:
        return OUT
    return IN if plus else OUT if minus and any(sign in text for sign in signs["outgoing"]) else ""


@cache
def _named_cards() -> re.Pattern[str]:
    head = lexicon().way["card"].pattern.removeprefix("(?i)")
    return re.compile(rf"(?i){head}{_CARD}")


def _tails(text: str) -> list[str]:
    """Tails of cards, in their order."""
    found = [(match.start(), match[match.lastindex or 0]) for match in _named_cards().finditer(text)]
    seen = {tail for _, tail in found}
    for card in values.cards(values.without_days(text)):
        if card.tail not in seen and card.sure >= 0.9:
            found.append((text.find(card.tail), card.tail))
            seen.add(card.tail)
    return [tail for _, tail in sorted(found)]


def _sender(text: str) -> str:
    match = lexicon().way["from"].search(text)
    named = _NAME.match(text[match.end() :]) if match else None
    name = lexicon().way["card"].split(named[1], maxsplit=1)[0] if named else ""
    return name.strip(" .,-–")


def _source(text: str) -> str:
    """Whose voice: bots put a sign before each line, banks' SMS have none."""
    named = next((name for name, pattern in lexicon().sources.items() if pattern.search(text)), "")
    signs = frozenset().union(*lexicon().signs.values())
    return named or ("cardxabar" if any(sign in text for sign in signs) else "sms")


def _day(text: str) -> str | None:
    return values.day(text) or ("" if _NO_YEAR.search(text) else None)


def _when(text: str, context: Context) -> tuple[datetime, datetime, bool]:
    """The minute or the day it names; without a date the day before it was sent."""
    day, clock = values.day(text), values.clock(text)
    today = context.now.astimezone(context.zone).date()
    found = date.fromisoformat(day) if day else _without_year(text, today)
    if found is None and clock is not None:  # only a clock: the last time it showed that
        moment = datetime.combine(today, time.fromisoformat(clock), context.zone)
        if moment > context.now + timedelta(minutes=10):
            moment -= _EARLY
        return moment, moment + timedelta(minutes=1), True
    if found is None:
        return context.now - _EARLY, context.now, False
    return *span(found, clock, context.zone), True


def _without_year(text: str, today: date) -> date | None:
    match = _NO_YEAR.search(text)
    try:
        found = date(today.year, int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None
    return found.replace(year=today.year - 1) if found and found > today + timedelta(days=1) else found


def span(day: date, clock: str | None, zone: tzinfo) -> tuple[datetime, datetime]:
    """A minute of that day, or all of it."""
    begin = datetime.combine(day, time.fromisoformat(clock) if clock else time(), zone)
    return begin, begin + (timedelta(minutes=1) if clock else timedelta(days=1))


def numbered(found: list[Movement]) -> list[Movement]:
    """Alike lines of one statement told apart by their place: two customers may pay the same sum in one minute."""
    counts: dict[Movement, int] = {}
    made = []
    for one in found:
        made.append(replace(one, nth=counts.get(one, 0)))
        counts[one] = counts.get(one, 0) + 1
    return made
