"""Which size fits somebody: by the number they wear, a child's age, the length of a foot, or the shop's own words."""

from __future__ import annotations

import re

from agent.brain import Call
from agent.brain_rules.lexicon import keys
from agent.brain_rules.numbers import numbers
from agent.brain_rules.shop_answers import faq
from agent.brain_rules.sizes import are_heights
from agent.brain_rules.talk import Talk, Thinking, result_of

_TALLEST = 176
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
