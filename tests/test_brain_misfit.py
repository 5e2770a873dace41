"""What is said not to fit is not taken; and what was taken by mistake is asked to be exchanged, once it has come."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import ADDRESS, answer, in_cart, said_in, shopper_of


@pytest.mark.parametrize(
    ("shop", "asked", "said"),
    [
        ("qulf", "do you have the electromechanical lock, right hand one?", "Left won't fit my gate."),
        ("qulf", "электромеханический замок правый есть?", "левый не подходит"),
        ("qulf", "elektromexanik qulf o'ng tomonlama bormi", "chapi menga to'g'ri kelmaydi"),
        ("libos", "джинсовая рубашка синяя есть?", "M не подойдёт"),
        ("libos", "jinsi ko'ylak ko'k bormi", "M бизга ярамайди"),
        ("sumka", "neck pillow?", "the blue one doesn't suit us"),
    ],
)
async def test_a_size_that_does_not_fit_is_not_taken(
    db: database.Tx, tmp_path: Path, shop: str, asked: str, said: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, asked)
    await answer(me, said)
    cart = await me.play.cart()
    assert not (cart.lines or cart.picks)


@pytest.mark.parametrize(
    ("asked", "said", "takes"),
    [
        (
            "do you have the electromechanical lock, right hand one?",
            "Left won't fit my gate. How much is the magnetic one then?",
            "ok one of those",
        ),
        ("электромеханический замок правый есть?", "левый мне не подойдёт. а магнитный сколько?", "давайте один"),
        ("elektromexanik qulf o'ng tomonlama bormi", "chapi to'g'ri kelmaydi. magnitlisi qancha", "bitta olaman"),
    ],
)
async def test_another_thing_is_asked_of_beside_it(
    db: database.Tx, tmp_path: Path, asked: str, said: str, takes: str
) -> None:
    told, held = await said_in(db, tmp_path, "qulf", asked, said)
    assert "390 000" in told and held == []
    assert (await said_in(db, tmp_path, "qulf", asked, said, takes))[1] == [("QF-13", "", 1)]


@pytest.mark.parametrize(
    ("asked", "said", "held"),
    [
        ("jinsi ko'ylak ko'k M bormi", "M menga mos kelmaydi, L dan bitta olaman", [("MD-03", "L/ko'k", 1)]),
        ("джинсовая рубашка синяя есть?", "M не подойдёт, беру L одну", [("MD-03", "L/ko'k", 1)]),
        ("джинсовая рубашка синяя есть?", "M won't fit, I'll take one L", [("MD-03", "L/ko'k", 1)]),
    ],
)
async def test_the_size_that_fits_is_taken(
    db: database.Tx, tmp_path: Path, asked: str, said: str, held: list[tuple[str, str, int]]
) -> None:
    assert (await said_in(db, tmp_path, "libos", asked, said))[1] == held


@pytest.mark.parametrize(
    ("shop", "order", "said"),
    [
        (
            "qulf",
            "накладной замок на ворота левый 1 шт",
            "замок привезли, но я перепутала стороны, он в коробке. поменяете на правый?",
        ),
        ("qulf", "darvoza qulfi ustki chap 1 ta", "qulfni adashib chapini olibman, o'ngiga almashtirib berasizlarmi"),
        ("qulf", "darvoza qulfi ustki chap 1 ta", "қулфни адашиб чапини олибман, ўнгига алмаштирасизми"),
        ("libos", "jinsi ko'ylak ko'k M 1 ta", "I took the wrong size of that shirt, can you exchange it for L?"),
        ("libos", "джинсовая рубашка синяя M 1 шт", "рубашку доставили, ошиблась с размером, обменяете на L?"),
    ],
)
async def test_what_was_taken_by_mistake_is_to_be_exchanged(
    db: database.Tx, tmp_path: Path, shop: str, order: str, said: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, order)
    await answer(me, ADDRESS)
    await answer(me, "ha")
    await db.execute("UPDATE orders SET status = 'delivered'")
    await answer(me, said)
    assert (await me.contact()).handed_over and await in_cart(me) == []
