"""What is looked at in a picture: the whole, the photo inside a phone's screenshot, the parts of a collage.

A view is at most 512 px a side and finds its own local points once; nothing here knows what they mean.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.image import Pixels

SIDE = 512
POINTS = 300  # the strongest: with 700 the clutter of a room drowns the goods (own photos found first: 38, 49 with 400)
# folds and seams of plain cloth are faint: at OpenCV's own 0.04 half of the plain goods have 20 points or fewer to be
# laid over their photo, here 44; a forwarded one has 59 and 143
CONTRAST = 0.01
MAX_CROPS = 2
# how clear a second frame must be beside the first. Of 300 screenshots in a shop of 100,000 photos 27 are not sure as a
# whole, and the second frame decides one, as clear as the first; below 0.85 none, for 60 ms of SIFT and 30 of search
CLEAR = 0.85
WIDE = 180  # px: screens are looked through at this width
EDGE = 6  # a step in Lab (0..255) that a line of a screen makes; JPEG noise stays below
PARTED = 0.85  # of the width or height: a collage is parted from side to side
BUSY = 0.5  # of it, on the middle line of all: there are edges everywhere, so one in the middle says nothing
DARK = 110  # of 255: only a picture taken in the dark has no lights above
LONG = 0.6  # of the width: a photo in a chat bubble covers 0.7
cv2.setNumThreads(1)  # two pictures at a time already fill the cores (vision.work); the event loop needs its share

Floats: TypeAlias = NDArray[np.float32]
Lab: TypeAlias = NDArray[np.int16]
Frame: TypeAlias = tuple[int, int, int, int]  # top, bottom, left, right


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Local points of a view, the strongest first.

    `places`: n x 2, px. `sizes`: n, log2 of px. `turns`: n, radians. `rooted`: n x 128, RootSIFT.
    """

    places: Floats
    sizes: Floats
    turns: Floats
    rooted: Floats


@dataclass(eq=False)
class View:
    """A picture or a part of it, RGB, fitted into 512 px."""

    array: Pixels
    _points: Points | None = field(default=None, repr=False)

    @property
    def points(self) -> Points:
        """At most `POINTS` local points, looked for once.

        No `cached_property`: Python 3.11 locks it for all views, and two would be looked through one after the other.
        """
        if self._points is None:
            self._points = _points(self.array)
        return self._points

    @cached_property
    def lab(self) -> Pixels:
        """The view in Lab, fitted into 128 px: colour needs no detail."""
        height, width = self.array.shape[:2]
        scale = 128 / max(height, width)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = cv2.resize(self.array, size, interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2LAB), np.uint8)


def _points(array: Pixels) -> Points:
    grey = cv2.cvtColor(array, cv2.COLOR_RGB2GRAY)
    found, raw = cv2.SIFT.create(nfeatures=POINTS, contrastThreshold=CONTRAST).detectAndCompute(grey, None)
    if raw is None or not found:
        none = np.zeros(0, np.float32)
        return Points(np.zeros((0, 2), np.float32), none, none, np.zeros((0, 128), np.float32))
    order = np.argsort([-point.response for point in found], kind="stable")[:POINTS]
    places = np.array([found[i].pt for i in order], np.float32)
    sizes = np.log2(np.array([max(0.5, found[i].size) for i in order], np.float32))
    turns = np.radians(np.array([found[i].angle for i in order], np.float32))
    rooted = np.sqrt(raw[order] / np.maximum(raw[order].sum(axis=1, keepdims=True), 1e-7))
    return Points(places, sizes, turns, rooted.astype(np.float32))


def view(array: Pixels) -> View:
    """The whole picture as a view."""
    height, width = array.shape[:2]
    scale = SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return View(np.asarray(cv2.resize(array, size, interpolation=how), np.uint8))


def mirrored(one: View) -> View:
    """The view as a mirror shows it. Its points need not be looked for again: a descriptor is 4 x 4 x 8, and mirrored
    along its turn the rows and the directions run backwards.
    """
    points = one.points
    places = points.places * (-1, 1) + (one.array.shape[1] - 1, 0)
    rooted = points.rooted.reshape(-1, 4, 4, 8)[:, ::-1][..., -np.arange(8) % 8].reshape(-1, 128)
    turns = (np.pi - points.turns) % (2 * np.pi)
    found = Points(places.astype(np.float32), points.sizes, turns.astype(np.float32), rooted)
    return View(np.ascontiguousarray(one.array[:, ::-1]), found)


def whole(array: Pixels) -> View:
    """All of a shopper's picture."""
    return view(_lit(array))


def inside(array: Pixels) -> list[View]:
    """Up to two photos inside a screenshot."""
    array = _lit(array)
    return [view(array[t:b, left:right]) for t, b, left, right in photos_inside(array)[:MAX_CROPS]]


def _lit(array: Pixels) -> Pixels:
    """A picture taken in the dark, brightened until its lights are light; any other as it is."""
    lights = float(np.percentile(array[::8, ::8], 98))
    if lights >= DARK:
        return array
    grow = 235 / max(lights, 16.0)
    return np.asarray(np.clip(array.astype(np.float32) * grow, 0, 255), np.uint8)


def parts(array: Pixels) -> list[Pixels]:
    """The four quarters of a collage that a straight line or gutter parts both ways; none of any other picture."""
    height, width = array.shape[:2]
    side = (WIDE, max(WIDE // 2, min(2 * WIDE, round(height * WIDE / width))))
    lab = cv2.cvtColor(cv2.resize(array, side, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2LAB).astype(np.int16)
    for axis, length in ((0, side[1]), (1, side[0])):
        lines = _edges(lab, axis).mean(axis=1 - axis)
        middle = slice(round(length * 0.46), round(length * 0.54))
        if lines[middle].max(initial=0) < PARTED or np.median(lines) > BUSY:
            return []
    y, x = height // 2, width // 2
    return [array[:y, :x], array[:y, x:], array[y:, :x], array[y:, x:]]


def photos_inside(array: Pixels) -> list[Frame]:
    """Frames that a phone's screen may have put around a photo, likeliest first; empty: none is seen.

    Two habits are known: a photo as wide as the screen between strips of plain paper, and one in a chat bubble, with
    four straight edges on any wall.
    """
    height, width = array.shape[:2]
    scale = WIDE / width
    small = cv2.resize(array, (WIDE, max(8, round(height * scale))), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.int16)
    across, down = _edges(lab, 0), _edges(lab, 1)
    rows = _lines(across.mean(axis=1))
    pairs = [(t, b) for i, t in enumerate(rows) for b in rows[i + 1 :] if 0.3 * WIDE <= b - t <= 1.5 * WIDE]
    above = {at: _paper(lab[max(0, at - 4) : max(0, at - 1)]) for at in rows}
    below = {at: _paper(lab[at + 2 : at + 4]) for at in rows}
    ways = ((_bubble(across, down, t, b), _band(lab, t, b, above[t], below[b])) for t, b in pairs)
    found = [one for both in ways for one in both if one]
    found.sort(reverse=True)
    frames: list[Frame] = []
    for score, frame in found:
        if score >= CLEAR * found[0][0] and all(_overlap(frame, other) < 0.75 for other in frames):
            frames.append(frame)
    return [(int(t / scale), int(b / scale), int(le / scale), int(ri / scale)) for t, b, le, ri in frames]


def _edges(lab: Lab, axis: int) -> NDArray[np.bool_]:
    """Where the colour jumps within two pixels down (axis 0) or to the right (axis 1)."""
    jump: NDArray[np.bool_] = _most(np.abs(np.roll(lab, -2, axis) - lab)) > EDGE
    jump[(slice(None), slice(-2, None)) if axis else slice(-2, None)] = False
    return jump


def _most(apart: NDArray[Any]) -> NDArray[Any]:
    """The largest of the three channels: numpy's max over so short an axis takes five times as long."""
    found: NDArray[Any] = np.maximum(np.maximum(apart[..., 0], apart[..., 1]), apart[..., 2])
    return found


def _lines(share: NDArray[np.float64]) -> list[int]:
    """Where an edge crosses most of the screen: 0, the peaks, the end."""
    found = [0]
    for at in range(share.size):
        if share[at] >= LONG and share[at] == share[max(0, at - 3) : at + 4].max() and at + 1 - found[-1] > 3:
            found.append(at + 1)
    return [*found, share.size]


def _bubble(across: NDArray[np.bool_], down: NDArray[np.bool_], top: int, bottom: int) -> tuple[float, Frame] | None:
    """A box between two lines whose right side, at least, is an edge too."""
    if top == 0 or bottom == across.shape[0]:
        return None
    beside = down[top + 3 : bottom - 3].mean(axis=0)
    right = int(beside[WIDE // 2 :].argmax()) + WIDE // 2
    left = int(beside[: WIDE // 3].argmax())
    left_side = float(beside[left])
    if left_side < 0.6:
        left, left_side = 0, 0.0
    over = across[top - 2 : top + 1, left + 2 : right].any(axis=0).mean()
    under = across[bottom - 2 : bottom + 1, left + 2 : right].any(axis=0).mean()
    if beside[right] < 0.7 or min(over, under) < 0.8 or not 0.6 * WIDE < right - left < 0.97 * WIDE:
        return None
    return 1.0 + left_side + float(beside[right] + over + under), (top, bottom, left + 1, right + 1)


def _band(lab: Lab, top: int, bottom: int, above: Floats | None, below: Floats | None) -> tuple[float, Frame] | None:
    """A strip as wide as the screen with the same plain paper above and below, little of which shows inside."""
    papers = [paper for paper in (above, below) if paper is not None]
    if not papers or (len(papers) == 2 and np.abs(papers[0] - papers[1]).max() > EDGE):
        return None
    if len(papers) == 1 and top > 0 and bottom + 2 < lab.shape[0]:
        return None
    bare = (_most(np.abs(lab[top:bottom] - papers[0])) <= EDGE).mean(axis=1)
    score = float((0.5 - bare).sum()) / WIDE
    return (len(papers) + score, (top, bottom, 0, WIDE)) if score > 0.1 else None


def _paper(rows: Lab) -> Floats | None:
    """The colour of some rows of plain paper; None: they are not, or there are none."""
    if not rows.size or np.percentile(np.ptp(rows, axis=1), 90) > EDGE:
        return None
    return np.asarray(np.median(rows, axis=(0, 1)), np.float32)


def _overlap(a: Frame, b: Frame) -> float:
    """Intersection over union."""
    shared = max(0, min(a[1], b[1]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[2], b[2]))
    return shared / ((a[1] - a[0]) * (a[3] - a[2]) + (b[1] - b[0]) * (b[3] - b[2]) - shared)
