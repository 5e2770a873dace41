"""What a part of a message asks for that is not sold here, and what it asks beside the goods it names."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from agent.brain_rules.lexicon import index, keys
from agent.brain_rules.named import believed
from agent.brain_rules.numbers import covered
from agent.brain_rules.piece import Piece, in_spans
from agent.brain_rules.sizes import WITH
from agent.brain_rules.stripped import without_wants
from agent.brain_rules.text import Token, asks_by
from agent.brain_rules.text import tokens as tokens_of
from agent.brain_rules.titles import comes_in
from shop import colors
from shop.lexicon import load
from shop.search.units import units
from shop.shops import Shop

_ASKED_FOR = frozenset({"available", "price", "order", "catalog"})
_LISTING = frozenset({"and", "also", "more", "order", "apiece"})
_OF_A_LIST = 5  # tokens
_MOST_CALLED = 3  # words of what is not sold
NOT_GOODS = frozenset(
    {"hours", "delivery", "delivery_time", "payment", "card", "status", "returns", "contacts", "location", "paid"}
)


def foreign(shop: Shop, piece: Piece, liked: Sequence[str], *, listed: bool) -> str:
    """What a part asks for that is known as goods, but nothing like it is sold here ("" when nothing is).

    `listed`: goods were named before it, so a few words are one more of them though they ask nothing by themselves.
    """
    names = {one.name for one in piece.met}
    asks = any(map(asks_by, piece.tokens)) or piece.tokens[0].key in keys("questions", "is")  # "are the burrs steel"
    goes_on = listed and len(piece.tokens) <= _OF_A_LIST and not names - _LISTING and not asks
    if not (goes_on or names & _ASKED_FOR) or names & NOT_GOODS:
        return ""
    start = piece.tokens[0].start
    said = without_wants(piece, piece.said)
    things = [unit for unit in units(said, load(), frozenset()) if unit.kind == "goods"]
    things = [unit for unit in things if not colors.named(said[unit.start : unit.end])]
    things = [unit for unit in things if not _counts_only(piece, start + unit.start)]
    things = [unit for unit in things if not WITH.search(unit.words[-1].key)]  # "the one with a blue dress"
    things = [unit for unit in things if not _is_counted(piece, start + unit.start)]
    about = [shop.products[sku] for sku in liked[:1] if sku in shop.products]  # walnut is a colour of the shelf in view
    things = [unit for unit in things if not any(comes_in(one, unit.words[0].text) for one in about)]
    called = said[things[0].start : things[-1].end] if things else ""
    if not called and liked and any(token.key in keys("questions", "sells") for token in piece.tokens):
        return " ".join(token.text for token in unknown(piece)[:_MOST_CALLED])  # "do you sell insulin?"
    if called and index("places").find(tokens_of(called)):
        return ""  # "Phone: ..." is none that is asked for
    hits = [*shop.search.find(called, 1), *shop.search.find(said, 1, described=True)]  # without the words around it
    return "" if any(believed(hit, first=True) for hit in hits) else called


def _is_counted(piece: Piece, start: int) -> bool:
    """`necha soat yetadi`: so many hours, and no clock."""
    return any(
        one.key in keys("questions", "how_much") and after.start == start for one, after in pairwise(piece.tokens)
    )


def _counts_only(piece: Piece, start: int) -> bool:
    """Whether a thing is what something is counted by: `две канистры` of the oil that is asked about."""
    return any(one.counted and piece.tokens[one.past - 1].start == start for one in piece.numbers)


def aside(piece: Piece) -> list[str]:
    """What a part asks, if anything is left of it that has no meaning of its own and no number."""
    words_left = unknown(piece, but="about")
    asks = any(one.name in ("available", "about") for one in piece.met) or any(map(asks_by, piece.tokens))
    asks = asks or "?" in piece.text[piece.tokens[-1].end :][:2]
    if not asks or not words_left or any(one.number is not None for one in piece.tokens):
        return []
    return [piece.said]


def unknown(piece: Piece, but: str = "") -> list[Token]:
    """The words of a part without a meaning of their own, save `but`: no name, wish, number, colour, unit or filler."""
    known = covered([*(one for one in piece.met if one.name != but), *piece.numbers])
    lexicon = load()
    return [
        token
        for at, token in enumerate(piece.tokens)
        if token.kind == "word"
        and at not in known
        and not in_spans(token, piece.named)
        and token.key not in lexicon.filler
        and not lexicon.unit(token.key)
        and not colors.named(token.text)
    ]
