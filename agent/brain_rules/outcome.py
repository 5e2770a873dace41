"""What came of a change of the cart: said when it is not simply done, with what there is instead."""

from __future__ import annotations

from agent.brain import Result
from agent.brain_rules.answers import say_missing
from agent.brain_rules.talk import Talk


def outcome(talk: Talk, result: Result) -> None:
    """Says what a change of the cart brought when it is not simply done."""
    data = result.data
    if result.refused:
        talk.speech.say("talk.too_many")
        return
    status = data["status"]
    if status in ("in", "picked", "removed"):
        talk.edited = talk.goods_changed = True
    if status == "removed":
        talk.speech.say("talk.removed", title=data["title"])
        talk.session.focus = [sku for sku in talk.session.focus if sku != data["sku"]]
    elif status == "less":
        talk.speech.say("talk.less", title=talk.named(data), left=data["left"])
        talk.session.offer = {"sku": data["sku"], "size": data["size"], "color": data["color"], "qty": data["left"]}
        talk.speech.ask("talk.ask_less", left=data["left"])
        talk.session.asked = ["offer"]
    elif status in ("out", "no_size", "no_color"):
        say_missing(talk, data)
        talk.focus_on([data["sku"], *talk.session.focus])  # what is offered instead is answered next
