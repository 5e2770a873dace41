"""Questions that the shop has answered already, in its own words: before anything else is read into them.

`do you send a photo before the courier goes` is no question of delivery, and `otkritka qo'shib berasizlarmi` adds
nothing to the order. What is answered so is taken out of the message; the rest means what it means without that.
"""

from __future__ import annotations

import re
from dataclasses import replace

from agent.brain import Call, Words
from agent.brain_rules.intents import asks_in_order, met_in
from agent.brain_rules.lexicon import index, words_of
from agent.brain_rules.meaning import understand
from agent.brain_rules.piece import Piece
from agent.brain_rules.talk import Talk, Thinking, result_of
from agent.brain_rules.text import asks_by, blank, parted, tokens
from agent.privacy import clean
from shop import captions, colors

# what is asked or told beside it must not be lost with it
_MORE_THAN_THAT = frozenset(
    {"price", "apiece", "total", "haggle", "complaint", "person", "returns", "status", "cancel", "remove", "location"}
    | {"change", "card", "installments", "wholesale", "stop", "rude"}
)
_SUM = re.compile(r"\d[\s\xa0.,]?\d{3}\b")
_WHICH = frozenset(words_of(("qaysi", "qanday", "qanaqa", "какой", "какая", "какое", "какие", "which", "what")))
_HOW = frozenset(words_of(("как", "how")))
_NAMED = 0.6  # the least score of a thing that an answer names
_MOST = 4  # questions of a message
_MOST_SHOWN = 5


def answered(talk: Talk) -> Thinking:
    """Says the shop's own answers to sentences that plainly ask what it was asked before."""
    left: list[Words] = list(talk.heard.words)
    asked, recommended = 0, list[str]()
    for at, one in enumerate(left):
        for start, end, priced, look in _questions(one.text):
            if priced == "thing" and any(one.sure for one in talk.meaning.goods.mentions):
                continue
            asked += 1
            if asked > _MOST or one.button:
                break
            question = f"{one.text[start:end][:500]}?"
            data = result_of((yield [Call("faq", {"question": question})]))
            talk.session.inquiry = question if data["sure"] else talk.session.inquiry
            if data["sure"] and look:  # "6 kg is enough for how many washes?": the 6 kg are still of the goods
                talk.speech.say("talk.text", text=data["text"])
                talk.answered = True
            elif data["sure"] and (
                _of_returns(talk, data["text"]) if priced == "back" else not priced or _SUM.search(data["text"])
            ):
                talk.speech.say("talk.text", text=data["text"])
                left[at] = replace(left[at], text=clean(blank(left[at].text, [(start, end)], " ")))
                recommended = _recommended(talk, one.text[start:end], data["text"])
    if left != list(talk.heard.words):
        if not (talk.session.focus and of_its_parts(talk)):
            _turn_to_named(talk)
        if recommended and not any(one.sure for one in talk.meaning.goods.mentions):
            talk.focus_on(recommended)
            talk.session.shown, talk.session.asked = recommended, []
        talk.meaning = understand(replace(talk.heard, words=tuple(left)))
        talk.answered = True


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


def _turn_to_named(talk: Talk) -> None:
    """What is said next is of what the question named."""
    mentions = talk.meaning.goods.mentions
    clear = [one for one in mentions if one.sure or "compare" in one.acts]
    # "is it leather, the brown one?", "which of them is bigger, A or B?", "is the bowl real china?"
    if len(clear) == len(mentions) or mentions[0] in clear:
        talk.focus_on(list(dict.fromkeys(sku for one in clear for sku in one.skus)))
    elif len(mentions) == 1:  # "which heater for four of us?"
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


def _questions(text: str) -> list[tuple[int, int, str, bool]]:
    """The sentences that only ask, and whether they name a number or colour: these belong to goods.

    With what a price is asked of in them, "" for none: of "work" in "do you refill cartridges, how much is it", else
    of a "thing". Such a one is answered by the shop's own words where these tell a sum; "back": things given back.
    """
    said = tokens(text)
    found = []
    for first, past in parted(said, ("stop", "line")):
        start, end = said[first].start, said[past - 1].end
        asks = any(map(asks_by, said[first : past + 1])) or asks_in_order(said[first:past])
        asks = asks or text[end:].lstrip().startswith("?")
        met = met_in(said[first:past])
        wants = {one.name for one in met}
        look = any(letter.isdigit() for letter in text[start:end]) or colors.named(text[start:end])
        prices = [one.first for one in met if one.name == "price"]
        works = [one.first for one in index("asked").find(said[first:past])]
        priced = "" if not prices else "work" if works and min(works) < min(prices) else "thing"
        priced = priced or ("back" if "returns" in wants else "")
        more = wants & _MORE_THAN_THAT - ({"price", "returns"} if priced else set())
        if asks and not more and not (look and priced):
            found.append((start, end, priced, bool(look)))
    return found
