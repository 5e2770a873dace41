"""Talks of Russian, English and mixed shoppers: things described, denied or one of two; numbers, sums, addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.sums import limit
from kit import db as database
from tests.talking import answer, cart_of, said_in, shopper_of
from tests.test_brain_everyday import wants

# ---- what a thing is not, what it does, which of two -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "sku"),
    [
        ("texno", "вентилятор нужен не напольный, белый", "TX-17"),
        ("beshik", "1 breast pump, not electric", "BK-28"),
        ("hovli", "насос не электрический, ручной, 1 шт", "HV-25"),
        ("kofe", "1 ta turka kerak mis emas", "KF-24"),
        ("mebel", "мне торшер надо, который не на треноге а с пультом", "MB-16"),
    ],
)
async def test_what_is_not_wanted_is_left_out(db: database.Tx, tmp_path: Path, shop: str, said: str, sku: str) -> None:
    assert [line[0] for line in await cart_of(db, tmp_path, shop, said)] == [sku]


async def test_a_scarf_that_is_denied_is_none(db: database.Tx, tmp_path: Path) -> None:
    assert [line[0] for line in await cart_of(db, tmp_path, "uy", "фартук красный 1 шт, не дасторхон")] == ["SU-28"]


@pytest.mark.parametrize(
    ("shop", "said", "lines"),
    [
        ("kofe", "нужна турка которая подходит для индукции", [("KF-24", "", 1)]),
        ("hovli", "нужны качели бежевые, чтоб раскладывались в кровать", [("HV-02", "bej", 1)]),
        ("mebel", "нужна полка которая вешается на стену, 60 см, белая, две", [("MB-09", "60 sm/oq", 2)]),
    ],
)
async def test_a_clause_tells_which_one(
    db: database.Tx, tmp_path: Path, shop: str, said: str, lines: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, said) == lines


@pytest.mark.parametrize(
    ("shop", "said", "titles"),
    [
        ("kofe", "какая турка лучше, медная или стальная?", ("Турка медная", "Турка стальная")),
        ("sayohat", "палатка на четверых какая лучше, автомат или обычная?", ("автомат", "Палатка 4-местная")),
        ("komp", "какая мышка тише игровая или беспроводная", ("Мышь игровая", "Мышь беспроводная")),
    ],
)
async def test_both_of_two_are_told(
    db: database.Tx, tmp_path: Path, shop: str, said: str, titles: tuple[str, str]
) -> None:
    told, held = await said_in(db, tmp_path, shop, said)
    assert all(title in told for title in titles) and held == []


async def test_one_of_two_and_more_things(db: database.Tx, tmp_path: Path) -> None:
    first = "палатка на четверых какая лучше, обычная или автомат?"
    held = await cart_of(db, tmp_path, "sayohat", first, "обычную зеленую, 2 зимних спальника синих и 4 стула складных")
    assert held[:2] == [("SH-21", "yashil", 1), ("SH-24", "ko'k", 2)]  # the chairs wait for their colour


@pytest.mark.parametrize(
    ("shop", "first", "then", "sku"),
    [
        ("optika", "do u have glasses for night driving", "no i mean the ones for drivers, polarized", "OP-02"),
        ("mebel", "looking for a floor lamp", "the one with a remote", "MB-16"),
        ("texno", "power bank bormi", "no i mean the big one", "TX-28"),
    ],
)
async def test_the_one_i_mean(db: database.Tx, tmp_path: Path, shop: str, first: str, then: str, sku: str) -> None:
    assert [line[0] for line in await cart_of(db, tmp_path, shop, first, then, "1 please")][-1:] == [sku]


async def test_the_biggest_by_what_the_shop_wrote(db: database.Tx, tmp_path: Path) -> None:
    told, _ = await said_in(db, tmp_path, "mebel", "какое зеркало у вас самое большое")
    assert "в полный рост" in told and "круглое" not in told


# ---- numbers, and what they are of -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "lines"),
    [
        ("uy", ("белое банное полотенце 2 шт", "нет, одно. и сковороду 24 см две"),
         [("SU-09", "24 sm", 2), ("SU-23", "oq", 1)]),
        ("usta", ("герметик белый 3 шт", "нет, два. и валик 10 см один"), [("UM-18", "10 sm", 1), ("UM-26", "oq", 2)]),
        ("usta", ("белая эмаль 2, красная 1",), [("UM-16", "oq", 2), ("UM-16", "qizil", 1)]),
        ("texno", ("fen bormi", "pushtisini bering, power bank 20000 ham"), [("TX-12", "pushti", 1), ("TX-28", "", 1)]),
        ("texno", ("hair dryer 1800 W price?", "the pink one please, and a power bank 20000 too"),
         [("TX-12", "pushti", 1), ("TX-28", "", 1)]),
        ("sayohat", ("2 стула складных зелёных",), [("SH-26", "yashil", 2)]),
        ("musiqa", ("скрипка есть?", "половинку берем"), [("MS-22", "1/2", 1)]),
        ("hovli", ("шланг 3/4 на 50 метров есть?", "ок 1 шланг и набор коннекторов 3/4 один"),
         [("HV-30", "", 1), ("HV-33", "3/4", 1)]),
    ],
)  # fmt: skip
async def test_each_number_is_of_its_thing(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], lines: list[tuple[str, str, int]]
) -> None:
    assert sorted(await cart_of(db, tmp_path, shop, *said)) == lines


async def test_cheaper_from_three_is_no_size(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "beshik/first.jsonl")
    await answer(me, "подгузники yumi 3 пачки")
    assert "109 000" in await answer(me, "скидка есть же от 3") and not (await me.play.cart()).lines


async def test_the_printer_that_was_told_of(db: database.Tx, tmp_path: Path) -> None:
    held = await cart_of(
        db, tmp_path, "komp", "цветной принтер есть?", "чернила для него есть?", "тогда принтер и черные чернила 2"
    )
    assert sorted(held) == [("KM-30", "", 1), ("KM-33", "qora", 2)]


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


async def test_a_measure_is_read_in_any_language(db: database.Tx, tmp_path: Path) -> None:
    told, _ = await said_in(db, tmp_path, "sayohat", "чемодан travel s сколько весит")
    assert "2,6 kg" in told and "ABS-пластик" in told
