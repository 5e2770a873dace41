"""A price of the shopper's own in millions, said without the word: `3.6 ga bering` of what costs 3 900 000."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import said_in, shopper_of


@pytest.mark.parametrize(
    ("shop", "asked", "said", "amount"),
    [
        ("telefon", "iphone 12 b/u kogi bormi", "3.6 ga tashasangiz hozir olaman", 3_600_000),
        ("telefon", "айфон 12 б/у синий есть?", "за 3,6 отдадите?", 3_600_000),
        ("telefon", "айфон 11 бор?", "2.5 га беринг, хозир оламан", 2_500_000),
        ("telefon", "how much is the samsung s22", "can you do 2.9 for it?", 2_900_000),
        ("telefon", "redmi note 12 narxi", "1 ga berasizmi", 1_000_000),
        ("telefon", "galaxy s22 narxi", "3.1 qilib bering, bugun olaman", 3_100_000),
    ],
)
async def test_millions_without_the_word(
    db: database.Tx, tmp_path: Path, shop: str, asked: str, said: str, amount: int
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await me.say(asked)
    await me.notices()
    await me.say(said)
    told = str(await me.notices())
    assert str(amount) in told.replace("\xa0", "").replace(" ", ""), told


@pytest.mark.parametrize(
    ("shop", "asked", "said", "held"),
    [
        ("telefon", "honor x9c yashil bormi", "2 ta qilib bering", [("TF-11", "yashil", 2)]),
        ("telefon", "redmi note 14 pro qora bormi", "3 qilib bering", [("TF-09", "qora", 3)]),
        ("telefon", "poco x7 pro чёрный есть?", "беру 2", [("TF-10", "qora", 2)]),
    ],
)
async def test_pieces_are_no_millions(
    db: database.Tx, tmp_path: Path, shop: str, asked: str, said: str, held: list[tuple[str, str, int]]
) -> None:
    assert (await said_in(db, tmp_path, shop, asked, said))[1] == held
