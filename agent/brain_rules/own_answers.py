"""Questions that the shop has answered already, in its own words: before anything else is read into them.

`do you send a photo before the courier goes` is no question of delivery, and `otkritka qo'shib berasizlarmi` adds
nothing to the order. What is answered so is taken out of the message; the rest means what it means without that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.brain import Call, Words
from agent.brain_rules.answers import tells_of
from agent.brain_rules.intents import asks_in_order, met_in
from agent.brain_rules.lexicon import Met, index, keys, words_of
from agent.brain_rules.meaning import understand
from agent.brain_rules.numbers import numbers
from agent.brain_rules.piece import Piece
from agent.brain_rules.pointed import WANTS
from agent.brain_rules.talk import Talk, Thinking, result_of
from agent.brain_rules.text import Token, asks_by, blank, parted, tokens
from agent.privacy import clean
from agent.tools.nearest import items_of
from shop import captions, colors, regions
from shop.lexicon import load
from shop.places import places_of

# what is asked or told beside it must not be lost with it
_MORE_THAN_THAT = frozenset(
    {"price", "apiece", "total", "haggle", "complaint", "person", "returns", "status", "cancel", "remove", "location"}
    | {"change", "card", "installments", "wholesale", "stop", "rude"}
)
# "onto a 128 GB card", "the battery is changed", "a photo on a cake": words that also ask a shop for these
_MISHEARD = frozenset({"card", "change", "location", "wholesale"})
# asked so, and answered by the goods or by what the shop's facts tell: only the very question of the list goes before
_OF_RULES = frozenset({"available", "location", "wholesale"})
_SUM = re.compile(r"\d[\s\xa0.,]?\d{3}\b")
_WHICH = frozenset(words_of(("qaysi", "qanday", "qanaqa", "какой", "какая", "какое", "какие", "which", "what")))
_HOW = frozenset(words_of(("как", "how")))
_NAMED = 0.6  # the least score of a thing that an answer names
_MOST = 4  # questions of a message
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class _Question:
    """A sentence of a message that asks. `before`: where the sentence ahead of it starts.

    `priced`: what a price is asked of in it: of "work" in "do you refill cartridges, how much is it", else of a
    "thing", "" for none; "back": things given back. Such a one is answered by words of the shop that tell a sum.
    `look`: a number or colour is named, which belongs to goods; `wonders`: a question word stands in it; `orders`:
    a word that takes; `takes`: pieces are counted; `there`: of goods or of a fact.
    `faint`: nothing says for sure that it asks, or a word of it may be misheard: only an entry that speaks of nearly
    all of it answers it.
    """

    start: int
    end: int
    before: int
    priced: str
    look: bool
    faint: bool
    wonders: bool
    orders: bool
    takes: bool
    there: bool


def answered(talk: Talk) -> Thinking:
    """Says the shop's own answers to sentences that plainly ask what it was asked before."""
    if talk.answered:
        return
    left: list[Words] = list(talk.heard.words)
    asked, recommended, told, advised, by_words, sends = 0, list[str](), "", False, False, False
    for at, one in enumerate(left):
        for part in _questions(one.text):
            if told and _asks_on(one.text[part.start : part.end], part, told):
                left[at] = _without(left[at], part.start, part.end)
                continue
            if part.priced == "thing" and any(one.sure for one in talk.meaning.goods.mentions):
                continue
            asked += 1
            if asked > _MOST or one.button:
                break
            # "I have no bottle yet. what do I do?": the second sentence names nothing
            start = part.start if items_of(one.text[part.start : part.end]) else part.before
            question = f"{one.text[start : part.end][:500]}?"
            data = result_of((yield [Call("faq", {"question": question})]))
            past = part.end if data["sends"] else _before_sending(talk, one.text, start, part.end)
            if past < part.end and not data["sure"]:
                question = f"{one.text[start:past][:500]}?"
                data = result_of((yield [Call("faq", {"question": question})]))
            of_view = len(talk.session.focus) == 1 and (part.faint or tells_of(talk, one.text[part.start : part.end]))
            if not (data["same"] or data["sends"]) and (part.there or of_view):
                continue  # "do you still have winter ones?", "how many cards does it hold?" of a wallet: asked of goods
            if part.look and part.faint and not (data["sends"] or part.orders):
                continue  # "a bed of 180 by 200, which linen fits": the goods tell it, and what is not told there
            sure = data["sure"] and (data["near"] or not part.faint) and (data["same"] or part.priced != "thing")
            talk.session.inquiry = question if sure else talk.session.inquiry
            if sure and part.look and not data["sends"]:
                advised = advised or (data["near"] and not data["same"] and not part.takes)
                talk.speech.say("talk.text", text=data["text"])  # "6 kg is enough for how many washes?": of the goods
                talk.answered = True
            elif sure and _answers(talk, part, data["text"]):
                if data["text"] != told:
                    talk.speech.say("talk.text", text=data["text"])
                left[at] = _without(left[at], start, past)
                recommended = _recommended(talk, one.text[start : part.end], data["text"])
                told, by_words = data["text"], by_words or data["same"] or part.wonders
                sends = sends or data["sends"]
    if advised:  # "20 m2, how many packs of laminate shall I take": nothing is taken yet
        talk.advised = True
        talk.meaning.wants -= WANTS
        for mention in talk.meaning.goods.mentions:
            mention.acts -= WANTS
    if left != list(talk.heard.words):
        if not (sends or (talk.session.focus and of_its_parts(talk))):  # what is not sent there is not taken next
            _turn_to_named(talk, listed=by_words)
        if recommended and not any(one.sure for one in talk.meaning.goods.mentions):
            talk.focus_on(recommended)
            talk.session.shown, talk.session.asked = recommended, []
        talk.meaning = understand(replace(talk.heard, words=tuple(left)))
        talk.answered = True


def _without(words: Words, start: int, end: int) -> Words:
    return replace(words, text=clean(blank(words.text, [(start, end)], " ")))


def _before_sending(talk: Talk, text: str, start: int, end: int) -> int:
    """Where the answered question ends in `do you shorten them, and do you send to Tashkent?`: at its last comma."""
    cut = text.rfind(",", start, end)
    ahead, behind = text[start : max(start, cut)], text[cut + 1 : end]
    said, profile = tokens(behind), talk.heard.shop.profile
    asks = text[end:].lstrip().startswith("?") or any(map(asks_by, said))
    asks = asks and not any(one.key in keys("questions", "unsure") for one in said)
    return cut if ahead and asks and regions.region_of(profile, behind) and not places_of(ahead) else end


def _answers(talk: Talk, part: _Question, text: str) -> bool:
    """Whether an answer tells what a question of a price or of giving back asks."""
    if part.priced == "back":
        return _of_returns(talk, text)
    return not part.priced or bool(_SUM.search(text))


def _asks_on(said: str, part: _Question, told: str) -> bool:
    """`do you fit them? how much is a wheel, R15?`: the price is told already, of things that the answer names."""
    names = {name for one in items_of(told) for name in one.names}
    return part.priced == "thing" and bool(_SUM.search(told)) and all(one.names & names for one in items_of(said))


def of_own(talk: Talk) -> Thinking:
    """`my strap tore, how do I know its width?`: a thing that was not bought here, and what the shop answers of it.

    True: the shop's own words are said, and nobody complains.
    """
    m = talk.meaning
    wonders = m.wonders or any(token.key in _HOW for token in m.tokens)
    if not wonders or m.bought or m.any("arrived", "paid", "status") or talk.heard.open_order:
        return False
    data = result_of((yield [Call("faq", {"question": m.text[:500]})]))
    if data["sure"]:
        talk.speech.say("talk.text", text=data["text"])
        m.wants.discard("complaint")
        talk.answered = True
    return bool(data["sure"])


def _recommended(talk: Talk, question: str, text: str) -> list[str]:
    """The one thing that the answer names to "which powder for a baby?": what is said next is of it; [] for none."""
    if not any(token.key in _WHICH for token in tokens(question)):
        return []
    hits = [hits[0] for hits in talk.heard.shop.search.find_each(text, 1)]
    named = list(dict.fromkeys(hit.sku for hit in hits if hit.score >= _NAMED and len(hit.spans) > 1))
    named = named or list(captions.named_in(talk.heard.shop, text))  # told of in many words, as in a post
    return named if len(named) == 1 else []


def _turn_to_named(talk: Talk, listed: bool) -> None:
    """What is said next is of what the question named; `listed`: or of one of the things it may mean."""
    mentions = talk.meaning.goods.mentions
    clear = [one for one in mentions if one.sure or "compare" in one.acts]
    # "is it leather, the brown one?", "which of them is bigger, A or B?", "is the bowl real china?"
    if len(clear) == len(mentions) or (mentions[0] in clear and listed):
        talk.focus_on(list(dict.fromkeys(sku for one in clear for sku in one.skus)))
    elif len(mentions) == 1 and listed:  # "which heater for four of us?"
        named = mentions[0].skus
        talk.session.shown, talk.session.focus, talk.session.asked = named[:_MOST_SHOWN], [], ["product"]


def of_its_parts(talk: Talk) -> bool:
    """Whether `does a pump come with it?` is asked: what is in view stays in view."""
    return any(one.name == "included" for one in index("asked").find(talk.meaning.tokens))


def keep_whole(talk: Talk) -> None:
    """`how much is the tent, does a pump come with it?`: what is taken next is the tent, and no pump beside it."""
    mentions = [one for one in talk.meaning.goods.mentions if one.sure]
    parts = [one for one in mentions if any(map(_asks_of_parts, one.pieces))]
    whole = [one.skus[0] for one in mentions if one not in parts]
    if parts and whole and mentions[0] not in parts and not talk.meaning.any("order", "more"):
        talk.focus_on(whole)


def _asks_of_parts(piece: Piece) -> bool:
    """Whether a thing is named as what another one may come with: `sumkasi bilan keladimi`."""
    return bool(piece.named) and any(one.name == "included" for one in index("asked").find(piece.tokens))


def _of_returns(talk: Talk, answer: str) -> bool:
    """Whether the question behind an answer of the shop's own speaks of giving back itself: "do you take old ones?"."""
    entries = [one for one in talk.heard.shop.profile.faq if answer in one.a.all()]
    wordings = [wording for one in entries for wording in one.q.all()]
    return any(met.name == "returns" for one in wordings for met in met_in(tokens(one)))


def _questions(text: str) -> list[_Question]:
    """The sentences that ask and want nothing that must not be lost with them."""
    said = tokens(text)
    found, before = list[_Question](), None
    for first, past in parted(said, ("stop", "line")):
        start, end = said[first].start, said[past - 1].end
        before, ahead = start, start if before is None else before
        asks = any(map(asks_by, said[first : past + 1])) or asks_in_order(said[first:past])
        asks = asks or text[end:].lstrip().startswith("?")
        wonders = any(one.key in keys("questions", "wh") for one in said[first:past])
        met = met_in(said[first:past])
        wants = {one.name for one in met if one.name != "price" or not _of_measure(said[first:past], one)}
        look = any(letter.isdigit() for letter in text[start:end]) or bool(colors.named(text[start:end]))
        prices = [one.first for one in met if one.name in wants & {"price"}]
        works = [one.first for one in index("asked").find(said[first:past])]
        priced = "" if not prices else "work" if works and min(works) < min(prices) else "thing"
        priced = priced or ("back" if "returns" in wants else "")
        more = wants & _MORE_THAN_THAT - ({"price", "returns"} if priced else set())
        if (asks or wonders) and not more - _MISHEARD and not (look and priced):
            faint = not asks or bool(more)
            takes = "order" in wants and any(one.counted for one in numbers(said[first:past]))
            orders, there = "order" in wants, bool(wants & _OF_RULES)
            found.append(_Question(start, end, ahead, priced, look, faint, wonders, orders, takes, there))
    return found


def _of_measure(said: Sequence[Token], met: Met) -> bool:
    """Whether `сколько кг`, `necha metr`, `сколько минут`, `qancha kerak bo'lsa` asks for a measure and no price."""
    known = keys("questions", "times") | keys("questions", "as_needed")
    return any(load().unit(one.key) or one.key in known for one in said[met.past : met.past + 1])
