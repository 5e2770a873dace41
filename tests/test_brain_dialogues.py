"""The scripted conversations, played in this process by the rule brain, pass at least as often as they did."""

from __future__ import annotations

import pytest

from tests import talk

# measured: 46 of 48 (the 46 of the count without voice, and two voice ones by transcript)
FLOORS = {"dialogues.jsonl": 0.89}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
async def test_conversations_pass(db_url: str, name: str, floor: float) -> None:
    ((_, score),) = await talk.play_sets(db_url, [name], [], verbose=False)
    assert not score.grave
    assert score.rate >= floor, score.failed
