"""What is asked beside an order or compared, what one breath takes out and puts in, and what comes after the sale."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.measure import measures, of_text
from agent.brain_rules.phones import phones
from agent.brain_rules.text import asks_by, tokens
from kit import db as database
from tests.talking import ADDRESS, in_cart, shopper_of


@pytest.mark.parametrize("said", ["qolganmidi", "bormikan", "bormi", "bo'lishi mumkinmi"])
def test_more_endings_ask(said: str) -> None:
    assert any(map(asks_by, tokens(said)))


def test_of_so_many_is_a_measure_and_so_many_is_not() -> None:
    assert [one for _, _, one in measures(tokens("25 talik"))] == [(25.0, "pieces")]
    assert measures(tokens("25 ta")) == [] and of_text("Guldasta 25 ta atirgul") == {(25.0, "pieces")}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("88 075 19 24\nвой охири 42, 88 075 19 42", ["+998880751942"]),
        ("90 111 22 33, 91 444 55 66", ["+998901112233", "+998914445566"]),
        ("apt 50. 94 029 71 88", ["+998940297188"]),
    ],
)
def test_a_number_that_is_said_again_with_an_excuse_replaces_the_first(said: str, kept: list[str]) -> None:
    assert [one.e164 for one in phones(said) if not one.taken_back] == kept


async def test_digits_are_put_right_in_the_same_burst(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "gul/first.jsonl")
    await me.say("мишка плюшевый 40 см белый, один")
    said = await me.say("Яккасарай, Бабура 77, кв 5. 93 088 24 61", "ой не 61, а 16 в конце")
    assert "+998 93 088 24 16" in said


async def test_the_shops_own_answer_comes_before_what_else_a_question_sounds_like(
    db: database.Tx, tmp_path: Path
) -> None:
    me = await shopper_of(db, tmp_path, "gul/first.jsonl")
    await me.say("konfetli guldasta bitta olaman")
    said = await me.say("otkritka qo'shib berasizlarmi")
    assert "otkritka bepul" in said and await in_cart(me) == [("GL-36", "", 1)]


async def test_two_things_are_told_side_by_side(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "salomat/first.jsonl")
    said = await me.say("which blood pressure monitor is better for my dad, the wrist one or the upper arm one?")
    assert "Wrist blood pressure monitor" in said and "Upper arm blood pressure monitor" in said
    await me.say("the wrist one then, one please")
    assert await in_cart(me) == [("SM-13", "", 1)]


async def test_one_breath_takes_one_out_and_another_in(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "salomat/first.jsonl")
    await me.say("ингалятор компрессорный один и градусник электронный один")
    await me.say("ой градусник не надо дома нашла лучше пульсоксиметр один чёрный")
    assert sorted(await in_cart(me)) == [("SM-19", "qora", 1), ("SM-22", "", 1)]


async def test_a_yes_that_adds_is_a_yes_to_the_summary_and_goods_beside_it_are_none(
    db: database.Tx, tmp_path: Path
) -> None:
    me = await shopper_of(db, tmp_path, "gul/first.jsonl")
    await me.say("xlopushka konfetti 1 ta")
    await me.say(ADDRESS)
    await me.say("shokoladli qulupnay ham qo'shing, sutlisidan bitta")
    assert await me.orders() == []
    await me.say("ha qo'shing")
    assert [len(one["items"]) for one in await me.orders()] == [2]


async def test_what_an_order_costs_is_told_after_it(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "salomat/first.jsonl")
    await me.say("tizza bandaji qora L 2 ta olaman")
    await me.say("Nukus, Berdaq 8, 99 062 14 35")
    await me.say("ha")
    said = await me.say("kuryerga hammasi bo'lib qancha beraman")
    assert "152" in said.replace("\u00a0", " ")


async def test_a_yes_to_the_rule_of_exchanges_asks_for_one(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "gul/first.jsonl")
    await me.say("ayiqcha 40 sm jigarrang 1 ta, Olmazor, Sagʻbon 112-uy, 91 039 84 60")
    await me.say("ha")
    await me.say(receipt={"amount": 55000, "last4": "5807", "status": "success", "app": "click"})
    for act in ("money", "ship", "delivered"):
        await me.play.owner.act({act: True})
    await me.say("ayiqcha keldi rahmat, oqiga almashtirib bo'ladimi")
    await me.say("ha, oqiga almashtiring")
    assert (await me.contact()).handed_over
