"""The brain that needs no key: word lists in agent/lexicon and a small dialogue policy. It is deterministic."""

from __future__ import annotations

from agent.brain import Heard, Step
from agent.brain_rules.policy import think

_NOTE = "thinking"


class RuleBrain:
    """Keeps nothing between turns; within a turn its thought is a generator in the notes of what it hears."""

    name = "rules"

    async def next(self, heard: Heard) -> Step:
        """The next calls of the turn, or what to say."""
        thinking = heard.notes.get(_NOTE)
        try:
            if thinking is None:
                thinking = heard.notes[_NOTE] = think(heard)
                calls = next(thinking)
            else:
                calls = thinking.send(heard.results)
        except StopIteration as end:
            return Step(says=end.value)
        return Step(calls=tuple(calls))

    async def close(self) -> None:
        """It holds nothing."""


__all__ = ["RuleBrain"]
