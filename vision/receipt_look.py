"""Does a picture look like a payment's screen? From its layout alone: flat ground, straight edges, short rows of text.

It only saves the seconds of reading: below 0.2 a picture is surely none, and in doubt it says more.
"""

from __future__ import annotations

import cv2
import numpy as np

from vision.image import Pixels

_WIDTH = 240  # px it looks at: rows of text are then 4-8 px tall


def likeness(array: Pixels) -> float:
    """0..1 for an RGB picture; a phone that lies on a busy cloth is found by the middle of the picture."""
    height, width = array.shape[:2]
    middle = array[height // 5 : height - height // 5, width // 5 : width - width // 5]
    return round(max(_likeness(array), 0.8 * _likeness(middle)), 3)


def look(array: Pixels) -> int:
    """64 bits of how a picture looks (pHash: signs of its 8 x 8 slowest waves around their median), as a signed int.

    The same picture saved anew is at most 6 bits away; but so are other payments in the same app: a hint at most.
    """
    grey = cv2.resize(cv2.cvtColor(array, cv2.COLOR_RGB2GRAY), (32, 32), interpolation=cv2.INTER_AREA)
    waves = np.asarray(cv2.dct(grey.astype(np.float32)))[:8, :8].ravel()
    bits = np.packbits(waves > np.median(waves[1:]))
    return int.from_bytes(bits.tobytes(), "big", signed=True)


def _likeness(array: Pixels) -> float:
    height, width = array.shape[:2]
    shape = (_WIDTH, max(1, min(3 * _WIDTH, round(height * _WIDTH / width))))
    small = cv2.resize(array, shape, interpolation=cv2.INTER_AREA)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)
    ground = np.asarray(cv2.medianBlur(grey, 21), np.uint8)  # the picture with its text wiped away
    likely = 1.25 * _flat(grey) * _rows(grey, ground) * _straight(ground) * _upright(height / width)
    return float(np.clip(likely, 0.0, 1.0))


def _flat(grey: Pixels) -> float:
    """0..1 by the share of the picture without any detail: a screen has much of it, a photo of goods little."""
    blurred = cv2.GaussianBlur(grey, (3, 3), 0).astype(np.int16)
    steps = np.abs(np.diff(blurred, axis=1))[1:] + np.abs(np.diff(blurred, axis=0))[:, 1:]
    share = float((steps <= 4).mean())
    return float(np.clip((share - 0.3) / 0.35, 0.0, 1.0))


def _rows(grey: Pixels, ground: Pixels) -> float:
    """0..1 by how many rows of small, dense strokes there are, apart from each other."""
    strokes = (cv2.absdiff(grey, ground) > 24).astype(np.uint8)
    joined = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, np.ones((1, 9), np.uint8))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    lines = [
        box[1] for box in boxes[1:] if 3 <= box[3] <= 26 and box[2] >= 1.8 * box[3] and box[4] >= 0.35 * box[2] * box[3]
    ]
    apart = len({round(top / 8) for top in lines})
    return float(np.clip((apart - 2) / 6, 0.0, 1.0))


def _straight(ground: Pixels) -> float:
    """0.3..1 by how few slanting edges the ground has: cards and bars are straight, goods are not.

    Drawn receipts, also photographed askew, have them in 0.016 of the pixels at most, goods in 0.038 (the median).
    """
    across, down = cv2.Scharr(ground, cv2.CV_32F, 1, 0), cv2.Scharr(ground, cv2.CV_32F, 0, 1)
    steep = np.arctan2(np.abs(down), np.abs(across))
    slanting = (np.hypot(across, down) > 128) & (steep > 0.25) & (steep < np.pi / 2 - 0.25)
    return float(np.clip((0.034 - float(slanting.mean())) / 0.016, 0.3, 1.0))


def _upright(ratio: float) -> float:
    """A screen stands; a bank's page or a photo of a till's slip may lie."""
    return 1.0 if ratio >= 1.0 else max(0.5, ratio)
