"""Whether words are a yes to what waits for one. `не оформляйте`, `before I say yes` and `don't confirm` are none."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from agent.brain_rules.lexicon import Met, keys
from agent.brain_rules.meaning import Meaning
from agent.brain_rules.text import Token

_PAUSES = ("comma", "line", "stop")
# asked in one breath with a yes, they are answered by what follows it: the card, the order's status
_AFTER_YES = frozenset({"card", "payment", "delivery", "delivery_time", "status", "days", "price", "receipt_word"})
_WITH_YES = _AFTER_YES | {"agree", "order", "this", "and", "done", "thanks", "wish", "for_me", "salam", "greeting"}

# an order said anew is a yes when nothing else is said with it: "buyurtma beraman", "оформите, пожалуйста"
_ORDERS = frozenset({"order", "agree", "this", "and", "done", "thanks", "wish"})


def says_yes(said: Meaning) -> bool:
    """A part of the message agrees plainly, and nothing is asked that should be answered first."""
    parts = list(_parts(said.tokens))
    if "order" in said.wants and said.wants <= _ORDERS and "agree" not in said.wants:
        return not said.asks and not said.goods.mentions  # goods that are named anew are a new wish
    agreed = [at for at, (first, past) in enumerate(parts) if _agrees(said, first, past)]
    if not agreed:
        return False
    return not said.question or (agreed[0] == 0 and len(parts) > 1 and said.wants <= _WITH_YES)


def _parts(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    cuts = [-1, *(at for at, token in enumerate(tokens) if token.kind in _PAUSES), len(tokens)]
    return [(first + 1, past) for first, past in pairwise(cuts) if first + 1 < past]


def _agrees(said: Meaning, first: int, past: int) -> bool:
    own = [one for one in said.met if one.name == "agree" and first <= one.first and one.past <= past]
    told = {token.key for token in said.tokens[first:past]} | {token.text.lower() for token in said.tokens[first:past]}
    if not own or told & keys("questions", "unsure"):
        return False
    return not any(_denied(said.tokens, one, past) for one in own)


def _denied(tokens: Sequence[Token], one: Met, past: int) -> bool:
    """`не верно`, `not correct`, `don't confirm`, `to'g'ri emas`."""
    before = {token.key for token in tokens[max(0, one.first - 2) : one.first] if token.kind == "word"}
    after = {token.key for token in tokens[one.past : min(past, one.past + 1)]}
    return bool(before & keys("questions", "not")) or bool(after & keys("questions", "not_so"))
