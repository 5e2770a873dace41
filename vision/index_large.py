"""A shop of very many photos has an HNSW index of its own: partial, for this shop and model alone.

One index over all shops loses most of a small shop's answers behind its filter, and an exact scan of 100,000 photos
takes a tenth of a second a view. So a shop above `LARGE` photos gets an index whose condition is the shop; all others
are scanned.
"""

from __future__ import annotations

import hashlib
from typing import cast

import structlog

from kit.db import Pool, Reader, Tx, give_back

log = structlog.get_logger(__name__)

LARGE = 20_000  # photos: an exact scan of them takes 19 ms
SMALL = 15_000  # an index is dropped below it, not at 19,999
_SPARE = 4  # times as many are walked to as are wanted: some are off sale. hnsw.ef_search (kit.db) is the end of it
_MEMORY = "512MB"  # while it is built: with the default of 64 MB the graph of 100,000 photos goes to the disk

# things that are like no other hang on few edges, and shoppers' pictures are of such things: of 100 screenshots and
# photos of 22,000 goods an exact scan has the right one among thirty for 76, pgvector's own (16, 64) walked 200 far for
# 68, this walked 400 far for 76. In 100,000 it lost 5 of 18 at 400 once, so it is walked as far as it goes (kit.db)
_GRAPH = "m = 32, ef_construction = 128"

_COUNT = """
SELECT count(*), min(vector_dims(vector)) FROM photo_vectors
WHERE shop_id = $1 AND model = $2 AND features IS NOT NULL
"""
_STATE = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)"


def _name(shop_id: str, model: str) -> str:
    return f"photo_near_{hashlib.sha256(f'{shop_id} {model}'.encode()).hexdigest()[:16]}"


def _condition(shop_id: str, model: str) -> str:
    """Written out, not bound: PostgreSQL takes a partial index only where it can see that the condition holds."""
    shop, name = (one.replace("'", "''") for one in (shop_id, model))
    return f"shop_id = '{shop}' AND model = '{name}' AND features IS NOT NULL"


async def ready(reader: Reader, shop_id: str, model: str) -> bool:
    """Whether the shop has an index of its own that is built."""
    return bool(await reader.fetchval(_STATE, _name(shop_id, model)))


def nearest(shop_id: str, model: str, dim: int) -> str:
    """The question to that index: $1 the vector, $2 how many. Gives sku, photo, alike."""
    far = f"(vector::halfvec({int(dim)})) <#> $1"
    return f"""
WITH near AS MATERIALIZED (
    SELECT sku, photo, {far} AS far FROM photo_vectors WHERE {_condition(shop_id, model)}
    ORDER BY {far} LIMIT $2::int * {_SPARE}
)
SELECT sku, photo, -far AS alike FROM near
WHERE EXISTS (SELECT FROM products p WHERE p.shop_id = '{shop_id}' AND p.sku = near.sku AND p.active)
ORDER BY far LIMIT $2
"""  # noqa: S608  a shop's id is of [a-z0-9_] (kit.config), the model's name is quoted


async def settle(reader: Reader, shop_id: str, model: str) -> None:
    """Make the index of a shop above `LARGE` photos, drop that of one below `SMALL`. 100,000 photos take minutes.

    Nobody waits meanwhile: it is built beside the traffic. Inside a transaction nothing is done.
    """
    if not hasattr(reader, "acquire"):
        return
    pool = cast("Pool", reader)
    count, dim = await pool.fetchrow(_COUNT, shop_id, model) or (0, None)
    state = await pool.fetchval(_STATE, _name(shop_id, model))
    if (state and count >= SMALL) or (state is None and count <= LARGE):
        return
    connection = cast("Tx", await pool.acquire())
    try:
        # whoever else saw the same leaves it to us
        if not await connection.fetchval("SELECT pg_try_advisory_lock(hashtext($1))", _name(shop_id, model)):
            return
        # or did it, between our look and our lock: building anew takes the index from everybody for minutes
        if await connection.fetchval(_STATE, _name(shop_id, model)) == state:
            await _settle(connection, shop_id, model, int(dim or 0), wanted=count >= SMALL)
    finally:
        await give_back(pool, connection)


async def _settle(connection: Tx, shop_id: str, model: str, dim: int, *, wanted: bool) -> None:
    name = _name(shop_id, model)
    await connection.execute(f"SET statement_timeout = 0; SET lock_timeout = 0; SET maintenance_work_mem = '{_MEMORY}'")
    await connection.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")  # one whose building was broken off, too
    if wanted:
        where = _condition(shop_id, model)
        await connection.execute(
            f"CREATE INDEX CONCURRENTLY {name} ON photo_vectors"
            f" USING hnsw ((vector::halfvec({dim})) halfvec_ip_ops) WITH ({_GRAPH}) WHERE {where}"
        )
    log.info("photo_index_of_its_own", shop=shop_id, model=model, built=wanted)
