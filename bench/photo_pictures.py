"""Pictures of what `bench.photos` found: who was taken for whom, and example answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

from bench.photo_set import TYPES, catalogue

if TYPE_CHECKING:
    from bench.photos import Heard

_ANSWERS = ("exact, right", "exact, wrong", "offered, right", "offered, wrong", "not ours")
_COLOURS = {"exact": "#2a7", "similar": "#c80", "none": "#888"}


def _answer(one: Heard) -> int:
    if one.match.verdict == "exact":
        return 0 if one.rank == 0 else 1
    if one.match.verdict == "similar":
        return 2 if one.rank < 5 else 3
    return 4


def show(folder: Path, heard: list[Heard], to: Path) -> None:
    """Draws photos-confusion.png and photos-answers.png into `to`."""
    to.mkdir(parents=True, exist_ok=True)
    shares = np.zeros((len(TYPES), len(_ANSWERS)))
    for one in heard:
        shares[TYPES.index(one.question.type), _answer(one)] += 1
    shares *= 100 / np.maximum(shares.sum(axis=1, keepdims=True), 1)
    figure, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
    axes.imshow(shares, cmap="Greens", vmin=0, vmax=100, aspect="auto")
    axes.set_xticks(range(len(_ANSWERS)), _ANSWERS)
    axes.set_yticks(range(len(TYPES)), [kind.replace("_", " ") for kind in TYPES])
    for (row, column), share in np.ndenumerate(shares):
        axes.text(column, row, f"{share:.0f} %", ha="center", va="center", color="white" if share > 60 else "black")
    axes.set_title("what shoppers hear, by the kind of picture they send")
    figure.savefig(to / "photos-confusion.png", dpi=110)
    plt.close(figure)
    _examples(folder, heard, to / "photos-answers.png")


def _examples(folder: Path, heard: list[Heard], to: Path) -> None:
    """One question of each type with its first three candidates; not chosen by how well they went."""
    photos = catalogue(folder)
    rows = [next(one for one in heard if one.question.type == kind) for kind in TYPES]
    figure, grid = plt.subplots(len(rows), 4, figsize=(7, 1.75 * len(rows)), layout="constrained")
    for axes, one in zip(grid, rows, strict=True):
        shown = [(one.question.path, f"{one.question.type}: {one.match.verdict}", _COLOURS[one.match.verdict])]
        for candidate in one.match.candidates[:3]:
            right = candidate.sku == one.right
            shown.append((photos[int(candidate.sku)], f"{candidate.confidence:.0%}", "#2a7" if right else "#555"))
        for place in axes:
            place.axis("off")
        for place, (path, title, colour) in zip(axes, shown, strict=False):
            place.imshow(Image.open(path).convert("RGB").reduce(3))
            place.set_title(title, fontsize=8, color=colour)
    figure.savefig(to, dpi=80)
    plt.close(figure)
