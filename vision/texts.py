"""Products as a learned model reads them: a vector of each one's words, beside those of its photos.

Words and photos lie in one space there, so a query finds a product by what is written of it and by how it looks. What
is drawn from it is an order, never a price or a yes: `shop.search` decides what a text names.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pgvector import HalfVector

from kit.db import Pool, Reader
from vision import work
from vision.index import Floats, Index

if TYPE_CHECKING:
    from vision.embed_clip import Clip

_BATCH = 32
_RANK = 60  # of reciprocal rank fusion: how slowly the weight of a place falls (Cormack et al. 2009)

_WORDS = """
SELECT sku, concat_ws('. ', NULLIF(title_uz, ''), NULLIF(title_ru, ''), NULLIF(category, ''), NULLIF(description, ''))
FROM products WHERE shop_id = $1 AND active
"""
_KNOWN = "SELECT sku, digest FROM text_vectors WHERE shop_id = $1 AND model = $2"
_PUT = """
INSERT INTO text_vectors (shop_id, sku, model, digest, vector) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (shop_id, sku, model) DO UPDATE SET digest = excluded.digest, vector = excluded.vector
"""
_TIDY = """
DELETE FROM text_vectors t WHERE t.shop_id = $1 AND (t.model <> ALL ($2::text[])
    OR NOT EXISTS (SELECT FROM products p WHERE p.shop_id = $1 AND p.sku = t.sku AND p.active))
"""
_NEAREST = """
WITH own AS MATERIALIZED (SELECT sku, vector <#> $3 AS far FROM text_vectors WHERE shop_id = $1 AND model = $2)
SELECT sku FROM own WHERE (sku IN (SELECT p.sku FROM products p WHERE p.shop_id = $1 AND p.active)) IS TRUE
ORDER BY far LIMIT $4
"""


async def index_texts(pool: Pool, shop_id: str, eye: Clip, ends: float = math.inf) -> int:
    """Gives each product on sale the vector of its words where it has none or the words changed; how many need one.

    After `ends` (monotonic) the rest is left for the next time.

    Raises Unavailable when the model does not run.
    """
    model = await work.learned(eye.name)
    known = {row["sku"]: row["digest"] for row in await pool.fetch(_KNOWN, shop_id, model)}
    texts = {row[0]: row[1] for row in await pool.fetch(_WORDS, shop_id)}
    changed = [sku for sku, text in sorted(texts.items()) if known.get(sku) != _digest(text)]
    for start in range(0, len(changed), _BATCH):
        await _put(pool, shop_id, model, eye, {sku: texts[sku] for sku in changed[start : start + _BATCH]})
        if time.monotonic() >= ends:
            break
    return len(changed)


async def _put(pool: Pool, shop_id: str, model: str, eye: Clip, texts: Mapping[str, str]) -> None:
    vectors: Sequence[Floats] = await work.learned(lambda: eye.texts(list(texts.values())))
    rows = [
        (shop_id, sku, model, _digest(text), HalfVector(vector))
        for (sku, text), vector in zip(texts.items(), vectors, strict=False)  # none of a model that reads no words
    ]
    await pool.executemany(_PUT, rows)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


async def tidy(pool: Pool, shop_id: str, models: Sequence[str]) -> None:
    """Forget what is off sale, and vectors of models not in `models`."""
    await pool.execute(_TIDY, shop_id, list(models))


async def near(reader: Reader, index: Index, shop_id: str, eye: Clip, text: str, limit: int) -> list[str]:
    """Articles that `text` may mean, best first: by their words and by their photos, each list by its places.

    Raises Unavailable when the model does not run or is busy.
    """
    from vision.embed_clip import WAIT_S

    model, vectors = await work.learned(lambda: (eye.name(), eye.texts([text])), WAIT_S)
    if not vectors:
        return []
    worded = [row["sku"] for row in await reader.fetch(_NEAREST, shop_id, model, HalfVector(vectors[0]), limit)]
    pictured = [one.sku for one in await index.search(shop_id, model, vectors, limit)]
    return fused([worded, list(dict.fromkeys(pictured))])[:limit]


def fused(lists: Sequence[Sequence[str]]) -> list[str]:
    """Several orders of the same things as one: likenesses of different kinds cannot be compared, places can."""
    scores: dict[str, float] = {}
    for some in lists:
        for place, sku in enumerate(some):
            scores[sku] = scores.get(sku, 0.0) + worth(place)
    return sorted(scores, key=lambda sku: -scores[sku])


def worth(place: int) -> float:
    """What a place in an order counts beside places in others; 0 is the best place."""
    return 1 / (_RANK + place)
