"""What a plan for some goods means for the others: what was offered is taken too, what is replaced goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from agent.brain import Call
from agent.brain_rules.choosing import MOST
from agent.brain_rules.lexicon import keys
from agent.brain_rules.looks import looks
from agent.brain_rules.mention import Mention
from agent.brain_rules.naming import WHOLE
from agent.brain_rules.piece import Look, Piece, kept
from agent.brain_rules.plan import MORE, Plan, add, of_line, so_many_left
from agent.brain_rules.talk import Talk
from agent.brain_rules.titles import akin, one_family
from shop import colors
from shop.fold import fold_word

_MOST_KEPT = 5  # of a list
_SOME = ("tasi", "tasini", "tasidan")  # uchtasini
_OF_THEM = {(fold_word("of"), fold_word("them")), (fold_word("из"), fold_word("них"))}
# "also, where are you?" buys nothing more, nor does "too dear. and give me ..."
_AND = frozenset({"and", "и", "va", "ва", "&", "+"})
# "one of that and a bucket": what points to the thing in view
_POINTS = keys("questions", "of_that") | keys("questions", "points")
TAKE_OUT = frozenset({"remove", "denied"})
_NO_MORE = ("location", "hours", "contacts", "expensive", "refuse")


def offered_too(talk: Talk, made: Plan, before: Mapping[str, Mapping[str, str]]) -> None:
    """`also 2 mugs` to "shall I place the order?": what was offered is bought too; `before`: as it was talked about."""
    offered = talk.session.offer.get("skus", []) if "offer" in talk.meaning.hint.asked else []
    also = {act for mention in talk.meaning.goods.mentions for act in mention.acts if "denied" not in mention.acts}
    also |= {met.name for piece in talk.meaning.goods.loose if piece.numbers for met in piece.met}
    if talk.meaning.any(*_NO_MORE):
        return
    if not (made.calls and talk.cart["empty"] and also & MORE):
        return
    named = {call.args["sku"] for call in made.calls} | set(made.absent)
    fresh = [sku for sku in offered if sku not in named and sku in talk.heard.shop.products]
    made.calls[:0] = [add(talk, sku, Look()) for sku in fresh]
    for sku in [sku for sku in offered if sku in before and sku not in fresh]:  # "and 2 of the nude one": the red too
        old = kept(before[sku])
        looks_ = [(str(call.args["size"]), str(call.args["color"])) for call in made.calls if call.args["sku"] == sku]
        if (old.size or old.color) and looks_ and (old.size, old.color) not in looks_:
            args = {"sku": sku, "size": old.size, "color": old.color, "quantity": old.qty}
            made.calls.insert(0, Call("add_to_cart", args))


def together(talk: Talk, made: Plan) -> None:
    """`ok one of those and a lamp, how much together?`: what is named beside what is taken is taken too."""
    m = talk.meaning
    taken = bool(made.calls) and all(call.tool == "add_to_cart" for call in made.calls)
    pair = len(made.calls) == len(made.asked) == 1  # "two spatulas and a whisk, what is the total?"
    wanted = pair or bool(m.goods.loose) or m.any("for_me", "wish")  # "мне зонт и подставку, сколько вместе?"
    if not (taken and made.asked and m.any("total") and m.any("and") and wanted) or m.any("available", "about"):
        return
    named = {one.skus[0] for one in m.goods.mentions if one.sure}
    if all(sku in named for sku, _ in made.asked):
        made.calls += [add(talk, sku, look) for sku, look in made.asked]
        made.asked = []


def goes_on(talk: Talk, mention: Mention) -> bool:
    """`and a candle`, `и свечку` to "shall I place the order?" or amid one: one more thing, and no question."""
    m = talk.meaning
    begins = m.tokens[0].text.lower() if m.tokens else ""
    buys = not talk.cart["empty"] or "offer" in m.hint.asked
    return (
        begins in _AND and buys and mention.sure and not m.asks and not m.any(*_NO_MORE, "price", "available", "look")
    )


def counts_of_view(talk: Talk) -> bool:
    """`one of that and a bucket`: so many of what is in view, and another thing with it in the same breath."""
    m = talk.meaning
    told = [piece for piece in m.goods.loose if piece.numbers]
    pointed = any(token.key in _POINTS for piece in told for token in piece.tokens)
    pointed = pointed or any(piece.apart for piece in told)
    return bool(told and talk.session.focus) and pointed and any(token.text.lower() in _AND for token in m.tokens)


def of_them(talk: Talk) -> bool:
    """Whether some of what there are several of is meant: `bittasini`, `10 tasi`, `two of them`, `одну из них`."""
    said = [token.key for token in talk.meaning.tokens]
    pairs = set(pairwise(said))
    return any(key in keys("questions", "of_them") or key.endswith(_SOME) for key in said) or bool(pairs & _OF_THEM)


def with_others(talk: Talk, mention: Mention, said: Sequence[Look]) -> bool:
    """`two lamps and one socket, what is it in all?`: so many of it, beside so many of others."""
    mentions = [one for one in talk.meaning.goods.mentions if one is not mention and one.sure]
    others = [one for one in mentions if "denied" not in one.acts]
    counts = [look.qty for one in others for look in one.looks(talk.product(one.skus[0]), talk.meaning.hint)[0]]
    return any(counts) and any(look.qty for look in said)


def of_sum(talk: Talk) -> set[str]:
    """What may be asked beside so many of several things: beside the sum of all also whether they are there."""
    of_all = {"available", "photo_wanted", "look"} if talk.meaning.any("total") else set[str]()
    return {"total", "price"} | of_all


def drop_undecided(talk: Talk, made: Plan) -> None:
    """`ладно, не надо, лучше ...`: the choice that was not finished is dropped when another thing is taken instead."""
    pieces = talk.meaning.goods.pieces
    refused = any(not one.named and {met.name for met in one.met} & {"remove", "refuse"} for one in pieces)
    taken = {str(call.args["sku"]) for call in made.calls if call.tool == "add_to_cart"}
    if refused and taken:
        left = [pick["sku"] for pick in talk.cart["picks"] if pick["sku"] not in taken]
        made.calls += [Call("remove_item", {"sku": sku}) for sku in left]


def keep_looks(talk: Talk, skus: Sequence[str], pieces: Sequence[Piece]) -> None:
    """`4 ta` said of a list: remembered for each of its products until one is chosen."""
    if not any(piece.numbers for piece in pieces):
        return
    for sku in [sku for sku in skus[:_MOST_KEPT] if sku in talk.heard.shop.products and not talk.in_cart(sku)]:
        said, denied = looks(talk.product(sku), pieces, talk.meaning.hint)
        if len(said) == 1 and said[0].qty and not denied:  # its colour may be another one when the thing is chosen
            talk.remember(sku, Look(qty=said[0].qty))


def swap(talk: Talk, made: Plan) -> None:
    """`wait, rather the Pro`: what is in the cart under nearly that name is left out for it."""
    given_up = _given_up(talk)
    changes = given_up or talk.meaning.any("change", "expensive", "refuse", "not_it")
    if not changes or talk.meaning.any("more") or _too(talk):
        return
    for call in [call for call in made.calls if call.tool == "add_to_cart" and not talk.in_cart(call.args["sku"])]:
        lines = in_place_of(talk, call.args["sku"])
        shelf = talk.product(call.args["sku"]).category
        alike = given_up == "its" or [talk.product(line["sku"]).category for line in talk.cart["lines"]] == [shelf]
        lines = lines or (talk.cart["lines"] if given_up and alike and not talk.cart["picks"] else [])
        removed = {one.args["sku"] for one in made.calls if one.tool == "remove_item"}
        # "one with meat, one with pumpkin" of two with meat: both are wanted
        kept_too = {one.skus[0] for one in talk.meaning.goods.mentions if one.sure and "denied" not in one.acts}
        if len(lines) == 1 and lines[0]["sku"] not in removed | kept_too:
            line = lines[0]
            made.calls[made.calls.index(call)] = Call(call.tool, _as_it_was(talk, call.args, line))
            left = int(line["qty"]) - int(call.args["quantity"])
            if of_them(talk) and 0 < left < line["qty"]:  # "bittasi qovoqli bo'lsin": the rest stays
                made.calls.append(so_many_left(line["sku"], line, left))
            else:
                made.calls.append(Call("remove_item", {"sku": line["sku"], **of_line(line)}))


def _given_up(talk: Talk) -> str:
    """`then give me a lamp instead`, `e attang, unda chiroq bering`: something else is taken; "its" for `вместо него`.

    Only that last one is surely about what is in the cart, whatever it is: what is regretted is mostly not to be had.
    """
    said = [token.key for token in talk.meaning.tokens]
    if all(keys("questions", name) & set(said) for name in ("regret", "in_that_case")):
        return "instead"
    for at, key in enumerate(said):
        beside = {*said[max(0, at - 1) : at], *said[at + 1 : at + 2]}
        if key == "instead" and "of" not in beside:
            return "instead"
        if key in keys("questions", "instead") and beside & keys("questions", "its"):
            return "its"
    return ""


def _too(talk: Talk) -> bool:
    """Whether something is wanted as well; `тоже бежевый` only tells how the other one looks."""
    m = talk.meaning
    after = [m.tokens[one.past].text if one.past < len(m.tokens) else "" for one in m.met if one.name == "also"]
    return any(not colors.named(said) for said in after)


def in_place_of(talk: Talk, sku: str) -> list[dict[str, Any]]:
    """The lines of the cart that are called nearly like a product that is not in it."""
    product = talk.product(sku)
    lines = [line for line in talk.cart["lines"] if one_family(product, talk.product(line["sku"]))]
    acts = {act for one in talk.meaning.goods.mentions if one.skus == [sku] for act in one.acts}
    if not lines and "change" in acts and not acts & {"order", "more", "also", "and"}:
        lines = [line for line in talk.cart["lines"] if akin(product, talk.product(line["sku"]))]
    return [] if talk.in_cart(sku) else lines


def _as_it_was(talk: Talk, args: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, Any]:
    """`make the blouse the long-sleeved one`: as many as there were, in the size and colour that was chosen."""
    product = talk.product(str(args["sku"]))
    size = args["size"] or (line["size"] if line["size"] in product.sizes else "")
    color = args["color"] or (line["color"] if line["color"] in product.colors else "")
    return {**args, "size": size, "color": color, "quantity": args["quantity"] or line["qty"]}


def keep_only(talk: Talk, keep: set[str], made: Plan) -> None:
    for line in (*talk.cart["lines"], *talk.cart["picks"]):
        if line["sku"] not in keep and not any(call.args.get("sku") == line["sku"] for call in made.calls):
            made.calls.append(Call("remove_item", {"sku": line["sku"]}))


def held_alike(talk: Talk, mention: Mention) -> str:
    """The one thing of the cart that the words of `mention` name too; "" for none or several."""
    said = " ".join(mention.named)
    held = {line["sku"] for line in (*talk.cart["lines"], *talk.cart["picks"])}
    fits = [hit.sku for hit in talk.heard.shop.search.find(said, MOST) if hit.sku in held and hit.matched >= WHOLE]
    return fits[0] if len(fits) == 1 else ""
