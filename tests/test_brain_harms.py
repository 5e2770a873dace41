"""What would do harm in silence: a size nobody asked for, a thing refused and yet added, a number that is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import answer, cart_of, in_cart, said_in, shopper_of

# ---- bigger and smaller ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "can't wait longer, please send it today",
        "доставьте скорее, больше ждать не могу",
        "no longer than tomorrow pls",
    ],
)
async def test_what_lasts_longer_is_no_bigger_size(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "libos", "jinsi ko'ylak ko'k M dan bitta olaman", said) == [
        ("MD-03", "M/ko'k", 1)
    ]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("поменьше, 2 штуки", ("MD-03", "XL/ko'k", 2)),
        ("поменьше размером, 2 штуки возьму", ("MD-03", "L/ko'k", 2)),
        ("make it one size bigger please", ("MD-03", "XXL/ko'k", 3)),
        ("bir razmer kichigini bering", ("MD-03", "L/ko'k", 3)),
    ],
)
async def test_fewer_of_them_or_a_smaller_size(
    db: database.Tx, tmp_path: Path, said: str, left: tuple[str, str, int]
) -> None:
    assert await cart_of(db, tmp_path, "libos", "джинсовую рубашку синюю XL беру 3 штуки", said) == [left]


@pytest.mark.parametrize(
    ("shop", "order", "said", "told"),
    [
        ("sumka", "yo'l sumkasi qora 60 l dan bitta olaman", "kattarog'idan 2 ta", "kattarogʻi yoʻq"),
        ("libos", "джинсовую рубашку синюю XXL беру одну", "подлиннее две штуки возьму", "больше размера нет"),
        ("oyoq", "city sneakers, black, size 40, one please", "give me 2 smaller ones", "no smaller one"),
    ],
)
async def test_there_is_no_bigger_one(
    db: database.Tx, tmp_path: Path, shop: str, order: str, said: str, told: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, order)
    before = await in_cart(me)
    assert told in await answer(me, said)
    assert len(before) == 1 and await in_cart(me) == before


# ---- colours of what has none ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "said", "told"),
    [
        ("kodli qulf bormi", "oqidan 15 ta olaman", "«oq» alohida yoʻq"),
        ("замок кодовый есть?", "два белых возьму", "«белый» нет"),
        ("do you have a code lock", "2 in black please", "no black one"),
    ],
)
async def test_a_thing_without_colours_has_no_white_one(
    db: database.Tx, tmp_path: Path, asked: str, said: str, told: str
) -> None:
    text, held = await said_in(db, tmp_path, "sumka", asked, said)
    assert told in text and held == []


async def test_it_is_taken_without_a_colour_after_a_yes(db: database.Tx, tmp_path: Path) -> None:
    said = ("kodli qulf bormi", "oqidan 15 ta olaman", "ha")
    assert await cart_of(db, tmp_path, "sumka", *said) == [("KS-10", "", 15)]


# ---- what is not to be taken -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "shopper sumka qorasidan bitta olaman, akam bej olma dedi",
        "шоппер чёрный один, бежевый не берите",
        "шоппер чёрный один беру, брать не надо бежевый",
        "one black shopper bag, don't take the beige one",
    ],
)
async def test_a_colour_that_is_not_to_be_taken(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "sumka", said) == [("KS-11", "qora", 1)]


async def test_told_later_not_to_take_it(db: database.Tx, tmp_path: Path) -> None:
    said = ("chinos shim bejidan 48 bitta olaman", "qorasini olma deb aytdi xotinim")
    assert await cart_of(db, tmp_path, "libos", *said) == [("MD-07", "48/bej", 1)]


async def test_of_a_refused_colour_the_thing_is_still_wanted(db: database.Tx, tmp_path: Path) -> None:
    text, held = await said_in(db, tmp_path, "sumka", "шоппер один, бежевый брать не надо")
    assert "Какой вам нужен цвет" in text and held == []


# ---- what is said beside a question ----------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["и полотенце банное белое", "va oq hammom sochig'i", "and a white bath towel"])
async def test_a_thing_that_the_answer_named_too_is_taken(db: database.Tx, tmp_path: Path, said: str) -> None:
    first = "халат женский велюровый L бордовый беру", "вышиваете имя на полотенце?"
    assert await cart_of(db, tmp_path, "kalava", *first, said) == [("KL-23", "oq", 1), ("KL-29", "L/bordo", 1)]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("замок кодовый сколько?", "кто у вас директор? беру два, скидку дадите?"),
        ("kodli qulf bormi", "direktoringiz kim, chaqiring, 2 ta olaman"),
        ("how much is the code lock", "I'll take 2, and call a manager please"),
    ],
)
async def test_what_is_taken_stays_where_a_person_is_called(
    db: database.Tx, tmp_path: Path, asked: str, said: str
) -> None:
    assert await cart_of(db, tmp_path, "sumka", asked, said) == [("KS-10", "", 2)]


@pytest.mark.parametrize(
    "said",
    [
        "ручная кофемолка, жернова керамические или стальные?",
        "hand grinder, are the burrs ceramic or steel",
        "qo'l kofe maydalagichi, toshi keramikmi yoki po'lat?",
    ],
)
async def test_what_it_is_made_of_offers_nothing_else(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    told = (await answer(me, said)).lower()
    assert "keramik" in told or "керамич" in told
    assert "turka" not in told and "турка" not in told


@pytest.mark.parametrize(
    "said", ["привезите: Самарканд, улица Регистан 5", "Samarqandga olib boring, Registon ko'chasi 5-uy"]
)
async def test_pickup_stays_where_no_courier_goes(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "shirin/first.jsonl")
    await answer(me, "napoleon tort bitta olaman")
    await answer(me, "o'zim olib ketaman")
    await answer(me, said)
    assert (await me.play.cart()).method == "pickup"


async def test_a_list_is_shown_again_after_pickup_is_told(db: database.Tx, tmp_path: Path) -> None:
    text, _ = await said_in(db, tmp_path, "shirin", "торт медовик беру один", "сам заберу")
    assert "1 кг" in text and "2 кг" in text


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("Andijonga olib boring, Navoiy ko'chasi 5-uy", "Andijon, Navoiy ko'chasi 5-uy"),
        ("bring it to Andijan please, Navoi street 5", "Andijan, Navoi street 5"),
        ("Andijondan yozyapman, manzil Navoiy ko'chasi 5-uy", "Navoiy ko'chasi 5-uy"),
    ],
)
async def test_the_town_it_goes_to_is_in_the_address(db: database.Tx, tmp_path: Path, said: str, address: str) -> None:
    me = await shopper_of(db, tmp_path, "sumka/first.jsonl")
    await answer(me, "kodli qulf bitta olaman")
    await answer(me, said)
    assert (await me.play.cart()).address == address


# ---- a second thing that is only half named --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "told", "held"),
    [
        ("sumka", "чемодан Карвон M чёрный беру и накидку на него", "«накидку»", ("KS-02", "M/qora", 1)),
        ("uy", "granit tova 24 bitta olaman, tagligiyam kerak", "«tagligiyam»", ("SU-09", "24 sm", 1)),
        ("uy", "one frying pan 24 and a thingamajig please", "“thingamajig”", ("SU-09", "24 sm", 1)),
        (
            "oyoq",
            "women's ballet flats black 38, one pair, and something to clean them with",
            "something to clean",
            ("OQ-13", "38/qora", 1),
        ),
        (
            "gul",
            "11 ta qizil atirgul 60 sm olaman, otkritkayam kerak bitta",
            "«otkritkayam»",
            ("GL-01", "qizil", 11),
        ),
        ("kofe", "сенчу беру одну, и сироп какой-нибудь", "«сироп»", ("KF-12", "", 1)),
    ],
)
async def test_what_nobody_knows_is_asked_about(
    db: database.Tx, tmp_path: Path, shop: str, said: str, told: str, held: tuple[str, str, int]
) -> None:
    text, lines = await said_in(db, tmp_path, shop, said)
    assert told in text and lines == [held]


@pytest.mark.parametrize(
    "said",
    [
        "беру клатч чёрный и упакуйте красиво пожалуйста",
        "клатч чёрный беру, и поскорее привезите, ладно?",
        "беру клатч чёрный и всё, спасибо большое",
        "kechki klatch qora bitta olaman va singlimga sovg'a qilaman",
        "I'll take the black clutch, and hurry up please",
    ],
)
async def test_what_is_said_beside_names_no_thing(db: database.Tx, tmp_path: Path, said: str) -> None:
    text, lines = await said_in(db, tmp_path, "sumka", said)
    assert lines == [("KS-14", "qora", 1)] and not any(mark in text for mark in "«“")


async def test_a_lid_for_a_pot_is_no_pot(db: database.Tx, tmp_path: Path) -> None:
    text, lines = await said_in(db, tmp_path, "uy", "granit tova 24 bitta olaman va kastryulaga qopqoq")
    assert "«qopqoq»" in text and lines == [("SU-09", "24 sm", 1)]


async def test_what_it_is_for_stands_before_it(db: database.Tx, tmp_path: Path) -> None:
    text, _ = await said_in(db, tmp_path, "kofe", "induksion plitaga turka qaysi boladi")
    assert "95 000" in text


async def test_one_more_for_mother(db: database.Tx, tmp_path: Path) -> None:
    assert await cart_of(db, tmp_path, "sumka", "kodli qulf 2 ta olaman, onamgayam bitta") == [("KS-10", "", 3)]


async def test_trousers_are_no_town(db: database.Tx, tmp_path: Path) -> None:
    assert await cart_of(db, tmp_path, "libos", "chinos beige 48 one please") == [("MD-07", "48/bej", 1)]


# ---- the same question again -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "person"),
    [
        ("shirin", ("торт медовик беру один", "90 123 45 67", "Джизак, улица Навои 5", "угу"), "Позвать сотрудника"),
        ("sumka", ("chamadon kerak", "mayli", "mayli"), "Xodimni chaqiraymi"),
        ("sumka", ("do you have suitcases", "yes", "90 123 45 67", "yes"), "a person"),
    ],
)
async def test_a_list_nobody_answers_offers_a_person(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], person: str
) -> None:
    text, held = await said_in(db, tmp_path, shop, *said)
    assert person in text and held == []


async def test_a_colour_nobody_answers_offers_a_person(db: database.Tx, tmp_path: Path) -> None:
    said = ("шоппер беру", "да", "90 123 45 67", "Ташкент, Навои 5, кв 3", "да")
    text, _ = await said_in(db, tmp_path, "sumka", *said)
    assert "Позвать сотрудника" in text


@pytest.mark.parametrize(
    ("said", "named", "held"),
    [
        (
            ("do you have a tent?", "great, one", "93 112 45 67", "sorry, 93 112 45 76", "Nukus, Doslyk 5. Prepaid?"),
            "the automatic one please",
            ("SH-22", "", 1),
        ),
        (
            ("палатка нужна", "хорошо, одну", "93 112 45 67", "ой, 93 112 45 76", "Ташкент, Навои 5, кв 3"),
            "4-местная зелёная, одна",
            ("SH-21", "yashil", 1),
        ),
    ],
)
async def test_phone_and_address_are_no_failed_answers(
    db: database.Tx, tmp_path: Path, said: tuple[str, ...], named: str, held: tuple[str, str, int]
) -> None:
    me = await shopper_of(db, tmp_path, "sayohat/first.jsonl")
    told = [await answer(me, one) for one in said]
    assert not any("person" in one or "сотрудник" in one for one in told) and "?" in told[-1]
    await answer(me, named)
    assert await in_cart(me) == [held]


# ---- the bigger of two; a colour of what was taken before ------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "asked", "said", "held"),
    [
        ("idish", "гранитная сковорода есть, побольше? сколько стоит", "чёрную одну возьму", ("ID-23", "qora", 1)),
        ("dala", "leyka bormi, kichikrog'i, narxi qancha", "yashilidan 2 ta olaman", ("DL-10", "yashil", 2)),
        ("dala", "do you have a watering can, the bigger one?", "one in green please", ("DL-11", "yashil", 1)),
    ],
)
async def test_the_bigger_of_two_is_asked_about(
    db: database.Tx, tmp_path: Path, shop: str, asked: str, said: str, held: tuple[str, str, int]
) -> None:
    assert await cart_of(db, tmp_path, shop, asked, said) == [held]


@pytest.mark.parametrize(
    ("order", "said", "held"),
    [
        (
            "grey neck pillow, one please",
            "make it 3, all grey, and a code lock",
            [("KS-09", "kulrang", 3), ("KS-10", "", 1)],
        ),
        (
            "kartxolder qora 1 ta olaman",
            "3 ta bo'lsin, hammasi qora, yana bagaj tarozisi bitta",
            [("KS-22", "qora", 3), ("KS-32", "", 1)],
        ),
        (
            "обложку для паспорта чёрную беру одну",
            "давайте 4, все чёрные, и замок кодовый",
            [("KS-10", "", 1), ("KS-23", "qora", 4)],
        ),
    ],
)
async def test_a_colour_before_the_and_is_of_what_is_held(
    db: database.Tx, tmp_path: Path, order: str, said: str, held: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, "sumka", order, said) == held


@pytest.mark.parametrize(
    ("asked", "said", "held"),
    [
        (
            "mahrali xalatlardan 48 razmerga qaysi biri tushadi",
            "erkaklarnikidan L ko'k bitta, yana turban oq bitta",
            [("HM-11", "oq", 1), ("HM-14", "L/ko'k", 1)],
        ),
        ("махровый халат есть?", "мужской, L синий, один", [("HM-14", "L/ko'k", 1)]),
    ],
)
async def test_the_one_of_a_list_for_these_people(
    db: database.Tx, tmp_path: Path, asked: str, said: str, held: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, "hammom", asked, said) == held


@pytest.mark.parametrize(
    ("order", "said", "held"),
    [
        ("raqamli rasm 40x50 lola bitta olaman", "lola emas mushuk bo'lsin, opam gulni yoqtirmaydi", "mushuk"),
        ("картину по номерам лола беру одну", "нет, лучше samarqand, мама краски любит", "samarqand"),
    ],
)
async def test_why_another_look_is_wanted_names_no_goods(
    db: database.Tx, tmp_path: Path, order: str, said: str, held: str
) -> None:
    assert await cart_of(db, tmp_path, "rassom", order, said) == [("RS-39", held, 1)]


@pytest.mark.parametrize("said", ["chexoli bilan keladimi", "chexol bilan birgami"])
async def test_what_may_come_with_a_thing_is_not_bought(db: database.Tx, tmp_path: Path, said: str) -> None:
    asked = f"rod-pod qancha, {said}"
    assert await cart_of(db, tmp_path, "qarmoq", asked, "1 ta zakaz qilaman") == [("QM-38", "", 1)]


async def test_a_list_left_open_is_asked_again_with_the_phone(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "isitgich/first.jsonl")
    await answer(me, "elektr korpacha bitta, elektr grelka ham bitta olaman")
    told = await answer(me, "bo'ldi yozing, Urganch shahar Navro'z ko'chasi 14 uy, 91 062 08 45, Gulbahor")
    assert "korpacha" in told.replace("'", "").replace("ʻ", "").lower()
