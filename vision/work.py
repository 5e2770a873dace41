"""Where pictures are worked on: two threads of their own, so that neither the event loop nor its helpers wait.

OpenCV and Pillow let go of the interpreter while they compute; two at a time fill the two cores of a small server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="vision")


async def run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work(*args, **kwargs)` returns, computed off the event loop; raises what it raises."""
    return await asyncio.get_running_loop().run_in_executor(_threads(), partial(work, *args, **kwargs))
