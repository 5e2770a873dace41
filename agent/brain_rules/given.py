"""What the shopper tells of himself: phone, address, pin and name."""

from __future__ import annotations

import re

from agent.brain import Call, shared_calls
from agent.brain_rules import asks, consent, lists, shop_answers
from agent.brain_rules.talk import Talk, Thinking
from agent.brain_rules.text import DATIVE
from shop.fold import words
from shop.places import TO, places_of

_MINE = re.compile(
    r"(?:\bмой\b|\bmy\b|\bmening\b|\bменинг\b|raqamim|nomerim|telefonim|рақамим|номерим|телефоним|oʻzimniki|o'zimniki)\D*$",
    re.IGNORECASE,
)

_SHOWN = 2  # so often running the same list is shown


def person(talk: Talk) -> Thinking:
    """Phone, address, pin and name, whenever they are given."""
    m = talk.meaning
    calls: list[Call] = []
    kept = [phone for phone in m.phones if not phone.taken_back]
    # the courier calls a number of the country, and rather the one that is not "mine" when there are two
    kept.sort(key=lambda phone: (not phone.home, bool(_MINE.search(m.text[: phone.start][-30:]))))
    for at, phone in enumerate(kept):
        calls.append(Call("set_phone", {"phone": phone.e164, "second": at > 0}))
    if m.digits[1]:
        calls.append(Call("correct_phone", {"wrong": m.digits[0], "right": m.digits[1]}))
    calls += shared_calls(talk.heard.words)
    if m.address:
        calls.append(Call("set_address", {"address": _with_town(m.text, m.address)}))
    if m.name:
        calls.append(Call("set_name", {"name": m.name}))
    if m.any("pickup"):
        calls.append(Call("set_delivery", {"method": "pickup"}))
    brought = bool(m.address) and talk.cart["method"] == "pickup" and not m.any("pickup")
    if m.any("refuse") and "phone_local" in m.hint.asked:
        calls.append(Call("decline", {"slot": "phone_local"}))
    if not calls and m.moves and (not talk.cart["empty"] or talk.heard.open_order.get("changeable")):
        if talk.cart["empty"]:
            yield [Call("change_order", {})]
        asks.ask_address(talk)
        return
    if not calls:
        return
    if talk.cart["empty"] and talk.heard.open_order.get("changeable") and not m.goods.mentions:
        yield [Call("change_order", {})]  # another place or phone for what was ordered
    results = yield calls
    talk.edited = talk.noted = True
    beyond = any(result.data.get("status") == "beyond" for result in results)
    if brought and talk.heard.shop.profile.delivery.regions and not beyond:
        yield [Call("set_delivery", {"method": "courier"})]  # "rather bring it to me: ..."
    for result in results:
        if result.refused == "talk.wrong_phone":
            talk.speech.say("talk.wrong_phone")
        if result.data.get("status") == "beyond":
            talk.speech.say("talk.beyond", places=", ".join(map(shop_answers.short_name, result.data["delivered_to"])))
        if result.data.get("status") == "no_pickup":
            talk.speech.say("talk.no_pickup")
        elif m.any("pickup") and m.asks and result.call.tool == "set_delivery":
            yield from shop_answers.pickup(talk)
    if talk.cart["empty"] and talk.session.focus and not talk.heard.open_order and not _orders(talk):
        _only_named(talk)
        yield from consent.accepted(talk)  # whoever gives a phone after a price means to buy it
    elif talk.cart["empty"] and not m.goods.mentions and not talk.heard.open_order:
        talk.speech.say("talk.noted")
        times = talk.session.told.get("list", 1)
        listed = "product" in m.hint.asked and len(talk.session.shown) > 1
        if listed and (times < _SHOWN or "unlisted" in talk.session.told):  # which of the list is still to be said
            talk.session.told = {"list": 1}  # a phone or an address is no failed answer: no person is offered for it
            yield from lists.choices(talk, list(talk.session.shown))
            return
        talk.speech.ask("talk.ask_product")
        talk.session.asked = ["product"]
        talk.session.told = {"list": times + 1, "unlisted": 1} if listed else talk.session.told


def _with_town(text: str, address: str) -> str:
    """`Samarqandga olib boring, Registon ko'chasi 5`: the town that it is to go to belongs to the address."""
    towns = [] if places_of(address) else [one for one in places_of(text) if one.kind in ("region", "city")]
    if len(towns) != 1:
        return address
    town, before = text[towns[0].start : towns[0].end], words(text[: towns[0].start])
    sent = DATIVE.search(town) or (before and before[-1].key in TO)
    return f"{DATIVE.sub('', town)}, {address}" if sent else address


def _orders(talk: Talk) -> bool:
    """Whether the message says itself what is taken: "1 ta plita olaman, Termiz ..., 91 066 08 31"."""
    return any("order" in one.acts and one.sure for one in talk.meaning.goods.mentions)


def _only_named(talk: Talk) -> None:
    """`the oak one in white, I will pick it up` of two that were told: the other one is not taken."""
    session, mentions = talk.session, talk.meaning.goods.mentions
    named = [one.skus[0] for one in mentions if one.sure and "denied" not in one.acts]
    kept = [sku for sku in session.focus if sku in named]
    if len(session.focus) > 1 and kept:
        session.focus = kept
        session.offer = {**session.offer, "skus": kept} if "skus" in session.offer else session.offer
