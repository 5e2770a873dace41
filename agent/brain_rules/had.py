"""What the shopper has already, and what is asked for it: `у меня mf3010 стоит, какой к нему картридж?`"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from agent.brain_rules.choosing import MOST
from agent.brain_rules.mention import Mention
from shop.search.codes import codes
from shop.shops import Shop

_HAS = re.compile(
    r"\b(?:у (?:меня|нас)|u (?:menya|nas)"
    r"|(?:menda|bizda|uyda|uyimda|менда|бизда|уйда)\b(?=.*\b(?:bor|turibdi|бор|турибди)\b)"
    r"|(?:i|we)(?: have|['’]ve)(?: got)?)\b",
    re.IGNORECASE,
)
_WANTED = frozenset({"order", "more", "change", "remove"})
_ALIKE = 0.75  # of the best score


def without_had(shop: Shop, mentions: Sequence[Mention]) -> list[Mention]:
    """`mentions` without what is only told to be had, where the next one is asked for it: of that the one that fits.

    What fits is told by the model: a cartridge is told to be for that printer.
    """
    left = list(mentions)
    for first, second in pairwise(mentions):
        piece = first.pieces[0]
        if first.acts & _WANTED or any(one.numbers for one in second.pieces) or not _HAS.search(piece.said):
            continue
        models = {code for a, b in piece.named for _, _, code in codes(piece.text[a:b])}
        called = " ".join(second.named)
        hits = shop.search.find(called, MOST)
        near = [hit.sku for hit in hits if hit.score >= _ALIKE * hits[0].score and hit.sku not in first.skus]
        fit = [sku for sku in near if models & {code for _, _, code in codes(shop.products[sku].description)}]
        if fit:
            left.remove(first)
            second.skus, second.sure = fit, len(fit) == 1
    return left
