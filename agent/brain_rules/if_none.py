"""`если его нет, то не надо`, `yo'q bo'lsa kerak emas`: what is not wanted then is not what is already in the cart."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brain_rules.intents import follows
from agent.brain_rules.text import Token


def if_none(parts: Sequence[Token]) -> bool:
    """Whether something is said for the case that there is none: `if there is none`, `tugagan bo'lsa`."""
    return any(
        follows(parts, at, "supposes", "is_none") or follows(parts, at, "is_none", "if_so") for at in range(len(parts))
    )
