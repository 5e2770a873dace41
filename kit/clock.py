"""The one place that reads the wall clock. Domain code takes `now` as an argument; the edges ask here.

It refuses to know time zones: every time is aware and UTC; a shop's own time is `shop.hours`' business.
A machine's own clock may be wrong, the database's is the one that counts: `agree` measures the difference, and `now`
is the database's time as far as this machine can tell without asking. What must not happen early asks the database.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kit.db import Reader

_SAME = timedelta(milliseconds=500)  # nearer is as good as equal: our time does not jump for it
_SLOW_S = 1.0  # an answer that took longer says too little about when it was given
_offset = timedelta()  # the world's, see `shift`
_skew = timedelta()  # the database's clock less this machine's
# a process on a machine whose clock is wrong by so many seconds: set by tests/world for processes it starts, never in a
# real shop
_wrong = timedelta(seconds=float(os.environ.get("TEST_CLOCK_OFFSET_S") or 0))


def now() -> datetime:
    """The time, aware, in UTC."""
    return _wall() + _skew + _offset


def shift(offset: timedelta) -> None:
    """Move the whole world's time by `offset` (tests only; `timedelta()` sets it right again)."""
    global _offset
    _offset = offset


def misset(by: timedelta) -> None:
    """Make this machine's clock wrong by `by` (tests only); `agree` has to find it out."""
    global _wrong
    _wrong = by


def world(moment: datetime) -> datetime:
    """A moment that the database told, moved by the world's offset as `now` is."""
    return moment + _offset


async def agree(reader: Reader) -> timedelta:
    """Set `now` by the database's clock; by how much this machine's is behind it. Raises what asyncpg raises."""
    global _skew
    wall, began = _wall(), time.monotonic()
    theirs: datetime = await reader.fetchval("SELECT clock_timestamp()")
    took_s = time.monotonic() - began
    skew = theirs - wall - timedelta(seconds=took_s / 2)
    if took_s < _SLOW_S and abs(skew - _skew) > _SAME:
        _skew = timedelta() if abs(skew) < _SAME else skew
    return _skew


def _wall() -> datetime:
    return datetime.now(UTC) + _wrong
