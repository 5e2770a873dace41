"""Which product is in the picture, and how sure are we: exact, similar ones to choose from, or none of ours.

The index finds thirty photos by vector, local features lay each over the picture, and a logistic weighs the evidence.
OpenCV is imported with the first picture, and works off the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from kit.errors import Unavailable
from vision import work
from vision.feedback import AS_SHIPPED, Learned
from vision.image import Picture, Pixels
from vision.index import Floats, Found, Index, best
from vision.weigh import SHOWN, Candidate, Match, Product, judge

if TYPE_CHECKING:
    from vision.embed import Builtin
    from vision.embed_clip import Clip
    from vision.lay import Evidence, Seen
    from vision.view import View

Begun: TypeAlias = "asyncio.Future[tuple[Floats, Seen]]"
NEAREST = 30  # of 145 own photos of printed goods the right one is among 20 for 92 %, among 30 for 95 %
MIRRORED = 20  # of 57 own photos 20 are exact with 20 photos laid over them, 19 with 30, 18 with 15
PROPOSED = 20  # by a learned model, beside them; each costs 0.6 ms a view
# how alike the nearest photo is where the whole will be sure: in 100,000 photos 30 of 40 sure pictures reach it, one of
# 68 others does. Below it the photos inside a screenshot are described while the whole is laid over photos
LIKELY = 0.6


@dataclass(slots=True, eq=False)
class Look:
    """What was seen so far of a picture or of a part of a collage: a vector and the points of each view.

    `near`: the nearest stored photos; `proposed`: others that a learned model finds alike; `stored`: the local features
    of both. `laid`: how the views lie on photos, by view and photo, so that nothing is laid twice.
    """

    vectors: list[Floats] = field(default_factory=list)
    views: list[Seen] = field(default_factory=list)
    near: list[Found] = field(default_factory=list)
    proposed: list[tuple[str, str]] = field(default_factory=list)
    stored: dict[tuple[str, str], bytes] = field(default_factory=dict)
    laid: dict[tuple[int, str, str], Evidence] = field(default_factory=dict)

    def add(self, vector: Floats, seen: Seen) -> None:
        """One more view."""
        self.vectors.append(vector)
        self.views.append(seen)

    def products(self, found: Sequence[Found]) -> list[Product]:
        """Evidence by product, over all its photos that were found and all views. Blocks for 0.5 ms each."""
        products: dict[str, Product] = {}
        for photo in found:
            features = self.stored.get((photo.sku, photo.photo))
            if features is None:
                continue
            tried = self._lay(photo, features)
            before = products.get(photo.sku)
            shown = [*tried, *([before.best] if before else [])]
            fits = max(shown, key=lambda one: (one.inliers + one.close, one.agrees))
            whole = min([one.whole for one in tried] + ([before.whole] if before else []))
            alike = max(photo.alike, before.alike if before else -1.0)
            products[photo.sku] = Product(photo.sku, alike, fits, whole)
        return list(products.values())

    def _lay(self, photo: Found, features: bytes) -> list[Evidence]:
        from vision.lay import compare
        from vision.local import Local

        tried: list[Evidence] = []
        local = Local.unpack(features)
        for number, view in enumerate(self.views):
            key = number, photo.sku, photo.photo
            if key not in self.laid:
                self.laid[key] = compare(view, local)
            tried.append(self.laid[key])
        return tried


async def find(
    index: Index, shop_id: str, picture: Picture, learned: Learned = AS_SHIPPED, eye: Clip | None = None
) -> Match:
    """What the shop sells that `picture` shows. About 0.1 s, off the event loop; 0.3 s where nothing is sure.

    The whole picture comes first: of 80 screenshots it is enough for 75. What it does not show for sure is looked for
    in the photos inside a screenshot, and in the mirror, as a phone held at arm's length takes it; these are searched
    at once, so `index` must bear several questions at a time. Where the nearest photo is not `LIKELY`, what is inside
    is described before that is known. A collage is also looked at part by part: where at least two parts show goods for
    sure, those are the answer, as `similar`.
    `learned`: what the shop's people taught (`vision.feedback.learned`). `eye`: a learned model that proposes more
    photos to be laid over the picture; whether they fit is judged as for all others.
    """
    model, whole = await work.run(_opened, picture.array)
    shop, look = _Shop(index, shop_id, model, learned, eye), Look()
    first, look.proposed, (inside, parts) = await asyncio.gather(
        shop.searched(work.start(described, whole)), shop.proposed([whole]), work.run(_parted, picture.array)
    )
    apart = [shop.answer(Look(), [work.start(described, part)]) for part in parts]
    sure_soon = bool(first.near) and first.near[0].alike >= LIKELY
    ahead = [] if sure_soon else [work.start(described, one) for one in inside]
    try:
        match, *each = await asyncio.gather(shop.judged(look, [first]), *apart)
        sure = {part.candidates[0].sku: part.candidates[0] for part in each if part.verdict == "exact"}
        if len(sure) > 1:
            return Match("similar", tuple(sure.values()), several=True)
        if match.verdict == "exact":
            return match
        mirror = work.start(_mirrored, whole)
        begun = ahead or [work.start(described, one) for one in inside]
        match, turned = await asyncio.gather(
            shop.answer(look, begun, inside), shop.answer(Look(), [mirror], limit=MIRRORED)
        )
        return turned if turned.verdict == "exact" and match.verdict != "exact" else match
    finally:
        for one in ahead:  # those that nobody waits for any more; what has begun ends by itself
            one.cancel()


class _Sight(NamedTuple):
    """A view that was described and searched."""

    vector: Floats
    seen: Seen
    near: list[Found]


@dataclass(frozen=True, slots=True)
class _Shop:
    """Whom a picture is asked about, and by which means."""

    index: Index
    shop_id: str
    model: str
    learned: Learned
    eye: Clip | None

    async def searched(self, begun: Begun, limit: int = NEAREST) -> _Sight:
        """A view with the `limit` photos nearest to it, as soon as it is described."""
        vector, seen = await begun
        return _Sight(vector, seen, await self.index.search(self.shop_id, self.model, [vector], limit))

    async def answer(
        self, look: Look, begun: Sequence[Begun], views: Sequence[View] = (), limit: int = NEAREST
    ) -> Match:
        """What `look` shows with the views that are being described; the learned model is asked about `views`."""
        searched = asyncio.gather(*(self.searched(one, limit) for one in begun))
        proposed, sights = await asyncio.gather(self.proposed(views), searched)
        look.proposed += proposed
        return await self.judged(look, sights)

    async def judged(self, look: Look, sights: Sequence[_Sight]) -> Match:
        """What `look` shows with these views added."""
        for vector, seen, near in sights:
            look.add(vector, seen)
            look.near = best([*look.near, *near], NEAREST)
        named = {(one.sku, one.photo) for one in look.near}
        others = [one for one in dict.fromkeys(look.proposed) if one not in named]
        found = look.near + await self.index.alike(self.shop_id, self.model, look.vectors, others)
        new = [one for one in found if (one.sku, one.photo) not in look.stored]
        look.stored |= await self.index.features(self.shop_id, self.model, new) if new else {}
        match = judge(await work.run(look.products, found), self.learned)
        if match.verdict != "none":
            return match
        # the built-in vector knows prints and colours, not kinds: it named those of 7 in 19 strange pictures wrongly
        return replace(match, nearest=tuple(dict.fromkeys(sku for sku, _ in look.proposed))[:SHOWN])

    async def proposed(self, views: Sequence[View]) -> list[tuple[str, str]]:
        """(sku, photo) that the learned model finds alike; [] while it does not run or is busy: it only helps."""
        from vision.embed_clip import WAIT_S

        if not self.eye or not views:
            return []
        eye = self.eye
        try:
            model, made = await work.learned(lambda: (eye.name(), eye.images([one.array for one in views])), WAIT_S)
        except Unavailable:
            return []
        found = await self.index.search(self.shop_id, model, [one for one in made if one is not None], PROPOSED)
        return [(one.sku, one.photo) for one in found]


@cache
def embedder() -> Builtin:
    """The built-in embedder of this process."""
    from vision.embed import Builtin

    return Builtin()


def _opened(array: Pixels) -> tuple[str, View]:
    """The embedder's name, and the whole."""
    from vision.view import whole

    return embedder().name, whole(array)


def _parted(array: Pixels) -> tuple[list[View], list[View]]:
    """The photos inside a screenshot, and the parts of a collage. 15 ms, while the whole is described."""
    from vision.view import inside, parts, view

    return inside(array), [view(part) for part in parts(array)]


def described(one: View) -> tuple[Floats, Seen]:
    """The vector of a view, and its points ready to be laid over photos. Blocks for 60 ms."""
    from vision.lay import seen
    from vision.local import describe

    own = embedder()
    return own.embed(one), seen(one, describe(one, own.codes(one)))


def _mirrored(one: View) -> tuple[Floats, Seen]:
    """The vector and the points of a view that was described, as a mirror shows it. 3 ms."""
    from vision.view import mirrored

    return described(mirrored(one))


__all__ = ["NEAREST", "Candidate", "Match", "find", "judge"]
