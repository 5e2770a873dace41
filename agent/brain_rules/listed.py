"""Behind a thing with its number, another number of another thing: its kin by one word, or what nobody knows here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agent.brain_rules.choosing import MOST, by_words, in_kind
from agent.brain_rules.for_whom import people_of, people_served
from agent.brain_rules.kinds import WITH
from agent.brain_rules.looks import looks
from agent.brain_rules.measure import measured, measures
from agent.brain_rules.mention import Mention
from agent.brain_rules.naming import WHOLE, of_a_purpose
from agent.brain_rules.naming import beside as is_beside
from agent.brain_rules.people import kin
from agent.brain_rules.piece import Hint, Piece
from agent.brain_rules.siblings import sibling
from agent.brain_rules.strange import unknown
from agent.brain_rules.text import Token, asks_by
from agent.brain_rules.titles import stems, titled, titles_of
from shop.fold import stem
from shop.search.units import things_of, units_of
from shop.shops import Shop

_TOO = frozenset({"also", "more", "and", "both", "of_each", "all_of"})
_NEARLY = 0.93  # of the best score
_CALLED_SO, _SEVERAL = 0.85, 2
_WORD = 4  # letters of a word that may be a thing
_MOST = 2  # such words: more of them tell a story
_TO = ("ga", "kka", "qqa")  # oshxonaga, onamga: where it goes


def in_kind_of_last(shop: Shop, named: list[Mention], before: Mention) -> list[Mention]:
    """`somsa go'shtli 2 ta va tovuqli 1 ta`: what a trait alone names is of the kind that was named before it."""
    if len(named) != 1 or not before.sure or before.skus[0] not in shop.products:
        return named
    said = " ".join(named[0].named)
    if not said or things_of(said):
        return named
    hits = shop.search.find(said, MOST)
    kept = [hit.sku for hit in in_kind(shop, hits, before.skus)] if hits else []
    if not kept or kept == [hit.sku for hit in hits]:
        return named
    return [replace(named[0], skus=kept[:MOST], sure=len(kept) == 1)]


def kin_of_last(shop: Shop, piece: Piece, before: Mention) -> Mention | None:
    """`50 with lavender and 20 coffee ones`: a number of another thing of that kind, by the word that tells it.

    `a women's robe in L and men's XL`: the one for other people, also without a number.
    """
    if not (before.sure and before.skus[0] in shop.products) or any(map(asks_by, piece.tokens)):
        return None
    own = shop.products[before.skus[0]]
    others = people_of(piece.said) - people_served(own)
    if not others and (not (piece.numbers and _own_number(before)) or _looks_of(shop, piece, before)):
        return None
    if measured(measures(piece.tokens), titles_of(own)):  # "oil 5W-30, the 4 litre one" tells of the oil again
        return None
    chosen = sibling(shop, own, piece.text, piece.tokens, piece.met)
    if chosen is None:
        return None
    spans = [span for one in chosen.pieces for span in one.named]
    return Mention(chosen.skus, [replace(piece, named=spans)], {one.name for one in piece.met}, len(chosen.skus) == 1)


def narrowed_of_last(shop: Shop, piece: Piece, named: Sequence[Mention], before: Mention) -> list[str]:
    """`a runner for the hall, the Loft 80 cm wide`: behind a kind of goods a name that one of that kind has; [] else.

    The kind may have been taken for some of its things by another word beside it.
    """
    kinds = [text for text in before.named if _is_kind(shop, text)]
    kind = " ".join(kinds)
    if len(named) != 1 or not kinds or any(not is_beside(one, 0, len(one)) for one in before.named if one not in kinds):
        return []
    own = units_of(piece.said)
    if (
        any(unit.kind == "goods" and not WITH.search(unit.words[-1].key) for unit in own)
        or {one.name for one in piece.met} & _TOO
    ):
        return []
    if any(each.numbers for each in before.pieces):  # "hose 50 m, gun": each is counted
        return []
    called = " ".join(named[0].named)
    hits = shop.search.find(f"{kind} {called}", MOST)
    fits = [hit for hit in hits if len(hit.spans) > 1 and hit.matched >= WHOLE and hit.spans[-1][0] > len(kind)]
    kept = [hit.sku for hit in fits if hit.score >= _NEARLY * fits[0].score]
    counted = " ".join(str(one.value) for one in piece.numbers)  # "штора блэкаут, именно одно полотно"
    return by_words(shop, f"{kind} {called} {counted}", kept) if kept else []


def _is_kind(shop: Shop, said: str) -> bool:
    """Whether a kind of goods is called so, or several things here: a runner, where four are."""
    own = units_of(said)
    known = bool(own) and all(unit.kind == "goods" for unit in own)
    return known or sum(hit.score >= _CALLED_SO for hit in shop.search.find(said, _SEVERAL)) == _SEVERAL


def strange_of_list(shop: Shop, piece: Piece, before: Mention) -> str:
    """`15 pipes and 30 elbows` where no elbows are known: what was asked for beside what is counted; "" for none."""
    if not (piece.numbers and before.sure and _own_number(before)) or _looks_of(shop, piece, before):
        return ""
    if of_a_purpose(piece) or {one.name for one in piece.met} - {"and", "order", "wish"}:
        return ""
    said = [one for one in unknown(piece) if len(one.key) >= _WORD] or _other_goods(shop, piece, before)
    people = [one for one in said if stem(one.key) in kin() or one.key.endswith(_TO)]
    if not 0 < len(said) <= _MOST or people or any(map(asks_by, piece.tokens)):
        return ""
    return " ".join(one.text for one in said)


def _own_number(before: Mention) -> bool:
    return any(piece.numbers for piece in before.pieces)


def _looks_of(shop: Shop, piece: Piece, before: Mention) -> bool:
    """Whether a size or colour of the thing before is said."""
    said, denied = looks(shop.products[before.skus[0]], [piece], Hint())
    return any(look.size or look.color or look.no_size or look.no_color for look in (*said, *denied))


def _other_goods(shop: Shop, piece: Piece, before: Mention) -> list[Token]:
    """The word of the part that is known as goods, and stands in no title of the thing before."""
    start, own = piece.tokens[0].start, titled(shop.products[before.skus[0]])
    things = things_of(piece.said)
    places = {start + one.start for one in things if not stems(piece.said[one.start : one.end]) & own}
    counted = {piece.tokens[one.past - 1].start for one in piece.numbers if one.counted}
    return [token for token in piece.tokens if token.start in places - counted]
