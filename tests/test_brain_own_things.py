"""What somebody has at home, measured or liked is why something else is wished: it is neither bought nor listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import ADDRESS, answer, cart_of, said_in, shopper_of


@pytest.mark.parametrize(
    ("shop", "said", "left"),
    [
        (
            "sport",
            ("Olgan terma gantelim zo'r ekan, rahmat. Endi vinil gantel 3 kg juftidan bitta kerak",),
            {"SP-09": 1},
        ),
        ("gul", ("the daisies were lovely. Now I need one blue hydrangea stem",), {"GL-11": 1}),
        ("usta", ("молоток крепкий оказался. теперь нужна рулетка 5 м, одна",), {"UM-10": 1}),
        (
            "zoo",
            (
                "It bo'yinbog'i M qora 1 ta va Rezina to'p 1 ta olaman",
                "мяч пока не надо, дома лоток с игрушками нашёлся, только ошейник",
            ),
            {"ZO-11": 1},
        ),
        (
            "idish",
            ("Lagan Rishton 32 sm ko'k 1 ta va Shisha choynak 1 ta olaman", "чойнак кейинроқ, уйда қозон бор экан"),
            {"ID-07": 1},
        ),
        (
            "usta",
            (
                "Bolg'a 500 g 1 ta va Ruletka 5 m 1 ta olaman",
                "no hammer for now, I found a wrench at home. just the tape",
            ),
            {"UM-10": 1},
        ),
        ("parda", ("iya, bizning karnizimiz 5 metr ekan, 5 m lik vual tul oqidan bitta bering",), {"PD-12": 1}),
        (
            "daftar",
            (
                "Ruchka gelli 0.5 qizilidan bitta olaman",
                "qizilimiz bor ekan, ko'kidan 2 ta qilib bering, qizil kerakmas",
            ),
            {"DF-09": 2},
        ),
    ],
)
async def test_what_is_told_of_own_things_buys_nothing(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], left: dict[str, int]
) -> None:
    assert {sku: qty for sku, _, qty in await cart_of(db, tmp_path, shop, *said)} == left


@pytest.mark.parametrize(
    "said",
    [
        "voy, ruletkasiyam kerak ekan. 5 m lik bitta, shu zakazni ichiga qo'shing",
        "забыла рулетку 5 м, одну, добавьте в этот заказ",
        "forgot a tape measure, 5 m, one, please add it to this order",
    ],
)
async def test_one_thing_more_in_the_order_raises_no_other(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "usta/first.jsonl")
    for one in ("Bolg'a 500 g bitta olaman", ADDRESS, "ha", said, "ha"):
        await answer(me, one)
    assert {item["sku"]: item["qty"] for item in (await me.orders())[0]["items"]} == {"UM-11": 1, "UM-10": 1}


@pytest.mark.parametrize(
    "said",
    [
        "можно отказаться? заказ уже не нужен",
        "придётся отказаться от заказа, извините",
        "sorry, can I back out? my friend gives me hers",
        "uzr, buyurtma endi kerak emas",
        "кечирасиз, заказим энди керак эмас",
    ],
)
async def test_an_order_is_given_up_in_many_words(db: database.Tx, tmp_path: Path, said: str) -> None:
    text, _ = await said_in(db, tmp_path, "usta", "Bolg'a 500 g bitta olaman", ADDRESS, "ha", said)
    assert "№1" in text


async def test_one_thing_of_the_order_is_given_up(db: database.Tx, tmp_path: Path) -> None:
    _, held = await said_in(
        db,
        tmp_path,
        "usta",
        "Bolg'a 500 g 1 ta va Ruletka 5 m 1 ta olaman",
        ADDRESS,
        "ha",
        "можно отказаться от рулетки?",
    )
    assert [sku for sku, _, _ in held] == ["UM-11"]


@pytest.mark.parametrize("said", ["and the sum for everything?", "и сколько за весь заказ?", "zakaz summasi qancha?"])
async def test_the_sum_of_the_order_is_told(db: database.Tx, tmp_path: Path, said: str) -> None:
    text, _ = await said_in(db, tmp_path, "usta", "Bolg'a 500 g 3 ta olaman", ADDRESS, "ha", said)
    assert "165 000" in text
