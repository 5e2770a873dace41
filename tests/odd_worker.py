"""A worker process whose brain is odd: `python tests/odd_worker.py LEAST MOST WORD worker --config FILE`.

It thinks between LEAST and MOST seconds a turn, and breaks on every message that holds WORD ("" none). The product
itself in everything else.
"""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from agent.brain import Heard, Step
from agent.brain_rules import RuleBrain
from cli import run
from main import app as command_line

LEAST, MOST, WORD = float(sys.argv.pop(1)), float(sys.argv.pop(1)), sys.argv.pop(1)
_build = run.build


class Odd(RuleBrain):
    """The brain that needs no key, thinking longer, and with one word it cannot bear."""

    async def next(self, heard: Heard) -> Step:
        """What it says, later."""
        if not heard.results:  # once a turn, however many tools it asks for then
            await asyncio.sleep(random.uniform(LEAST, MOST))
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
