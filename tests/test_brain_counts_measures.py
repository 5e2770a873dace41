"""So many pieces of a kind are not the one of its things that comes in that measure."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of, said_in


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("osimlik", "two bags of potting soil please", ("5 l", "10 l", "2 l")),
        ("osimlik", "ikkita tuproq bering", ("5 l", "10 l", "2 l")),
        ("osimlik", "3 пакета грунта возьму", ("5 л", "10 л", "3 л")),
        ("asal", "2 шт мёда беру", ("250 г", "500 г", "1 кг")),
        ("osimlik", "иккита тупроқ беринг", ("5 l", "10 l", "2 l")),
        ("shirin", "2 ta tort kerak", ("1 kg", "2 kg")),
    ],
)
async def test_so_many_pieces_choose_none(
    db: database.Tx, tmp_path: Path, shop: str, said: str, told: tuple[str, ...]
) -> None:
    text, held = await said_in(db, tmp_path, shop, said)
    assert held == [] and all(one in text for one in told)


@pytest.mark.parametrize(
    ("shop", "said", "left"),
    [
        ("osimlik", "two bags of potting soil, 10 l", [("OS-29", "", 2)]),
        ("osimlik", "грунт 5 л два мешка беру", [("OS-28", "", 2)]),
        ("osimlik", "leyka 5 l va 2 ta tuproq 10 l olaman", [("OS-36", "", 1), ("OS-29", "", 2)]),
        ("asal", "гречишный мёд не надо, беру мёд горный 1 кг 2 штуки", [("AS-03", "", 2)]),
    ],
)
async def test_a_measure_that_is_said_chooses(
    db: database.Tx, tmp_path: Path, shop: str, said: str, left: list[tuple[str, str, int]]
) -> None:
    assert sorted(await cart_of(db, tmp_path, shop, said)) == sorted(left)
