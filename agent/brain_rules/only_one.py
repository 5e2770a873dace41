"""The one size or colour of a thing that can be bought: it is taken, and nobody is asked to choose one of one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.brain import Call
from agent.brain_rules.talk import Talk
from shop import colors

_WORN = re.compile(
    r"\d+(?:[-/.,xх×*]\d+)*|[^\W\d_]+[\s-]?\d.*|X*[SML]|\d-?XL", re.IGNORECASE
)  # 42, M, iPhone 13, R15: of this somebody has their own


def only_left(talk: Talk, missing: Sequence[str], data: dict[str, Any]) -> Call | None:
    """What puts the choice into the cart as the one variant that is there; None where there are more to choose from.

    Not where another was named, nor, when first asked, of what has to fit: 42 may not be hers, nor R15 her wheel.
    """
    lacking = [slot for slot in missing if slot in ("size", "color")]
    left = {slot: _choices(talk, slot, data) for slot in lacking}
    if not lacking or any(len(one) != 1 for one in left.values()) or _minds(talk, lacking):
        return None
    told = talk.session.told
    first = not any(told.get(slot) for slot in (*lacking, "model", "size_color"))
    if first and "size" in lacking and all(map(_WORN.fullmatch, talk.product(data["sku"]).sizes)):
        return None
    chosen = {slot: one[0] for slot, one in left.items()}
    args = {"size": data["size"], "color": data["color"], **chosen, "quantity": data["qty"]}
    return Call("add_to_cart", {"sku": data["sku"], **args})


def _choices(talk: Talk, slot: str, data: dict[str, Any]) -> list[str]:
    return talk.open_sizes(data) if slot == "size" else list(data["colors"])


def _minds(talk: Talk, lacking: Sequence[str]) -> bool:
    """Whether another colour or size was named, something is asked or nothing is wanted."""
    m = talk.meaning
    named = "color" in lacking and bool(colors.named(m.text))  # "pistachios" are a colour too
    named = named or any(line.key.startswith("talk.no_") for line in talk.speech.lines)
    return named or m.asks or m.any("refuse", "remove", "cancel", "later", "price", "available", "color", "size")
