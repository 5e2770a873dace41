"""A price of the shopper's own, told in short and in two languages at once: haggled for, nothing counted by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import answer, in_cart, shopper_of


@pytest.mark.parametrize(
    ("shop", "asked", "said"),
    [
        ("velo", "насос напольный сколько", "за 140 забираю"),
        ("velo", "замок тросовый кодовый почём", "50 ga отдайте"),
        ("mato", "adras bordo necha pul", "70 dan hisoblang"),
        ("mato", "адрас бордо неча пул", "70 га otdadite"),
        ("idish", "казан чугунный 8 л почём", "по 290 два отдадите?"),
        ("libos", "charm kurtka kosuxa qora 50 qancha", "1200 ga pustit qiling"),
        ("telefon", "how much is the samsung a06 black", "give it for 1200"),
    ],
)
async def test_an_own_price_is_haggled_for(db: database.Tx, tmp_path: Path, shop: str, asked: str, said: str) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, asked)
    told = (await answer(me, said)).lower()
    assert any(word in told for word in ("chegirma", "скид", "чегирма", "kelishdik", "договор", "discount", "price"))
    assert await in_cart(me) == []


@pytest.mark.parametrize(
    ("shop", "asked", "said", "kept"),
    [
        ("shina", "damas 155 R12C qancha", "битта керак запаскага", "SN-03"),
        ("shina", "резина 155 R12C на дамас почем", "480 ga отдайте, одна kere запаскага", "SN-03"),
    ],
)
async def test_what_a_thing_is_for_is_not_bought(
    db: database.Tx, tmp_path: Path, shop: str, asked: str, said: str, kept: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, asked)
    await answer(me, said)
    assert {sku for sku, _, _ in await in_cart(me)} <= {kept}
