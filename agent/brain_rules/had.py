"""What the shopper has already, and what is asked for it: `у меня mf3010 стоит, какой к нему картридж?`"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from agent.brain_rules.choosing import MOST
from agent.brain_rules.mention import Mention
from agent.brain_rules.text import asks_by
from shop.search.codes import codes
from shop.shops import Shop

_HAS = re.compile(
    r"\b(?:у (?:меня|нас)|u (?:menya|nas)"
    r"|(?:bizda|uyda|бизда|уйда)\b(?=.*\b(?:bor|turibdi|бор|турибди)\b)|menda|uyimda|менда|уйимда"
    r"|(?:i|we)(?: have|['’]ve)(?: got)?)\b",
    re.IGNORECASE,
)
_MAY_HAVE = re.compile(r"\b(?:can|could|may|shall|i['’]ll) (?:(?:i|we) )?have\b", re.IGNORECASE)
# "i have to get a kettle", "i have chosen the dish", "so i have the kettle and two pans, what is the total?"
_HAVE_TO = re.compile(r"\bhave (?:to|chosen|picked|decided|selected|settled|in mind)\b", re.IGNORECASE)
_WANTED = frozenset({"order", "more", "change", "remove"})
_ALIKE = 0.75  # of the best score


def without_had(shop: Shop, mentions: Sequence[Mention]) -> list[Mention]:
    """`mentions` without what is only told to be had, before the next one: of that the one that fits, where one does.

    What fits is told by the model: a cartridge is told to be for that printer.
    """
    left = list(mentions)
    for first, second in pairwise(mentions):
        piece = first.pieces[0]
        if first.acts & _WANTED or not _HAS.search(piece.said) or _HAVE_TO.search(piece.said):
            continue
        if "total" in first.acts | second.acts:
            continue  # what was chosen is told once more
        if any(one.numbers for one in second.pieces):
            if _only_had(first):
                left.remove(first)
            continue
        models = {code for a, b in piece.named for _, _, code in codes(piece.text[a:b])}
        called = " ".join(second.named)
        hits = shop.search.find(called, MOST)
        near = [hit.sku for hit in hits if hit.score >= _ALIKE * hits[0].score and hit.sku not in first.skus]
        fit = [sku for sku in near if models & {code for _, _, code in codes(shop.products[sku].description)}]
        if fit:
            left.remove(first)
            second.skus, second.sure = fit, len(fit) == 1
        elif _only_had(first):
            left.remove(first)
    return left


def _only_had(mention: Mention) -> bool:
    """`у меня стол 12 футов, шары какие брать`: all that is said of it is that it is there, in how many feet too."""
    return all(_HAS.search(piece.said) and not _MAY_HAVE.search(piece.said) for piece in mention.pieces) and not any(
        asks_by(token) for piece in mention.pieces for token in piece.tokens
    )
