"""Which product is in the picture, and how sure are we: exact, similar ones to choose from, or none of ours.

The index finds twenty photos by vector, local features lay each over the picture, and a logistic weighs the evidence.
OpenCV is imported with the first picture, and works off the event loop.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, log1p
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import structlog

from kit.db import Pool
from kit.errors import Refused
from kit.media import Store
from vision import work
from vision.image import Picture, Pixels, open_safe
from vision.index import BUILTIN, Entry, Floats, Found, Index, PgVector

if TYPE_CHECKING:
    from vision.embed import Builtin
    from vision.local import Evidence, Local

log = structlog.get_logger(__name__)

WEIGHTS = Path(__file__).parent / "data" / "confidence.json"
NEAREST = 20
# on three catalogues that the weights were not fitted on, at 0.5: of 700 pictures of things the shop sells none was
# taken for another thing, of 140 of things like them 1 was taken for ours
EXACT = 0.5
SIMILAR = 0.12  # there: 0 of 110 unrelated pictures reach it, 6 % of things like ours; at 0.08 13 %, for 1 % more found
SHOWN = 5
# what the best of a shop's photos reaches for a picture that shows nothing of it (median): the margin over the next
# candidate is counted from here when there is no better next candidate, or a shop of three products would be sure
_STRANGER_ALIKE, _STRANGER_INLIERS, _STRANGER_WHOLE = 0.42, 4, 16.0
_FIRM = 6  # points: with fewer, where the photo lies in the picture is chance
_BATCH = 16  # photos a transaction while indexing: a crash loses a second of work


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product the picture may show; `confidence` 0..1 that it does."""

    sku: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Match:
    """`exact`: the first candidate is it. `similar`: ask which. `none`: not ours. Candidates best first, at most 5."""

    verdict: Literal["exact", "similar", "none"]
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """All evidence for one product. `alike`: by vector. `whole`: the smallest thumbnail distance over its photos."""

    sku: str
    alike: float
    best: Evidence
    whole: float


async def find(index: Index, shop_id: str, picture: Picture) -> Match:
    """What the shop sells that `picture` shows. About 0.2 s, off the event loop."""
    model, vectors, views = await work.run(_look, picture.array)
    found = await index.search(shop_id, model, vectors, NEAREST)
    stored = await index.features(shop_id, model, found) if found else {}
    seen = await work.run(_compare, views, found, stored)
    return judge(seen)


def judge(seen: Sequence[Seen]) -> Match:
    """The verdict on what was seen."""
    ranked = sorted(confidences(seen).items(), key=lambda one: -one[1])
    candidates = tuple(Candidate(sku, round(p, 4)) for sku, p in ranked if p >= SIMILAR)[:SHOWN]
    if not candidates:
        return Match("none")
    # two products with the same photo are both sure: which of them is meant only the shopper knows
    twins = len(candidates) > 1 and candidates[1].confidence >= EXACT
    return Match("exact" if candidates[0].confidence >= EXACT and not twins else "similar", candidates)


def confidences(seen: Sequence[Seen]) -> dict[str, float]:
    """Confidence by sku."""
    weights = _weights()
    found = {}
    for i, one in enumerate(seen):
        others = [other for j, other in enumerate(seen) if j != i]
        score = sum(weights[name] * value for name, value in signs(one, others).items())
        found[one.sku] = 1 / (1 + exp(-max(-50.0, min(50.0, score))))
    return found


def signs(one: Seen, others: Sequence[Seen]) -> dict[str, float]:
    """The numbers that the logistic weighs: how well `one` fits, and how much better than the next best."""
    firm = one.best.inliers >= _FIRM
    alike = max([other.alike for other in others] + [_STRANGER_ALIKE])
    inliers = max([other.best.inliers for other in others] + [_STRANGER_INLIERS])
    whole = min([other.whole for other in others] + [_STRANGER_WHOLE])
    colour = min([other.best.colour for other in others if other.best.inliers >= _FIRM] + [60.0])
    return {
        "bias": 1.0,
        "log_inl": log1p(one.best.inliers),
        "sqrt_share": one.best.share**0.5,
        "sqrt_spread": one.best.spread**0.5,
        "colour": exp(-one.best.colour / 12) if firm else 0.0,
        "whole": exp(-one.whole / 5),
        "whole2": exp(-one.whole / 2),
        "sim": one.alike,
        "d_sim": _clip(one.alike - alike, 0.3),
        "d_inl": _clip(log1p(one.best.inliers) - log1p(inliers), 2),
        "d_whole": _clip((whole - one.whole) / 5, 2),
        "d_colour": _clip((colour - one.best.colour) / 10, 2) if firm else -1.0,
        "known": float(firm),
    }


def _clip(value: float, most: float) -> float:
    return max(-most, min(most, value))


@cache
def _weights() -> Mapping[str, float]:
    weights: dict[str, float] = json.loads(WEIGHTS.read_text())["weights"]
    return weights


@cache
def _embedder() -> Builtin:
    from vision.embed import Builtin

    return Builtin()


def _look(array: Pixels) -> tuple[str, list[Floats], list[Local]]:
    """The embedder's name, a vector and the local features of each view of a shopper's picture."""
    from vision.local import describe
    from vision.view import views

    embedder, seen = _embedder(), views(array)
    return embedder.name, [embedder.embed(one) for one in seen], [describe(one, embedder.codes(one)) for one in seen]


def _compare(views: Sequence[Local], found: Sequence[Found], stored: Mapping[tuple[str, str], bytes]) -> list[Seen]:
    """Evidence by product, over all its photos that were found and all views."""
    from vision.local import Local, compare

    products: dict[str, Seen] = {}
    for photo in found:
        features = stored.get((photo.sku, photo.photo))
        if features is None:
            continue
        tried = [compare(view, Local.unpack(features)) for view in views]
        best = max(tried, key=lambda one: (one.inliers, -one.whole))
        before = products.get(photo.sku)
        if before is not None and before.best.inliers >= best.inliers:
            best = before.best
        whole = min([one.whole for one in tried] + ([before.whole] if before else []))
        alike = max(photo.alike, before.alike if before else -1.0)
        products[photo.sku] = Seen(photo.sku, alike, best, whole)
    return list(products.values())


async def index_photos(
    pool: Pool, media: Store, shop_id: str, index: Index | None = None, seen: dict[str, int] | None = None
) -> int:
    """Make the shop's photos findable; how many became so. Two at once only do the work twice.

    `seen`, kept by who calls again and again, holds for each shop the version that is done: looking through 20,000
    photos takes 90 ms, asking for the version nothing. A shop that waits for a file is looked through each time.
    """
    index = index or PgVector(pool)
    model = BUILTIN
    version = await pool.fetchval("SELECT version FROM profiles WHERE shop_id = $1", shop_id)
    if seen is not None and version is not None and seen.get(shop_id) == version:
        return 0
    await index.tidy(shop_id, model)
    waiting = await index.waiting(shop_id, model)
    done = kept = 0
    for start in range(0, len(waiting), _BATCH):
        entries = [
            entry for sku, photo in waiting[start : start + _BATCH] if (entry := await _entry(media, sku, photo))
        ]
        await index.put(shop_id, model, entries)
        kept += len(entries)
        done += sum(entry.features is not None for entry in entries)
    if seen is not None and version is not None and kept == len(waiting):
        seen[shop_id] = version
    return done


async def _entry(media: Store, sku: str, photo: str) -> Entry | None:
    """One photo, described, or marked as one that does not open; None when its file is gone."""
    try:
        return await work.run(_describe, media, sku, photo)
    except Refused as damaged:
        _warn(sku, photo, damaged.key)
        return Entry(sku, photo, np.zeros(1, np.float32), None)
    except FileNotFoundError as missing:
        _warn(sku, photo, str(missing))
        return None


@cache
def _warn(sku: str, photo: str, why: str) -> None:
    """Once a process: it is tried again every few seconds, a photo may still come."""
    log.warning("photo_cannot_be_indexed", sku=sku, photo=photo, why=why)


def _describe(media: Store, sku: str, photo: str) -> Entry:
    from vision.local import describe
    from vision.view import view

    embedder, seen = _embedder(), view(open_safe(media.read(photo)).array)
    return Entry(sku, photo, embedder.embed(seen), describe(seen, embedder.codes(seen)).pack())
