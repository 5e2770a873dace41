"""A worker of the product with an odd brain: `python tests/world/odd_worker.py SECONDS WORD worker --config FILE`.

It thinks for SECONDS, and breaks on every message that holds WORD ("" none). Everything else is the product.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from agent.brain import Heard, Step
from agent.brain_rules import RuleBrain
from cli import run
from main import app as command_line

SECONDS, WORD = float(sys.argv.pop(1)), sys.argv.pop(1)
_build = run.build


class Odd(RuleBrain):
    """The brain that needs no key, slower, and with one word it cannot bear."""

    async def next(self, heard: Heard) -> Step:
        """What it says, later."""
        await asyncio.sleep(SECONDS)
        if WORD and WORD in repr(heard):
            raise ZeroDivisionError("a message that no brain survives")
        return await super().next(heard)


def build(*parts: Any) -> Any:
    """The App with the odd brain in it."""
    app = _build(*parts)
    app.brain = Odd()
    return app


run.build = build
command_line()
