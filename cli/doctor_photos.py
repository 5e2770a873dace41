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


async def look(config: VisionConfig) -> AsyncIterator[Finding]:
    """Whether the learned model's libraries are here, and whether Pinecone answers with an index that fits."""
    if config.embedder == "clip":
        there = find_spec("sentence_transformers") is not None
        mend = "" if there else "pip install -r requirements-clip.lock, or vision.embedder: builtin"
        yield "photos", there, f"the learned model {config.model}", mend
    if config.index == "pinecone":
        yield await _pinecone(config)


async def _pinecone(config: VisionConfig) -> Finding:
    from vision.embed import COLOUR_DIM, SHAPE_DIM  # numpy and Pinecone's library: not for a shop without
    from vision.index_pinecone import shape

    try:
        dim, metric = await shape(config)
    except Unavailable as error:
        return "pinecone", False, clean(error.what), "check vision.pinecone; PostgreSQL answers meanwhile"
    wanted = SHAPE_DIM + COLOUR_DIM
    says = f"answers; vectors of {dim}" + (f", {metric}" if metric else "")
    if config.embedder == "builtin" and dim != wanted:
        return "pinecone", False, says, f"it needs an index of dimension {wanted}"
    if metric not in ("", "dotproduct"):
        return "pinecone", False, says, "it needs an index of the metric dotproduct"
    if not dim:
        return "pinecone", False, says, "it needs an index of dense vectors"
    return "pinecone", True, says, ""
