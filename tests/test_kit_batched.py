"""Calls that come while one is under way go together in the next."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from kit import tasks
from kit.batched import Batched


class Squares:
    """Squares numbers slowly; a zero breaks its batch."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.door = asyncio.Event()

    async def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        await self.door.wait()
        if 0 in numbers:
            raise ZeroDivisionError
        return [number * number for number in numbers]


async def test_one_alone_goes_at_once_and_the_rest_together() -> None:
    squares = Squares()
    batched = Batched(squares, "squares")
    first = tasks.start(batched(1), "call")
    await asyncio.sleep(0.01)
    rest = [tasks.start(batched(number), "call") for number in (2, 3, 4)]
    await asyncio.sleep(0.01)
    assert squares.batches == [[1]]
    squares.door.set()
    assert await asyncio.gather(first, *rest) == [1, 4, 9, 16]
    assert squares.batches == [[1], [2, 3, 4]]
    assert await batched(5) == 25


async def test_an_error_is_everybodys_in_the_batch_and_nobody_elses() -> None:
    squares = Squares()
    batched = Batched(squares, "squares")
    bad = [tasks.start(batched(number), "call") for number in (0, 1)]
    await asyncio.sleep(0.01)
    good = tasks.start(batched(2), "call")
    squares.door.set()
    found = await asyncio.gather(*bad, return_exceptions=True)
    assert [type(one) for one in found] == [ZeroDivisionError, ZeroDivisionError]
    assert await good == 4


async def test_who_does_not_wait_any_more_costs_the_others_nothing() -> None:
    squares = Squares()
    batched = Batched(squares, "squares")
    gone, stays = tasks.start(batched(3), "call"), tasks.start(batched(4), "call")
    await asyncio.sleep(0.01)
    gone.cancel()
    squares.door.set()
    assert await stays == 16
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert squares.batches == [[3, 4]]


async def test_answers_must_be_as_many_as_questions() -> None:
    async def forgets(numbers: Sequence[int]) -> list[int]:
        return list(numbers)[1:]

    batched = Batched(forgets, "forgets")
    with pytest.raises(ValueError, match="zip"):
        await batched(1)
