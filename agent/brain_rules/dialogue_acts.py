"""Which dialogue act a sentence is (a complaint, a question of delivery, a wish for a person), by examples.

The word lists of intents.yaml know what they hold; people say the same things in words that stand in no list. So some
twelve thousand invented sayings (agent/lexicon/sayings/*.txt, one file an act) were learned by a multinomial logistic
regression over words, pieces of words, pairs of words and what the lists found (bench/learn.py); its weights stand
beside them. Names of goods, places and numbers count as such, whatever they are, so that it holds for any shop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from agent.brain_rules.lexicon import Met, index, keys
from agent.brain_rules.text import Token, asks_by, parted
from shop.fold import stem
from shop.lexicon import load
from shop.places import place_in

FOLDER = Path(__file__).parent.parent / "lexicon" / "sayings"
WEIGHTS = FOLDER / "weights.npz"
ROWS = 1 << 15  # features share rows by their hash: with twice as many it learns no better
_LISTS = ("intents", "asked", "places")
_LONG = 5  # letters: shorter words are one feature
_FEWEST, _MOST = 2, 60  # words: one alone says too little; a letter tells stories
_BREATH = 8  # more words than that are as many

# how likely an act must be to be believed where no word list found it: what a wrong guess costs a sale, more
_BELIEVED = {
    "rude": 0.75,
    "person": 0.85,
    "service": 0.7,
    "delivery": 0.75,
    "delivery_time": 0.75,
    "status": 0.85,
    "haggle": 0.8,
    "installments": 0.85,
    "payment": 0.8,
    "paid": 0.85,
    "returns": 0.8,
    "later": 0.75,
    "thanks": 0.85,
    "cancel": 0.85,
    "hours": 0.85,
    "location": 0.8,
    "pickup": 0.8,
    "contacts": 0.85,
    "catalog": 0.9,
    "offtopic": 0.9,
    "robot": 0.9,
}
# what the word lists found of the same matter is believed rather
_KNOWN_AS = {
    "rude": {"rude", "complaint", "person", "status"},
    "person": {"person", "connect", "complaint"},
    "delivery": {"delivery", "free_delivery", "delivery_time", "status"},
    "delivery_time": {"delivery_time", "delivery", "free_delivery", "status"},
    "status": {"status", "paid", "complaint", "delivery_time"},
    "haggle": {"haggle", "expensive", "cheaper", "cheapest", "wholesale", "supposed"},
    "payment": {"payment", "installments", "paid", "status", "total"},
    "paid": {"paid", "receipt_word", "complaint"},
    "returns": {"returns", "misfit", "complaint"},
    "later": {"later", "more", "pickup"},
    "thanks": {"thanks", "bye", "praise", "later", "agree"},
    "cancel": {"cancel"},
    "hours": {"hours", "location", "pickup"},
    "location": {"location", "pickup"},
    "pickup": {"pickup", "delivery", "returns", "cancel", "complaint"},
    "catalog": {"catalog", "else", "available", "price", "look", "photo_wanted"},
    "offtopic": {"offtopic", "others", "injection", "order", "price", "available"},
    "robot": {"robot", "person"},
}
# told or asked in a clause beside something else: "two please, I will come by myself"
_OF_CLAUSES = frozenset({"pickup", "later", "delivery", "delivery_time", "service", "payment"})
_COMPLAINT, _COMPLAINT_TOO = 0.7, 0.5
_OF_THINGS, _ASKED_AHEAD = frozenset({"about", "service"}), 0.6
_DOUBTED = frozenset({"complaint", "person"})
_NO_COMPLAINT = frozenset({"returns", "misfit", "rude", "injection", "more", "offtopic"})
_YOURS = re.compile("..ingi(?:z|zni|zdan|zning)$")
_MORE = 0.1  # a clause says less than a sentence: it must sound surer by this


class Act(NamedTuple):
    """The act that a part of a message most likely is, and how likely (0 to 1). `clause`: less than a sentence."""

    name: str
    share: float
    clause: bool


def acts(parts: Sequence[Token]) -> list[Act]:
    """The likeliest act of the whole, of each sentence and of each clause between commas; of a lone word none."""
    sentences = dict.fromkeys([(0, len(parts)), *parted(parts, ("stop", "line"))])
    cuts = dict.fromkeys([*sentences, *parted(parts)])
    long_enough = [(first, past) for first, past in cuts if _FEWEST <= past - first <= _MOST]
    return [Act(*_likeliest(tuple(parts), *cut), cut not in sentences) for cut in long_enough]


def heard_as(parts: Sequence[Token], wants: Set[str], *, ordered: bool) -> set[str]:
    """The acts that a message sounds like; `ordered`: an order was placed, so that it can be cancelled."""
    complaint = {"complaint"} if complains(parts, wants) else set()
    asks = any(map(asks_by, parts))  # "may my driver fetch it?" is answered, and not yet settled
    return complaint | (sounds(parts) - (set() if ordered else {"cancel"}) - ({"pickup"} if asks else set()))


def sounds(parts: Sequence[Token]) -> set[str]:
    """The acts that are believed by how a message sounds; a letter is not listened to so."""
    if len(parts) > _MOST:
        return set()
    heard = [one for one in acts(parts) if one.name in _BELIEVED]
    whole = {one.name for one in heard if not one.clause and one.share >= _BELIEVED[one.name]}
    beside = {one.name for one in heard if one.clause and one.share >= _BELIEVED[one.name] + _MORE}
    return whole | (beside & _OF_CLAUSES)


def complains(parts: Sequence[Token], wants: Set[str]) -> bool:
    """Whether a message sounds like a complaint: told of what was bought, else more surely and with nothing wanted."""
    unsure = any(token.key in keys("questions", "unsure") for token in parts)  # "if it breaks, will you ..."
    if len(parts) > _MOST or unsure or not wants.isdisjoint(_NO_COMPLAINT):
        return False
    heard = [one for one in acts(parts) if one.name == "complaint"]
    if any(map(_of_bought, parts)):  # a word of the lists says so too; "the milk curdled, all three litres too"
        enough = _COMPLAINT_TOO if "complaint" in wants else _COMPLAINT
        return any(one.share >= enough + (2 * _MORE if "also" in wants else 0) for one in heard)
    return any(not one.clause and one.share >= _COMPLAINT + _MORE for one in heard) and wants.isdisjoint(
        {"order", "also", "price", "available"}
    )


def asks_ahead(parts: Sequence[Token]) -> bool:
    """Whether a message with a word of complaints rather asks before one buys: "will it not break on the way?"."""
    whole = acts(parts)[:1]
    return bool(whole) and whole[0].name in _OF_THINGS and whole[0].share >= _ASKED_AHEAD


def unless_unheard(parts: Sequence[Token], met: list[Met]) -> list[Met]:
    """The meanings found, without those whose word alone stands for them while no part of the message sounds like it.

    Of 61 messages of the invented shops with a word of instalments ("bo'lib") 4 do not sound like any, all four of
    them rightly; of the lone words of complaints and persons ("ishlatmadim", "direktorimizga") 31, wrongly none. Where
    something is told of what was bought, the word is believed.
    """
    doubted = [one for one in met if one.name == "installments" or (one.name in _DOUBTED and not one.phrase)]
    if not doubted or not _FEWEST <= len(parts) <= _MOST or any(map(_of_bought, parts)):
        return met
    heard = {one.name for one in acts(parts)}
    return [one for one in met if one not in doubted or one.name in heard]


def _of_bought(token: Token) -> bool:
    """Whether a word tells of what was bought: `kecha`, `olgan`, `вчера`, or is the shop's own: `tandiringiz`."""
    own = _YOURS.search(token.key)  # "beringiz" is a verb
    of_shop = own is not None and load().names_goods((stem(token.key[: own.start() + 2]),))
    return token.kind == "word" and (token.key.startswith(_told_bought()) or of_shop)


@cache
def _told_bought() -> tuple[str, ...]:
    return tuple(keys("questions", "bought") | keys("questions", "lately") | keys("questions", "had"))


def unlisted(heard: Set[str], wants: Set[str]) -> set[str]:
    """The acts of those that were heard whose matter no word list found in the message."""
    return {name for name in heard if wants.isdisjoint(_KNOWN_AS.get(name, {name}))}


@lru_cache(maxsize=512)  # a turn asks it of its message several times
def _likeliest(parts: tuple[Token, ...], first: int, past: int) -> tuple[str, float]:
    names, weights, scale = _learned()
    rows = rows_of(parts[first : past + 1] if parts[past : past + 1] and parts[past].text == "?" else parts[first:past])
    share = shares(weights, rows, scale)
    best = int(share.argmax())
    return names[best], float(share[best])


def shares(weights: NDArray[Any], rows: NDArray[np.int64], scale: float = 1.0) -> NDArray[np.float64]:
    """How likely each act is for a sentence given by its rows: shape (acts,), 1 together."""
    heard: NDArray[np.float64] = weights[rows].sum(axis=0) * (scale / np.sqrt(len(rows)))
    odds: NDArray[np.float64] = np.exp(heard - heard.max())
    share: NDArray[np.float64] = odds / odds.sum()
    return share


@cache
def _learned() -> tuple[list[str], NDArray[np.int8], float]:
    with np.load(WEIGHTS) as kept:
        return [str(name) for name in kept["acts"]], kept["weights"], float(kept["scale"])


def rows_of(parts: Sequence[Token]) -> NDArray[np.int64]:
    """The rows of the weights that a sentence has a part in, each once, sorted."""
    return np.array(sorted({crc32(one.encode()) % ROWS for one in _features(parts)}), dtype=np.int64)


def _features(parts: Sequence[Token]) -> Iterator[str]:
    """What a sentence has in it, as strings."""
    for name in _LISTS:
        yield from (f"{name}:{met.name}" for met in index(name).find(parts))
    said = ["^", *filter(None, map(_seen_as, parts)), "$"]
    yield f"words:{min(_BREATH, len(said) - 2)}"
    if any(map(asks_by, parts)):
        yield "asks"
    for word in said:
        yield word
        if len(word) >= _LONG and word[0] != "<":
            yield from (f"{word[:4]}-", f"{word[:6]}-", f"-{word[-3:]}")
            yield from (f"-{word[at : at + 4]}-" for at in range(len(word) - 3))
    short = [word[:5] for word in said]
    yield from (f"{one} {other}" for one, other in pairwise(short))
    yield from (f"{one} .. {other}" for one, other in zip(short, short[2:], strict=False))


def _seen_as(token: Token) -> str:
    """How a token counts: a word by its key, goods, places and numbers as such; pauses not at all."""
    if token.kind in ("number", "range"):
        return "<number>"
    if token.kind == "stop":
        return "?" if "?" in token.text else ""
    return _word_as(token.key, token.text) if token.kind == "word" else ""


@lru_cache(maxsize=8192)  # most words of shoppers are the same few thousand
def _word_as(key: str, text: str) -> str:
    if load().names_goods((key,)):
        return "<goods>"
    return "<place>" if text[:1].isupper() and place_in(text) else key
