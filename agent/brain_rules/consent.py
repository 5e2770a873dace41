"""Yes and no, payment, status and cancelling: what is said of an order rather than of goods.

A yes counts only for what waits for one: the summary, else the last offer.
"""

from __future__ import annotations

from agent.brain import Call
from agent.brain_rules import asks, edits, shop_answers
from agent.brain_rules.assent import adds_what_waits, says_yes
from agent.brain_rules.if_none import if_none
from agent.brain_rules.lexicon import words_of
from agent.brain_rules.meaning import Meaning
from agent.brain_rules.piece import Look
from agent.brain_rules.plan import Plan, add
from agent.brain_rules.talk import Talk, Thinking

_ORDER = tuple(words_of(("zakaz", "buyurtma", "order")))
_QUESTIONS = ("price", "available", "delivery", "delivery_time", "hours", "location", "returns", "payment")


def order(talk: Talk, before: list[str]) -> Thinking:
    """Yes and no, payment, status, cancelling."""
    m, order = talk.meaning, talk.heard.open_order
    of_one = [one for one in m.goods.mentions if "cancel" in one.acts]  # "cancel the cable": that alone went out
    if m.any("cancel") and all(one.name != "cancel" for one in m.met):
        _ask_cancel(talk)  # only heard by how it sounds (dialogue_acts.py): that takes a yes
    elif m.any("cancel") and not (of_one and (talk.edited or any(talk.in_cart(one.skus[0]) for one in of_one))):
        yield from _cancel(talk)
    elif order and m.any("paid") and talk.cart["empty"]:
        results = yield [Call("claim_payment", {})]
        talk.done = bool(results)
    elif order and m.any("card") and talk.cart["empty"]:
        results = yield [Call("show_card", {})]
        if results[0].data.get("status") == "nothing":
            talk.speech.say("talk.no_transfer")
        talk.done = True
    elif order and m.any("in_order") and m.asks and talk.cart["empty"] and not m.goods.mentions:
        yield from asks.say_order(talk)
    elif order and m.any("status", "delivery_time") and talk.cart["empty"] and not m.goods.mentions:
        results = yield [Call("order_status", {})]
        talk.done = True
        if m.any("delivery_time") and m.any("status"):  # else delivery is asked of, and answered
            shop_answers.say_days(talk, str(results[0].data.get("days", "")))
    elif m.any("status") and not order and talk.cart["empty"] and not m.goods.mentions:
        talk.speech.say("talk.no_order")
        talk.answered = True
    elif m.any("paid") and not order and talk.cart["empty"] and m.any("card", "receipt_word"):
        yield [Call("claim_payment", {})]
        talk.done = True
    elif m.any("paid") and not order and talk.cart["to_transfer"]:  # sent before the yes, which is still asked for
        yield [Call("claim_payment", {})]
        talk.answered = True
    if talk.done or talk.edited:
        if talk.edited and _plain_yes(m) and "confirm" in before and talk.cart["waits_for_yes"]:
            yield from confirmed(talk)
        return
    if m.any("refuse", "remove") and not m.goods.mentions and not m.any("agree", *_QUESTIONS, "order"):
        yield from said_no(talk, before)
    elif (m.any("agree") and not m.any("later")) or (m.any("order") and "confirm" in before and not m.goods.mentions):
        yield from _said_yes(talk, before)


def _ask_cancel(talk: Talk) -> None:
    talk.session.offer, talk.session.asked = {"cancel": True}, ["offer"]
    buttons = [[talk.button("talk.button_yes", "b:cancel"), talk.button("talk.button_no", "b:no")]]
    talk.speech.ask("talk.sure_cancel", buttons, number=talk.heard.open_order["number"])


def of_an_order(talk: Talk) -> bool:
    """Whether an order is spoken of: `cancel my order`."""
    return any(token.key.startswith(_ORDER) for token in talk.meaning.tokens)


def only_cancels(talk: Talk) -> bool:
    """`cancel the order, we have a bottle already`: what is named is why, and is neither bought nor asked about."""
    m = talk.meaning
    placed = talk.cart["empty"] and bool(talk.heard.open_order.get("changeable"))
    return placed and m.any("cancel") and of_an_order(talk)


def _plain_yes(m: Meaning) -> bool:
    return says_yes(m) and not m.any("refuse", "change", "remove")


def _said_yes(talk: Talk, before: list[str]) -> Thinking:
    """A yes counts for what waits for one: the summary, else the last offer."""
    # asked of staff, answered by them: the summary has followed
    if talk.cart["waits_for_yes"] and ("confirm" in before or before in ([], ["stock"])):
        if says_yes(talk.meaning) or adds_what_waits(talk.meaning, talk.cart, talk.session.focus):
            yield from confirmed(talk)
    elif _asks_of_others(talk):
        return  # "ладно, ваниль есть?" turns to another thing
    elif talk.session.offer.get("person") and talk.meaning.any("order") and not talk.cart["empty"]:
        talk.session.offer = {}  # "ладно, оформляйте" to "shall I call somebody?": the order goes on
    elif ("offer" in before and talk.session.offer) or (
        before and talk.session.offer.get("sku") and set(before) & {"size", "color"}
    ):
        yield from accepted(talk)


def _asks_of_others(talk: Talk) -> bool:
    """Whether a word of assent only begins a question about other goods, and adds none to what was offered."""
    m, offered = talk.meaning, set(talk.session.offer.get("skus", ()))
    others = [one for one in m.goods.mentions if not offered & set(one.skus)]
    adds = any(one.acts & {"also", "more", "order"} for one in others)
    return bool(offered and others) and len(others) == len(m.goods.mentions) and m.asks and not adds


def confirmed(talk: Talk) -> Thinking:
    results = yield [Call("place_order", {})]
    talk.done = True
    if results[0].data["status"] == "placed":
        talk.session.asked = ["receipt"]
        talk.session.focus, talk.session.look, talk.session.offer, talk.session.photos = [], {}, {}, []
    elif results[0].data["status"] == "shown":
        talk.session.asked = ["confirm"]


def accepted(talk: Talk) -> Thinking:
    """Does what was offered; without an offer, puts what was talked about into the cart."""
    offer, session = talk.session.offer, talk.session
    session.offer = {}
    if offer.get("person"):
        yield from asks.call_person(talk, offer["person"])
    elif offer.get("cancel"):
        yield from _cancel(talk)
    elif offer.get("saved"):
        yield [Call("use_saved", {})]
        talk.edited = True
    elif offer.get("sku"):
        args = {"sku": offer["sku"], "size": offer["size"], "color": offer["color"], "quantity": offer["qty"]}
        yield from edits.apply(talk, Plan(calls=[Call("add_to_cart", args)]))
    else:
        skus = [sku for sku in offer.get("skus", session.focus) if sku in talk.heard.shop.products]
        yield from edits.apply(talk, Plan(calls=[add(talk, sku, Look()) for sku in skus]))


def said_no(talk: Talk, before: list[str]) -> Thinking:
    """A no to the summary asks what to change; to an offer closes it; with a full cart and no question empties it."""
    session = talk.session
    if talk.cart["waits_for_yes"] or "confirm" in before:
        talk.speech.ask("talk.ask_change")
        session.asked = ["change"]
    elif session.offer.get("saved"):
        session.offer = {}
        session.declined.append("saved")
    elif "offer" in before or session.offer:
        if session.offer.get("cancel"):
            yield [Call("clear_cart", {})]  # the order stays as it was
        session.offer = {}
        talk.speech.say("talk.later")
        session.focus = []
        talk.done = talk.cart["empty"]
    elif not talk.cart["empty"] and talk.meaning.any("remove") and not if_none(talk.meaning.tokens):
        yield from _cancel(talk)
    elif talk.meaning.any("refuse", "remove"):
        talk.speech.say("talk.later")
        session.focus = []
        talk.done = talk.cart["empty"] or talk.meaning.any("later")  # "hozircha kerakmas": nothing is asked on


def _cancel(talk: Talk) -> Thinking:
    talk.done = True
    only_looked = bool(talk.session.focus or talk.session.shown) and not of_an_order(talk)
    talk.session.focus, talk.session.look, talk.session.offer = [], {}, {}
    talk.session.shown, talk.session.photos = [], []
    changing = talk.cart["number"] is not None
    if changing or not talk.cart["empty"]:
        yield [Call("clear_cart", {})]
        if not changing:
            talk.speech.say("talk.cleared")
            return
    if talk.heard.open_order:
        yield [Call("cancel_order", {})]
    else:  # "stop, my brother has bought one": nothing was ordered yet
        talk.speech.say("talk.later" if only_looked else "talk.nothing_to_cancel")
