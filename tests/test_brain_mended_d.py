"""What shoppers write who mix languages and drop apostrophes: slang, questions that order nothing, one thing more."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.phones import phones
from agent.brain_rules.sums import named
from kit import db as database
from shop import colors
from tests.talking import answer, shopper_of

# ---- words that only look like others --------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["kogda budet", "oka, chegirma bormi", "Alini tug'ilgan kuni", "roziman, rozi", "ака"])
def test_these_are_no_colours(said: str) -> None:
    assert not colors.named(said)


@pytest.mark.parametrize(
    ("said", "color"), [("oqqa", "oq"), ("ko'kka", "ko'k"), ("алую", "qizil"), ("розовый", "pushti"), ("okidan", "oq")]
)
def test_these_are_colours(said: str, color: str) -> None:
    assert [one.color for one in colors.named(said)] == [color]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("samarqand bobur 12 97 555 11 22", "+998975551122"),
        ("дом 33 91 333 22 00", "+998913332200"),
        ("uy 7 kv 5 90 4445566", "+998904445566"),
        ("93 045 67 89", "+998930456789"),
        ("90 12 34 567", "+998901234567"),
    ],
)
def test_a_house_before_a_phone_is_no_part_of_it(said: str, read: str) -> None:
    assert [one.e164 for one in phones(said)] == [read]


def test_what_is_counted_is_no_price() -> None:
    assert named("30 qop kerak, chegirma bormi", {"haggle"}, "UZS") == 0
    assert named("300 mingga bering", {"haggle"}, "UZS") == 300_000


# ---- who receives it, and no more now --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("asaka shahar navoiy 5 uy 90 123 45 67 jasur", "jasur"),
        ("singlim oladi ismi nozima teli 93 555 66 77", "nozima"),
    ],
)
async def test_a_name_in_small_letters(db: database.Tx, tmp_path: Path, said: str, name: str) -> None:
    me = await shopper_of(db, tmp_path, "avto/first.jsonl")
    await answer(me, "kompressor bir porshenli bitta olaman")
    await answer(me, said)
    assert (await me.play.cart()).name == name
