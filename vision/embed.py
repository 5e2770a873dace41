"""A view of a picture -> one vector, without a model to download: what is drawn on it and in which colours.

Local points are pooled against a small codebook (VLAD of RootSIFT), folded into 384 numbers by a fixed random
projection, and a Lab histogram is added; both look at the middle above all. The codebook (`data/builtin.npz`) is made
by `bench/codebook.py` from pictures the project draws. Vectors of different names never mix: change the arithmetic,
change the name.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vision.image import Pixels
from vision.index import BUILTIN
from vision.view import View

Floats: TypeAlias = NDArray[np.float32]

DATA = Path(__file__).parent / "data" / "builtin.npz"
_BINS = ((5, 0, 255), (7, 70, 190), (7, 70, 190))  # of L, a, b: how many, from, to
SHAPE_DIM, COLOUR_DIM = 384, 5 * 7 * 7
COLOUR_WEIGHT = 1.1  # plain goods found among the first five, own photos of 80: 46 % at 0.8, 59 % here, no print loses
# a shopper's background is not the shop's, and the goods lie in the middle. Own photos found first, of 68: 49 with all
# points alike and colours at 5, 62 so
MIDDLE_POINTS, MIDDLE_COLOURS = 3.0, 10.0


class Builtin:
    """The built-in embedder. `name` goes into the index beside each vector."""

    name = BUILTIN
    dim = SHAPE_DIM + COLOUR_DIM

    @cached_property
    def _data(self) -> dict[str, Floats]:
        with np.load(DATA) as file:
            return {key: file[key].astype(np.float32) for key in file.files}

    @cached_property
    def _fold(self) -> Floats:
        """VLAD -> 384, the same on every machine: RandomState's stream is frozen by numpy."""
        size = self._data["words"].size
        return np.asarray(np.random.RandomState(384).standard_normal((size, SHAPE_DIM)) / SHAPE_DIM**0.5, np.float32)

    def codes(self, view: View) -> Floats:
        """The view's local descriptors in the codebook's 64 dimensions, unit length."""
        small = (view.points.rooted - self._data["mean"]) @ self._data["axes"]
        return np.asarray(small / np.maximum(np.linalg.norm(small, axis=1, keepdims=True), 1e-7), np.float32)

    def embed(self, view: View) -> Floats:
        """One vector of unit length; the inner product of two is how alike the views are."""
        return _unit(np.concatenate([_unit(self._shape(view)), COLOUR_WEIGHT * colours(view.lab)]))

    def _shape(self, view: View) -> Floats:
        codes, words = self.codes(view), self._data["words"]
        if not len(codes):
            return np.zeros(SHAPE_DIM, np.float32)
        nearest = (codes @ words.T - 0.5 * (words**2).sum(axis=1)).argmax(axis=1)
        height, width = view.array.shape[:2]
        off = view.points.places * (2 / np.array([width, height])) - 1
        shares = np.exp(-MIDDLE_POINTS * (off**2).sum(axis=1))
        pooled = ((nearest == np.arange(len(words))[:, None]) * shares).astype(np.float32) @ codes
        pooled -= np.bincount(nearest, shares, len(words)).astype(np.float32)[:, None] * words
        pooled /= np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-7)  # a busy word must not outshout
        folded: Floats = _unit(pooled.ravel()) @ self._fold
        return folded


def colours(lab: Pixels) -> Floats:
    """Square-rooted Lab histogram of the picture's middle, unit length.

    Each pixel is shared among the bins around it: a slightly warmer light must not empty a bin (hard bins find 41 of
    120 forwarded photos, shared ones 71).
    """
    height, width = lab.shape[:2]
    down = np.linspace(-1, 1, height)[:, None] ** 2
    across = np.linspace(-1, 1, width)[None, :] ** 2
    shares = np.exp(-MIDDLE_COLOURS * (down + across)).ravel()[None]
    places = np.zeros((1, height * width), np.int64)
    for channel, (bins, low, high) in enumerate(_BINS):
        at = np.clip((lab[..., channel].ravel().astype(np.float64) - low) / (high - low), 0, 1) * (bins - 1)
        floor = np.minimum(at.astype(np.int64), bins - 2)
        part = at - floor
        places = np.concatenate([places * bins + floor, places * bins + floor + 1])
        shares = np.concatenate([shares * (1 - part), shares * part])
    filled = np.bincount(places.ravel(), shares.ravel(), COLOUR_DIM)
    return _unit(np.sqrt(filled / filled.sum()))


def _unit(vector: NDArray[Any]) -> Floats:
    return (vector / max(float(np.linalg.norm(vector)), 1e-7)).astype(np.float32)
