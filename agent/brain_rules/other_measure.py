"""`Not the 10 l, three of the 5 l`: of a thing that is sold in several measures one goes out and another one comes in.

Each measure is a product of its own there; what comes in sizes is left to `lines`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent.brain import Call
from agent.brain_rules.lexicon import Met, keys
from agent.brain_rules.measure import Measure, measured, measures
from agent.brain_rules.numbers import numbers
from agent.brain_rules.piece import kept
from agent.brain_rules.plan import Plan
from agent.brain_rules.talk import Talk
from agent.brain_rules.text import PAUSES
from agent.brain_rules.titles import one_name, titles_of

_REFUSES = frozenset({"refuse", "remove", "not_it"})
_PAUSE = 5  # so many words a pause counts for
_BOTH = frozenset({"тоже", "ни", "too", "neither", "nor", "either", "ham", "ҳам"})
_ONES = frozenset({"one", "ones"})

_Span = tuple[int, int]


def turned(talk: Talk) -> Plan | None:
    """What takes the refused measure out and the other one in, with its number; None where nothing of that is said."""
    m = talk.meaning
    said = measures(m.tokens)
    refusals = [one for one in m.met if one.name in _REFUSES]
    both = any(one.text.lower() in _BOTH for one in m.tokens)  # neither is wanted
    if len(said) < 2 or not refusals or both or m.asks:
        return None
    lines = [str(line["sku"]) for line in talk.cart["lines"]]
    for own in dict.fromkeys([*lines, *talk.session.focus]):
        gone = measured(said, titles_of(talk.product(own)))
        if gone and (kin := _kin(talk, own, [one for one in said if one[:2] != gone])):
            sku, span = kin
            named = all({own, sku} & set(one.skus) for one in m.goods.mentions)
            counts = _counts(talk, [one[:2] for one in said])
            buys = own in lines or bool(counts) or m.any("order", "wish")  # of what is only in view nothing is laid
            if named and buys and sku not in lines and len(counts) < 2 and _refused(talk, refusals, gone, span):
                return _plan(talk, own, sku, counts)
    return None


def _kin(talk: Talk, own: str, said: Sequence[tuple[int, int, Measure]]) -> tuple[str, _Span] | None:
    """The one other thing of the same name that comes in a measure that was said, and where that stands."""
    shop = talk.heard.shop
    fits = {
        sku: span
        for sku, product in shop.products.items()
        if sku != own and (span := measured(said, titles_of(product))) and one_name(shop, [own, sku])
    }
    return next(iter(fits.items())) if len(fits) == 1 else None


def _counts(talk: Talk, spans: Sequence[_Span]) -> list[int]:
    """How many are said to be wanted; in "the 10 l one" none are."""
    tokens, ends = talk.meaning.tokens, {past for _, past in spans}
    free = [one for one in numbers(tokens) if not any(first <= one.first < past for first, past in spans)]
    return [one.value for one in free if not (one.first in ends and tokens[one.first].key in _ONES)]


def _refused(talk: Talk, refusals: Sequence[Met], own: _Span, other: _Span) -> bool:
    """Whether the nearest word of refusal is of `own`: `emas` stands behind what it refuses, `not` before it."""
    if any(_gap(talk, one, other)[0] < _gap(talk, one, own)[0] for one in refusals):
        return False  # the other one is refused as well
    found = [(_gap(talk, one, span), span == own) for one in refusals for span in (own, other)]
    return min(found, key=lambda pair: pair[0])[1]


def _gap(talk: Talk, one: Met, span: _Span) -> tuple[int, bool]:
    """How far a refusal is from a measure, and whether it stands before it, which is less likely."""
    tokens, before = talk.meaning.tokens, one.past <= span[0]
    between = tokens[one.past : span[0]] if before else tokens[span[1] : one.first]
    only_before = one.past - one.first == 1 and tokens[one.first].key in keys("questions", "not_before")
    far = len(tokens) if only_before and not before else 0
    return len(between) + far + _PAUSE * sum(each.kind in PAUSES for each in between), before


def _plan(talk: Talk, own: str, sku: str, counts: Sequence[int]) -> Plan:
    held, product = talk.in_cart(own), talk.product(sku)
    line: dict[str, Any] = held[0] if len(held) == 1 else {"size": "", "color": "", "qty": 0}
    qty = counts[0] if counts else int(line["qty"]) or kept(talk.session.look.get(own, {})).qty or 1
    size = line["size"] if line["size"] in product.sizes else ""
    color = line["color"] if line["color"] in product.colors else ""
    calls = [Call("add_to_cart", {"sku": sku, "size": size, "color": color, "quantity": qty})]
    return Plan(calls=[*calls, *([Call("remove_item", {"sku": own})] if held else [])], focus=[sku])
