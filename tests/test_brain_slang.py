"""What shoppers write who mix languages and drop apostrophes: slang, questions that order nothing, one thing more."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.phones import phones
from agent.brain_rules.sums import named
from kit import db as database
from shop import colors
from tests.talking import answer, in_cart, shopper_of
from tests.test_brain_everyday import wants

# ---- words that only look like others --------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["kogda budet", "oka, chegirma bormi", "Alini tug'ilgan kuni", "roziman, rozi", "ака"])
def test_these_are_no_colours(said: str) -> None:
    assert not colors.named(said)


@pytest.mark.parametrize(
    ("said", "color"), [("oqqa", "oq"), ("ko'kka", "ko'k"), ("алую", "qizil"), ("розовый", "pushti"), ("okidan", "oq")]
)
def test_these_are_colours(said: str, color: str) -> None:
    assert [one.color for one in colors.named(said)] == [color]


@pytest.mark.parametrize(("said", "robot"), [("siz odammisiz yoki bot", True), ("semiz odamga tushadimi", False)])
def test_a_person_asked_about_or_a_thing_for_one(said: str, robot: bool) -> None:
    assert ("robot" in wants(said)) == robot


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("nechchi pul ekan", "price"),
        ("qancha jami", "total"),
        ("toleymi qanaqa", "payment"),
        ("hozircha kerak emas", "later"),
        ("пока не надо", "later"),
    ],
)
def test_everyday_words(said: str, name: str) -> None:
    assert name in wants(said)


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


# ---- questions that order and take out nothing -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "uyga chiqarib berasizlarmi 4 qavatga",
        "4 qavatga olib chiqasizmi",
        "qo'yishni ham qilasizlarmi",
        "yig'ib kelasizlarmi yo o'zimiz yig'amizmi",
        "доставка когда будет oka",
    ],
)
async def test_a_service_asked_about_changes_no_cart(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "mebel/first.jsonl")
    await answer(me, "bar stuli oq 2 ta olaman")
    held = await in_cart(me)
    told = await answer(me, said)
    assert await in_cart(me) == held == [("MB-02", "oq", 2)]
    assert "Mayli" not in told and "rangi yoʻq" not in told


async def test_of_two_sizes_asked_about_none_is_taken(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "libos/first.jsonl")
    await answer(me, "vetrovka olaman to'q ko'k")
    await answer(me, "L tushadimi XL mi")
    assert await in_cart(me) == []


async def test_another_question_after_one_of_credit(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "mebel/first.jsonl")
    await answer(me, "kreditga berasizlarmi")
    told = await answer(me, "etajga chiqarib berasizlarmi")
    assert "10 000" in told and "Nasiya" not in told


async def test_of_a_list_none_is_taken_by_an_either_or(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    await answer(me, "turka bormi")
    await answer(me, "po'lati gazga yaxshimi yo induksiyagami")
    assert await in_cart(me) == []


async def test_guests_are_no_pieces(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "shirin/first.jsonl")
    await answer(me, "praga tort kerak 10 kishiga")
    assert await in_cart(me) == [("SH-04", "", 1)]


# ---- one thing more --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["bitta bering leykasiyam kerak edi", "2 ta olaman leyka ham kerak"])
async def test_so_many_of_it_and_one_thing_more(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "santex/first.jsonl")
    await answer(me, "dush shlangi 2 m bormi")
    await answer(me, said)
    pieces = 2 if said.startswith("2") else 1
    assert sorted(await in_cart(me)) == [("ST-07", "", 1), ("ST-08", "2 m", pieces)]


async def test_a_trait_that_is_added_is_a_thing(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "hijob/first.jsonl")
    await answer(me, "krep hijob qora bitta olaman")
    assert "magnitlar" in await answer(me, "yana magnit ham")


# ---- which one is meant ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["4 kilo bering", "4 кг возьму"])
async def test_so_many_kilos_are_packs_of_one(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "quruq/first.jsonl")
    await answer(me, "qora mayiz bormi")
    await answer(me, said)
    assert await in_cart(me) == [("QR-02", "", 4)]


async def test_what_comes_in_no_such_number_is_not_there(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kitob/first.jsonl")
    await answer(me, "daftar 24 varaq bormi")
    told = await answer(me, "48 varaqlisi bormi")
    assert "«48 varaqlisi»" in told and "Ha, bor" not in told
    assert "96 varaq" in await answer(me, "96 varaqlisi bormi")


@pytest.mark.parametrize("said", ["boshqa arzonrog'i bormi", "подешевле есть?"])
async def test_cheaper_ones_of_the_kind_in_view(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "texno/first.jsonl")
    await answer(me, "simsiz tik changyutgich qancha")
    told = await answer(me, said)
    assert "890 000" in told and "1 350 000" not in told and not await me.notices()


async def test_a_flavour_with_its_endings(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "sport/first.jsonl")
    await answer(me, "protein bormi")
    await answer(me, "shokoladlisidan bita qo'shing")
    assert await in_cart(me) == [("SP-21", "shokolad", 1)]


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


async def test_not_now_asks_nothing_more(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "mebel/first.jsonl")
    await answer(me, "bar stuli oq 2 ta olaman")
    told = await answer(me, "hozircha kerakmas")
    assert "telefon" not in told.lower()
