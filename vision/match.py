"""Which product is in the picture, and how sure are we: exact, similar ones to choose from, or none of ours.

The index finds thirty photos by vector, local features lay each over the picture, and a logistic weighs the evidence.
OpenCV is imported with the first picture, and works off the event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from kit.errors import Unavailable
from vision import work
from vision.feedback import AS_SHIPPED, Learned
from vision.image import Picture, Pixels
from vision.index import Floats, Found, Index
from vision.weigh import SHOWN, Candidate, Match, Product, judge

if TYPE_CHECKING:
    from vision.embed import Builtin
    from vision.embed_clip import Clip
    from vision.lay import Seen
    from vision.view import View

NEAREST = 30  # of 145 own photos of printed goods the right one is among 20 for 92 %, among 30 for 95 %
PROPOSED = 20  # by a learned model, beside them; each costs 0.6 ms a view


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What is looked for in a picture, or in a part of a collage: a vector and the points of each view.

    `arrays`: the views themselves. `mirrored` makes the look that the whole has in a mirror.
    """

    vectors: list[Floats]
    views: list[Seen]
    arrays: list[Pixels]
    mirrored: Callable[[], Look]


async def find(
    index: Index, shop_id: str, picture: Picture, learned: Learned = AS_SHIPPED, eye: Clip | None = None
) -> Match:
    """What the shop sells that `picture` shows. About 0.2 s, off the event loop.

    A collage is also looked at part by part: where at least two parts show goods for sure, those are the answer, as
    `similar`. What is not known for sure is looked at in the mirror too, as a phone held at arm's length takes it.
    `learned`: what the shop's people taught (`vision.feedback.learned`). `eye`: a learned model that proposes more
    photos to be laid over the picture; whether they fit is judged as for all others.
    """
    model, looks = await work.run(_look, picture.array)
    proposed = await _proposed(index, shop_id, looks[0], eye) if eye else []
    whole = await _answer(index, shop_id, model, looks[0], learned, proposed)
    parts = [await _answer(index, shop_id, model, look, learned) for look in looks[1:]]
    sure = {part.candidates[0].sku: part.candidates[0] for part in parts if part.verdict == "exact"}
    if len(sure) > 1:
        return Match("similar", tuple(sure.values()), several=True)
    if whole.verdict != "exact":
        turned = await _answer(index, shop_id, model, await work.run(looks[0].mirrored), learned)
        return turned if turned.verdict == "exact" else whole
    return whole


async def _answer(
    index: Index,
    shop_id: str,
    model: str,
    look: Look,
    learned: Learned,
    proposed: Sequence[tuple[str, str]] = (),
) -> Match:
    found = await index.search(shop_id, model, look.vectors, NEAREST)
    named = {(one.sku, one.photo) for one in found}
    found += await index.alike(shop_id, model, look.vectors, [one for one in proposed if one not in named])
    stored = await index.features(shop_id, model, found) if found else {}
    match = judge(await work.run(_compare, look.views, found, stored), learned)
    if match.verdict != "none":
        return match
    # the built-in vector knows prints and colours, not kinds: of 19 strange pictures it named the kind wrongly for 7
    return replace(match, nearest=tuple(dict.fromkeys(sku for sku, _ in proposed))[:SHOWN])


async def _proposed(index: Index, shop_id: str, look: Look, eye: Clip) -> list[tuple[str, str]]:
    """(sku, photo) that the learned model finds alike; [] while it does not run or is busy: it only helps."""
    from vision.embed_clip import WAIT_S

    try:
        model, made = await work.learned(lambda: (eye.name(), eye.images(look.arrays)), WAIT_S)
    except Unavailable:
        return []
    found = await index.search(shop_id, model, [one for one in made if one is not None], PROPOSED)
    return [(one.sku, one.photo) for one in found]


@cache
def embedder() -> Builtin:
    """The built-in embedder of this process."""
    from vision.embed import Builtin

    return Builtin()


def _look(array: Pixels) -> tuple[str, list[Look]]:
    """The embedder's name and what to look for: in the whole, then in each part of a collage."""
    from vision.view import parts, view, views

    return embedder().name, [_look_at(group) for group in [views(array), *([view(part)] for part in parts(array))]]


def _look_at(group: list[View]) -> Look:
    from vision.lay import seen
    from vision.local import describe
    from vision.view import mirrored

    own = embedder()
    codes = [own.codes(one) for one in group]
    views = [seen(one, describe(one, code)) for one, code in zip(group, codes, strict=True)]
    arrays = [one.array for one in group]
    return Look([own.embed(one) for one in group], views, arrays, lambda: _look_at([mirrored(group[0])]))


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


__all__ = ["NEAREST", "Candidate", "Match", "find", "judge"]
