"""What a shopper has already is not bought: it only tells what is wanted for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of


@pytest.mark.parametrize(
    "said",
    [
        "у меня стол 12 футов, шары какие брать, 60 или 68?",
        "menda stol 9 futli, qaysi shar kerak?",
        "менда стол 12 футли, шар қанча?",
        "i have a table 9 ft, which balls for pyramid?",
        "u menya stol 10, shar qancha?",
    ],
)
async def test_what_is_had_is_not_bought(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "bilard", said) == []
