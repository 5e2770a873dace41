"""How long a language model is waited for in a turn, and when it is not even asked.

A shopper has an answer within eight seconds, whatever the provider does. So a turn falls to the rules `patience_s`
after its first request, unless the model works through it step by step: then each further request has half of that to
come back whole, and the turn ends `timeout_s` after it began. It counts when an answer is whole; signs of life do not:
a provider that drips a letter a second is as good as silent.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

LONG_REST_S = 600.0  # the key, the credit or the model's name is wrong: a person has to mend it
_TROUBLES = 3  # failures running, of any conversation, after which the provider is left alone for a while
_REST_S = 30.0
MENDS = {
    "401": "the key is refused: set llm.api_key",
    "402": "the provider's credit is used up: top it up",
    "403": "the key may not use this model: set llm.model or the key's rights",
    "404": "no such model or address: set llm.model and llm.base_url",
}


@dataclass
class Patience:
    """Of all turns of one process. `rest_until`: until then (on its clock) every turn goes to the rules at once."""

    patience_s: float
    timeout_s: float
    clock: Callable[[], float] = time.monotonic
    rest_until: float = 0.0
    _troubles: int = field(default=0, init=False)
    _trying: bool = field(default=False, init=False)

    def may_ask(self) -> bool:
        """Whether a turn may begin with the model. After a rest one turn tries; the others see what comes of it."""
        now = self.clock()
        if now < self.rest_until:
            return False
        if self._troubles >= _TROUBLES:
            self.rest_until, self._trying = now + self.patience_s, True
        return True

    def left(self, begun: float) -> float:
        """Seconds within which a request sent now has to be whole, in a turn that began at `begun`."""
        now = self.clock()
        return min(begun + self.timeout_s, max(begun + self.patience_s, now + self.patience_s / 2)) - now

    def worked(self) -> None:
        """A request came back whole."""
        if self._trying:
            self.rest_until = 0.0
        self._troubles, self._trying = 0, False

    def failed(self, code: str, wait_s: float = 0.0) -> None:
        """A request did not; after some running, or at once where only a person can mend it, the provider rests."""
        self._troubles += 1
        self._trying = False
        rest = LONG_REST_S if code in MENDS else _REST_S if self._troubles >= _TROUBLES else 0.0
        if rest := max(rest, wait_s):
            self.rest_until = self.clock() + rest
