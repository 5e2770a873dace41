"""The scripted conversations, played in this process by the rule brain, pass at least as often as they did."""

from __future__ import annotations

import pytest

from tests import talk

# measured: 47 of 48 (two of them are said by voice and played by transcript), and all of the two invented shops
FLOORS = {
    "dialogues.jsonl": 0.93,
    "nur/dialogues.jsonl": 0.9,
    "nur/heldout.jsonl": 0.9,
    "baxt/dialogues.jsonl": 0.9,
    "baxt/heldout.jsonl": 0.9,
}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
async def test_conversations_pass(db_url: str, name: str, floor: float) -> None:
    ((_, score),) = await talk.play_sets(db_url, [name], [], verbose=False)
    assert not score.grave and not score.invented and not score.shapeless
    assert score.rate >= floor, score.failed
