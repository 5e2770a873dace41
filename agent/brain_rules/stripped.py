"""What is left of a part of the message for the search: no wants, no answers, sizes, colours and measures."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain_rules.kinds import WITH, is_kind
from agent.brain_rules.lexicon import keys, words_of
from agent.brain_rules.measure import measures
from agent.brain_rules.naming import is_done, occasion
from agent.brain_rules.numbers import Number
from agent.brain_rules.piece import Hint, Piece
from agent.brain_rules.sizes import written_at
from agent.brain_rules.text import Token, blank
from agent.brain_rules.titles import comes_in, titles_of
from agent.brain_rules.told import told_at
from shop import colors
from shop.catalogue import Product
from shop.lexicon import load
from shop.places import place_in
from shop.search.codes import codes
from shop.search.units import units_of
from shop.shops import Shop

# so many of something; "36 sheets" is not how many are wanted
_COUNTERS = frozenset(
    words_of(("ta", "tasi", "tadan", "dona", "pcs", "pieces", "piece"))
    + words_of(("шт", "штук", "штуки", "штуку", "штучки", "штучек", "штучку"))
)
_THERE = ("ga", "da", "dagi", "га", "да", "даги")  # endings of a town that something is in, or is sent to
_IN = frozenset({"в", "во", "in", "to", "из", "from"})


def without_wants(piece: Piece, said: str) -> str:
    """The part without the words that say what is wanted, so that what is left speaks for the goods alone."""
    return _blanked(piece, [(one.first, one.past) for one in piece.met], said)


def bare(piece: Piece, said: str) -> str:
    """`without_wants`, and without measures and flavours: what is left are the names of things."""
    said = without_wants(piece, said)
    places = [(first, past) for first, past, _ in measures(piece.tokens)]
    places += [(at, at + 1) for at, token in enumerate(piece.tokens) if token.kind == "word" and is_kind(token.key)]
    without = keys("questions", "without")
    places += [(at, at + 2) for at in range(len(piece.tokens) - 1) if piece.tokens[at].key in without]
    start = piece.tokens[0].start  # "the pram dark blue": units know no colour of two words
    hues = [(one.start + start, one.end + start) for one in colors.named(piece.said)]
    places += [(at, at + 1) for at, token in enumerate(piece.tokens) if any(a <= token.start < b for a, b in hues)]
    return _blanked(piece, places, said)


def without_answer(shop: Shop, piece: Piece, liked: Sequence[str], hint: Hint) -> str:
    """The part without the size or colour that was asked for: "mangosi" answers it, whatever else sounds like it."""
    said = piece.said
    said = _blanked(piece, [(one.first, one.past) for one in piece.numbers if _counts(piece, one)], said)
    idle = [(at - 1, at) for at in range(1, len(piece.tokens)) if is_done(piece.tokens, at)]
    said = _blanked(piece, idle + [(one.first, one.past) for one in piece.met if occasion(piece.tokens, one)], said)
    about = shop.products.get(liked[0]) if liked else None
    if about is None:
        return said
    kinds = [(at, at + 1) for at, token in enumerate(piece.tokens) if _tells_kind(about, token)]
    said = _blanked(piece, kinds, said)
    left = without_variants(about, piece, said)
    return left if hint.asked & {"size", "color"} or not _says_more(piece, left) else said


def without_counted(shop: Shop, piece: Piece, said: str) -> str:
    """The part without what a question counts, where the rest names a thing: "a folding bike, how many speeds"."""
    counts = keys("questions", "how_many")
    places = [(at, at + 1) for at in range(1, len(piece.tokens)) if piece.tokens[at - 1].key in counts]
    left = _blanked(piece, places, said) if places else said
    return left if left != said and shop.search.find(left, 1) else said


def without_where(shop: Shop, piece: Piece, said: str) -> str:
    """The part without the town that it speaks of as a place, where the rest names a thing: "сестре в Чуст платок"."""
    own = piece.tokens
    places = [
        (at, at + 1)
        for at, token in enumerate(own)
        if token.kind == "word"
        and place_in(token.text)
        and (token.text.lower().endswith(_THERE) or (at and own[at - 1].text.lower() in _IN))
    ]
    left = _blanked(piece, places, said) if places else said
    return left if left != said and shop.search.find(left, 1) else said


def without_coming(piece: Piece, said: str) -> str:
    """The part without the clause that says who comes for it: the car of `заберу на машине` is no thing to buy."""
    places = [(one.first, one.past) for one in piece.met if one.name == "pickup"]
    return _blanked(piece, places, said) if places else said


def without_numbers(piece: Piece, said: str) -> str:
    """The part without its numbers: `to'rttadan` is no cake."""
    return _blanked(piece, [(one.first, one.past) for one in piece.numbers], said)


def without_variants(product: Product, piece: Piece, said: str) -> str:
    """The part without the sizes and colours that the product comes in: `sandal hidlisi` too."""
    places, at = list[tuple[int, int]](), 0
    while at < len(piece.tokens):
        size, used = written_at(piece.tokens, at, product.sizes)
        past = at + max(used, 1)
        if size or told_at(piece.tokens, at, product) or comes_in(product, piece.tokens[at].text):
            places.append((at, past))
        at = past
    start = piece.tokens[0].start
    own = [one for one in colors.named(said) if colors.color_of(said[one.start : one.end], product.colors)]
    places += [
        (at, at + 1)
        for at, token in enumerate(piece.tokens)
        if any(one.start <= token.start - start < one.end for one in own)
    ]
    beside = {at for first, past in places for at in (first - 1, past) if 0 <= at < len(piece.tokens)}
    places += [(at, at + 1) for at in beside if piece.tokens[at].key in keys("sizes", "which_kind")]
    return _blanked(piece, places, said)


def only_variant(product: Product, piece: Piece) -> bool:
    """`kofelisi qancha` behind a thing that comes in coffee: its variant is named, and nothing else."""
    left = without_variants(product, piece, piece.said)
    return left != piece.said and not (_says_more(piece, left) or _other_dimensions(product, left))


def _other_dimensions(product: Product, said: str) -> bool:
    """`50x90 ham ko'kidan` behind a towel of 70x140: another one, though it comes in that colour too."""
    own = {code for text in (*titles_of(product), *product.sizes) for _, _, code in codes(text)}
    return any(code[0].isdigit() and code not in own for _, _, code in codes(said))


def _says_more(piece: Piece, said: str) -> bool:
    """Whether more than a variant of what is in view is said: `250 talik maydalangani qancha` names nothing else."""
    left = units_of(without_wants(piece, said))
    measured_else = any(load().unit(token.key) for token in piece.tokens)  # "a kilo of the ground one"
    return measured_else or any(unit.kind in ("goods", "word", "name") for unit in left)


def _blanked(piece: Piece, places: Sequence[tuple[int, int]], said: str) -> str:
    """`said`, the words of the part, with these tokens left out; the others stay where they were."""
    start = piece.tokens[0].start
    spans = ((piece.tokens[first].start - start, piece.tokens[past - 1].end - start) for first, past in places)
    return blank(said, spans, " ")


def _counts(piece: Piece, number: Number) -> bool:
    return number.counted and (number.past - number.first == 1 or piece.tokens[number.past - 1].key in _COUNTERS)


def _tells_kind(product: Product, token: Token) -> bool:
    """`yong'oqlisi`, of a cake that comes with nuts: its flavour, and no nuts."""
    return bool(WITH.search(token.key)) and comes_in(product, token.text)
