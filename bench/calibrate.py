"""Fits the weights of `vision.weigh` (vision/data/confidence.json) on sets of pictures (`bench.photo_set`).

    python -m bench.calibrate FOLDER...

Each question is asked three times: as it is, of a shop with one photo in seven, and of a shop that does not sell the
thing (any more). Fit on some seeds, measure on others (`bench.photos`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.photo_set import catalogue, questions
from bench.photos import looked as described
from vision.image import open_safe
from vision.index import Floats, Found
from vision.match import NEAREST
from vision.shelve import describe_photo
from vision.weigh import WEIGHTS, Product, signs

PULL = 1e-3  # towards zero
FEW = 0.15
# how often a shopper sends what the shop once sold or its neighbour sells, beside what it sells. At 1 the guesses are
# better than they say (calibration error 0.12 on a set not fitted on), at 0.25 (0.08) twice as many strangers pass
GONE = 0.5


class Shelf:
    """A shop's photos in memory: the exact scan that the index is held against."""

    def __init__(self, folder: Path) -> None:
        self.skus = [path.stem for path in catalogue(folder)]
        made = [describe_photo(open_safe(path.read_bytes()).array) for path in catalogue(folder)]
        self.vectors = np.stack([vector for vector, _ in made]).astype(np.float16).astype(np.float32)
        self.features = {(sku, ""): features for sku, (_, features) in zip(self.skus, made, strict=True)}

    def nearest(self, vectors: list[Floats], most: int = NEAREST) -> list[Found]:
        """The photos most alike to any of `vectors`, best first."""
        alike = (self.vectors @ np.stack(vectors).T).max(axis=1)
        return [Found(self.skus[i], "", float(alike[i])) for i in np.argsort(-alike)[:most]]

    def seen(self, data: bytes) -> list[Product]:
        """Evidence for the nearest photos of a shopper's picture, looked at as a whole."""
        look = described(open_safe(data).array)
        look.stored |= self.features
        return look.products(self.nearest(look.vectors))


def looked(folder: Path) -> Iterator[tuple[str, str, list[Product]]]:
    """(type, the right sku or "", evidence for the nearest photos) of every question of a set."""
    shelf = Shelf(folder)
    for one in questions(folder):
        yield one.type, shelf.skus[one.right] if one.right >= 0 else "", shelf.seen(one.path.read_bytes())


def shops(right: str, seen: list[Product], rs: np.random.RandomState) -> Iterator[tuple[float, list[Product]]]:
    """The same question in a full shop, a small one, and one that does not sell the thing; how much each counts."""
    yield 1.0, seen
    yield 1.0, [one for one in seen if one.sku == right or rs.rand() < FEW]
    if right:
        yield GONE, [one for one in seen if one.sku != right]


def logistic(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Ridge logistic regression by Newton's method; the first column is the bias."""
    b = np.zeros(x.shape[1])
    pull = np.r_[0, np.full(x.shape[1] - 1, PULL * len(y) ** 0.5)]
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(x @ b, -40, 40)))
        slope = x.T @ (w * (p - y)) + pull * b
        b = b - np.linalg.solve((x * (w * p * (1 - p))[:, None]).T @ x + np.diag(pull + 1e-6), slope)
    return b


def fit(folders: list[Path]) -> None:
    """Write the weights: of guesses with a confidence of 0.7 seven in ten are to be right."""
    rows, truth, counts, names = [], [], [], list[str]()
    rs = np.random.RandomState(0)
    for right, seen in ((right, seen) for folder in folders for _, right, seen in looked(folder)):
        for count, few in shops(right, seen, rs):
            for one, numbers in zip(few, signs(few), strict=True):
                names = list(numbers)
                rows.append(list(numbers.values()))
                truth.append(float(one.sku == right))
                counts.append(count)
    found = logistic(np.array(rows), np.array(truth), np.array(counts))
    note = f"bench.calibrate {' '.join(folder.name for folder in folders)}: {len(rows)} pairs"
    made = {"made": note, "weights": dict(zip(names, found.round(4).tolist(), strict=True))}
    WEIGHTS.write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    fit([Path(part) for part in sys.argv[1:]])
