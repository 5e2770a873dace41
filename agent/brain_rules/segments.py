"""The parts of a message: between pauses and conjunctions, each about one thing."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain_rules.called_whole import names_whole
from agent.brain_rules.lexicon import Met, keys, words_of
from agent.brain_rules.numbers import covered, is_pieces, numbers
from agent.brain_rules.text import PAUSES, Token, says_too
from shop import colors
from shop.lexicon import load
from shop.search.units import units_of
from shop.shops import Shop

_SURE, _OF_EACH = 0.7, 0.5  # how well a part must name goods to stand alone; where each of two is spoken of
_FROM = ("dan", "дан")
_OF_IT = frozenset({"order", "this", "agree", "wish"})
_TIED, _AS_SURE = 12, 0.9
_EACH = frozenset({"of_each", "also", "both", "all_of"})
_ADDS = frozenset({"order", "more", "also"})
_ONE_MORE = frozenset({"more", "also", "later"})  # "... one, then two pillows"
# these stand behind what they speak of: "luffadan ham ikkita", "мочалку тоже две", "подставку к нему"
_BEHIND = frozenset(words_of(("ham", "тоже", "tozhe", "too", "well", "нему", "ней", "ним")))


def segments_of(shop: Shop, text: str, tokens: Sequence[Token], met: Sequence[Met]) -> list[tuple[int, int, str]]:
    """Parts of the message between pauses and conjunctions; what follows: "and", "with", "breath" (no pause) or ""."""
    parts, first = [], 0
    ends = {one.past for one in met if one.name == "remove"}
    ends |= {one.first for one in met if one.name in _ONE_MORE and tokens[one.past - 1].key not in _BEHIND}
    ends |= {at for at, token in enumerate(tokens) if token.text.lower() == "then"}  # "one in red, then two lamps"
    taken = _so_many_taken(tokens, met)
    for at, token in enumerate(tokens):
        if at > first and _of_another(tokens, met, at):
            parts.append((first, at, "and"))  # "kichigidan 100 ta kattasidan 50 ta"
            first = at
        if at == taken and _sold(shop, text, tokens[at:]):
            parts.append((first, at, "and"))  # "bitta bering chashkasi ham kerak"
            first = at
        if at in ends and first < at and _so_many_in_a_colour(text, tokens, met, first, at):
            if _sold(shop, text, tokens[at:]):
                parts.append((first, at, "and"))
                first = at
        elif at in ends and first < at and _ends_there(shop, text, tokens, first, at):
            parts.append((first, at, "breath"))  # "no thermometer needed rather an oximeter"
            first = at
        if (
            at > first
            and tokens[at - 1].key in keys("questions", "in_place_of")
            and _two_things(shop, text, tokens, first, at)
        ):
            parts.append((first, at, ""))  # "stul o'rniga 2 ta katta stol"
            first = at
        joins = token.kind == "word" and token.key in keys("pauses", "and") and _stands_alone(tokens, at)
        with_it = token.key in keys("pauses", "with") and _with_it(shop, text, tokens, met, first, at)
        joins = joins or (token.key in keys("pauses", "with") and _counted_both(tokens, first, at))
        if joins and at == first and parts and parts[-1][1] == at - 1 and tokens[at - 1].text == ",":
            parts[-1] = (*parts[-1][:2], "and")  # "one, and a pump"
        if token.kind in PAUSES or joins or with_it or token.text == "|" or _plus(tokens, at):
            parts.append((first, at, "with" if with_it else "and" if joins else ""))
            first = at + 1
    parts.append((first, len(tokens), ""))
    return [part for part in parts if part[0] < part[1]]


def _of_another(tokens: Sequence[Token], met: Sequence[Met], at: int) -> bool:
    """Whether behind so many of one kind so many of another follow, called by how big it is."""
    counts = [one for one in numbers(tokens) if one.counted]
    behind, ahead = any(one.past == at for one in counts), any(one.first == at + 1 for one in counts)
    return behind and ahead and any(one.first == at and one.name in ("biggest", "smallest") for one in met)


def _of_that(said: Sequence[Token]) -> bool:
    """`shundan ikkita keyin ...`, `таких две потом ...`: so many of what is in view, or was told of in other words."""
    at = next((at for at, token in enumerate(said) if token.key in keys("questions", "of_that")), -1)
    return at >= 0 and any(number.first == at + 1 and number.past == len(said) for number in numbers(said))


def _so_many_in_a_colour(text: str, tokens: Sequence[Token], met: Sequence[Met], first: int, at: int) -> bool:
    """`qizilidan bitta boʻlsin keyin ...`, `one in red then ...`: of what is in view, and nothing is named by it."""
    said = text[tokens[first].start : tokens[at - 1].end]
    hues = [(one.start + tokens[first].start, one.end + tokens[first].start) for one in colors.named(said)]
    counts = [one for one in numbers(tokens) if first <= one.first and one.past <= at]
    known = covered([*counts, *met])
    words = [nth for nth in range(first, at) if tokens[nth].kind == "word" and nth not in known]
    words = [nth for nth in words if tokens[nth].key not in load().filler]
    return bool(counts and hues) and all(any(a <= tokens[nth].start < b for a, b in hues) for nth in words)


def _ends_there(shop: Shop, text: str, tokens: Sequence[Token], first: int, at: int) -> bool:
    before = _sold(shop, text, tokens[first:at]) or _of_that(tokens[first:at])
    return before and _sold(shop, text, tokens[at:])


def _two_things(shop: Shop, text: str, tokens: Sequence[Token], first: int, at: int) -> bool:
    return _sold(shop, text, tokens[first:at]) and _sold(shop, text, tokens[at:])


def _counted_both(tokens: Sequence[Token], first: int, at: int) -> bool:
    """`ikkita krem bilan uchta sovun`: so many of one thing and so many of another."""
    starts = {one.first for one in numbers(tokens)} | {nth for nth, one in enumerate(tokens) if one.kind == "number"}
    return any(first <= one < at for one in starts) and at + 1 in starts


def _so_many_taken(tokens: Sequence[Token], met: Sequence[Met]) -> int:
    """Where `bitta bering` ends at the beginning of a message that goes on to one more thing; 0 where it is not so."""
    order = next((one for one in met if one.name == "order"), None)
    if order is None or order.past >= len(tokens):
        return 0
    counts = [number for number in numbers(tokens) if number.first < order.first]
    known = covered([*counts, *(one for one in met if one.name in _OF_IT)])
    if not counts or any(at not in known for at in range(order.past)):
        return 0
    after = any(one.first >= order.past and one.name in _ADDS for one in met)
    return order.past if after or any(map(says_too, tokens[order.past :])) else 0


def goes_on(met: Sequence[Met], segments: Sequence[tuple[int, int, str]], at: int) -> bool:
    """Whether the next part brings something more: `одну, ещё рюкзак`, `one, and also a mug`."""
    begins = segments[at + 1][0] if at + 1 < len(segments) else -1
    return any(one.first in (begins, begins - 1) and one.name in ("more", "also") for one in met)


def _plus(tokens: Sequence[Token], at: int) -> bool:
    """`a grinder + a cup`: with a space on both sides, unlike `3+1`."""
    amid = 0 < at < len(tokens) - 1 and tokens[at].text == "+"
    return amid and tokens[at - 1].end < tokens[at].start and tokens[at].end < tokens[at + 1].start


def _sold(shop: Shop, text: str, said: Sequence[Token]) -> bool:
    """Whether a part of the message surely names goods of the shop by some word."""
    if names_whole(said):
        return True
    known = units_of(text[said[0].start : said[-1].end])
    things = [unit for unit in known if unit.kind in ("goods", "word")]
    start = said[0].start
    each = (shop.search.find(text[start + unit.start : start + unit.end], 1) for unit in things)
    return any(hits and hits[0].score >= _SURE and hits[0].matched >= _SURE for hits in each)


def _with_it(shop: Shop, text: str, tokens: Sequence[Token], met: Sequence[Met], first: int, at: int) -> bool:
    """`krossovka bilan paypoq`: one thing and another, no thing with something on it (`shokolad bilan tort`).

    What may be one thing is two where each or both are said: `basseyn bilan nasosidan bittadan`.
    """
    if at > 0 and is_pieces(tokens[at - 1].key):
        return True
    past = next((past for past in range(at + 1, len(tokens)) if tokens[past].kind in PAUSES), len(tokens))
    if not first < at < past - 1:
        return False
    if any(one.name == "this" and first <= one.first and one.past < at for one in met):
        return _sold(shop, text, tokens[at + 1 : past])  # "o'sha 8 litrligi bilan qoshiq"
    if names_whole(tokens[first:past]):  # a whole title is no word of another
        return _sold(shop, text, tokens[first:at]) and _sold(shop, text, tokens[at + 1 : past])
    left, right = (
        shop.search.find(text[a.start : b.end], _TIED)
        for a, b in ((tokens[first], tokens[at - 1]), (tokens[at + 1], tokens[past - 1]))
    )
    each = _of_each(tokens, met, at)
    if not (left and right) or min(left[0].score, right[0].score) < (_OF_EACH if each else _SURE):
        return False
    ones = {hit.sku for hit in left if hit.score >= _AS_SURE * left[0].score}
    others = {hit.sku for hit in right if hit.score >= _AS_SURE * right[0].score}
    if left[0].sku == right[0].sku or (ones & others and not each):
        return False
    inside = any(hit.sku in others for hit in left) or any(hit.sku in ones for hit in right)
    return not inside or each


def _of_each(tokens: Sequence[Token], met: Sequence[Met], at: int) -> bool:
    """Whether behind `at` both or each are spoken of: `... bittadan`, `ikkalasi qancha`."""
    counts = (one for one in numbers(tokens) if one.first > at)
    return any(tokens[one.past - 1].text.lower().endswith(_FROM) for one in counts) or any(
        one.name in _EACH and one.first > at for one in met
    )


def _stands_alone(tokens: Sequence[Token], at: int) -> bool:
    """`a` joins two things, the A of `A54` does not, nor the English `a`, `no` and `I`, keys of `а`, `но`, `и`."""
    if tokens[at].text.lower() == "no":
        return False
    if at and tokens[at - 1].kind == "number" and tokens[at - 1].end == tokens[at].start:
        return False  # 16A, 5А
    beside = {token.key for token in tokens[max(0, at - 1) : at + 2]}
    if tokens[at].text.lower() == "i" and beside & keys("pauses", "i_do"):
        return False
    if tokens[at].text.lower() == "a" and at and tokens[at - 1].key in keys("pauses", "article"):
        return False
    return at + 1 == len(tokens) or tokens[at].end < tokens[at + 1].start
