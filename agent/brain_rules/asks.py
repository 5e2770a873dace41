"""The one next thing to ask, or the summary when nothing is missing. Never twice running in the same words."""

from __future__ import annotations

from typing import Any

from agent.brain import Call, Sum
from agent.brain_rules import meant_for
from agent.brain_rules.answers import of_the_shop, say_for_many
from agent.brain_rules.left_out import left_out
from agent.brain_rules.lists import asked_of_list, choices, color_of_none, instead
from agent.brain_rules.only_one import only_left
from agent.brain_rules.piece import kept
from agent.brain_rules.shop_answers import say_kinds
from agent.brain_rules.talk import Talk, Thinking, result_of
from kit.message import Button
from kit.words import say

_WAYS = 3  # wordings of each question in talk.po: talk.ask_phone_1 ... _3
_AGAIN = 2  # so often an undecided thing is asked for before the summary
_PATIENCE = 4  # a question asked so often running is not understood: a person is offered
_LOOKS = ("size_color", "size", "color", "model")
_MOST_BUTTONS = 8
_OF_LINES = {"product", "size", "color", "qty", "stock"}


def next_step(talk: Talk) -> Thinking:
    """What comes after the answers: the summary, the next question, or an offer to order what was asked about."""
    if talk.done or talk.speech.question is not None:
        return
    if talk.faint and talk.session.focus:
        if talk.goods_changed:
            say_cart(talk)
        _offer(talk)
        if talk.speech.question is not None:
            if not talk.cart["empty"]:  # an address that comes next must not lose it
                talk.session.undecided = {"skus": list(talk.session.focus), "asked": 1}
            return
    if talk.cart["empty"] and not talk.session.undecided.get("next"):
        talk.session.undecided = {}
    if not talk.cart["empty"]:
        yield from _flow(talk)
    elif talk.cart["number"] is not None and talk.goods_changed:
        talk.session.offer, talk.session.asked = {"cancel": True}, ["offer"]
        buttons = [[talk.button("talk.button_yes", "b:cancel"), talk.button("talk.button_no", "b:no")]]
        talk.speech.ask("talk.ask_cancel", buttons, number=talk.cart["number"])
    elif talk.meaning.goods.foreign and not talk.meaning.goods.mentions:
        talk.speech.ask("talk.ask_product")
        talk.session.asked = ["product"]
    elif talk.answered and talk.session.focus and (talk.heard.open_order or {"changeable": True}).get("changeable"):
        _offer(talk)
        if talk.speech.question is None and talk.speech.lines and talk.speech.lines[-1].key == "talk.sold_out":
            yield from instead(talk)
            if talk.session.focus and talk.speech.question is None:
                _offer(talk)
    elif talk.goods_changed and talk.meaning.any("refuse", "cancel") and not talk.meaning.goods.mentions:
        talk.speech.say("talk.later")
        talk.done = True
    elif talk.goods_changed:  # the last thing was taken out
        talk.speech.ask("talk.ask_product")
        talk.session.asked = ["product"]
    elif talk.speech.only_greets:
        yield from lost(talk)


def _flow(talk: Talk) -> Thinking:
    """A cart is being filled: its next slot, or the summary."""
    data = result_of((yield [Call("missing_slots", {})]))
    missing: list[str] = data["missing"]
    next_one = talk.session.undecided.get("next") and not set(missing) & _OF_LINES
    if next_one and (yield from _undecided(talk)):
        return
    if not missing:
        if not (yield from _undecided(talk)):
            yield from _summary(talk)
        return
    only = only_left(talk, missing, data) or left_out(talk, missing, data)
    if only and only not in talk.laid:  # fewer may be there than are wanted: not again
        talk.laid.append(only)
        yield [only]
        talk.edited = talk.goods_changed = True
        yield from _flow(talk)
        return
    if talk.goods_changed and talk.cart["lines"]:
        say_cart(talk)
    slot = missing[0]
    if talk.noted and slot in ("size", "color", "qty"):
        talk.speech.say("talk.noted")
    if slot in ("size", "color", "qty"):
        _ask_look(talk, missing, data)
    elif slot == "stock":
        yield [Call("ask_stock", {})]
        talk.session.asked = ["stock"]
        talk.done = True
    elif slot == "phone" and data["saved"] and "saved" not in talk.session.declined:
        _ask_saved(talk, data["saved"])
    elif slot == "phone" and "address" in missing:
        _ask(talk, "phone_address", ["phone", "address"], _share_buttons(talk))
    elif slot == "phone":
        _ask(talk, "phone", ["phone"], _share_buttons(talk)[:1])
    elif slot == "address" and data["method"] == "post_branch":
        posts = f" ({', '.join(data['posts'])})" if data["posts"] else ""
        _ask(talk, "branch", ["address", "name"] if "name" in missing else ["address"], posts=posts)
    elif slot == "address" and data["has_address"]:
        _ask(talk, "address_more", ["address"])
    elif slot == "product":
        talk.speech.ask("talk.ask_product")
        talk.session.asked = ["product"]
    else:
        _ask(talk, slot, [slot])


def _undecided(talk: Talk) -> Thinking:
    """Before the summary: which of a list was to be bought too, where the talk went on without it. True: asked."""
    skus, asked = talk.session.undecided.get("skus", []), talk.session.undecided.get("asked", 0)
    held = {line["sku"] for line in (*talk.cart["lines"], *talk.cart["picks"])}
    settled = held & set(skus) or talk.meaning.any("refuse", "remove", "cancel", "keep_only")
    gives = bool(talk.meaning.phones) and asked <= 1  # "that's all, write it down: 90 ..." may forget the list
    settled = settled or (not gives and talk.meaning.any("done"))
    settled = settled or (asked and not gives and talk.meaning.any("agree"))  # "ok 2 of those" is no answer to it yet
    if not skus or settled or asked > _AGAIN:
        talk.session.undecided = {}
        return False
    yield from choices(talk, skus)
    if talk.speech.question is None and talk.session.focus:
        talk.faint = True
        _offer(talk)
    talk.session.undecided = {"skus": skus, "asked": asked + 1}
    return True


def _summary(talk: Talk) -> Thinking:
    """The summary; once shown and unchanged, only its question again."""
    if talk.cart["waits_for_yes"] and not talk.edited and not talk.meaning.any("price", "total"):
        buttons = [[talk.button("talk.button_yes", f"b:yes:{talk.cart['key']}"), talk.button("talk.button_no", "b:no")]]
        _ask(talk, "confirm", ["confirm"], buttons)
        return
    yield [Call("show_summary", {})]
    talk.session.asked = ["confirm"]
    talk.session.told = {}
    talk.done = True


def _ask(
    talk: Talk, slot: str, asked: list[str], buttons: list[list[Button]] | None = None, *, first: int = 0, **facts: Any
) -> None:
    """Asks, each time running in other words, beginning with the `first`; too often: offers a person."""
    times = talk.session.told.get(slot, 0) + 1
    talk.session.told = {slot: times}
    talk.session.asked = asked
    looks = slot in _LOOKS
    stuck = times > 2 * _PATIENCE and looks  # whatever else is said, this is not answered
    takes = talk.meaning.any("order", "agree") and not looks  # "olaman" to "your phone?" after other questions
    if stuck or (times > _PATIENCE and not (talk.answered or talk.edited or (takes and times <= 2 * _PATIENCE))):
        offer_person(talk)
        return
    if looks and times > _AGAIN:  # it is not heard: beside what there is, a person
        buttons = [*(buttons or []), [talk.button("talk.button_person", "b:person")]]
    way = (times - 1 + first) % _WAYS + 1
    talk.speech.ask(f"talk.ask_{slot}_{way}", buttons, **facts)


def ask_color(talk: Talk, title: str, own: list[str]) -> None:
    """Which of its `own` colours a thing that is bought is to have."""
    _ask(talk, "color", ["color"], title=title, colors=", ".join(map(talk.color, own)))


def ask_address(talk: Talk) -> None:
    """`I want to change the address`, and no new one yet: which?"""
    _ask(talk, "address", ["address"])
    talk.done = True


def offer_person(talk: Talk, why: str = "not_understood") -> None:
    """Asks whether to call a person; a yes does it."""
    talk.session.offer = {"person": why}
    talk.session.asked = [*talk.session.asked, "offer"]
    talk.speech.ask("talk.ask_person", [[talk.button("talk.button_person", "b:person")]])


def _share_buttons(talk: Talk) -> list[list[Button]]:
    """Messenger's own buttons to share a number and a pin; channels without them leave them out."""
    return [
        [Button(say(talk.language, "talk.button_contact"), ask="contact")],
        [Button(say(talk.language, "talk.button_location"), ask="location")],
    ]


def _ask_look(talk: Talk, missing: list[str], data: dict[str, Any]) -> None:
    """Size and colour of the choice that lacks them, in one question, with what is there to choose from."""
    sizes, colors = talk.open_sizes(data), data["colors"]
    wants_size, wants_color = "size" in missing, "color" in missing
    if wants_size and len(sizes) == 1 and not wants_color:
        talk.session.offer = {"sku": data["sku"], "size": sizes[0], "color": data["color"], "qty": data["qty"]}
    if wants_color and len(colors) == 1 and not wants_size:
        talk.session.offer = {"sku": data["sku"], "size": data["size"], "color": colors[0], "qty": data["qty"]}
    talk.focus_on([data["sku"]])
    facts, buttons = {"title": data["title"]}, list[Button]()
    if wants_size and wants_color:
        slot, asked = "size_color", ["size", "color"]
    elif wants_size:
        slot, asked = "model" if talk.models(data["sku"]) else "size", ["size"]
        buttons = [Button(size, f"b:size:{size}"[:64]) for size in sizes[:_MOST_BUTTONS]]
    else:
        slot, asked = "color", ["color"]
        buttons = [Button(talk.color(color), f"b:color:{color}"[:64]) for color in colors[:_MOST_BUTTONS]]
    if not (priced := _priced(talk, data["title"])):
        talk.speech.say("talk.price", title=data["title"], price=Sum(data["price"], data["currency"]))
    if not priced or talk.meaning.any("price", "apiece", "haggle", "wholesale"):
        say_for_many(talk, data)
    facts |= {"sizes": ", ".join(sizes), "colors": ", ".join(talk.color(color) for color in colors)}
    _ask(talk, slot, asked, [buttons] if buttons else None, first=int(_several(talk, data["sku"])), **facts)


def _several(talk: Talk, sku: str) -> bool:
    """Whether other products are talked about too, so that the question must name the one it is about."""
    told = {line.facts["title"] for line in talk.speech.lines if "title" in line.facts and "price" in line.facts}
    picks = {pick["sku"] for pick in talk.cart["picks"]}
    return bool(told - {talk.title(sku)}) or bool(picks - {sku})


def _priced(talk: Talk, title: str) -> bool:
    """Whether a line of this turn (or the question before) named the product with its price already."""
    if talk.session.told.get("size_color") or talk.session.told.get("size") or talk.session.told.get("color"):
        return True
    return any(line.facts.get("title") == title and "price" in line.facts for line in talk.speech.lines)


def _ask_saved(talk: Talk, saved: dict[str, str]) -> None:
    """The phone and address of the last order are offered, never silently used."""
    talk.session.offer = {"saved": True}
    buttons = [[talk.button("talk.button_yes", "b:saved"), talk.button("talk.button_new", "b:no")]]
    _ask(talk, "saved", ["offer"], buttons, phone=saved["phone"], address=saved["address"])


def say_cart(talk: Talk) -> None:
    """Says what is in the cart now, with its sum; nothing where all of it is still to be chosen."""
    if not talk.cart["lines"]:
        return
    items = "; ".join(_item(talk, line) for line in talk.cart["lines"])
    talk.speech.say("talk.cart", items=items, sum=Sum(talk.cart["goods"], talk.cart["currency"]))


def _item(talk: Talk, line: dict[str, Any]) -> str:
    variant = talk.variant(line["size"], line["color"])
    return f"{line['title']}{f' ({variant})' if variant else ''} × {line['qty']}"


def say_total(talk: Talk) -> Thinking:
    """The sum of the cart, or of the order that was placed, when it was asked for."""
    lines, picks = talk.cart["lines"], talk.cart["picks"]
    if lines or len(picks) > 1:
        if lines:
            say_cart(talk)
            talk.answered = True
        if others := picks or _in_view(talk):
            yield from _say_with(talk, others)
    elif talk.heard.open_order and talk.cart["empty"] and not talk.meaning.goods.mentions:
        data = result_of((yield [Call("order_status", {})]))
        if data["status"] == "told":
            talk.speech.say("talk.order_goods", number=data["number"], sum=Sum(data["goods"], data["currency"]))
        talk.answered = talk.done = True


def say_order(talk: Talk) -> Thinking:
    """What is in the order that was placed."""
    data = result_of((yield [Call("order_status", {})]))
    if data["status"] == "told" and data["lines"]:
        lines = [line | {"title": talk.title(line["sku"]), "qty": line["quantity"]} for line in data["lines"]]
        items = "; ".join(_item(talk, line) for line in lines)
        goods = Sum(data["goods"], data["currency"])
        talk.speech.say("talk.order_has", number=data["number"], items=items, sum=goods)
    talk.answered = talk.done = True


def _in_view(talk: Talk) -> list[dict[str, Any]]:
    """`a hammer, how much? and how much together?`: the thing in view that is not in the cart."""
    fresh = [sku for sku in talk.session.focus if not talk.in_cart(sku)]
    if talk.edited or len(talk.session.focus) != 1 or not fresh or talk.meaning.goods.foreign:
        return []
    return [{"sku": fresh[0], "title": talk.title(fresh[0]), "qty": kept(talk.session.look.get(fresh[0], {})).qty}]


def _say_with(talk: Talk, others: list[dict[str, Any]]) -> Thinking:
    """The sum with what is not in the cart yet, as it lacks its size or colour: "a bag and a cup, how much in all?"."""
    wanted = [*talk.cart["lines"], *others]
    asked = {"skus": [one["sku"] for one in wanted], "quantities": [one["qty"] or 1 for one in wanted]}
    listed = result_of((yield [Call("list_products", asked)]))
    if len(others) == 1 and others is not talk.cart["picks"]:
        talk.speech.say("talk.and_with", title=others[0]["title"], sum=Sum(listed["together"], listed["currency"]))
        return
    talk.speech.say("talk.together", sum=Sum(listed["together"], listed["currency"]))


def _offer(talk: Talk) -> None:
    """After a price: the choice that is open, or whether to order. A sold out thing is not offered."""
    sku = talk.session.focus[0]
    product = talk.product(sku)
    look = talk.session.look.get(sku, {})
    last = talk.speech.lines[-1].key if talk.speech.lines else ""
    if last in ("talk.sold_out", "talk.less"):
        return
    missing = [line.key for line in talk.speech.lines if line.key in ("talk.out", "talk.no_size", "talk.no_color")]
    if missing:
        if talk.models(sku) and missing[-1] != "talk.no_color":
            _ask(talk, "want_model", ["size"])
        else:
            _ask_other(talk, missing[-1], len(product.sizes) > 1, len(product.colors) > 1)
        return
    if not any(line.key in _ABOUT_GOODS for line in talk.speech.lines):
        return
    size = talk.faint or look.get("size") or len(product.sizes) < 2
    color = talk.faint or look.get("color") or len(product.colors) < 2
    if len(talk.session.focus) == 1 and not size and not color:
        _ask(talk, "want_size_color", ["size", "color"])
    elif len(talk.session.focus) == 1 and not size:
        _ask(talk, "want_model" if talk.models(sku) else "want_size", ["size"])
    elif len(talk.session.focus) == 1 and not color:
        _ask(talk, "want_color", ["color"])
    else:
        talk.session.offer = {"skus": list(talk.session.focus)}
        number = talk.heard.open_order.get("number")
        buttons = [[talk.button("talk.button_yes" if number or talk.faint else "talk.button_order", "b:order")]]
        slot = "meant" if talk.faint else "add" if number else "order"
        _ask(talk, slot, ["offer"], buttons, number=number)


def _ask_other(talk: Talk, missing: str, sizes: bool, colors: bool) -> None:
    """Another size, another colour or either: what was missing, of what the product comes in."""
    if missing == "talk.no_size" or (sizes and not colors):
        _ask(talk, "other_size", ["size"])
    elif missing == "talk.no_color" or (colors and not sizes):
        _ask(talk, "other_color", ["color"])
    elif sizes:
        _ask(talk, "other", ["size", "color"])


_ABOUT_GOODS = frozenset(
    {"talk.price", "talk.have", "talk.sizes", "talk.colors", "talk.models", "talk.size_fits", "talk.size_told"}
)


def lost(talk: Talk) -> Thinking:
    """Nothing was understood: first asks in plain words, then offers a person, then calls one."""
    talk.session.failed += 1
    listed = len(talk.session.shown) > 1 and not talk.session.focus and not talk.heard.open_order
    if talk.meaning.asks and of_the_shop(talk) and talk.session.failed == 1 and not talk.meaning.goods.mentions:
        talk.speech.say("talk.staff_know")  # "kolerovka qilasizlarmi": who knows it is told
        talk.session.asked = ["product"] if listed else []
        return
    if listed and (yield from asked_of_list(talk, talk.session.shown)):
        return
    if (
        talk.session.failed == 1
        and talk.meaning.wonders
        and (fit := meant_for.by_age(talk.heard.shop, talk.meaning.text))
    ):
        yield from choices(talk, fit)  # "which game for a boy of six?"
        return
    if listed and talk.session.failed < 3:
        yield from choices(talk, list(talk.session.shown), no_color=color_of_none(talk))
    elif talk.session.failed == 1 and talk.cart["empty"] and talk.heard.open_order.get("owes"):
        if not talk.meaning.any("receipt_word"):  # "shall I send the receipt?": what is waited for is told
            talk.speech.say("talk.not_understood")
        yield [Call("order_status", {})]
    elif talk.session.failed == 1:
        asked_for = talk.meaning.any("available", "order", "price", "look") and len(talk.meaning.tokens) > 1
        talk.speech.say("talk.not_ours" if asked_for else "talk.not_understood")
        if asked_for:
            yield from say_kinds(talk)
        talk.speech.ask("talk.ask_product")
        talk.session.asked = ["product"]
    elif talk.session.failed == 2:
        talk.speech.say("talk.not_understood_again")
        offer_person(talk)
    else:
        yield from call_person(talk, "not_understood")


def call_person(talk: Talk, why: str) -> Thinking:
    """Hands the conversation over and says when a person answers."""
    say_person(talk, result_of((yield [Call("hand_over", {"why": why})])))


def say_person(talk: Talk, data: dict[str, Any]) -> None:
    """The conversation is handed over: when a person answers."""
    if data["open"]:
        talk.speech.say("talk.person_soon")
    elif data["at"]:
        talk.speech.say("talk.person_today" if data["today"] else "talk.person_later", at=data["at"], day=data["day"])
    else:
        talk.speech.say("talk.person_soon")
    talk.session.asked = []
    talk.session.offer = {}
    talk.session.failed = 0
    talk.done = True
