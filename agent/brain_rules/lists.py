"""Lists to choose from: several things that fit, what there is for a sum, the next page of a list."""

from __future__ import annotations

from agent.brain import Call, Sum
from agent.brain_rules import answers, meant_for
from agent.brain_rules.answers import colors_of
from agent.brain_rules.besides import keep_looks
from agent.brain_rules.lexicon import words_of
from agent.brain_rules.made_of import asks_either
from agent.brain_rules.numbers import covered, numbers
from agent.brain_rules.piece import Look
from agent.brain_rules.side_by_side import (
    asks_advice,
    fit_for,
    named_alike,
    numbers_of,
    of_first_kind,
    other_side,
    tells_options,
)
from agent.brain_rules.talk import Talk, Thinking, result_of
from agent.brain_rules.titles import of_shelf, one_name, stems
from kit.message import Button
from shop import colors
from shop.catalogue import Product
from shop.lexicon import load
from shop.search.units import units_of

_MOST_TOLD = 3  # with their prices
_MOST_LISTED = 5
_AS_GOOD = 0.7  # of the best hit's score: what may be compared with it
# what may be wanted beside "what else is there?"
_OF_LISTS = frozenset(
    {"else", "more", "available", "catalog", "look", "and", "this", "also", "wish", "greeting", "salam"}
)
_PATIENCE = 3  # so often a list is shown running
_IS_BETTER = frozenset(words_of(("yaxshimi", "yaxshiroqmi", "zo'rmi", "qulaymi", "лучше", "better")))
_LESS = frozenset({"cheaper", "cheapest", "haggle", "refuse"})
_MOST_KEPT = 50  # of the rest of a list
_DESCRIBED = 150  # letters told of each thing of a list
_NOT_OF_EACH = ("price", "apiece", "available", "order", "catalog", "else", "more", "photo_wanted", "look", "cheapest")


def choices(talk: Talk, skus: list[str], *, key: str = "talk.several", no_color: str = "") -> Thinking:
    """Several products fit: their names and prices, with buttons; the next message says which.

    `no_color`: a colour that was asked for and none of them has; then their own colours are told.
    """
    data = result_of((yield [Call("list_products", {"skus": skus[:_MOST_LISTED]})]))
    there = [one for one in data["products"] if one["there"]]
    for one in data["products"] if there else ():
        if not one["there"] and talk.meaning.any("available"):
            talk.speech.say("talk.out", title=one["title"])
    listed = there or data["products"]
    talk.answered = True
    if len(there) == 1 and key in ("talk.several", "talk.within") and not no_color:
        yield from answers.products(talk, [(there[0]["sku"], talk.remember(there[0]["sku"], Look()))])
        return
    shown, talk.session.shown = talk.session.shown, [one["sku"] for one in listed]
    talk.session.rest = skus[_MOST_LISTED:][:_MOST_KEPT]
    talk.session.photos = []  # "the second one" is of this list from now on
    talk.session.focus = []
    if no_color:
        talk.speech.say("talk.none_in_color", color=talk.color(no_color))
    else:
        talk.speech.say(key)
    for one in listed[:_MOST_TOLD]:
        facts = {"title": one["title"], "price": Sum(one["price"], one["currency"])}
        if no_color and one["colors"]:
            talk.speech.say("talk.price_colors", **facts, colors=colors_of(talk, one["colors"]))
        else:
            talk.speech.say("talk.price", **facts)
    if len(listed) > _MOST_TOLD:
        talk.speech.say("talk.also", titles=", ".join(one["title"] for one in listed[_MOST_TOLD:]))
    buttons = [[Button(one["title"][:60], f"b:pick:{one['sku']}"[:64])] for one in listed]
    if talk.session.rest:
        talk.speech.say("talk.more_left", n=len(talk.session.rest))
        buttons.append([talk.button("talk.button_more", "b:more")])
    asked = 1 + (talk.session.told.get("list", 0) if shown == talk.session.shown else 0)
    talk.session.told = {"list": asked}
    talk.session.asked = ["product"]
    if asked > _PATIENCE:  # the same list again and again tells the shopper nothing
        talk.session.offer, talk.session.asked = {"person": "not_understood"}, ["product", "offer"]
        buttons.append([talk.button("talk.button_person", "b:person")])
    talk.speech.ask("talk.ask_person" if asked > _PATIENCE else "talk.ask_which", buttons)
    if talk.meaning.any("photo_wanted"):
        talk.speech.photos += [photo for one in listed for photo in one["photos"]]


def instead(talk: Talk) -> Thinking:
    """What there is like the one thing in view that is sold out: in its measure, of its name, else of its kind."""
    if len(talk.session.focus) != 1:
        return
    own, shop = talk.product(talk.session.focus[0]), talk.heard.shop
    named, kin = stems(own.title_uz), of_shelf(shop, own)
    data = result_of((yield [Call("list_products", {"skus": kin})])) if kin else {"products": []}
    there = [one["sku"] for one in data["products"] if one["there"]]
    for fits in (
        [sku for sku in there if numbers_of(own) and numbers_of(own) == numbers_of(talk.product(sku))],
        [sku for sku in there if one_name(shop, [own.sku, sku])],
    ):
        there = fits or there
    there = sorted(there, key=lambda sku: -len(named & stems(talk.product(sku).title_uz)))[:_MOST_TOLD]
    if len(there) == 1:
        talk.speech.say("talk.instead_like")
        yield from answers.products(talk, [(there[0], talk.remember(there[0], Look()))])
    elif there:
        yield from choices(talk, there, key="talk.instead_like")
    keep_looks(talk, there, [piece for one in talk.meaning.goods.mentions for piece in one.pieces])


_NOT_WITHIN = ("delivery", "delivery_time", "payment", "returns", "hours", "pickup")


def within(talk: Talk) -> Thinking:
    """`200 minggacha koʻylak bormi?`: what there is for that sum, of the kind named or in view. True: it was that."""
    m = talk.meaning
    dear = any(talk.product(sku).price > m.limit for one in m.goods.mentions for sku in one.skus)
    bought = m.any("order") and not (dear and talk.cart["empty"])  # "I need a laptop under 5 mln" orders no dearer one
    if not m.limit or m.bargains or bought or m.any(*_NOT_WITHIN):
        return False
    named = [sku for one in m.goods.mentions for sku in one.skus]
    kinds = {talk.product(sku).category for sku in (named or talk.session.focus)}
    products = [one for one in talk.heard.shop.products.values() if not kinds or one.category in kinds]
    named_so = [one for one in products if one.sku in named and one.price <= m.limit] if len(set(named)) > 1 else []
    fit = named_so or [one for one in products if one.price <= m.limit]
    found = sorted(fit, key=lambda one: -one.price)
    if not found:
        talk.speech.say("talk.none_within")
    nearest = found or sorted(products, key=lambda one: one.price)[:_MOST_TOLD]
    yield from choices(talk, [one.sku for one in nearest], key="talk.within" if found else "talk.cheapest")
    return True


def compared(talk: Talk) -> Thinking:
    """`what is the difference between the two?`, `which do you advise?`: what the shop wrote of each. True: said."""
    m, session, shop = talk.meaning, talk.session, talk.heard.shop
    two = _two_of_list(talk)
    named_two = any("compare" in one.acts and not one.sure for one in m.goods.mentions)
    if not m.any("compare") and not two and not named_two:
        return False
    named = named_alike(talk)
    named = named if two and set(two) < set(named) else two or named  # "of copper (there are two) or of steel?"
    if set(named) < set(session.shown) and len(session.shown) <= _MOST_TOLD and not session.focus:
        named = two or session.shown  # "how is it different from the one with a jug?" of a list
    if len(set(named)) == 1 and len(session.focus) == 1:
        named = [*session.focus, *named]  # and of the one in view
    if len(set(named)) == 1 and tells_options(talk, talk.product(named[0])):
        m.wants.add("about")  # "M or L, what is the difference?" of one thing: its description says what it says
        return False
    if len(set(named)) == 1 and m.any("size_advice"):
        return False  # "I wear 50, which of them fits?": of its sizes
    if len(set(named)) == 1:
        named = [*named, *other_side(talk, named[0])]
    if len(set(named)) < 2:
        hits = shop.search.find(m.text, _MOST_TOLD, described=True) if named or m.goods.loose else []
        named = [hit.sku for hit in hits if hit.score >= _AS_GOOD * hits[0].score] or session.shown
    skus = list(dict.fromkeys(named or session.focus))
    if len(skus) < 2:
        return False
    if len(fits := meant_for.fitting(shop, skus, m.text)) == 1:  # "a hall of 24 m2: the one with 6 or with 8 arms?"
        yield from _told_of(talk, fits)
        return True
    if asks_advice(m.tokens):
        skus = of_first_kind(talk, fits or skus)
        skus = fits or fit_for(talk, skus) or shop.search.tell_apart(m.text, skus)[0] or skus
        if len(skus) == 1:  # "which chess is better for travelling?": it is written of one
            yield from _told_of(talk, skus)
            return True
    m.goods.asides.clear()  # what is asked beside them is told with them
    results = yield [Call("product_card", {"sku": sku}) for sku in skus[:_MOST_TOLD]]
    for result in results:
        data = result.data
        talk.speech.say("talk.price", title=data["title"], price=Sum(data["price"], data["currency"]))
        if data["description"]:
            talk.speech.say("talk.text", text=data["description"][:200])
    session.shown, session.focus, session.asked = skus[:_MOST_TOLD], [], ["product"]
    session.rest = skus[_MOST_TOLD:][:_MOST_KEPT]
    buttons = [[Button(one.data["title"][:60], f"b:pick:{one.data['sku']}"[:64])] for one in results]
    if session.rest:
        talk.speech.say("talk.more_left", n=len(session.rest))
        buttons.append([talk.button("talk.button_more", "b:more")])
    talk.speech.ask("talk.ask_which", buttons)
    talk.answered = True
    return True


def _told_of(talk: Talk, skus: list[str]) -> Thinking:
    """The one of several that answers the question, with what the shop wrote of it."""
    talk.meaning.wants.add("about")
    yield from answers.products(talk, [(skus[0], talk.remember(skus[0], Look()))])
    talk.focus_on(skus)


def _two_of_list(talk: Talk) -> list[str]:
    """`misligi yaxshimi po'latimi` of a list: the things that are set against each other; [] when it is not that."""
    m, shown = talk.meaning, talk.session.shown
    if len(shown) < 2 or talk.session.focus or not any(token.key in _IS_BETTER for token in m.tokens):
        return []
    found: list[str] = []
    for token in m.tokens:
        fits, _ = talk.heard.shop.search.tell_apart(token.text, shown) if token.kind == "word" else ([], [])
        found += fits
    found = list(dict.fromkeys([*found, *(shown if found and m.either else ())]))
    return found[:_MOST_TOLD] if len(found) > 1 else []


def asked_of_list(talk: Talk, skus: list[str]) -> Thinking:
    """`how heavy are they?` of a list that is in view: what the shop wrote of each. True: it wrote something."""
    m, shown = talk.meaning, talk.session.shown
    fresh = asks_either(m.tokens) and len(skus) <= _MOST_TOLD  # "is your leather real or artificial?"
    if not fresh and (not m.asks or len(shown) < 2 or set(skus) != set(shown)):
        return False
    if m.any(*_NOT_OF_EACH):
        return False
    shown = list(skus) if fresh else shown
    results = yield [Call("product_card", {"sku": sku}) for sku in shown[:_MOST_TOLD]]
    if not any(result.data["description"] for result in results):
        return False
    for result in results:
        talk.speech.say(
            "talk.price", title=result.data["title"], price=Sum(result.data["price"], result.data["currency"])
        )
        if result.data["description"]:
            talk.speech.say("talk.text", text=result.data["description"][:_DESCRIBED])
    talk.answered = True
    talk.speech.ask("talk.ask_which", _pick_buttons(talk, shown))
    talk.session.shown, talk.session.focus, talk.session.asked = shown, [], ["product"]
    return True


def _pick_buttons(talk: Talk, skus: list[str]) -> list[list[Button]]:
    return [[Button(talk.title(sku)[:60], f"b:pick:{sku}"[:64])] for sku in skus[:_MOST_LISTED]]


def others(talk: Talk) -> Thinking:
    """`what other dresses do you have?`: the rest of the kind that is in view. True: it was that."""
    m, session, shop = talk.meaning, talk.session, talk.heard.shop
    if (yield from _cheaper(talk)):
        return True
    asked = m.any("else", "more") and (m.any("available", "catalog", "look") or m.asks)
    if not asked or not session.focus or numbers(m.tokens) or m.wants - _OF_LISTS or m.goods.foreign:
        return False
    named = {sku for one in m.goods.mentions for sku in one.skus}
    heard, filler = covered(m.met), load().filler
    plain = all(at in heard or one.key in filler for at, one in enumerate(m.tokens) if one.kind == "word")
    if not named & set(session.focus) and (named or not plain):
        return False  # "boshqa filialingiz bormi?"
    kind = talk.product(session.focus[0]).category
    rest = [one.sku for one in shop.products.values() if one.category == kind and one.sku not in session.focus]
    if not rest:
        return False
    m.goods.mentions.clear()
    yield from choices(talk, rest)
    return True


def _cheaper(talk: Talk) -> Thinking:
    """`boshqa arzonrog'i bormi?`: what costs less of the kind that is in view. True: there is such."""
    m, shop = talk.meaning, talk.heard.shop
    asked = m.any("cheaper", "cheapest") and m.any("else", "available") and not m.wants - _OF_LISTS - _LESS
    if not asked or len(talk.session.focus) != 1 or numbers(m.tokens) or m.goods.foreign or m.goods.mentions:
        return False
    own = talk.product(talk.session.focus[0])
    less = [one for one in shop.products.values() if one.category == own.category and one.price < own.price]
    alike = [one for one in less if _kind(one) & _kind(own)]
    found = sorted(alike, key=lambda one: -one.price)
    if not found:
        return False
    yield from choices(talk, [one.sku for one in found])
    return True


def _kind(product: Product) -> set[str]:
    """What kind of goods a product is called, in the words of trade."""
    found = units_of(f"{product.title_uz} {product.title_ru}")
    return {name for unit in found if unit.kind == "goods" for name in unit.concepts}


def more(talk: Talk, before: list[str]) -> Thinking:
    """`yana`, `ещё какие есть?` after a list: its next page, or that this was all. True: it was that."""
    m, session = talk.meaning, talk.session
    listed = "product" in before and len(session.shown) > 1 and not session.focus
    if not listed or not m.any("more", "else", "also") or m.goods.mentions or m.goods.foreign or numbers(m.tokens):
        return False
    if m.any("order") and not m.question and not session.rest:
        return False  # "yana olaman" is of what was bought
    if m.any("hours", "location", "delivery", "delivery_time", "payment", "returns", "contacts"):
        return False  # "dushanba ham ochiqmisiz": what is asked too is the shop's
    m.wants -= {"more", "else", "catalog", "available", "look"}
    if session.rest:
        yield from choices(talk, list(session.rest), key="talk.more")
    else:
        talk.speech.say("talk.no_more")
        talk.speech.ask("talk.ask_which")
        talk.session.asked = ["product"]
        talk.answered = True
    return True


def color_of_none(talk: Talk) -> str:
    """The one colour that is said of a list and that none of it comes in: "the purple one"."""
    said = {one.color for one in colors.named(talk.meaning.text)}
    own = [color for sku in talk.session.shown for color in talk.product(sku).colors]
    return said.pop() if len(said) == 1 and own and not colors.colors_of(talk.meaning.text, own) else ""
