"""A thing that is let go of is not the thing in the cart, and naming it brings no person."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import said_in


@pytest.mark.parametrize(
    ("shop", "order", "said", "told"),
    [  # (what is named has a number in its title)
        ("hammom", "mikrofibra sochiq 70x140 pushti 2 ta olaman", "mahra sochiq 100x150 kerak emas", "buyurtmada yoʻq"),
        ("osimlik", "беру горшок глиняный 12 см белый", "грунт универсальный 10 л не надо", "в заказе этого нет"),
        ("qulf", "oshiq-moshiq 100x75 qora 4 ta olaman", "mebel oyoqchasi 100 mm kerakmas", "buyurtmada yoʻq"),
        ("qulf", "4 door hinges 100x75 black please", "I don't need the furniture legs 100 mm", "not in"),
    ],
)
async def test_what_is_not_in_the_cart_is_told_so(
    db: database.Tx, tmp_path: Path, shop: str, order: str, said: str, told: str
) -> None:
    text, held = await said_in(db, tmp_path, shop, order, said)
    assert told in text and len(held) == 1


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("ikkita kodli qulf olaman", "yo'q bo'lsa kerak emas"),
        ("ikkita kodli qulf olaman", "sariq chemodan tugagan bo'lsa kerakmas"),
        ("икки дона кодли қулф оламан", "йўқ бўлса керак эмас"),
        ("беру 2 замка кодовых", "если нет, то не надо"),
        ("беру 2 замка кодовых", "если чемодана нет, то не надо"),
        ("2 code locks please", "if there is none I don't need it"),
    ],
)
async def test_what_is_not_wanted_if_there_is_none(db: database.Tx, tmp_path: Path, order: str, said: str) -> None:
    text, held = await said_in(db, tmp_path, "sumka", order, said)
    assert held == [("KS-10", "", 2)], text


@pytest.mark.parametrize(
    ("order", "said"),
    [("беру 2 замка кодовых", "не надо ничего"), ("ikkita kodli qulf olaman", "kerak emas, fikrimdan qaytdim")],
)
async def test_a_plain_no_empties_it(db: database.Tx, tmp_path: Path, order: str, said: str) -> None:
    assert (await said_in(db, tmp_path, "sumka", order, said))[1] == []


async def test_locks_are_no_swear_word(db: database.Tx, tmp_path: Path) -> None:
    text, held = await said_in(db, tmp_path, "sumka", "2 code locks please")
    assert "Sorry" not in text and held == [("KS-10", "", 2)]
