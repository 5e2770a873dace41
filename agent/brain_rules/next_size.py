"""`kattarog'i bormi`, `а поменьше?` of a thing in view that comes in sizes: the size next to the one that was told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from agent.brain import Call
from agent.brain_rules.lexicon import index, keys
from agent.brain_rules.looks import looks
from agent.brain_rules.piece import Look
from agent.brain_rules.plan import Plan
from agent.brain_rules.sizes import is_marker
from agent.brain_rules.strange import unknown
from agent.brain_rules.talk import Talk

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_LETTERS = ("XS", "S", "M", "L", "XL", "XXL", "XXXL", "4XL", "5XL")
_BUYS = ("add_to_cart", "change_item")
_TAKES = frozenset({"order", "change", "more"})
_NO_MORE = {1: "talk.no_bigger", -1: "talk.no_smaller"}


def lay_next_size(talk: Talk, made: Plan, looked: Mapping[str, Mapping[str, str]]) -> None:
    """Lays over the plan the next bigger or smaller size of the thing in view; `looked`: what was told of it before.

    Where there is none, the sizes that there are will be told, and nothing is put into the order in the old one.
    """
    step = _step(talk)
    sku = talk.session.focus[0] if len(talk.session.focus) == 1 else ""
    if not step or not sku or made.which or any(one.skus != [sku] for one in talk.meaning.goods.mentions):
        return
    product, pieces = talk.product(sku), talk.meaning.goods.pieces
    held = talk.in_cart(sku)
    if held and (_of_else(talk) or _so_many(talk, step, held)):
        return
    now = str(held[0]["size"]) if len(held) == 1 else looked.get(sku, {}).get("size", "")
    said, denied = looks(product, pieces, talk.meaning.hint) if pieces else ([], [])
    if not now or any(one.size or one.no_size for one in (*said, *denied)):
        return
    rising = in_order(product.sizes)
    if now not in rising:
        return
    at = rising.index(now) + step
    size = rising[at] if 0 <= at < len(rising) else ""
    if held and not size:
        made.calls = [call for call in made.calls if call.args.get("sku") != sku or call.tool not in _BUYS]
        talk.speech.say(_NO_MORE[step], title=talk.title(sku))
        made.asked = [*(one for one in made.asked if one[0] != sku), (sku, Look(color=str(held[0]["color"])))]
        return
    kept = talk.session.look.get(sku, {})
    talk.session.look[sku] = {**kept, "size": size}
    made.asked = [(one, replace(look, size=size) if one == sku else look) for one, look in made.asked]
    made.calls = [call if call.args.get("sku") != sku else _sized(call, size) for call in made.calls]
    m = talk.meaning
    if held and size and not made.calls and not m.question and m.any("order", "change", "agree") and not m.asks:
        old = {"old_size": now, "old_color": held[0]["color"]}
        made.calls = [Call("change_item", {"sku": sku, "size": size, "color": "", "quantity": 0, **old})]
        made.asked = [one for one in made.asked if one[0] != sku]
    if not made.calls and not made.asked:
        made.asked = [(sku, talk.remember(sku, replace(_look(said), size=size)))]


def _look(said: Sequence[Look]) -> Look:
    return said[0] if said else Look()


def _sized(call: Call, size: str) -> Call:
    return Call(call.tool, {**call.args, "size": size}) if call.tool in _BUYS else call


def _of_else(talk: Talk) -> bool:
    """`can't wait longer`, `no longer than tomorrow`: what is bigger or smaller is not the thing in the order."""
    tokens, met = talk.meaning.tokens, talk.meaning.met
    if talk.meaning.any("delivery", "free_delivery", "haggle", "cheaper"):  # "побольше скидку можно?"
        return True
    for one in index("steps").find(tokens):
        around = {token.key for token in (*tokens[max(0, one.first - 1) : one.first], *tokens[one.past : one.past + 1])}
        if around & (keys("questions", "not") | keys("questions", "no_size")) or any(
            m.phrase and m.first <= one.first < m.past for m in met
        ):
            return True
    compared = [piece for piece in talk.meaning.goods.pieces if index("steps").find(piece.tokens)]
    strange = [
        token
        for piece in compared
        if not {one.name for one in piece.met} & _TAKES
        for token in unknown(piece)
        if not index("steps").meanings(token.key)
    ]
    return bool(strange)


def _so_many(talk: Talk, step: int, held: Sequence[Mapping[str, Any]]) -> bool:
    """`поменьше, 2 штуки` of five: fewer of them, and no smaller ones."""
    amount = any(one.name == "amount" for one in index("steps").find(talk.meaning.tokens))
    amount = amount and not any(is_marker(token) for token in talk.meaning.tokens)
    said = [one.value for piece in talk.meaning.goods.pieces for one in piece.numbers]
    there = sum(int(line["qty"]) for line in held)
    return amount and any((one - there) * step > 0 for one in said)


def _step(talk: Talk) -> int:
    """1 where a bigger one is meant, -1 for a smaller one, 0 for neither or both."""
    found = {one.name for one in index("steps").find(talk.meaning.tokens)} - {"amount"}
    return {frozenset({"up"}): 1, frozenset({"down"}): -1}.get(frozenset(found), 0)


def in_order(sizes: Sequence[str]) -> list[str]:
    """The sizes from the smallest to the biggest: ["S", "M"], ["1 l", "2 l"]; [] where they are not all of one sort."""
    if all(one.upper() in _LETTERS for one in sizes):
        return sorted(sizes, key=lambda one: _LETTERS.index(one.upper()))
    numbers = [_NUMBER.findall(one) for one in sizes]
    units = {_NUMBER.sub("", one).strip(" -–").lower() for one in sizes}
    counts = {len(one) for one in numbers}
    if len(units) != 1 or counts not in ({1}, {2}):
        return []
    return sorted(sizes, key=lambda one: [float(each.replace(",", ".")) for each in _NUMBER.findall(one)])
