"""The colours, and what stands where colours do (flavours), that a piece of the message names of one product."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from agent.brain_rules.kinds import same_kind
from agent.brain_rules.lexicon import keys
from agent.brain_rules.numbers import covered
from agent.brain_rules.piece import Event, Piece, denied, in_spans
from agent.brain_rules.text import asks_by
from agent.brain_rules.titles import stems, titled
from shop import colors
from shop.catalogue import Product
from shop.fold import stem, words
from shop.lexicon import load

_NO_COLORS = frozenset({"all", "al", "redmi", "редми"})  # these have the key of another language's colour
_FLAVOURS = frozenset({"shokolad", "shokoladli", "шоколад", "kofe", "karamel", "malina", "olcha", "yalpiz"})
_MIXED = "aralash"
_OF_IT = frozenset({"sini", "сини"})  # behind a number an ending: "40x50 sini", "160 sini"
# between the two colours of one thing: "чёрно-белый", "red and blue", "ko'k-qizil"
_JOINS = re.compile(r"\s*(?:[-–/]|\b(?:va|ва|bilan|билан|и|с|and|with)\b)?\s*", re.IGNORECASE)
_NO_COLOR_WORDS = frozenset({"size", "about", "neutral"})  # o'lchami is no cherry red (olcha), haqida no khaki


def color_events(product: Product, piece: Piece) -> list[Event]:
    """Colours named in the piece, but not inside the product's own name (`atirgul`, `yuz kremi`)."""
    if not product.colors:
        return []
    start, end = piece.tokens[0].start, piece.tokens[-1].end
    places = _as_written(product, piece) | _kinds_named(product, piece) | _two_in_one(product, piece)
    found = [_color(piece, place, color, known=True) for place, color in places.items()]
    said_else = [one for one in piece.met if one.name in _NO_COLOR_WORDS and not one.phrase]
    taken = [*piece.named, *places, *((piece.tokens[o.first].start, piece.tokens[o.first].end) for o in said_else)]
    for one in colors.named(piece.text[start:end]):
        place = (one.start + start, one.end + start)
        said = piece.text[place[0] : place[1]]
        if said.lower() in _NO_COLORS or any(a < place[1] and place[0] < b for a, b in taken):
            continue
        own = colors.color_of(said, product.colors)
        if said.lower() in _OF_IT and _behind_size(product, piece, place[0], own):
            continue
        if own is None and one.color == _MIXED:  # "pure cotton or mixed?"
            continue
        if own is None and _titled(said, product):  # a cappuccino cup is not asked for in coffee brown
            continue
        found.append(_color(piece, place, own or one.color, known=own is not None))
    surely = [one for one in found if one.known and not one.denied]
    if surely:  # "cold white" of what comes in cold and warm
        found = [one for one in found if one.known or not any(_touch(piece, one.at, sure.at) for sure in surely)]
    if len(found) > 1:  # "a camouflage suit in khaki": what it is called is not what is chosen
        found = [one for one in found if not any(a <= one.at < b for a, b in piece.named)] or found
    found += _slipped(product, piece, [*taken, *((one.at, one.at + 1) for one in found)])
    found = found or _white(product, piece) or _own_colors(product, piece, start, end)
    return found or _shaded(product, piece)


def _titled(said: str, product: Product) -> bool:
    """Whether a word for a colour is one of the name: `chocolate` of what is called "shokolad" too."""
    titles = titled(product)
    return bool(stems(said) & titles) or any(same_kind(word.key, own) for word in words(said) for own in titles)


def _shaded(product: Product, piece: Piece) -> list[Event]:
    """`тёмная` of what comes in black and white."""
    asked = any(map(asks_by, piece.tokens)) or "?" in piece.text
    if asked or any(token.key in keys("questions", "is") for token in piece.tokens[:1]):  # "are they light", "ochiqmi"
        return []
    said = [word for word in words(piece.said) if colors.of_shade(word, product.colors)]
    start = piece.tokens[0].start
    return [
        _color(piece, (word.start + start, word.end + start), colors.of_shade(word, product.colors) or "", known=True)
        for word in said[:1]
    ]


def _touch(piece: Piece, one: int, other: int) -> bool:
    """Whether two words stand next to each other."""
    at = {token.start: nth for nth, token in enumerate(piece.tokens)}
    return one in at and other in at and abs(at[one] - at[other]) == 1


def _color(piece: Piece, place: tuple[int, int], color: str, *, known: bool) -> Event:
    token = next(at for at, token in enumerate(piece.tokens) if in_spans(token, [place]))
    return Event(place[0], "color", color, known, denied(piece, token, place[1]))


def _as_written(product: Product, piece: Piece) -> dict[tuple[int, int], str]:
    """Colours of several words as the catalogue writes them, by their place: "och bej" is not "bej"."""
    found: dict[tuple[int, int], str] = {}
    several, _ = _written_as(product.colors)
    said = [token for token in piece.tokens if token.kind != "mark"] if several else []  # qora-oq
    for color, wanted in several:
        for at in range(len(said) - len(wanted) + 1):
            chunk = said[at : at + len(wanted)]
            if all(token.key.startswith(part) for token, part in zip(chunk, wanted, strict=True)):
                found[chunk[0].start, chunk[-1].end] = color
    return found


def _two_in_one(product: Product, piece: Piece) -> dict[tuple[int, int], str]:
    """`чёрно-серый` of what comes in "qora-kulrang", in any order; apart where each of the two is a colour of it."""
    own = _pairs(product.colors)
    said = colors.named(piece.text[: piece.tokens[-1].end]) if own else []
    found: dict[tuple[int, int], str] = {}
    for one, other in pairwise(said):
        between = piece.text[one.end : other.start]
        color = own.get(frozenset((one.color, other.color)), "")
        alone = colors.colors_of(f"{one.color}, {other.color}", [each for each in product.colors if each != color])
        if (
            color
            and one.start >= piece.tokens[0].start
            and _JOINS.fullmatch(between)
            and not (alone and " " in between)
        ):
            found[one.start, other.end] = color
    return found


@lru_cache(maxsize=1024)
def _pairs(own: tuple[str, ...]) -> dict[frozenset[str], str]:
    """The two colours of each of `own` that is of two -> it."""
    found = {color: frozenset(one.color for one in colors.named(color)) for color in own}
    return {both: color for color, both in found.items() if len(both) > 1}


def _behind_size(product: Product, piece: Piece, start: int, color: str | None) -> bool:
    """Whether a number stands right before: one of its sizes, where it comes in that colour too."""
    before = [token for token in piece.tokens if token.end <= start][-1:]
    if not before or before[0].number is None:
        return False
    return color is None or any(before[0].text in re.findall(r"\d+", size) for size in product.sizes)


def _kinds_named(product: Product, piece: Piece) -> dict[tuple[int, int], str]:
    """Flavours and other kinds that stand where colours do, in any language: `карамельный` is "karamelli"."""
    _, single = _written_as(product.colors)
    return {
        (token.start, token.end): color
        for token in (piece.tokens if single else ())
        for color, key in single
        if token.kind == "word" and (same_kind(token.key, key) or stem(token.key) == stem(key))
    }


@lru_cache(maxsize=1024)  # one message is held against each product of a list, and few differ in what they come in
def _written_as(own: tuple[str, ...]) -> tuple[list[tuple[str, list[str]]], list[tuple[str, str]]]:
    """Those of `own` colours that are written in several words, the longest first, as keys; and kinds in one word."""
    keys = {color: [word.key for word in words(color)] for color in own}
    several = [(color, keys[color]) for color in sorted(own, key=len, reverse=True) if len(keys[color]) > 1]
    return several, [(color, one[0]) for color, one in keys.items() if len(one) == 1 and _no_color(color)]


def _no_color(written: str) -> bool:
    """Whether what stands where colours do is no colour: chocolate is a flavour here, though also a brown."""
    return not colors.named(written) or written.lower() in _FLAVOURS


def _slipped(product: Product, piece: Piece, taken: Sequence[tuple[int, int]]) -> list[Event]:
    """`qoarsidan`: colours of the product with one slip of the finger, in words that mean nothing else."""
    known = covered(piece.met)
    found = []
    for at, token in enumerate(piece.tokens):
        if at in known or in_spans(token, taken) or stem(token.key) in load().everyday_stems:
            continue
        if color := colors.slipped(token.key, tuple(product.colors)):
            found.append(_color(piece, (token.start, token.end), color, known=True))
    return found


def _white(product: Product, piece: Piece) -> list[Event]:
    """`ok` typed for oq (white): a colour only where the product is named in the same breath and comes in white."""
    if not piece.named:
        return []
    white = next((color for color in product.colors if colors.canonical(color) == "oq"), "")
    if not white:
        return []
    said = [
        token
        for at, token in enumerate(piece.tokens)
        if token.text.lower() in ("ok", "ок")
        and any(in_spans(one, piece.named) for one in (*piece.tokens[at - 1 : at], *piece.tokens[at + 1 : at + 2]))
    ]
    return [_color(piece, (said[0].start, said[0].end), white, known=True)] if said else []


def _own_colors(product: Product, piece: Piece, start: int, end: int) -> list[Event]:
    """Colours that only this shop calls so, beside the product's name."""
    said = piece.text[start:end]
    for first, past in piece.named:
        said = said[: first - start] + " " * (past - first) + said[past - start :]
    return [Event(start, "color", one) for one in colors.colors_of(said, product.colors)]
