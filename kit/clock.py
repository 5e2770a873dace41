"""The one place that reads the wall clock. Domain code takes `now` as an argument; the edges ask here.

It refuses to know time zones: every time is aware and UTC; a shop's own time is `shop.hours`' business.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_offset = timedelta()


def now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC) + _offset


def shift(offset: timedelta) -> None:
    """Make `now` differ from the wall clock by `offset` (tests only; `timedelta()` sets it right again)."""
    global _offset
    _offset = offset
