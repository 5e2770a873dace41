"""Where pictures are worked on: two threads of their own, so that neither the event loop nor its helpers wait.

OpenCV and Pillow let go of the interpreter while they compute; two at a time fill the two cores of a small server. A
learned model has a third thread: it loads for minutes, and only one at a time can use it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import ParamSpec, TypeVar

from kit.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="vision")


@cache
def _model_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="vision-model")


def start(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
    """`work(*args, **kwargs)` begun off the event loop; cancelled before its turn comes, it is never done."""
    return asyncio.get_running_loop().run_in_executor(_threads(), partial(work, *args, **kwargs))


async def run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work(*args, **kwargs)` returns, computed off the event loop; raises what it raises."""
    return await start(work, *args, **kwargs)


async def learned(work: Callable[[], T], wait_s: float | None = None) -> T:
    """What `work`, which asks the learned model, returns; raises what it raises.

    Raises Unavailable after `wait_s` seconds: the model still loads, or is busy with photos of the background.
    """
    try:
        async with asyncio.timeout(wait_s):
            return await asyncio.get_running_loop().run_in_executor(_model_thread(), work)
    except TimeoutError as late:
        raise Unavailable("vision.model: it is busy or still loads", code="model") from late
