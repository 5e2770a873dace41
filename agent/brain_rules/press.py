"""Buttons and commands. A button is the same as its words; what it meant is checked against what is true now."""

from __future__ import annotations

from agent.brain import Call
from agent.brain_rules import answers, asks, consent, edits, lists
from agent.brain_rules.piece import Look
from agent.brain_rules.plan import Plan
from agent.brain_rules.talk import Talk, Thinking
from kit.message import Button


def command(talk: Talk) -> Thinking:
    """`/terms` and `/support` are what Telegram and its providers ask of a bot that takes payments."""
    text = next(one.text for one in talk.heard.words if one.kind == "command").split()[0].lower()
    spoken = talk.heard.shop.profile.shop.languages
    languages = [[Button(label, f"b:lang:{code}")] for code, label in _LANGUAGES if not spoken or code in spoken]
    if text == "/start":
        talk.speech.ask("talk.ask_product", languages)
        talk.session.asked = ["product"]
    elif text in ("/lang", "/language", "/til"):
        talk.speech.ask("talk.ask_language", languages)
    elif text == "/help":
        talk.speech.say("talk.help")
    elif text in ("/support", "/paysupport"):
        yield from asks.call_person(talk, "asked")
    elif text == "/terms":
        profile = talk.heard.shop.profile
        talk.speech.say("talk.terms", seller=profile.shop.legal_name or profile.name, days=profile.returns.days)
    else:
        talk.speech.say("talk.unknown_command")


_LANGUAGES = (("uz", "Oʻzbekcha"), ("uz_Cyrl", "Ўзбекча"), ("ru", "Русский"), ("en", "English"))


def pressed(talk: Talk, token: str, before: list[str]) -> Thinking:
    """A button is the same as its words. True: the turn is over."""
    _, _, rest = token.partition(":")
    kind, _, value = rest.partition(":")
    session = talk.session
    if kind == "yes":
        yield from (consent.confirmed(talk) if value == talk.cart["key"] and value else _stale(talk))
    elif kind in ("change", "no"):
        yield from consent.said_no(talk, before)
    elif kind == "pick" and value in talk.heard.shop.products:
        talk.focus_on([value])
        yield from answers.products(talk, [(value, talk.remember(value, Look()))])
        yield from asks.next_step(talk)
    elif kind == "more" and session.rest:
        yield from lists.choices(talk, list(session.rest), key="talk.more")
    elif kind in ("size", "color") and (session.focus or talk.cart["picks"]):
        yield from _picked(talk, kind, value)
        yield from asks.next_step(talk)
    elif kind in ("order", "saved", "person", "cancel"):
        if kind == "person":
            session.offer = {"person": "asked"}
        yield from consent.accepted(talk)
        yield from asks.next_step(talk)
    elif kind == "lang":
        talk.speech.say("talk.language_set")
        yield from asks.next_step(talk)
    else:
        yield from _stale(talk)
    return True


def _picked(talk: Talk, kind: str, value: str) -> Thinking:
    sku = talk.cart["picks"][0]["sku"] if talk.cart["picks"] else talk.session.focus[0]
    look = talk.remember(sku, Look(size=value) if kind == "size" else Look(color=value))
    args = {"sku": sku, "size": look.size, "color": look.color}
    yield from edits.apply(talk, Plan(calls=[Call("add_to_cart", args)], focus=[sku]))


def _stale(talk: Talk) -> Thinking:
    """A press on an old message: what is true now is shown instead."""
    talk.speech.say("talk.stale")
    talk.edited = True
    yield from asks.next_step(talk)
