"""Who asks somebody at home first, and which of two numbers is asked about: nobody is called, nothing ordered."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.intents import met_in
from agent.brain_rules.roles import unless_own
from agent.brain_rules.text import tokens
from agent.brain_rules.which_number import tells_which
from kit import db as database
from tests.talking import answer, said_in, shopper_of

# ---- who asks somebody at home first ---------------------------------------------------------------------------------


def _heard(said: str) -> set[str]:
    parts = tokens(said)
    return {one.name for one in unless_own(parts, met_in(parts))}


@pytest.mark.parametrize(
    "said",
    [
        "mayli xo'jayin bilan gaplashib yozaman",
        "хўжайин билан маслаҳатлашиб ёзаман",
        "boshliq bilan gaplashib javob beraman",
        "с начальником поговорю и напишу",
        "с мужем поговорю, отпишусь",
        "поговорю с мамой и вернусь",
        "onam bilan maslahatlashib yozaman",
        "o'g'limga ko'rsatib yozaman",
        "uydagilar bilan gaplashib ko'raman",
        "I'll ask my husband and write back",
    ],
)
def test_who_asks_at_home_decides_later(said: str) -> None:
    assert "later" in _heard(said) and not _heard(said) & {"person", "connect", "agree", "look", "returns"}


@pytest.mark.parametrize(
    "said",
    [
        "xo'jayin bilan gaplashmoqchiman",
        "xo'jayin bilan gaplashib olsam bo'ladimi",
        "хочу поговорить с хозяином",
        "поговорю с вашим начальником и напишу жалобу",
        "operator bilan gaplashib olay",
    ],
)
def test_the_shops_own_chief_is_called(said: str) -> None:
    assert {"person", "connect"} <= _heard(said)


# ---- two numbers set against each other ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "какой набор акриловых красок лучше взять, на 12 или на 24 цвета?",
        "akril bo'yoqning qaysi to'plamini olay, 12 rang yoki 24 rang?",
        "which acrylic paint set do you recommend, 12 or 24 colours?",
    ],
)
async def test_which_of_two_numbers_orders_none(db: database.Tx, tmp_path: Path, said: str) -> None:
    told, cart = await said_in(db, tmp_path, "rassom", said)
    assert cart == [] and "65 000" in told and "120 000" in told


def test_so_many_or_so_many_without_which() -> None:
    assert not tells_which("2 yoki 3 ta olsam arzonroq bo'ladimi?", 0)
    assert tells_which("qaysi birini olay, 12 talikmi 24 talikmi", 19)


@pytest.mark.parametrize(
    "said",
    [
        "у вас два набора акриловых красок, чем они отличаются",
        "acrylic paint sets, how do they differ",
    ],
)
async def test_two_that_are_compared_are_told(db: database.Tx, tmp_path: Path, said: str) -> None:
    told, cart = await said_in(db, tmp_path, "rassom", said)
    assert cart == [] and "65 000" in told and "120 000" in told


@pytest.mark.parametrize(
    ("shop", "asked", "yes", "told"),
    [
        ("palto", "kashemir palto nechpul", "ha", "oʻlcham"),
        ("palto", "do you have wool scarves", "yes", "Which colour"),
        ("palto", "есть пуховик женский?", "да", "Какой товар вам нужен"),
    ],
)
async def test_yes_to_which_one_is_asked_once_more(
    db: database.Tx, tmp_path: Path, shop: str, asked: str, yes: str, told: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, asked)
    assert told in await answer(me, yes)
