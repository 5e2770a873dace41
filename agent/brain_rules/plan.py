"""What a message does to the cart, as calls that are not made yet, and what it only asks about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.brain import Call
from agent.brain_rules.piece import Look
from agent.brain_rules.talk import Talk

MORE = frozenset({"more", "also"})


@dataclass
class Plan:
    """`asked`: products to be told about, with what was said of them. `which`: lists to choose from."""

    calls: list[Call] = field(default_factory=list)
    asked: list[tuple[str, Look]] = field(default_factory=list)
    which: list[list[str]] = field(default_factory=list)
    focus: list[str] = field(default_factory=list)
    no_color: str = ""  # asked for, and none of the first list has it
    absent: list[str] = field(default_factory=list)  # to be taken out, but not in the cart


def add(talk: Talk, sku: str, look: Look) -> Call:
    """Puts a product into the cart as it was talked about so far, `look` laid over that."""
    known = talk.remember(sku, look)
    size, color = look.no_size or known.size, look.no_color or known.color
    return Call("add_to_cart", {"sku": sku, "size": size, "color": color, "quantity": known.qty})


def same_line(line: Mapping[str, object], look: Look) -> bool:
    """Whether a line of the cart is as was said."""
    return (not look.size or line["size"] == look.size) and (not look.color or line["color"] == look.color)


def of_line(line: Mapping[str, object]) -> dict[str, object]:
    """Which variant a line of the cart is."""
    return {"size": line["size"], "color": line["color"]}


def so_many_left(sku: str, line: Mapping[str, object], count: int) -> Call:
    """Leaves so many of a line; none of it takes the line out."""
    if not count:
        return Call("remove_item", {"sku": sku, **of_line(line)})
    old = {"old_size": line["size"], "old_color": line["color"]}
    return Call("change_item", {"sku": sku, "size": "", "color": "", "quantity": count, **old})
