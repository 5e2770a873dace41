"""Coming for the goods oneself: heard in any verb, and its words (the car, the evening, the lunch) name no goods."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.coming import coming
from agent.brain_rules.intents import met_in
from agent.brain_rules.text import tokens
from kit import db as database
from tests.talking import answer, in_cart, shopper_of


@pytest.mark.parametrize(
    "said",
    [
        "сам подъеду на машине заберу",
        "вечерком заскочу к вам",
        "завтра после работы заберу",
        "приедем за ним к 18 часам",
        "по дороге домой подскочу и заберу",
        "ertaga mashinada boraman olgani",
        "o'zim haydab borib olaman",
        "кечқурун ўзим кириб оламан",
        "обеддан кейин мошинада бориб олиб кетаман",
        "I'll swing by after lunch",
        "we will drive over and pick them up tonight",
        "i come by car tomorrow",
        "муж вечером подъедет за ними",
        "ukam mashinada borib oladi ertaga",
        "my driver will come for it",
        "оформите на брата, заедет в субботу Рустам",
    ],
)
def test_who_comes_for_it_is_heard(said: str) -> None:
    assert "pickup" in {one.name for one in met_in(tokens(said))}


@pytest.mark.parametrize(
    "said",
    [
        "can the courier come by car?",
        "курьер на машине приедет?",
        "завтра зайду посмотрю",
        "за 140 забираю",
        "заберу две штуки",
        "не подъеду, доставьте",
        "я вечером дома",
        "kechqurun olib kelasizmi",
        "ertaga olaman ikkita",
        "mashinada yuborasizmi",
        "how do i get it",
        "когда курьер подъедет?",
        "ukam oladi, Dilshod",
        "мама приедет в пятницу, нужен подарок",
        "onam ertaga keladi",
        "у курьера брат встретит",
        "when does it come, my son waits",
    ],
)
def test_somebody_else_comes_or_nobody(said: str) -> None:
    assert "pickup" not in {one.name for one in met_in(tokens(said))}


@pytest.mark.parametrize(
    ("shop", "asked", "said", "kept"),
    [
        ("velo", "насос напольный с манометром есть?", "две штуки возьму, на машине заскочу за ними", ("VL-37", "", 2)),
        ("telefon", "avto zaryadka 38w bormi", "ikkita, kechqurun mashinada borib olaman", ("TF-45", "", 2)),
        ("libos", "do you have black bow tie", "3 of them, will swing by in the evening", ("MD-25", "qora", 3)),
        ("kofe", "капучино чашка қораси борми", "4 та, эртага абеддан кейин ўзим кириб оламан", ("KF-37", "qora", 4)),
        ("idish", "казан чугунный 8 л есть?", "один, вечером к 6 подъеду за ним", ("ID-17", "", 1)),
        ("asal", "прополис спрей для горла почем", "три, сам заберу завтра по пути с работы", ("AS-21", "", 3)),
    ],
)
async def test_the_clause_names_no_goods_and_the_count_holds(
    db: database.Tx, tmp_path: Path, shop: str, asked: str, said: str, kept: tuple[str, str, int]
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, asked)
    await answer(me, said)
    assert await in_cart(me) == [kept]
    assert (await me.play.cart()).method == "pickup"


@pytest.mark.parametrize(
    "said",
    [
        "да туда же, и телефон прежний",
        "да, мой номер тот же, не менялся",
        "ha o'sha manzilga, telefonim ham o'zgarmagan",
        "ҳа, рақамим ҳам ўша, ўзгармади",
        "yes, same place, my phone is the same",
    ],
)
async def test_a_phone_as_before_is_no_thing_for_phones(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "telefon/first.jsonl")
    for one in ("повербанк 20000 черный 1, Андижан, Бобура 5, 90 222 33 44", "да", "ещё наушники type-c черные 2 шт"):
        await answer(me, one)
    kept = await in_cart(me)
    await answer(me, said)
    assert await in_cart(me) in (kept, [])  # [] where it was taken for the yes


@pytest.mark.parametrize(
    "said",
    [
        "сам не смогу заехать",
        "сама забрать не смогу, далеко",
        "o'zim borib ololmayman",
        "can the master come over and install it?",
        "could you stop by my house?",
    ],
)
def test_who_cannot_come_does_not(said: str) -> None:
    assert not [one for one in coming(tokens(said)) if one.name == "pickup"]
