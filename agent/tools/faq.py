"""The tool that finds the shop's own answer to a question: by words, and by what is asked in many ways (asked.yaml)."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache, partial
from weakref import WeakKeyDictionary

from agent.tools.choice import Data
from agent.tools.nearest import Near, nearest, towns_of
from agent.turn import Turn
from shop.fold import fold, stem
from shop.lexicon import load
from shop.profile.model import Faq
from shop.search import Search
from shop.search.units import child_meant, units_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: the keys of its words, and the names of what is asked in many ways (`wrap`, `warranty`)."""

    words: Set[str]
    topics: Set[str]

    def __len__(self) -> int:
        return len(self.words) + len(self.topics)

    def without(self, words: Set[str]) -> Asked:
        """The same without some words."""
        return Asked(self.words - words, self.topics)

    def met(self, said: Asked) -> Asked:
        """What of it was said too."""
        words = {word for word in self.words if any(_alike(word, other) for other in said.words)}
        return Asked(words, self.topics & said.topics)


async def faq(turn: Turn, question: str) -> Data:
    """The shop's own answer to a frequent question, if it has one. `apart`: more than names of goods speaks for it.

    `sure`: the very question, word by word, or the nearest one, so that nothing else is asked; `near`: the nearest one,
    which speaks of nearly all of it. `sends`: it tells where some goods are sent.
    """
    best, answer, apart = 0.0, "", False
    said = asked_in(question)
    near, same = _nearest(turn, question), _same_question(turn, said)
    if near is not None and near.sends and near.entry is not same:
        same = None  # "when does the water come?" is not asked by whoever asks for it elsewhere
    if same is not None and not _of_children(same, question):
        return _told(turn, same, near if near and near.entry is same else None)
    if near is not None:
        return _told(turn, near.entry, near) | {"fit": near.told, "sure": near.told >= _SURE, "same": False}
    for entry in turn.shop.profile.faq:
        if _of_children(entry, question):
            continue
        for wording in entry.q.all():
            asked = asked_in(wording)
            if asked.topics and not asked.topics & said.topics:  # what it asks is not asked
                continue
            asked = asked.without({word for word in asked.words if not _tells(word)})
            things = {word for word in asked.words if _names_goods(turn.shop.search, word)}
            met = asked.met(said)
            if asked.topics & _OF_THINGS and asked.words and not met.words:  # "is a lid included?" asks of no pump
                continue
            # one word of several names only what is asked about, unless half of what is no name of goods was said
            share = _share(met, asked) if len(met) > 1 or met == asked else 0.0
            if len(said) <= _SHORT and question.rstrip().endswith("?"):
                beside = met.without(things | {word for word in met.words if word.startswith(_OF_ORDERS)})
                where = bool(things) and not met.words & things and not beside.topics and beside.words <= _SAYS_LITTLE
                share = share if where else max(share, _share(beside, asked.without(things)))
            if not met or share < max(best, 0.5):
                continue
            text = entry.a.text(turn.language)
            if share > best or answer == text:
                # "a masляный heater" asks of no oil; what is in stock is no question of what is done with it
                told = asked.without(things).met(said.without(_of_things(said, things)))
                there = _asks_there(question) and not (met.topics - _THINGS_TOO or any(map(_asks_there, entry.q.all())))
                apart = bool(told and not there) or (answer == text and apart)
                best, answer = share, text
    return {"text": answer, "fit": best, "apart": apart, "sure": False, "near": False, "sends": False, "same": False}


@lru_cache(maxsize=4096)  # a shop's own questions are read each turn
def asked_in(text: str) -> Asked:
    """What a question says and asks."""
    from agent.brain_rules.intents import which_size
    from agent.brain_rules.lexicon import index, keys
    from agent.brain_rules.text import blank, tokens

    parts = [token for token in tokens(text) if token.key not in keys("questions", "beside")]
    met = index("asked").find(parts)
    rest = blank(text, [(parts[one.first].start, parts[one.past - 1].end) for one in met], " ")
    said, topics = frozenset(fold(rest).split()), frozenset(one.name for one in met)
    if which_size(parts):
        said, topics = frozenset(one for one in said if not _CHOOSES.match(one)), topics | {"which_size"}
    known = tuple(keys("questions", "find_out"))
    return Asked(frozenset(_FIND_OUT if one.startswith(known) else one for one in said), topics)


def _of_children(entry: Faq, question: str) -> bool:
    """Whether an entry asks of a child's size and the question of one's own: `ношу 48, какой размер брать?`."""
    asks_size = any("which_size" in asked_in(one).topics for one in entry.q.all())
    return asks_size and any(map(_for_kids, entry.q.all())) and not (_for_kids(question) or child_meant(question))


@lru_cache(maxsize=4096)
def _for_kids(text: str) -> bool:
    return any(unit.kind == "audience" and unit.concepts & _KIDS for unit in units_of(text))


def _same_question(turn: Turn, said: Asked) -> Faq | None:
    """The entry one of whose clauses was said nearly word by word; of several alike the one of the goods in view."""
    search, best, found = turn.shop.search, (0.0, 0), None
    about = {*said.words, *fold(_in_view(turn)).split()}
    for entry in turn.shop.profile.faq:
        for clause in (clause for wording in entry.q.all() for clause in _CLAUSES.split(wording)):
            asked = asked_in(clause)
            if asked.topics and (not asked.topics & said.topics or asked.topics & _OF_THINGS - said.topics):
                continue  # "which powder for an allergic child?" is not "which size for my child?"
            words = {word for word in asked.words if len(word) > 2 and word not in _EMPTY}
            things = {word for word in words if _tells(word) and _names_goods(search, word)}
            asked = Asked(words - things, asked.topics)
            met = asked.met(said)
            same_things = len(things) > 1 and Asked(things, frozenset()).met(said).words == things
            sure = (
                len(met) >= 3
                or (len(met) == 2 and same_things)
                or (len(met) == 2 and (met.topics or any(map(_tells, met.words))))
            )
            fit = _share(met, asked), sum(any(_alike(word, other) for other in about) for word in things)
            if sure and fit[0] >= _SAME and fit > best:
                best, found = fit, entry
    return found


def _told(turn: Turn, entry: Faq, near: Near | None) -> Data:
    """What is returned of an entry that a question is of for sure."""
    nearly = near is not None and near.told >= _NEAR
    sends = near is not None and near.sends
    text = entry.a.text(turn.language)
    return {"text": text, "fit": 1.0, "apart": True, "sure": True, "near": nearly, "sends": sends, "same": True}


def _nearest(turn: Turn, question: str) -> Near | None:
    """The nearest entry, where more than a name of goods speaks for it."""
    address = " ".join(turn.shop.profile.contacts.address.all())
    sold = partial(_names_goods, turn.shop.search)
    near = nearest(turn.shop.profile.faq, question, _in_view(turn), sold, towns_of(address))
    return near if near and _speaks(near, question) and not _of_children(near.entry, question) else None


def _speaks(near: Near, question: str) -> bool:
    """Whether more than a name of goods speaks for an entry; two of them do: "which lid for this cup?"."""
    from agent.brain_rules.lexicon import index, keys
    from agent.brain_rules.text import tokens

    said = index("intents").find(tokens(question))
    there = _asks_there(question) and not any(map(_asks_there, near.entry.q.all()))
    if (there and not near.sends) or any(one.name == "total" for one in said):
        return False  # "is there an umbrella of 2.5 m?", "how much are the goods altogether now?"
    which = any(token.key in keys("questions", "wh") for token in tokens(question))
    return near.matters or (near.things > 1 and which and near.told >= _NEAR)


def _in_view(turn: Turn) -> str:
    """What the thing in view is called."""
    view = [turn.shop.products[sku] for sku in turn.session.focus[:1] if sku in turn.shop.products]
    return " ".join(f"{one.title_uz} {one.title_ru} {one.category}" for one in view)


_OF_STOCK = frozenset({"available", "left", "else", "total"})
_SURE = 0.6  # of what a question speaks of, by weight, so that nothing else is asked
_NEAR = 0.65  # and so much, where a word of it may say something else too
_KIDS = frozenset({"kids", "babies", "boys", "girls"})
_CLAUSES = re.compile(r"[,;]")
_OF_THINGS = frozenset({"included"})  # what is asked of one thing, and answered of another otherwise
_SAME = 0.6  # of a clause's words, its goods aside
_OF_ORDERS = tuple(fold("buyurtma zakaz order заказ").split())  # what a question of an order has, whatever it asks
_EMPTY = frozenset(fold("you the are how can for your does это как вас что для bor ham uchun bilan qanday").split())
# "are the bulbs inside?" is not answered to whoever asks what else is inside
_INSIDE = frozenset(fold("ichida ichidami ichiga ichki komplektda komplekt inside included комплекте внутри").split())
# how a size is asked for in many ways: "o'lchamini qanday tanlayman", "how do I find my size", "какой размер брать"
_CHOOSES = re.compile(
    "olcham|ulcham|razmer|siz|tanla|bila|bils|vibra|vibir|uzna|podobra|opredel|chose|pick|find|knov|take|should|ned$|brat$"
    "|vzyat$|kanday|kanaka|kaysi|kak$|xov$|vhat$|vhich$|vxat$|vxich$"
)
_FIND_OUT = "=find"  # to measure is to find out how long, in whatever words
_SAYS_LITTLE = _INSIDE | {_FIND_OUT}  # of another thing
_THINGS_TOO = frozenset({"battery"})  # what is asked of goods, and what goods are called
_SHORT = 8  # words of a question that asks one thing


@lru_cache(maxsize=4096)
def _asks_there(text: str) -> bool:
    """Whether what there is, or its sum, is asked: `bormi`, `ещё есть`, `do you have`, `сколько вместе`."""
    from agent.brain_rules.lexicon import index, keys
    from agent.brain_rules.text import tokens

    said = tokens(text)
    there = any(token.key in keys("questions", "there") for token in said)
    return there or any(one.name in _OF_STOCK for one in index("intents").find(said))


def _of_things(said: Asked, things: Set[str]) -> set[str]:
    """The words that name the things of a question."""
    return {word for word in said.words if any(_alike(word, thing) for thing in things)}


def _share(met: Asked, wanted: Asked) -> float:
    return len(met) / len(wanted) if wanted else 0.0


def _tells(word: str) -> bool:
    """Whether a word of a question says what it is about; `original` says nothing of which thing is meant, but here."""
    from agent.brain_rules.lexicon import index  # the words that ask what a thing is like

    return len(word) > 2 and (word not in load().filler or "about" in index("intents").meanings(word))


_GOODS: WeakKeyDictionary[Search, dict[str, bool]] = WeakKeyDictionary()  # a search of 2,000 products takes 0.3 ms


def _names_goods(search: Search, word: str) -> bool:
    """Whether a word names goods of the shop; each word of its questions is looked for once an index."""
    known = _GOODS.setdefault(search, {})
    if word not in known:
        hits = search.find(word, 1)
        known[word] = bool(hits) and hits[0].matched >= 0.5
    return known[word]


def _alike(word: str, other: str) -> bool:
    short = min(len(word), len(other))
    begins = short >= 4 and word[: max(4, short - 2)] == other[: max(4, short - 2)]
    return word == other or begins or (short > 4 and stem(word) == stem(other))  # замок, замки
