"""Goods that a message calls by their whole title or article: copied from a post or a list, no word in it says more.

`Rangli qalam 12 ta` is one box, though "12 ta" counts and "rangli" is a colour elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from agent.brain_rules.mention import Mention, piece_of
from agent.brain_rules.piece import Piece, denied
from agent.brain_rules.text import Token
from shop.shops import Shop


def whole_names(shop: Shop, text: str) -> list[Token]:
    """Each product that `text` calls so as one token, to stand among the others in place of the words."""
    return [Token("word", "", sku, start, end) for start, end, sku in shop.search.whole.find(text)]


def names_whole(tokens: Sequence[Token]) -> bool:
    """Whether a product is called by its whole title there."""
    return any(map(_is_name, tokens))


def _is_name(token: Token) -> bool:
    """Whether a token stands for a product; none of a text is empty."""
    return not token.text


def called_whole(piece: Piece) -> list[Mention]:
    """The products that a part calls by their whole titles, each with what is said of it."""
    places = [at for at, token in enumerate(piece.tokens) if _is_name(token)]
    if not places:
        return []
    counts = {number.past: number.first for number in piece.numbers}
    # "2 ta ... 3 ta ...": the number right before a title is of it
    ends = [counts.get(at, at) for at in places[1:]] + [len(piece.tokens)]
    mentions = []
    for at, (first, past) in zip(places, pairwise([0, *ends]), strict=True):
        token = piece.tokens[at]
        own = piece_of(piece.text, piece.tokens, piece.met, first, past)
        own = replace(own, named=[(token.start, token.end)])
        acts = {one.name for one in own.met} | ({"denied"} if denied(own, at - first, token.end) else set())
        mentions.append(Mention([token.key], [own], acts, True))
    return mentions
