"""What a thing is to be without, in the ways people say it: never the one that has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.lacking import lacks
from agent.brain_rules.text import tokens
from kit import db as database
from tests.talking import said_in


@pytest.mark.parametrize(
    ("said", "lacking"),
    [
        ("dastasiz paket", ["dasta"]),
        ("kapyushonsizidan 2 ta", ["kapyushon"]),
        ("ручкасизи борми", ["ручка"]),
        ("qopqog'i yo'g'i bormi", ["qopqog'i"]),
        ("қопқоғи йўғидан", ["қопқоғи"]),
        ("ruchkasi bo'lmaganidan bering", ["ruchkasi"]),
        ("шапка без помпона", ["помпона"]),
        ("a vest without any pockets", ["pockets"]),
        ("a vest with no pockets", ["pockets"]),
        ("sugar-free sweets", ["sugar"]),
        ("zaytun yog'i bormi", []),
        ("is delivery free", []),
        ("размер не подошёл", []),
    ],
)
def test_what_is_said_to_be_lacking(said: str, lacking: list[str]) -> None:
    assert [one.text for one in lacks(tokens(said))] == lacking


@pytest.mark.parametrize(
    ("shop", "said", "told", "untold"),
    [
        ("isitgich", ["moyli isitgich 11 seksiyali ventilyatorsizi qancha"], "610 000", "740 000"),
        ("isitgich", ["11 секцияли мойли иситгич вентилятори йўғи қанча"], "610 000", "740 000"),
        ("isitgich", ["11 seksiyalik bor ekan 2 xil, ventilyatorsizi nechpul"], "610 000", "740 000"),
        ("isitgich", ["konvektor termostatsizi qancha"], "380 000", "560 000"),
        ("isitgich", ["what's the price of a humidifier without a remote"], "260 000", "430 000"),
        ("hijob", ["kashtasiz abaya dubay M qancha"], "390 000", "490 000"),
        ("qalpoq", ["ayollar shapkasi pomponsizi bormi"], "angora", "pomponli"),
        ("idish", ["choynak hushtaksizi qancha"], "32 000", "140 000"),
        ("dala", ["qopqoqsiz chelak bormi"], "22 000", "48 000"),
        ("zargar", ["kumush uzuk toshsizidan bormi"], "Oy", "toshli"),
        ("qadoq", ["kraft paket dastasiz bormi"], "45 000", "burama"),
        ("isitgich", ["Xazar с вентилятором сколько", "а без вентилятора есть?"], "610 000", "740 000"),
        ("hijob", ["абая дубай с вышивкой сколько", "а без вышивки?"], "390 000", "490 000"),
        ("hammom", ["kashtali sauna qalpog'i necha pul", "kashtasizi yo'qmi"], "55 000", "75 000"),
        ("komp", ["simsiz sichqoncha qancha"], "170 000", "G102"),
    ],
)
async def test_the_one_without_is_told(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], told: str, untold: str
) -> None:
    answer, cart = await said_in(db, tmp_path, shop, *said)
    assert told in answer and untold not in answer and cart == []


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        ("isitgich", ["11 seksiyalik ventilyatorsiz isitgich 1 ta olaman"], [("IS-03", "", 1)]),
        ("isitgich", ["moyli isitgich 11 seksiyali bormi", "ventilyatorsizidan bitta"], [("IS-03", "", 1)]),
        ("isitgich", ["обогреватель на 11 секций сколько", "без вентилятора беру один"], [("IS-03", "", 1)]),
        ("hammom", ["sauna qalpog'i bormi", "kashtasizining oqidan 2 ta bering"], [("HM-22", "oq", 2)]),
        ("gilof", ["Samsung zaryadlovchi kabelsiz bitta olaman"], []),
        ("qadoq", ["крафт пакет ручкаси йўғидан битта керак"], [("QD-19", "", 1)]),
    ],
)
async def test_the_one_without_is_ordered(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], cart: list[tuple[str, str, int]]
) -> None:
    assert (await said_in(db, tmp_path, shop, *said))[1] == cart


@pytest.mark.parametrize(
    ("shop", "said", "lacking"),
    [
        ("hammom", "bolalar xalati kapyushonsiz bormi", "kapyushonsiz"),
        ("kalava", "детский халат без капюшона беру один", "без капюшона"),
        ("idish", "qozon qopqoqsiz qancha", "qopqoqsiz"),
        ("velo", "shahar velosipedi savatsiz bitta olaman", "savatsiz"),
        ("velo", "zanjirli qulf kalitsizidan bitta kerak", "kalitsizidan"),
        ("velo", "городской велосипед без корзины беру", "без корзины"),
        ("soat", "будильник детский без ночника розовый один возьму", "без ночника"),
        ("qulf", "хона эшиги қулфи тутқичсиз хром битта оламан", "тутқичсиз"),
    ],
)
async def test_there_is_none_without(db: database.Tx, tmp_path: Path, shop: str, said: str, lacking: str) -> None:
    told, cart = await said_in(db, tmp_path, shop, said)
    assert f"«{lacking}»" in told.replace('"', "«", 1).replace('"', "»", 1) and cart == []
    assert "000" in told  # what there is, and its price


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("isitgich", "ventilyator sotasizmi, olib kelasizmi", "Ventilyator"),
        ("salon", "ammiaksiz soch bo'yog'i bormi", "Ammiaksiz"),
        ("texno", "simsiz quloqchin bormi", "Simsiz quloqchin"),
        ("hammom", "полка на присосках без сверления сколько", "70 000"),
    ],
)
async def test_what_is_called_so_is_no_lack(db: database.Tx, tmp_path: Path, shop: str, said: str, told: str) -> None:
    assert told in (await said_in(db, tmp_path, shop, said))[0]


@pytest.mark.parametrize(
    ("shop", "said", "asked"),
    [
        ("salomat", "D3 vitamini shakarsizi bormi", True),
        ("salomat", "витамин D3 без сахара есть?", True),
        ("salomat", "детские витамины без сахара есть?", False),
        ("texno", "changyutgich qopsiz bormi", False),
        ("hijob", "абая дубай без вышивки есть?", False),
        ("hammom", "большое банное полотенце белое 2 шт без упаковки", False),
    ],
)
async def test_what_nobody_wrote_a_person_knows(
    db: database.Tx, tmp_path: Path, shop: str, said: str, asked: bool
) -> None:
    told, _ = await said_in(db, tmp_path, shop, said)
    assert ("operator" in told or "оператор" in told) is asked
