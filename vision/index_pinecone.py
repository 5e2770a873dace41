"""A copy of the vectors in Pinecone, asked first; PostgreSQL keeps the truth and answers when Pinecone does not.

One namespace a shop. What Pinecone names is weighed again by the vectors in PostgreSQL, so that neither a photo taken
down nor a product off sale comes back from there; and what was not yet seen there (it is consistent only in the end, or
was down) is searched here. Its index must have the model's dimension (629 for the built-in one) and metric dotproduct.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog
from pgvector import HalfVector
from pinecone import AsyncIndex
from pinecone.errors.exceptions import NotFoundError, PineconeError

from kit.errors import Unavailable
from vision.index import BUILTIN, Entry, Floats, Found, PgVector, best

if TYPE_CHECKING:
    from kit.config import VisionConfig

log = structlog.get_logger(__name__)

ASK_S = 2.0  # all questions of one picture together; a shopper waits
SEND_S = 10.0  # a batch of the background
BATCH = 100  # vectors a request: 100 of 768 numbers are 0.9 MB, 2 MB is the most
DELETED = 1000  # ids a request: the most it takes
REST_S = 30.0  # after a failure; else each shopper would wait for it anew

_UNSEEN = """
WITH own AS MATERIALIZED (
    SELECT sku, photo, vector <#> $3 AS far FROM photo_vectors
    WHERE shop_id = $1 AND model = $2 AND features IS NOT NULL AND (mirror < $4 OR mirror > $4)
)
SELECT sku, photo, -far AS alike FROM own
WHERE (sku IN (SELECT p.sku FROM products p WHERE p.shop_id = $1 AND p.active)) IS TRUE
ORDER BY far LIMIT $5
"""
_ANY_UNSEEN = """
SELECT EXISTS (SELECT FROM photo_vectors WHERE shop_id = $1 AND model = $2 AND features IS NOT NULL
               AND (mirror < $3 OR mirror > $3))
"""
_UNSENT = """
SELECT sku, photo, vector FROM photo_vectors
WHERE shop_id = $1 AND model = $2 AND features IS NOT NULL AND mirror <> $3 AND mirror <> $4 LIMIT $5
"""
_SENT = "SELECT sku, photo FROM photo_vectors WHERE shop_id = $1 AND model = $2 AND mirror = $3 LIMIT $4"
_MARK = """
UPDATE photo_vectors v SET mirror = $5 FROM unnest($3::text[], $4::text[]) AS asked (sku, photo)
WHERE v.shop_id = $1 AND v.model = $2 AND v.sku = asked.sku AND v.photo = asked.photo
"""
_GONE = "SELECT id FROM mirror_gone WHERE shop_id = $1 ORDER BY id LIMIT $2"
_FORGOTTEN = "DELETE FROM mirror_gone WHERE shop_id = $1 AND id = ANY ($2)"


@dataclass(slots=True)
class PineconeIndex:
    """Pinecone before PostgreSQL. An index there holds vectors of one length: those of the model asked first."""

    own: PgVector
    config: VisionConfig
    _client: AsyncIndex | None = field(default=None, init=False)
    _rests_until: float = field(default=0.0, init=False)

    async def search(self, shop_id: str, model: str, vectors: Sequence[Floats], limit: int) -> list[Found]:
        """The `limit` photos of products on sale that are most alike to any of `vectors`, best first."""
        if not self._copied(model) or time.monotonic() < self._rests_until:
            return await self.own.search(shop_id, model, vectors, limit)
        try:
            async with asyncio.timeout(ASK_S):
                named = await asyncio.gather(*(self._ask(shop_id, model, vector, limit) for vector in vectors))
        except (PineconeError, TimeoutError, OSError) as error:
            self._rest(error)
            return await self.own.search(shop_id, model, vectors, limit)
        photos = sorted({photo for some in named for photo in some})
        found = await self.own.alike(shop_id, model, vectors, photos)
        for vector in vectors:
            rows = await self.own.reader.fetch(_UNSEEN, shop_id, model, HalfVector(vector), self._where, limit)
            found += [Found(row["sku"], row["photo"], row["alike"]) for row in rows]
        return best(found, limit)

    async def alike(
        self, shop_id: str, model: str, vectors: Sequence[Floats], photos: Sequence[tuple[str, str]]
    ) -> list[Found]:
        """As PostgreSQL knows it."""
        return await self.own.alike(shop_id, model, vectors, photos)

    async def features(self, shop_id: str, model: str, found: Sequence[Found]) -> dict[tuple[str, str], bytes]:
        """As PostgreSQL knows them."""
        return await self.own.features(shop_id, model, found)

    async def put(self, shop_id: str, model: str, entries: Sequence[Entry]) -> None:
        """Store entries in PostgreSQL; `settle` sends them on."""
        await self.own.put(shop_id, model, entries)

    async def tidy(self, shop_id: str, models: Sequence[str]) -> int:
        """Forget in PostgreSQL, with a note of the copies; `settle` deletes them."""
        return await self.own.tidy(shop_id, models)

    async def waiting(self, shop_id: str, model: str) -> list[tuple[str, str]]:
        """As PostgreSQL knows it."""
        return await self.own.waiting(shop_id, model)

    async def settle(self, shop_id: str, model: str) -> bool:
        """Delete copies that are no longer wanted, send what is new, look whether what was sent is seen there.

        False when something is left, also because Pinecone does not answer: PostgreSQL serves it meanwhile.
        """
        await self.own.settle(shop_id, model)
        if not self._copied(model):
            return True
        if time.monotonic() < self._rests_until:
            return False
        try:
            await self._delete(shop_id)
            await self._send(shop_id, model)
            await self._look(shop_id, model)
        except (PineconeError, TimeoutError, OSError) as error:
            self._rest(error)
            return False
        return not await self.own.reader.fetchval(_ANY_UNSEEN, shop_id, model, self._where)

    async def close(self) -> None:
        """Closes the connections to Pinecone."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    # ---- the wire ----------------------------------------------------------------------------------------------------

    @property
    def _where(self) -> str:
        """Which Pinecone: with another host everything is sent anew."""
        return hashlib.sha256(self.config.pinecone.host.encode()).hexdigest()[:16]

    def _copied(self, model: str) -> bool:
        """Whether the model is asked there: with a learned one the built-in vectors stay in PostgreSQL alone."""
        return (model == BUILTIN) == (self.config.embedder == "builtin")

    def _rest(self, error: Exception) -> None:
        log.warning("pinecone_does_not_answer", error=type(error).__name__, why=str(error)[:200], rests_s=REST_S)
        self._rests_until = time.monotonic() + REST_S

    def _index(self) -> AsyncIndex:
        if self._client is None:
            pinecone = self.config.pinecone
            self._client = AsyncIndex(host=pinecone.host, api_key=pinecone.api_key.get_secret_value(), timeout=SEND_S)
        return self._client

    async def _ask(self, shop_id: str, model: str, vector: Floats, limit: int) -> list[tuple[str, str]]:
        answer = await self._index().query(
            namespace=shop_id,
            vector=vector.tolist(),
            top_k=2 * limit,  # some of them are off sale or taken down
            filter={"model": {"$eq": model}},
            include_metadata=True,
            timeout=ASK_S,
        )
        facts = (match.metadata or {} for match in answer.matches)
        return [(str(one["sku"]), str(one["photo"])) for one in facts if "sku" in one and "photo" in one]

    async def _delete(self, shop_id: str) -> None:
        while gone := [row["id"] for row in await self.own.reader.fetch(_GONE, shop_id, DELETED)]:
            async with asyncio.timeout(SEND_S):
                with suppress(NotFoundError):  # no namespace, so no copies: a new index, or one that was emptied
                    await self._index().delete(ids=gone, namespace=shop_id)
            await self.own.reader.execute(_FORGOTTEN, shop_id, gone)

    async def _send(self, shop_id: str, model: str) -> None:
        sent = f"sent {self._where}"
        while rows := await self.own.reader.fetch(_UNSENT, shop_id, model, self._where, sent, BATCH):
            vectors = [
                {
                    "id": copy_id(model, row["sku"], row["photo"]),
                    "values": row["vector"].to_list(),
                    "metadata": {"model": model, "sku": row["sku"], "photo": row["photo"]},
                }
                for row in rows
            ]
            async with asyncio.timeout(SEND_S):
                await self._index().upsert(vectors=vectors, namespace=shop_id, show_progress=False)
            await self._mark(shop_id, model, [(row["sku"], row["photo"]) for row in rows], sent)

    async def _look(self, shop_id: str, model: str) -> None:
        """Marks what was sent and is seen there; stops at the first batch of which nothing is."""
        sent = f"sent {self._where}"
        while rows := await self.own.reader.fetch(_SENT, shop_id, model, sent, BATCH):
            ids = {copy_id(model, row["sku"], row["photo"]): (row["sku"], row["photo"]) for row in rows}
            async with asyncio.timeout(SEND_S):
                there = await self._index().fetch(ids=list(ids), namespace=shop_id)
            seen = [ids[one] for one in there.vectors if one in ids]
            if not seen:
                return
            await self._mark(shop_id, model, seen, self._where)

    async def _mark(self, shop_id: str, model: str, photos: Sequence[tuple[str, str]], as_: str) -> None:
        asked = [sku for sku, _ in photos], [photo for _, photo in photos]
        await self.own.reader.execute(_MARK, shop_id, model, *asked, as_)


async def shape(config: VisionConfig) -> tuple[int, str]:
    """How long the vectors of the index at `vision.pinecone.host` are, and its metric ("" where it does not say).

    Raises Unavailable with its own words.
    """
    pinecone = config.pinecone
    try:
        async with AsyncIndex(host=pinecone.host, api_key=pinecone.api_key.get_secret_value()) as index:
            async with asyncio.timeout(SEND_S):
                stats = await index.describe_index_stats()
                return int(stats.dimension or 0), stats.metric or ""
    except (PineconeError, TimeoutError, OSError) as error:
        raise Unavailable(f"{type(error).__name__}: {error}"[:200]) from error


def copy_id(model: str, sku: str, photo: str) -> str:
    """The id of a copy: an article may hold any letter, an id only ASCII. The same as in `vision.index`'s SQL."""
    return hashlib.sha256(f"{model} {sku} {photo}".encode()).hexdigest()
