"""Labels side by side with their values below them -> one under the other, as everything else here is read.

Some screens lay fields out in a grid: two labels in a row, under them two values. Read as rows it names nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vision import receipt_words
from vision.receipt_rows import Piece

_NEAR = 4.5  # heights of a label: further below it stands another row's value
_ALIGNED = 1.2  # heights of a label: as far may a value begin to the left or the right of its label

Clusters = Callable[[list[Piece]], list[list[Piece]]]


@dataclass(frozen=True, slots=True)
class _Grid:
    """A row of labels with its row of values: from `top` to `bottom`, columns beginning at `lefts`, px."""

    top: float
    bottom: float
    lefts: tuple[float, ...]


def stack(digits: list[Piece], words: list[Piece], clusters: Clusters) -> None:
    """Moves the columns of each grid under each other, for both engines' pieces alike; what is below moves down."""
    rows = [*clusters(digits), *clusters(words)]
    found: list[_Grid] = []
    for labels in rows:
        if len(labels) > 1 and all(_names(piece.text) for piece in labels):
            grid = _grid(labels, rows)
            if grid and all(grid.top > other.bottom or grid.bottom < other.top for other in found):
                found.append(grid)
    for grid in sorted(found, key=lambda one: -one.top):
        for piece in (*digits, *words):
            _move(piece, grid)


def _names(text: str) -> bool:
    """Whether the text is a label and little else."""
    words = receipt_words.words_of(text)
    label = receipt_words.label(words)
    return not re.search(r"\d", text) and label is not None and 2 * (label.end - label.begin) >= len(words)


def _grid(labels: Sequence[Piece], rows: Sequence[Sequence[Piece]]) -> _Grid | None:
    """The labels with the nearest row below that has a value under each of them."""
    high = max(piece.height for piece in labels)
    bottom = max(piece.bottom for piece in labels)
    below = [row for row in rows if 0 <= min(piece.top for piece in row) - bottom + high / 2 <= _NEAR * high]
    lefts = tuple(piece.left - high for piece in labels)
    for values in sorted(below, key=lambda row: row[0].top):
        columns: list[list[Piece]] = [[] for _ in labels]
        for piece in values:
            columns[max(0, sum(piece.left >= left for left in lefts) - 1)].append(piece)
        aligned = all(
            column and abs(column[0].left - label.left) <= _ALIGNED * high
            for column, label in zip(columns, labels, strict=True)
        )
        if aligned and any(re.search(r"\d", piece.text) for piece in values):
            tops, bottoms = [piece.top for piece in labels], [piece.bottom for piece in values]
            return _Grid(min(tops) - 1, max(bottoms) + 1, lefts)
    return None


def _move(piece: Piece, grid: _Grid) -> None:
    high = grid.bottom - grid.top
    if piece.middle > grid.bottom:
        down = high * (len(grid.lefts) - 1)
    elif piece.middle > grid.top:
        down = high * (sum(piece.left >= left for left in grid.lefts[1:]))
    else:
        return
    piece.top, piece.bottom = piece.top + down, piece.bottom + down
