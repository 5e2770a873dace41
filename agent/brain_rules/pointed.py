"""Which products words without a name are about: the one the talk is about, both, all that was shown in photos."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain_rules.lexicon import index, keys
from agent.brain_rules.looks import looks
from agent.brain_rules.piece import Piece
from agent.brain_rules.talk import Talk
from shop import colors
from shop.search.units import things_of

WANTS = frozenset({"order", "more"})
_TAKING = frozenset({"both", "three_of", "all_of", "of_each", "order", "wish", "also", "this", "change", "agree"})
_TAKING |= {"and", "thanks", "for_me", "salam", "greeting"}
_NOT_TAKING = frozenset({"all_of", "refuse", "remove", "denied", "cancel", "price", "apiece", "available", "about"})
_NOT_TAKING |= {"size", "color", "size_advice", "haggle", "total", "photo_wanted", "look", "expensive", "later"}


def targets(talk: Talk, acts: set[str]) -> list[str]:
    """The products that unnamed words are about, the nearest first; usually one."""
    session, cart = talk.session, talk.cart
    if "total" in acts and cart["empty"]:  # "ikkalasi qancha" is one meaning of two words
        acts = acts | _both_of(talk)
    known = [sku for sku in session.focus if sku in talk.heard.shop.products]
    if len(photographed := _photographed(talk, acts)) > len(known):
        return photographed
    if "both" in acts and len(known) < 2:  # the two that came up last
        known = [sku for sku in session.pictured[-2:] if sku in talk.heard.shop.products] or known
    if acts & {"both", "of_each"} and len(known) > 1:
        return known
    asked = "product" in talk.meaning.hint.asked and not known
    if "both" in acts and asked and (acts & WANTS or takes_all(talk, acts)):  # "which one?" "both, please"
        listed = [sku for sku in session.shown if sku in talk.heard.shop.products]
        if len(listed) == (3 if "three_of" in acts else 2) and "all_of" not in acts:
            return listed
    offered = [sku for sku in session.offer.get("skus", []) if sku in talk.heard.shop.products]
    if "offer" in talk.meaning.hint.asked and len(offered) > 1 and acts & WANTS:
        counted = [looks(talk.product(sku), talk.meaning.goods.loose, talk.meaning.hint)[0] for sku in offered[:1]]
        if "of_each" in acts or not counted[0]:
            return offered  # they were offered together, and are taken together
    if cart["picks"] and talk.meaning.hint.asked & {"size", "color", "qty"}:
        return [cart["picks"][0]["sku"]]
    if "change" in acts and (line := _had_so_many(talk)):
        return [line]
    if len(known) > 1:
        fits = [sku for sku in known if _fits(talk, sku)]
        return (fits or known)[:1]
    held = [line["sku"] for line in (*cart["picks"], *cart["lines"])]
    return (known or held[-1:])[:1]


def _had_so_many(talk: Talk) -> str:
    """`make it 12 instead of 10`: of several things the one that there are 10 of; "" for none or two."""
    said = {one.value for piece in talk.meaning.goods.loose for one in piece.numbers}
    lines = talk.cart["lines"]
    fits = [str(line["sku"]) for line in lines if line["qty"] in said]
    return fits[0] if len(said) == 2 and len(lines) > 1 and len(fits) == 1 else ""


def _both_of(talk: Talk) -> set[str]:
    said = {name for token in talk.meaning.tokens for name in index("intents").meanings(token.key)}
    return said & {"both", "three_of", "all_of"}


def _photographed(talk: Talk, acts: set[str]) -> list[str]:
    """What came in photos one after another, as far as the words are of all of it: both, all three, one of each."""
    photos = [sku for sku in talk.session.photos if sku in talk.heard.shop.products]
    if not set(talk.session.focus) <= set(photos):
        return []  # something else came up since
    if "both" in acts:
        most = len(photos) if "all_of" in acts else 3 if "three_of" in acts else 2
        return photos[-most:] if len(photos) >= most else []
    return [sku for sku in photos if not talk.in_cart(sku)] if "of_each" in acts else []


def takes_all(talk: Talk, acts: set[str]) -> bool:
    """`both please`, `можно обе?`: nothing but the wish for what was shown; "both are lovely" wishes nothing.

    "Hammasi" is not enough for that: all may also be clear, or fine.
    """
    if "both" not in acts or acts & _NOT_TAKING:
        return False
    may = any(one.key in keys("numbers", "may_i") for piece in talk.meaning.goods.loose for one in piece.tokens)
    return (may or not talk.meaning.question) and any(map(_only_both, talk.meaning.goods.loose))


def _only_both(piece: Piece) -> bool:
    plain = keys("numbers", "may_i")
    words = [at for at, token in enumerate(piece.tokens) if token.kind == "word" and token.key not in plain]
    return any(one.name == "both" for one in piece.met) and all(piece.met_at(at, *_TAKING) for at in words)


def _fits(talk: Talk, sku: str) -> bool:
    said, _ = looks(talk.product(sku), talk.meaning.goods.loose, talk.meaning.hint)
    return bool(said) and all(not look.no_size and not look.no_color for look in said)


def one_more_there(talk: Talk) -> bool:
    """`send another one to the same address`, with nothing in view: what was bought last, once more."""
    m, order = talk.meaning, talk.heard.open_order
    same = any(one.name == "same" for one in index("places").find(m.tokens))
    return same and m.any("more") and not (m.goods.mentions or talk.session.focus or order.get("changeable"))


def in_other_color(talk: Talk, before: list[str]) -> bool:
    """`it's me again, now I need a pink one`, with nothing in view or in the cart: of what was bought last."""
    m, order = talk.meaning, talk.heard.open_order
    in_view = m.goods.mentions or m.goods.foreign or talk.session.focus or "product" in before
    wanted = m.any("order", "more", "repeat") and not m.asks
    return wanted and talk.cart["empty"] and not (in_view or order.get("changeable")) and bool(colors.named(m.text))


def at_nothing(talk: Talk) -> bool:
    """`you had one that turns, 2 of those, then a hose`: so many of what is neither known by its name nor in view."""
    session, known = talk.session, talk.meaning.goods
    if session.focus or session.shown or session.pictured or not talk.cart["empty"] or not known.mentions:
        return False
    told = (one for one in known.loose if one.numbers)
    return any(token.key in keys("questions", "of_that") for piece in told for token in piece.tokens)


def in_other_words(talk: Talk, name: str, seen: Sequence[str]) -> list[str]:
    """`one hose and 6 dohickeys` with a hose and a lamp in view (`seen`): the lamp may be meant by the unknown word.

    [] where the word is known for other goods, or something was taken already.
    """
    named = {sku for one in talk.meaning.goods.mentions for sku in one.skus}
    known = bool(things_of(name))
    others = [sku for sku in seen if sku not in named and sku in talk.heard.shop.products]
    return others if named & set(seen) and talk.cart["empty"] and not known else []
