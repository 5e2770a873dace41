"""What `doctor` says of the photo search, where it is more than the built-in descriptor and PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from cli.finding import Finding
from kit.errors import Unavailable
from kit.log import clean

if TYPE_CHECKING:
    from kit.config import VisionConfig
    from kit.db import Pool

# pgvector: what a halfvec can hold, and what an HNSW index of it can
_LONGEST, _INDEXED = 16_000, 4_000
_STORED = """-- all shops
SELECT model, dim, sum(count)::bigint AS count, max(count) AS most FROM (
    SELECT shop_id, model, vector_dims(vector) AS dim, count(*) FROM photo_vectors
    WHERE model LIKE $1 AND features IS NOT NULL GROUP BY 1, 2, 3
    UNION ALL
    SELECT shop_id, model, vector_dims(vector), count(*) FROM text_vectors WHERE model LIKE $1 GROUP BY 1, 2, 3
) AS kept GROUP BY 1, 2 ORDER BY count DESC
"""


async def look(config: VisionConfig) -> AsyncIterator[Finding]:
    """Whether the learned model's libraries are here, and whether Pinecone answers with an index that fits."""
    if config.embedder == "clip":
        there = find_spec("sentence_transformers") is not None
        mend = "" if there else "pip install -r requirements-clip.lock, or vision.embedder: builtin"
        yield "photos", there, f"the learned model {config.model}", mend
    if config.index == "pinecone":
        yield await _pinecone(config)


async def stored(config: VisionConfig, pool: Pool) -> AsyncIterator[Finding]:
    """Whether the learned model's vectors fit the tables they go to, and those that lie there already."""
    if config.embedder != "clip":
        return
    from vision.embed_clip import dimension  # numpy: not for a shop without
    from vision.index_large import LARGE

    dim, name = dimension(config.model, config.revision), "vectors"
    if dim is None:
        yield name, None, f"how long {config.model}'s vectors are is known once it was loaded", ""
        return
    if dim > _LONGEST:
        says = f"{config.model} gives vectors of {dim}, PostgreSQL keeps {_LONGEST} at most"
        yield name, False, says, "set vision.model to another one, or vision.embedder: builtin"
        return
    rows = await pool.fetch(_STORED, f"{_like(config.model)}@%")
    others = [row for row in rows if row["dim"] != dim]
    mixed = {row["model"] for row in rows if row["model"].endswith("@unknown")} & {row["model"] for row in others}
    if mixed:  # the same name for other weights: they are never made anew, and no question can be compared with them
        says = f"{config.model} gives vectors of {dim}, stored under the same name are such of {others[0]['dim']}"
        yield name, False, says, "set vision.revision to the commit of the weights: photos are then described anew"
    elif others:
        count = sum(row["count"] for row in others)
        says = f"{count} of {others[0]['dim']} numbers are of other weights of {config.model}, which gives {dim}"
        yield name, None, says, "nothing to do: they are made anew while the program runs"
    elif dim > _INDEXED and any(row["most"] > LARGE for row in rows):
        says = f"vectors of {dim} are too long for an index ({_INDEXED}), and a shop has more than {LARGE} photos"
        yield name, None, says, "searches are slow: set vision.model to one with shorter vectors"
    else:
        yield name, True, f"of {dim} numbers, {sum(row['count'] for row in rows)} stored", ""


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def _pinecone(config: VisionConfig) -> Finding:
    from vision.embed import COLOUR_DIM, SHAPE_DIM  # numpy and Pinecone's library: not for a shop without
    from vision.index_pinecone import shape

    try:
        dim, metric = await shape(config)
    except Unavailable as error:
        return "pinecone", False, clean(error.what), "check vision.pinecone; PostgreSQL answers meanwhile"
    wanted = SHAPE_DIM + COLOUR_DIM
    says = f"answers; vectors of {dim}" + (f", {metric}" if metric else "")
    if config.embedder == "clip":
        from vision.embed_clip import dimension

        wanted = dimension(config.model, config.revision) or dim
    if dim != wanted:
        return "pinecone", False, says, f"it needs an index of dimension {wanted}"
    if metric not in ("", "dotproduct"):
        return "pinecone", False, says, "it needs an index of the metric dotproduct"
    if not dim:
        return "pinecone", False, says, "it needs an index of dense vectors"
    return "pinecone", True, says, ""
