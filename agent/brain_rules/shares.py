"""How a number is shared out among variants: `5: two white, the rest black`, `half of them red`, `5 of each`.

The whole is said in the same message or stands in the cart; what does not come out even is left to be asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from agent.brain_rules.lexicon import keys, words_of
from agent.brain_rules.numbers import Number
from agent.brain_rules.piece import Event, Look, Piece
from agent.brain_rules.text import Token
from shop.lexicon import load

REST, HALF = "rest", "half"
SHARES = keys("questions", REST) | keys("questions", HALF)
UNCLEAR = "unclear"  # how many of each is not said
OPEN = "open"  # so many of the whole of which nothing is said
_BEFORE, _BEHIND = (
    frozenset(words_of(("по", "po"))),
    frozenset(words_of(("each", "apiece", "каждого", "каждой", "каждый"))),
)
_FROM = ("tadan", "тадан", "donadan", "донадан", "juftdan", "жуфтдан")
_THAN = frozenset(words_of(("ko'p", "kam", "ortiq", "oshiq", "kamroq", "ko'proq")))  # "3 tadan ko'p": more than three
_A_PACK = frozenset(("в", "за"))  # "по 5 в упаковке", "по 5 за штуку"
_MOST = 50  # of each; above it a number behind "по" is a price
_UNITS = ("kilo", "lit", "met", "gram")
_SOME = ("tasi", "tasini")  # ikkitasi: two of them
_TO = ("ga", "kka", "qqa", "га", "кка", "ққа")  # oshxonaga
_SHORT_TO = 4
_FOR = frozenset(("for", "для", "себе"))


def share_events(piece: Piece) -> list[Event]:
    """`yarmi`, `остальные`: a share of the whole instead of a number."""
    return [
        Event(token.start, "share", name)
        for at, token in enumerate(piece.tokens)
        for name in (REST, HALF)
        if token.kind == "word" and token.key in keys("questions", name) and not _measures(piece, at)
    ]


def _measures(piece: Piece, at: int) -> bool:
    """`half a kilo`, `половина третьего`: the half of a measure, or an hour."""
    behind = piece.tokens[at + 1].key if at + 1 < len(piece.tokens) else ""
    of_measure = bool(load().unit(behind)) or behind.startswith(_UNITS) or behind in ("a", "an", "past", "price")
    return piece.tokens[at].key in keys("questions", HALF) and of_measure


def shared_out(events: list[Event], pieces: Sequence[Piece]) -> list[Event]:
    """The events with the whole given out: `three: one for me, one for my son, one for his friend` are three.

    `five: two white, the rest black` are two and three; of `two: one white` one is left without a colour.
    """
    counts = [event for event in events if event.kind == "qty" and not event.denied]
    shares = [event for event in events if event.kind == "share"]
    if not counts or (len(counts) < 2 and not shares):
        return events
    whole, parts = counts[0], counts[1:]
    if not shares and sum(int(event.value) for event in parts) == int(whole.value):
        return _all_given(events, counts) if len(parts) > 1 else events
    begins = min(event.at for event in (*parts, *shares))
    if whole.at > begins or not _of_all(events, whole, begins, pieces):
        return events
    given = [replace(event, kind="qty", value=_half(whole)) for event in shares if event.value == HALF and _half(whole)]
    left = int(whole.value) - sum(int(event.value) for event in (*parts, *given))
    rests = [event for event in shares if event.value == REST and tints(events, event)]
    if left < 0 or len(given) < sum(event.value == HALF for event in shares):
        return events
    corrected = any(event.kind == "qty" and event.denied for event in events)  # "not two but three, one black"
    if not shares and not corrected and not all(_of_them(event, pieces) for event in parts):
        return events  # "two for me. three black": nothing says that these are of those
    if not shares and not any(event.kind in ("size", "color") and event.at > whole.at for event in events):
        return [event for event in events if event not in parts]  # "make it 2, one of them for my aunt": two it is
    given += [replace(event, kind="qty", value=left) for event in rests[:1] if left]
    kept = [replace(whole, kind="share", value=f"{OPEN}{left}")] if left and not rests else []
    return sorted(
        (*kept, *given, *(one for one in events if one is not whole and one not in shares)), key=lambda one: one.at
    )


def _all_given(events: list[Event], counts: Sequence[Event]) -> list[Event]:
    """`two: one white, one red` are two lines; where nothing tells the parts apart, the whole is one."""
    differ = any(event.kind != "qty" and event.at > counts[1].at for event in events)
    return [event for event in events if event not in (counts[:1] if differ else counts[1:])]


def _half(whole: Event) -> int:
    """Half of the whole; 0 where it has none."""
    return 0 if int(whole.value) % 2 else int(whole.value) // 2


def tints(events: Sequence[Event], share: Event) -> bool:
    """Whether a colour or size is said behind a share."""
    return any(event.kind in ("size", "color") and event.at > share.at and not event.denied for event in events)


def _of_all(events: Sequence[Event], whole: Event, begins: int, pieces: Sequence[Piece]) -> bool:
    """Whether the first number is of all: no colour (or size) of the shares stands in its own part of the message."""
    own = next((piece for piece in pieces if any(token.start == whole.at for token in piece.tokens)), None)
    if own is None:
        return False
    said = [event for event in events if event.kind in ("size", "color") and not event.denied]
    with_it = {event.kind for event in said if event.at < begins and any(_at(token, event) for token in own.tokens)}
    return not with_it & {event.kind for event in said if event.at > begins}


def _at(token: Token, event: Event) -> bool:
    return token.start == event.at


def _of_them(event: Event, pieces: Sequence[Piece]) -> bool:
    """Whether a number is of some of them: `ikkitasi`, `2 tasi`, `two of them`, `одна из них`."""
    for piece in pieces:
        for number in piece.numbers:
            if piece.tokens[number.first].start == event.at:
                said = [token.key for token in piece.tokens[number.first : number.past + 2]]
                return any(key.endswith(_SOME) or key in ("biri", "of", "iz") for key in said)
    return False


# ---- so many of each -------------------------------------------------------------------------------------------------


def so_many_each(events: list[Event], pieces: Sequence[Piece]) -> list[Event]:
    """`белые и чёрные по 5`, `oqidan va qorasidan 5 tadan`, `5 each of the white and the black`: five of either.

    `6 white and black sockets` leaves open how many of each: that is asked.
    """
    each = {piece.tokens[one.first].start for piece in pieces for one in of_each(piece)}
    counts = [event for event in events if event.kind == "qty" and not event.denied]
    for count in counts:
        run = _varied(_beside(events, count))
        if len(run) > 1 and count.at in each:
            events = [event for event in events if event is not count]
            events += [replace(count, at=event.at) for event in run]
        elif len(run) > 1 and len(counts) == 1 and int(count.value) > len(run) and _together(run, count, pieces):
            events = [event for event in events if event is not count]
            events += [replace(count, kind="share", value=UNCLEAR, at=event.at) for event in run]
    return sorted(events, key=lambda one: one.at)


def _varied(run: Sequence[Event]) -> list[Event]:
    """The sizes, or the colours, of which several are said where of the other there is one at most; [] else."""
    for kind, other in (("size", "color"), ("color", "size")):
        own = [event for event in run if event.kind == kind]
        if len({event.value for event in own}) == len(own) > 1 >= len({one.value for one in run if one.kind == other}):
            return own
    return []


def _together(run: Sequence[Event], count: Event, pieces: Sequence[Piece]) -> bool:
    """Whether a number is of all of them: `6 white and black ones`, `oq va qora rozetka 6 ta`."""
    first = next((piece for piece in pieces if any(token.start == count.at for token in piece.tokens)), None)
    leads = first is not None and count.at < run[0].at and any(token.start == run[0].at for token in first.tokens)
    return leads or any(run[-1].at < start < count.at for piece in pieces for start, _ in piece.named)


def _beside(events: Sequence[Event], count: Event) -> list[Event]:
    """The colours or sizes before a number, up to the number before it; where there are none, those behind it."""
    counts = [event.at for event in events if event.kind in ("qty", "share") and event is not count]
    least = max((at for at in counts if at < count.at), default=-1)
    most = min((at for at in counts if at > count.at), default=1 << 30)
    said = [event for event in events if event.kind in ("size", "color") and not event.denied]
    ahead = [event for event in said if least < event.at < count.at]
    return ahead or [event for event in said if count.at < event.at < most]


def of_each(piece: Piece) -> list[Number]:
    """The numbers of each thing in a part: `3 tadan`, `ikkitadan`, `по 2 шт`, `2 each`."""
    tokens, found = piece.tokens, []
    for number in piece.numbers:
        after = tokens[number.past] if number.past < len(tokens) else None
        ahead = tokens[number.first - 1].key if number.first else ""
        last = tokens[number.past - 1]
        if not 0 < number.value <= _MOST or (after and after.key in _THAN):
            continue
        shared = last.text.lower().endswith(_FROM) or last.key in _BEHIND or bool(after and after.key in _BEHIND)
        packed = after is not None and after.text.lower() in _A_PACK
        if shared or (ahead in _BEFORE and not packed):
            found.append(number)
    return found


def for_whom_each(events: list[Event], pieces: Sequence[Piece]) -> list[Event]:
    """`1 ta oshxonaga 1 ta hammomga`, `одну маме, одну себе`: so many for each place or person are those together."""
    goes = {piece.tokens[one.first].start for piece in pieces for one in piece.numbers if _goes_to(piece, one)}
    counts = [event for event in events if event.kind == "qty" and not event.denied]
    if len(counts) < 2 or any(event.at not in goes for event in counts):
        return events
    if any(event.kind != "qty" and counts[0].at < event.at < counts[-1].at for event in events):
        return events
    whole = replace(counts[0], value=sum(int(event.value) for event in counts))
    return [whole if event is counts[0] else event for event in events if event not in counts[1:]]


def _goes_to(piece: Piece, number: Number) -> bool:
    """Whether behind a number stands where or to whom it goes: `1 ta onamga`, `одну маме`, `one for the kitchen`."""
    after = [token for token in piece.tokens[number.past : number.past + 2] if token.kind == "word"]
    if not after:
        return False
    said = after[0].text.lower()
    return (len(said) > _SHORT_TO and said.endswith(_TO)) or said in _FOR or after[0].key in _kin_to()


@cache
def _kin_to() -> frozenset[str]:
    """маме, сестре: relatives to whom something goes."""
    return frozenset(key for key in keys("places", "kin") if key.endswith(("e", "u")))


# ---- of what there is already ----------------------------------------------------------------------------------------


def laid(look: Look, share: str) -> Look | None:
    """`look` with its share of the whole; None where it has a number."""
    if look.qty or look.share:
        return None
    return (
        replace(look, share=OPEN, qty=int(share[len(OPEN) :])) if share.startswith(OPEN) else replace(look, share=share)
    )


def resolved(said: Sequence[Look], whole: int) -> list[Look] | None:
    """The looks with their shares of `whole` as numbers; None where that does not come out."""
    if any(look.share == UNCLEAR for look in said):
        return None
    if not any(look.share in (HALF, REST) for look in said):
        return list(said)
    halves, rests = [one for one in said if one.share == HALF], [one for one in said if one.share == REST]
    left = whole - sum(look.qty for look in said) - len(halves) * (whole // 2)
    if not whole or (halves and whole % 2) or len(rests) > 1 or left < bool(rests):
        return None
    counts: Mapping[str, Any] = {HALF: whole // 2, REST: left}
    return [replace(one, qty=counts[one.share], share="") if one.share in counts else one for one in said]
