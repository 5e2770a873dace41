"""How big a thing is that comes in one size: `пуф какого размера?` is answered by what the shop wrote of it."""

from __future__ import annotations

import re

from agent.brain import Call
from agent.brain_rules import asks
from agent.brain_rules.lexicon import keys
from agent.brain_rules.talk import Talk, Thinking, result_of

_MEASURE = re.compile(r"\d\s*(?:[xх×*]\s*\d|(?:sm|см|cm|mm|мм|m|м)\b)", re.IGNORECASE)
_ONLY = frozenset({"size", "size_advice", "about", "available", "greeting", "salam", "this", "and"})


def told(talk: Talk) -> Thinking:
    """`puf qanaqa razmerda?`: tells the description that has the measures. True: nothing else was asked."""
    m = talk.meaning
    sure = [one.skus[0] for one in m.goods.mentions if one.sure]
    skus = sure or ([] if m.goods.mentions else talk.session.focus)
    wh = any(token.key in keys("questions", "wh") for token in m.tokens)
    if "size" not in m.wants or not m.wants <= _ONLY or not wh or len(skus) != 1 or m.goods.foreign or m.phones:
        return False
    product = talk.heard.shop.products.get(skus[0])
    if product is None or product.sizes or not _MEASURE.search(product.description):
        return False
    data = result_of((yield [Call("product_card", {"sku": product.sku})]))
    talk.focus_on([product.sku])
    talk.speech.say("talk.text", text=data["description"][:300])
    talk.answered = True
    yield from asks.next_step(talk)
    return True
