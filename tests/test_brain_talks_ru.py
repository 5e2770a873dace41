"""Talks of Russian, English and mixed shoppers: sums, addresses, complaints."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.sums import limit
from kit import db as database
from tests.talking import answer, cart_of, said_in, shopper_of
from tests.test_brain_everyday import wants

# ---- sums, addresses, complaints -------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["сколько вышло?", "и сколько получилось", "сколько там набежало"])
async def test_what_it_came_to(db: database.Tx, tmp_path: Path, said: str) -> None:
    told, _ = await said_in(db, tmp_path, "usta", "валик 18 см два", "дюбель 8x60 1 пачка", said)
    assert "94 000" in told


def test_a_limit_in_millions() -> None:
    assert limit("до 5 миллионов ноутбук") == limit("under 5 million") == 5_000_000


async def test_nothing_above_the_limit_is_ordered(db: database.Tx, tmp_path: Path) -> None:
    told, held = await said_in(db, tmp_path, "komp", "нужен ноут для учебы до 5 млн")
    assert "4 990 000" in told and held == []
    assert await cart_of(db, tmp_path, "texno", "нужен пылесос до 1 миллиона", "беру синий") == [("TX-09", "ko'k", 1)]


async def test_another_address_behind_a_colon(db: database.Tx, tmp_path: Path) -> None:
    order = "френч-пресс 1 литр, 90 123 45 67, Ташкент, Чиланзар 9 квартал дом 14, Олег"
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    assert "125 000" in await answer(me, order)  # with a phone and an address the thing is bought
    told = await answer(me, "измените адрес пожалуйста: Навои 22, кв 5")
    assert "Навои 22, кв 5" in told and [line.qty for line in (await me.play.cart()).lines] == [1]


@pytest.mark.parametrize(
    "said", ["пылесос приехал, корпус треснул", "it came but the lid is cracked", "пришла со сколом"]
)
def test_cracked_is_a_complaint(said: str) -> None:
    assert "complaint" in wants(said)


def test_a_remote_is_not_removed() -> None:
    assert "remove" not in wants("the one with a remote")


async def test_what_is_said_after_the_shops_answer(db: database.Tx, tmp_path: Path) -> None:
    said = ("бойлер на семью из 5 человек какой взять", "давайте вертикальный")
    assert await cart_of(db, tmp_path, "santex", *said) == [("ST-37", "vertikal", 1)]
