"""The calls that add a product, change what is there of it, or take it out, by what was said of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from agent.brain import Call
from agent.brain_rules import amended, besides
from agent.brain_rules.lexicon import keys
from agent.brain_rules.looks import looks
from agent.brain_rules.piece import Look, kept
from agent.brain_rules.plan import MORE, Plan, add, of_line, same_line, so_many_left
from agent.brain_rules.pointed import WANTS
from agent.brain_rules.shares import HALF, OPEN, REST, SHARES, resolved
from agent.brain_rules.strange import unknown
from agent.brain_rules.talk import Talk

_DOWN_TO = re.compile(r"\b(?:to|до)\s+\w", re.IGNORECASE)  # "drop it to 2"
_TOO = re.compile(r"ga(?:yam|ям)$|га(?:ям|ҳам)$", re.IGNORECASE)  # onamgayam: for mother too
_TAKES_TOO = MORE | {"order", "also", "both", "wish"}
_SHORT = 20  # tokens
_GOES_OUT = frozenset({"remove", "denied", "refuse"})


def put(talk: Talk, sku: str, said: list[Look], denied: list[Look], made: Plan, acts: set[str]) -> None:
    """Adds a product or changes what is there of it."""
    held = talk.in_cart(sku)
    whole = sum(int(line["qty"]) for line in held) or kept(talk.session.look.get(sku, {})).qty
    given = resolved(said, whole)
    if given is None:
        talk.remember(sku, Look())
        talk.session.look[sku] |= {"each": "|".join(f"{look.size};{look.color}" for look in said)}
        _ask_how_many(talk)
        return
    shared = any(look.share in (HALF, REST) for look in said)
    said = _as_before(_without_kept(talk, sku, given, held), held) or [Look()]
    if shared and len(held) == 1 and (split := _split(talk, sku, said, denied, held)):
        made.calls += split
    elif any(look.share for look in said):
        made.calls += _adds(talk, sku, said)
    else:
        _lay(talk, sku, said, denied, made, acts)


def _without_kept(talk: Talk, sku: str, said: Sequence[Look], held: Sequence[Mapping[str, Any]]) -> list[Look]:
    """`swap the blue one for green, red stays`: of what is to stay as it is nothing is laid."""
    staying = [
        piece
        for piece in talk.meaning.goods.pieces
        if any(token.key in keys("questions", "stays") for token in piece.tokens) and not piece.numbers
    ]
    if len(held) < 2 or not staying:
        return list(said)
    stays = looks(talk.product(sku), staying, talk.meaning.hint)[0]
    stays = [look for look in stays if any(same_line(line, look) for line in held)]
    left = [look for look in said if not any((look.size, look.color) == (one.size, one.color) for one in stays)]
    return left or list(said)  # "take the red one out, the blue one stays" is told of the blue one alone


def _lay(talk: Talk, sku: str, said: list[Look], denied: list[Look], made: Plan, acts: set[str]) -> None:
    """Adds or changes what is said in numbers, sizes and colours."""
    held = talk.in_cart(sku)
    too = acts & _TAKES_TOO - ({"order"} if "change" in acts else set())  # "better give me black, white gets dirty"
    said = said if too else _without_reason(talk, sku, said, held)
    acts = _adding(talk, acts) | ({"change"} if _makes_up(said, held) else set())
    joins = any(one.key in keys("pauses", "and") and one.text.lower() != "i" for one in talk.meaning.tokens)
    joins = joins or any(_TOO.search(one.text) for one in talk.meaning.tokens)
    joins = joins and not held and len(talk.meaning.tokens) <= _SHORT  # a story counts other things too
    said = amended.summed(said) if joins else said  # "1 kg, I take 2" are no three
    if "change" in acts and len({(look.size, look.color) for look in said if look.size or look.color}) < 2:
        said = said[:1]  # "make it 3, one more for my aunt": three in all
    more = bool(acts & MORE) and "change" not in acts
    if not held or (more and not _only_one(talk, sku, said[0])):
        had = any(line in talk.cart["lines"] for line in held)  # "and a red one" beside two black ones is one
        made.calls += _adds(talk, sku, [replace(look, qty=look.qty or 1) for look in said] if had else said)
    elif "more" in acts and "change" not in acts and only_counted(said[:1]):
        made.calls.append(
            Call("add_to_cart", {"sku": sku, **of_line(held[-1]), "quantity": said[0].qty or 1, "more": True})
        )
    elif _all_held(said, held):
        return
    elif "more" not in acts and (each := amended.each_so_many(talk, said)):
        made.calls += each
    elif "change" in acts and (some := amended.some_other(talk, sku, said, denied, held)):
        made.calls += some
    elif "change" in acts and (turned := amended.turned(talk, sku, said, denied, held)):
        made.calls += turned
    elif split := _split(talk, sku, said, denied, held):
        made.calls += split
    elif len(said) > 1:
        made.calls += [add(talk, sku, _like_held(look, held)) for look in said]
        if "change" in acts:
            gone = [line for line in held if not _among(line, said)]
            made.calls += [Call("remove_item", {"sku": sku, **of_line(line)}) for line in gone]
    elif left := [line for line in held if any(not old.empty and same_line(line, old) for old in denied)]:
        meant = [line for line in held if line not in left and same_line(line, said[0])]
        if meant and (said[0].size or said[0].color):  # "no white one, and two of the black": one goes, one changes
            made.calls += [Call("remove_item", {"sku": sku, **of_line(line)}) for line in left]
        made.calls.append(_change(talk, sku, said[0], [] if meant else denied, held))
    else:
        made.calls.append(_change(talk, sku, said[0], denied, held))


def _adds(talk: Talk, sku: str, said: Sequence[Look]) -> list[Call]:
    """A call for each look; `two, one of them white`: behind the white one, the other, whose colour is to be asked."""
    bare = [look for look in said if look.share == OPEN and not (look.size or look.color)]
    if not bare:
        return [add(talk, sku, look) for look in said]
    calls = [add(talk, sku, look) for look in said if look not in bare]
    talk.session.look[sku] = {"size": "", "color": "", "qty": str(bare[0].qty)}
    return [*calls, Call("add_to_cart", {"sku": sku, "size": "", "color": "", "quantity": bare[0].qty})]


def _as_before(said: Sequence[Look], held: Sequence[Mapping[str, Any]]) -> list[Look]:
    """`not one but two, one of them white`: the other is as the one that is there."""
    bare = Look(str(held[0]["size"]), str(held[0]["color"])) if len(held) == 1 else Look()
    if bare.empty or not any(one.share == OPEN for one in said):
        return list(said)  # "make it 3, one more for my aunt": 3 and 1 are no parts of a whole
    told = [replace(bare, qty=one.qty) if one == Look(qty=one.qty, share=OPEN) else one for one in said]
    if len({(one.size, one.color) for one in told}) == 1:
        return [replace(told[0], qty=sum(one.qty for one in told))]  # of white ones that are to be two, one white
    return told


def _ask_how_many(talk: Talk) -> None:
    """`half of them black` of five: how many of each is asked."""
    talk.speech.ask("talk.ask_how_many")
    talk.session.asked = ["qty"]
    talk.answered = True


def _without_reason(talk: Talk, sku: str, said: list[Look], held: Sequence[Mapping[str, Any]]) -> list[Look]:
    """`make it grey, beige gets dirty`: what is told of the one that is there only says why it is to be another."""
    if len(held) != 1 or len(said) != 2 or any(look.qty for look in said):
        return said
    there = [look for look in said if same_line(held[0], look)]
    told = [
        piece for piece in talk.meaning.goods.pieces if unknown(piece) and not {one.name for one in piece.met} & WANTS
    ]
    if len(there) != 1 or not any(looks(talk.product(sku), [piece], talk.meaning.hint)[0] == there for piece in told):
        return said
    return [look for look in said if look not in there]


def _makes_up(said: Sequence[Look], held: Sequence[Mapping[str, Any]]) -> bool:
    """`then 3, one more for my brother` where there are two: with one more there are three."""
    if len(said) != 2 or not all(only_counted([look]) for look in said):
        return False
    return bool(held) and said[0].qty == said[1].qty + sum(int(line["qty"]) for line in held)


def _only_one(talk: Talk, sku: str, look: Look) -> bool:
    """Whether `yana` speaks of a quantity, not of another variant: nothing else is said, or the very same variant."""
    held = talk.in_cart(sku)
    if look.no_size or look.no_color:
        return False  # "one more, in 33" of what has no 33
    return (not look.size and not look.color) or any(same_line(line, look) for line in held)


def _among(line: dict[str, object], said: list[Look]) -> bool:
    return any(same_line(line, look) for look in said)


def _change(talk: Talk, sku: str, look: Look, denied: list[Look], held: list[dict[str, object]]) -> Call:
    """Changes the one line that is meant: the one taken back, the one that is as said already, else the newest."""
    line = next((one for one in held for old in denied if not old.empty and same_line(one, old)), None)
    line = line or next((one for one in held if same_line(one, look)), None)
    # "qorasiyam 42 bo'lsin": the black one is meant, its size is new
    line = line or next((one for one in held if look.color and one["color"] == look.color), None)
    line = line or next((one for one in held if look.size and one["size"] == look.size), None) or held[-1]
    talk.remember(sku, look)
    args = {"sku": sku, "size": look.size or look.no_size, "color": look.color or look.no_color, "quantity": look.qty}
    return Call("change_item", {**args, "old_size": line["size"], "old_color": line["color"]})


def only_counted(said: list[Look]) -> bool:
    """Whether nothing but how many is said."""
    return len(said) == 1 and said[0] == Look(qty=said[0].qty)


def out(talk: Talk, sku: str, said: list[Look]) -> Call:
    """Takes a product out, or so many of it as are said."""
    if fewer := _fewer(sku, said, talk.in_cart(sku)):
        return fewer
    look = said[0] if said else Look()
    return Call("remove_item", {"sku": sku, "size": look.size, "color": look.color})


def half_out(talk: Talk, sku: str, acts: set[str], made: Plan) -> bool:
    """`yarmini olib tashlang`: half of the one line goes out; of an odd number or several lines: asks. True: so."""
    halves = any(token.key in keys("questions", HALF) for token in talk.meaning.tokens)
    held = talk.in_cart(sku)
    if not (halves and held and "remove" in acts) or "change" in acts:
        return False
    count = int(held[0]["qty"])
    if len(held) > 1 or count % 2:
        talk.meaning.wants.discard("remove")  # nothing is taken out yet
        _ask_how_many(talk)
    else:
        made.calls.append(so_many_left(sku, held[0], count // 2))
    return True


def some_out(
    said: list[Look], denied: list[Look], held: Sequence[Mapping[str, Any]], acts: set[str]
) -> tuple[list[Look], list[Look]]:
    """`oqidan bittasini olib tashlang`, `одну чёрную уберите`: so many of these go out, said in two parts."""
    if not (held and "remove" in acts and len(said) == len(denied) == 1) or "change" in acts:
        return said, denied
    one, other = said[0], denied[0]
    line, number = (other, one) if one == Look(qty=one.qty) else (one, other)
    meant = (line.size or line.color) and not line.qty and any(same_line(there, line) for there in held)
    of_it = meant and number == Look(qty=number.qty) and number.qty
    return ([], [replace(line, qty=number.qty)]) if of_it else (said, denied)


def named_out(talk: Talk, sku: str, said: list[Look], denied: list[Look]) -> tuple[list[Look], list[Look]]:
    """`drop the blue one, red stays`: in English the word that takes it out stands before what goes."""
    held = talk.in_cart(sku)
    if denied or not held or talk.meaning.any("more", "also", "cancel"):
        return said, denied
    going = [piece for piece in talk.meaning.goods.loose if [one.name for one in piece.met[:1]] == ["remove"]]
    going = [piece for piece in going if not any(one.name == "change" for one in piece.met)]
    gone = [look for look in looks(talk.product(sku), going, talk.meaning.hint)[0] if look.size or look.color]
    if not gone or any(look.qty or not any(same_line(line, look) for line in held) for look in gone):
        return said, denied
    left = [look for look in _without_kept(talk, sku, said, held) if look not in gone]
    stays = len(left) == 1 and not left[0].qty and any(same_line(line, left[0]) for line in held)
    return ([] if stays else left), gone


# ---- some of what there is -------------------------------------------------------------------------------------------


def _split(
    talk: Talk, sku: str, said: Sequence[Look], denied: Sequence[Look], held: Sequence[Mapping[str, Any]]
) -> list[Call]:
    """`one of them grey, the other stays white`: some of a line become another variant, the rest stays; [] else.

    What of them is not wanted at all goes out: `bittasi qora boʻlsin, bittasi kerak emas`.
    """
    if len(held) != 1 or held[0]["qty"] < 2:
        return []
    line = held[0]
    some = besides.of_them(talk) or any(token.key in SHARES for token in talk.meaning.tokens)
    others = [look for look in said if (look.size or look.color) and not same_line(line, look)]
    if some and len(others) == 1 and others == list(said):
        others = [replace(others[0], qty=others[0].qty or 1)]  # "biri qora boʻlsin"
    kept_ones = [look for look in said if (look.size or look.color) and same_line(line, look)]
    gone = sum(look.qty for look in denied if not look.size)
    instead = any(token.key in keys("questions", "instead") for token in talk.meaning.tokens)  # "instead 2 black"
    left = int(line["qty"]) - (gone if gone and instead else gone + sum(look.qty for look in others))
    if not others or not all(look.qty for look in others) or left < 0 or not (kept_ones or some):
        return []
    if not left and kept_ones:
        return []
    new = [{"sku": sku, **of_line(line), **_said_of(look), "quantity": look.qty} for look in others]
    if left or gone:
        return [so_many_left(sku, line, left), *(Call("add_to_cart", args) for args in new)]
    turned = {**new[0], "old_size": line["size"], "old_color": line["color"]}  # the line becomes the first of them
    return [Call("change_item", turned), *(Call("add_to_cart", args) for args in new[1:])]


def _fewer(sku: str, denied: Sequence[Look], held: Sequence[Mapping[str, Any]]) -> Call | None:
    """`bittasi kerak emas` of three: two stay; None where no number is taken out, or all there are.

    Of several lines the one that is named, else the one of just so many, else the newest that has more.
    """
    look = denied[0] if len(denied) == 1 else Look()
    bare = not (look.size or look.color)
    lines = [line for line in held if bare or same_line(line, look)]
    if not look.qty or look.qty >= sum(int(line["qty"]) for line in lines):
        return None
    whole = next((line for line in lines if int(line["qty"]) == look.qty), None)
    line = whole or next((one for one in reversed(lines) if int(one["qty"]) > look.qty), None)
    return so_many_left(sku, line, int(line["qty"]) - look.qty) if line else None


def _all_held(said: Sequence[Look], held: Sequence[Mapping[str, Any]]) -> bool:
    """`those 10, then`: as many as there are of all the variants together, so that nothing is new."""
    return len(held) > 1 and list(said) == [Look(qty=sum(int(line["qty"]) for line in held))]


def _adding(talk: Talk, acts: set[str]) -> set[str]:
    """`yana bitta 26 bo'lsin`: let there be one more, which changes nothing that is there."""
    changes = [talk.meaning.tokens[one.first].key for one in talk.meaning.met if one.name == "change"]
    lets_be = "more" in acts and all(said in keys("questions", "let_be") for said in changes)
    other = any(one.acts & _GOES_OUT and not one.acts & MORE for one in talk.meaning.goods.mentions)
    for_it = "more" in acts and other  # "no clock, give me one more green mug instead": in place of the clock
    return acts - {"change"} if lets_be or for_it else acts


def _like_held(look: Look, held: Sequence[Mapping[str, Any]]) -> Look:
    """`42 and 43` of what is there in black: the colour or size that is not said is the one that all lines have."""
    color = "" if look.color or look.no_color or not look.size else _shared(held, "color")
    size = "" if look.size or look.no_size or not look.color else _shared(held, "size")
    return replace(look, color=look.color or color, size=look.size or size)


def _shared(held: Sequence[Mapping[str, Any]], name: str) -> str:
    """The size or colour that all lines have."""
    values = {str(line[name]) for line in held}
    return values.pop() if len(values) == 1 else ""


def _said_of(look: Look) -> dict[str, str]:
    return {name: value for name, value in look.asked().items() if value}


def counted_out(talk: Talk) -> bool:
    """Whether the number is of what goes out: not in "ikkita yetadi, больше не надо"."""
    pieces = [one for one in talk.meaning.goods.loose if not _DOWN_TO.search(one.said)]
    return any(piece.numbers and any(met.name == "remove" for met in piece.met) for piece in pieces)


def told_size(talk: Talk, sku: str, said: list[Look]) -> list[Look]:
    """`oʻsha razmerni`, `в этом размере`: the size that was just found to fit."""
    told = talk.session.look.get(sku, {}).get("size", "")
    return [look if look.size or look.no_size or not told else replace(look, size=told) for look in said or [Look()]]
