"""What a shop does with its goods is answered in its own words; what goods there are, and their prices, by goods."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.intents import asks_how
from agent.brain_rules.text import tokens
from kit import db as database
from tests.talking import said_in

LISTS = ("Bizda shulari bor", "Бизда шулари бор", "У нас есть такие", "We have these")


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("hammom", ["sochiqqa ism ham tikib berasizlarmi"], "30 000"),
        ("hammom", ["на халате имя вышьете?"], "30 000"),
        ("hammom", ["can you put my name on a towel"], "30,000"),
        ("qulf", ["добрый день, а замок если у вас куплю вы сами поставите?"], "80 000"),
        ("qulf", ["қулфни ўзинглар ўрнатиб кетасизларми"], "80 000"),
        ("qulf", ["do you also fit the lock at my place"], "80,000"),
        ("qulf", ["kalitdan nusxa ochib berasizlarmi"], "15 000"),
        ("qulf", ["ключ дубликат сделаете?"], "15 000"),
        ("gilof", ["стекло на айфон 13 сами наклеите?"], "бесплатно наклеим"),
        ("chiroq", ["люстру повесите если куплю?"], "80 000"),
        ("avto", ["дворники на кобальт сами ставите?"], "бесплатно"),
        ("santex", ["а смеситель ваш мастер поставит?"], "80 000"),
        ("zargar", ["можно на кольце имя написать?"], "50 000"),
        ("shirin", ["на торте поздравление напишете?"], "надпись бесплатно"),
        ("bayram", ["can you write a name on the balloon"], "10,000"),
        ("osimlik", ["пересадите цветок в горшок?"], "горшок"),
        ("oboi", ["краску заколеруете?"], "олер"),
        ("kofe", ["зёрна смелете под турку?"], "помол бесплатно"),
        ("parda", ["тюль подошьёте по длине?"], "15 000"),
    ],
)
async def test_a_service_is_no_list(db: database.Tx, tmp_path: Path, shop: str, said: list[str], told: str) -> None:
    answer, cart = await said_in(db, tmp_path, shop, *said)
    assert told in answer and not any(one in answer for one in LISTS) and cart == []


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("qulf", ["замки вы ставите?", "и почём установка, обычный врезной"], "80 000"),
        ("qulf", ["qulf o'rnatish qancha turadi"], "80 000"),
        ("chiroq", ["сколько стоит повесить люстру"], "80 000"),
        ("hammom", ["сколько стоит вышивка на халате?"], "30 000"),
    ],
)
async def test_the_price_of_the_work(db: database.Tx, tmp_path: Path, shop: str, said: list[str], told: str) -> None:
    answer, _ = await said_in(db, tmp_path, shop, *said)
    assert told in answer and not any(one in answer for one in LISTS)


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("qulf", "подскажите как узнать какой длины личинка мне нужна", "от середины"),
        ("qulf", "lichinkani qanday o'lchayman", "vint oʻrtasidan"),
        ("qulf", "личинкани қандай ўлчайман", "винт ўртасидан"),
        ("qulf", "how do I measure the cylinder of my lock", "from the middle"),
        ("salomat", "korset razmerini qanday bilsam bo'ladi", "60–70"),
        ("soat", "как измерить ремешок для моих часов", "между ушками"),
    ],
)
async def test_how_to_find_out(db: database.Tx, tmp_path: Path, shop: str, said: str, told: str) -> None:
    answer, _ = await said_in(db, tmp_path, shop, said)
    assert told in answer and not any(one in answer for one in LISTS)


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("как узнать размер", True),
        ("o'lchamini qanday bilaman", True),
        ("how should i measure it", True),
        ("какой размер есть", False),
        ("qanday ranglari bor", False),
        ("how much is it", False),
    ],
)
def test_asking_how(said: str, asks: bool) -> None:
    assert asks_how(tokens(said)) is asks


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("qulf", "замок есть? сколько?", "35 000"),
        ("qulf", "замок есть? сколько? и сами поставите?", "35 000"),
        ("qulf", "личинка есть? какой длины бывают?", "65 000"),
        ("qulf", "сколько стоит замок с установкой?", "35 000"),
        ("qulf", "как узнать есть ли у вас дверная ручка", "95 000"),
        ("qulf", "how do I know which handle fits my door?", "135 000"),
        ("isitgich", "масляный обогреватель на 11 секций есть?", "610 000"),
        ("isitgich", "мойли иситгич борми", "420 000"),
        ("isitgich", "oil heater price?", "420 000"),
        ("soat", "soat batareykasi bormi", "7 000"),
        ("gilof", "iphone 14 ga oyna 1 ta olaman, yopishtirib berasizmi", "25 000"),
        ("dala", "shlang 10 metr kesib bersangiz jami necha pul", "6 000"),
        ("chiroq", "люстра малика 6 рожков сколько", "780 000"),
        ("hammom", "qaysi sochiqlar bor", "175 000"),
        ("zargar", "кольца какие есть", "280 000"),
        ("shirin", "торт медовик почём", "125 000"),
    ],
)
async def test_goods_and_prices_are_no_service(
    db: database.Tx, tmp_path: Path, shop: str, said: str, told: str
) -> None:
    assert told in (await said_in(db, tmp_path, shop, said))[0]


async def test_what_is_ordered_is_taken_and_the_service_told(db: database.Tx, tmp_path: Path) -> None:
    told, cart = await said_in(db, tmp_path, "qulf", "врезной замок Kalkan 252 одну штуку возьму, поставите?")
    assert "80 000" in told and cart == [("QF-03", "", 1)]


async def test_to_put_so_many_in_is_no_fitting(db: database.Tx, tmp_path: Path) -> None:
    told, cart = await said_in(db, tmp_path, "qulf", "навесной замок 50 мм поставьте 2 штуки в заказ")
    assert "80 000" not in told and cart == [("QF-07", "", 2)]
