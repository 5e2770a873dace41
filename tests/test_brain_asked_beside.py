"""What is asked beside the goods: whom a thing is meant for, the shop's own answers, what of them is bought then."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.intents import met_in
from agent.brain_rules.meant_for import told
from agent.brain_rules.text import tokens
from agent.tools.faq import asked_in
from kit import db as database
from shop.fold import stem
from tests.talking import cart_of, said_in

# ---- whom a thing is meant for ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "is_told"),
    [
        ("bolam 8 kilo", [(8, "kg")]),
        ("зал 24 квадрата", [(24, "area")]),
        ("my daughter is 6, which one?", [(6, "yosh")]),
        ("сыну 5, какой брать", [(5, "yosh")]),
        ("o'g'lim 7 da", [(7, "yosh")]),
        ("до 20 кг", []),
        ("9-36 kg", []),
    ],
)
def test_what_is_told_of_somebody(said: str, is_told: list[tuple[float, str]]) -> None:
    assert told(said) == is_told


@pytest.mark.parametrize(
    ("shop", "said", "fact"),
    [
        ("pazanda", "15 kishilik tortga qaysi ajraladigan qolip kerak", "79 000"),
        ("shirin", "на 10 человек какой торт взять?", "198 000"),
        ("velo", "дочке 8 лет, какой велосипед ей подойдёт", "1 190 000"),
        ("chiroq", "for a room of 18 sq m, which Malika chandelier is better, 6 or 8 arms?", "780 000"),
        ("chiroq", "35 kv.m zalga qaysi lyustra bo'ladi", "30-40"),
        ("oyin", "6 yoshli bolaga qaysi o'yin yaxshi", "82 000"),
        ("oyin", "что подарить мальчику 7 лет?", "165 000"),
        ("optika", "у сына 7 лет, какие очки для компьютера подойдут?", "5-12"),
    ],
)
async def test_which_is_meant_for_that(db: database.Tx, tmp_path: Path, shop: str, said: str, fact: str) -> None:
    answer, cart = await said_in(db, tmp_path, shop, said)
    assert fact in answer and not cart


async def test_the_size_that_the_description_tells_is_bought(db: database.Tx, tmp_path: Path) -> None:
    said = ("tizza himoyasi bormi", "o'g'lim 10 yosh, qaysi razmer tushadi", "bitta olaman")
    assert await cart_of(db, tmp_path, "velo", *said) == [("VL-32", "M", 1)]
    said = ("подгузники Пуфи на липучках, малышке 7 кг, какой размер брать?", "давайте один")
    assert await cart_of(db, tmp_path, "kimyo", *said) == [("KM-39", "M", 1)]


# ---- the shop's own answers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("what ring size should I take?", True),
        ("Uzuk razmerini qanday bilaman?", True),
        ("какой размер брать", True),
        ("qaysi razmerlari bor", False),
        ("сколько стоит размер 42", False),
    ],
)
def test_which_size_to_take_is_one_question(said: str, asks: bool) -> None:
    assert ("which_size" in asked_in(said).topics) == asks


@pytest.mark.parametrize(
    ("said", "price"), [("на сколько стирок хватит", False), ("сколько скоростей", False), ("сколько за штуку", True)]
)
def test_how_many_is_no_price(said: str, price: bool) -> None:
    assert any(one.name == "price" for one in met_in(tokens(said))) == price


@pytest.mark.parametrize(
    ("shop", "said", "fact"),
    [
        ("kimyo", "avtomat poroshok 3 kg necha yuvishga yetadi", "30"),
        ("zargar", "а какой размер кольца брать?", "53"),
        ("soat", "ремешок порвался, как узнать его ширину", "Измерьте"),
        ("sayohat", "chamadonni tutqichi sinib qolsa kafolat bormi", "1 yil"),
        ("chiroq", "yo'lda sinib qolsa nima bo'ladi", "bepul"),
    ],
)
async def test_the_shops_own_answer_is_told(db: database.Tx, tmp_path: Path, shop: str, said: str, fact: str) -> None:
    answer, cart = await said_in(db, tmp_path, shop, said)
    assert fact in answer and not cart


async def test_days_of_taking_back_are_no_delivery(db: database.Tx, tmp_path: Path) -> None:
    for said in (("qaytarsa bo'ladimi", "necha kun ichida"), ("можно вернуть?", "а сколько дней")):
        answer, _ = await said_in(db, tmp_path, "soat", *said)
        assert "7" in answer and " 000 " not in answer


async def test_what_broke_after_it_was_bought_goes_to_a_person(db: database.Tx, tmp_path: Path) -> None:
    answer, _ = await said_in(db, tmp_path, "soat", "kecha olgan soatimni tasmasi uzilib ketdi, qanday almashtiraman")
    assert "xodimimizga" in answer


async def test_what_the_answer_names_is_bought_then(db: database.Tx, tmp_path: Path) -> None:
    said = ("which powder is right for a baby with sensitive skin?", "fine, two of those")
    assert await cart_of(db, tmp_path, "kimyo", *said) == [("KM-04", "", 2)]


# ---- what a word is not ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        ("kimyo", ("ok 2 of the lemi 900 ml, lemon",), [("KM-14", "limon", 2)]),
        ("kimyo", ("fabric softener 2 l lavender, 1",), [("KM-09", "lavanda", 1)]),
        ("kimyo", ("oqqush avtomat 3 kg bormi", "rangli kiyimga ikkita"), [("KM-01", "rangli kiyim", 2)]),
    ],
)
async def test_a_unit_is_no_size_and_a_size_has_endings(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], cart: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, *said) == cart


@pytest.mark.parametrize(
    ("shop", "said", "fact"),
    [
        ("velo", ("складной велосипед сколько скоростей и влезет в багажник?",), "6 скоростей"),
        ("velo", ("buklanadigan velosiped bormi", "mashina bagajiga sig'adimi"), "yukxonasiga"),
        ("velo", ("what's the range of the X10 scooter",), "45 km"),
    ],
)
async def test_what_it_has_or_fits_into_names_nothing_else(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], fact: str
) -> None:
    assert fact in (await said_in(db, tmp_path, shop, *said))[0]


# ---- what is in view, and something else with it ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        ("kimyo", ("do you have bleach", "one of that and a bucket, red"), [("KM-11", "", 1), ("KM-31", "qizil", 1)]),
        ("kimyo", ("белизна есть?", "одну такую и ведро красное"), [("KM-11", "", 1), ("KM-31", "qizil", 1)]),
        ("velo", ("складной велик есть?", "беру один, и насос мини"), [("VL-08", "", 1), ("VL-38", "", 1)]),
        ("velo", ("is the folding bike available", "one, and a mini pump"), [("VL-08", "", 1), ("VL-38", "", 1)]),
    ],
)
async def test_both_are_taken(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], cart: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, *said) == cart


async def test_what_is_only_asked_is_not_taken(db: database.Tx, tmp_path: Path) -> None:
    said = ("belizna bormi", "shundan 2 ta va chelak bormi")
    assert await cart_of(db, tmp_path, "kimyo", *said) == [("KM-11", "", 2)]


@pytest.mark.parametrize(
    "said",
    [
        "ko'kini yashilga almashtiring",
        "swap the blue one for green, red stays",
        "синий поменяйте на зелёный, красные пусть остаются",
    ],
)
async def test_one_for_another_of_several(db: database.Tx, tmp_path: Path, said: str) -> None:
    cart = await cart_of(db, tmp_path, "pazanda", "gel bo'yoq 2 ta qizil 1 ta ko'k", said)
    assert cart == [("PZ-34", "qizil", 2), ("PZ-34", "yashil", 1)]


@pytest.mark.parametrize(
    "said", ["ko'kini olib tashlang, qizili qolsin", "drop the blue one, red stays", "remove the blue"]
)
async def test_one_goes_and_the_other_stays(db: database.Tx, tmp_path: Path, said: str) -> None:
    cart = await cart_of(db, tmp_path, "pazanda", "gel bo'yoq 2 ta qizil 1 ta ko'k", said)
    assert cart == [("PZ-34", "qizil", 2)]


async def test_both_is_no_one_for_another(db: database.Tx, tmp_path: Path) -> None:
    said = ("gel bo'yoq 1 ta qizil", "2 ta bo'lsin: bitta qizil bitta yashil")
    cart = await cart_of(db, tmp_path, "pazanda", *said)
    assert cart == [("PZ-34", "qizil", 1), ("PZ-34", "yashil", 1)]


async def test_a_size_for_another(db: database.Tx, tmp_path: Path) -> None:
    said = ("rezina qo'lqop S bitta olaman", "S ni M ga almashtiring")
    assert await cart_of(db, tmp_path, "kimyo", *said) == [("KM-32", "M", 1)]


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        ("Отвезите сразу им: Нукус, улица Бердаха 60, кв 2, 90 123 45 67", ": Нукус"),
        ("it's for Nukus, Berdaq street 63, flat 20. call 93 047 18 55", ": Nukus"),
    ],
)
async def test_who_is_to_bring_it_is_no_address(db: database.Tx, tmp_path: Path, said: str, begins: str) -> None:
    answer, _ = await said_in(db, tmp_path, "kimyo", "belizna 2 ta olaman", said)
    assert begins in answer


@pytest.mark.parametrize(
    ("said", "stemmed"), [("yogochidan", "yogoch"), ("ilgichi", "ilgich"), ("boshlovchi", "boshl")]
)
def test_of_wood(said: str, stemmed: str) -> None:
    assert stem(said) == stemmed


# ---- asked of a kind -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said"),
    [
        ("gilam", "do you give carpets on credit"),
        ("gilam", "ковры в рассрочку продаёте?"),
        ("gilam", "gilamlarni nasiyaga berasizmi"),
        ("salon", "what should I bring to pay in instalments for a hair dryer"),
    ],
)
async def test_paying_in_parts_asks_for_no_list(db: database.Tx, tmp_path: Path, shop: str, said: str) -> None:
    answer, _ = await said_in(db, tmp_path, shop, said)
    assert " 000 soʻm." not in answer and " 000 сум." not in answer


async def test_instead_of_it_names_what_comes(db: database.Tx, tmp_path: Path) -> None:
    said = ("термос литровый чёрный один", "вместо него корзину для пикника")
    cart = await cart_of(db, tmp_path, "sayohat", *said)
    assert any(sku == "SH-40" for sku, _, _ in cart)


async def test_its_hose_is_no_other_thing(db: database.Tx, tmp_path: Path) -> None:
    answer, _ = await said_in(db, tmp_path, "velo", "nasos manometrli, shlangi qancha uzun")
    assert "160 000" in answer and "yoʻq" not in answer


@pytest.mark.parametrize(
    ("shop", "said", "price"),
    [
        ("soat", ("tasma bormi", "tabiiy charm qorasi bormi 18 mm"), "85 000"),
        ("soat", ("какие ремешки есть", "из натуральной кожи"), "85 000"),
    ],
)
async def test_what_a_list_did_not_show_yet(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], price: str
) -> None:
    answer, _ = await said_in(db, tmp_path, shop, *said)
    assert price in answer and "40 000" not in answer
