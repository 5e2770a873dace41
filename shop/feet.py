"""Sizes of shoes by the length of a foot, as the owner wrote them: "24,5 sm — 39, 25 sm — 40"."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PAIR = re.compile(
    r"(?<![\d.,])(\d{2}(?:[.,]\d)?)\s*(?:sm|см|cm)?\s*(?:—|–|-|=|:|is|это)\s*(\d{2})(?![\d.,]*\s*(?:sm|см|cm))",
    re.IGNORECASE,
)
_LEAST_PAIRS = 3  # fewer are no table
_FEET = (9.0, 33.0)  # cm; a number outside is no foot
_STEP = 1.0  # cm beyond the last line: nobody's size is told


def size_for(texts: Iterable[str], cm: float, sizes: Iterable[str]) -> str:
    """The one of a product's `sizes` for a foot of `cm`, by the first table in `texts`; "" when none says.

    Between two lines the longer foot's size: shoes that press are brought back.
    """
    if not _FEET[0] <= cm <= _FEET[1]:
        return ""
    own = set(sizes)
    for text in texts:
        pairs = [(float(foot.replace(",", ".")), size) for foot, size in _PAIR.findall(text)]
        table = sorted(pair for pair in pairs if _FEET[0] <= pair[0] <= _FEET[1] and pair[1] in own)
        if len(pairs) >= _LEAST_PAIRS:
            return next((size for foot, size in table if cm <= foot < cm + _STEP), "")
    return ""
