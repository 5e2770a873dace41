"""What somebody has already or thinks of a thing, told beside a wish: it is why, and nothing of it is bought.

"Our bed is 180, make it the 180 one"; "no oil for now, I found a can at home"; "the stand is great, now a lid".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.brain_rules.lexicon import index
from agent.brain_rules.mention import Mention
from agent.brain_rules.piece import Piece
from agent.brain_rules.pointed import WANTS
from agent.brain_rules.talk import Talk
from agent.brain_rules.text import asks_by, tokens
from shop.lexicon import load

_WISHES = WANTS | {"change", "remove", "denied", "keep_only", "cancel", "also"}
_OPEN_YET = frozenset({"status", "complaint", "change", "arrived"})  # of an order that is talked about
_OURS = re.compile(r"\w{3}(?:miz|миз)(?:ni|ning|da|ga|dan|ни|нинг|да|га|дан)?$", re.IGNORECASE)
_MINE = re.compile(r"\w{4}(?:im|им)$", re.IGNORECASE)  # "karavotim 180 ekan"
_HAVE = re.compile(r"\w(?:im|imiz|им|имиз) (?:bor|бор)$", re.IGNORECASE)  # "80 litrli akvariumim bor, unga ..."
_WOULD = re.compile(r"\b(?:бы|хотел[аи]?|would|wanted|olar edim|олар эдим)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[,.!?;\n]")


def leave_out(talk: Talk) -> None:
    """Drops from the goods of a message what only tells of the shopper's own things, where something else is wished."""
    goods = talk.meaning.goods
    for mention in [one for one in goods.mentions if _of_own(one) or _only_praised(talk, one)]:
        others = [one for one in goods.mentions if one is not mention]
        if any(map(_bought, others)) or _wish(goods.loose):
            goods.mentions = others
    told = [piece for piece in goods.loose if tells_of_own(piece) and not piece.numbers]
    left = [piece for piece in goods.loose if piece not in told]
    if told and (_wish(left) or any(map(_bought, goods.mentions))):
        goods.loose = left
        goods.asides = [said for said in goods.asides if said not in {piece.said for piece in told}]
    goods.foreign = [name for name in goods.foreign if not _at_home(talk.meaning.text, name)]


def tells_of_own(piece: Piece) -> bool:
    """Whether a part wishes and asks nothing, and tells that somebody has the thing or finds it at home."""
    if {one.name for one in piece.met} & _WISHES or any(map(asks_by, piece.tokens)) or asked(piece):
        return False
    return _says(piece, "at_home") or (
        _says(piece, "had_bought") and not _WOULD.search(piece.said) and not _OPEN_YET & {one.name for one in piece.met}
    )


def _of_own(mention: Mention) -> bool:
    named = [piece for piece in mention.pieces if piece.named]
    return bool(named) and all((tells_of_own(one) and not one.numbers) or _ours(one) for one in named)


def _ours(piece: Piece) -> bool:
    """`karavotimiz 180 ekan`, `our bed is 180`: a thing that is the shopper's, and no wish beside it."""
    if {one.name for one in piece.met} & (_WISHES - {"also"}) or asked(piece):
        return False
    called = [piece.text[a:b].split()[-1] for a, b in piece.named if piece.text[a:b].split()]
    sold_so = any((token.key,) in load().by_keys for token in piece.tokens if token.text in called)
    mine = any(map(_MINE.search, called)) and _says(piece, "turned_out") and not sold_so
    had = any(_MINE.search(word) or _OURS.search(word) for word in called) and bool(_HAVE.search(piece.said))
    return (
        any(map(_OURS.search, called))
        or mine
        or (had and not sold_so)
        or (_says(piece, "ours") and _says(piece, "turned_out"))
    )


def _only_praised(talk: Talk, mention: Mention) -> bool:
    """`учоёқ маҳкам экан`, `the tripod is sturdy`: how a thing turned out, said beside what is wanted now."""
    named = [piece for piece in mention.pieces if piece.named]
    if talk.in_cart(mention.skus[0]) or not named or any(one.numbers for one in mention.pieces):
        return False
    since = mention.pieces[mention.pieces.index(named[0]) :]  # "me again, the slippers are great, ..."
    if _wish(since) or any(asked(one) or any(map(asks_by, one.tokens)) for one in named):
        return False
    said, denied = mention.looks(talk.product(mention.skus[0]), talk.meaning.hint)
    return not (said or denied) and all(_says(one, "turned_out") for one in named)


def _at_home(text: str, name: str) -> bool:
    """Whether what is not sold here stands in a clause that tells of what somebody has."""
    at = text.find(name)
    if at < 0:
        return False
    begins = max((one.end() for one in _CLAUSE.finditer(text, 0, at)), default=0)
    ends = next((one.start() for one in _CLAUSE.finditer(text, at + len(name))), len(text))
    said = tokens(text[begins:ends])
    wishes = any(one.name in _WISHES for one in index("intents").find(said))
    asks = text[ends : ends + 1] == "?" or any(map(asks_by, said))
    return not (wishes or asks) and any(one.name == "at_home" for one in index("unchanged").find(said))


def _says(piece: Piece, name: str) -> bool:
    return any(one.name == name for one in index("unchanged").find(piece.tokens))


def _wish(pieces: Sequence[Piece]) -> bool:
    return any(one.name in _WISHES for piece in pieces for one in piece.met)


def _bought(mention: Mention) -> bool:
    """Whether a thing is wished or counted."""
    return bool(mention.acts & _WISHES) or any(piece.numbers for piece in mention.pieces)


def asked(piece: Piece) -> bool:
    """Whether the sentence of a part ends in a question mark: another sentence of the message may ask."""
    return next((mark for mark in piece.text[piece.tokens[-1].end - 1 :] if mark in ".!?\n"), "") == "?"
