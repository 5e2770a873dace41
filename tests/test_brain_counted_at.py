"""A price of the shopper's own that is to be reckoned with: it is haggling, and never so many pieces."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import said_in


@pytest.mark.parametrize(
    ("asked", "said", "told"),
    [
        ("moshni kilosi nechi pul", "4 kilo olaman, 17 dan hisoblang endi", "Narxlar qatʼiy"),
        ("мошни килоси неча пул", "4 кило оламан, 17 дан ҳисобланг", "Нархлар қатъий"),
        ("маш почём", "посчитайте по 17, возьму 4 кило", "Цены фиксированные"),
        ("маш почём", "4 кило возьму, по 17 посчитаете?", "Цены фиксированные"),
        ("how much is mosh 1 kg?", "charge it at 17 and I take 4", "Prices are fixed"),
    ],
)
async def test_a_price_that_is_to_be_reckoned_with(
    db: database.Tx, tmp_path: Path, asked: str, said: str, told: str
) -> None:
    answered, cart = await said_in(db, tmp_path, "bozor", asked, said)
    assert told in answered
    assert all(qty == 4 for _, _, qty in cart)
