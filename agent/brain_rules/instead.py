"""English said more plainly: one thing given up for another, and counts that no word list has."""

from __future__ import annotations

import re
from collections.abc import Callable

# "instead of the kettle I'll take two mugs"
_INSTEAD_OF = re.compile(
    r"\binstead of\s+((?:the|my|that|those|these)\s+[^\n,.;?!\d]{2,40}?)(?:,|\s+-)?\s+"
    r"(?=(?:i|i'll|i’ll|i'd|i’d|ill|we|we'll|let|give|get|take|send|put|add|make|can|could|please)\b)",
    re.IGNORECASE,
)


def taken_out(text: str, names_goods: Callable[[str], bool]) -> str:
    """`remove the kettle, instead I'll take ...` of `instead of the kettle I'll take ...`; a colour stays as it is."""
    return _INSTEAD_OF.sub(lambda found: f"remove {found[1]}, instead " if names_goods(found[1]) else found[0], text)


_COUNTS = (
    (re.compile(r"\b(?:a\s+)?half(?:\s+an?)?\s+dozen(?:\s+of)?(?=\s+[^\W\d])", re.IGNORECASE), "six"),
    (re.compile(r"\ba\s+couple(?:\s+of)?(?:\s+the)?(?=\s+[^\W\d])", re.IGNORECASE), "two"),
)


def counted(text: str) -> str:
    """`six mugs and two plates` of `half a dozen mugs and a couple of plates`."""
    for pattern, count in _COUNTS:
        text = pattern.sub(count, text)
    return text
