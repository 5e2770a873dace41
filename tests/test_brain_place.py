"""An address cut out of a message that also holds a phone."""

from __future__ import annotations

import pytest

from agent.brain_rules.meaning import _place


@pytest.mark.parametrize(
    ("said", "place", "name"),
    [
        ("Сергей |||||||||||| Чиланзар 5", "Чиланзар 5", "Сергей"),
        ("Чиланзар 5, дом 7 |||| кв 3", "Чиланзар 5, дом 7, кв 3", ""),
        ("||||||||| Yunusobod 4-kvartal, 2-uy", "Yunusobod 4-kvartal, 2-uy", ""),
        ("Chilonzor 5-mavze, 2-uy", "Chilonzor 5-mavze, 2-uy", ""),
    ],
)
def test_a_phone_inside_leaves_no_trace(said: str, place: str, name: str) -> None:
    assert _place(said) == (place, name)
