"""Answers about the shop itself: delivery, hours, where it is, payment, returns, what its owner wrote in the faq."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from agent.brain import Call, Sum
from agent.brain_rules.answers import in_line, products, tells_of
from agent.brain_rules.intents import asks_papers
from agent.brain_rules.lexicon import index, keys
from agent.brain_rules.meaning import Meaning
from agent.brain_rules.numbers import numbers
from agent.brain_rules.piece import kept
from agent.brain_rules.talk import Talk, Thinking, result_of
from shop import regions
from shop.places import places_of


def facts(talk: Talk) -> Thinking:
    """Answers to questions about the shop, in the order people care about; the last one is remembered as the topic."""
    answered = []
    for topic, (asked, answer) in _TOPICS.items():
        if asked(talk):
            answered.append(topic)
            yield from answer(talk)
    if answered:
        talk.answered = True
        talk.session.topic = answered[-1]
    elif talk.meaning.goods.asides and talk.edited:
        return  # what is asked beside the order was asked by itself
    elif talk.meaning.question or not (talk.meaning.said_something and (talk.answered or talk.edited)):
        yield from faq(talk, apart=talk.answered or talk.edited)


def how_long(talk: Talk) -> Thinking:
    """`and an unopened one, how many days?` behind giving back, `за сколько дней?` behind delivery to a town."""
    m, topic = talk.meaning, talk.session.topic
    if not m.any(*_HOW_LONG) or m.wants - _HOW_LONG - _BESIDE or not m.wonders or m.phones or m.address:
        return
    if index("asked").find(m.tokens) or talk.heard.open_order:
        return  # of work that is done, of what is on its way
    if topic == "delivery" and talk.session.region and not (m.goods.mentions or m.region):
        m.region = talk.session.region
        yield from _delivery(talk)
    elif topic == "returns" and not any(piece.numbers for piece in m.goods.pieces):  # "2 plates, when do they come?"
        yield from say_text(talk, "returns")
    else:
        return
    talk.answered = True
    m.wants -= _HOW_LONG
    m.goods.mentions, m.goods.loose, m.goods.asides = [], [], []


def _delivery(talk: Talk) -> Thinking:
    m = talk.meaning
    gone = any(line.key in ("talk.out", "talk.sold_out") for line in talk.speech.lines)
    if gone and not (m.region or m.address or m.any("delivery", "free_delivery", "price")):
        talk.speech.say("talk.staff_know")  # "when does it come?" of what is sold out: not how long a courier drives
        return
    to = regions.region_of(talk.heard.shop.profile, m.address)  # "they live in Buxoro, I in Xiva", and the address
    place = to.key if to else m.region
    abroad = not place and any(one.name == "abroad" for one in index("places").find(m.tokens))
    if abroad and (yield from faq(talk)):
        return
    talk.session.region = place or talk.session.region
    data = result_of((yield [Call("delivery_price", {"place": place or _named_place(m.text)})]))
    places = data["regions"]
    if places and (data["beyond"] or abroad):
        talk.speech.say("talk.beyond", places=", ".join(short_name(one["name"]) for one in places))
        return
    if not places:
        talk.speech.say("talk.delivery_unknown")
        return
    if data["known"] or len(places) == 1:
        _say_delivery(talk, places[0], data["currency"])
    else:
        for one in places[:3]:
            _say_delivery(talk, one, data["currency"])
        if len(places) > 3:
            prices = sorted(one["price"] for one in places[3:])
            low, high = (Sum(price, data["currency"]) for price in (prices[0], prices[-1]))
            talk.speech.say("talk.delivery_same" if low == high else "talk.delivery_rest", low=low, high=high)
    free, costs = data["free_from"], any(one["price"] for one in places)
    if m.any("free_delivery") or (free and costs and m.any("price", "paid_way")):
        talk.speech.say("talk.free_from" if free else "talk.not_free", sum=Sum(free or 0, data["currency"]))
    elif data["paid"] == "on_arrival" and m.any("payment"):
        talk.speech.say("talk.paid_on_arrival")


def _named_place(text: str) -> str:
    """A town or region of the country as the message has it; "" when it names none."""
    return next((text[one.start : one.end] for one in places_of(text) if one.kind != "spot"), "")


def _say_delivery(talk: Talk, region: dict[str, Any], currency: str) -> None:
    key = "talk.delivery_days" if region["days"] else "talk.delivery"
    key = key if region["price"] else "talk.delivery_free"
    price = Sum(region["price"], currency)
    talk.speech.say(key, place=short_name(region["name"]), price=price, days=region["days"], n=_last(region["days"]))


def say_days(talk: Talk, days: str) -> None:
    """How many days the way to an order's address takes; nothing where the shop does not say, or less than one."""
    if days.strip(" 0"):
        talk.speech.say("talk.takes_days", days=days, n=_last(days))


def _last(days: str) -> int:
    """Of "2-4" the number that counts the word behind it."""
    return [1, *map(int, re.findall(r"\d+", days))][-1]


def short_name(name: str) -> str:
    """A delivery region's name without what it lists: "Boshqa tumanlar (Asaka, Chust)"."""
    return name.split("(")[0].strip() or name


def _hours(talk: Talk) -> Thinking:
    data = result_of((yield [Call("shop_facts", {"topic": "hours"})]))
    talk.speech.say("talk.hours", hours=data["text"])


def _location(talk: Talk) -> Thinking:
    data = result_of((yield [Call("shop_facts", {"topic": "location"})]))
    if not data["address"] and not data["landmark"]:
        talk.speech.say("talk.online_only")
        return
    where = ", ".join(part for part in (data["address"], data["landmark"]) if part)
    talk.speech.say("talk.location", where=where)
    if talk.meaning.question or talk.meaning.any("returns", "size_advice"):
        yield from faq(talk)


def pickup(talk: Talk) -> Thinking:
    """`o'zim olib ketsam bo'ladimi?`: where to come for it."""
    data = result_of((yield [Call("shop_facts", {"topic": "location"})]))
    where = ", ".join(part for part in (data["address"], data["landmark"]) if part)
    talk.speech.say("talk.pickup_yes" if where else "talk.no_topic", where=where)
    talk.answered = True


def _contacts(talk: Talk) -> Thinking:
    data = result_of((yield [Call("shop_facts", {"topic": "contacts"})]))
    talk.speech.say("talk.phone" if data["phone"] else "talk.write_here", phone=data["phone"])


def say_text(talk: Talk, topic: str) -> Thinking:
    """What the owner wrote of a topic."""
    data = result_of((yield [Call("shop_facts", {"topic": topic})]))
    if data["text"]:
        talk.speech.say("talk.text", text=data["text"])
    else:
        talk.speech.say(f"talk.no_{topic}")


def faq(talk: Talk, question: str = "", *, apart: bool = False) -> Thinking:
    """The shop's own answer to what is asked (else to the whole message), if it has one. True: it had.

    `apart`: only one that more than names of goods speaks for.
    """
    asked = (question or talk.meaning.text)[:500]
    asks = talk.meaning.asks or talk.meaning.any("size_advice", "about", "available", "price")
    asked += "?" if asks and not asked.rstrip().endswith("?") else ""
    data = result_of((yield [Call("faq", {"question": asked})]))
    found = bool(data["text"]) and (data["apart"] or not apart)
    brief = len(talk.session.focus) == 1 and len(talk.meaning.tokens) <= _BRIEF  # "how many cards?" of a wallet
    found = found and not (data["near"] and not data["same"] and (brief or tells_of(talk, asked)))
    if found and not any(line.facts.get("text") == data["text"] for line in talk.speech.lines):
        talk.speech.say("talk.text", text=data["text"])
    talk.answered = talk.answered or found
    talk.session.inquiry = asked if found else talk.session.inquiry
    return found


def _gift(talk: Talk) -> Thinking:
    yield from faq(talk, f"{talk.meaning.text} sovgʻaga")  # whoever asks about wrapping asks about gifts


def _wholesale(talk: Talk) -> Thinking:
    """The shop's own words, or what many cost of the thing in view; else staff's to tell. A person is offered."""
    if any(line.key == "talk.qty_price" for line in talk.speech.lines):
        return  # what each of so many costs is told
    yield from faq(talk)
    view = [sku for sku in talk.session.focus if sku in talk.heard.shop.products]
    if not talk.answered and len(view) == 1 and talk.product(view[0]).qty_price:
        many = max((one.value for one in numbers(talk.meaning.tokens) if one.counted), default=1)
        yield from products(talk, [(view[0], replace(kept(talk.session.look.get(view[0], {})), qty=many))])
    elif not talk.answered:
        talk.speech.say("talk.wholesale")
    talk.speech.ask("talk.ask_person", [[talk.button("talk.button_person", "b:person")]])
    talk.session.offer = {"person": "wholesale"}
    talk.session.asked = ["offer"]


def say_kinds(talk: Talk) -> Thinking:
    """What the shop sells."""
    data = result_of((yield [Call("list_products", {})]))
    if data["categories"]:
        talk.speech.say("talk.catalog", kinds=in_line(data["categories"]))


def _catalog(talk: Talk) -> Thinking:
    yield from say_kinds(talk)
    talk.speech.ask("talk.ask_product")
    talk.session.asked = ["product"]


_SHORT, _BRIEF = 5, 3  # words
_SENDS = re.compile(
    r"yubor|юбор|жў?нат|жунат|jo.?nat|присла|пришл|отпр|посл|посыл|везё|везе|вози|\bsend|\bship|\bbring|bervor|берво"
    r"|o[bp]+or|обор|\belt|\bэлт|olib (?:bor|kel)|yetkaz|етказ|o[bp]+ke",
    re.IGNORECASE,
)


_HOW_LONG = frozenset({"delivery_time", "days"})
_BESIDE = frozenset({"and", "agree", "this", "neutral", "supposed", "also", "about", "not_it", "exchange", "question"})
_OF_SENDING = frozenset({"delivery", "free_delivery"})


def _is_delivery(talk: Talk) -> bool:
    m = talk.meaning
    if m.any("returns") and not m.any("delivery", "free_delivery") and not m.region:
        return False  # "how many days do you give?"
    if talk.session.topic == "returns" and m.wants & _HOW_LONG and not (m.wants & _OF_SENDING or m.region or m.address):
        return False  # "and within how many days?" of taking it back
    if m.address and not m.question and not m.any("price", "delivery_time"):
        return False
    if m.any("delivery", "free_delivery", "delivery_time"):
        return not (m.any("delivery_time") and m.any("status") and bool(talk.heard.open_order))
    told = (
        (m.any("price") or m.asks)
        and not m.address
        and (_SENDS.search(m.text) or _only_where(m) or _priced_place(talk))
    )
    if told and (m.region or regions.beyond(talk.heard.shop.profile, m.text)):
        return True  # "Navoiyga yuborasizmi, narxi qancha"
    follows = talk.session.topic == "delivery" and bool(m.region) and not m.goods.mentions
    return follows and not m.address


def _priced_place(talk: Talk) -> bool:
    """`2 packs of it, and to Samarkand how much?`: a part asks for a price and names nothing but a place."""
    parts = [one for one in talk.meaning.goods.pieces if not (one.named or one.numbers) and len(one.tokens) <= _SHORT]
    priced = [one.said for one in parts if any(met.name == "price" for met in one.met)]
    return any(regions.region_of(talk.heard.shop.profile, said) for said in priced)


def _only_where(m: Meaning) -> bool:
    """`в Фергану можно?`: whether nothing but a place is asked."""
    return not (m.goods.mentions or m.wants) and len(m.tokens) <= _SHORT


def _is_returns(talk: Talk) -> bool:
    """Asked, or asked on: `а ремень, если мы его уже подрезали?`"""
    m = talk.meaning
    wonders = m.wonders or (bool(m.tokens) and m.tokens[-1].key.endswith("chi"))  # "ochib qo'ygan bo'lsam-chi"
    follows = talk.session.topic == "returns" and wonders and not m.any("price", "available", "order")
    supposed = any(token.key in keys("questions", "unsure") for token in m.tokens)  # "а ремень, если подрезали?"
    follows = follows and not (m.wants & _OF_SENDING or m.region or (m.goods.mentions and not supposed))
    return m.any("returns") or follows


def _is_installments(talk: Talk) -> bool:
    """Asked, or asked on: `onlayn qilsa bo'ladimi yoki borish kerakmi?`"""
    m = talk.meaning
    else_ = any(one.name != "papers" for one in index("asked").find(m.tokens))  # "qavatga chiqarib berasizmi"
    brief = m.wonders and len(m.tokens) <= _BRIEF and not m.goods.mentions  # "неча ойга"
    asks = ((m.asks or brief) and not else_) or asks_papers(m.tokens)
    follows = talk.session.topic == "installments" and asks and not m.any("price", "available", "order", "delivery")
    return m.any("installments") or (follows and not m.goods.mentions and not talk.answered)


def _is_hours(talk: Talk) -> bool:
    m = talk.meaning
    on = m.any("days") and talk.session.topic == "location" and m.asks and not m.goods.mentions  # "and on monday?"
    return m.any("hours") or on or (m.any("days") and talk.session.topic == "hours")


_TOPICS: dict[str, tuple[Callable[[Talk], bool], Callable[[Talk], Thinking]]] = {
    "delivery": (_is_delivery, _delivery),
    "hours": (_is_hours, _hours),
    "location": (lambda talk: talk.meaning.any("location"), _location),
    "contacts": (lambda talk: talk.meaning.any("contacts"), _contacts),
    "returns": (_is_returns, partial(say_text, topic="returns")),
    "payment": (
        lambda talk: (talk.meaning.any("payment") and not talk.meaning.any("paid")) or _asks_card(talk),
        lambda talk: _payment(talk),
    ),
    "installments": (_is_installments, partial(say_text, topic="installments")),
    "gift": (lambda talk: talk.meaning.any("gift") and talk.meaning.asks, _gift),
    "wholesale": (lambda talk: talk.meaning.any("wholesale"), _wholesale),
    "catalog": (lambda talk: talk.meaning.any("catalog") and not talk.meaning.goods.mentions, _catalog),
}


def _asks_card(talk: Talk) -> bool:
    """The card is asked for before the order is placed: how payment goes is told."""
    return talk.meaning.any("card") and not (talk.heard.open_order and talk.cart["empty"])


def _payment(talk: Talk) -> Thinking:
    now = talk.cart["to_transfer"]  # None: not known before the region is
    if _asks_card(talk) and now == 0:
        talk.speech.say("talk.no_transfer")
        return
    yield from say_text(talk, "payment")
    if talk.heard.open_order and talk.cart["empty"]:
        yield [Call("order_status", {})]  # tells what is to be sent for it
        talk.done = True
        return
    place, view = talk.meaning.region or talk.session.region, talk.session.focus
    if now is None and place and (talk.cart["lines"] or len(view) == 1):  # of several things no sum is sure
        sku = next(iter(view), "")
        asked = {"place": place, "sku": sku, "quantity": kept(talk.session.look.get(sku, {})).qty or 1}
        now = result_of((yield [Call("delivery_price", asked)]))["to_transfer"]
    if now:
        talk.speech.say("talk.transfer_now", sum=Sum(now, talk.cart["currency"]))
    if talk.heard.shop.profile.payment.cash_at_pickup and talk.meaning.any("pickup", "comes"):
        talk.speech.say("talk.cash_at_pickup")
