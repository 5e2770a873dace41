"""What a text may mean by all that is known: the words of the search first, then vectors of what is written and shown.

The search says what a text names, and its order stands. Where it has several as good as each other, or nothing sure,
vectors speak: those of letter groups (`shop.search.grams`), and a learned model's where the host has one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kit.errors import Unavailable
from shop.lexicon import load
from shop.search.index import Search
from vision import texts

if TYPE_CHECKING:
    from kit.db import Reader
    from shop.shops import Shop
    from vision.embed_clip import Clip
    from vision.index import Index

SURE = 0.8  # a hit this good names it: nothing is added
_STEP = 0.05  # scores closer than this are as good as each other
# of queries that name nothing the best product has 0.07 (median) to 0.25 (most) in three shops, the right ones of
# queries that name something 0.46 to 0.54 (median)
_NEAR = 0.3
_MANY = 3_000  # products; 2,000 take 1 ms and 3 at most, 20,000 up to 27: that many are ranked beside the event loop
_PROPOSED = 3  # of a learned model's order, where words name nothing


async def find(
    shop: Shop, text: str, limit: int, reader: Reader, index: Index | None = None, eye: Clip | None = None
) -> list[str]:
    """Articles that `text` may mean, best first; `eye` and `index` where the host has a learned model."""
    learned: list[str] = []
    if eye is not None and index is not None:
        try:
            learned = await texts.near(reader, index, shop.id, eye, text, limit)
        except Unavailable:
            learned = []  # logged where it failed; words are enough
    await asyncio.to_thread(lambda: shop.search.grams)  # made with the first question; 20,000 products take seconds
    known = [sku for sku in learned if sku in shop.products]
    if len(shop.products) > _MANY:
        return await asyncio.to_thread(joined, shop.search, text, limit, known)
    return joined(shop.search, text, limit, known)


def joined(search: Search, text: str, limit: int, learned: Sequence[str] = ()) -> list[str]:
    """As `find`, with the learned model's order given."""
    near = search.grams.near(text, load().filler)
    hits = search.find(text, 2 * limit)
    place = {sku: at for at, sku in enumerate(learned)}

    def worth(sku: str) -> float:
        return sum(texts.worth(at) for at in (near.place(sku) if near else None, place.get(sku)) if at is not None)

    hits.sort(key=lambda hit: (-round(hit.score / _STEP), -worth(hit.sku)))
    found = [hit.sku for hit in hits]
    if not hits or hits[0].score < SURE:
        found += [sku for sku, _ in near.above(_NEAR)] if near else []
        found += learned[:_PROPOSED]
    return list(dict.fromkeys(found))[:limit]
