"""A thing still to be chosen, which the shopper's whole order said over again leaves out: it was never wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent.brain import Call
from agent.brain_rules.talk import Talk

_TRIES = 2  # so often it was asked in vain
_MORE = ("more", "also", "and", "else")


def left_out(talk: Talk, missing: Sequence[str], data: dict[str, Any]) -> Call | None:
    """What takes the choice out, where all that is in the cart was named once more and not it; None else."""
    if not {"size", "color"} & set(missing) or sum(talk.session.told.values()) < _TRIES:
        return None
    named = {sku for mention in talk.meaning.goods.mentions for sku in mention.skus}
    lines = talk.cart["lines"]
    again = bool(named) and named == {line["sku"] for line in lines} and lines == talk.lines_before
    counted = all(any(piece.numbers for piece in one.pieces) for one in talk.meaning.goods.mentions)
    if not again or not counted or talk.meaning.any(*_MORE) or talk.meaning.asks:
        return None
    talk.speech.say("talk.removed", title=data["title"])
    return Call("remove_item", {"sku": data["sku"], "size": data["size"], "color": data["color"]})
