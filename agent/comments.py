"""What to say under a post of the shop: who asks for goods is answered, complaints go to staff, the rest is let be.

The answer is made by the rules and by templates alone, as a first turn of the talk that may follow: what is written to
the person is what the chat would say to the post and these words, and the chat goes on from there. What everybody may
read is less: a name, a price, what there is to choose from; never a phone or a card.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import structlog

from agent import guard, speak, tools
from agent.brain import Heard, Line, Result, Say, Sum, Words
from agent.brain_rules import RuleBrain
from agent.brain_rules.lexicon import index
from agent.brain_rules.numbers import place
from agent.brain_rules.phones import phones
from agent.brain_rules.text import blank, tokens
from agent.privacy import clean
from agent.think import MAX_CALLS, MAX_STEPS
from agent.tools.facts import cart_view
from agent.turn import Said, Turn
from kit.mask import mask
from kit.message import Button, Reply
from kit.words import say
from shop import captions
from shop.fold import stem, words
from shop.links import start_of
from shop.prices import amounts
from shop.search.units import things_of, units_of
from shop.shops import Shop

log = structlog.get_logger(__name__)

Kind = Literal["ask", "sign", "complaint", "question", "spam", "quiet"]
Told: TypeAlias = dict[str, Any]

_TAG = re.compile(r"@[\w.]{2,}")
_LINK = re.compile(r"https?://\S+|\bwww\.\S+|\b(?:t\.me|wa\.me|bit\.ly)/\S+", re.IGNORECASE)
# wants that ask the shop for something, whoever reads them
_WANTS = """available order more size color size_advice delivery free_delivery delivery_time about pickup hours location
 contacts returns payment card person wholesale installments haggle catalog look photo_wanted"""
_ASKS = frozenset(_WANTS.split())
_KIND, _FIRST_PART = 4, 3  # letters of a word that a longer one may end with, and of what stands before it there
_ALONE = 3  # tokens: "narxi", "цена?" say everything by themselves
_BYTES = 1000  # Instagram's message, in UTF-8; one private reply is one message
_LISTED = 3
_BUTTONS = 5
# lines that everybody may read; none of them holds what the owner or the shopper typed
_PUBLIC = frozenset(
    {"talk.price", "talk.price_colors", "talk.have", "talk.sizes", "talk.colors", "talk.sizes_colors", "talk.models"}
    | {"talk.colors_of", "talk.instead_both", "talk.out", "talk.sold_out", "talk.less", "talk.no_size", "talk.no_color"}
    | {"talk.old_price", "talk.qty_price", "talk.also", "talk.none_in_color", "talk.size_fits", "talk.size_fits_age"}
    | {"talk.delivery", "talk.delivery_days", "talk.delivery_free", "talk.delivery_same", "talk.delivery_rest"}
    | {"talk.hours", "talk.not_free", "talk.free_from", "talk.paid_on_arrival"}
)
_LOST = frozenset({"talk.not_understood", "talk.not_understood_again", "talk.offtopic", "talk.ask_help"})
_MISSING = frozenset({"out", "no_size", "no_color", "less"})


@dataclass(frozen=True, slots=True)
class Answer:
    """`private`: what is written to the person. `prices`, `facts`: what everybody may read ("" when there is nothing),
    names and prices alone or all of it. `skus`: the products that were told of."""

    private: str
    prices: str
    facts: str
    skus: tuple[str, ...]


def decide(text: str, *, nested: bool = False) -> Kind:
    """What a comment is. `nested`: it answers another comment, so it may be people talking to each other."""
    said = _TAG.sub(" ", text)
    parts = tokens(said)
    met = {one.name for one in index("intents").find(parts)}
    about = {one.name for one in index("comments").find(parts)}
    asking = "?" in text or "asks" in about
    if _LINK.search(text) or "spam" in about:
        return "spam"
    if "complaint" in met and "price" not in met:
        return "complaint"
    if "rude" in met or ("wrote" in about and "price" not in met):
        return "question"  # a person decides what to do about it
    tagged = bool(_TAG.search(text)) or nested
    if "direct" in about or (_is_sign(said, parts, about) and not met & _ASKS):
        return "sign"
    if "price" in met and not (nested and not asking and amounts(said, currency="UZS")):
        return "ask"
    if "left" in about and asking and not tagged:
        return "ask"
    if (met & _ASKS or "take" in about) and (asking or not (about & {"praise", "bought", "own"} or tagged)):
        return "ask"
    return "question" if "?" in text and not tagged else "quiet"


def _is_sign(said: str, parts: Sequence[object], about: set[str]) -> bool:
    """`+`, `💰?`, `narxi`: nothing but the wish to know the price."""
    bare = re.sub(r"[\s!?.,\ufe0f]+", "", said)
    if not bare:
        return "?" in said
    return bool(re.fullmatch(r"[+➕💰💵💲💸🤑]+", bare)) or (
        "sign" in about and len(parts) <= _ALONE and not re.search(r"\d", said)
    )


async def answer(turn: Turn, text: str, kind: Kind, skus: Sequence[str]) -> Answer | None:
    """What is said to a comment that asks; None when nobody can say it without a person.

    `turn`: its cart and session are begun anew, and are then what the chat goes on from. `skus`: what the post shows.
    """
    said = _TAG.sub(" ", text).strip()
    skus = _meant(turn, said, skus)
    said = of_post(turn.shop, said, skus)
    found = await _thought(turn, said, skus) if kind == "ask" else None
    if found is None and skus:
        found = await _thought(turn, "", skus)  # the post alone: its goods and prices
    return found


def of_post(shop: Shop, text: str, skus: Sequence[str]) -> str:
    """`text` without what names the one product of the post: its kind, or the end of it (кресло of an автокресло)."""
    if len(skus) != 1 or skus[0] not in shop.products:
        return text
    product = shop.products[skus[0]]
    called = {stem(word.key) for word in words(f"{product.title_uz} {product.title_ru}")}
    ends = [
        (word.start, word.end)
        for word in words(text)
        if len(own := stem(word.key)) >= _KIND
        and things_of(word.text)
        and any(one.endswith(own) and len(one) >= len(own) + _FIRST_PART for one in called)
    ]
    names = {(unit.start, unit.end) for unit in units_of(text) if unit.kind in ("goods", "word")}
    return blank(text, {*ends, *(names & captions.true_words(product, text, titles_only=True))}, " ").strip()


def _meant(turn: Turn, text: str, skus: Sequence[str]) -> Sequence[str]:
    """Of the products of a post the one that `text` names by what no other one's title has: a model, a number."""
    if place(tokens(text)):  # "2 чиси" is the second, not a pack of two
        return skus
    said = {key for word in words(text) for key in (word.key, stem(word.key))}
    titles = {sku: turn.shop.products[sku] for sku in skus if sku in turn.shop.products}
    keys = {sku: {word.key for word in words(f"{one.title_uz} {one.title_ru}")} for sku, one in titles.items()}
    own = {sku: mine - {key for other in keys if other != sku for key in keys[other]} for sku, mine in keys.items()}
    named = [sku for sku, mine in own.items() if any(key in said or stem(key) in said for key in mine)]
    return named if len(named) == 1 else skus


async def _thought(turn: Turn, said: str, skus: Sequence[str]) -> Answer | None:
    turn.cart, turn.session = type(turn.cart)(), type(turn.session)()
    turn.said, turn.writes, turn.notices, turn.summary = [], [], [], None
    heard = Heard(
        shop=turn.shop,
        language=turn.language,
        words=(Words(text=clean(said), kind="text" if said else "post", skus=tuple(skus)),),
        session=turn.session,
        cart=cart_view(turn),
        first=not turn.contact.privacy_version,
    )
    says, results = await _rules(turn, heard)
    lines = [line for one in says for line in one.lines]
    nothing = not skus and any(line.key == "talk.not_ours" for line in lines)  # of a post that nobody could read
    if turn.writes or turn.handing_over or nothing or any(line.key in _LOST for line in lines):
        turn.handing_over = ""
        return None  # what needs a person or the shopper's own chat is not begun under a post
    if skus and not said and not _told(results):
        return None
    return _made(turn, heard, says, results)


async def _rules(turn: Turn, heard: Heard) -> tuple[tuple[Say, ...], list[Result]]:
    """What the rules say, and what their tools brought."""
    brain, results = RuleBrain(), list[Result]()
    for _ in range(MAX_STEPS):
        step = await brain.next(heard)
        if not step.calls:
            return step.says, results
        heard.results = tuple([await tools.run(turn, call) for call in step.calls[:MAX_CALLS]])
        results += heard.results
        heard.cart = cart_view(turn)
    return (), results


def _told(results: Sequence[Result]) -> list[Told]:
    """The products that tools told of, each once, as it was told of last."""
    found: dict[str, Told] = {}
    for result in results:
        listed = result.data.get("products") if result.call.tool == "list_products" else [result.data]
        found |= {one["sku"]: one for one in listed or [] if "price" in one and one.get("sku")}
    return list(found.values())


def _prices(told: Sequence[Told]) -> list[Line]:
    """A line with the price of each product that is there."""
    return [
        Line("talk.price", {"title": one["title"], "price": Sum(one["price"], one["currency"])})
        for one in told
        if one.get("status", "") not in _MISSING
    ]


def _made(turn: Turn, heard: Heard, says: Sequence[Say], results: list[Result]) -> Answer | None:
    """The texts that the guard lets through; None when the private one is not among them."""
    said = [one.reply.text for one in speak.messages(turn, says, rules=True)]
    said += [turn.summary.text] if turn.summary is not None else []
    lines = [line for text in said for line in text.split("\n")]
    if not lines or not _sound(turn, heard, "\n".join(lines), results):
        return None
    shown = [line for one in says for line in one.lines if line.key in _PUBLIC]
    told = _told(results)
    texts = [_text(turn, _prices(told)[:_LISTED]), _text(turn, shown)]
    public = [text if _sound(turn, heard, text, results) and _for_all(text) else "" for text in texts]
    return Answer(_one_message(turn, lines), public[0], public[1] or public[0], tuple(one["sku"] for one in told))


def _sound(turn: Turn, heard: Heard, text: str, results: list[Result]) -> bool:
    kept, faults = guard.checked(turn, [Said(Reply(text))], results, heard)
    if faults:
        log.warning("agent.may_not_be_said", brain="comments", shop=turn.shop.id, why=sorted(faults))
    return bool(kept)


def _for_all(text: str) -> bool:
    """Whether a text holds nothing that must not be read by everybody."""
    return not phones(text) and not mask(text).kinds


def _text(turn: Turn, lines: Sequence[Line]) -> str:
    return "\n".join(one.reply.text for one in speak.messages(turn, [Say(tuple(lines))], rules=True))


def _one_message(turn: Turn, lines: list[str]) -> str:
    """Three lines at most, the introduction among them, the question last; what is too long loses its middle."""
    while True:
        turn.introduced = False
        room = 2 if turn.contact.privacy_version == "" else 3
        head, middle, last = lines[: room - 1], lines[room - 1 : -1], lines[-1:]
        if len(lines) > room:
            head = [*head[:-1], " ".join((head[-1], *middle))]
        else:
            head, last = lines, []
        turn.said = [Said(Reply("\n".join((*head, *last))))]
        text = speak.introduced(turn)[0].reply.text
        if len(text.encode()) <= _BYTES or len(lines) < 3:
            return text
        lines = [*lines[:-2], lines[-1]]


# ---- under the post --------------------------------------------------------------------------------------------------


def beside_private(turn: Turn, found: Answer, *, with_price: bool) -> str:
    """The public word once the private one went out: with the price where the shop wants it to be read by everybody."""
    sent = say(turn.language, "comment.sent")
    return f"{found.prices.replace(chr(10), ' ')} {sent}" if with_price and found.prices else sent


def alone(turn: Turn, found: Answer, *, with_price: bool, bot: str) -> Reply:
    """The answer where nobody can be written to first: facts, and buttons that open the products in the bot."""
    text = found.facts if with_price and found.facts else say(turn.language, "comment.in_bot")
    products = [turn.shop.products[sku] for sku in found.skus[:_BUTTONS] if sku in turn.shop.products]
    if not bot:
        return Reply(text)
    if not products:
        return Reply(text, buttons=((Button(say(turn.language, "comment.open"), url=f"https://t.me/{bot}"),),))
    titles = [one.title(turn.language)[:60] for one in products]
    labels = titles if len(products) > 1 else [say(turn.language, "comment.open")]
    urls = [f"https://t.me/{bot}?start={start_of(one.sku)}" for one in products]
    return Reply(text, buttons=tuple((Button(label, url=url),) for label, url in zip(labels, urls, strict=True)))
