"""Goods that come for models (cases, glasses): the model is a size, tells products apart, and may be one we lack."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules import sizes
from agent.brain_rules.text import tokens
from kit import db as database
from shop.catalogue import read_rows
from shop.search import Search
from tests import talk
from tests.talking import cart_of, said_in, shopper

HOME = talk.HERE / "dialogues" / "qarshi"
GOODS = Search([row.product for row in read_rows(HOME / "catalog.csv")[0]])
MODELS = ["iPhone 11", "iPhone 13", "Redmi Note 12", "Samsung A15", "Samsung A35"]


def plain(said: str) -> str:
    """With ordinary spaces: sums are said with hard ones."""
    return said.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ("айфон 13", "iPhone 13"),
        ("13 ayfonga", "iPhone 13"),
        ("а15 учун", "Samsung A15"),
        ("samsung a35 ga", "Samsung A35"),
        ("note 12", "Redmi Note 12"),
        ("redmi not 12", "Redmi Note 12"),
        ("iphone", ""),
        ("12", ""),
    ],
)
def test_a_model_in_the_words_of_shoppers(said: str, size: str) -> None:
    assert sizes.written_at(tokens(said), 0, MODELS)[0] == size


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("iphone 14 ga", "iphone 14"),
        ("айфон 13 про макс бор", "айфон 13 про макс"),
        ("13 pro айфон", "13 pro айфон"),
        ("redmi note 12 pro", "redmi note 12 pro"),
        ("samsung a55", "samsung a 55"),
        ("iphone 13", ""),
        ("13 айфон", ""),
        ("2 iphone 13", ""),
        ("iphone 13 2 ta", ""),
        ("2 ta chexol", ""),
    ],
)
def test_a_model_the_shop_has_nothing_for(said: str, other: str) -> None:
    assert sizes.other_model(tokens(said), 0, MODELS)[0] == other


def test_one_number_beside_two_models_of_it_is_no_size() -> None:
    assert sizes.of_number(11, MODELS, {}) == "iPhone 11"
    assert sizes.of_number(11, [*MODELS, "Redmi Note 11"], {}) == ""


@pytest.mark.parametrize(
    ("said", "first"),
    [("чехол на айфон 15", "QG-01"), ("стекло на самсунг", "QG-02")],
)
def test_what_is_made_for_the_model_comes_first(said: str, first: str) -> None:
    hits = GOODS.find(said)
    assert hits[0].sku == first
    assert not any("айфон" in said[a:b] for a, b in hits[0].spans)  # left to be read as size


def test_a_unit_beside_a_number_names_nothing() -> None:
    assert GOODS.find("33 вт") == []
    assert GOODS.find("quvvat 5 w") == GOODS.find("quvvat 5")


async def test_much_in_one_breath(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        said = await me.say("чехол силикон на 13 айфон розовый, стекло на 13 айфон и кубик 25 вт, всего по две штуки")
        assert "Силиконовый чехол (iPhone 13, розовый) × 2" in said
        assert "Защитное стекло 9H (iPhone 13) × 2" in said
        assert "(25 W) × 2" in said


async def test_of_goods_alike_the_one_that_comes_for_the_model_is_meant(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        said = await me.say("redmi note 13 uchun gʻilof bormi")
        assert "Kitobcha" in said and "Silikon" not in said


async def test_a_model_that_is_missing_and_a_thing_that_is_not_sold(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        assert "iphone 14 pro" in await me.say("iphone 14 pro ga silikon chexol bormi")
        said = await me.say("simli quloqchin 3.5 lik bitta, dazmol bitta, otg perexodnik bitta")
        assert "dazmol" in said and "Simli quloqchin" in said and "OTG" in said


async def test_a_question_beside_the_price_is_answered_too(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        said = await me.say("bluetooth kolonka qora nechpul, garantiyasi bormi?")
        assert "230 000" in plain(said) and "3 oy kafolat" in said


async def test_prices_for_many_are_told_where_one_asks_for_them(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        said = await me.say("стекло на айфон 13 если взять 6 штук, оптом дешевле?")
        assert "28 000" in plain(said) and "не торгуемся" not in said


async def test_a_phone_and_an_address_do_not_make_a_letter_of_an_order(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        said = await me.say(
            "hi, i need 3 things: white 20000 power bank, 33w charging block and a 1m lightning cable, one of each. "
            "my number is 94 028 57 71, Tashkent, Yunusabad district, Amir Temur street house 12, entrance 4, apt 51."
        )
        assert "409 000" in plain(said) and "(33 W)" in said and "(1 m)" in said and "apt 51" in said


CASE, GLASS, CLEAR = "GF-01", "GF-12", "GF-02"  # their titles name the make that their sizes begin with


@pytest.mark.parametrize(
    ("said", "bought"),
    [
        (["need 5 transparent cases for iphone 13"], [(CLEAR, "iPhone 13", 5)]),
        (["нужен магсейф чехол на айфон 14 прозрачный, один"], [("GF-03", "iPhone 14/shaffof", 1)]),
        (["redmi note 13 ga silikon chexol qora bormi", "bitta olaman"], [("GF-07", "Note 13/qora", 1)]),
        (["kitob chexol redmi 13c jigarrang bitta kerak"], [("GF-06", "Redmi 13C/jigarrang", 1)]),
        (["нужно стекло для самсунг а 55 одно"], [("GF-11", "A55", 1)]),
        (["samsung a o'n besh uchun shaffof chexol ikkita kerak"], [("GF-05", "A15", 2)]),
        (["чехол силиконовый зеленый на самсунг а25, 2 шт"], [("GF-04", "A25/yashil", 2)]),
    ],
)
async def test_the_model_though_the_title_names_its_make(
    db: database.Tx, tmp_path: Path, said: list[str], bought: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, "gilof", *said) == bought


@pytest.mark.parametrize(
    ("shop", "asked", "answer", "bought"),
    [
        ("gilof", "Himoya oynasi redmi uchun 2 ta kerak", "Redmi 13C, tel 90 123 45 67", (GLASS, "Redmi 13C", 2)),
        ("gilof", "silikon chexol iphone qora bitta", "iPhone 13, 90 123 45 67", (CASE, "iPhone 13/qora", 1)),
        ("gilof", "silikon chexol iphone qora bitta", "13 ga olaman", (CASE, "iPhone 13/qora", 1)),
        ("komp", "klaviatura redragon kumara bitta kerak", "blue", ("KM-22", "blue", 1)),
    ],
)
async def test_the_very_words_of_what_was_asked_for_answer_it(
    db: database.Tx, tmp_path: Path, shop: str, asked: str, answer: str, bought: tuple[str, str, int]
) -> None:
    assert await cart_of(db, tmp_path, shop, asked, answer) == [bought]


async def test_what_was_chosen_said_once_more_is_no_address(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=talk.HERE / "dialogues" / "gilof") as me:
        await me.say("himoya oynasi redmi note 13 ga bitta kerak")
        await me.say("Note 13")
        assert (await me.play.cart()).address == ""


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("силиконовый чехол на айфон 16 есть?", "айфон 16"),
        ("samsung a35 ga silikon chexol bormi", "A35"),
        ("redmi note 12 pro uchun himoya oynasi bormi", "redmi note 12 pro"),
    ],
)
async def test_a_model_of_that_make_which_is_missing(db: database.Tx, tmp_path: Path, said: str, missing: str) -> None:
    told, cart = await said_in(db, tmp_path, "gilof", said)
    assert missing in told and "Note 12 pro" not in told and not cart


@pytest.mark.parametrize(
    ("said", "bought"),
    [
        (["I need 12 transparent cases for iphone 15"], [(CLEAR, "iPhone 15", 12)]),
        (["one transparent case for iphone 15 please", "I'll take 11"], [(CLEAR, "iPhone 15", 11)]),
        (["возьму 11 прозрачных чехлов на айфон 15"], [(CLEAR, "iPhone 15", 11)]),
        (["silikon chexol iphone qora bormi", "13"], [(CASE, "iPhone 13/qora", 1)]),
        (["need 6 usb type c cables 1 m"], [("GF-20", "", 6)]),
        (["I want 3 usb cables 2 m please"], [("GF-21", "", 3)]),
    ],
)
async def test_how_many_is_no_model_of_that_number(
    db: database.Tx, tmp_path: Path, said: list[str], bought: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, "gilof", *said) == bought


async def test_yes_is_no_letter_of_a_size(db: database.Tx, tmp_path: Path) -> None:
    assert sizes.letter_at(tokens("yes"), 0, sure=True) == ("", 0)
    assert sizes.letter_at(tokens("эс"), 0, sure=True) == ("S", 1)


@pytest.mark.parametrize(
    ("said", "bought"),
    [
        (
            "assalom 20w blok bilan usb type c kabel 1 m kerak bittadan, jami necha",
            [("GF-14", "", 1), ("GF-20", "", 1)],
        ),
        ("нужен шнур лайтнинг и блок 20w, сколько вместе", [("GF-14", "", 1), ("GF-19", "", 1)]),
        ("67 vattli blok xiaomi uchun bittadan kerak", [("GF-16", "", 1)]),
        ("45w blok kerak", []),
    ],
)
async def test_a_block_of_so_many_watts_is_no_house(
    db: database.Tx, tmp_path: Path, said: str, bought: list[tuple[str, str, int]]
) -> None:
    async with shopper(db, tmp_path, folder=talk.HERE / "dialogues" / "gilof") as me:
        await me.say(said)
        cart = await me.play.cart()
        assert sorted((line.sku, line.variant, line.qty) for line in cart.lines) == bought
        assert cart.address == ""


async def test_a_block_of_a_quarter_is_one(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=talk.HERE / "dialogues" / "gilof") as me:
        await me.say("himoya oynasi redmi 13c ga bitta kerak, Chilonzor 5-blok 20-uy")
        assert (await me.play.cart()).address == "Chilonzor 5-blok 20-uy"


@pytest.mark.parametrize(
    ("shop", "said", "own", "other"),
    [
        ("qalpoq", "I want a gift for my uncle in Samarkand: the classic leather belt, 115. Price?", "charm", "do'ppi"),
        ("milliy", "сестре в Чуст хочу платок, есть?", "Платок", "Тюбетейка"),
        ("qalpoq", "Samarqanddagi dadamga kashemir sharf nechpul", "kashemir", "do'ppi"),
        ("qalpoq", "samarqand do'ppisi 56 necha pul", "do'ppi", "kamar"),
    ],
)
async def test_a_town_that_something_is_sent_to_names_nothing(
    db: database.Tx, tmp_path: Path, shop: str, said: str, own: str, other: str
) -> None:
    told, _ = await said_in(db, tmp_path, shop, said)
    assert own in told and other not in told


LATER = ("All right, write any time.", "Хорошо, если понадобится, пишите.", "Mayli, kerak boʻlsa, yozing.")


@pytest.mark.parametrize(
    ("shop", "said"),
    [
        ("gul", ["do you have roses?", "never mind, cancel it, my brother bought some"]),
        ("uy", ["чайник есть?", "отмените, не нужно уже, муж купил"]),
        ("texno", ["quloqchin bormi", "90 123 45 67", "to'xtang, kerakmas ekan, akam olibdi, bekor qiling"]),
    ],
)
async def test_a_cancel_where_nothing_was_ordered_yet_is_simply_taken(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str]
) -> None:
    told, cart = await said_in(db, tmp_path, shop, *said)
    assert told in LATER and not cart


async def test_an_order_that_is_not_there_is_said_to_be_none(db: database.Tx, tmp_path: Path) -> None:
    told, _ = await said_in(db, tmp_path, "texno", "quloqchin bormi", "buyurtmamni bekor qiling")
    assert told == "Hozir ochiq buyurtmangiz yoʻq."


async def test_having_said_with_another_ending(db: database.Tx, tmp_path: Path) -> None:
    told, _ = await said_in(db, tmp_path, "gilof", "самсунг а55 га бронялик чехол борми")
    assert "bronya" in told and "Shaffof" not in told


@pytest.mark.parametrize(
    ("shop", "said", "bought"),
    [
        ("asal", ["настойка прополиса без спирта, одну"], [("AS-20", "suvli", 1)]),
        ("asal", ["propolis drops without alcohol, got any? I need 3"], [("AS-20", "suvli", 3)]),
        ("asal", ["propolis damlamasi bitta kerak", "alcohol-free"], [("AS-20", "suvli", 1)]),
        ("asal", ["propolis damlamasi spirtsizidan ikkita bering"], [("AS-20", "suvli", 2)]),
        ("asal", ["propolis damlamasi spirtlisidan 1 ta"], [("AS-20", "spirtli", 1)]),
        ("quruq", ["беру фисташки 500 г без соли, одну"], [("QR-17", "tuzsiz", 1)]),
        ("quruq", ["беру фисташки 250 г солёные, две"], [("QR-16", "tuzli", 2)]),
        ("muz", ["тесто слоёное 500 г без дрожжей беру одно"], [("MZ-25", "xamirturushsiz", 1)]),
        ("kimyo", ["беру салфетки без запаха 2 шт"], [("KM-38", "hidsiz", 2)]),
    ],
)
async def test_what_a_size_is_without(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], bought: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, *said) == bought


async def test_how_a_thing_is_names_no_second_thing(db: database.Tx, tmp_path: Path) -> None:
    told, cart = await said_in(db, tmp_path, "quruq", "фисташки солёные одну")
    assert "Фисташки 500 г" in told and not cart


async def test_a_size_said_once_more_is_no_address(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=talk.HERE / "dialogues" / "asal") as me:
        await me.say("настойка прополиса на воде, 2 шт")
        await me.say("на воде")
        assert (await me.play.cart()).address == ""


@pytest.mark.parametrize(
    ("said", "bought"),
    [
        ("стекла на редми 12 и редми 13с по одной", [("GF-12", "Redmi 12", 1), ("GF-12", "Redmi 13C", 1)]),
        (
            "samsung a25 uchun silikon chexol va oyna kerak bittadan, chexol ko'k",
            [("GF-04", "A25/ko'k", 1), ("GF-11", "A25", 1)],
        ),
        (
            "iphone 13 ga shaffof chexol va himoya oynasi 2 tadan",
            [("GF-02", "iPhone 13", 2), ("GF-09", "iPhone 13", 2)],
        ),
        (
            "silikon chexol samsung a15 qora va himoya oynasi samsung a55 bittadan",
            [("GF-04", "A15/qora", 1), ("GF-11", "A55", 1)],
        ),
    ],
)
async def test_the_one_model_is_of_each_thing_that_comes_for_it(
    db: database.Tx, tmp_path: Path, said: str, bought: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, "gilof", said) == bought


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("gilof", "powerbank 20 minglik bormi", "Powerbank 20000 mAh"),
        ("qarshi", "powerbank 10 mingtalik bormi", "Powerbank 10000 mAh"),
        ("texno", "повербанк 10к есть?", "Повербанк 10000 мАч"),
    ],
)
async def test_what_is_called_by_its_thousands(
    db: database.Tx, tmp_path: Path, shop: str, said: str, told: str
) -> None:
    answer, _ = await said_in(db, tmp_path, shop, said)
    assert told in answer and answer.count("000 m") + answer.count("000 м") == 1


async def test_a_quarter_with_a_letter_is_no_thousand(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=talk.HERE / "dialogues" / "gilof") as me:
        await me.say("himoya oynasi redmi 12 ga bitta kerak")
        await me.say("Andijon shahar Bobur 20k 5-uy")
        assert "20k" in (await me.play.cart()).address


@pytest.mark.parametrize(
    ("shop", "said", "bought"),
    [
        ("gilof", "I need 12 transparent cases for iphone 15. any discount for that many?", [(CLEAR, "iPhone 15", 12)]),
        ("gilof", "нужно 12 стекол на самсунг а15, скидка будет?", [("GF-11", "A15", 12)]),
        ("gilof", "iphone 13 ga shaffof chexol 10 ta kerak, chegirma bormi", [(CLEAR, "iPhone 13", 10)]),
    ],
)
async def test_how_many_beside_a_discount_is_no_price(
    db: database.Tx, tmp_path: Path, shop: str, said: str, bought: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, said) == bought


@pytest.mark.parametrize(
    ("shop", "asked", "said", "held"),
    [
        ("nur", "AirBeat oq bormi", "unda AirBeat Pro oqidan bitta olaman", ("GL-16", "oq", 1)),
        ("nur", "сколько стоят AirBeat белые", "тогда AirBeat Pro белые, беру одни", ("GL-16", "oq", 1)),
        ("salon", "how much is the Nova lamp, 48 W", "then the Nova Pro, one please", ("SA-32", "", 1)),
    ],
)
async def test_the_one_with_a_name_behind_the_name_in_view(
    db: database.Tx, tmp_path: Path, shop: str, asked: str, said: str, held: tuple[str, str, int]
) -> None:
    assert await cart_of(db, tmp_path, shop, asked, said) == [held]


@pytest.mark.parametrize(
    ("shop", "said", "held"),
    [
        ("hovli", "gamak 2 kishilik bitta, plastik stul suyanchiqli oq 4 ta", [("HV-06", "", 1), ("HV-07", "oq", 4)]),
        ("avto", "videoregistrator 2 kamerali bitta olaman", [("AK-14", "", 1)]),
    ],
)
async def test_a_number_with_its_word_tells_which_one(
    db: database.Tx, tmp_path: Path, shop: str, said: str, held: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, said) == held
