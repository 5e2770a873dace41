"""Replies of several parts that broke off: the next try goes on there, and nobody gets an album twice."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeVar

from kit.message import Chat, Reply

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_REMEMBERED = 500  # of one channel in one process; what is forgotten is said again from its beginning


class Halfway:
    """How many parts of a reply have left while it is tried again."""

    def __init__(self) -> None:
        self._done: dict[tuple[Chat, Reply], int] = {}

    def begin(self, chat: Chat, reply: Reply) -> int:
        """The first part to say now."""
        return self._done.pop((chat, reply), 0)

    def broke_off(self, chat: Chat, reply: Reply, place: int) -> None:
        """Part number `place` did not leave, and will be tried again."""
        if place:
            remember(self._done, (chat, reply), place)


def remember(memory: dict[K, V], key: K, value: V, limit: int = _REMEMBERED) -> None:
    """Note `key` and forget the oldest beyond `limit`."""
    memory[key] = value
    while len(memory) > limit:
        del memory[next(iter(memory))]
