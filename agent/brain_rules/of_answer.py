"""What the shop's own answer left in view: `is your gelatine halal?`, answered, and then `and the price?`.

The things that the question before names are in view as if they had been told of, unless something was before. A price
that nothing in the shop has is the one that the answer itself tells.
"""

from __future__ import annotations

import re

from agent.brain import Call
from agent.brain_rules import lists
from agent.brain_rules.choosing import spelled_first
from agent.brain_rules.edits import about_shop
from agent.brain_rules.naming import ALIKE
from agent.brain_rules.talk import Talk, Thinking, result_of
from agent.tools.nearest import items_of
from shop.search.units import units_of

_ASKS = frozenset({"price", "apiece", "available", "order", "left", "about", "photo_wanted", "look"})
_LONG = 10  # words: a message that says its own
_SURE = 0.8  # of a word that names goods
_MOST = 8  # things that a list shows
_SUM = re.compile(r"\d[\s\xa0.,]?000")


def put_in_view(talk: Talk) -> Thinking:
    """Puts in view what the question before named, where this message asks on and names nothing; True: a list is told.

    One thing is in view from then on; of several those are listed that the words of this message tell.
    """
    m = talk.meaning
    if not talk.inquiry or talk.answered or m.goods.mentions or m.goods.foreign or not m.any(*_ASKS):
        return False
    if talk.session.focus or not talk.cart["empty"] or len(m.tokens) > _LONG or about_shop(talk) or m.phones:
        return False
    named = _named(talk, talk.inquiry, m.text)
    if len(named) == 1:
        talk.focus_on(named)
    elif named:
        yield from lists.choices(talk, named)
    return len(named) > 1


def told_sum(talk: Talk) -> Thinking:
    """Says the answer of the turn before once more where a price is asked, nothing is in view and it tells a sum."""
    m = talk.meaning
    silent = not (talk.answered or talk.edited or m.goods.mentions or m.goods.foreign or talk.session.focus)
    if not talk.inquiry or not silent or not m.any("price", "apiece") or len(m.tokens) > _LONG or about_shop(talk):
        return
    text = str(result_of((yield [Call("faq", {"question": talk.inquiry})]))["text"])
    if _SUM.search(text):
        talk.speech.say("talk.text", text=text)
        talk.session.inquiry, talk.answered = talk.inquiry, True


def _named(talk: Talk, question: str, said: str) -> list[str]:
    """The things that a question names, those of them that further words tell; [] for none or too many."""
    search = talk.heard.shop.search
    words = [" ".join(one.words) for one in items_of(question) if one.words and not one.matter]
    found = [(word, search.find(word, _MOST + 1)) for word in words]
    sure = [(word, hits) for word, hits in found if hits and hits[0].score >= _SURE]
    hits = spelled_first(talk.heard.shop, *sure[0]) if sure else []
    best = [hit.sku for hit in hits if hit.score >= ALIKE * hits[0].score]
    if len(best) > 1 and units_of(said):
        best = search.tell_apart(said, best)[0] or best
    return best if len(best) <= _MOST else []
