"""`two robes: women's pink L and men's white XL`: each of them is told with its kind and its number."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain_rules.for_whom import people_of
from agent.brain_rules.lexicon import keys
from agent.brain_rules.numbers import Number, numbers
from agent.brain_rules.text import Token, tokens
from shop.fold import fold_word
from shop.search.units import things_of
from shop.shops import Shop

_AND = frozenset(map(fold_word, ("and", "и", "va", "bilan", "hamda", "plus", "+", "&")))
_ENDS = ("stop", "line")
_MOST = 9  # things that are told one by one


def told_each(shop: Shop, text: str) -> str:
    """The text with `robe women's pink L, 1 pcs, robe men's white XL, 1 pcs` in the place of that; else as it is."""
    parts = tokens(text)
    for number in numbers(parts):
        if 1 < number.value <= _MOST and (found := _each(shop, text, parts, number)):
            return found
    return text


def _each(shop: Shop, text: str, parts: Sequence[Token], number: Number) -> str:
    past = next((at for at in range(number.past, len(parts)) if parts[at].kind in _ENDS), len(parts))
    whom = [at for at in range(number.past, past) if people_of(parts[at].text)]
    if len(whom) < 2:
        return ""
    if number.past < len(parts) and parts[number.past].key in keys("claims", "time"):
        return ""  # "2 kun oldin ..."
    things = [at for at in range(number.past, whom[0]) if _is_thing(shop, parts[at])]
    starts = _starts(parts, whom)
    if not things or 0 in starts or len({people_of(parts[at].text) for at in whom}) < len(whom):
        return ""
    kind = text[parts[number.past].start : parts[things[-1]].end]
    stops = [*(start - 1 for start in starts[1:]), _stop(parts, whom[-1], past)]
    told, counted = [], 0
    for start, stop in zip(starts, stops, strict=True):
        own = [one for one in numbers(parts[start:stop]) if one.counted or one.words or not one.first]
        count = own[0].value if len(own) == 1 else 1
        counted += count
        first = start + own[0].past if own and not own[0].first else start
        told.append(f"{kind} {text[parts[first].start : parts[stop - 1].end]}, {count} pcs")
    if counted != number.value:
        return ""
    return f"{text[: parts[number.first].start]}{', '.join(told)}{text[parts[stops[-1] - 1].end :]}"


def _is_thing(shop: Shop, token: Token) -> bool:
    """Whether a word is called like goods anywhere, or stands in a title here."""
    return token.kind == "word" and bool(things_of(token.text) or shop.search.knows(token.key))


def _starts(parts: Sequence[Token], whom: Sequence[int]) -> list[int]:
    """Where what is for each of them begins: behind the nearest comma or `and` before it; 0 where there is none."""
    found = []
    for nth, at in enumerate(whom):
        least = whom[nth - 1] if nth else 0
        parted = (
            place + 1 for place in range(at - 1, least, -1) if parts[place].kind == "comma" or _ands(parts[place])
        )
        ahead = parts[at - 1].number is not None or bool(numbers(parts[at - 1 : at]))
        found.append(next(parted, 0) if nth else at - ahead)
    return found


def _ands(token: Token) -> bool:
    return token.key in _AND or token.text in _AND


def _stop(parts: Sequence[Token], last: int, past: int) -> int:
    return next((at for at in range(last, past) if parts[at].kind in ("comma", "mark")), past)
