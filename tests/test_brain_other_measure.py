"""Of a thing sold in several measures one is refused and another one ordered in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of


@pytest.mark.parametrize(
    ("shop", "order", "said", "held"),
    [
        (
            "osimlik",
            "o'n litrlik tuproqdan ikkita kerak",
            "yo'q, o'n litrligi kerakmas besh litrligidan to'rtta bo'lsin",
            [("OS-28", "", 4)],
        ),
        ("osimlik", "грунт 10 л две штуки", "не надо десятку, дайте пять литров три штуки", [("OS-28", "", 3)]),
        ("osimlik", "two of the soil 10 l please", "not the 10 l, three of the 5 l", [("OS-28", "", 3)]),
        ("osimlik", "универсального грунта 5 л 3 шт", "5 л не надо 10 л дайте два", [("OS-29", "", 2)]),
        ("quruq", "yong'oq mag'zi 1 kg 2 ta", "бир килолиги эмас, ярим килолигидан тўртта", [("QR-11", "", 4)]),
        ("asal", "мёд горный 1 кг две банки", "don't want the 1 kg one, give me 4 of 500 g", [("AS-02", "", 4)]),
        ("dala", "leyka 10 l yashil 1 ta", "10 l kerak emas, 5 l 2 ta", [("DL-10", "yashil", 2)]),
        ("chiroq", "LED projektor 50W 2 ta", "50 vattlik emas, 100 vattlik", [("YG-25", "", 2)]),
        ("usta", "болгарка 125 мм одна", "не 125, а 230 мм две", [("UM-06", "", 2)]),
    ],
)
async def test_the_refused_measure_goes_out_and_the_other_comes_in(
    db: database.Tx, tmp_path: Path, shop: str, order: str, said: str, held: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, order, said) == held


@pytest.mark.parametrize("said", ["1 кг эмас 500 г бешта", "the 1 kg is not needed, 5 of 500 g"])
async def test_what_is_there_stays_where_the_other_is_refused(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "asal", "тоғ асали 500 г бешта", said) == [("AS-02", "", 5)]
