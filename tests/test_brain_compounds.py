"""Numbers inside words: an eight-channel recorder is the one of 8 channels, and no eight of them are ordered."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of


@pytest.mark.parametrize(
    ("shop", "said", "lines"),
    [
        ("kamera", "регистратор восьмиканальный один возьму", {"KR-11": 1}),
        ("kamera", "четырехканальный регистратор беру, 2 штуки", {"KR-13": 2}),
        ("kamera", "registrator sakkiz kanallisidan bitta olaman", {"KR-11": 1}),
        ("isitgich", "электроплитку двухконфорочную одну, пожалуйста", {"IS-17": 1}),
        ("chiroq", "люстру малика восьмирожковую одну беру", {"YG-14": 1}),
        ("akvarium", "компрессор двухканальный, 3 штуки возьму", {"AK-35": 3}),
        ("chiroq", "ikkitalik rozetka qorasidan 2 ta olaman", {"YG-32": 2}),
    ],
)
async def test_a_number_in_a_word_tells_which_one(
    db: database.Tx, tmp_path: Path, shop: str, said: str, lines: dict[str, int]
) -> None:
    assert {sku: qty for sku, _, qty in await cart_of(db, tmp_path, shop, said)} == lines
