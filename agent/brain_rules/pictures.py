"""What code saw in the shopper's pictures, told: one thing or several, alike ones to choose from, or none of ours."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, zip_longest
from typing import Any

from agent.brain import Call
from agent.brain_rules import lists, shop_answers
from agent.brain_rules.looks import looks
from agent.brain_rules.piece import Look
from agent.brain_rules.plan import Plan
from agent.brain_rules.prints import own_print
from agent.brain_rules.talk import Talk, Thinking
from agent.brain_rules.text import tokens
from kit.message import Button

TOLD = ("exact", "similar", "none", "refused", "link")
_MOST = 3  # things told one by one; of more the shopper chooses
_LISTED = 5
_KEPT = 50  # of the rest of a list


def told(talk: Talk, seen: Sequence[dict[str, Any]]) -> Thinking:
    """Puts in focus what the pictures of a burst show, or says what is to be said of them.

    The same thing photographed from two sides is one thing. A picture that shows nothing of ours beside one that does
    is mentioned; what is asked about is answered all the same. Gives the articles that were put in focus.
    """
    ours = [one for one in seen if one["verdict"] in ("exact", "similar") and _known(talk, one)]
    exact = list(dict.fromkeys(_known(talk, one)[0] for one in ours if one["verdict"] == "exact"))
    alike = [one for one in ours if one["verdict"] == "similar"]
    if ours and len(ours) < len(seen):
        _missed(talk, [one for one in seen if one not in ours])
    if exact and not alike and len(exact) <= _MOST:
        talk.pictures(exact)
        for sku in exact:
            talk.unseen(sku)  # the shopper has it before their eyes
        return exact
    if ours:
        yield from _which(talk, exact, alike)
    else:
        yield from _nothing(talk, seen)
    return []


def each(talk: Talk, shown: Sequence[str], made: Plan) -> None:
    """What is said below several pictures ("shular bormi", "bittadan olaman") is said of each thing they show.

    `made`: the plan for what the words say; it takes such words for the first thing alone.
    """
    if len(shown) < 2 or talk.meaning.goods.mentions or made.which:
        return
    added = next((one for one in made.calls if one.tool == "add_to_cart" and one.args["sku"] in shown), None)
    spoken = {sku for sku, _ in made.asked} | {str(one.args.get("sku")) for one in made.calls}
    for sku in (sku for sku in shown if sku not in spoken):
        if added is None:
            made.asked.append((sku, talk.remember(sku, Look())))
            continue
        product, said = talk.product(sku), dict(added.args)
        fits = {"size": product.sizes, "color": product.colors}
        kept = {name: one for name, one in said.items() if name not in fits or one in fits[name]}
        made.calls.append(Call("add_to_cart", kept | {"sku": sku}))


def _known(talk: Talk, one: dict[str, Any]) -> list[str]:
    return [sku for sku in one.get("skus", ()) if sku in talk.heard.shop.products]


def _missed(talk: Talk, others: Sequence[dict[str, Any]]) -> None:
    """One of several shows nothing of ours, could not be opened, or is a link to a post nobody knows."""
    refused = next((one for one in others if one["verdict"] == "refused"), None)
    if refused is not None:
        talk.speech.say(refused["key"], **refused.get("facts", {}))
    if any(one["verdict"] == "link" for one in others):
        talk.speech.say("talk.link_unknown")
    if any(one["verdict"] not in ("refused", "link") for one in others):
        talk.speech.say("talk.one_not_ours")


def _which(talk: Talk, exact: list[str], alike: Sequence[dict[str, Any]]) -> Thinking:
    """Several things are shown, or one that several of ours look like: the shopper says which."""
    rows = [_known(talk, one) for one in alike]
    by_place = [sku for sku in chain.from_iterable(zip_longest(*rows)) if sku]  # the best of each picture first
    skus = list(dict.fromkeys([*exact, *by_place]))
    several = bool(exact) or all(one.get("several") for one in alike)
    listed = skus if several else skus[:_LISTED]
    yield from lists.choices(talk, listed, key="talk.seen_several" if several else "talk.similar")
    for one in talk.heard.results[0].data["products"] if talk.heard.results else ():
        talk.speech.photos += [photo for photo in one["photos"] if photo not in talk.speech.photos]


def _answers(talk: Talk) -> bool:
    """Whether the words beside it tell the size or colour that was asked for of something else."""
    m = talk.meaning
    skus = [one["sku"] for one in talk.cart["picks"][:1]] or talk.session.focus[:1]
    said = [look for sku in skus for look in looks(talk.product(sku), m.goods.loose, m.hint)[0]]
    asked = bool(m.hint.asked & {"size", "color"}) and not m.any("price", "available")
    return asked and any(look.asked() != Look().asked() for look in said)


def _nothing(talk: Talk, seen: Sequence[dict[str, Any]]) -> Thinking:
    """None of ours: the kind that comes nearest, else all kinds there are, and a person who may know better."""
    last = seen[-1]
    if last["verdict"] in ("refused", "link"):
        key = "talk.link_unknown" if last["verdict"] == "link" else last["key"]
        talk.speech.say(key, **last.get("facts", {}))
        talk.answered = True
        if not _answers(talk):  # "how much is it?" is of what could not be opened
            talk.session.focus, talk.meaning.goods.loose = [], []
    if last["verdict"] == "refused":
        return
    if last["verdict"] == "link":
        waits = not talk.cart["empty"] or talk.noted or talk.speech.question is not None
        if not waits and not talk.meaning.goods.mentions:  # else what is missing for the order is asked as ever
            talk.done = True
            talk.session.asked = ["product"]
        return
    if any(
        own_print(tokens(one.text)) for one in talk.heard.words
    ):  # "put this photo on a mug": it is what to print, and no thing to be found
        if not (talk.meaning.goods.mentions or talk.answered):
            talk.speech.say("talk.staff_know")
            talk.answered = True
        return
    talk.speech.say("talk.not_ours")
    buttons: list[list[Button]] = []
    kind = str(last.get("category") or "")
    if not kind:
        yield from shop_answers.say_kinds(talk)
    else:
        of_kind = [product.sku for product in talk.heard.shop.products.values() if product.category == kind]
        talk.speech.say("talk.near_kind", kind=kind)
        talk.session.rest = list(dict.fromkeys([*last["near"], *of_kind]))[:_KEPT]
        buttons.append([talk.button("talk.button_kind", "b:more", kind=kind)])
    buttons.append([talk.button("talk.button_person", "b:person")])
    talk.speech.ask("talk.ask_product", buttons)
    talk.session.focus = []
    talk.session.asked = ["product"]
