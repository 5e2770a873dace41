"""Lines of two engines -> rows of a screen, straight and from the top down, each with its label and the label above it.

Digits are taken from rapidocr and words from tesseract, where both read the row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np

from vision import receipt_words
from vision.receipt import Box
from vision.receipt_words import Label

_FAR = 0.02  # of a slope: what is further off is not text of the screen, or misread
_FLAT = 0.04  # of a slope: with less of it rows lie no further off than half of their distance, if taken for straight
_COLUMN = 0.9  # heights of a line between two texts: more is another column
_NEARER = 0.6  # of the distance to one neighbour: a label that is as near to the other one belongs to that
_NUMBER = re.compile(r"\d")
_GLUED = re.compile(r"(?<!\w)(?=[A-Za-z]*[g-z])[A-Za-z][a-z]{3,}(?=\d)")  # with a letter that no hex number has


@dataclass(slots=True)
class Row:
    """`text` is the surest reading of digits, `other` what tesseract read there; `height`: its letters', px.

    `caption`: the row that may hold its label, the one above; below on screens that write labels under their values.
    `box`: where it stands in the picture, `value`: the part of it that has the number; None for text without places.
    """

    text: str
    other: str
    top: float
    bottom: float
    height: float
    score: float
    words: list[str] = field(default_factory=list)
    caption: Row | None = None
    box: Box | None = None
    value: Box | None = None

    @property
    def has_digits(self) -> bool:
        """Whether there is a number in it."""
        return bool(_NUMBER.search(self.text) or _NUMBER.search(self.other))

    def named(self, kinds: Collection[str] = ()) -> Label | None:
        """The label in this row, or the one alone in the row that captions it."""
        own = self.label(kinds)
        if own is not None:
            return own
        caption = self.caption
        if caption is None or caption.has_digits or self.label() is not None or len(caption.words) > 5:
            return None
        # what stands below a label and its value, a name, is not named by it
        found = caption.label(kinds)
        return found if found is not None and 2 * (found.end - found.begin) >= len(caption.words) else None

    def label(self, kinds: Collection[str] = ()) -> Label | None:
        """The label in this row itself."""
        return receipt_words.label(self.words, kinds)

    @property
    def is_label(self) -> bool:
        """Whether it is a label and little else."""
        found = None if self.has_digits else self.label()
        return found is not None and 2 * (found.end - found.begin) >= len(self.words)


@dataclass(slots=True)
class Piece:
    """A text where it stands, as if the screen lay straight; `box` is where it stands in the picture."""

    text: str
    score: float
    left: float
    right: float
    top: float
    bottom: float
    box: Box

    @property
    def middle(self) -> float:
        """Half way down."""
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """Of its letters, px."""
        return self.bottom - self.top


def plain(text: str) -> str:
    """One kind of spaces, dots and digits; a word that is run into its number stands apart from it."""
    return re.sub(r"[^\S\n]+", " ", _GLUED.sub(r"\g<0> ", unicodedata.normalize("NFKC", text))).strip()


def rows_of_text(lines: Sequence[str]) -> list[Row]:
    """Rows of lines without places, as a text layer or a test has them."""
    rows = [Row(plain(line), "", 40.0 * i, 40.0 * i + 30, 30.0, 1.0) for i, line in enumerate(lines) if line.strip()]
    return _joined(rows)


def rows_of(lines: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Rows of what vision.ocr read (lines as dicts of vision.ocr.Line)."""
    from vision import receipt_columns  # it moves what is made here

    sure = [line for line in lines if line["source"] != "words"]
    said = [line for line in lines if line["source"] == "words"]
    centre = sum((line["left"] + line["right"]) / 2 for line in lines) / max(1, len(lines))
    both = [(_pieces(sure, lie, centre), _pieces(said, lie, centre)) for lie in _lies(sure)]
    # the way it lies in which more stands side by side
    digits, words = min(both, key=lambda pieces: sum(len(_clustered(some)) for some in pieces))
    receipt_columns.stack(digits, words, _clustered)
    rows = [_row(pieces) for pieces in _clustered(digits)]
    rows_of_words = [_row(pieces) for pieces in _clustered(words)]
    for row in rows_of_words:
        there = min(rows, key=lambda one: abs(_middle(one) - _middle(row)), default=None)
        if there is not None and abs(_middle(there) - _middle(row)) < 0.6 * min(there.height, max(row.height, 1.0)):
            there.other = f"{there.other} {row.text}".strip()
            there.box = around([box for box in (there.box, row.box) if box])
        elif len(row.text) > 2:  # one letter that only one engine saw is a speck
            rows.append(replace(row, text="", other=row.text, score=row.score * 0.9))
    return _joined(sorted(rows, key=_middle))


def _joined(rows: list[Row]) -> list[Row]:
    """Words of each row, and the neighbour that may name it."""
    for row in rows:
        row.words = receipt_words.words_of(row.other) if row.other else receipt_words.words_of(row.text)
        if row.other and receipt_words.label(row.words) is None:
            # tesseract may have lost what rapidocr reads well: Latin words
            latin = receipt_words.words_of(row.text)
            if receipt_words.label(latin) is not None:
                row.words = latin
    below = _labels_below(rows)
    for upper, lower in pairwise(rows):
        if below:
            upper.caption = lower
        else:
            lower.caption = upper
    return rows


def _labels_below(rows: Sequence[Row]) -> bool:
    """Whether this screen writes labels under their values: those alone in a row stand nearer to what is above them."""
    votes = 0
    for upper, row, lower in zip(rows, rows[1:], rows[2:], strict=False):
        if row.is_label and not upper.is_label and not lower.is_label:
            up, down = max(0.0, row.top - upper.bottom), max(0.0, lower.top - row.bottom)
            votes += (up < _NEARER * down) - (down < _NEARER * up)
    return votes > 1


def _lies(lines: Sequence[Mapping[str, Any]]) -> list[tuple[float, float]]:
    """How the screen may lie in the picture: as the boxes of its lines do and, if that is nearly straight, straight.

    A box is some px askew by itself: of a short line that is a slope of 0.03, of a whole screen's width half a row.
    """
    base, turn = _lie(lines)
    steep = max((abs(base + turn * line["top"]) for line in lines), default=0.0)
    return [(base, turn), (0.0, 0.0)] if steep < _FLAT else [(base, turn)]


def _lie(lines: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """How the screen lies in the picture: slope = a + b * y. Perspective tilts each row otherwise."""
    known = [
        ((line["top"] + line["bottom"]) / 2, line["slope"], line["right"] - line["left"])
        for line in lines
        if line["right"] - line["left"] > 2.5 * _letters(line)
    ]
    if len(known) < 4:
        return (sorted(slope for _, slope, _ in known)[len(known) // 2], 0.0) if known else (0.0, 0.0)
    base, turn = _fit(known)
    near = [one for one in known if abs(one[1] - base - turn * one[0]) < _FAR]
    return _fit(near) if len(near) >= 4 else (base, turn)


def _fit(known: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """Least squares of slopes over heights, weighted by the lengths of the lines."""
    heights, slopes, lengths = np.array(known).T
    weights = lengths / lengths.sum()
    middle, slope = float(np.dot(weights, heights)), float(np.dot(weights, slopes))
    spread = float(np.dot(weights, np.square(heights - middle)))
    turn = float(np.dot(weights, (heights - middle) * (slopes - slope))) / spread if spread > 1.0 else 0.0
    return slope - float(turn) * middle, float(turn)


def _letters(line: Mapping[str, Any]) -> float:
    """The height of a line's letters: its box also holds what it falls."""
    return max(1.0, float(line["bottom"] - line["top"] - abs(line["slope"]) * (line["right"] - line["left"])))


def _pieces(lines: Sequence[Mapping[str, Any]], lie: tuple[float, float], centre: float) -> list[Piece]:
    """The lines as if the screen lay straight. tesseract straightens what it reads, but not where it says it stands."""
    pieces = []
    for line in lines:
        middle, x = (line["top"] + line["bottom"]) / 2, (line["left"] + line["right"]) / 2
        slope = lie[0] + lie[1] * middle
        high = max(1.0, line["bottom"] - line["top"] - abs(slope) * (line["right"] - line["left"]))
        middle -= slope * (x - centre)
        place = line["left"], line["right"], middle - high / 2, middle + high / 2
        box = round(line["left"]), round(line["top"]), round(line["right"]), round(line["bottom"])
        pieces.append(Piece(plain(line["text"]), line["score"], *place, box))
    return pieces


def _clustered(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces that stand beside each other, each row from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: one.middle):
        row = rows[-1] if rows else []
        beside = all(
            abs(piece.middle - one.middle) < 0.5 * min(max(piece.height, 8.0), max(one.height, 8.0))
            and (piece.left >= one.right - one.height or piece.right <= one.left + one.height)
            for one in row
        )
        if row and beside:
            row.append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def _row(pieces: Sequence[Piece]) -> Row:
    text = pieces[0].text
    for left, right in pairwise(pieces):
        apart = right.left - left.right > _COLUMN * max(left.height, right.height)
        text += ("  " if apart else " ") + right.text
    tallest = max(piece.height for piece in pieces)
    value = max(pieces, key=lambda piece: len(_NUMBER.findall(piece.text)))  # how sure its number is, not its label
    top, bottom = min(piece.top for piece in pieces), max(piece.bottom for piece in pieces)
    box = around([piece.box for piece in pieces])
    return Row(text, "", top, bottom, tallest, value.score, box=box, value=value.box)


def around(boxes: Sequence[Box]) -> Box:
    """The one box that holds them all."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _middle(row: Row) -> float:
    return (row.top + row.bottom) / 2
