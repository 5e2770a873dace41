"""Goods that a message calls by their whole title or article: copied from a post or a list, no word in it says more.

Of what is called "Qizil olma 20 ta" one is one box, though "20 ta" counts and "qizil" is a colour elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from agent.brain_rules.amid import amid
from agent.brain_rules.mention import Mention, piece_of
from agent.brain_rules.piece import Piece, denied
from agent.brain_rules.places import says
from agent.brain_rules.text import Token, is_product, tokens
from shop.shops import Shop

_MARK = "\0"  # no key of a list begins so
_LISTED = re.compile(r"^[ \t]*(\d{1,2})[.)][ \t]*", re.MULTILINE)
_FOR = re.compile(r"([^\W\d_]+) (?:на|для|под|к|for) $", re.IGNORECASE)  # "цена на" names no thing
_SURE = 0.8
_Names = dict[int, tuple[str, tuple[int, int]]]  # by the place of its token: the article, and the span in the text


def whole_names(shop: Shop, text: str) -> list[Token]:
    """Each product that `text` calls so as one token, to stand among the others in place of the words."""
    found = [one for one in shop.search.whole.find(text) if not _goes_with(shop, text[: one[0]])]
    return [Token("word", "", f"{_MARK}{sku}", start, end) for start, end, sku in found]


def _goes_with(shop: Shop, before: str) -> bool:
    """`батарея на <title>`: another thing of the shop right before, which is the one that is wanted."""
    said = _FOR.search(before)
    hits = shop.search.find(said[1], 1) if said else []
    return bool(hits) and min(hits[0].score, hits[0].matched) >= _SURE


def spans_of(text: str, whole: Sequence[Token]) -> list[tuple[int, int]]:
    """Where the `whole` titles stand, with the numbers of a list before them: `1. <title>`, `2. <title>`."""
    begins = {token.start for token in whole}
    listed = [found for found in _LISTED.finditer(text) if found.end() in begins]
    rising = [int(found[1]) for found in listed] == list(range(1, len(listed) + 1))
    numbers = [found.span() for found in listed] if len(listed) > 1 and rising else []
    return [*((token.start, token.end) for token in whole), *numbers]


def names_whole(tokens: Sequence[Token]) -> bool:
    """Whether a product is called by its whole title there."""
    return any(map(is_product, tokens))


def is_count_beside(shop: Shop, whole: Sequence[Token], said: str) -> bool:
    """Whether what looks like an address is rather how many of it, and more goods: `<title>, 1, another one, 2`."""
    parts = tokens(said)
    if not whole or any(says(parts, name) for name in ("mark", "house", "label")):
        return False
    left = " ".join(token.text for token in parts if token.kind == "word")
    hits = shop.search.find(left, 1) if left else []
    return not left or (bool(hits) and min(hits[0].score, hits[0].matched) >= _SURE)


def called_whole(shop: Shop, piece: Piece) -> list[Mention]:
    """The products that a part calls by their whole titles, each with what is said of it.

    And what is counted beside them in other words: `Adras nimcha M 2 ta atlas chopon S 1 ta`.
    """
    names = {
        at: (token.key.removeprefix(_MARK), (token.start, token.end))
        for at, token in enumerate(piece.tokens)
        if is_product(token)
    }
    if not names:
        return []
    names = _counted_beside(shop, piece, names) | names
    places = sorted(names)
    # "2 ta ... 3 ta ...": the number right before a title is of it; "... 2 ta ... 3 ta": of the one before
    behind = any(one.first > places[-1] for one in piece.numbers)
    behind &= not any(one.past <= places[0] for one in piece.numbers)
    counts = {} if behind else {number.past: number.first for number in piece.numbers}
    ends = [counts.get(at, at) for at in places[1:]] + [len(piece.tokens)]
    mentions = []
    for at, (first, past) in zip(places, pairwise([0, *ends]), strict=True):
        sku, span = names[at]
        own = piece_of(piece.text, piece.tokens, piece.met, first, past)
        own = replace(own, named=[span])
        acts = {one.name for one in own.met} | ({"denied"} if denied(own, at - first, span[1]) else set())
        mentions.append(Mention([sku], [own], acts, True))
    return mentions


def _counted_beside(shop: Shop, piece: Piece, names: _Names) -> _Names:
    """What a part with several numbers surely names beside whole titles, by where it begins."""
    if len(piece.numbers) <= len(names):
        return {}
    skus = {sku for sku, _ in names.values()}
    found: _Names = {}
    for mention in amid(shop, piece, piece.said, (), few=False):
        spans = mention.pieces[0].named
        start, end = min(a for a, _ in spans), max(b for _, b in spans)
        at = next((at for at, token in enumerate(piece.tokens) if token.start == start), None)
        if at is not None and mention.sure and mention.skus[0] not in skus:
            found[at] = mention.skus[0], (start, end)
    return found
