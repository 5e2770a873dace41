"""A shop's photos become findable: each is described once for each model, also when it is broken off anywhere.

The built-in descriptor is always there. A learned model is laid beside it: while its vectors are being made, and after
a change of model, the built-in ones answer, and those of the former model stay until all of the new one are there.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import structlog

from kit.db import Pool
from kit.errors import Refused, Unavailable
from kit.media import Store
from vision import texts, work
from vision.image import Pixels, open_safe
from vision.index import BUILTIN, Entry, Floats, Index, PgVector
from vision.match import embedder

if TYPE_CHECKING:
    from vision.embed_clip import Clip

log = structlog.get_logger(__name__)

_BATCH = 16  # photos a transaction: a crash loses a second of work
_AT_ONCE = 2  # the threads of vision.work; more would make a shopper's picture wait longer than for one photo
_LEARNED_AT_ONCE = 4  # photos, about a second of the model: a shopper's question comes between them
_MANY = (
    200  # photos: after so many PostgreSQL counts the rows at once, or its plans are those of empty tables for a minute
)

_SLICE_S = 20.0  # of the learned model for a shop, then it is another one's turn
_ROUND_S = 120.0  # of it for all, then new photos of every shop get their built-in vectors first

Told = Callable[[int, int], None]  # hears how many photos are done, of how many

_MODELS = "SELECT DISTINCT model FROM photo_vectors WHERE shop_id = $1"


async def index_photos(
    pool: Pool,
    media: Store,
    shop_id: str,
    index: Index | None = None,
    seen: dict[str, int] | None = None,
    eye: Clip | None = None,
    told: Told = lambda _done, _of: None,
    slice_s: float = math.inf,
) -> int:
    """Make the shop's photos findable; how many became so by the built-in descriptor. Two at once do the work twice.

    `eye`: the learned model that is to know them too, for about `slice_s` seconds; with 0 it is left alone. `seen`,
    kept by who calls again and again, holds for each shop the version that is done: looking through 20,000 photos
    takes 90 ms, asking for the version nothing. A shop that waits for a file, a model or a copy elsewhere is looked
    through each time.
    """
    index = index or PgVector(pool)
    version = await pool.fetchval("SELECT version FROM profiles WHERE shop_id = $1", shop_id)
    if seen is not None and version is not None and seen.get(shop_id) == version:
        return 0
    await index.tidy(shop_id, await _kept(pool, shop_id, eye))
    done, whole = await _described(media, index, shop_id, told)
    if eye is None:
        await texts.tidy(pool, shop_id, [])
    else:
        whole = slice_s > 0 and await _learned(pool, media, index, shop_id, eye, told, slice_s) and whole
    if done >= _MANY:
        await pool.execute("ANALYZE products, photo_vectors")
    whole = await index.settle(shop_id, BUILTIN) and whole
    if seen is not None and version is not None and whole:
        seen[shop_id] = version
    return done


async def index_shops(
    pool: Pool, media: Store, shop_ids: Sequence[str], index: Index, seen: dict[str, int], eye: Clip | None
) -> None:
    """One round of the background: built-in vectors of all shops, then the learned model's, a slice for each shop.

    After two minutes of the model the round is over, though shops wait; the next one takes them up. `seen`: as above.
    """
    for shop_id in shop_ids:
        await index_photos(pool, media, shop_id, index, seen, eye, slice_s=0.0 if eye else math.inf)
    ends = time.monotonic() + _ROUND_S
    for shop_id in shop_ids if eye else ():
        if time.monotonic() >= ends:
            return
        await index_photos(pool, media, shop_id, index, seen, eye, slice_s=_SLICE_S)


async def _kept(pool: Pool, shop_id: str, eye: Clip | None) -> list[str]:
    """The models whose vectors stay for now: learned ones until `_learned` is through with its own."""
    if eye is None:
        return [BUILTIN]
    models = [row["model"] for row in await pool.fetch(_MODELS, shop_id)]
    return [BUILTIN, *(one for one in models if not one.startswith("builtin-"))]


async def _described(media: Store, index: Index, shop_id: str, told: Told) -> tuple[int, bool]:
    """How many photos were described, and whether none waits any more."""
    waiting = await index.waiting(shop_id, BUILTIN)
    done = kept = 0
    for start in range(0, len(waiting), _BATCH):
        batch, entries = waiting[start : start + _BATCH], list[Entry]()
        for i in range(0, len(batch), _AT_ONCE):
            pair = await asyncio.gather(*(_entry(media, sku, photo) for sku, photo in batch[i : i + _AT_ONCE]))
            entries += [entry for entry in pair if entry]
        await index.put(shop_id, BUILTIN, entries)
        kept += len(entries)
        done += sum(entry.features is not None for entry in entries)
        told(start + len(batch), len(waiting))
    return done, kept == len(waiting)


async def _learned(pool: Pool, media: Store, index: Index, shop_id: str, eye: Clip, told: Told, slice_s: float) -> bool:
    """Vectors of the learned model for photos and words; whether all are there. Then those of other models go."""
    try:
        model = await work.learned(eye.name, None if slice_s == math.inf else slice_s)  # loading goes on meanwhile
        ends = time.monotonic() + slice_s
        waiting = await index.waiting(shop_id, model)
        kept = 0
        for start in range(0, len(waiting), _BATCH):
            batch = waiting[start : start + _BATCH]
            entries = list[Entry]()
            for i in range(0, len(batch), _LEARNED_AT_ONCE):
                entries += await _learned_entries(media, eye, batch[i : i + _LEARNED_AT_ONCE])
            await index.put(shop_id, model, entries)
            kept += len(entries)
            told(start + len(batch), len(waiting))
            if time.monotonic() >= ends and start + len(batch) < len(waiting):
                return False
        await texts.index_texts(pool, shop_id, eye, ends)
        if time.monotonic() >= ends:
            return False  # words may be left
    except Unavailable:
        return False  # it is logged where it failed; tried again with the next round
    if kept < len(waiting):
        return False
    await index.tidy(shop_id, [BUILTIN, model])
    await texts.tidy(pool, shop_id, [model])
    return await index.settle(shop_id, model)


async def _learned_entries(media: Store, eye: Clip, photos: Sequence[tuple[str, str]]) -> list[Entry]:
    """As the learned model sees them; one that does not open or that it cannot read is marked, one gone is left out."""
    entries, arrays = list[Entry](), list[Pixels]()
    readable = list[tuple[str, str]]()
    for sku, photo in photos:
        try:
            arrays.append((await work.run(lambda name: open_safe(media.read(name)), photo)).array)
            readable.append((sku, photo))
        except Refused as damaged:
            entries.append(_damaged(sku, photo, damaged.key))
        except FileNotFoundError as missing:
            _warn(sku, photo, str(missing))
    made = await work.learned(lambda: eye.images(arrays)) if arrays else []
    for (sku, photo), one in zip(readable, made, strict=True):
        entries.append(_damaged(sku, photo, "vision.model") if one is None else Entry(sku, photo, one, b""))
    return entries


def _damaged(sku: str, photo: str, why: str) -> Entry:
    """The mark of a photo that is not tried again and found by nobody."""
    _warn(sku, photo, why)
    return Entry(sku, photo, np.zeros(1, np.float32), None)


async def _entry(media: Store, sku: str, photo: str) -> Entry | None:
    """One photo, described, or marked as one that does not open; None when its file is gone."""
    try:
        return await work.run(describe_file, media, sku, photo)
    except Refused as damaged:
        return _damaged(sku, photo, damaged.key)
    except FileNotFoundError as missing:
        _warn(sku, photo, str(missing))
        return None


@cache
def _warn(sku: str, photo: str, why: str) -> None:
    """Once a process: it is tried again every few seconds, a photo may still come."""
    log.warning("photo_cannot_be_indexed", sku=sku, photo=photo, why=why)


def describe_file(media: Store, sku: str, photo: str) -> Entry:
    """A photo of the store as the index keeps it. Raises Refused, FileNotFoundError."""
    return Entry(sku, photo, *describe_photo(open_safe(media.read(photo)).array))


def describe_photo(array: Pixels) -> tuple[Floats, bytes]:
    """A shop's photo as the index keeps it: vector and local features."""
    from vision.local import describe
    from vision.view import view

    eye, seen = embedder(), view(array)
    return eye.embed(seen), describe(seen, eye.codes(seen)).pack()
