"""`and does it fit a tripod?`, `25 sm li tuvak sig'adimi`: of what is in view it is asked, and no tripod is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from agent.brain_rules.lexicon import keys
from agent.brain_rules.mention import Mention
from agent.brain_rules.piece import Piece, in_spans
from agent.brain_rules.talk import Talk
from agent.brain_rules.text import DATIVE, Token

_WANTED = frozenset({"order", "more", "price", "apiece", "available", "total", "look", "photo_wanted", "left"})
_FITS, _HOLDS = tuple(keys("questions", "fits")), tuple(keys("questions", "holds"))
_INTO, _THAT = frozenset({"in", "on", "into", "inside"}), frozenset({"it", "this", "that", "them"})
_COMES = "kel"  # to'g'ri keladi, mos keladi
_BESIDE = 3  # words from "к" to the thing: "к нашему старому столу"


def ask_aside(talk: Talk) -> None:
    """Leaves such a thing out of what is named, and has the question answered of the thing it is asked of."""
    found = talk.meaning.goods
    if not talk.meaning.asks:
        return
    for mention in list(found.mentions):
        piece = _naming(mention)
        before = any(one is not mention and one.sure and _known_by(one, mention) for one in found.mentions)
        of_it = before or any(sku not in mention.skus for sku in (*talk.session.focus, *_bought(talk)))
        if piece and of_it and not mention.acts & _WANTED and _asked_to_fit(piece):
            found.mentions.remove(mention)
            found.asides.insert(0, piece.said)


def _naming(mention: Mention) -> Piece | None:
    """The part of the message that names it."""
    return next((one for one in mention.pieces if one.named), None)


def _bought(talk: Talk) -> list[str]:
    return [str(line["sku"]) for line in talk.cart["lines"]]


def _known_by(one: Mention, other: Mention) -> bool:
    """Whether `one` is named before `other`, or beside it and as what is to fit."""
    first, second = _naming(one), _naming(other)
    if first is None or second is None:
        return False
    return first.named[0] < second.named[0] or not _asked_to_fit(first)


def asks_fit(said: Sequence[Token]) -> bool:
    """Whether a part asks if one thing fits another, or goes into it."""
    return any(
        token.key.startswith((*_FITS, *_HOLDS))
        or (at and token.key.startswith(_COMES) and said[at - 1].key in keys("questions", "fits_well"))
        for at, token in enumerate(said)
    )


def _asked_to_fit(piece: Piece) -> bool:
    """Whether the part asks if something fits what it names, or if what it names goes into something."""
    return asks_fit(piece.tokens) and (_into_it(piece.tokens) or _to_it(piece))


def _into_it(said: Sequence[Token]) -> bool:
    """`25 sm li tuvak sig'adimi`, `does a 25 cm pot fit on it`."""
    ends = any(one.text.lower() in _INTO and other.text.lower() in _THAT for one, other in pairwise(said))
    return ends or any(token.key.startswith(_HOLDS) for token in said)


def _to_it(piece: Piece) -> bool:
    """`balonga`, `к столу`, `for a kids bike`; a lock of which it is asked if it fits what is in view may be wanted."""
    named = [at for at, token in enumerate(piece.tokens) if in_spans(token, piece.named)]
    if not named:
        return False
    ahead: Sequence[Token] = piece.tokens[max(0, named[0] - _BESIDE) : named[0]]
    to = keys("questions", "fits_to") | keys("questions", "fits_it")
    return bool(DATIVE.search(piece.tokens[named[-1]].text)) or any(token.key in to for token in ahead)
