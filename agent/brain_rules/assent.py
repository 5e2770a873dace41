"""Whether words are a yes to what waits for one. `не оформляйте`, `before I say yes` and `don't confirm` are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agent.brain_rules.lexicon import Met, keys, words_of
from agent.brain_rules.meaning import Meaning
from agent.brain_rules.numbers import covered
from agent.brain_rules.piece import in_spans
from agent.brain_rules.text import PAUSES, Token, parted

_NOT_SO = "emas"  # to'g'ri emas, emasku
_ASKED = frozenset({"price", "delivery_time", "free_delivery"})  # in the same part they make it a question
# an order said anew is a yes when nothing else is said with it: "buyurtma beraman", "оформите, пожалуйста"
_ORDERS = frozenset({"order", "this", "and", "done", "thanks", "wish"})
# asked in one breath with a yes, they are answered by what follows it: the card, the order's status
_AFTER_YES = frozenset({"card", "payment", "delivery", "delivery_time", "status", "days", "price", "receipt_word"})
_WITH_YES = _ORDERS | _AFTER_YES | {"agree", "for_me", "salam", "greeting"}
_OF_ADDING = _ORDERS | {"agree", "more", "also"}
_ARTICLES = ("the", "a", "an")
_ANEW = frozenset(words_of(("yana", "ещё", "еще", "another", "more")))


def says_yes(said: Meaning) -> bool:
    """A part of the message agrees plainly, and nothing is asked that should be answered first."""
    if "order" in said.wants and said.wants <= _ORDERS:
        return not said.asks and not said.goods.mentions  # goods that are named anew are a new wish
    if said.bargains or said.any("haggle", "expensive"):
        return False
    if any(word in keys("questions", "unsure") for token in said.tokens for word in (token.key, token.text.lower())):
        return False
    parts = parted(said.tokens)
    agreed = [at for at, (first, past) in enumerate(parts) if _agrees(said, first, past)]
    if not agreed:
        return False
    return not said.question or (agreed[0] == 0 and len(parts) > 1 and said.wants <= _WITH_YES)


def adds_what_waits(said: Meaning, cart: Mapping[str, Any], focus: Sequence[str]) -> bool:
    """`yes, add it`, `ha, kitobni qo'shing` to a summary: what is to be added stands in it, the yes is to all of it.

    Every word must say so: one that means anything else, or nothing we know, makes it another wish. `focus`: what
    "it" stands for.
    """
    names, held = {one.name for one in said.met}, {line["sku"] for line in cart["lines"]}
    begins = any(one.name == "agree" and one.first == 0 for one in said.met)
    if "confirm" not in said.hint.asked or not begins or "more" not in names or not names <= _OF_ADDING:
        return False
    mentions = said.goods.mentions
    if said.question or said.goods.foreign or any(not one.sure or one.skus[0] not in held for one in mentions):
        return False
    named = [span for one in mentions for piece in one.pieces for span in piece.named]
    known = covered(said.met)
    words = [(at, one) for at, one in enumerate(said.tokens) if one.kind not in PAUSES and one.text not in _ARTICLES]
    if any((at not in known and not in_spans(token, named)) or token.key in _ANEW for at, token in words):
        return False
    return bool(mentions or set(focus) & held) and set(focus) <= held


def _agrees(said: Meaning, first: int, past: int) -> bool:
    """A part has a word of consent that is not denied, asks nothing, and speaks of nothing that needs an answer."""
    inside = [one for one in said.met if first <= one.first and one.past <= past]
    own = [one for one in inside if one.name == "agree"]
    asked = past < len(said.tokens) and said.tokens[past].text == "?"
    if not own or asked or any(one.name in _ASKED for one in inside):
        return False
    return not any(_denied(said.tokens, one, first, past) for one in own)


def _denied(tokens: Sequence[Token], one: Met, first: int, past: int) -> bool:
    """`не верно`, `not correct`, `don't confirm`, `to'g'ri emas`."""
    before = {token.key for token in tokens[max(first, one.first - 2) : one.first] if token.kind == "word"}
    after = [token.key for token in tokens[one.past : min(past, one.past + 1)]]
    return bool(before & keys("questions", "not")) or any(key.startswith(_NOT_SO) for key in after)
