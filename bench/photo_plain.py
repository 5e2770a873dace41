"""What the photo search is compared with: single numbers of a whole picture, as the facts table has them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from bench.photo_set import Question, catalogue, questions
from vision.embed import colours
from vision.image import open_safe
from vision.view import View, inside, view, whole


def phash(one: View) -> np.ndarray:
    """The 64 signs of a picture's lowest frequencies (the usual pHash: 32 x 32 grey, 8 x 8 of its cosines)."""
    grey = cv2.resize(cv2.cvtColor(one.array, cv2.COLOR_RGB2GRAY), (32, 32), interpolation=cv2.INTER_AREA)
    low = cv2.dct(grey.astype(np.float32))[:8, :8].ravel()
    return np.where(low > np.median(low), 1.0, -1.0) / 8


def lab(one: View) -> np.ndarray:
    """The Lab histogram of the middle that is also a part of our vector."""
    return colours(one.lab)


PLAIN: dict[str, Callable[[View], np.ndarray]] = {"pHash": phash, "Lab histogram": lab}


def _whole(array: np.ndarray) -> list[View]:
    return [view(array)]


def _crops(array: np.ndarray) -> list[View]:
    return [whole(array), *inside(array)]


def compared(folder: Path) -> dict[str, dict[str, dict[str, float]]]:
    """Percent found first and among five, by method and type; hashes also with our crops of screenshots."""
    shelf = [view(open_safe(path.read_bytes()).array) for path in catalogue(folder)]
    asked = [one for one in questions(folder) if one.right >= 0]
    found: dict[str, dict[str, dict[str, float]]] = {}
    for name, number in PLAIN.items():
        stored = np.stack([number(one) for one in shelf])
        for looks, how in ((_whole, ""), (_crops, " + crops")):
            found[name + how] = _ranks(stored, number, looks, asked)
    return found


def _ranks(
    stored: np.ndarray,
    number: Callable[[View], np.ndarray],
    looks: Callable[[np.ndarray], list[View]],
    asked: list[Question],
) -> dict[str, dict[str, float]]:
    ranks: dict[str, list[int]] = {}
    for one in asked:
        seen = np.stack([number(part) for part in looks(open_safe(one.path.read_bytes()).array)])
        alike = (stored @ seen.T).max(axis=1)
        ranks.setdefault(one.type, []).append(int((alike > alike[one.right]).sum()))
    return {
        kind: {"r1": round(100 * np.mean(np.array(some) < 1), 1), "r5": round(100 * np.mean(np.array(some) < 5), 1)}
        for kind, some in ranks.items()
    }
