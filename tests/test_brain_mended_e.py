"""Numbers that belong to a name, one more in place of what goes out, what another sentence asks, the same in pink."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import answer, in_cart, shopper_of
from tests.test_brain_everyday import wants


@pytest.mark.parametrize(
    ("shop", "said", "held"),
    [
        ("qarshi", "smart soat Vaqt 8 qora olaman", ("QG-18", "qora", 1)),
        ("qarshi", "беру смарт часы вахт 8 розовые", ("QG-18", "pushti", 1)),
        ("qarshi", "smart soat Vaqt 8 qora 2 ta olaman", ("QG-18", "qora", 2)),
        ("komp", "возьму наушники HyperX Stinger 2 чёрные", ("KM-24", "qora", 1)),
    ],
)
async def test_a_number_of_the_name_counts_nothing(
    db: database.Tx, tmp_path: Path, shop: str, said: str, held: tuple[str, str, int]
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, said)
    assert await in_cart(me) == [held]


@pytest.mark.parametrize(
    "said", ["sorry, it ends with 16, so 90 123 45 16", "adashdim, oxiri 16, 90 123 45 16", "в конце 16: 90 123 45 16"]
)
async def test_the_end_of_a_phone_counts_nothing(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "qarshi/first.jsonl")
    await answer(me, "fleshka kerak")
    await answer(me, said)
    await answer(me, "64 gb fleshka")
    assert await in_cart(me) == [("QG-14", "", 1)]


@pytest.mark.parametrize("said", ["come on, 9k a pair", "давайте по 9 тыс за пару"])
async def test_a_price_for_a_pair_is_bargained_for(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "pijama/first.jsonl")
    await answer(me, "мужские носки чёрные 42-44, 10 пар, сколько")
    told = await answer(me, said)
    assert any(one in told for one in ("qatʼiy", "фиксир"))
