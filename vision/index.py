"""Where the vectors of product photos lie and are searched: PostgreSQL with pgvector, and a copy in Pinecone if wanted.

Search is exact and inside one shop: at 20,000 photos in a shop it takes 19 ms, while a global HNSW index loses half of
a small shop's answers behind its filter; a larger shop gets an index of its own (`vision.index_large`). Vectors of
different models lie side by side and are never compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector

from kit.db import Pool, Reader
from vision import index_large

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

    `features` None: it does not open, and is stored so that it is not tried again; it is never found. A learned model
    has no local features and stores none (b""): those of the built-in descriptor serve for both.
    """

    sku: str
    photo: str
    vector: Floats
    features: bytes | None


class Index(Protocol):
    """Vectors of photos, by shop and model."""

    async def search(self, shop_id: str, model: str, vectors: Sequence[Floats], limit: int) -> list[Found]:
        """The `limit` photos of products on sale that are most alike to any of `vectors`, best first."""

    async def alike(
        self, shop_id: str, model: str, vectors: Sequence[Floats], photos: Sequence[tuple[str, str]]
    ) -> list[Found]:
        """How alike just these (sku, photo) are, best first; those not stored or not on sale are missing."""

    async def features(self, shop_id: str, model: str, found: Sequence[Found]) -> dict[tuple[str, str], bytes]:
        """Local features by (sku, photo); photos deleted meanwhile are missing."""

    async def put(self, shop_id: str, model: str, entries: Sequence[Entry]) -> None:
        """Store entries, replacing those of the same photo of the same product."""

    async def tidy(self, shop_id: str, models: Sequence[str]) -> int:
        """Forget photos that their product no longer shows, and vectors of models not in `models`; how many."""

    async def waiting(self, shop_id: str, model: str) -> list[tuple[str, str]]:
        """(sku, photo) of the photos on sale that are not stored yet."""

    async def settle(self, shop_id: str, model: str) -> bool:
        """After changes: whatever makes later searches quick, an index for a large shop or a copy elsewhere.

        Whether nothing is left to do; else it is to be called again in a while.
        """

    async def close(self) -> None:
        """Lets go of connections of its own, at the end of the process."""


# the CTE is a fence: without it a vector index, if somebody makes one, would be walked through all shops. It holds the
# distances alone: with the vectors in it 20,000 photos take 37 ms instead of 19. The vector is bound as HalfVector:
# `$3::halfvec` of a text is parsed again for each row under the generic plan (72 ms instead of 0.7 at 2,000 photos).
# IS TRUE keeps what is on sale a hash that is asked, not a join: right after an import, before PostgreSQL has counted
# the rows, it would go through all products for each photo (71 ms instead of 1.3 at 1,000)
_NEAREST = """
WITH own AS MATERIALIZED (
    SELECT sku, photo, vector <#> $3 AS far FROM photo_vectors
    WHERE shop_id = $1 AND model = $2 AND features IS NOT NULL
)
SELECT sku, photo, -far AS alike FROM own
WHERE (sku IN (SELECT p.sku FROM products p WHERE p.shop_id = $1 AND p.active)) IS TRUE
ORDER BY far LIMIT $4
"""
_ALIKE = """
SELECT v.sku, v.photo, -(v.vector <#> $3) AS alike FROM photo_vectors v
JOIN unnest($4::text[], $5::text[]) AS asked (sku, photo) ON v.sku = asked.sku AND v.photo = asked.photo
JOIN products p ON p.shop_id = $1 AND p.sku = v.sku AND p.active
WHERE v.shop_id = $1 AND v.model = $2 AND v.features IS NOT NULL
"""
_FEATURES = """
SELECT v.sku, v.photo, v.features FROM photo_vectors v
JOIN unnest($3::text[], $4::text[]) AS asked (sku, photo) ON v.sku = asked.sku AND v.photo = asked.photo
WHERE v.shop_id = $1 AND v.model = $2
"""
_PUT = """
INSERT INTO photo_vectors (shop_id, model, sku, photo, vector, features) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (shop_id, sku, photo, model)
DO UPDATE SET vector = excluded.vector, features = excluded.features, mirror = ''
"""
_TIDY = """
WITH gone AS (
    DELETE FROM photo_vectors v WHERE v.shop_id = $1 AND (v.model <> ALL ($2::text[]) OR NOT EXISTS (
        SELECT FROM products p WHERE p.shop_id = $1 AND p.sku = v.sku AND v.photo = ANY (p.photos)))
    RETURNING v.model, v.sku, v.photo, v.mirror
), copies AS (
    INSERT INTO mirror_gone (shop_id, id)
    SELECT $1, encode(sha256(convert_to(concat_ws(' ', model, sku, photo), 'UTF8')), 'hex') FROM gone WHERE mirror <> ''
    ON CONFLICT DO NOTHING
)
SELECT count(*) FROM gone
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
        large = await index_large.ready(self.reader, shop_id, model)
        found = list[Found]()
        for vector in vectors:
            if large:
                asks = index_large.nearest(shop_id, model, len(vector))
                rows = await self.reader.fetch(asks, HalfVector(vector), limit)
            else:
                rows = await self.reader.fetch(_NEAREST, shop_id, model, HalfVector(vector), limit)
            found += [Found(row["sku"], row["photo"], row["alike"]) for row in rows]
        return best(found, limit)

    async def alike(
        self, shop_id: str, model: str, vectors: Sequence[Floats], photos: Sequence[tuple[str, str]]
    ) -> list[Found]:
        """How alike just these (sku, photo) are, best first; those not stored or not on sale are missing."""
        asked = [sku for sku, _ in photos], [photo for _, photo in photos]
        found = list[Found]()
        for vector in vectors if photos else ():
            rows = await self.reader.fetch(_ALIKE, shop_id, model, HalfVector(vector), *asked)
            found += [Found(row["sku"], row["photo"], row["alike"]) for row in rows]
        return best(found, len(photos))

    async def features(self, shop_id: str, model: str, found: Sequence[Found]) -> dict[tuple[str, str], bytes]:
        """Local features by (sku, photo); photos deleted meanwhile are missing."""
        asked = [one.sku for one in found], [one.photo for one in found]
        rows = await self.reader.fetch(_FEATURES, shop_id, model, *asked)
        return {(row["sku"], row["photo"]): row["features"] for row in rows if row["features"] is not None}

    async def put(self, shop_id: str, model: str, entries: Sequence[Entry]) -> None:
        """Store entries, replacing those of the same photo of the same product."""
        rows = [(shop_id, model, one.sku, one.photo, HalfVector(one.vector), one.features) for one in entries]
        await self.reader.executemany(_PUT, rows)

    async def tidy(self, shop_id: str, models: Sequence[str]) -> int:
        """Forget photos that their product no longer shows, and vectors of models not in `models`; how many."""
        return int(await self.reader.fetchval(_TIDY, shop_id, list(models)))

    async def waiting(self, shop_id: str, model: str) -> list[tuple[str, str]]:
        """(sku, photo) of the photos on sale that are not stored yet."""
        return [(row["sku"], row["photo"]) for row in await self.reader.fetch(_WAITING, shop_id, model)]

    async def settle(self, shop_id: str, model: str) -> bool:
        """Gives a large shop an index of its own, and takes it from one that became small."""
        await index_large.settle(self.reader, shop_id, model)
        return True

    async def close(self) -> None:
        """Nothing to let go: the pool is not ours."""


def best(found: Sequence[Found], limit: int) -> list[Found]:
    """The `limit` best of `found`, each photo once with its best likeness."""
    likeness: dict[tuple[str, str], float] = {}
    for one in found:
        key = one.sku, one.photo
        likeness[key] = max(likeness.get(key, -1.0), one.alike)
    ranked = sorted(likeness.items(), key=lambda one: (-one[1], one[0]))[:limit]
    return [Found(sku, photo, alike) for (sku, photo), alike in ranked]


def open_index(config: VisionConfig, pool: Pool) -> Index:
    """The index that the settings name; connections are made when first needed."""
    if config.index == "pinecone":
        from vision.index_pinecone import PineconeIndex  # the library takes 0.3 s to load

        return PineconeIndex(PgVector(pool), config)
    return PgVector(pool)
