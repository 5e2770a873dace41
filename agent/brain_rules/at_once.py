"""What comes before everything else in a turn: buttons, commands, cries for a person, attempts to talk it over."""

from __future__ import annotations

import re

from agent.brain_rules import asks, edits, how_big, own_answers, places, press
from agent.brain_rules.dialogue_acts import asks_ahead
from agent.brain_rules.exchange import exchange
from agent.brain_rules.lexicon import Met, keys
from agent.brain_rules.meaning import Meaning
from agent.brain_rules.numbers import numbers, of_else
from agent.brain_rules.pointed import WANTS
from agent.brain_rules.talk import Talk, Thinking
from agent.brain_rules.titles import comes_in, stems, titled

_LOUD = re.compile(r"[!?]{2}")
_SUPPOSED = re.compile("s(?:a|am|ak)(?:chi)?$")  # buzilsa, sinib qolsa: if it breaks
_CROWD = 50  # pieces: for a company no retail order
_FACT_WANTS = frozenset({"price", "available", "delivery", "delivery_time", "hours", "location", "returns", "payment"})


def at_once(talk: Talk, before: list[str]) -> Thinking:
    """Buttons, commands, cries for a person, attempts to talk the agent into something. True: the turn is over."""
    m, words = talk.meaning, talk.heard.words
    token = next((one.button for one in reversed(words) if one.button), "")
    if token:
        return (yield from press.pressed(talk, token, before))
    if any(one.kind == "command" and not one.skus for one in words):
        yield from press.command(talk)
        return True
    if any(one.seen.get("verdict") == "receipt" for one in words) and not m.question and not m.goods.mentions:
        talk.done = True
        return True
    if (yield from exchange(talk)):
        return True
    # "my money back, or a new one", "yorilgan chiqdi, shunaqa ham sotasizlarmi", "tell your boss that it is broken"
    grave = any(one.name == "complaint" and (one.phrase or m.bought or _came_so(m, one)) for one in m.met)
    grave = grave or m.any("person") or "complaint" in m.heard_as
    complains = (
        (m.any("complaint") or _angry(m))
        and not m.address
        and not (_of_own_phone(talk) or _what_if(talk))
        and (grave or not (m.any("order", "price", "available") or asks_ahead(m.tokens)))
    )
    wanted = any(one.acts & (edits.ASKS | WANTS) - {"available"} for one in m.goods.mentions)
    gives = (m.phones and (m.address or m.name or m.any("delivery"))) or (m.address and m.any("order"))
    called = (m.any("person") and not wanted and not gives and not m.bargains) or (m.any("connect") and not gives)
    crowd = any(one.value >= _CROWD and not of_else(m.tokens, one) for one in numbers(m.tokens))  # 300 pens, an invoice
    if (m.any("wholesale") and m.any("invoice", "person")) or (m.any("invoice") and crowd):
        yield from asks.call_person(talk, "wholesale")
        return True
    complains = complains and not (yield from own_answers.of_own(talk))
    if complains or (called and not m.any("others", "injection")):
        if complains or m.any("complaint", "rude"):
            talk.speech.say("talk.sorry")
        elif _takes_in_view(talk):
            yield from edits.apply(talk, edits.plan(talk))
            asks.say_cart(talk)
        yield from asks.call_person(talk, "complaint" if complains or m.any("complaint") else "asked")
        return True
    idle = talk.cart["empty"] and not talk.heard.open_order.get("changeable")
    if m.any("stop") and idle and not m.any("order", "cancel", "change") and not m.goods.mentions:
        talk.speech.say("talk.stop")
        talk.done = True
        return True
    if m.any("others"):
        talk.speech.say("talk.private")
        return not m.goods.mentions
    if m.any("injection"):
        talk.speech.say("talk.fixed_rules")
        return not (m.any("order") and (talk.session.focus or m.goods.mentions)) and not m.goods.mentions
    aside = not m.goods.mentions and any(one.name == "offtopic" and one.phrase for one in m.met)  # "the dollar's rate"
    if m.any("offtopic") and not _of_goods(talk) and (aside or not m.any(*_FACT_WANTS)) and not wanted and not m.phones:
        talk.speech.say("talk.offtopic")
        return True
    if talk.heard.hidden:
        talk.speech.say("talk.secret")
    if any(one.kind == "video" and not one.skus for one in words) and not m.text.strip():
        talk.speech.say("talk.video")
        return not any(one.skus or one.seen for one in words)
    if m.any("robot"):
        talk.speech.say("talk.robot")
    if m.any("rude"):
        talk.speech.say("talk.calm")
        if not m.goods.mentions and not m.any(*_FACT_WANTS):
            talk.speech.ask("talk.ask_help")
            return True
    return (yield from how_big.told(talk))


def _came_so(m: Meaning, one: Met) -> bool:
    """`yorilgan chiqdi`: behind the complaint it is told that the goods came so."""
    return one.past < len(m.tokens) and m.tokens[one.past].key in keys("questions", "came_so")


def _takes_in_view(talk: Talk) -> bool:
    """`who is your director? I take two, any discount?`: so many of what is in view go into the order all the same."""
    pieces = talk.meaning.goods.loose
    ordered = any(piece.numbers and any(one.name in ("order", "more") for one in piece.met) for piece in pieces)
    return ordered and not talk.meaning.goods.mentions and len(talk.session.focus) == 1


def _angry(m: Meaning) -> bool:
    """`вчера привезли, уже облезает!!`, `kecha olgandim, bu nima ahvol`: of what was bought; nothing is asked for."""
    loud = m.any("outrage") or bool(_LOUD.search(m.text))
    said = [token.key for token in m.tokens]
    bought = any(key == "olgan" or key.startswith(tuple(keys("questions", "bought"))) for key in said)
    bought = bought and not any(one.name in ("praise", "thanks") for one in m.met)  # "juda zo'r ekan!!"
    return loud and bought and not m.any("order", "price", "available", "status", "delivery_time", "more", "paid")


def _of_goods(talk: Talk) -> bool:
    """`the copybook, football, 1` of what comes with a football on it: a word of the goods, and no other topic."""
    m = talk.meaning
    named = [one.skus[0] for one in m.goods.mentions] or talk.session.focus[:1]
    said = [m.tokens[one.first].text for one in m.met if one.name == "offtopic" and not one.phrase]
    goods = [talk.product(sku) for sku in named if sku in talk.heard.shop.products]
    return any(comes_in(one, word) or stems(word) & titled(one) for one in goods for word in said)


def _what_if(talk: Talk) -> bool:
    """`if it starts leaking, how long is the warranty?`, `sinib qolsa kafolati bormi`: nothing has broken yet."""
    m = talk.meaning
    broken = [m.tokens[one.first : one.past + 1] for one in m.met if one.name == "complaint"]
    supposed = any(_SUPPOSED.search(token.key) for said in broken for token in said)
    supposed = supposed or any(token.key in keys("questions", "unsure") for token in m.tokens)
    return supposed and (m.wonders or m.any("about")) and not (m.bought or m.any("arrived"))


def _of_own_phone(talk: Talk) -> bool:
    """`my phone is dead, call 90 ...`: another number is given, and nothing is complained of."""
    m = talk.meaning
    return bool(m.phones) and places.says(m.tokens, "phone")
