"""What a part of a message asks for that is not sold here, and what it asks beside the goods it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from agent.brain_rules.counts import HAVING
from agent.brain_rules.kinds import WITH
from agent.brain_rules.lexicon import index, keys
from agent.brain_rules.named import believed
from agent.brain_rules.numbers import covered
from agent.brain_rules.piece import Piece, in_spans
from agent.brain_rules.shares import SHARES
from agent.brain_rules.stripped import without_wants
from agent.brain_rules.text import Token, asks_by
from agent.brain_rules.text import tokens as tokens_of
from agent.brain_rules.titles import comes_in
from agent.brain_rules.told import told_at
from shop import colors
from shop.catalogue import Product
from shop.fold import stem, words
from shop.lexicon import load
from shop.search.fuzzy import is_verb
from shop.search.units import things_of
from shop.shops import Shop

_ASKED_FOR = frozenset({"available", "price", "order", "catalog"})
_LISTING = frozenset({"and", "also", "more", "order", "apiece"})
_OF_A_LIST = 5  # tokens
_MOST_CALLED = 3  # words of what is not sold
NOT_GOODS = frozenset(
    {"hours", "delivery", "delivery_time", "payment", "card", "status", "returns", "contacts", "location", "paid"}
)


def foreign(shop: Shop, piece: Piece, liked: Sequence[str], *, listed: bool, before: Sequence[str] = ()) -> str:
    """What a part asks for that is known as goods, but nothing like it is sold here ("" when nothing is).

    `listed`: goods were named before it, so a few words are one more of them though they ask nothing by themselves;
    `before`: the last of them.
    """
    if piece.tokens[0].key in keys("questions", "so_that") and listed:  # "a swing that folds into a bed"
        return ""
    names = {one.name for one in piece.met}
    asks = any(map(asks_by, piece.tokens)) or piece.tokens[0].key in keys("questions", "is")  # "are the burrs steel"
    some = any(token.key in keys("questions", "some") for token in piece.tokens)  # "сироп какой-нибудь" asks nothing
    asks = asks or (not some and any(token.key in keys("questions", "wh") for token in piece.tokens))
    goes_on = listed and len(piece.tokens) <= _OF_A_LIST and not names - _LISTING and not asks
    alone = not (listed or liked or names) and len(piece.tokens) <= _OF_A_LIST  # "a floor hanger on wheels"
    if not (goes_on or alone or names & _ASKED_FOR) or names & NOT_GOODS:
        return ""
    start = piece.tokens[0].start
    said = without_wants(piece, piece.said)
    things, concepts = things_of(said), load().concepts
    things = [unit for unit in things if all(concepts[one].kind == "goods" for one in unit.concepts)]  # qattiq, "hard"
    things = [unit for unit in things if not colors.named(said[unit.start : unit.end])]
    things = [unit for unit in things if not _counts_only(piece, start + unit.start)]
    things = [unit for unit in things if not WITH.search(unit.words[-1].key)]  # "the one with a blue dress"
    things = [unit for unit in things if not _is_counted(piece, start + unit.start)]
    things = [unit for unit in things if not _where(piece, start + unit.start)]
    about = [shop.products[sku] for sku in (*before, *liked[:1]) if sku in shop.products]  # walnut: the shelf's colour
    things = [unit for unit in things if not any(_variant(one, piece, start + unit.start) for one in about)]
    called = said[things[0].start : things[-1].end] if things else ""
    if listed and things and not names & {"order", "catalog"} and _its(things[-1].words[-1].key):
        return ""  # "nasos, shlangi qancha uzun": a part of what is named
    if not called and liked and any(token.key in keys("questions", "sells") for token in piece.tokens):
        return " ".join(token.text for token in unknown(piece)[:_MOST_CALLED])  # "do you sell insulin?"
    if called and index("places").find(tokens_of(called)):
        return ""  # "Phone: ..." is none that is asked for
    hits = [*shop.search.find(called, 1), *shop.search.find(said, 1, described=True)]  # without the words around it
    whole = piece.said[things[0].start : things[-1].end] if things else called  # also what says what is wanted
    return "" if any(believed(hit, first=True) for hit in hits) else whole


def _its(said: str) -> bool:
    """Whether a word is in the possessive: shlangi, qopqog'i; "choynaki" of no such stem is none, nor тапочки."""
    return (
        (said,) not in load().by_keys and said.endswith("i") and stem(said) != said and not said.endswith(("li", "mi"))
    )


_SPAN = re.compile(r"(?:(\d+)\s?[-–]\s?)?\d+$")  # 7-8 tezlikli


def other_number(shop: Shop, piece: Piece, named: Sequence[tuple[int, int]], skus: Sequence[str]) -> str:
    """`48 varaqlisi` of what has 12, where nothing has 48: what is asked for so ("" when it is not that)."""
    for number in piece.numbers:
        after = piece.tokens[number.past] if number.past < len(piece.tokens) else None
        if after is None or number.counted or number.words or not in_spans(after, named):
            continue
        if not HAVING.search(after.key):
            continue
        own = [_before(shop.products[sku], after.key) for sku in skus]
        if all(own) and not any(number.value in _before(one, after.key) for one in shop.products.values()):
            return piece.text[piece.tokens[number.first].start : after.end]
    return ""


def _before(product: Product, said: str) -> set[int]:
    """The numbers before a word of the titles that `said` has an ending of: 12 of "Daftar 12 varaq" for varaqlisi."""
    texts = (product.title_uz, product.title_ru, *product.sizes)
    pairs = [(text, one, other) for text in texts for one, other in pairwise(words(text))]
    alike = [(text, one) for text, one, other in pairs if one.key.isdigit() and said.startswith(stem(other.key))]
    spans = [(int(span[1] or one.key), int(one.key)) for text, one in alike if (span := _SPAN.search(text[: one.end]))]
    return {number for least, most in spans for number in range(least, most + 1)}


def _is_counted(piece: Piece, start: int) -> bool:
    """`necha soat yetadi`: so many hours, and no clock."""
    return any(
        one.key in keys("questions", "how_much") and after.start == start for one, after in pairwise(piece.tokens)
    )


def _variant(product: Product, piece: Piece, start: int) -> bool:
    """Whether a word is something that a product comes in, as it or its description says that: `а с шоколадом?`"""
    at = next((at for at, token in enumerate(piece.tokens) if token.start == start), 0)
    if at and piece.tokens[at].key in keys("sizes", "which_kind"):  # "a straight outlet", "oak finish"
        at -= 1
    return comes_in(product, piece.tokens[at].text) or bool(told_at(piece.tokens, at, product))


def _where(piece: Piece, start: int) -> bool:
    """Whether a thing only says where: `muzlatgichda qancha turadi`, `сколько стоит в морозилке`."""
    at = next((at for at, token in enumerate(piece.tokens) if token.start == start), 0)
    key = piece.tokens[at].key
    inside = at > 0 and piece.tokens[at - 1].text.lower() in ("в", "во", "in", "inside")
    return inside or (key.endswith("da") and (key,) not in load().by_keys)


def _counts_only(piece: Piece, start: int) -> bool:
    """Whether a thing is what something is counted by: `две канистры` of the oil that is asked about."""
    return any(one.counted and piece.tokens[one.past - 1].start == start for one in piece.numbers)


def aside(piece: Piece) -> list[str]:
    """What a part asks, if anything is left of it that has no meaning of its own and no number."""
    words_left = unknown(piece, but="about")
    if not asked_with(piece) or not words_left or any(one.number is not None for one in piece.tokens):
        return []
    return [piece.said]


def asked_with(piece: Piece) -> bool:
    """Whether a part asks something, by its words or by the mark behind it."""
    asks = any(one.name in ("available", "about") for one in piece.met) or any(map(asks_by, piece.tokens))
    asks = asks or piece.tokens[0].key in keys("questions", "wh")  # "price, and what batteries does it use"
    return asks or "?" in piece.text[piece.tokens[-1].end :][:2]


_BESIDE = frozenset({"about", "and", "this", "agree", "neutral", "also", "thanks", "not_it", "refuse"})
_WONDERED = 2  # words: a single strange one is rather a slip


def only_wonders(question: str) -> bool:
    """Whether a part of a message that asks wishes nothing besides: `rostdan oftob oʻtkazmaydimi`."""
    said = tokens_of(question)
    met = index("intents").find(said)
    strange = [at for at, one in enumerate(said) if one.kind == "word" and at not in covered(met)]
    strange = [at for at in strange if said[at].key not in load().filler]
    return {one.name for one in met} <= _BESIDE and len(strange) >= _WONDERED and not colors.named(question)


def like_a_street(piece: Piece) -> bool:
    """`Bobur 25`, `Ахунбабаева 33`: a part that is an unknown name and a bare number counts nothing."""
    strange = [token for token in unknown(piece) if token.text[:1].isupper()]
    numbers = [one for one in piece.numbers if not (one.counted or one.words)]
    alone = len(strange) + len(numbers) == len(piece.tokens)
    return bool(strange) and len(numbers) == 1 and numbers[0].past == len(piece.tokens) and alone


def names_of_else(piece: Piece) -> list[str]:
    """The unknown words of a part that may be what a thing is called by: no everyday ones, and no verbs."""
    daily = load().everyday_stems
    return [one.text for one in unknown(piece) if not (is_verb(one.key) or stem(one.key) in daily)]


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
        and token.key not in SHARES
        and not lexicon.unit(token.key)
        and not colors.named(token.text)
    ]
