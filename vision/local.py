"""Is it really the same thing? The local points and a thumbnail of a stored photo, compared with a view.

The vector finds twenty candidates; here each is laid over the view. What comes out is evidence, not a verdict:
`vision.match` weighs it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.image import Pixels
from vision.view import SIDE, View

Floats: TypeAlias = NDArray[np.float32]

KEPT = 300  # points a photo: 600 verify no better and cost twice the bytes (23 KB a photo as it is)
THUMB = 32
RATIO = 0.85  # the best match must beat the second: at 0.8 repeated prints lose their few true matches
_HEAD = struct.Struct("<BHHH")
_LAYOUT = 1


@dataclass(frozen=True, slots=True, eq=False)
class Local:
    """A photo's points: places (px of its view), int8 codes (x 127), and a Lab thumbnail squeezed to 32 x 32."""

    places: Floats
    codes: NDArray[np.int8]
    size: tuple[int, int]
    thumb: Pixels

    def pack(self) -> bytes:
        """Bytes for the index; `unpack` is the reverse."""
        head = _HEAD.pack(_LAYOUT, len(self.places), *self.size)
        return head + self.places.astype("<u2").tobytes() + self.codes.tobytes() + self.thumb.tobytes()

    @classmethod
    def unpack(cls, data: bytes) -> Local:
        """The Local that `pack` wrote. Raises ValueError for another layout."""
        layout, count, height, width = _HEAD.unpack_from(data)
        if layout != _LAYOUT:
            raise ValueError(f"features of layout {layout}, not {_LAYOUT}: index again")
        at = _HEAD.size
        places = np.frombuffer(data, "<u2", count * 2, at).reshape(count, 2).astype(np.float32)
        codes = np.frombuffer(data, np.int8, count * 64, at + count * 4).reshape(count, 64)
        thumb = np.frombuffer(data, np.uint8, THUMB * THUMB * 3, at + count * 68).reshape(THUMB, THUMB, 3)
        return cls(places, codes, (height, width), thumb)


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a view lies on a stored photo.

    `inliers`: points that one affine map explains; `share`: of the points that could have been explained.
    `spread`: how much of the photo they cover, 0..1. `colour`: mean Lab distance where they lie (0..255; 60: unknown).
    `whole`: mean Lab distance of the two thumbnails, as if one were a copy of the other. `points`: of the stored photo.
    """

    inliers: int
    share: float
    spread: float
    colour: float
    whole: float
    points: int


UNKNOWN_COLOUR = 60.0


def describe(view: View, codes: Floats) -> Local:
    """The view's local features; `codes` are its points in the embedder's 64 dimensions."""
    places, _ = view.points
    small = np.clip(np.rint(codes[:KEPT] * 127), -127, 127).astype(np.int8)
    thumb = cv2.resize(view.lab, (THUMB, THUMB), interpolation=cv2.INTER_AREA)
    return Local(np.rint(places[:KEPT]), small, (view.array.shape[0], view.array.shape[1]), thumb.astype(np.uint8))


def compare(seen: Local, stored: Local) -> Evidence:
    """Evidence that `seen`, from a shopper's picture, shows what `stored` shows."""
    whole = float(np.abs(seen.thumb.astype(np.int16) - stored.thumb).mean())
    pairs = _pairs(seen.codes, stored.codes)
    if len(pairs) >= 4:
        here, there = seen.places[pairs[:, 0]], stored.places[pairs[:, 1]]
        lay, fits = cv2.estimateAffine2D(here, there, method=cv2.RANSAC, ransacReprojThreshold=8.0, maxIters=500)
        if lay is not None and _sane(lay):
            good = fits.ravel().astype(bool)
            inliers = int(good.sum())
            share = inliers / max(20, min(len(seen.codes), len(stored.codes)))
            spread = _spread(there[good], stored.size)
            colour = _colour(seen, stored, lay, there[good]) if inliers >= 4 else UNKNOWN_COLOUR
            return Evidence(inliers, min(1.0, share), spread, colour, whole, len(stored.codes))
    return Evidence(0, 0.0, 0.0, UNKNOWN_COLOUR, whole, len(stored.codes))


def _pairs(seen: NDArray[np.int8], stored: NDArray[np.int8]) -> NDArray[np.intp]:
    """(seen, stored) indices of points that are each other's best match, clearly."""
    if len(seen) < 4 or len(stored) < 4:
        return np.zeros((0, 2), np.intp)
    alike = seen.astype(np.float32) @ stored.astype(np.float32).T / 127**2
    best = alike.argmax(axis=1)
    top = alike[np.arange(len(seen)), best]
    second = np.partition(alike, -2, axis=1)[:, -2]
    # distances of unit vectors: sqrt(2 - 2 cos)
    clear = np.maximum(2 - 2 * top, 0) < RATIO**2 * np.maximum(2 - 2 * second, 1e-6)
    mutual = alike.argmax(axis=0)[best] == np.arange(len(seen))
    chosen = np.flatnonzero(clear & mutual)
    return np.stack([chosen, best[chosen]], axis=1)


def _sane(lay: NDArray[Any]) -> bool:
    """Whether an affine map could be a camera's: no mirror, no squash, no 8-fold zoom."""
    sizes = np.linalg.svd(lay[:, :2], compute_uv=False)
    return bool(np.linalg.det(lay[:, :2]) > 0 and sizes[0] < 8 and sizes[1] > 0.125 and sizes[0] / sizes[1] < 3)


def _spread(places: Floats, size: tuple[int, int]) -> float:
    """Share of an 8 x 8 grid over the photo that has a point."""
    cells = (places * (8 / np.array([size[1], size[0]]))).astype(np.int64).clip(0, 7)
    return len(np.unique(cells[:, 0] * 8 + cells[:, 1])) / 64


def _colour(seen: Local, stored: Local, lay: NDArray[Any], there: Floats) -> float:
    """Mean Lab distance of the two thumbnails where the matched points lie, one laid over the other."""
    to_thumb = [np.diag([THUMB / one.size[1], THUMB / one.size[0], 1.0]) for one in (seen, stored)]
    full = np.vstack([lay, [0, 0, 1]])
    over = (to_thumb[1] @ full @ np.linalg.inv(to_thumb[0]))[:2]
    moved = cv2.warpAffine(seen.thumb, over, (THUMB, THUMB), borderMode=cv2.BORDER_REPLICATE).astype(np.int16)
    hull = cv2.convexHull((there * (THUMB / np.array([stored.size[1], stored.size[0]]))).astype(np.int32))
    mask = np.zeros((THUMB, THUMB), np.uint8)
    cv2.fillConvexPoly(mask, hull, 1)
    inside = mask.astype(bool)
    return float(np.abs(moved[inside] - stored.thumb[inside]).mean()) if inside.any() else UNKNOWN_COLOUR


__all__ = ["KEPT", "SIDE", "UNKNOWN_COLOUR", "Evidence", "Local", "compare", "describe"]
