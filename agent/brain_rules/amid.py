"""Products that are named somewhere among other words, each surely, by words that stand together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.brain_rules.choosing import MOST, best_of, by_words, in_kind, of_measure, of_model
from agent.brain_rules.measure import is_so_big
from agent.brain_rules.mention import Mention
from agent.brain_rules.naming import FEW, WHOLE, beside, how_it_is, names_a_thing
from agent.brain_rules.piece import Piece
from agent.brain_rules.stripped import bare
from agent.brain_rules.titles import comes_in, one_name, spelled_so
from shop.search.titles import describes, is_adjective
from shop.search.units import Unit, units_of
from shop.shops import Shop

_A_NAME = 2  # words that name a kind
_MOST_UNITS = 60  # of a part; what names a thing behind them is a story, and each costs a search
_NEAR = 3  # units of one name at most
# "bodringning ... navidan": a thing whose kind is told behind it is named as surely as without the ending
_OWNER = re.compile(r"(?<=[^\W\d]{4})(?:ning|нинг)$", re.IGNORECASE)

# "gul soladigan idish": what stands before what is done with it is no thing that is wanted
_DONE_WITH = re.compile(r"\s+\w[\w'’ʻʼ`]+(?:[ay]digan|[аяй]диган)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Amid:
    """A name among other words: `said[begins:ends]` of the part; `sure`: one thing is called so."""

    weight: float
    begins: int
    ends: int
    spans: Sequence[tuple[int, int]]
    skus: list[str]
    sure: bool


def amid(shop: Shop, piece: Piece, said: str, liked: Sequence[str], *, few: bool) -> list[Mention]:
    """The products named somewhere among other words, each surely, by words that stand together.

    `said`: its words without what answers or counts. `few`: where none is sure, a few of one kind are enough that two
    words or more name.
    """
    start = piece.tokens[0].start
    said = bare(piece, said)
    content = [unit for unit in units_of(said) if unit.kind in ("goods", "word", "name", "trait")][:_MOST_UNITS]
    # beside a thing "corner" only tells how it is; "one with meat, one with pumpkin" names no thing
    things = [unit for unit in content if unit.kind == "goods" and not is_adjective(unit)]
    alone = [shop.search.find(_OWNER.sub("", said[unit.start : unit.end]), MOST) for unit in content]
    sold = any(hits and unit in things for unit, hits in zip(content, alone, strict=True))
    digits = " ".join(
        f"{token.text} lik" if is_so_big(piece.tokens, at + 1) else token.text  # called by it, and no count
        for at, token in enumerate(piece.tokens)
        if token.kind == "number"
    )
    found: list[_Amid] = []
    for first in range(len(content)):
        for past in range(first + 1, min(first + _NEAR, len(content)) + 1):
            if not alone[past - 1]:  # every word of a name says something by itself
                break
            begins, ends = content[first].start, content[past - 1].end
            hits = alone[first] if past == first + 1 else shop.search.find(said[begins:ends], MOST)
            if not hits or hits[0].score < WHOLE or hits[0].matched < WHOLE:
                continue
            if all(unit.kind == "trait" or (things and _how(unit, sold)) for unit in content[first:past]):
                continue
            hits = in_kind(shop, of_measure(shop, piece, of_model(shop, said[begins:], hits)), liked)
            tied = by_words(shop, f"{said[begins:ends]} {digits}", best_of(hits, liked))
            tied = by_words(shop, piece.said, tied) if len(tied) > 1 else tied  # "..., the one with the large cuff"
            called = sum(len(unit.words) for unit in content[first:past])
            sure = one_name(shop, tied)
            if not sure and (len(tied) > FEW or called < _A_NAME):
                continue
            product = shop.products[hits[0].sku]
            if len(hits[0].spans) == past - first and any(spelled_so(product, one) for one in content[first:past]):
                places = hits[0].spans if past > first + 1 else ((0, ends - begins),)
                spans = [(a + begins + start, b + begins + start) for a, b in places]
                found.append(_Amid(hits[0].score * (past - first), begins, ends, spans, tied, sure))
    found = [one for one in found if not _is_look(shop, said[one.begins : one.ends], one, found)]
    last = max((one.begins for one in found), default=0)
    found = [one for one in found if one.begins == last or not _DONE_WITH.match(said, one.ends)]
    sure_ones = _apart(piece, said, [one for one in found if one.sure])
    return sure_ones or (_apart(piece, said, found) if few else [])


def _how(unit: Unit, sold: bool) -> bool:
    """Whether a word beside a thing tells how that is; an unknown adjective only beside a thing that is `sold` here."""
    return how_it_is(unit) or (sold and describes(unit))


def _is_look(shop: Shop, said: str, one: _Amid, found: Sequence[_Amid]) -> bool:
    """`dasturxon, spayder rasmlisi`: a look of what is named before it, though another thing is called so too."""
    before = [other for other in found if other.ends <= one.begins and other.skus[0] not in one.skus]
    return any(comes_in(shop.products[other.skus[0]], said) for other in before)


def _apart(piece: Piece, said: str, found: Sequence[_Amid]) -> list[Mention]:
    """Names that do not overlap, the weightiest first."""
    taken: list[_Amid] = []
    found = [one for one in found if len(found) < 2 or not beside(said, one.begins, one.ends)] or list(found)
    for one in sorted(found, key=lambda one: -one.weight):
        free = not any(other.begins < one.ends and one.begins < other.ends for other in taken)
        if free and names_a_thing(said[one.begins : one.ends], [(0, one.ends - one.begins)]):
            taken.append(one)
    acts = {one.name for one in piece.met}
    return [
        Mention(one.skus, [Piece(piece.text, piece.tokens, piece.met, list(one.spans))], set(acts), len(one.skus) == 1)
        for one in taken
    ]
