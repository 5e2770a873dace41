"""Small words that decide an order: numbers that count nothing, packs of a measure, options, sums asked for late."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import answer, in_cart, shopper_of
from tests.test_brain_everyday import wants

ADDRESS = "Toshkent, Chilonzor 9-mavze, 14-uy, 3-xonadon. 90 011 73 20, Nodira"


# ---- numbers that count nothing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "then", "line"),
    [
        ("mebel", "I'll take the five-lamp chandelier", "gold", ("MB-19", "oltin", 1)),
        ("texno", "oil heater 11 sections how much", "ok, the 11 section one, I take it", ("TX-19", "", 1)),
        ("quruq", "walnut kernels 1 kg, I take 2", "make it 95 thousand a pack and it's a deal", ("QR-12", "", 2)),
    ],
)
async def test_a_number_of_parts_or_of_money_is_no_number_of_pieces(
    db: database.Tx, tmp_path: Path, shop: str, said: str, then: str, line: tuple[str, str, int]
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, said)
    await answer(me, then)
    assert await in_cart(me) == [line]


async def test_so_many_heaters_are_still_so_many(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "texno/first.jsonl")
    await answer(me, "oil heater 11 sections how much")
    await answer(me, "2 heaters please")
    assert await in_cart(me) == [("TX-19", "", 2)]


@pytest.mark.parametrize(
    "said",
    [
        "tog' asali 1 kg bitta va yong'oq mag'zidan yarim kilo bitta kerak",
        "беру мёд горный килограммовый один и грецкий орех очищенный полкило один",
        "I'll take one mountain honey 1 kg and one walnut kernels half a kilo",
    ],
)
async def test_each_thing_in_its_own_pack(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "quruq/first.jsonl")
    await answer(me, said)
    assert sorted(await in_cart(me)) == [("QR-11", "", 1), ("QR-25", "", 1)]


# ---- options, and what goes out --------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["на русском, одну", "russian one please", "ruschasidan bitta"])
async def test_a_language_is_an_option(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "kitob/first.jsonl")
    await answer(me, "настольная игра Предприниматель есть?")
    await answer(me, said)
    assert await in_cart(me) == [("KT-25", "ruscha", 1)]


@pytest.mark.parametrize("said", ["натуральный", "natural please", "tabiiysini"])
async def test_the_natural_colour(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "musiqa/first.jsonl")
    await answer(me, "детскую гитару 3/4 беру")
    await answer(me, said)
    assert await in_cart(me) == [("MS-02", "tabiiy", 1)]


async def test_of_two_cases_the_one_in_the_cart_goes_out(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "optika/first.jsonl")
    await answer(me, "ko'zoynak g'ilofi qattiq jigarrang 1 ta olaman")
    said = await answer(me, "чехол не надо, возьму очки женские большие квадратные чёрные")
    assert "Футляр" in said and await in_cart(me) == [("OP-05", "qora", 1)]


@pytest.mark.parametrize("said", ["swap the 5 for a 6 please", "can you change the 5 to a 6"])
async def test_a_number_is_swapped_for_another(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "gul/first.jsonl")
    await answer(me, "I take number balloons 2 and 5, silver")
    await answer(me, said)
    assert sorted(await in_cart(me)) == [("GL-22", "2/kumush", 1), ("GL-22", "6/kumush", 1)]


# ---- the person ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["wait, mixed up the last digits, it's 94 081 55 06", "94 081 55 06, I mixed it up"])
async def test_mixed_up_digits_are_no_colour_and_no_address(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "mebel/first.jsonl")
    await answer(me, "I'll take the desk lamp")
    await answer(me, "94 081 55 60")
    assert "mixed" not in (await answer(me, said)).lower()
    cart = await me.play.cart()
    assert (cart.phone, cart.address) == ("+998940815506", "")


async def test_a_street_called_like_a_spice(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "quruq/first.jsonl")
    await answer(me, "беру мёд горный 1 кг")
    await answer(me, "Самарканд, улица Шафрановая 12, кв 7")
    assert (await me.play.cart()).address == "Самарканд, улица Шафрановая 12, кв 7"


async def test_call_is_of_the_phone(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "quruq/first.jsonl")
    await answer(me, "I take mountain honey 1 kg")
    await answer(me, "Samarkand, Registan street 19, apt 4, call me on 93 095 30 88")
    assert (await me.play.cart()).address == "Samarkand, Registan street 19, apt 4"


@pytest.mark.parametrize(
    "said",
    [
        "uy raqamini teskari yozib qo'yibman 14 emas 41 ekan",
        "номер дома указала неправильно, дом, простите, не 14, а 41",
    ],
)
async def test_a_wrong_house_is_asked_for_again(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    await answer(me, "karkade 10 ta olaman")
    await answer(me, ADDRESS)
    told = (await answer(me, said)).lower()
    assert "manzil" in told or "адрес" in told


# ---- sums asked for late ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["how much altogether?", "посчитайте, сколько вместе", "hammasi qancha bo'ladi"])
async def test_the_sum_has_what_still_lacks_its_colour(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "mebel/first.jsonl")
    await answer(me, "I'll take the desk lamp in black")
    told = await answer(me, f"lyustra 5 lampali 1 ta olaman, {said}")
    assert "890 000" in told


@pytest.mark.parametrize("said", ["so how much is it all now?", "so still the same price?", "сумма та же?"])
async def test_the_sum_of_what_was_ordered(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    await answer(me, "karkade 10 ta olaman")
    await answer(me, ADDRESS)
    await answer(me, "ha")
    (order,) = await me.orders()
    assert f"{order['total']:,}".replace(",", " ") in await answer(me, said)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("sent 890 000 from my card, did it arrive?", "paid"),
        ("а сколько ещё надо докинуть?", "status"),
        ("I'll pay the rest to the courier", "status"),
        ("do I pay extra for delivery with that?", "free_delivery"),
        ("is delivery on you then?", "free_delivery"),
        ("доставка за ваш счёт?", "free_delivery"),
        ("dostavka sizlardanmi", "free_delivery"),
    ],
)
def test_what_is_said_of_money(said: str, meant: str) -> None:
    assert meant in wants(said)


# ---- some of what there are several of -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ("ikkitasi 2 m bo'lsin, qolgani 1 m", [("1 m/oq", 1), ("2 m/oq", 2)]),
        ("two of them 2 m, the rest 1 m", [("1 m/oq", 1), ("2 m/oq", 2)]),
        ("две чёрные, остальные белые", [("1 m/oq", 1), ("1 m/qora", 2)]),
        ("biri qora bo'lsin", [("1 m/oq", 2), ("1 m/qora", 1)]),
        ("one of them black please", [("1 m/oq", 2), ("1 m/qora", 1)]),
        ("bittasi qora bo'lsin, bittasi kerak emas", [("1 m/oq", 1), ("1 m/qora", 1)]),
        ("bittasi kerak emas", [("1 m/oq", 2)]),
        ("один уберите", [("1 m/oq", 2)]),
        ("один кабель уберите", [("1 m/oq", 2)]),
        ("drop one of them", [("1 m/oq", 2)]),
        ("2 tasini olib tashlang", [("1 m/oq", 1)]),
        ("faqat 2 ta qoldiring", [("1 m/oq", 2)]),
        ("лишний уберите, оставьте два", [("1 m/oq", 2)]),
        ("uchalasi ham kerak emas, uchtasini ham olib tashlang", []),
    ],
)
async def test_some_of_a_line_change_or_go_and_the_rest_stays(
    db: database.Tx, tmp_path: Path, said: str, lines: list[tuple[str, int]]
) -> None:
    me = await shopper_of(db, tmp_path, "qarshi/first.jsonl")
    await answer(me, "type-c kabel 1 m oq 3 ta")
    await answer(me, said)
    assert sorted((variant, count) for _, variant, count in await in_cart(me)) == lines


async def test_what_is_enough_is_not_what_goes_out(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "qarshi/first.jsonl")
    await answer(me, "type-c kabel 1 m oq 3 ta")
    await answer(me, "ikkita yetadi, больше не надо")
    assert [line[2] for line in await in_cart(me)] == [2]


@pytest.mark.parametrize(
    "said", ["майли, 2 миллионга розиман", "2 million bo'lsa roziman", "хорошо, за 2 миллиона согласна"]
)
async def test_millions_are_no_pieces(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "beshik/first.jsonl")
    await answer(me, "каравот трансформер 160 га 70 бормиди, неча пул")
    await answer(me, said)
    assert [line[2] for line in await in_cart(me)] in ([], [1])


@pytest.mark.parametrize(
    "said",
    [
        "Номер девяносто семь, ноль восемьдесят один, сорок два, одиннадцать",
        "to'qson yetti, nol sakson bir, qirq ikki, o'n bir",
    ],
)
async def test_a_phone_said_in_words_with_commas(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "qarshi/first.jsonl")
    await answer(me, "type-c kabel 1 m oq 3 ta")
    assert "+998 97 081 42 11" in await answer(me, f"{said}. Toshkent, Chilonzor 9-mavze, 14-uy")
    assert [line[2] for line in await in_cart(me)] == [3]


# ---- what a thing is for, and what it is made for --------------------------------------------------------------------


async def test_a_word_that_says_what_it_is_for_is_no_thing(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "pazanda/first.jsonl")
    await answer(me, "какао 500 г борми")
    await answer(me, "3 та керак тортга")
    assert await in_cart(me) == [("PZ-30", "", 3)]


@pytest.mark.parametrize(
    "said",
    ["форма силиконовая на 12 кексов синяя одна", "форма силиконовая на двенадцать кексов, синяя, одна штука"],
)
async def test_the_one_that_is_made_for_so_many(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "pazanda/first.jsonl")
    await answer(me, said)
    assert await in_cart(me) == [("PZ-02", "ko'k", 1)]


@pytest.mark.parametrize(
    "said",
    [
        "глазурь белая 1 кг, 3 пачки",
        "глазурь светлая 1 кг, 3 пачки",
        "oq glazurdan 3 ta",
        "3 packs of white glaze please",
    ],
)
async def test_colours_in_the_column_of_sizes_are_colours(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "pazanda/first.jsonl")
    await answer(me, said)
    assert await in_cart(me) == [("PZ-28", "oq", 3)]


@pytest.mark.parametrize(
    ("said", "taken"),
    [("ладно, желатин есть?", []), ("xo'p, jelatin bormi", []), ("ладно, и желатин тоже есть?", ["PZ-30"])],
)
async def test_well_then_is_no_yes_before_another_question(
    db: database.Tx, tmp_path: Path, said: str, taken: list[str]
) -> None:
    me = await shopper_of(db, tmp_path, "pazanda/first.jsonl")
    await answer(me, "какао 500 г есть?")
    assert "24 000" in await answer(me, said)
    assert [line[0] for line in await in_cart(me)] == taken


@pytest.mark.parametrize(
    ("first", "said", "lines"),
    [
        ("vklyuchatel oq 4 ta", "ikkitasini olib tashlang, o'rniga qora 2 ta", [("oq", 2), ("qora", 2)]),
        ("lampochka 9 W 3 ta, 12 W 2 ta", "ikkitasi kerak emas", [("9 W", 3)]),
        ("rozetka oq 8 ta, lampochka 9 W 4 ta", "rozetkadan 3 tasini olib tashlang", [("9 W", 4), ("oq", 5)]),
    ],
)
async def test_no_more_goes_out_than_is_said(
    db: database.Tx, tmp_path: Path, first: str, said: str, lines: list[tuple[str, int]]
) -> None:
    me = await shopper_of(db, tmp_path, "usta/first.jsonl")
    await answer(me, first)
    await answer(me, said)
    assert sorted((variant, count) for _, variant, count in await in_cart(me)) == lines


@pytest.mark.parametrize("said", ["do'kon bugun ochiqmi", "are they light?", "они тёмные или светлые?"])
async def test_a_question_chooses_no_shade(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "oyoq/first.jsonl")
    await answer(me, "krossovka City 42 bormi")
    await answer(me, said)
    await answer(me, "olaman")
    assert await in_cart(me) == []  # its colour is not chosen yet


@pytest.mark.parametrize(
    ("first", "then", "where"),
    [
        ("Фергана, ул. Навои 5 кв 3, 90 123 45 67", "нет, кв 31", "Навои 5, кв 31"),
        ("Фарғона, Навоий кўчаси 8-уй 15-хонадон, 90 123 45 67", "3-подъезд 2-қават", "8-уй 15-хонадон"),
    ],
)
async def test_a_flat_told_anew_keeps_the_street(
    db: database.Tx, tmp_path: Path, first: str, then: str, where: str
) -> None:
    me = await shopper_of(db, tmp_path, "usta/first.jsonl")
    await answer(me, "розетка белая 2 штуки")
    await answer(me, first)
    await answer(me, then)
    assert where in (await me.play.cart()).address
