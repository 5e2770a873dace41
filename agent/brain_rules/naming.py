"""Whether words that a search matched name a thing to buy, and not a wish, a place, a measure or whom it is for."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain_rules.lexicon import index
from agent.brain_rules.piece import Piece
from agent.brain_rules.sizes import is_measure
from agent.brain_rules.text import tokens as tokens_of
from shop import regions
from shop.fold import words
from shop.lexicon import load
from shop.search.units import units

# words that say what is wanted are no names of goods, however alike (`olay` and "Aloe")
_WISHES = """order agree refuse more also change remove cancel price available thanks greeting wish look salam this both
 delivery paid status done later neutral sorry haggle person robot color size"""
_NO_NAMES = frozenset(_WISHES.split())


def wants_in(piece: Piece) -> list[tuple[int, int]]:
    """Where the part says what is wanted, counted from its beginning."""
    start = piece.tokens[0].start
    return [
        (piece.tokens[one.first].start - start, piece.tokens[one.past - 1].end - start)
        for one in piece.met
        if one.name in _NO_NAMES
    ]


def names_a_thing(said: str, spans: Sequence[tuple[int, int]], wants: Sequence[tuple[int, int]] = ()) -> bool:
    """Whether the words that were found name a thing: not only whom it is for, how it looks, a city, or a wish."""
    named = [said[start:end] for start, end in spans]
    # what the search found is sold here: бутсы have the key of a word that says nothing
    kinds = {unit.kind for one in named for unit in units(one, load(), frozenset(word.key for word in words(one)))}
    if all(any(a <= first and past <= b for a, b in wants) for first, past in spans):
        return False
    if "goods" in kinds:
        return True
    if all(_of_a_place(one) or is_measure(one) for one in named):
        return False
    return "word" in kinds and not all(map(_names_a_place, named))


def _names_a_place(said: str) -> bool:
    """Whether a word is a town as it is spelled: Chinos only sounds like Chinoz."""
    return any(map(regions.is_place, words(said)))


def for_a_gift(piece: Piece, spans: Sequence[tuple[int, int]]) -> bool:
    """`a gift for my mom`: what it is for, though flowers and sets count as gifts."""
    start = piece.tokens[0].start
    gifts = [one for one in piece.met if one.name == "gift"]
    places = [(piece.tokens[one.first].start - start, piece.tokens[one.past - 1].end - start) for one in gifts]
    return bool(gifts) and all(any(a <= first and past <= b for a, b in places) for first, past in spans)


def _of_a_place(said: str) -> bool:
    """`adresim`, `shahar`, `tel`: words of addresses, though a backpack may be called a city one."""
    own = tokens_of(said)
    met = {at for one in index("places").find(own) for at in range(one.first, one.past)}
    return bool(own) and all(at in met for at in range(len(own)))
