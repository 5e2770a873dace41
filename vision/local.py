"""What is kept of a photo for the comparison: its local points in 64 small numbers each, and a thumbnail in Lab."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.image import Pixels
from vision.view import View

Floats: TypeAlias = NDArray[np.float32]
Bytes: TypeAlias = NDArray[np.uint8]

DIMS = 64
THUMB = 32
_SIZES, _TURNS = 32.0, 256 / (2 * np.pi)  # steps of a stored byte: 1/32 of an octave, 1.4 degrees
_HEAD = struct.Struct("<BHHH")
_LAYOUT = 2
_BYTES = 4 + 1 + 1 + DIMS  # of a point


@dataclass(frozen=True, slots=True, eq=False)
class Local:
    """A photo's points and a Lab thumbnail squeezed to 32 x 32; about 24 KB.

    `places`: n x 2, px of a view of `shape` (height, width). `sizes`: n, log2 of px. `turns`: n, radians. `codes`:
    n x 64, int8 (x 127).
    """

    places: Floats
    sizes: Floats
    turns: Floats
    codes: NDArray[np.int8]
    shape: tuple[int, int]
    thumb: Pixels

    def pack(self) -> bytes:
        """Bytes for the index; `unpack` is the reverse."""
        head = _HEAD.pack(_LAYOUT, len(self.places), *self.shape)
        small = (np.rint(self.sizes * _SIZES).clip(0, 255), np.rint(self.turns * _TURNS) % 256)
        points = [self.places.astype("<u2"), *(one.astype(np.uint8) for one in small), self.codes]
        return head + b"".join(one.tobytes() for one in (*points, self.thumb))

    @classmethod
    def unpack(cls, data: bytes) -> Local:
        """The Local that `pack` wrote. Raises ValueError for another layout."""
        layout, n, height, width = _HEAD.unpack_from(data)
        if layout != _LAYOUT:
            raise ValueError(f"features of layout {layout}, not {_LAYOUT}: index again")
        at = _HEAD.size
        places = np.frombuffer(data, "<u2", n * 2, at).reshape(n, 2).astype(np.float32)
        sizes = np.frombuffer(data, np.uint8, n, at + n * 4).astype(np.float32) / np.float32(_SIZES)
        turns = np.frombuffer(data, np.uint8, n, at + n * 5).astype(np.float32) / np.float32(_TURNS)
        codes = np.frombuffer(data, np.int8, n * DIMS, at + n * 6).reshape(n, DIMS)
        thumb = np.frombuffer(data, np.uint8, THUMB * THUMB * 3, at + n * _BYTES).reshape(THUMB, THUMB, 3)
        return cls(places, sizes, turns, codes, (height, width), thumb)


def describe(view: View, codes: Floats) -> Local:
    """The view's local features; `codes` are its points in the embedder's 64 dimensions."""
    points = view.points
    small = np.clip(np.rint(codes * 127), -127, 127).astype(np.int8)
    thumb = cv2.resize(view.lab, (THUMB, THUMB), interpolation=cv2.INTER_AREA)
    shape = view.array.shape[0], view.array.shape[1]
    return Local(np.rint(points.places), points.sizes, points.turns, small, shape, np.asarray(thumb, np.uint8))
