"""What becomes of lines that are there: so many of each of them, or some of one in another colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from agent.brain import Call
from agent.brain_rules.piece import Look
from agent.brain_rules.plan import of_line, same_line, so_many_left
from agent.brain_rules.shares import of_each
from agent.brain_rules.talk import Talk

Lines = Sequence[Mapping[str, Any]]


def each_so_many(talk: Talk, said: Sequence[Look]) -> list[Call]:
    """`no, make it 3 each`, `по 3 каждого` of what there are two colours of: so many of every line; [] else."""
    lines = talk.cart["lines"]
    if len(lines) < 2 or len(said) != 1 or said[0] != Look(qty=said[0].qty) or talk.cart["picks"]:
        return []
    if not any(number.value == said[0].qty for piece in talk.meaning.goods.pieces for number in of_each(piece)):
        return []
    return [so_many_left(str(line["sku"]), line, said[0].qty) for line in lines]


def some_other(talk: Talk, sku: str, said: Sequence[Look], denied: Sequence[Look], held: Lines) -> list[Call]:
    """`swap one white for pink` of three white ones: two stay white and one is pink; [] else."""
    old, new = _one_for_another(said, denied, held)
    line = next((one for one in held if same_line(one, old)), None) if not old.empty else None
    if line is None or not 0 < old.qty < int(line["qty"]):
        return []
    there = next((one for one in held if one is not line and same_line(one, new)), None)
    other = {**of_line(line), **({"size": new.size} if new.size else {}), **({"color": new.color} if new.color else {})}
    count = old.qty + (int(there["qty"]) if there else 0)
    add = so_many_left(sku, there, count) if there else Call("add_to_cart", {"sku": sku, **other, "quantity": count})
    return [so_many_left(sku, line, int(line["qty"]) - old.qty), add]


def turned(talk: Talk, sku: str, said: Sequence[Look], denied: Sequence[Look], held: Lines) -> list[Call]:
    """`swap the blue one for green`, `41 ni 42 ga almashtiring`: a line that is there becomes another; [] else."""
    old = [look for look in said if any(same_line(line, look) for line in held) and not look.empty]
    new = [look for look in said if look not in old]
    if denied or len(old) != 1 or len(new) != 1 or talk.meaning.any("and", "also", "more"):
        return []
    if not (old[0].size or old[0].color) or old[0].qty or new[0].qty:  # "let it be one black, one brown": both
        return []
    line = next(line for line in held if same_line(line, old[0]))
    size, color = new[0].size or new[0].no_size, new[0].color or new[0].no_color
    if not (size or color):
        return []
    args = {"sku": sku, "size": size, "color": color, "quantity": 0}
    return [Call("change_item", {**args, "old_size": line["size"], "old_color": line["color"]})]


def summed(said: Sequence[Look]) -> list[Look]:
    """`two pillows and one for mum`, `1 ta oshxonaga, 1 ta hammomga`: of one variant so many together."""
    found: list[Look] = []
    for look in said:
        alike = (one for one in found if replace(one, qty=0) == replace(look, qty=0) and one.qty and look.qty)
        same = next(alike, None)
        if same is None and len(found) == 1 and found[0].qty and not found[0].share and look == Look(qty=look.qty):
            same = found[0]  # "2 of 50x70 and one for mum" are of one size
        if same is None:
            found.append(look)
        else:
            found[found.index(same)] = replace(same, qty=same.qty + look.qty)
    return found


def _one_for_another(said: Sequence[Look], denied: Sequence[Look], held: Lines) -> tuple[Look, Look]:
    """What goes and what comes for it, both with a number of pieces; empty where that is not what is said."""
    nothing = Look(), Look()
    if len(said) == 2 and not denied and said[0].qty:
        old, new = said
    elif len(said) == 1 and len(denied) == 2 and denied[0] == Look(qty=denied[0].qty):  # "одно белое замените на ..."
        old, new = replace(denied[1], qty=denied[0].qty), said[0]
    elif len(said) == len(denied) == 1 and (denied[0].qty or said[0].qty):
        old, new = denied[0], said[0]
        old = replace(old, qty=old.qty or new.qty)
    else:
        return nothing
    told = (old.size or old.color) and (new.size or new.color) and not (new.no_size or new.no_color)
    if not told or new.qty not in (0, old.qty) or any(same_line(line, new) and same_line(line, old) for line in held):
        return nothing
    return old, new
