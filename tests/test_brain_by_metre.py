"""What is sold by the metre or by weight: the number said with that unit is how much is wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.measure import sold_by
from agent.brain_rules.text import tokens
from kit import db as database
from tests.talking import cart_of


@pytest.mark.parametrize(
    ("title", "said", "so"),
    [
        ("Arqon 8 mm, metrlab", "20 metr", True),
        ("Верёвка 8 мм, на метр", "20 метров", True),
        ("Лента кружевная, за метр", "5 m", True),
        ("Кабель на отрез", "12 metres", True),
        ("LED lenta, 1 metr", "3 metr", True),
        ("Халва на развес", "2 кило", True),
        ("Qurt, kilolab", "3 kg", True),
        ("Масло розливное, за литр", "4 litr", True),
        ("Arqon 20 m", "20 metr", False),
        ("Стол на 2 метра", "2 метра", False),
        ("Arqon 8 mm, metrlab", "8 mm", False),
        ("Arqon 8 mm, metrlab", "2 kilo", False),
    ],
)
def test_what_a_thing_is_sold_by(title: str, said: str, so: bool) -> None:
    assert sold_by(tokens(said), 1, [title]) is so


@pytest.mark.parametrize(
    ("said", "held"),
    [
        (["kapron arqon 6 mm oqidan 12 metr kesib bering"], [("AQ-01", "oq", 12)]),
        (["джутовая верёвка, 15 метров отрежьте"], [("AQ-08", "", 15)]),
        (["тўрт миллилик пўлат тросдан ўттиз метр керак"], [("AQ-11", "", 30)]),
        (["25 metres of the 4 mm chain please"], [("AQ-15", "", 25)]),
        (["jut arqon bormi", "7 metr olaman"], [("AQ-08", "", 7)]),
        (["jut arqon bormi", "20 metr kerak"], [("AQ-08", "", 20)]),
        (["цепь 4 мм почём", "20 метров возьму"], [("AQ-15", "", 20)]),
    ],
)
async def test_so_many_metres_are_wanted(
    db: database.Tx, tmp_path: Path, said: list[str], held: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, "arqon", *said) == held
