"""A worker process whose brain takes its time: `python tests/slow_worker.py SECONDS MOST worker --config FILE`.

The product itself in everything else; the brain thinks between SECONDS and MOST, in any order.
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

LEAST, MOST = float(sys.argv.pop(1)), float(sys.argv.pop(1))
_build = run.build


class Slow(RuleBrain):
    """The brain that needs no key, thinking longer."""

    async def next(self, heard: Heard) -> Step:
        """What it says, later."""
        if not heard.results:  # once a turn, however many tools it asks for then
            await asyncio.sleep(random.uniform(LEAST, MOST))
        return await super().next(heard)


def build(*parts: Any) -> Any:
    """The App with a slow brain in it."""
    app = _build(*parts)
    app.brain = Slow()
    return app


run.build = build
command_line()
