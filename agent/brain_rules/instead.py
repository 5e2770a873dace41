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


_OF = r"(?:\s+of(?:\s+(?:the|these|those|them))?)?(?=\s+[^\W\d]|\s*(?:[,.;!?\n]|$))"
_ONES = {"a": 1, "one": 1, "two": 2, "couple": 2, "three": 3, "four": 4, "five": 5, "half": 0.5}
_DOZENS = re.compile(
    rf"\b(?:a\s+)?(?:(a|one|two|couple|three|four|five|\d{{1,2}})|(half)(?:\s+an?)?)(?:\s+of)?\s+dozens?\b{_OF}", re.I
)
_COUPLE = re.compile(
    rf"\ba\s+couple\b(?!\s+(?:of\s+)?(?:days?|hours?|minutes?|weeks?|questions?|things?)\b){_OF}", re.I
)


def counted(text: str) -> str:
    """`6 mugs and two plates` of `half a dozen mugs and a couple of plates`; also where the count ends the sentence."""
    return _COUPLE.sub("two", _DOZENS.sub(_in_dozens, text))


def _in_dozens(found: re.Match[str]) -> str:
    many = (found[1] or found[2]).lower()
    count = int(12 * (_ONES[many] if many in _ONES else int(many)))
    ends = not found.string[found.end() :].lstrip()[:1].isalnum()  # "rose, half a dozen": no size 6
    return f"{count} pcs" if ends else {6: "six", 12: "twelve"}.get(count, str(count))
