"""One turn: hear, think in bounded steps, speak. It drives both brains and writes nothing until `apply`.

outcome = await answer(turn, brain)     # outside any transaction: brains think, tools read
await apply(tx, turn, outcome)          # inside the fenced transaction: verbs, cart, contact, outbox
refusal(turn, refused)                  # the Outcome to apply instead when a verb said no
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agent.brain import Brain
from agent.session import Session
from agent.turn import Said, Turn, Write
from kit.errors import Refused
from kit.message import Notice

if TYPE_CHECKING:
    from orders.cart import Cart

    from kit.db import Tx


@dataclass(frozen=True)
class Outcome:
    """What a turn wants to be true. `awaiting` goes to the lane: what the next message is expected to answer.

    `irrevocable`: thinking again over a larger burst would read a receipt or a voice message twice; keep it.
    """

    cart: Cart
    session: Session
    said: tuple[Said, ...] = ()
    writes: tuple[Write, ...] = ()
    notices: tuple[Notice, ...] = ()
    awaiting: str = ""
    language: str = ""
    introduced: bool = False
    handing_over: str = ""
    irrevocable: bool = field(default=False)


async def answer(turn: Turn, brain: Brain) -> Outcome:
    """What the shopper hears and what is to be written."""
    raise NotImplementedError


async def apply(tx: Tx, turn: Turn, outcome: Outcome) -> None:
    """Write all of `outcome` in `tx`. Raises Refused when a rule says no: nothing of the turn may stay then."""
    raise NotImplementedError


def refusal(turn: Turn, refused: Refused) -> Outcome:
    """The Outcome instead of one that `apply` refused: says why, changes nothing else."""
    raise NotImplementedError
