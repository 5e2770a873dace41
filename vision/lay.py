"""Does a picture show what a stored photo shows? One is laid over the other, and what fits is counted.

What comes out is evidence, not a verdict: `vision.weigh` weighs it. A pair of points that look alike says by itself how
the photo lies in the picture, since place, size and turn of a point are known: the pair that most others agree with
wins. Random sampling would need hundreds of tries where one pair in ten is right, as in a shopper's own photo.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.image import Pixels
from vision.local import THUMB, Local
from vision.view import View

Floats: TypeAlias = NDArray[np.float32]

_COSINE = 0.5  # cosine of two codes that may show the same spot
_MOST_PAIRS = 200  # the strongest: 200 x 200 agreements are counted in 0.4 ms
_NEAR, _BENT = (
    0.06,
    0.036,
)  # of the diagonal: cloth bends, so pairs agree within 6 %, and fit the refined map within 3.6 %
_EXACT_PX = 4.0  # of a 512 px view: a copy of the photo fits like this, the same thing photographed again does not
_OCTAVES, _RADIANS = 0.55, 0.6  # how far sizes and turns of agreeing pairs may differ
_STIFF = 1e-3 * np.eye(2)  # points in a row bear no affine map: it gives way instead of breaking
_FACING = np.cos(_RADIANS)
_CAST = 24.0  # Lab units (0..255) that another light may move all colours
_SAME = 12.0  # Lab units within which two pixels agree
_AROUND = np.ones((3, 3), np.uint8)  # a pixel around the hull of the points is looked at, too
_TINY = 12  # side of the thumbnails that are compared unaligned


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a view lies on a stored photo.

    `inliers`: points that one map explains; `close`: within 4 px. `share`: of those that could have been, 0..1. Laid
    over each other, in Lab (0..255), where these points lie: `colour` the mean distance after the light's cast, `tint`
    and `light` the cast. Wherever both overlap: `agrees` the part of the pixels that do, `raw` the mean distance,
    `form` and `tones` how alike lights and colours run, 0..1. `whole`: mean distance of the two thumbnails, as if one
    were a copy.
    """

    inliers: int = 0
    close: int = 0
    share: float = 0.0
    colour: float = 60.0
    tint: float = 48.0
    light: float = 24.0
    agrees: float = 0.0
    raw: float = 60.0
    form: float = 0.0
    tones: float = 0.0
    whole: float = 60.0


@dataclass(eq=False)
class Seen:
    """A view of a shopper's picture, ready to be laid over many photos."""

    local: Local
    lab: Pixels

    @cached_property
    def codes(self) -> Floats:
        """n x 64, unit length."""
        return _unit(self.local.codes)

    @cached_property
    def sheet(self) -> Pixels:
        """Lab, and 255 where there is a picture: laid over another, the rest becomes 0."""
        return np.dstack([self.lab, np.full(self.lab.shape[:2], 255, np.uint8)])

    @cached_property
    def tiny(self) -> NDArray[np.int16]:
        """The thumbnail in the four ways it can be turned: 4 x 12 x 12 x 3."""
        small = _small(self.local.thumb)
        return np.stack([np.rot90(small, turn) for turn in range(4)])


def seen(view: View, local: Local) -> Seen:
    """`view` with its local features."""
    return Seen(local, view.lab)


def compare(here: Seen, stored: Local) -> Evidence:
    """Evidence that `here`, from a shopper's picture, shows what `stored` shows. 0.8 ms of a core."""
    whole = _whole(here, stored)
    a, b = _pairs(here.codes, stored.codes)
    if len(a) < 3:
        return Evidence(whole=whole)
    p, q = here.local.places[a], stored.places[b]
    diagonal = float(np.hypot(*stored.shape))
    lay, off = _laid(p, q, _agreeing(here.local, stored, a, b, _NEAR * diagonal), _BENT * diagonal)
    if lay is None:
        return Evidence(whole=whole)
    good = off < _BENT * diagonal
    inliers = int(good.sum())
    return Evidence(
        inliers=inliers,
        close=int((off < _EXACT_PX).sum()),
        share=min(1.0, inliers / max(20, min(len(here.codes), len(stored.codes)))),
        whole=whole,
        **_looks(here, stored, lay, q[good]),
    )


def _unit(codes: NDArray[np.int8]) -> Floats:
    return codes.astype(np.float32) / np.float32(127)


def _small(thumb: Pixels) -> NDArray[np.int16]:
    return cv2.resize(thumb, (_TINY, _TINY), interpolation=cv2.INTER_AREA).astype(np.int16)


def _whole(here: Seen, stored: Local) -> float:
    apart = np.abs(here.tiny - _small(stored.thumb)).reshape(4, -1)
    return float(apart.sum(axis=1).min() / apart.shape[1])


def _pairs(here: Floats, stored: NDArray[np.int8]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Indices of points of both that are each other's best match; the strongest points first.

    The best need not beat the second: dots and checks repeat, and the pairs that are wrong agree with no other.
    """
    if len(here) < 4 or len(stored) < 4:
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    alike = here @ _unit(stored).T
    rows, best = np.arange(len(here)), alike.argmax(axis=1)
    most = alike[rows, best]
    chosen = np.flatnonzero((most >= alike.max(axis=0)[best]) & (most > _COSINE))[:_MOST_PAIRS]
    return chosen, best[chosen]


def _agreeing(here: Local, stored: Local, a: NDArray[np.intp], b: NDArray[np.intp], within: float) -> NDArray[np.bool_]:
    """The pairs that agree with the pair that most agree with.

    Pair i says that a point z of the view lies at k_i z + c_i, places being complex numbers. Where it puts the others
    is one product of two tables of four numbers a pair, across and down each, and so is the cosine between two turns.
    """
    z, w = here.places[a], stored.places[b]
    zoom = np.log(2) * (stored.sizes[b] - here.sizes[a])
    turn = stored.turns[b] - here.turns[a]
    facing = np.array([np.cos(turn), np.sin(turn)], np.float32)
    (x, y), (u, v), (k, j) = z.T, w.T, facing * np.exp(zoom)
    one = np.ones(len(z), np.float32)
    across = np.array([k, -j, u - (k * x - j * y), one]).T @ np.array([x, y, one, -u])
    down = np.array([j, k, v - (k * y + j * x), one]).T @ np.array([x, y, one, -v])
    across *= across
    down *= down
    across += down
    agrees = across < within * within
    agrees &= facing.T @ facing > _FACING
    agrees &= np.abs(zoom[:, None] - zoom) < _OCTAVES
    found: NDArray[np.bool_] = agrees[int((agrees.view(np.int8) @ one).argmax())]
    return found


def _laid(p: Floats, q: Floats, good: NDArray[np.bool_], within: float) -> tuple[NDArray[Any] | None, Floats]:
    """The map (2 x 3) that takes the good `p` to `q`, fitted twice, and how far it misses each; None: there is none."""
    lay, off = None, np.full(len(p), np.inf, np.float32)
    for _ in range(2):
        if good.sum() < 3:
            break
        found = _affine(p[good], q[good]) if good.sum() >= 6 else _similar(p[good], q[good])
        if not _sane(found):
            break
        lay = found
        off = np.hypot(*(p @ lay[:, :2].T + lay[:, 2] - q).T).astype(np.float32)
        good = off < within
    return lay, off


def _affine(p: Floats, q: Floats) -> NDArray[Any]:
    around, to = p.mean(axis=0), q.mean(axis=0)
    a, b = p - around, q - to
    linear = np.linalg.solve(a.T @ a + _STIFF, a.T @ b).T
    return np.column_stack([linear, to - linear @ around])


def _similar(p: Floats, q: Floats) -> NDArray[Any]:
    """Zoom, turn and shift alone: fewer than six pairs do not bear more."""
    around, to = p.mean(axis=0), q.mean(axis=0)
    a, b = p - around, q - to
    size = max(float((a**2).sum()), 1e-6)
    along, across = float((a * b).sum()) / size, float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / size
    linear = np.array([[along, -across], [across, along]])
    return np.column_stack([linear, to - linear @ around])


def _sane(lay: NDArray[Any]) -> bool:
    """Whether an affine map could be a camera's: no mirror, no squash to a third, no 8-fold zoom."""
    a, b, c, d = (float(lay[i, j]) for i in (0, 1) for j in (0, 1))
    area, size = a * d - b * c, a * a + b * b + c * c + d * d
    if area <= 0:
        return False
    wide = (size / 2 + max(0.0, size * size / 4 - area * area) ** 0.5) ** 0.5  # the larger singular value
    narrow = area / wide
    return bool(wide < 8 and narrow > 0.125 and wide / narrow < 3)


def _looks(here: Seen, stored: Local, lay: NDArray[Any], points: Floats) -> dict[str, float]:
    """The numbers of `Evidence` that need the pictures laid over each other, on the stored photo's thumbnail."""
    (height, width), small = here.local.shape, here.sheet
    shrink = np.array([THUMB / stored.shape[1], THUMB / stored.shape[0]])
    over = lay * shrink[:, None] * (width / small.shape[1], height / small.shape[0], 1.0)
    moved = np.asarray(cv2.warpAffine(small, over, (THUMB, THUMB), flags=cv2.INTER_LINEAR), np.uint8)
    inside, found = moved[..., 3] > 250, dict[str, float]()
    if (shown := int(np.count_nonzero(inside))) >= 20:
        a, b = _planes(moved, inside), _planes(stored.thumb, inside)
        apart = b - a
        off = np.abs(apart - _cast(apart)).max(axis=0)
        found["agrees"] = float((off < _SAME).mean()) * min(1.0, 2 * shown / inside.size)
        found["raw"] = float(np.abs(apart).mean())
        lights, red, blue = _alike(a, b)
        found["form"], found["tones"] = max(0.0, lights), max(0.0, (red + blue) / 2)
    if len(points) < 4:
        return found
    mask = np.zeros((THUMB, THUMB), np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull((points * shrink).astype(np.int32)), 1)
    hull = cv2.dilate(mask, _AROUND).view(np.bool_) & inside
    if np.count_nonzero(hull) >= 8:
        apart = _planes(stored.thumb, hull) - _planes(moved, hull)
        cast = _cast(apart)
        found["colour"] = float(np.abs(apart - cast).mean())
        light, red, blue = (abs(float(one)) for one in cast[:, 0])
        found["light"], found["tint"] = light, red + blue
    return found


def _planes(lab: Pixels, where: NDArray[np.bool_]) -> Floats:
    """L, a and b of these pixels: 3 x n, for numpy is five times as slow along an axis of three."""
    return np.asarray(lab[where].T[:3], np.float32, order="C")


def _cast(apart: Floats) -> Floats:
    """What the light seems to have added to each channel, within reason: 3 x 1."""
    ranked, count = np.sort(apart), apart.shape[1]  # numpy's own median takes three times as long
    middle = (ranked[:, (count - 1) // 2] + ranked[:, count // 2]) / 2
    return np.asarray(middle.clip(-_CAST, _CAST)[:, None], np.float32)


def _alike(a: Floats, b: Floats) -> list[float]:
    """Correlation of the pixels of each channel; 0 where one is flat."""
    a, b = a - a.mean(axis=1, keepdims=True), b - b.mean(axis=1, keepdims=True)
    sizes = np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    both = (a * b).sum(axis=1)
    return [float(one / size) if size > 1e-3 * a.shape[1] else 0.0 for one, size in zip(both, sizes, strict=True)]


__all__ = ["Evidence", "Seen", "compare", "seen"]
