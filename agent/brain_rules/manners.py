"""Greetings, thanks and goodbyes."""

from __future__ import annotations

from agent.brain import Call
from agent.brain_rules import asks, consent, lists
from agent.brain_rules.assent import says_yes
from agent.brain_rules.meaning import COMPARING
from agent.brain_rules.numbers import numbers
from agent.brain_rules.talk import Talk, Thinking
from orders.order.moves import AWAITING, PROBLEM

_MANNERS = frozenset({"wish", "salam", "greeting", "thanks", "bye", "later", "agree", "and", "this", "done"})
_ASSENT = frozenset({"agree", "done", "this", "and"})
_SHORT = 4  # tokens
_GREETING_ONLY = frozenset({"salam", "greeting", "and"})
_PATIENCE = 2  # so often which product is asked before a person is offered


def greet(talk: Talk) -> None:
    """A greeting is returned once a conversation begins, or when that is all that was said."""
    m = talk.meaning
    if m.any("salam"):
        talk.speech.say("talk.salam")
    elif m.any("greeting") or talk.heard.first:
        talk.speech.say("talk.hello")


def manners(talk: Talk, before: list[str]) -> Thinking:
    """Thanks, goodbyes and greetings that came alone; who still owes money is told how the order stands instead."""
    m = talk.meaning
    if talk.answered or talk.edited or talk.done or talk.speech.question is not None:
        return
    wants = m.wants - COMPARING  # "большое спасибо"
    if "thanks" in wants and not m.asks and not wants & {"order", "more", "change", "price", "available"}:
        wants = wants & _MANNERS  # "the books came yesterday, thank you so much"
    alone = bool(wants) and not (wants - _MANNERS) and not m.goods.mentions
    if _nothing_said(talk):
        talk.done = True
        return
    if not alone:
        return
    plain = len(m.tokens) <= _SHORT and not numbers(m.tokens)
    if "done" in wants and wants <= _ASSENT and talk.cart["empty"] and plain and "offer" not in before and before:
        talk.speech.say("talk.later")  # "that's all" to a list: nothing is taken
        talk.done = True
    elif "product" in before and "agree" in wants and wants <= _ASSENT and plain and talk.cart["empty"]:
        yield from _still_which(talk)
    elif {"size", "color"} & set(before) and says_yes(m) and len(talk.session.focus) == 1 and talk.cart["empty"]:
        yield from consent.accepted(talk)  # "yes" to "which colour?": it is wanted, and the colour asked once more
    elif wants & {"agree", "done"} and wants <= _ASSENT and talk.cart["empty"] and plain:
        talk.done = True  # "ok" to something that asked for nothing
    elif "thanks" in wants and _money_is_missing(talk, before):
        yield [Call("order_status", {})]
        talk.done = True
    elif wants & {"thanks", "bye", "later"}:
        talk.speech.say("talk.bye" if "bye" in wants else "talk.later_ok" if "later" in wants else "talk.thanks")
        if talk.cart["empty"] or "later" in wants or "bye" in wants:
            talk.done = True
    elif wants != {"and"} and wants <= _GREETING_ONLY and talk.cart["empty"]:
        talk.speech.ask("talk.ask_help")
        talk.session.asked = ["product"]


def _still_which(talk: Talk) -> Thinking:
    """`yes`, `угу` to "which product?": still which; where it was asked before too, a person is offered."""
    times = talk.session.told.get("list", 1) + 1
    if times <= _PATIENCE and len(talk.session.shown) > 1:
        yield from lists.choices(talk, list(talk.session.shown))
        return
    talk.session.asked = ["product"]
    if times > _PATIENCE:
        asks.offer_person(talk)
    else:
        talk.speech.ask("talk.ask_product")
    talk.session.told = {"list": times, "unlisted": 1}


def _money_is_missing(talk: Talk, before: list[str]) -> bool:
    """Whether thanks would sound as if all were well, though the money of an order is not seen.

    Right after the card was shown (its receipt was asked for last) nothing is wrong yet.
    """
    order = talk.heard.open_order
    waits = order.get("status") == PROBLEM or (order.get("status") == AWAITING and "receipt" not in before)
    return waits and bool(order["owes"]) and talk.cart["empty"]


def _nothing_said(talk: Talk) -> bool:
    """An empty message, a lone sticker: nothing to answer, unless it opens the conversation."""
    m = talk.meaning
    said = any(character.isalnum() for character in m.text)
    shown = any(one.seen or one.skus or one.phone or one.location for one in talk.heard.words)
    return not said and not shown and (not talk.cart["waits_for_yes"] or not m.any("agree"))
