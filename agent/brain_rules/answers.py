"""Answers to questions: prices and stock of products, and the shop's facts. Every number comes from a tool's result."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from agent.brain import Call, Result, Sum
from agent.brain_rules.intents import asks_papers
from agent.brain_rules.lexicon import keys
from agent.brain_rules.piece import Look, kept
from agent.brain_rules.strange import unknown
from agent.brain_rules.talk import Talk, Thinking, result_of
from shop.fold import stem, words
from shop.lexicon import load

_MISSING = ("out", "no_size", "no_color")
_MOST_TOLD = 3  # products answered one by one; more become a list to choose from
_MOST_CHOICES = 12  # sizes or colours named in one line


def products(talk: Talk, asked: list[tuple[str, Look]], *, prior: int = 0) -> Thinking:
    """Price and stock of each product asked about, with what can be chosen.

    `prior`: so many of the first were in view before; what of them is not there is not told again, nor summed.
    """
    calls = [
        Call("product_card", {"sku": sku, **look.asked(), "quantity": look.qty or 1})
        for sku, look in asked[:_MOST_TOLD]
    ]
    if not calls:
        return
    told: tuple[Result, ...] = yield calls
    gone = [at for at in range(prior) if told[at].data["status"] in _MISSING]
    asked = [one for at, one in enumerate(asked) if at not in gone]
    results = [one for at, one in enumerate(told) if at not in gone]
    talk.answered = True
    talk.focus_on([result.data["sku"] for result in results])
    for result, (_, look) in zip(results, asked, strict=False):
        _product(talk, result.data, look, alone=len(results) == 1)
    wanted = talk.meaning.any("photo_wanted")
    photos = [
        photo for result in results if wanted or talk.unseen(result.data["sku"]) for photo in result.data["photos"]
    ]
    talk.speech.photos += photos
    if wanted and not photos:
        talk.speech.say("talk.no_photo")
    skus, counts = [result.data["sku"] for result in results], [look.qty or 1 for _, look in asked[:_MOST_TOLD]]
    summed = talk.meaning.any("total", "both") or (talk.meaning.any("price") and max(counts) > 1)
    if len(results) > 1 and summed:
        listed = result_of((yield [Call("list_products", {"skus": skus, "quantities": counts})]))
        talk.speech.say("talk.together", sum=Sum(listed["together"], listed["currency"]))


def _product(talk: Talk, data: dict[str, Any], look: Look, *, alone: bool) -> None:
    status = data["status"]
    if status in _MISSING:
        say_missing(talk, data)
        return
    price, variant = Sum(data["price"], data["currency"]), talk.variant(data["size"], data["color"])
    if status == "less":
        talk.speech.say("talk.less", title=talk.named(data), left=data["left"])
    else:
        asked_else = talk.meaning.any("price", "about", "size_advice", "photo_wanted", "delivery", "returns")
        have = talk.meaning.any("available") or (variant and not asked_else)
        key = "talk.have" if have else "talk.price"
        talk.speech.say(key, title=talk.named(data), price=price)
    if talk.meaning.any("left") and data["left"] is not None:
        talk.speech.say("talk.left", title=talk.named(data), n=data["left"])
    _more(talk, data, look.qty)
    summed = talk.meaning.any("price", "total", "supposed") and not talk.meaning.any("left")
    if look.qty > 1 and status == "there" and summed and alone:
        talk.speech.say("talk.together", sum=Sum(data["together"], data["currency"]))
    if (talk.meaning.any("about") or (alone and _asks_else(talk))) and data["description"]:
        talk.speech.say("talk.text", text=data["description"][:300])


def _asks_else(talk: Talk) -> bool:
    """`necha vatt`, `are the burrs ceramic`: words beside its name ask what perhaps only its description tells."""
    m = talk.meaning
    asking = keys("questions", "wh") | keys("questions", "or")
    if _of_the_shop(talk):
        return False
    wh = [at for at, token in enumerate(m.tokens) if token.key in asking]
    if any(at + 1 < len(m.tokens) and load().unit(m.tokens[at + 1].key) for at in wh):  # "necha vatt"
        return True
    return (m.asks or bool(wh)) and any(len(token.key) > 2 for piece in m.goods.pieces for token in unknown(piece))


def _more(talk: Talk, data: dict[str, Any], qty: int) -> None:
    """Reduced and quantity prices, and the sizes and colours that are still open."""
    if data["old_price"]:
        talk.speech.say("talk.old_price", old=Sum(data["old_price"], data["currency"]))
    if data["qty_price"]:
        reached = [pair for pair in data["qty_price"] if pair[0] <= qty]
        least, price = [data["qty_price"][0], *reached][-1]
        talk.speech.say("talk.qty_price", n=least, price=Sum(price, data["currency"]))
    sizes = [] if data["size"] else talk.open_sizes(data)
    colors = [] if data["color"] else data["colors"]
    if len(sizes) > 1 and len(colors) > 1:
        talk.speech.say("talk.sizes_colors", sizes=_list(sizes), colors=colors_of(talk, colors))
    elif len(sizes) > 1 or (sizes and data["has_sizes"] and len(talk.product(data["sku"]).sizes) > 1):
        talk.speech.say("talk.models" if talk.models(data["sku"]) else "talk.sizes", sizes=_list(sizes))
    elif len(colors) > 1 or (colors and talk.meaning.any("color")):
        talk.speech.say("talk.colors", colors=colors_of(talk, colors))


def say_missing(talk: Talk, data: dict[str, Any]) -> None:
    """There is none of it: says so kindly, and what there is of the product instead."""
    title = data["title"]
    sizes, colors = data["all_sizes"], data["all_colors"]
    talk.answered = True
    if not sizes and not colors and data["status"] == "out":
        talk.speech.say("talk.sold_out", title=title)
        return
    if talk.meaning.any("price", "apiece"):
        talk.speech.say("talk.price", title=title, price=Sum(data["price"], data["currency"]))
    if data["status"] == "no_size":
        talk.speech.say("talk.no_size", title=title, size=data["size"], sizes=_list(sizes))
        return
    if data["status"] == "no_color":
        talk.speech.say("talk.no_color", title=title, color=talk.color(data["color"]), colors=colors_of(talk, colors))
        return
    talk.speech.say("talk.out", title=talk.named(data))
    same_size = data["colors"]  # colours that are there in this size
    same_color = data["sizes"]
    if data["size"] and data["color"] and same_size and same_color:
        talk.speech.say(
            "talk.instead_both",
            size=data["size"],
            colors=colors_of(talk, same_size),
            color=talk.color(data["color"]),
            sizes=_list(same_color),
        )
    elif data["size"] and same_size:
        talk.speech.say("talk.colors_of", size=data["size"], colors=colors_of(talk, same_size))
    elif same_color or sizes:
        talk.speech.say("talk.models" if talk.models(data["sku"]) else "talk.sizes", sizes=_list(same_color or sizes))
    else:
        talk.speech.say("talk.colors", colors=colors_of(talk, colors))


def _list(names: list[str]) -> str:
    return ", ".join(names[:_MOST_CHOICES]) + (" …" if len(names) > _MOST_CHOICES else "")


def colors_of(talk: Talk, names: list[str]) -> str:
    return _list([talk.color(name) for name in names])


# ---- the shop --------------------------------------------------------------------------------------------------------


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
    elif talk.meaning.question or not (talk.meaning.said_something and (talk.answered or talk.edited)):
        yield from faq(talk, apart=talk.answered or talk.edited)


def _delivery(talk: Talk) -> Thinking:
    m = talk.meaning
    if m.region:
        talk.session.region = m.region
    data = result_of((yield [Call("delivery_price", {"place": m.region})]))
    regions = data["regions"]
    if not regions:
        talk.speech.say("talk.delivery_unknown")
        return
    if data["known"] or len(regions) == 1:
        _say_delivery(talk, regions[0], data["currency"])
    else:
        for one in regions[:3]:
            _say_delivery(talk, one, data["currency"])
        if len(regions) > 3:
            prices = sorted(one["price"] for one in regions[3:])
            low, high = (Sum(price, data["currency"]) for price in (prices[0], prices[-1]))
            talk.speech.say("talk.delivery_same" if low == high else "talk.delivery_rest", low=low, high=high)
    if m.any("free_delivery"):
        free = data["free_from"]
        talk.speech.say("talk.free_from" if free else "talk.not_free", sum=Sum(free or 0, data["currency"]))
    elif data["paid"] == "on_arrival" and m.any("payment"):
        talk.speech.say("talk.paid_on_arrival")


def _say_delivery(talk: Talk, region: dict[str, Any], currency: str) -> None:
    key = "talk.delivery_days" if region["days"] else "talk.delivery"
    key = key if region["price"] else "talk.delivery_free"
    price = Sum(region["price"], currency)
    days = [int(number) for number in re.findall(r"\d+", region["days"])]  # "2-4": the last one counts the word
    talk.speech.say(key, place=_short_name(region["name"]), price=price, days=region["days"], n=[1, *days][-1])


def _short_name(name: str) -> str:
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
    asks = talk.meaning.asks or talk.meaning.any("size_advice", "about", "available")
    asked += "?" if asks and not asked.rstrip().endswith("?") else ""
    data = result_of((yield [Call("faq", {"question": asked})]))
    found = bool(data["text"]) and (data["apart"] or not apart)
    if found and not any(line.facts.get("text") == data["text"] for line in talk.speech.lines):
        talk.speech.say("talk.text", text=data["text"])
    talk.answered = talk.answered or found
    return found


def described(talk: Talk, question: str, *, last: bool = False) -> Thinking:
    """What the shop wrote of the product in view, when a word of the question stands there: "with a handle?".

    `last`: nothing else answers, so it is told whatever its words are, if the product came up a moment ago.
    """
    sku = next(iter(talk.session.focus), "")
    in_view = last and bool(talk.meaning.hint.asked & _OF_GOODS) and not _of_the_shop(talk)
    if not sku or not (in_view or _stems(question) & _stems(talk.product(sku).description)):
        return
    data = result_of((yield [Call("product_card", {"sku": sku})]))
    if data["description"]:
        talk.speech.say("talk.text", text=data["description"][:300])
        talk.answered = True


_OF_GOODS = frozenset({"offer", "size", "color"})
_DO_YOU = ("beras", "berol", "qilas", "kilas", "olas")  # qilib berasizlarmi, bera olasizmi
_OF_SHOPS = ("change", "haggle", "cheaper", "expensive", "delivery", "returns", "person", "complaint", "status", "paid")


def _of_the_shop(talk: Talk) -> bool:
    """`etagini qisqartirib berasizlarmi`: what the shop does is asked, or what is done with an order."""
    return talk.meaning.any(*_OF_SHOPS) or any(token.key.startswith(_DO_YOU) for token in talk.meaning.tokens)


def _stems(text: str) -> set[str]:
    return {stem(word.key) for word in words(text) if word.key not in load().filler}


def _gift(talk: Talk) -> Thinking:
    yield from faq(talk, f"{talk.meaning.text} sovgʻaga")  # whoever asks about wrapping asks about gifts


def _wholesale(talk: Talk) -> Thinking:
    yield from faq(talk)
    if not talk.answered:
        talk.speech.say("talk.wholesale")
    talk.speech.ask("talk.ask_person", [[talk.button("talk.button_person", "b:person")]])
    talk.session.offer = {"person": "wholesale"}
    talk.session.asked = ["offer"]


def say_kinds(talk: Talk) -> Thinking:
    """What the shop sells."""
    data = result_of((yield [Call("list_products", {})]))
    if data["categories"]:
        talk.speech.say("talk.catalog", kinds=_list(data["categories"]))


def _catalog(talk: Talk) -> Thinking:
    yield from say_kinds(talk)
    talk.speech.ask("talk.ask_product")
    talk.session.asked = ["product"]


_SENDS = re.compile(
    r"yubor|юбор|жў?нат|жунат|jo.?nat|присла|пришл|отпр|посл|посыл|везё|везе|вози|\bsend|\bship|\bbring|bervor|берво"
    r"|o[bp]+or|обор|\belt|\bэлт|olib (?:bor|kel)|yetkaz|етказ|o[bp]+ke",
    re.IGNORECASE,
)


def _is_delivery(talk: Talk) -> bool:
    m = talk.meaning
    if m.any("returns") and not m.any("delivery", "free_delivery") and not m.region:
        return False  # "how many days do you give?"
    if m.address and not m.question and not m.any("price", "delivery_time"):
        return False
    if m.any("delivery", "free_delivery", "delivery_time"):
        return not (m.any("delivery_time") and m.any("status") and bool(talk.heard.open_order))
    if m.region and (m.any("price") or m.asks) and not m.address and _SENDS.search(m.text):
        return True  # "Navoiyga yuborasizmi, narxi qancha"
    follows = talk.session.topic == "delivery" and bool(m.region) and not m.goods.mentions
    return follows and not m.address


def _is_returns(talk: Talk) -> bool:
    """Asked, or asked on: `а ремень, если мы его уже подрезали?`"""
    m = talk.meaning
    follows = talk.session.topic == "returns" and m.question and not m.any("price", "available", "order")
    return m.any("returns") or follows


def _is_installments(talk: Talk) -> bool:
    """Asked, or asked on: `onlayn qilsa bo'ladimi yoki borish kerakmi?`"""
    m = talk.meaning
    asks = m.asks or asks_papers(m.tokens)
    follows = talk.session.topic == "installments" and asks and not m.any("price", "available", "order", "delivery")
    return m.any("installments") or (follows and not m.goods.mentions and not talk.answered)


def _is_hours(talk: Talk) -> bool:
    m = talk.meaning
    return m.any("hours") or (m.any("days") and talk.session.topic == "hours")


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
