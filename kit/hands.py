"""How many jobs a process should run at once: many while they wait for others, few while they compute.

Fifty jobs that compute in one thread are not done sooner than four, but each of them takes twelve times as long, also
the one that came last from somebody who asks for little. What counts is the thread's own processor time: on a machine
that others keep busy, fewer jobs at once would only make us slower.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

FEW = 8  # enough that one computes while the others wait for the database; with 4 a backlog took a third longer
WINDOW_S = 0.2
BUSY, CALM = 0.85, 0.7  # shares of a window in which the thread computed


@dataclass(slots=True)
class Hands:
    """`now`: how many. Starts with few and doubles in a fifth of a second, up to `most`."""

    most: int
    cpu: Callable[[], float] = time.thread_time
    clock: Callable[[], float] = time.monotonic
    now: int = field(init=False)
    _cpu: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        self.now = min(self.most, FEW)
        self._cpu, self._at = self.cpu(), self.clock()

    def feel(self) -> bool:
        """Look how the last window was, when one is over; True when there are more hands than before."""
        cpu, at = self.cpu(), self.clock()
        if at - self._at < WINDOW_S:
            return False
        share, before = (cpu - self._cpu) / (at - self._at), self.now
        self._cpu, self._at = cpu, at
        if share > BUSY:
            self.now = max(min(FEW, self.most), self.now * 2 // 3)
        elif share < CALM:
            self.now = min(self.most, self.now * 2)
        return self.now > before
