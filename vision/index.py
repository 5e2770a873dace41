"""Where the vectors of product photos lie and are searched: PostgreSQL with pgvector, or (later) Pinecone.

Search is exact and inside one shop: at 20,000 photos in a shop it takes 19 ms, while a global HNSW index loses half of
a small shop's answers behind its filter. Vectors of different models lie side by side and are never compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector

from kit.db import Pool, Reader

if TYPE_CHECKING:
    from kit.config import VisionConfig

Floats: TypeAlias = NDArray[np.float32]

BUILTIN = "builtin-2"  # the model name of vision.embed; vectors of another name are forgotten and made again


@dataclass(frozen=True, slots=True)
class Found:
    """A stored photo near a question. `alike`: inner product with the nearest of the question's vectors, -1..1."""

    sku: str
    photo: str
    alike: float


@dataclass(frozen=True, slots=True)
class Entry:
    """A photo to store: its vector for the search, and its local features for the comparison.

    `features` None: it does not open, and is stored so that it is not tried again; it is never found.
    """

    sku: str
    photo: str
    vector: Floats
    features: bytes | None


class Index(Protocol):
    """Vectors of photos, by shop and model."""

    async def search(self, shop_id: str, model: str, vectors: Sequence[Floats], limit: int) -> list[Found]:
        """The `limit` photos of products on sale that are most alike to any of `vectors`, best first."""

    async def features(self, shop_id: str, model: str, found: Sequence[Found]) -> dict[tuple[str, str], bytes]:
        """Local features by (sku, photo); photos deleted meanwhile are missing."""

    async def put(self, shop_id: str, model: str, entries: Sequence[Entry]) -> None:
        """Store entries, replacing those of the same photo of the same product."""

    async def tidy(self, shop_id: str, model: str) -> int:
        """Forget photos that their product no longer shows, and vectors of other models; how many."""

    async def waiting(self, shop_id: str, model: str) -> list[tuple[str, str]]:
        """(sku, photo) of the photos on sale that are not stored yet."""


# the CTE is a fence: without it a vector index, if somebody makes one, would be walked through all shops. It holds the
# distances alone: with the vectors in it 20,000 photos take 37 ms instead of 19. The vector is bound as HalfVector:
# `$3::halfvec` of a text is parsed again for each row under the generic plan (72 ms instead of 0.7 at 2,000 photos)
_NEAREST = """
WITH own AS MATERIALIZED (
    SELECT sku, photo, vector <#> $3 AS far FROM photo_vectors
    WHERE shop_id = $1 AND model = $2 AND features IS NOT NULL
)
SELECT sku, photo, -far AS alike FROM own
WHERE EXISTS (SELECT FROM products p WHERE p.shop_id = $1 AND p.sku = own.sku AND p.active)
ORDER BY far LIMIT $4
"""
_FEATURES = """
SELECT v.sku, v.photo, v.features FROM photo_vectors v
JOIN unnest($3::text[], $4::text[]) AS asked (sku, photo) ON v.sku = asked.sku AND v.photo = asked.photo
WHERE v.shop_id = $1 AND v.model = $2
"""
_PUT = """
INSERT INTO photo_vectors (shop_id, model, sku, photo, vector, features) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (shop_id, sku, photo, model) DO UPDATE SET vector = excluded.vector, features = excluded.features
"""
_TIDY = """
DELETE FROM photo_vectors v WHERE v.shop_id = $1 AND (v.model <> $2 OR NOT EXISTS (
    SELECT FROM products p WHERE p.shop_id = $1 AND p.sku = v.sku AND v.photo = ANY (p.photos)))
"""
_WAITING = """
SELECT p.sku, shown.photo FROM products p CROSS JOIN unnest(p.photos) AS shown (photo)
WHERE p.shop_id = $1 AND p.active AND NOT EXISTS (
    SELECT FROM photo_vectors v WHERE v.shop_id = $1 AND v.sku = p.sku AND v.photo = shown.photo AND v.model = $2)
ORDER BY p.sku, shown.photo
"""


@dataclass(frozen=True, slots=True)
class PgVector:
    """The index in the shop's own database."""

    reader: Reader

    async def search(self, shop_id: str, model: str, vectors: Sequence[Floats], limit: int) -> list[Found]:
        """The `limit` photos of products on sale that are most alike to any of `vectors`, best first."""
        best: dict[tuple[str, str], float] = {}
        for vector in vectors:
            for row in await self.reader.fetch(_NEAREST, shop_id, model, HalfVector(vector), limit):
                key = row["sku"], row["photo"]
                best[key] = max(best.get(key, -1.0), row["alike"])
        ranked = sorted(best.items(), key=lambda one: (-one[1], one[0]))[:limit]
        return [Found(sku, photo, alike) for (sku, photo), alike in ranked]

    async def features(self, shop_id: str, model: str, found: Sequence[Found]) -> dict[tuple[str, str], bytes]:
        """Local features by (sku, photo); photos deleted meanwhile are missing."""
        asked = [one.sku for one in found], [one.photo for one in found]
        rows = await self.reader.fetch(_FEATURES, shop_id, model, *asked)
        return {(row["sku"], row["photo"]): row["features"] for row in rows if row["features"] is not None}

    async def put(self, shop_id: str, model: str, entries: Sequence[Entry]) -> None:
        """Store entries, replacing those of the same photo of the same product."""
        rows = [(shop_id, model, one.sku, one.photo, HalfVector(one.vector), one.features) for one in entries]
        await self.reader.executemany(_PUT, rows)

    async def tidy(self, shop_id: str, model: str) -> int:
        """Forget photos that their product no longer shows, and vectors of other models; how many."""
        return int((await self.reader.execute(_TIDY, shop_id, model)).rpartition(" ")[2])

    async def waiting(self, shop_id: str, model: str) -> list[tuple[str, str]]:
        """(sku, photo) of the photos on sale that are not stored yet."""
        return [(row["sku"], row["photo"]) for row in await self.reader.fetch(_WAITING, shop_id, model)]


def open_index(config: VisionConfig, pool: Pool) -> Index:
    """The index that the settings name. Raises Misconfigured for one that this version does not have."""
    from kit.errors import Misconfigured

    if config.embedder != "builtin":
        raise Misconfigured("vision.embedder: this version has the built-in one alone; set builtin")
    if config.index != "pgvector":
        raise Misconfigured("vision.index: this version has pgvector alone; set pgvector")
    return PgVector(pool)
