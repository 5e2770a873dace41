"""Which product is in the picture, and how sure are we: exact, similar ones to choose from, or none of ours.

The index finds thirty photos by vector, local features lay each over the picture, and a logistic weighs the evidence.
OpenCV is imported with the first picture, and works off the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import structlog

from kit.db import Pool
from kit.errors import Refused
from kit.media import Store
from vision import work
from vision.feedback import AS_SHIPPED, Learned
from vision.image import Picture, Pixels, open_safe
from vision.index import BUILTIN, Entry, Floats, Found, Index, PgVector
from vision.weigh import Candidate, Match, Product, judge

if TYPE_CHECKING:
    from vision.embed import Builtin
    from vision.lay import Seen
    from vision.view import View

log = structlog.get_logger(__name__)

NEAREST = 30  # of 145 own photos of printed goods the right one is among 20 for 92 %, among 30 for 95 %
_BATCH = 16  # photos a transaction while indexing: a crash loses a second of work
_AT_ONCE = 2  # the threads of vision.work; more would make a shopper's picture wait longer than for one photo


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What is looked for in a picture, or in a part of a collage: a vector and the points of each view.

    `mirrored` makes the look that the whole has in a mirror.
    """

    vectors: list[Floats]
    views: list[Seen]
    mirrored: Callable[[], Look]


async def find(index: Index, shop_id: str, picture: Picture, learned: Learned = AS_SHIPPED) -> Match:
    """What the shop sells that `picture` shows. About 0.2 s, off the event loop.

    A collage is also looked at part by part: where at least two parts show goods for sure, those are the answer, as
    `similar`. What is not known for sure is looked at in the mirror too, as a phone held at arm's length takes it.
    `learned`: what the shop's people taught (`vision.feedback.learned`).
    """
    model, looks = await work.run(_look, picture.array)
    whole, *parts = [await _answer(index, shop_id, model, look, learned) for look in looks]
    sure = {part.candidates[0].sku: part.candidates[0] for part in parts if part.verdict == "exact"}
    if len(sure) > 1:
        return Match("similar", tuple(sure.values()))
    if whole.verdict != "exact":
        turned = await _answer(index, shop_id, model, await work.run(looks[0].mirrored), learned)
        return turned if turned.verdict == "exact" else whole
    return whole


async def _answer(index: Index, shop_id: str, model: str, look: Look, learned: Learned) -> Match:
    found = await index.search(shop_id, model, look.vectors, NEAREST)
    stored = await index.features(shop_id, model, found) if found else {}
    return judge(await work.run(_compare, look.views, found, stored), learned)


@cache
def _embedder() -> Builtin:
    from vision.embed import Builtin

    return Builtin()


def _look(array: Pixels) -> tuple[str, list[Look]]:
    """The embedder's name and what to look for: in the whole, then in each part of a collage."""
    from vision.view import parts, view, views

    return _embedder().name, [_look_at(group) for group in [views(array), *([view(part)] for part in parts(array))]]


def _look_at(group: list[View]) -> Look:
    from vision.lay import seen
    from vision.local import describe
    from vision.view import mirrored

    embedder = _embedder()
    codes = [embedder.codes(one) for one in group]
    views = [seen(one, describe(one, code)) for one, code in zip(group, codes, strict=True)]
    return Look([embedder.embed(one) for one in group], views, lambda: _look_at([mirrored(group[0])]))


def _compare(views: Sequence[Seen], found: Sequence[Found], stored: Mapping[tuple[str, str], bytes]) -> list[Product]:
    """Evidence by product, over all its photos that were found and all views."""
    from vision.lay import compare
    from vision.local import Local

    products: dict[str, Product] = {}
    for photo in found:
        features = stored.get((photo.sku, photo.photo))
        if features is None:
            continue
        local = Local.unpack(features)
        tried = [compare(view, local) for view in views]
        before = products.get(photo.sku)
        best = max([*tried, *([before.best] if before else [])], key=lambda one: (one.inliers + one.close, one.agrees))
        whole = min([one.whole for one in tried] + ([before.whole] if before else []))
        alike = max(photo.alike, before.alike if before else -1.0)
        products[photo.sku] = Product(photo.sku, alike, best, whole)
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
        batch, entries = waiting[start : start + _BATCH], list[Entry]()
        for i in range(0, len(batch), _AT_ONCE):
            pair = await asyncio.gather(*(_entry(media, sku, photo) for sku, photo in batch[i : i + _AT_ONCE]))
            entries += [entry for entry in pair if entry]
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
    return Entry(sku, photo, *_describe_photo(open_safe(media.read(photo)).array))


def _describe_photo(array: Pixels) -> tuple[Floats, bytes]:
    """A shop's photo as the index keeps it: vector and local features."""
    from vision.local import describe
    from vision.view import view

    embedder, seen = _embedder(), view(array)
    return embedder.embed(seen), describe(seen, embedder.codes(seen)).pack()


__all__ = ["NEAREST", "Candidate", "Match", "find", "index_photos", "judge"]
