"""What goes wrong on the way, drawn from a seed: the n-th call of a method and the n-th event meet the same fate."""

from __future__ import annotations

import random
from dataclasses import dataclass

from tests.fakes.server import Fault

# what of 1000 calls that say something meet; the rest goes well
_SENDS = {"drop": 12, "cut": 8, "429": 8, "500": 8, "page": 5, "hang": 3}
# a spent limit closes an Instagram account for a minute and more: as often as in Telegram it would never be open
_INSTAGRAM = _SENDS | {"429": 0.3}
_ASKS = {"drop": 15, "cut": 10, "500": 5, "hang": 2}
SAYS = frozenset(
    ("sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup", "sendLocation", "editMessageText", "messages")
)
_ALSO_FAILS = frozenset(("getUpdates", "answerCallbackQuery", "file", "media"))


@dataclass(frozen=True)
class Plan:
    """`trouble`: 1.0 as above, 0.0 a world in which only processes die."""

    seed: int
    trouble: float = 1.0

    def dice(self, *about: object) -> random.Random:
        """The dice of one decision."""
        return random.Random(" ".join(str(part) for part in (self.seed, *about)))

    def fault(self, method: str, number: int) -> Fault | None:
        """What meets the `number`-th call of `method`."""
        shares = (
            _INSTAGRAM if method == "messages" else _SENDS if method in SAYS else _ASKS if method in _ALSO_FAILS else {}
        )
        dice = self.dice("call", method, number)
        at = dice.uniform(0, 1000)
        for kind, share in shares.items():
            at -= share * self.trouble
            if at < 0:
                return self._made(kind, method, dice)
        return None

    def _made(self, kind: str, method: str, dice: random.Random) -> Fault:
        if kind == "429":
            return Fault("refuse", method, status=429, retry_after=dice.randint(1, 3), code=4)
        if kind == "500":
            return Fault("refuse", method, status=500)
        if kind == "page":
            return Fault("page", method, status=502)
        if kind == "hang":
            return Fault("hang", method, seconds=dice.uniform(2, 6))
        return Fault(kind, method)

    def copies(self, event: object) -> list[float]:
        """After how many seconds each delivery of an event begins: one or up to five, late or at once.

        What is delayed is overtaken by what was said after it: that is how events change places.
        """
        dice = self.dice("event", event)
        if dice.random() >= 0.25 * self.trouble:
            return [0.0]
        late = dice.choice((0.0, 0.0, 0.2, 1.0, 3.0))
        together = dice.random() < 0.5
        return [late + (0.0 if together else dice.uniform(0, 2)) for _ in range(dice.choice((1, 2, 2, 3, 5)))]
