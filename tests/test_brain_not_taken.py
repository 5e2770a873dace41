"""What a shopper has in the cart or in view is not changed by what is said of another thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of, said_in

Lines = list[tuple[str, str, int]]
_KETTLE, _PAIR = (
    "чайник со свистком 3 л красный один беру",
    "чайник со свистком 3 л красный один и графин 1 шт беру",
)


@pytest.mark.parametrize(
    "said",
    [
        "жаль, что блендера нет. тогда сковороду с гранитным покрытием 24 см возьму",
        "No blender? Then give me a 24 cm granite pan instead",
        "Afsus, blenderingiz yo'q ekan. Unda granit tova 24 sm bitta bering",
    ],
)
async def test_what_is_not_sold_takes_nothing_out(db: database.Tx, tmp_path: Path, said: str) -> None:
    before = await cart_of(db, tmp_path, "idish", _KETTLE)
    after = await cart_of(db, tmp_path, "idish", _KETTLE, said)
    assert len(before) == 1 and set(before) <= set(after)


async def test_another_of_the_kind_changes_none_of_the_cart(db: database.Tx, tmp_path: Path) -> None:
    before = await cart_of(db, tmp_path, "idish", _PAIR)
    after = await cart_of(db, tmp_path, "idish", _PAIR, "чайник заварочный 2 штуки возьму")
    assert len(before) == 2 and set(before) <= set(after)


@pytest.mark.parametrize("said", ["choynak izlayapman", "мы ищем чайник"])
async def test_what_is_looked_for_is_named(db: database.Tx, tmp_path: Path, said: str) -> None:
    told, _ = await said_in(db, tmp_path, "idish", "lagan 32 sm qancha", said)
    assert "hoynak" in told or "айник" in told


async def test_a_word_that_ends_like_a_dative_is_the_thing(db: database.Tx, tmp_path: Path) -> None:
    told, _ = await said_in(db, tmp_path, "bosma", "oddiy kepka qora qancha", "krujka 12 ta olsam nechidan")
    assert "rujka" in told and "Kepka oddiy" not in told


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("i have chosen the Rishton lagan 32 cm and 3 granite pans 24 cm", "Lagan Rishton"),
        ("я бы брал чайник со свистком 3 л красный один, и ляган 32 см один", "Чайник со свистком"),
    ],
)
async def test_what_is_chosen_is_not_had(db: database.Tx, tmp_path: Path, said: str, named: str) -> None:
    told, _ = await said_in(db, tmp_path, "idish", said)
    assert named in told


async def test_a_count_ahead_of_a_model_is_no_model(db: database.Tx, tmp_path: Path) -> None:
    held = await cart_of(db, tmp_path, "rozetka", "возьму 2 рамки на 3 поста бежевые")
    assert [(variant.split("/")[0], many) for _, variant, many in held] == [("3 talik", 2)]
