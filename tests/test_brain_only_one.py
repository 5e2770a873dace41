"""Of a size or colour that alone is left nobody is asked to choose; a size that is worn is asked for once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of, said_in


@pytest.mark.parametrize(
    ("shop", "said", "line"),
    [
        ("texno", "выпрямитель для волос один возьму", ("TX-14", "qora", 1)),
        ("quruq", "2 packs of pistachios 250 g please", ("QR-16", "tuzli", 2)),
        ("mebel", "журнал столи ғилдиракли битта оламан", ("MB-06", "yong'oq", 1)),
        ("oboi", "yog'och lakidan 3 ta olaman", ("OB-23", "yaltiroq", 3)),
        ("muz", "пельмени 1 кг, две пачки беру", ("MZ-10", "mol go'shti", 2)),
        ("zoo", "Miyov baliqli ozuqadan bitta olaman", ("ZO-02", "1,5 kg", 1)),
    ],
)
async def test_the_only_one_is_taken(
    db: database.Tx, tmp_path: Path, shop: str, said: str, line: tuple[str, str, int]
) -> None:
    assert await cart_of(db, tmp_path, shop, said) == [line]


async def test_another_colour_that_was_named_is_not_replaced(db: database.Tx, tmp_path: Path) -> None:
    _, held = await said_in(db, tmp_path, "texno", "soch to'g'rilagich oqidan bitta olaman")
    assert held == []
