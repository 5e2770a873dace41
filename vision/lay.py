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
_CAST = 24.0  # Lab units (0..255) that another light may move all colours
_SAME = 12.0  # Lab units within which two pixels agree
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
    def tiny(self) -> NDArray[np.int16]:
        """The thumbnail in the four ways it can be turned: 4 x 12 x 12 x 3."""
        small = _small(self.local.thumb)
        return np.stack([np.rot90(small, turn) for turn in range(4)])


def seen(view: View, local: Local) -> Seen:
    """`view` with its local features."""
    return Seen(local, view.lab)


def compare(here: Seen, stored: Local) -> Evidence:
    """Evidence that `here`, from a shopper's picture, shows what `stored` shows. About 0.6 ms."""
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
    return float(np.abs(here.tiny - _small(stored.thumb)).mean(axis=(1, 2, 3)).min())


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
    facing = np.column_stack([np.cos(turn), np.sin(turn)]).astype(np.float32)
    k = facing * np.exp(zoom)[:, None]
    c = w - np.column_stack([k[:, 0] * z[:, 0] - k[:, 1] * z[:, 1], k[:, 0] * z[:, 1] + k[:, 1] * z[:, 0]])
    one = np.ones(len(z), np.float32)
    across = np.column_stack([k[:, 0], -k[:, 1], c[:, 0], one]) @ np.stack([z[:, 0], z[:, 1], one, -w[:, 0]])
    down = np.column_stack([k[:, 1], k[:, 0], c[:, 1], one]) @ np.stack([z[:, 0], z[:, 1], one, -w[:, 1]])
    agrees = (across * across + down * down < within * within) & (facing @ facing.T > np.cos(_RADIANS))
    agrees &= np.abs(zoom[:, None] - zoom) < _OCTAVES
    found: NDArray[np.bool_] = agrees[int(agrees.sum(axis=1).argmax())]
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
    linear = np.linalg.solve(a.T @ a + 1e-3 * np.eye(2), a.T @ b).T
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
    (height, width), small = here.local.shape, here.lab
    grow = np.diag([width / small.shape[1], height / small.shape[0], 1.0])
    shrink = np.array([THUMB / stored.shape[1], THUMB / stored.shape[0]])
    over = (np.diag([*shrink, 1.0]) @ np.vstack([lay, [0, 0, 1]]) @ grow)[:2]
    side = (THUMB, THUMB)
    moved = cv2.warpAffine(small, over, side, flags=cv2.INTER_LINEAR).astype(np.float32)
    inside = cv2.warpAffine(np.full(small.shape[:2], 255, np.uint8), over, side, flags=cv2.INTER_LINEAR) > 250
    thumb, found = stored.thumb.astype(np.float32), dict[str, float]()
    if inside.sum() >= 20:
        a, b = moved[inside], thumb[inside]
        agree = np.abs(b - a - _cast(a, b)).max(axis=1) < _SAME
        found["agrees"] = float(agree.mean()) * min(1.0, 2 * float(inside.mean()))
        found["raw"] = float(np.abs(b - a).mean())
        found["form"] = max(0.0, _alike(a[:, 0], b[:, 0]))
        found["tones"] = max(0.0, (_alike(a[:, 1], b[:, 1]) + _alike(a[:, 2], b[:, 2])) / 2)
    if len(points) < 4:
        return found
    mask = np.zeros(side, np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull((points * shrink).astype(np.int32)), 1)
    hull = cv2.dilate(mask, np.ones((3, 3), np.uint8)).astype(bool) & inside
    if hull.sum() >= 8:
        a, b = moved[hull], thumb[hull]
        cast = _cast(a, b)
        found["colour"] = float(np.abs(b - a - cast).mean())
        found["light"], found["tint"] = float(abs(cast[0])), float(abs(cast[1]) + abs(cast[2]))
    return found


def _cast(a: Floats, b: Floats) -> Floats:
    """What the light seems to have added to each channel, within reason."""
    apart = np.sort((b - a).T)  # numpy's own median takes three times as long
    middle = (apart[:, (len(a) - 1) // 2] + apart[:, len(a) // 2]) / 2
    return np.asarray(np.clip(middle, -_CAST, _CAST), np.float32)


def _alike(a: Floats, b: Floats) -> float:
    """Correlation of two lists of pixels; 0 where one is flat."""
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / size if size > 1e-3 * len(a) else 0.0


__all__ = ["Evidence", "Seen", "compare", "seen"]
