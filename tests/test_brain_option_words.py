"""Options that a shop writes as Uzbek words, said in another language."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        (["mounting foam 750 ml, the winter one, 3 cans please"], [("EK-39", "qishki", 3)]),
        (["how much is mounting foam 750 ml?", "winter"], [("EK-39", "qishki", 1)]),
        (["пена монтажная 750 мл, летнюю 2 штуки"], [("EK-39", "yozgi", 2)]),
        (["panel corner, inner, 2 pcs"], [("EK-34", "ichki", 2)]),
        (["панел бурчаги ташқиси 4 та"], [("EK-34", "tashqi", 4)]),
        (["угол для панелей наружный 3 шт"], [("EK-34", "tashqi", 3)]),
        (["Door casing, walnut, 5"], [("EK-10", "yong'oq", 5)]),
        (["линолеум полукоммерческий дуб 4 метра"], [("EK-20", "eman", 4)]),
        (["MDF панель орех 6 штук"], [("EK-32", "yong'oq", 6)]),
    ],
)
async def test_an_option_in_another_language(
    db: database.Tx, tmp_path: Path, said: list[str], lines: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, "eshik", *said) == lines
