"""Everyday words that are no goods, verbs that order nothing, names of people, and "not M but L" after the order."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.intents import met_in
from agent.brain_rules.lexicon import index
from agent.brain_rules.numbers import numbers
from agent.brain_rules.people import ahead_of_place, introduced
from agent.brain_rules.sums import in_digits
from agent.brain_rules.text import tokens
from agent.language import detect
from kit import db as database
from shop.lexicon import load
from tests.talking import in_cart, shopper_of, to_summary
from tests.test_search_titles import first, sold


def wants(said: str) -> set[str]:
    return {one.name for one in met_in(tokens(said))}


@pytest.mark.parametrize(
    "said",
    [
        "borish kerakmi",
        "qachon to'lashim kerak",
        "хочу после работы зайти",
        "хотела бы узнать про доставку",
        "i want to know the price",
        "вернусь к вам",
    ],
)
def test_what_one_wants_to_do_orders_nothing(said: str) -> None:
    assert "order" not in wants(said)


@pytest.mark.parametrize(
    "said", ["olishim kerak", "хочу купить", "хочу подарить маме", "i want to buy one", "kk", "i need it"]
)
def test_what_is_wanted_is_ordered(said: str) -> None:
    assert "order" in wants(said)


def test_a_letter_that_denies_is_no_slip() -> None:
    met = index("intents")
    assert "misfit" not in wants("to'g'ri keladi") and "misfit" in wants("to'g'ri kelmadi")
    assert met.meanings("tasdiklayman") == met.meanings("tasdiqlayman")


def test_a_russian_keyboard_has_no_letter_for_oʻ() -> None:
    assert "paid" in wants("тулаб булдим") and "agree" in wants("булади, тугри")


@pytest.mark.parametrize(
    ("said", "beside", "name"),
    [
        ("меня Шахноза звать, везите в центр", False, "Шахноза"),
        ("kuryerga Jamshid deb yozib qo'ying", False, "Jamshid"),
        ("Gulnozaman, raqam |||||||||", True, "Gulnoza"),
        ("its Kamila, my phone is |||||||||", True, "Kamila"),
        ("black in S, for Malika, |||||||||", True, "Malika"),
        ("||||||||| Дилноза, улица Навои 8", True, "Дилноза"),
        ("||||||||| Bobur, 5-uy", True, ""),  # a street
        ("Rahman, raqam |||||||||", True, ""),
        ("||||||||| Chilonzor, 5-mavze", True, ""),
        ("men Termizdaman", True, ""),
        ("for Malika", False, ""),
    ],
)
def test_names_that_are_plainly_names(said: str, beside: bool, name: str) -> None:
    assert introduced(said, beside=beside)[0] == name


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("ikki yuz saksonga bering", "280 ga bering"),
        ("уч юз эллик минг", "350000"),
        ("3 million yuz qilsangiz", "3 million 100 qilsangiz"),
        ("yuzga krem", "yuzga krem"),
        ("beshta oling", "beshta oling"),
    ],
)
def test_spoken_hundreds_are_sums(said: str, digits: str) -> None:
    assert in_digits(said) == digits


def test_unga_is_no_number() -> None:
    assert numbers(tokens("unga bering")) == []


@pytest.mark.parametrize("word", ["javob", "kuryer", "кроме", "later", "hafta", "seni", "более", "magazin"])
def test_everyday_words_are_no_goods(word: str) -> None:
    shop = sold(
        "Javon 3 tokchali", "Kuler", "Krossovka", "Narvon | Лестница", "Xaltacha", "Mokasin", "Sano o'ti", "Kepka"
    )
    assert load().everyday and not shop.find(word)


def test_a_word_of_a_title_is_found_though_it_is_an_everyday_one() -> None:
    assert first(sold("Sumka Javob", "Sumka Lola"), "javob sumkasi") == "Sumka Javob"


def test_the_thing_is_what_stands_before_its_purpose() -> None:
    shop = sold(
        "Gitara Almeda | Гитара Almeda", "Gitara chexoli | Чехол для гитары", "Gitara kombigi | Комбик для гитары"
    )
    assert first(shop, "gitara uchun chexol") == "Gitara chexoli"
    assert first(shop, "чехол для гитары") == "Gitara chexoli"
    assert first(shop, "гитара") == "Gitara Almeda"


def test_for_a_child_where_nothing_is_for_anybody() -> None:
    shop = sold("Dutor | Дутар", "Doira teri | Дойра кожаная")
    assert shop.find("bolaga dutor")[0].score > 0.8


async def test_one_is_not_so_many_but_another_after_the_order(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "dialogues.jsonl")
    await to_summary(me)
    await me.say("ha")
    await me.say("qora emas oqini solib yuboring")
    assert [variant for _, variant, _ in await in_cart(me)] == ["oq"]


async def test_another_ending_is_no_slip_of_a_yes(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "dialogues.jsonl")
    await to_summary(me)
    await me.say("hammasi bo'lib necha so'm beraman, hisobdan adashib ketdim")
    assert await me.orders() == []


async def test_the_rest_of_the_kind_in_view_is_shown(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "dialogues.jsonl")
    await me.say("Nilufar ko'ylagi bormi?")
    said = await me.say("bundan boshqa yana qanaqa ko'ylaklaringiz bor")
    assert "Nilufar" not in said and said.count("soʻm") > 1 and await in_cart(me) == []


async def test_how_heavy_somebody_is_is_no_number_of_pieces(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "dialogues.jsonl")
    await me.say("Nilufar ko'ylagi bormi?")
    await me.say("im 5'4 and 60 kilos, S or M for me?")
    assert await in_cart(me) == []


async def test_three_of_one_thing_while_the_other_stays(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "bayram/first.jsonl")
    await me.say("I need two gold foil stars and one red foil heart, what's the total?")
    await me.say("oh wait, make it 3 hearts, stars stay the same")
    assert sorted(qty for _, _, qty in await in_cart(me)) == [2, 3]
    assert {sku: qty for sku, _, qty in await in_cart(me)}["BY-04"] == 3


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("rasmini tashlab berasizmi", "photo_wanted"),
        ("can you drop it at my office", "delivery"),
        ("pul tushganmi", "paid"),
        ("не беру чёрную", "not_it"),
    ],
)
def test_what_is_asked_is_not_something_near_it(said: str, wish: str) -> None:
    wanted = wants(said)
    assert wish in wanted and not wanted & {"haggle", "later"}


@pytest.mark.parametrize(
    ("said", "digits"), [("ellikka bering", "50 ga bering"), ("oltmish beshga bering", "65 ga bering")]
)
def test_tens_for_which_it_is_wanted(said: str, digits: str) -> None:
    assert in_digits(said) == digits


async def test_another_branch_is_no_other_product(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "dialogues.jsonl")
    await me.say("xudi qora M")
    assert "Svitshot" not in await me.say("boshqa filialingiz bormi?")


async def test_how_a_thing_is_praised_is_not_how_many_it_has(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "dialogues.jsonl")
    await me.say("2 chiroyli kepka oq bering")
    assert [qty for _, _, qty in await in_cart(me)] == [2]


@pytest.mark.parametrize(
    ("shop", "begins", "says", "counts"),
    [
        ("uy", "white bath towels, 4 white and 4 pink", "no, make it 3 each", [3, 3]),
        ("uy", "банные полотенца 4 белых 4 синих", "нет по 3 каждого", [3, 3]),
        ("sovun", "bubble sham 5 ta oq va 5 ta bej", "yo'q 2 tadan qiling", [2, 2]),
        ("uy", "hammom sochig'i 4 ta oq va 4 ta ko'k", "bitta oqini pushtiga almashtiring", [1, 3, 4]),
        ("uy", "банные полотенца 4 белых 4 синих", "одно белое замените на синее", [3, 5]),
        ("sovun", "bubble candles, 3 white and 2 pink", "swap one white for pink", [2, 3]),
    ],
)
async def test_so_many_of_each_line_and_one_for_another(
    db: database.Tx, tmp_path: Path, shop: str, begins: str, says: str, counts: list[int]
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await me.say(begins)
    await me.say(says)
    assert sorted(qty for _, _, qty in await in_cart(me)) == counts


@pytest.mark.parametrize(
    ("shop", "said", "count"),
    [
        ("uy", "2 подушки 50х70 и одну маме", 3),
        ("uy", "yostiq 50x70 1 ta menga 1 ta onamga kerak", 2),
        ("sovun", "lavanda sovuni bering 1 ta oshxonaga 1 ta hammomga", 2),
        ("sovun", "2 ta atirgul sovuni qizil, 1 ta onamga 1 ta opamga", 2),
    ],
)
async def test_so_many_for_each_place_are_together(
    db: database.Tx, tmp_path: Path, shop: str, said: str, count: int
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await me.say(said)
    assert [qty for _, _, qty in await in_cart(me)] == [count]


@pytest.mark.parametrize(
    ("shop", "said", "lines"),
    [
        ("sovun", "мыло 10 лавандовых и 20 кофейных", {"SV-01": 10, "SV-02": 20}),
        ("sovun", "lavanda sovunidan 10 ta va qatronlisidan 5 ta bering", {"SV-01": 10, "SV-05": 5}),
        ("santex", "полипропилен труба 20 мм 15 штук и уголков 20 мм 30", {"ST-25": 15}),
        ("santex", "rakovina mikseri qora 2 ta va 3 ta kalonka", {"ST-03": 2}),
    ],
)
async def test_another_number_is_of_another_thing(
    db: database.Tx, tmp_path: Path, shop: str, said: str, lines: dict[str, int]
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await me.say(said)
    assert {sku: qty for sku, _, qty in await in_cart(me)} == lines


async def test_the_black_one_of_what_comes_in_no_colour(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    await me.say("ko'k choy 95 bormi")
    assert "Assam" in await me.say("qorasi qancha")


@pytest.mark.parametrize(
    ("shop", "asks", "left", "count"),
    [
        ("uy", "piyola donasi necha pul", "ko'kidan nechta qoldi", "120"),
        ("sayohat", "термос борми 1 литр", "қораси нечта қолди", "5"),
        ("uy", "пиалы почём", "белых сколько осталось", "80"),
    ],
)
async def test_how_many_are_left_orders_none(
    db: database.Tx, tmp_path: Path, shop: str, asks: str, left: str, count: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await me.say(asks)
    assert count in await me.say(left) and await in_cart(me) == []


def test_pieces_in_uzbek_are_no_russian_word() -> None:
    assert detect("пуштисидан 3 та, кўкидан 2 та", "uz_Cyrl") == "uz_Cyrl"
    assert detect("оқидан 4та, қорасидан 2та") == "uz_Cyrl" and detect("а та красная есть?", "uz") == "ru"


@pytest.mark.parametrize(
    ("said", "name", "place"),
    [
        ("Sherzod Chilonzor 5 kvartal 7 uy", "Sherzod", "Chilonzor 5 kvartal 7 uy"),
        ("Ботир Юнусабад 4 дом 5", "Ботир", "Юнусабад 4 дом 5"),
        ("Sherzod ko'chasi 5", "", "Sherzod ko'chasi 5"),
        ("Sergeli Chilonzor 5", "", "Sergeli Chilonzor 5"),
    ],
)
def test_a_name_ahead_of_the_place(said: str, name: str, place: str) -> None:
    assert ahead_of_place(said) == (name, place)


@pytest.mark.parametrize(
    "said",
    ["Chilonzor 5 kvartal 3 uy. mening raqamim 935551122", "Chilonzor 5 kvartal 3 uy, raqamim 93 555 11 22"],
)
async def test_whose_phone_it_is_is_no_address(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "uy/first.jsonl")
    await me.say("yostiq 50x70 bitta olaman")
    answer = await me.say(said)
    assert "3 uy, +998 93 555 11 22" in answer and "raqamim" not in answer


async def test_down_to_a_floor_is_no_bargaining(db: database.Tx, tmp_path: Path) -> None:
    assert "haggle" not in wants("tushirib berasizmi 3 qavatga") and "haggle" in wants("tushirib berasizmi")


async def test_an_order_goes_on_without_a_person(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kitob/first.jsonl")
    await me.say("daftar 12 varaq katak 20 ta kerak")
    await me.say("skidka bormi ko'p olsam")
    assert "сотрудник" not in await me.say("ладно оформляйте")
    for said in ("hammasi qancha bo'ldi", "Namanganga yetkazish bormi", "necha kunda boradi", "hammasi qancha bo'ldi"):
        await me.say(said)
    assert "manzil" in (await me.say("olaman")).lower()


@pytest.mark.parametrize(
    ("says", "told"),
    [
        (["пуф какого размера?"], "40x40"),
        (["sandiqli puf bormi", "razmeri qanaqa"], "40x40"),
        (["журнальный столик круглый", "какие размеры у него"], "60 sm"),
    ],
)
async def test_how_big_what_comes_in_one_size_is(db: database.Tx, tmp_path: Path, says: list[str], told: str) -> None:
    me = await shopper_of(db, tmp_path, "mebel/first.jsonl")
    answers = [await me.say(one) for one in says]
    assert told in answers[-1] and "yasamaymiz" not in answers[-1] and "не делаем" not in answers[-1]


async def test_what_it_is_for_is_no_second_thing_nor_a_number(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "pazanda/first.jsonl")
    answer = await me.say("salom tort uchun qolip bormi 24 sm")
    await me.say("olaman")
    assert "tekislagich" not in answer and await in_cart(me) == [("PZ-05", "", 1)]


async def test_the_very_words_of_a_title_come_first(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    await me.say("mis turka 300 bitta")
    await me.say("va kofe turkcha hil bilan 2 ta")
    assert sorted((sku, qty) for sku, _, qty in await in_cart(me)) == [("KF-07", 2), ("KF-22", 1)]


async def test_a_yes_to_which_product_is_asked_again(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "sayohat/first.jsonl")
    await me.say("o'zim borib olib ketaman")
    assert "?" in await me.say("ha")


@pytest.mark.parametrize(
    ("shop", "said"),
    [
        ("uy", "chinni choynak 1,5 l qachon keladi"),
        ("sayohat", "термос на 2 литра когда будет"),
        ("gul", "pionlar qachon keladi"),
    ],
)
async def test_when_what_is_sold_out_comes_is_no_delivery(
    db: database.Tx, tmp_path: Path, shop: str, said: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    answer = await me.say(said)
    assert "yetkazib" not in answer and "доставка" not in answer
