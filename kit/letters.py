"""A dead letter: work the shop's processes gave up, as staff are shown it.

One shape for both boxes, so that `/dead` lists them together: the first letter of the id
names the box ("i12" is inbox row 12, "o12" is outbox row 12), the rest is the row's number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

INBOX: Final = "i"
OUTBOX: Final = "o"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """`id`: "i12" or "o12". `key`: the lane. `what`: its words, else its kind.
    `why`: the reason as the process wrote it, for staff and logs. `at`: when it died."""

    id: str
    key: str
    what: str
    why: str
    at: datetime


def letter_id(box: str, row: int) -> str:
    """What staff type after /retry and /skip."""
    return f"{box}{row}"


def parse_id(typed: str) -> tuple[str, int] | None:
    """("i", 12) of "i12" in any case and with spaces around; None when it is no letter's id."""
    text = typed.strip().lower()
    box, digits = text[:1], text[1:]
    if box not in (INBOX, OUTBOX) or not (digits.isascii() and digits.isdigit()):
        return None
    row = int(digits)
    return (box, row) if 0 < row < 2**63 else None
