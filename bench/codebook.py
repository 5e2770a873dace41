"""Makes vision/data/builtin.npz, the codebook of the built-in embedder, from pictures the project draws.

    python -m bench.codebook

Goods that no set shows, by turns as the shop shows them and as shoppers photograph them. Run it again only together
with a new `Builtin.name`: stored vectors made with another codebook mean nothing.
"""

from __future__ import annotations

import numpy as np

from bench.photo_set import training
from vision.embed import DATA
from vision.image import open_safe
from vision.view import view

PICTURES, WORDS, DIMS = 160, 32, 64


def principal(rows: np.ndarray, dims: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and the `dims` axes along which the rows differ most."""
    mean = rows.mean(axis=0)
    _, vectors = np.linalg.eigh(np.cov((rows - mean).T))
    return mean, vectors[:, ::-1][:, :dims]


def centres(rows: np.ndarray, count: int) -> np.ndarray:
    """k-means with a fixed seed."""
    rs = np.random.RandomState(0)
    words = rows[rs.choice(len(rows), count, replace=False)]
    for _ in range(40):
        nearest = (rows @ words.T - 0.5 * (words**2).sum(axis=1)).argmax(axis=1)
        for k in range(count):
            own = rows[nearest == k]
            words[k] = own.mean(axis=0) if len(own) else rows[rs.randint(len(rows))]
    return words


def main() -> None:
    seen = [view(open_safe(data).array) for data in training(PICTURES)]
    points = np.concatenate([one.points.rooted for one in seen])
    mean, axes = principal(points, DIMS)
    small = (points - mean) @ axes
    small /= np.maximum(np.linalg.norm(small, axis=1, keepdims=True), 1e-7)
    made = {"mean": mean, "axes": axes, "words": centres(small, WORDS)}
    np.savez_compressed(DATA, **{key: value.astype(np.float16) for key, value in made.items()})
    print(f"{len(points)} points of {len(seen)} pictures -> {DATA.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
