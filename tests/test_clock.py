"""The product's time is the database's, whatever the machine under it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from kit import clock
from kit import db as database

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def right_again() -> Iterator[None]:
    yield
    clock.shift(timedelta())
    clock.misset(timedelta())
    clock._skew = timedelta()


def near(moment: datetime, other: datetime) -> bool:
    return abs(moment - other) < timedelta(seconds=2)


async def test_a_machine_with_a_wrong_clock_is_set_right(db: database.Tx) -> None:
    for wrong in (HOUR, -HOUR, timedelta(days=400)):
        clock.misset(wrong)
        await clock.agree(db)
        assert near(clock.now(), datetime.now(UTC))


async def test_a_clock_that_is_mended_is_believed_again(db: database.Tx) -> None:
    clock.misset(HOUR)
    assert near(datetime.now(UTC) + await clock.agree(db), datetime.now(UTC) - HOUR)
    clock.misset(timedelta())
    assert await clock.agree(db) == timedelta()


async def test_the_worlds_time_stays_moved(db: database.Tx) -> None:
    """Tests that travel in time do so for the database's moments too."""
    clock.shift(5 * HOUR)
    clock.misset(-HOUR)
    await clock.agree(db)
    assert near(clock.now(), datetime.now(UTC) + 5 * HOUR)
    assert clock.world(datetime.now(UTC)) > datetime.now(UTC) + 4 * HOUR


async def test_a_good_clock_does_not_jump(db: database.Tx) -> None:
    assert await clock.agree(db) == timedelta()
