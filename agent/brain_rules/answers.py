"""Answers about goods: prices, stock, what can be chosen. Every number comes from a tool's result."""

from __future__ import annotations

import re
from typing import Any

from agent.brain import Call, Result, Sum
from agent.brain_rules.lexicon import keys
from agent.brain_rules.piece import Look
from agent.brain_rules.strange import unknown
from agent.brain_rules.talk import Talk, Thinking, result_of
from shop.fold import stem, words
from shop.lexicon import load

_DIGIT = re.compile(r"\d")
_MISSING = ("out", "no_size", "no_color")
_MOST_TOLD = 3  # products answered one by one; more become a list to choose from
_MOST_CHOICES = 12  # sizes or colours named in one line
_A_QUESTION = 2  # words that say something
_OF_GOODS = frozenset({"offer", "size", "color"})
_DO_YOU = ("beras", "berol", "qilas", "kilas", "olas")  # qilib berasizlarmi, bera olasizmi
_OF_SHOPS = ("change", "haggle", "cheaper", "expensive", "delivery", "returns", "person", "complaint", "status", "paid")


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
    summed = talk.meaning.any("price", "total", "supposed", "wholesale") and not talk.meaning.any("left")
    if look.qty > 1 and status == "there" and summed and alone:
        talk.speech.say("talk.together", sum=Sum(data["together"], data["currency"]))
    if (talk.meaning.any("about") or (alone and _asks_else(talk))) and data["description"]:
        talk.speech.say("talk.text", text=data["description"][:300])


def _asks_else(talk: Talk) -> bool:
    """`necha vatt`, `are the burrs ceramic`: words beside its name ask what perhaps only its description tells."""
    m = talk.meaning
    asking = keys("questions", "wh") | keys("questions", "or")
    if of_the_shop(talk):
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
        talk.speech.say("talk.sizes_colors", sizes=in_line(sizes), colors=colors_of(talk, colors))
    elif len(sizes) > 1 or (sizes and data["has_sizes"] and len(talk.product(data["sku"]).sizes) > 1):
        talk.speech.say("talk.models" if talk.models(data["sku"]) else "talk.sizes", sizes=in_line(sizes))
    elif len(colors) > 1 or (colors and talk.meaning.any("color")):
        talk.speech.say("talk.colors", colors=colors_of(talk, colors))


def say_for_many(talk: Talk, data: dict[str, Any]) -> None:
    """What each of so many costs, where that is less than the price of one."""
    reached = [pair for pair in data["qty_price"] if pair[0] <= data["qty"]]
    if reached:
        talk.speech.say("talk.qty_price", n=reached[-1][0], price=Sum(reached[-1][1], data["currency"]))


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
        talk.speech.say("talk.no_size", title=title, size=data["size"], sizes=in_line(sizes))
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
            sizes=in_line(same_color),
        )
    elif data["size"] and same_size:
        talk.speech.say("talk.colors_of", size=data["size"], colors=colors_of(talk, same_size))
    elif same_color or sizes:
        talk.speech.say("talk.models" if talk.models(data["sku"]) else "talk.sizes", sizes=in_line(same_color or sizes))
    else:
        talk.speech.say("talk.colors", colors=colors_of(talk, colors))


def in_line(names: list[str]) -> str:
    """Names in one line, the first dozen of them."""
    return ", ".join(names[:_MOST_CHOICES]) + (" …" if len(names) > _MOST_CHOICES else "")


def colors_of(talk: Talk, names: list[str]) -> str:
    return in_line([talk.color(name) for name in names])


def tells_of(talk: Talk, question: str) -> bool:
    """Whether what the shop wrote of the one thing in view has a word of a question."""
    focus = [sku for sku in talk.session.focus if sku in talk.heard.shop.products]
    return len(focus) == 1 and bool(_stems(question) & _stems(talk.product(focus[0]).description))


def described(talk: Talk, question: str, *, last: bool = False, beside: bool = False) -> Thinking:
    """What the shop wrote of the product in view, when a word of the question stands there: "with a handle?".

    `last`: nothing else answers, so it is told whatever its words are, if the product came up a moment ago.
    `beside`: the question stands beside an order: "two in grey, does the sun really not come through?"
    True: a word of the question stands there.
    """
    sku = next(iter(talk.session.focus), "")
    if not sku:
        return False
    spoken = bool(_stems(question) & _stems(talk.product(sku).description))
    m = talk.meaning
    in_view = last and (bool(m.hint.asked & _OF_GOODS) or m.any("this", "needs")) and not m.any("total")
    alone = beside and talk.edited and len(talk.session.focus) == 1 and len(_stems(question)) >= _A_QUESTION
    if spoken or ((in_view or alone) and not of_the_shop(talk)):
        data = result_of((yield [Call("product_card", {"sku": sku})]))
        counted = last and not spoken and _measure_asked(talk, data)
        if counted:
            talk.speech.say("talk.price", title=data["title"], price=Sum(data["price"], data["currency"]))
        if data["description"] and not (counted and not _DIGIT.search(data["description"])):
            talk.speech.say("talk.text", text=data["description"][:300])
        talk.answered = talk.answered or counted or bool(data["description"])
    return spoken


def needed(talk: Talk) -> Thinking:
    """How much of it is needed, where neither the shop nor the product tells, a person knows."""
    if not _tells(talk):
        yield from described(talk, talk.meaning.text, last=True)
    if not _tells(talk):
        talk.speech.say("talk.staff_know")


def _tells(talk: Talk) -> bool:
    """Whether something the shop wrote is told."""
    return any(line.key == "talk.text" for line in talk.speech.lines)


def _measure_asked(talk: Talk, data: dict[str, Any]) -> bool:
    """`necha ml`, `nechta ichida`: what the title may tell: "Shampun 250 ml", "Kapsula 10 dona"."""
    counts = keys("questions", "how_many") | keys("questions", "how_much")
    asked = any(token.key in counts for token in talk.meaning.tokens)
    return asked and bool(_DIGIT.search(data["title"]))


def of_the_shop(talk: Talk) -> bool:
    """`etagini qisqartirib berasizlarmi`: what the shop does is asked, or what is done with an order."""
    return talk.meaning.any(*_OF_SHOPS) or any(token.key.startswith(_DO_YOU) for token in talk.meaning.tokens)


def _stems(text: str) -> set[str]:
    return {stem(word.key) for word in words(text) if word.key not in load().filler}
