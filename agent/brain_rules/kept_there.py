"""What words of a change mean of the things in the cart: one that stays as it is, one that is called by its kind alone.

"Make it 12 skewers, the tongs stay": the skewers are those that are there, whichever kinds the shop has besides, and
the 12 is of no tongs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from agent.brain_rules import own_things
from agent.brain_rules.besides import TAKE_OUT, held_alike
from agent.brain_rules.choosing import MOST
from agent.brain_rules.if_none import if_none
from agent.brain_rules.lexicon import index
from agent.brain_rules.looks import looks
from agent.brain_rules.measure import measures
from agent.brain_rules.mention import Mention
from agent.brain_rules.naming import WHOLE
from agent.brain_rules.piece import Piece
from agent.brain_rules.plan import MORE, same_line
from agent.brain_rules.strange import unknown
from agent.brain_rules.talk import Talk

_CHANGES = frozenset({"change", "remove", "denied"})
_WANTED = frozenset({"order", "change", "more", "also"})
_OF_TIME = frozenset({"payment", "paid", "card", "pickup", "delivery_time"})  # "I will pay for the oil later"
_ASKS = frozenset({"available", "price", "apiece", "about", "look", "photo_wanted", "compare", "else", "left"})


def of_cart(talk: Talk) -> None:
    """Lays over the mentions of a change what they mean of the cart; what is said of others goes back to these."""
    own_things.leave_out(talk)
    if talk.cart["empty"]:
        return
    for mention in talk.meaning.goods.mentions:
        _not_more(talk, mention)
        _in_all(talk, mention)
        _put_off(talk, mention)
        if stays(talk, mention, mention.skus[0]):
            _give_back(talk, mention)
            continue
        if sku := _called_by_kind(talk, mention):
            mention.skus, mention.sure = [sku], True
        _without_old(talk, mention)


def stays(talk: Talk, mention: Mention, sku: str) -> bool:
    """`the lamp stays`, `лампа как была` beside an order: what is there is meant, and no other lamp is bought.

    Nor is it taken out where something else is: `the hose stays, remove the set`; or where there were none of it.
    """
    there = not talk.cart["empty"] or bool(talk.heard.open_order.get("changeable"))
    if there and talk.in_cart(sku) and if_none(talk.meaning.tokens) and mention.acts & TAKE_OUT:
        return True
    own = [piece for piece in mention.pieces if piece.named and is_unchanged(piece)]
    if not there or not own or any(map(_asked, own)):
        return False
    held = _held_of(talk, mention, sku)
    if mention.sure and held and sku not in held and any(looks(talk.product(sku), own, talk.meaning.hint)):
        return False  # so many of another thing, which was to be bought too
    return bool(held) and not any(_told_anew(talk, one, own) for one in held)


def is_unchanged(piece: Piece) -> bool:
    """Whether a part says that what it names is to be as it was."""
    return any(one.name == "unchanged" for one in index("unchanged").find(piece.tokens))


def _held_of(talk: Talk, mention: Mention, sku: str) -> list[str]:
    """What is in the cart or in the order of the things that the words of a mention may name."""
    found = (hit for one in mention.named for hit in talk.heard.shop.search.find(one, MOST))
    hits = (hit.sku for hit in found if hit.matched >= WHOLE)
    ordered = talk.heard.open_order["skus"] if talk.heard.open_order.get("changeable") else []
    named: Iterable[str] = dict.fromkeys(chain((sku,), mention.skus, hits))
    return [one for one in named if talk.in_cart(one) or one in ordered]


def _told_anew(talk: Talk, sku: str, pieces: list[Piece]) -> bool:
    """`qorasi bo'la qolsin`: a size, colour or number is told that the line of the cart has not."""
    said, denied = looks(talk.product(sku), pieces, talk.meaning.hint)
    lines = talk.in_cart(sku)
    old = [look for look in said if any(same_line(one, look) and look.qty in (0, one["qty"]) for one in lines)]
    return bool(denied) or len(old) < len(said)


def _asked(piece: Piece) -> bool:
    """Whether a part asks; "could you make it 5 packs?" is a polite wish."""
    return own_things.asked(piece) and not any(one.name in _CHANGES for one in piece.met)


def _give_back(talk: Talk, mention: Mention) -> None:
    """The parts beside what stays are of what else is in the cart: the one other thing, where there is one."""
    others = [one for one in mention.pieces if not is_unchanged(one) and _of_change(one)]
    mention.pieces = [one for one in mention.pieces if one not in others]
    talk.meaning.goods.loose += [replace(one) for one in others]
    kept = set(_held_of(talk, mention, mention.skus[0]))
    left = {line["sku"] for line in (*talk.cart["picks"], *talk.cart["lines"])} - kept
    if not left:  # "the hose remains, remove the set": of what is not there
        talk.meaning.goods.loose = [one for one in talk.meaning.goods.loose if not (unknown(one) and _takes_out(one))]
    if len(left) == 1 and kept.issuperset(talk.session.focus) and any(map(_of_change, talk.meaning.goods.loose)):
        talk.session.focus = list(left)


def _of_change(piece: Piece) -> bool:
    return bool(piece.numbers) or any(one.name in _CHANGES for one in piece.met)


def _takes_out(piece: Piece) -> bool:
    return any(one.name in TAKE_OUT for one in piece.met)


def _not_more(talk: Talk, mention: Mention) -> None:
    """`one more guest is coming, make it 12`: more of others only says why, and is no more of what is bought."""
    said = [piece for piece in mention.pieces if any(one.name == "more" for one in piece.met)]
    counted = any(one.numbers and one not in said and _changed(one) for one in mention.pieces)  # "make it 3 of them"
    told = [one for one in said if not one.named and unknown(one) and (counted or not one.numbers)]
    if "change" in mention.acts and said and len(told) == len(said):
        mention.pieces = [one for one in mention.pieces if not (one in told and one.numbers)]
        mention.acts.discard("more")
        talk.meaning.wants.discard("more")


def _in_all(talk: Talk, mention: Mention) -> None:
    """`add one more box, so two of them`: how many there are then, behind how many more, changes nothing else."""
    lines = talk.in_cart(mention.skus[0])
    more = [one for one in mention.pieces if one.numbers and any(met.name in MORE for met in one.met)]
    if len(lines) != 1 or len(more) != 1 or len(more[0].numbers) != 1:
        return
    then = lines[0]["qty"] + more[0].numbers[0].value

    def told(piece: Piece) -> bool:
        return piece is not more[0] and not piece.named and [one.value for one in piece.numbers] == [then]

    mention.pieces = [one for one in mention.pieces if not told(one)]
    talk.meaning.goods.loose = [one for one in talk.meaning.goods.loose if not told(one)]


def _changed(piece: Piece) -> bool:
    return any(one.name == "change" for one in piece.met)


def _put_off(talk: Talk, mention: Mention) -> None:
    """`масло пока не надо` of several things in the cart: what is put off goes out."""
    others = [line for line in (*talk.cart["lines"], *talk.cart["picks"]) if line["sku"] not in mention.skus]
    held = any(map(talk.in_cart, mention.skus))
    wanted = mention.acts & (_WANTED | _OF_TIME) or any(piece.numbers for piece in mention.pieces)
    if "later" in mention.acts and held and others and not wanted:
        mention.acts.add("remove")


def _without_old(talk: Talk, mention: Mention) -> None:
    """`10 kg of gravel is too much, make it 5 kg`: a number that is there already only tells which thing is meant."""
    sku = next((sku for sku in mention.skus if talk.in_cart(sku)), "")
    lines = talk.in_cart(sku)
    if len(lines) != 1 or mention.acts & MORE or sum(bool(one.named) for one in mention.pieces) > 1:
        return
    loose = talk.meaning.goods.loose
    old = [one for one in mention.pieces if _counts(talk, sku, one) == lines[0]["qty"]]
    new = [one for one in (*mention.pieces, *loose) if one not in old and _counts(talk, sku, one)]
    if not old or len(new) != 1:
        return
    mention.pieces = [*(one for one in mention.pieces if one not in (*old, *new)), *new]
    mention.acts |= {"change"}
    talk.meaning.goods.loose = [one for one in loose if one not in new]


def _counts(talk: Talk, sku: str, piece: Piece) -> int:
    """How many pieces of a product a part tells, and nothing else of it; 0 for none."""
    said, denied = looks(talk.product(sku), [piece], talk.meaning.hint)
    more = any(one.name in MORE for one in piece.met)
    return said[0].qty if len(said) == 1 and not (denied or more) else 0


def _called_by_kind(talk: Talk, mention: Mention) -> str:
    """The one thing of the cart that a mention in a change calls by its kind, where no other one is clearly meant."""
    if any(map(talk.in_cart, mention.skus)) or not mention.acts & _CHANGES or mention.acts & (MORE | _ASKS):
        return ""
    own = [one for one in mention.pieces if one.named]
    counts = [one for one in own if one.numbers and not measures(one.tokens)]  # "the 250 g one" is another pack
    counted = any(met.name == "change" for one in counts for met in one.met)
    if (mention.sure and not counted) or any(map(_asked, own)):
        return ""  # "make it 3 mats" counts those that are there, though a set is called mats too
    return held_alike(talk, mention)
