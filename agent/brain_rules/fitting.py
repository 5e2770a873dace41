"""What fits somebody: a size by the number they wear, a child's age, a foot or the shop's own words, or a thing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.brain import Call
from agent.brain_rules import meant_for
from agent.brain_rules.choosing import MOST
from agent.brain_rules.lexicon import keys
from agent.brain_rules.numbers import numbers
from agent.brain_rules.piece import Look
from agent.brain_rules.plan import Plan
from agent.brain_rules.shop_answers import faq
from agent.brain_rules.sizes import are_heights
from agent.brain_rules.talk import Talk, Thinking, result_of

_TALLEST = 176
_MOST_TOLD = 3  # things of a list whose size is told
_FOOT = re.compile(
    r"(?:стоп[аыу]|ступн\w*|нога|ножка|oyo[qgk']\w*|oyogʻi\w*|оёғи\w*|оёги\w*|foot|feet)\D{0,20}?(\d{2}(?:[.,]\d)?)(?!\d)",
    re.IGNORECASE,
)


def _foot(text: str) -> str:
    """The length of a foot in cm, as typed: `стопа 24.5`, `oyogʻi 19 sm`; "" without one."""
    found = _FOOT.search(text)
    return found[1] if found else ""


def size_advice(talk: Talk, sku: str, *, only_if_known: bool = False) -> Thinking:
    """Which size fits somebody who wears a number; without one the chart, or a person's advice is offered."""
    if not talk.product(sku).sizes:
        if not only_if_known:  # which shade suits somebody, only the shop can know
            yield from faq(talk, apart=True)
        return
    tokens = talk.meaning.tokens
    ages = [
        one.value for one in numbers(tokens) if one.past < len(tokens) and tokens[one.past].key in keys("ages", "age")
    ]
    tall = are_heights(talk.product(sku).sizes)  # children's: the number that is told is a height
    worn = [one.value for one in numbers(tokens) if 20 <= one.value <= (_TALLEST if tall else 70)]
    foot = _foot(talk.meaning.text)
    asked = {"sku": sku, "worn": [0, *worn][-1], "age": [0, *ages][-1], "foot": float(foot.replace(",", ".") or 0)}
    data = result_of((yield [Call("size_advice", asked)]))
    if data["size"]:
        key = "talk.size_fits_foot" if foot else "talk.size_fits_age" if ages else "talk.size_fits"
        talk.speech.say(key, title=data["title"], number=foot or (ages or worn)[-1], size=data["size"])
        talk.session.look[sku] = {**talk.session.look.get(sku, {"color": ""}), "size": data["size"]}
    elif only_if_known:
        return
    elif data["chart"]:
        talk.speech.say("talk.size_chart", chart="; ".join(f"{size} — {span}" for size, span in data["chart"].items()))
    elif not (yield from faq(talk)):  # some shops tell their sizes in an answer of their own
        talk.speech.say("talk.size_person")
    talk.answered = True


def told_sizes(talk: Talk, made: Plan) -> None:
    """`my baby is 8 kilos, which size?` of what comes in "S 3-6 kg, M 6-9 kg": tells the size and remembers it."""
    m = talk.meaning
    which = any(token.key in keys("questions", "wh") for token in m.tokens)  # "how many watts for 80 litres"
    if made.calls or not (which or m.any("size_advice", "size")):
        return
    skus = list(dict.fromkeys([*(sku for sku, _ in made.asked), *(made.which[0] if made.which else ())]))
    notes = [one.a.text(talk.heard.language) for one in talk.heard.shop.profile.faq]
    found = {sku: meant_for.size_for(talk.product(sku), m.text, notes) for sku in skus or talk.session.focus}
    found = {sku: size for sku, size in found.items() if size}
    for sku, size in list(found.items())[:_MOST_TOLD]:
        talk.speech.say("talk.size_told", title=talk.title(sku), size=size)
        talk.remember(sku, Look(size=size))
    made.asked = [(sku, replace(look, size=found.get(sku, look.size))) for sku, look in made.asked]
    if found:
        talk.answered = True
        m.wants.discard("size_advice")


def keep_fitting(talk: Talk, made: Plan) -> None:
    """`my son is 5, which bike fits him?`: of the kind that is asked about those that are meant for that."""
    m = talk.meaning
    which = any(token.key in keys("questions", "wh") for token in m.tokens) or m.any("size_advice", "compare")
    if made.calls or not which:
        return
    asked = [sku for sku, _ in made.asked]
    if not made.which and len(asked) > 1 and len(fit := meant_for.fitting(talk.heard.shop, asked, m.text)) == 1:
        made.asked = [(sku, look) for sku, look in made.asked if sku in fit]  # "24 m2: the one with 6 or 8 arms?"
        m.wants |= {"about"}
    if not made.which:
        return
    kept = meant_for.fitting(talk.heard.shop, made.which[0], m.text)
    kept = kept or meant_for.fitting(talk.heard.shop, _of_kind(talk, made.which[0]), m.text)
    if not kept or len(kept) == len(made.which[0]):
        return
    made.which[0] = kept
    made.asked = [(sku, look) for sku, look in made.asked if sku in kept]  # "fits him" names no other thing
    m.wants.discard("size_advice")


def _of_kind(talk: Talk, skus: Sequence[str]) -> list[str]:
    """Whatever else of the same shelf the words fit: the children's glasses, where those for adults fit them better."""
    shelves = {talk.product(sku).category for sku in skus}
    hits = talk.heard.shop.search.find(talk.meaning.text, MOST)
    return [hit.sku for hit in hits if hit.sku not in skus and talk.product(hit.sku).category in shelves]


def which_size(talk: Talk, made: Plan) -> Thinking:
    """Which size fits; a size that is being taken is only said to fit the number that somebody wears."""
    bought = [str(call.args["sku"]) for call in made.calls if "sku" in call.args]
    known = any(look.size or look.no_size for _, look in made.asked)
    skus = [*bought, *(sku for sku, _ in made.asked), *talk.session.focus]
    if not skus and made.which:  # "qizim 127 sm, qaysi razmer": things that come in the same sizes
        skus = _of_one_size_chart(talk, made.which[0])
    if skus and not known:
        yield from size_advice(talk, skus[0], only_if_known=bool(bought))


def _of_one_size_chart(talk: Talk, skus: list[str]) -> list[str]:
    """The first of several things of one shelf that come in children's heights: what fits in one fits in all."""
    products = [talk.product(sku) for sku in skus]
    alike = len({one.category for one in products}) == 1 and all(are_heights(one.sizes) for one in products)
    return skus[:1] if alike else []
