"""What the message wants of the cart: add, change, take out. What it only asks about is left to `answers`.

Naming a product again is no second order of it: `set`, not `add`, unless `yana`, `ещё`, `another` is said.
"""

from __future__ import annotations

from dataclasses import replace

from agent.brain import Call, Result
from agent.brain_rules import besides, excluded, faint, kept_there, needed, refused
from agent.brain_rules.assent import adds_what_waits
from agent.brain_rules.if_none import if_none
from agent.brain_rules.intents import asks_in_order
from agent.brain_rules.lexicon import keys, words_of
from agent.brain_rules.lines import counted_out, half_out, named_out, only_counted, out, put, some_out, told_size
from agent.brain_rules.looks import looks
from agent.brain_rules.mention import Mention
from agent.brain_rules.numbers import so_big
from agent.brain_rules.outcome import outcome
from agent.brain_rules.own_answers import of_its_parts
from agent.brain_rules.piece import Look
from agent.brain_rules.plan import MORE, Plan, same_line
from agent.brain_rules.pointed import WANTS, takes_all, targets
from agent.brain_rules.talk import Talk, Thinking, result_of
from agent.brain_rules.text import asks_by
from shop.fold import words

ASKS = frozenset(
    {"price", "left", "apiece", "available", "about", "look", "photo_wanted", "size_advice", "haggle", "total", "needs"}
)
_EACH = 3  # sizes or colours asked about together
_OTHERS = frozenset({"else", "more", "keep_only"})
_ORDERS = frozenset({"order", "agree", "wish"})
_PRICES = tuple(words_of(("price", "narx", "цена", "цену", "цены", "стоимость")))
_STOPS = (".", "?", "!", "\n")
_OF_SHOP = ("delivery", "free_delivery", "delivery_time", "card", "paid", "status", "returns", "payment")


def plan(talk: Talk) -> Plan:
    """What to do with the goods of the message. Nothing is changed yet."""
    made = Plan()
    if adds_what_waits(talk.meaning, talk.cart, talk.session.focus):
        return made
    needed.asks_first(talk)
    before = dict(talk.session.look)
    kept_there.of_cart(talk)
    mentions = talk.meaning.goods.mentions
    if mentions and besides.goes_on(talk, mentions[0]):
        mentions[0].acts.add("also")
    only = [one for one in mentions if "keep_only" in one.acts and one.sure and "also" not in one.acts]
    keeps = [one for one in only if not _said(talk, one)]
    for mention in mentions:
        _mention(talk, mention, made)
    if keeps and (not made.calls or any(_wholly(talk, mention) for mention in keeps)):
        besides.keep_only(talk, {mention.skus[0] for mention in mentions if "denied" not in mention.acts}, made)
    besides.drop_undecided(talk, made)
    besides.swap(talk, made)
    if talk.meaning.goods.loose:
        _loose(talk, made)
    besides.together(talk, made)
    besides.offered_too(talk, made, before)
    return made


def apply(talk: Talk, made: Plan) -> Thinking:
    """Runs the plan's calls; says what could not be done and offers what there is instead."""
    if made.focus:
        talk.focus_on(made.focus)
    _say_absent(talk, made)
    if not made.calls:
        return
    if talk.cart["empty"] and talk.heard.open_order.get("changeable"):
        yield [Call("change_order", {})]  # one more thing goes into the order that is there
    results: tuple[Result, ...] = yield made.calls
    for result in results:
        outcome(talk, result)


def again(talk: Talk, *, other: bool = False) -> Thinking:
    """The goods of the shopper's last order once more, as far as they are there; whether there was one.

    Of a single thing another size, colour or number may be said: "the same again, but black". `other`: only then.
    """
    lines = result_of((yield [Call("last_order", {})])).get("lines", [])
    if not lines or (other and len(lines) > 1):
        return False
    if len(lines) == 1 and (product := talk.heard.shop.products.get(lines[0]["sku"])):
        said, _ = looks(product, talk.meaning.goods.pieces, talk.meaning.hint)
        if other and not any(look.color for look in said):
            return False
        for look in said[:1]:
            new = {"size": look.size, "color": look.color, "quantity": look.qty}
            lines = [{**lines[0], **{name: value for name, value in new.items() if value}}]
    talk.focus_on([str(line["sku"]) for line in lines])
    results: tuple[Result, ...] = yield [Call("add_to_cart", line) for line in lines]
    for result in results:
        outcome(talk, result)
    return True


def _say_absent(talk: Talk, made: Plan) -> None:
    """What was to be taken out was not there: said where there is a cart, else it is simply not wanted."""
    for sku in made.absent:
        if not talk.cart["empty"]:
            talk.speech.say("talk.not_in_order", title=talk.title(sku))
        elif not made.calls and not made.asked:
            talk.speech.say("talk.later")
    talk.answered = talk.answered or bool(made.absent)
    if made.absent and not made.calls and not made.asked:
        talk.session.focus = [sku for sku in talk.session.focus if sku not in made.absent]


# ---- products that are named -----------------------------------------------------------------------------------------


def _mention(talk: Talk, mention: Mention, made: Plan) -> None:
    sku = _in_cart(talk, mention) or mention.skus[0]
    act = _act(talk, mention, sku)
    if act == "absent" and (held := besides.held_alike(talk, mention)):
        sku, act = held, "remove"  # "no case": the hard one was taken, though the soft one is called so first
    if act == "keep" or (act == "absent" and refused.let_go(talk, mention)):
        return
    if not mention.sure and not talk.in_cart(sku):
        made.which.append(mention.skus)
        besides.keep_looks(talk, mention.skus, mention.pieces)
        made.no_color = made.no_color or _no_color(talk, mention)
        return
    said, denied = mention.looks(talk.product(sku), talk.meaning.hint)
    made.focus.append(sku)
    for look in said:
        talk.of_letter(sku, look)
    if act == "absent":
        made.absent.append(sku)
    elif act == "remove":
        said, denied = some_out(said, denied, talk.in_cart(sku), mention.acts)
        made.calls.append(out(talk, sku, said or denied))
    elif act == "ask" or (act == "add" and faint.offers(talk, mention, said)):
        _ask_of(talk, sku, said, made)
    elif act == "add" or act == "change":
        put(talk, sku, said, denied, made, mention.acts)
        of_it = (
            "price" in mention.acts and talk.session.focus and any(piece.numbers for piece in talk.meaning.goods.loose)
        )
        if "apiece" in mention.acts or of_it:  # "one in red, then a headset too, how much is it?"
            made.asked.append((sku, Look()))


def _ask_of(talk: Talk, sku: str, said: list[Look], made: Plan) -> None:
    """What is asked of a product; `33 va 35 razmer bormi` of each of them, and "both" is of these afterwards."""
    each = [look for look in said if look.size or look.color]
    if not 1 < len(each) <= _EACH or len(said) > len(each) or talk.meaning.any("supposed"):
        made.asked.append((sku, talk.remember(sku, _asked_of(talk, said))))
        return
    made.asked += [(sku, look) for look in each]
    talk.remember(sku, Look())
    talk.session.look[sku] |= {"each": "|".join(f"{look.size};{look.color}" for look in each)}


def _of_both(talk: Talk, sku: str, said: list[Look], acts: set[str]) -> list[Look]:
    """`ikkalasidan bittadan` after two sizes were asked about: one of each of them."""
    each = talk.session.look.get(sku, {}).get("each", "")
    named = any(look.size or look.color or look.no_size or look.no_color for look in said)
    if not each or named or not (acts & {"both", "of_each", "all_of"} or "qty" in talk.meaning.hint.asked):
        return said
    qty = max((look.qty for look in said), default=0)
    return [Look(size, color, qty) for size, color in (one.split(";") for one in each.split("|"))]


def _asked_of(talk: Talk, said: list[Look]) -> Look:
    """What is asked about; of two numbers the one that is supposed: one, if 50 are taken."""
    look = said[0] if said else Look()
    return replace(look, qty=max(one.qty for one in said)) if said and talk.meaning.any("supposed") else look


def _no_color(talk: Talk, mention: Mention) -> str:
    """The colour that was said and that none of the products meant comes in."""
    said = [mention.looks(talk.product(sku), talk.meaning.hint)[0] for sku in mention.skus]
    missing = {look.no_color for looks_ in said for look in looks_}
    return missing.pop() if len(missing) == 1 and all(said) else ""


def _in_cart(talk: Talk, mention: Mention) -> str:
    """Of several products meant, the one that is in the cart."""
    return next((sku for sku in mention.skus if talk.in_cart(sku)), "")


def _act(talk: Talk, mention: Mention, sku: str) -> str:
    """What is wanted with a named product: remove, change, add or ask."""
    acts, held = mention.acts, talk.in_cart(sku)
    if kept_there.stays(talk, mention, sku):
        return "keep"
    if held and "change" in acts and "denied" not in acts and _swaps(talk, mention, sku):
        return "change"
    if held and acts & {"remove", "cancel", "denied"}:
        return "keep" if refused.only_it(mention) else "remove"
    if not held and acts & WANTS and refused.where_named(mention) and not _said(talk, mention):
        return "absent"
    praised = "praise" in acts and not acts & (WANTS | ASKS) and len(talk.meaning.goods.mentions) > 1
    if praised and not held and not _said(talk, mention):
        return "keep"  # "the pouch is great, I want a bag too"
    if not acts & (WANTS | ASKS) and acts & {"remove", "denied"} and not talk.meaning.question:
        return "add" if excluded.only_a_look(mention, talk.product(sku), talk.meaning.hint) else "absent"
    if "keep_only" in acts and held and not _said(talk, mention):
        return "keep"
    if acts & WANTS:
        return "ask" if "size_advice" in acts and talk.meaning.wonders else "add"
    if "supposed" in acts and (talk.meaning.question or acts & {"price", "apiece", "haggle"}):
        return "ask"  # "what does one cost if I take 50?"
    said, _ = mention.looks(talk.product(sku), talk.meaning.hint)
    if held and ("change" in acts or (said and not acts & ASKS)):
        return "change"
    summed = len(said) > 1 and any(look.qty for look in said)  # "one black and two red, how much?": these together
    instead = "change" in acts or ("not_it" in acts and not acts & ASKS)  # "not 5 m, 3 m is enough"
    if instead and mention.sure and not talk.meaning.question and besides.in_place_of(talk, sku):
        return "add"
    summed = summed or (
        acts & ASKS <= besides.of_sum(talk) and mention.sure and besides.with_others(talk, mention, said)
    )
    if acts & ASKS and not summed and not (talk.meaning.any("of_each") and mention.sure):
        return "ask"
    counted = any(look.qty for look in said) and not _asks_what(talk, mention)
    counted = counted or (talk.meaning.any("of_each") and mention.sure)
    asks = talk.meaning.question or talk.meaning.either
    asks = asks or any(token.key in keys("questions", "wh") for token in talk.meaning.tokens)
    answers = bool(talk.meaning.hint.asked & {"product", "size", "color", "qty"}) and not asks
    wishes = talk.meaning.any("for_me") and not talk.meaning.question and mention.sure
    changes = "change" in acts and not talk.meaning.either
    if not (counted or changes) and _asked_apart(talk, mention):
        return "ask"
    if talk.meaning.any("order", "more") or wishes or counted or answers or changes:
        return "add"
    adds = mention.sure and not talk.meaning.question
    wishes_it = talk.meaning.any("wish") and not acts & ASKS
    return (
        "add"
        if adds and (wishes_it or _also(talk, acts) or _instead(talk, acts) or _listed(talk, mention) or _and_it(talk))
        else "ask"
    )


def _asks_what(talk: Talk, mention: Mention) -> bool:
    """`bitta zaryadda necha kilometr yuradi`: the number is part of a question that is of no price, and orders none."""
    return not talk.meaning.any(*ASKS) and any(
        token.key in keys("questions", "wh") for piece in mention.pieces for token in piece.tokens
    )


def _asked_apart(talk: Talk, mention: Mention) -> bool:
    """`I want a set. Does the box come with it or is it sold apart?`: what another sentence asks of is not ordered."""
    if of_its_parts(talk):  # "nasosi ham ichida keladimi" adds no pump
        return True
    own = next((piece for piece in mention.pieces if piece.named), mention.pieces[0])  # where it is named
    text, first, last = own.text, own.tokens[0].start, own.tokens[-1].end
    begins = max(text.rfind(mark, 0, first) for mark in _STOPS)
    ends = min((at for mark in _STOPS if (at := text.find(mark, last - 1)) >= 0), default=-1)
    if begins < 0 or ends < 0 or text[ends] != "?" or mention.acts & MORE:
        return False
    said = [token for token in talk.meaning.tokens if begins < token.start < ends]
    asking = keys("questions", "wh") | keys("questions", "or")
    return any(token.key in asking or asks_by(token) for token in said) or asks_in_order(said)


def _swaps(talk: Talk, mention: Mention, sku: str) -> bool:
    """`make the suit black, no green one`: a variant for another, where the words also take something out."""
    said, denied = mention.looks(talk.product(sku), talk.meaning.hint)
    return bool(denied) and any(look.size or look.color for look in said)


def _said(talk: Talk, mention: Mention) -> bool:
    """Whether `only` is about a size, a colour or a number: `1 case only` takes nothing else out."""
    return bool(mention.looks(talk.product(mention.skus[0]), talk.meaning.hint)[0])


def _also(talk: Talk, acts: set[str]) -> bool:
    """`сумку тоже`, `also a mug`: one more thing to what is being bought, not a question."""
    buys = not talk.cart["empty"] or bool(talk.heard.open_order.get("changeable"))
    return "also" in acts and (buys or bool(talk.meaning.hint.asked & {"offer", "size", "color", "qty"}))


def _listed(talk: Talk, mention: Mention) -> bool:
    """`3 packs of rice and sugar 1 kg`: beside what is counted, and nothing is asked of it."""
    others = [one for one in talk.meaning.goods.mentions if one is not mention and one.sure]
    said = [look for one in others for look in one.looks(talk.product(one.skus[0]), talk.meaning.hint)[0]]
    counted = any(look.qty for look in said) or besides.counts_of_view(talk)
    return not mention.acts & ASKS and counted


def _and_it(talk: Talk) -> bool:
    """`make it 15, all black, and a pack of pens`: beside a change of what is bought, one thing more."""
    if talk.cart["empty"] or not talk.meaning.any("change") or talk.meaning.any(*ASKS):
        return False
    changed = any(
        piece.numbers and any(one.name == "change" for one in piece.met) for piece in talk.meaning.goods.loose
    )
    return changed and any(one.name == "and" for one in talk.meaning.met)


def _instead(talk: Talk, acts: set[str]) -> bool:
    """`не шарф, а кепку`, `no mug, just the kettle`: something else of the message was said not to be wanted."""
    return "denied" not in acts and any("denied" in mention.acts for mention in talk.meaning.goods.mentions)


def _wholly(talk: Talk, mention: Mention) -> bool:
    """Whether `only` is about the product (`faqat dazmol kerak`), not about its size or colour, nor one thing more."""
    said, denied = mention.looks(talk.product(mention.skus[0]), talk.meaning.hint)
    return "order" in mention.acts and not mention.acts & MORE and not denied and not any(said)


# ---- what is said of the product the talk is about -------------------------------------------------------------------


def _loose(talk: Talk, made: Plan) -> None:
    acts = {met.name for piece in talk.meaning.goods.loose for met in piece.met}
    acts -= set() if talk.meaning.any("order") else {"order"}
    acts -= besides.TAKE_OUT if if_none(talk.meaning.tokens) else set()
    named = [call.args["sku"] for call in made.calls] + [sku for sku, _ in made.asked]
    if "product" in talk.meaning.hint.asked and not talk.session.focus:
        besides.keep_looks(talk, talk.session.shown, talk.meaning.goods.loose)
    for sku in [sku for sku in targets(talk, acts) if sku not in named and not _of_another(talk, sku)]:
        said, denied = looks(talk.product(sku), talk.meaning.goods.loose, talk.meaning.hint)
        for look in said:
            talk.of_letter(sku, look)
        if _about(talk, sku, said, denied, acts, made):
            made.focus.append(sku)


def _of_another(talk: Talk, sku: str) -> bool:
    """`yuzligidan 2 ta` with the pipe of 50 in view: that is not the one."""
    called = {so_big(token) for piece in talk.meaning.goods.loose for token in piece.tokens} - {0}
    product = talk.product(sku)
    own = {word.key for text in (product.title_uz, product.title_ru, *product.sizes) for word in words(text)}
    return bool(called) and not any(str(one) in own for one in called)


def about_shop(talk: Talk) -> bool:
    """`dastavka qancha`: what is asked is the shop's, not a product's."""
    m = talk.meaning
    if m.any("payment") and not m.any(*_OF_SHOP[:-1]) and any(one.key.startswith(_PRICES) for one in m.tokens):
        return False  # "what's the price if I pay cash?"
    return m.any(*_OF_SHOP) or (m.any("total") and not talk.cart["empty"])


def _about(talk: Talk, sku: str, said: list[Look], denied: list[Look], acts: set[str], made: Plan) -> bool:
    """Deals with words about `sku`; whether they were about it at all."""
    said = _of_both(talk, sku, said, acts)
    said = told_size(talk, sku, said) if {"this", "size"} <= acts else said
    if acts & {"size", "color"} and acts & _OTHERS and not acts & (_ORDERS | {"change", "supposed"}):
        made.asked.append((sku, Look()))  # "only black, or are there more colours?"
        return True
    held = talk.in_cart(sku)
    summed = len(said) > 1 and any(look.qty for look in said)  # "one pink and one red, how much together?"
    asks = bool(acts & (ASKS | {"size", "color"})) and not acts & (WANTS | {"change"}) and not about_shop(talk)
    asks = asks and not summed
    counted = only_counted(said) or (len(said) == 1 and said[0].qty and any(same_line(one, said[0]) for one in held))
    if not said and half_out(talk, sku, acts, made):
        return True
    said, denied = some_out(said, denied, held, acts)
    said, denied = named_out(talk, sku, said, denied)
    if held and counted and not denied and not acts & {"cancel", "change", "keep_only"} and counted_out(talk):
        denied, said = denied or said, []  # "drop one of them"
    if held and acts & {"remove"} and not said and "cancel" not in acts:
        made.calls.append(out(talk, sku, denied))  # "130 kerakmas": that one alone
        return True
    if talk.meaning.bargains and not held:
        return True  # "300 ga bering": first the price, then the order
    asks_price = talk.meaning.question or bool(acts & {"price", "apiece", "haggle"})
    if "supposed" in acts and asks_price and any(look.qty for look in said):
        made.asked.append((sku, talk.remember(sku, _asked_of(talk, said))))
        return True
    advice = "size_advice" in acts and talk.meaning.question  # "what size do I need?" orders nothing
    wanted = (bool(acts & WANTS) and not advice) or (not asks and any(look.qty for look in said))
    wanted = wanted or takes_all(talk, acts)
    answered = bool(talk.meaning.hint.asked & {"size", "color", "qty"}) and bool(said) and not talk.meaning.asks
    left = ("remove" in acts and not denied) or acts & {"price", "available", "left"}  # "leave it", "qizili bormi"
    answered = answered and not left and (not talk.meaning.any("later") or any(look.qty for look in said))
    of_some = besides.of_them(talk) and "change" not in acts
    if held and of_some and acts & {"price", "available"}:  # "is there one in oak for two of them?"
        made.asked.append((sku, said[0] if said else Look()))
        return True
    if held:
        fits = "size_advice" in acts and talk.meaning.asks  # "M tushadimi L mi": neither is taken yet
        if (said or denied) and not (asks and (talk.meaning.question or fits or "available" in acts)):
            put(talk, sku, said, denied, made, acts)
        elif "more" in acts and "order" in acts and not said:
            put(talk, sku, [Look(qty=1)], denied, made, acts)
        elif asks:
            made.asked.append((sku, talk.remember(sku, said[0] if said else Look())))
        return True
    if wanted or answered:
        put(talk, sku, said, denied, made, acts)
        return True
    if said or asks:
        made.asked.append((sku, talk.remember(sku, said[0] if said else Look())))
        return True
    return False
