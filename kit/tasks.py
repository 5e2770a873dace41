"""The one starter of background tasks: it keeps them alive, logs their end and stops them together.

A task that asyncio alone holds may be collected in the middle of its work and its exception is seen by nobody;
that is why nothing else in the project calls `asyncio.create_task` (a lint and a test hold it).
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

T = TypeVar("T")
log = structlog.get_logger(__name__)


class Nursery:
    """A group of tasks that are stopped together. Use as `async with Nursery() as nursery`."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Nursery:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    def start(self, work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """Run `work` in the background under `name`; a crash is logged, never silent."""
        task = asyncio.create_task(work, name=name)  # noqa: TID251  the one place
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (crash := task.exception()) is not None:
            log.error("task_crashed", task=task.get_name(), exc_info=crash)

    async def stop(self, timeout_s: float = 10.0) -> bool:
        """Cancel all tasks and wait for them, at most `timeout_s`. True when every one has ended."""
        tasks = {task for task in self._tasks if task is not asyncio.current_task()}
        for task in tasks:
            task.cancel()
        if not tasks:
            return True
        _, left = await asyncio.wait(tasks, timeout=timeout_s)
        for task in left:
            log.warning("task_does_not_stop", task=task.get_name())
        return not left


_all = Nursery()


def start(work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
    """Run `work` in the background under `name` until it ends or `stop_all` is called."""
    return _all.start(work, name)


async def stop_all(timeout_s: float = 10.0) -> bool:
    """Cancel everything `start` began and wait at most `timeout_s`. True when every task has ended."""
    return await _all.stop(timeout_s)
