"""As many of one thing as of another: `shuncha`, `столько же`, `the same number of`."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("ikkita qulf olaman", "bo'yin yostig'i kulrang, shuncha"),
        ("беру 2 замка кодовых", "и подушку серую столько же"),
        ("2 code locks please", "and the same number of grey neck pillows"),
    ],
)
async def test_as_many_as_before(db: database.Tx, tmp_path: Path, order: str, said: str) -> None:
    assert await cart_of(db, tmp_path, "sumka", order, said) == [("KS-09", "kulrang", 2), ("KS-10", "", 2)]


@pytest.mark.parametrize(
    ("shop", "said", "held"),
    [
        (
            "sumka",
            "3 ta kodli qulf, shuncha bo'yin yostig'i kulrang kerak",
            [("KS-09", "kulrang", 3), ("KS-10", "", 3)],
        ),
        ("sumka", "учта кодли қулф керак ва шунча кулранг бўйин ёстиғи", [("KS-09", "kulrang", 3), ("KS-10", "", 3)]),
        ("sumka", "4 code locks and the same number of grey neck pillows", [("KS-09", "kulrang", 4), ("KS-10", "", 4)]),
        ("kofe", "4 ta sencha va shuncha karkade olay", [("KF-12", "", 4), ("KF-18", "", 4)]),
        ("kofe", "take 4 sencha teas, same number of hibiscus", [("KF-12", "", 4), ("KF-18", "", 4)]),
        ("zoo", "5 ta mushuk nam ozuqasi va shuncha it suyagi", [("ZO-04", "", 5), ("ZO-16", "", 5)]),
        ("asal", "2 banka tog' asali 1 kg, shunchadan gul changi 100 g", [("AS-03", "", 2), ("AS-22", "", 2)]),
        ("osimlik", "грунт 5 л четыре штуки, столько же керамзита", [("OS-28", "", 4), ("OS-32", "", 4)]),
    ],
)
async def test_as_many_of_another_thing_in_one_breath(
    db: database.Tx, tmp_path: Path, shop: str, said: str, held: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, said) == held


@pytest.mark.parametrize("said", ["а подушка столько же стоит?", "shuncha kutdim, qani javob", "шунча вақт ўтди"])
async def test_as_much_money_or_time_counts_nothing(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "sumka", "беру 3 замка кодовых", said) == [("KS-10", "", 3)]
