"""Deliveries of platforms as nobody has met them yet: real samples with a part replaced by any JSON at all."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@cache
def samples(platform: str) -> tuple[Any, ...]:
    """The recorded payloads of `platform` in tests/webhooks."""
    folder = Path(__file__).parent / "webhooks"
    return tuple(json.loads(path.read_text("utf-8"))["payload"] for path in sorted(folder.glob(f"{platform}_*.json")))


@st.composite
def damaged(draw: st.DrawFn, platform: str) -> Any:
    """A sample of `platform` in which one to three parts, at any depth, are something else."""
    whole = copy.deepcopy(draw(st.sampled_from(samples(platform))))
    for _ in range(draw(st.integers(1, 3))):
        place = whole
        while isinstance(place, dict | list) and place:
            name = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
            if not isinstance(place[name], dict | list) or draw(st.integers(0, 3)) == 0:
                place[name] = draw(JSON)
                break
            place = place[name]
    return whole
