"""After the sale: what came does not fit. The shop's rule is said, what is there instead, and a person settles it."""

from __future__ import annotations

import re

from agent.brain import Call, Sum
from agent.brain_rules import answers, asks, shop_answers
from agent.brain_rules.lexicon import keys
from agent.brain_rules.looks import looks
from agent.brain_rules.piece import Look
from agent.brain_rules.talk import Talk, Thinking, result_of

_SWAPS = re.compile(r"помен|обмен|замен|almasht|алмашт|\b(?:exchange|replace|swap)", re.IGNORECASE)


def exchange(talk: Talk) -> Thinking:
    """`kichik keldi, L ga almashtiring`: True when something delivered is meant, and the turn is over."""
    wanted = talk.meaning.asks or talk.meaning.any("agree") or talk.session.topic == "returns"
    mistaken = any(one.key in keys("questions", "by_mistake") for one in talk.meaning.tokens)  # "I took the wrong one"
    came = mistaken or talk.meaning.any("arrived") or not talk.meaning.goods.mentions  # "the bag arrived, but ..."
    swaps = wanted and came and _SWAPS.search(talk.meaning.text)
    changeable = talk.heard.open_order.get("changeable")
    if not (talk.meaning.any("misfit") or (swaps and not changeable)) or not talk.cart["empty"]:
        return False
    sku, look = _named(talk)
    data = result_of((yield [Call("ask_exchange", {"sku": sku, **look.asked()})]))
    if data["status"] == "none" and sku:  # a cover for the wheel, called "the cover"
        data = result_of((yield [Call("ask_exchange", {"sku": "", **look.asked()})]))
    if data["status"] == "none":
        return False
    yield from shop_answers.say_text(talk, "returns")
    there = data.get("there")
    if there and there["status"]:
        answers.say_missing(talk, there)
    elif there:
        talk.speech.say("talk.have", title=talk.named(there), price=Sum(there["price"], there["currency"]))
    if data["status"] == "late":
        asks.offer_person(talk)
    else:
        asks.say_person(talk, data)
    return True


def _named(talk: Talk) -> tuple[str, Look]:
    """The product that is named and what is wanted of it; a size without a product is left to the order's only item."""
    goods = talk.meaning.goods
    sku = goods.mentions[0].skus[0] if goods.mentions and goods.mentions[0].sure else ""
    pieces = [*goods.loose, *(piece for one in goods.mentions for piece in one.pieces)]
    known = sku or next(iter(talk.session.focus), "")
    said, _ = looks(talk.product(known), pieces, talk.meaning.hint) if known else ([], [])
    return sku, said[-1] if said else Look()


def only_returns(talk: Talk) -> None:
    """`can socks be exchanged too?`: the shop's rule answers, the goods that are named are no list to choose from."""
    m = talk.meaning
    acts = m.goods.acts
    if not m.asks or acts & {"price", "available", "order", "more", "total"} or not talk.cart["empty"]:
        return
    if m.goods.mentions and not talk.heard.open_order and _SWAPS.search(m.text):
        m.wants.add("returns")
    if m.any("returns"):
        m.goods.mentions = [one for one in m.goods.mentions if one.sure]
