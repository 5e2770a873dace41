"""Days and hours as owners write them: `mon_sat: "10:00-20:00"`, `sun: closed`, `fri: "09:00-12:30, 14:00-18:00"`."""

from __future__ import annotations

import re
from datetime import time
from itertools import pairwise
from typing import Any

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EVERY = ("daily", "every_day", "all")
# minutes after midnight, open from and until; until may pass 24 * 60 when the shop closes after midnight
Span = tuple[int, int]
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?")


def parse_days(key: str) -> list[int]:
    """Weekday numbers (Monday 0) of `mon`, `mon_sat`, `sat_mon`, `daily`; ValueError for anything else."""
    name = key.strip().lower().replace("-", "_")
    if name in _EVERY:
        return list(range(7))
    first, _, last = name.partition("_")
    if first not in DAYS or (last and last not in DAYS):
        raise ValueError(f"{key!r} is not a day; use mon tue wed thu fri sat sun, or a range such as mon_sat")
    start, end = DAYS.index(first), DAYS.index(last or first)
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]


def parse_spans(value: Any) -> tuple[Span, ...]:
    """Opening spans of one day; `closed`, empty and null mean none."""
    text = str(value or "").strip().lower()
    if text in ("", "closed", "none"):
        return ()
    spans: list[Span] = []
    for part in re.split(r"[,;]", text):
        found = _SPAN.fullmatch(part.strip())
        if not found:
            raise ValueError(f'{value!r} is not a time span; use "09:00-18:00" or closed')
        start = _minutes(found[1], found[2])
        end = _minutes(found[3], found[4])
        spans.append((start, end if end > start else end + 24 * 60))
    spans.sort()
    for (_, until), (start, _) in pairwise(spans):
        if start < until:
            raise ValueError(f"the spans of {value!r} overlap")
    return tuple(spans)


def parse_clock(value: Any) -> Any:
    """A time of day out of "18:00", "18" or YAML's own reading of 18:00 as the number 1080."""
    if isinstance(value, time):
        return value
    if isinstance(value, int):
        hour, minute = divmod(value, 60) if value > 24 else (value, 0)
        return time(hour, minute)
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?", str(value).strip())
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise ValueError('use a time such as "18:00"')
    return time(int(found[1]), int(found[2] or 0))


def _minutes(hour: str, minute: str | None) -> int:
    total = int(hour) * 60 + int(minute or 0)
    if total > 24 * 60 or int(minute or 0) > 59:
        raise ValueError(f"{hour}:{minute} is not a time of day")
    return total
