"""Calls that come while one is under way go together in the next: many small statements become a few.

Nothing waits when nothing is under way, so a quiet shop is not slower for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from kit import tasks

A = TypeVar("A")
R = TypeVar("R")


class Batched(Generic[A, R]):
    """`await batched(one)` is what `many` found for it; `many` answers in the order it was asked.

    When `many` raises, everybody in that batch gets the error. A caller that is cancelled leaves its call to be made.
    """

    def __init__(self, many: Callable[[Sequence[A]], Awaitable[Sequence[R]]], name: str) -> None:
        self._many = many
        self._name = name
        self._asked: list[tuple[A, asyncio.Future[R]]] = []
        self._working: asyncio.Task[None] | None = None

    async def __call__(self, one: A) -> R:
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._asked.append((one, answer))
        if self._working is None:
            self._working = tasks.start(self._work(), self._name)
        return await answer

    async def _work(self) -> None:
        try:
            await self._work_off()
        finally:
            self._working = None

    async def _work_off(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, []
            try:
                found = await self._many([one for one, _ in asked])
                for (_, answer), result in zip(asked, found, strict=True):
                    if not answer.done():
                        answer.set_result(result)
            except Exception as error:
                for _, answer in asked:
                    if not answer.done():
                        answer.set_exception(error)
            finally:
                for _, answer in asked:
                    answer.cancel()  # of those without an answer: we were stopped
