"""The dialogue policy: answer what was asked, do what was wanted, then ask the one next thing.

One turn is a generator: it yields the tool calls it wants and is sent their results; what it returns is said.
"""

from __future__ import annotations

from collections.abc import Mapping

from agent.brain import Call, Heard, Sum
from agent.brain_rules import (
    answers,
    asks,
    consent,
    edits,
    given,
    lists,
    manners,
    of_answer,
    other_measure,
    own_answers,
    pictures,
    shop_answers,
)
from agent.brain_rules.asked_on import asked_on, told_again
from agent.brain_rules.at_once import at_once
from agent.brain_rules.by_the_way import only_brought, only_thanks, sum_of_order
from agent.brain_rules.colorless import tell_colorless, tell_lacking
from agent.brain_rules.exchange import only_returns
from agent.brain_rules.fitting import keep_fitting, told_sizes, which_size
from agent.brain_rules.goes_with import ask_aside, asks_fit
from agent.brain_rules.lexicon import index
from agent.brain_rules.looks import looks
from agent.brain_rules.meaning import understand
from agent.brain_rules.next_size import lay_next_size
from agent.brain_rules.piece import Look, kept
from agent.brain_rules.places import carries_up
from agent.brain_rules.plan import Plan
from agent.brain_rules.pointed import at_nothing, in_other_color, in_other_words, one_more_there
from agent.brain_rules.strange import only_wonders, unknown
from agent.brain_rules.talk import Talk, Thinking
from agent.brain_rules.text import tokens
from agent.brain_rules.which_color import which_color
from agent.brain_rules.works import WORK, asks_beside, asks_of_goods
from shop import colors, regions


def think(heard: Heard) -> Thinking:
    """One whole turn; returns the messages."""
    talk = Talk(heard, understand(heard), inquiry=heard.session.inquiry)
    heard.session.inquiry = ""
    if heard.handed_over:
        yield from _beside_a_person(talk)
        return talk.speech.says(first=False)
    before = list(heard.session.asked)
    heard.session.asked = []
    manners.greet(talk)
    handled = yield from at_once(talk, before)
    if talk.meaning.any("order", "more") and not (talk.meaning.question or talk.cart["address"]):
        to = regions.sent_to(heard.shop.profile, talk.meaning.text)  # "one please, to Beruniy"; the street comes later
        heard.session.region = to.key if to else heard.session.region
    if not handled:
        yield from _turn(talk, before)
    if (heard.session.asked and not talk.speech.silent) or talk.edited:
        heard.session.failed = 0 if talk.meaning.said_something else heard.session.failed
    if not heard.session.asked and talk.speech.question is None and not talk.done:
        heard.session.told = {}
        if "product" in before and talk.answered and len(heard.session.shown) > 1 and not heard.session.focus:
            heard.session.asked = ["product"]  # "is there a warranty?" of a list: which one is still to be said
        elif talk.cart["empty"] and len(heard.session.focus) == 1 and _only_told(talk):
            heard.session.asked = [slot for slot in before if slot in ("size", "color")]  # still to be chosen
    return talk.speech.says(first=heard.first)


def _turn(talk: Talk, before: list[str]) -> Thinking:
    """Answers what was asked, does what was wanted, asks the one next thing; `before`: what was asked last."""
    yield from asked_on(talk)
    yield from shop_answers.how_long(talk)
    yield from own_answers.answered(talk)
    yield from given.person(talk)
    yield from told_again(talk)
    if not (yield from of_answer.put_in_view(talk)):
        yield from _goods(talk, before)
    untold = yield from _asides(talk)
    yield from consent.order(talk, before)
    yield from _questions(talk, untold)
    yield from manners.manners(talk, before)
    yield from asks.next_step(talk)
    if "offer" in before and talk.meaning.any("this") and _only_told(talk):
        talk.session.asked = talk.session.asked or ["product"]  # what is named next is wanted


def _questions(talk: Talk, untold: str) -> Thinking:
    """Answers what is asked of the shop and of the sum; of what stays open (`untold` too) who knows it is told."""
    m, said = talk.meaning, len(talk.speech.lines)
    yield from shop_answers.facts(talk)
    fits = asks_fit(tokens(untold))
    if untold and len(talk.speech.lines) == said and (talk.answered or talk.edited or fits):
        yield from _untold(talk, untold)
    if m.wonders and not (talk.answered or talk.edited or not talk.speech.only_greets):
        yield from answers.described(talk, m.text, last=True)
    yield from told_again(talk)
    yield from of_answer.told_sum(talk)
    if m.any("needs") and talk.session.focus:
        yield from answers.needed(talk)
    if m.any("total"):
        yield from asks.say_total(talk)
    if m.any("invoice") and m.asks and not (talk.answered or talk.edited or talk.done):
        asks.offer_person(talk, "wholesale")
    if any(one.untold for one in m.goods.mentions) and asks_of_goods(talk):
        talk.speech.say("talk.staff_know")
    carried = carries_up(m.tokens) and not talk.answered and not talk.cart["empty"]
    of_it = talk.session.focus or not talk.cart["empty"] or "service" in m.heard_as
    if carried or (of_it and _left_open(talk)):
        talk.speech.say("talk.staff_know")


def _asides(talk: Talk) -> Thinking:
    """Answers what is asked beside the goods; what neither the shop nor a product answers is returned, else ""."""
    for question in talk.meaning.goods.asides[:1]:
        fits = asks_fit(tokens(question)) and bool(talk.session.focus)  # "does it take a gas bottle?", said of stoves
        of_it = f"{talk.title(talk.session.focus[0])} {question}" if fits else question
        told = yield from shop_answers.faq(talk, of_it, apart=not fits)
        if not told and not (yield from answers.described(talk, question)):
            return question
    return ""


def _untold(talk: Talk, question: str) -> Thinking:
    """What is known of the thing in view is told, and who knows the rest."""
    yield from answers.described(talk, question, last=True, beside=True)
    if (only_wonders(question) or asks_fit(tokens(question))) and not talk.meaning.sum:
        talk.speech.say("talk.staff_know")


def _beside_a_person(talk: Talk) -> Thinking:
    """A person has the conversation: only prices, stock and facts are told, and only where the shop allows."""
    if not talk.heard.shop.profile.talk.facts_while_handed_over:
        return
    made = edits.plan(talk)
    asked = made.asked if not made.calls else []
    if not asked and talk.meaning.any("price", "available") and not edits.about_shop(talk):
        asked = [(sku, Look()) for sku in talk.session.focus]
    yield from answers.products(talk, asked)
    yield from shop_answers.facts(talk)
    talk.speech.question = None


# ---- goods -----------------------------------------------------------------------------------------------------------


def _goods(talk: Talk, before: list[str]) -> Thinking:
    """What is shown, named, wanted or asked about."""
    seen = [one.seen for one in talk.heard.words if one.seen.get("verdict") in pictures.TOLD]
    shown: list[str] = (yield from pictures.told(talk, seen)) if seen else []
    if consent.only_cancels(talk):
        return
    if talk.meaning.any("all_there") and talk.session.offer.get("qty") and "offer" in before:
        yield from consent.accepted(talk)
        return
    if (yield from lists.more(talk, before)) or (yield from lists.others(talk)):
        return
    posts = [sku for one in talk.heard.words for sku in one.skus]
    if len(posts) > 1 and not talk.meaning.goods.mentions:
        yield from lists.choices(talk, posts, key="talk.look_several")
        return
    if posts:
        talk.pictures(posts[:1])
    again = talk.meaning.any("repeat") or one_more_there(talk)
    if again and talk.cart["empty"] and (yield from edits.again(talk)):
        return
    if in_other_color(talk, before) and (yield from edits.again(talk, other=True)):
        return
    if _wants_change(talk) and talk.cart["empty"] and talk.heard.open_order.get("changeable"):
        yield [Call("change_order", {})]
    if only_thanks(talk, before):
        return
    sum_of_order(talk)
    came = [one for one in talk.meaning.goods.mentions if "arrived" in one.acts and not one.acts & edits.ASKS]
    if talk.meaning.any("thanks") and len(came) < len(talk.meaning.goods.mentions):
        talk.meaning.goods.mentions = [one for one in talk.meaning.goods.mentions if one not in came]
    only_returns(talk)
    only_brought(talk)
    if (yield from lists.within(talk)) or (yield from lists.compared(talk)):
        return
    prior, looked = list(talk.session.focus), dict(talk.session.look)
    ask_aside(talk)
    unnamed = at_nothing(talk)
    made = other_measure.turned(talk) or edits.plan(talk)
    lay_next_size(talk, made, looked)
    tell_colorless(talk, made)
    tell_lacking(talk, made)
    yield from which_color(talk, made)
    keep_fitting(talk, made)
    told_sizes(talk, made)
    if (shown or posts) and talk.session.focus and not made.calls and not made.asked:
        made.asked = [(sku, talk.remember(sku, Look())) for sku in talk.session.focus]
    if seen:
        pictures.each(talk, shown, made)
    for name in talk.meaning.goods.foreign:
        if others := in_other_words(talk, name, prior):
            made.which.append(others)
        elif not talk.meaning.asks or not (
            yield from shop_answers.faq(talk, apart=True)
        ):  # "is there a saucer with it?"
            talk.speech.say("talk.not_sold", name=name)
            talk.answered = True
    for name in talk.meaning.goods.unplaced:
        talk.speech.say("talk.not_placed", name=name)
    of_kind = bool(made.which) and talk.meaning.any("size_advice", "about")  # "what ring size should I take?"
    beside = not made.calls and bool(made.which or made.asked) and (of_kind or asks_beside(talk))
    # "are your perfumes original?" asks for no list of them
    told = any(line.key == "talk.text" for line in talk.speech.lines)
    if beside and told and made.asked and not made.which:  # "how long does this candle burn?": the shop has told it
        talk.focus_on([sku for sku, _ in made.asked])
        return
    # "which cake for 10?": the cakes are still to come
    if beside and not told and (yield from shop_answers.faq(talk, apart=True)):
        if prior and own_answers.of_its_parts(talk):
            return
        talk.focus_on([sku for sku, _ in made.asked])
        if made.asked and made.which:  # "what tulle for this cornice?": what is said next may be of either
            both = list(dict.fromkeys([*(sku for sku, _ in made.asked), *made.which[0]]))
            talk.session.shown, talk.session.focus, talk.session.asked = both, [], ["product"]
        elif made.which and len(made.which[0]) <= _FEW:  # "which heater for four of us?", "the upright one, then"
            talk.session.shown, talk.session.focus = list(made.which[0]), []
            talk.session.asked = ["product"] if of_kind else []
        if not made.asked or not any("available" in one.acts for one in talk.meaning.goods.mentions):
            return
    if beside and "service" in talk.meaning.heard_as:  # "do you hang doors yourselves?": no list of doors
        talk.focus_on([sku for sku, _ in made.asked])
        return
    alone = beside or (talk.meaning.asks and not talk.meaning.any("price", "available"))
    if talk.meaning.any("installments") and alone and made.which and not made.calls:  # "do you give carpets on credit?"
        talk.session.shown, talk.session.focus = list(made.which[0])[:_FEW], []
        return
    earlier = list(talk.session.shown) if "product" in before and not talk.session.focus else []
    yield from edits.apply(talk, made)
    for which in made.which[:1]:
        if not (made.calls or made.asked) and (yield from lists.asked_of_list(talk, which)):
            return
        if made.calls and talk.cart["lines"]:
            asks.say_cart(talk)  # beside the list what is taken is told
        yield from lists.choices(talk, which, no_color=made.no_color)
        if made.calls and len(talk.session.shown) > 1 and not talk.session.focus:
            talk.session.undecided = {"skus": list(talk.session.shown), "asked": 1}
    if len(made.which) > 1 and not talk.meaning.asks and not set(made.which[0]) & set(made.which[1]):
        talk.session.undecided = {"skus": made.which[1], "asked": 0, "next": True}  # "a tent and two sleeping bags"
    elif made.which and len(earlier) > 1 and any(one.numbers for one in talk.meaning.goods.loose):
        talk.session.undecided = {"skus": earlier, "asked": 0, "next": True}  # "ok two, and one apron"
    if "product" in before and not prior and made.calls and not made.which and _left_of_list(talk, made):
        asks.say_cart(talk)
        talk.session.undecided = {"skus": list(talk.session.shown), "asked": 0, "next": True}
    if talk.meaning.any("size_advice"):
        yield from which_size(talk, made)
    asked = made.asked
    foreign = talk.meaning.goods.foreign
    of_view = talk.meaning.any("price", "about", "photo_wanted", "left") and not edits.about_shop(talk) and not foreign
    if not asked and not made.calls and of_view:
        asked = [(sku, talk.remember(sku, Look())) for sku in talk.session.focus]
    in_view = _with_prior(talk, made, prior, looked)
    if not _advised(talk):
        yield from answers.products(talk, [*in_view, *asked], prior=len(in_view))
    if not made.calls:
        own_answers.keep_whole(talk)
    bought = [str(call.args["sku"]) for call in made.calls if call.tool == "add_to_cart"]
    if bought and own_answers.of_its_parts(talk):
        talk.focus_on(bought)  # "I want a set. Is the box included?": what is said next is of the set
    last_price = talk.meaning.any("last") and talk.meaning.any("price")  # "oxirgisi qancha" with one thing in view
    bargains = talk.meaning.any("haggle", "expensive") or talk.meaning.bargains
    if made.which and talk.meaning.any("cheapest") and not talk.meaning.bargains:
        bargains = False  # "registrator bormi, arzonrog'idan": one of a list
    if talk.meaning.any("wholesale") and talk.meaning.question:
        bargains = False  # "оптом дешевле?" is answered by prices for many and by the shop's own words
    if not talk.meaning.bargains and any(look.qty > 1 and talk.product(sku).qty_price for sku, look in asked):
        bargains = False  # "is it cheaper if I take 60?" of what is cheaper for many
    if bargains or (last_price and talk.session.focus):
        yield from _haggle(talk)
    if unnamed and made.calls and talk.cart["lines"] and talk.speech.question is None:
        asks.say_cart(talk)
        talk.speech.ask("talk.ask_product")
        talk.session.asked = ["product"]
    plain = talk.meaning.any("order") and not (bargains or talk.meaning.any("cancel")) and talk.speech.question is None
    if plain and not made.calls and not asked and not made.which and talk.cart["empty"]:
        yield from _order_of_nothing(talk)


def _left_of_list(talk: Talk, made: Plan) -> bool:
    """`two white ones and a roller` to "which of these paints?": which paint is asked once more."""
    shown, taken = talk.session.shown, {call.args.get("sku") for call in made.calls}
    told = any(piece.numbers and not unknown(piece) for piece in talk.meaning.goods.loose)
    return told and len(shown) > 1 and not taken & set(shown)


def _with_prior(
    talk: Talk, made: Plan, prior: list[str], looked: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, Look]]:
    """`and a hook with them, together?`: what was in view before is in the sum too."""
    m = talk.meaning
    if len(made.asked) != 1 or made.calls or made.which or len(prior) != 1 or not talk.cart["empty"]:
        return []
    sku = prior[0]
    old = kept(looked.get(sku, {}))
    now, new = made.asked[0]
    other = sku != now or (old.size, old.color) != (new.size, new.color)
    return [(sku, old)] if other and m.any("total", "both", "all_of") and sku in talk.heard.shop.products else []


def _only_told(talk: Talk) -> bool:
    """Whether nothing but what the shop wrote was answered to a question of the thing that is offered."""
    told = talk.answered and talk.speech.question is None and talk.cart["empty"] and not talk.done
    return told and not talk.meaning.bargains and all(line.key == "talk.text" for line in talk.speech.lines)


def _left_open(talk: Talk) -> bool:
    """Whether a question was neither answered nor understood: `will you fit it for me?`, `o'rab bering`."""
    m = talk.meaning
    silent = talk.speech.only_greets and not (talk.answered or talk.edited or talk.done)
    work = not m.phones and any(one.name in WORK for one in index("asked").find(m.tokens))
    work = work or "service" in m.heard_as
    asks = m.wonders and any(map(unknown, m.goods.loose))
    return silent and (asks or work) and not m.wants - {"this", "gift", "about", "service"}


_FEW = 5  # things that a question is of, so that what is said next chooses one of them


def _advised(talk: Talk) -> bool:
    return any(line.key == "talk.size_fits" for line in talk.speech.lines)


def _wants_change(talk: Talk) -> bool:
    m = talk.meaning
    if m.any("not_it") and not m.any("cancel") and _corrects(talk):
        return True
    if _cancels_one(talk):
        return True
    if m.any("cancel", "paid", "card") or (m.any("status") and not m.any("remove", "change", "more", "also")):
        return False
    acts = m.goods.acts
    if m.any("remove") and not m.goods.mentions and colors.named(m.text):
        return True  # "no blue one after all": of what was ordered
    adds = bool(acts & {"also", "wish", "denied", "keep_only"}) and not m.question and not acts & edits.ASKS
    return adds or bool(m.goods.mentions and m.any("order", "more", "remove", "change")) or m.any("change", "more")


def _cancels_one(talk: Talk) -> bool:
    """`can I back out of the hose?` of an order of several things: the others are still wanted."""
    ordered = talk.heard.open_order.get("skus", [])
    named = {sku for one in talk.meaning.goods.mentions if "cancel" in one.acts for sku in one.skus if sku in ordered}
    return bool(named) and len(set(ordered)) > len(named) and not consent.of_an_order(talk)


def _corrects(talk: Talk) -> bool:
    """`M emas L`, `two please, not one`: of the one thing that was ordered."""
    skus = talk.heard.open_order.get("skus", [])
    if len(skus) != 1 or skus[0] not in talk.heard.shop.products or talk.meaning.goods.mentions:
        return False
    said, denied = looks(talk.product(skus[0]), talk.meaning.goods.loose, talk.meaning.hint)
    return (
        bool(denied)
        and any(look.qty or look.size or look.color for look in said)
        and not any(look.no_size or look.no_color for look in said)
    )


def _haggle(talk: Talk) -> Thinking:
    several = len({line["sku"] for line in (*talk.cart["lines"], *talk.cart["picks"])} | set(talk.session.focus)) > 1
    together = len(talk.meaning.goods.mentions) > 1 or (several and talk.meaning.any("both", "total"))
    sku = "" if together or not talk.session.focus else talk.session.focus[0]  # a sum for several is staff's to judge
    results = yield [Call("ask_discount", {"sku": sku, "amount": talk.meaning.sum})]
    data = results[0].data
    if data["status"] == "fixed":
        talk.speech.say("talk.text" if data["text"] else "talk.prices_fixed", text=data["text"])
    elif data["status"] == "granted":
        talk.speech.say("talk.discount_granted", title=data["title"], price=Sum(data["price"], data["currency"]))
    else:
        talk.speech.say("talk.discount_asked")
    talk.answered = True


def _order_of_nothing(talk: Talk) -> Thinking:
    """`zakaz bermoqchiman` with nothing named: what is it to be?"""
    if talk.session.focus and not talk.heard.open_order:
        yield from consent.accepted(talk)
    elif len(talk.session.shown) > 1:
        yield from lists.choices(talk, list(talk.session.shown))
    elif not talk.heard.open_order:
        talk.speech.ask("talk.ask_product")
        talk.session.asked = ["product"]
