"""Questions of a thing, in whatever words; how many are left; sums over two turns; things told apart by a number."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.measure import measures
from agent.brain_rules.numbers import numbers, so_big
from agent.brain_rules.sums import named
from agent.brain_rules.text import tokens
from agent.tools.faq import asked_in
from kit import db as database
from tests.talking import answer, in_cart, shopper_of
from tests.test_brain_everyday import wants
from tests.test_search_titles import first, sold

# ---- what is asked ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Oʻrnatib berasizlarmi?", "can you put it up for us"),
        ("Есть гарантия?", "kafolati necha yil"),
        ("Sovgʻaga oʻrab berasizmi?", "можно красиво упаковать"),
        ("Do you engrave?", "ismini yozdirsa bo'ladimi"),
        ("Примерить можно?", "kiyib ko'rsam bo'ladimi"),
        ("Чьё производство?", "qaysi davlatda ishlab chiqarilgan"),
    ],
)
def test_one_question_in_other_words(one: str, other: str) -> None:
    shared = asked_in(one).topics & asked_in(other).topics
    assert len(shared) == 1


async def test_a_shops_answer_needs_its_very_question(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "santex/first.jsonl")
    await answer(me, "сувли сочиқ қуритгич неча пул")
    assert "120 000" in await answer(me, "монтаж ҳам қиласизларми")  # what its owner calls o'rnatish
    assert "120 000" not in await answer(me, "уста телефони борми")


@pytest.mark.parametrize(
    ("shop", "said", "fact"),
    [
        ("kofe", "elektr kofe maydalagich necha vatt ekan", "200"),
        ("oyin", "monopoliyani nechta odam o'ynaydi", "2-6"),
        ("velo", "bolalar begoveli qancha og'irlikda, necha kilo", "3,5"),
    ],
)
async def test_what_only_the_description_tells(
    db: database.Tx, tmp_path: Path, shop: str, said: str, fact: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    assert fact in await answer(me, said)


async def test_asked_on_without_its_name(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "oyin/first.jsonl")
    await answer(me, "monopoliya bormi")
    assert "2-6" in await answer(me, "how many players?") and await in_cart(me) == []


@pytest.mark.parametrize("said", ["puerdan nechta qoldi", "сколько осталось пуэра", "how many puer are left"])
async def test_how_many_are_left(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    told = await answer(me, said)
    assert "left" in wants(said) and any(one in told for one in ("3 ta", "3 шт", "3 left"))


@pytest.mark.parametrize(
    "said", ["how long is the cable", "how long does it keep tea hot", "zaryadi necha soat yetadi"]
)
def test_how_long_a_thing_is_asks_for_no_delivery(said: str) -> None:
    assert not wants(said) & {"delivery", "delivery_time"}


def test_free_of_something_asks_for_no_free_delivery() -> None:
    assert "free_delivery" not in wants("ammonia free dye") and "free_delivery" in wants("is delivery free?")


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("сколько вам сейчас скинуть", True),
        ("hozir qancha pul tashlay", True),
        ("how much do i need to send", True),
        ("сколько стоит. скину завтра", False),
    ],
)
def test_what_is_to_be_sent_now_is_asked(said: str, asked: bool) -> None:
    assert ("payment" in wants(said)) is asked


async def test_the_sum_to_send_is_told_before_the_address(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "bayram/first.jsonl")
    await answer(me, "pnevmo xlopushka 60 sm dan 10 ta olaman")
    assert "130 000" in await answer(me, "Buxoroga jo'natsangiz oldindan qancha tashlayman")  # the half of 260 000


async def test_a_colour_that_is_not_there_has_a_price(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "bayram/first.jsonl")
    assert "70 000" in await answer(me, "gender sharning qorasi qancha turadi")


# ---- sums and pieces -------------------------------------------------------------------------------------------------


async def test_what_was_priced_before_is_in_the_sum(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "ip/first.jsonl")
    await answer(me, "akril ip ko'kidan 2 ta olsam qancha bo'ladi")
    await answer(me, "yana pushtisidan 1 ta qo'shing, hammasi qancha")
    assert sorted(await in_cart(me)) == [("IP-01", "ko'k", 2), ("IP-01", "pushti", 1)]


async def test_together_with_what_was_shown(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "velo/first.jsonl")
    await answer(me, "шлем детский сколько")
    assert "260 000" in await answer(me, "и багажник алюминиевый к нему, вместе сколько?")


@pytest.mark.parametrize("said", ["price for 2?", "2 tasi qancha", "а за 2 сколько"])
async def test_the_price_of_so_many(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    await answer(me, "dekaf kofe bormi")
    assert "236 000" in await answer(me, said)


async def test_so_many_of_as_many_colours_are_one_each(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "ip/first.jsonl")
    await answer(me, "возьму две пряжи акриловые, красную и синюю")
    assert sorted(await in_cart(me)) == [("IP-01", "ko'k", 1), ("IP-01", "qizil", 1)]


async def test_an_undecided_thing_is_asked_for_again(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kalava/first.jsonl")
    await answer(me, "беру две подушки бамбук 70х70 и наволочки белые")
    asked = await answer(me, "Ташкент, Юнусабад 11, дом 4 кв 9. 90 011 73 20")
    assert "Наволочки 50x70" in asked and "Наволочки 70x70" in asked


async def test_a_family_member_by_its_size(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    await answer(me, "french press 1 litrlisi nechpul")
    assert "79 000" in await answer(me, "kichigichi?")


# ---- numbers ---------------------------------------------------------------------------------------------------------


def test_a_thing_called_by_its_number() -> None:
    assert [so_big(token) for token in tokens("yigirmalik пятидесятка ellikta taglik")] == [20, 50, 0, 0]
    assert measures(tokens("20 lik truba"))[0][2] == (20.0, "")


async def test_a_pipe_of_fifty(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "santex/first.jsonl")
    await answer(me, "канализация трубаси пятидесятка керак, 2 та")
    assert await in_cart(me) == [("ST-30", "", 2)]


def test_ten_of_people_is_a_number() -> None:
    assert [one.value for one in numbers(tokens("o'n kishilik"))] == [10]
    assert numbers(tokens("on the way")) == []


def test_a_price_written_in_thousands_of_thousands() -> None:
    assert named("1 900 ga bering", {"haggle"}, "UZS") == 1_900_000
    assert named("12 500 ga bering", {"haggle"}, "UZS") == 12_500


# ---- names -----------------------------------------------------------------------------------------------------------


def test_endings_of_words_in_l_and_li() -> None:
    shop = sold("Baxmal ko'rpacha | Курпача бархатная", "Paxtali ko'rpacha | Курпача хлопковая")
    assert first(shop, "baxmalidan ko'rpacha") == "Baxmal ko'rpacha"
    clippers = sold("Mashinka K1 simli", "Mashinka K5 simsiz")
    assert first(clippers, "mashinkani simligi") == "Mashinka K1 simli"


def test_a_hyphened_name_is_typed_as_one_word() -> None:
    assert first(sold('Kubiklar "Toy-Blok"', "Loto"), "toyblok") == 'Kubiklar "Toy-Blok"'


async def test_a_chair_inside_a_longer_word_is_no_other_chair(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "beshik/first.jsonl")
    said = await answer(me, "кресло изофикс поворотное серое сколько")
    assert "1 980 000" in said and "790 000" not in said


async def test_a_correction_is_no_address(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "santex/first.jsonl")
    await answer(me, "Bachok ichki mexanizmi 1 ta olaman")
    await answer(me, "my father will receive it, 94 019 83 25")
    await answer(me, "oops, wrong digits at the end, it's 94 019 83 52")
    assert (await me.play.cart()).address == "" and (await me.play.cart()).phone == "+998940198352"


# ---- what must not happen --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["2 ta akril ip oq yoki qizil olaman", "2 ta akril ip olaman, oqmi qizilmi bilmayman"])
async def test_which_of_two_is_still_open(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "ip/first.jsonl")
    await answer(me, said)
    assert all(pieces != 1 for _, _, pieces in await in_cart(me))  # not one of each


async def test_a_size_in_its_own_part_names_its_own_thing(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kalava/first.jsonl")
    await answer(me, "возьму наволочки и подушку бамбук 50х70")
    assert [sku for sku, _, _ in await in_cart(me)] == ["KL-18"]


async def test_a_question_buys_nothing_that_was_priced(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    await answer(me, "matcha bormi")
    await answer(me, "I'd like 2 karkade. Also, where are you?")
    assert [sku for sku, _, _ in await in_cart(me)] == ["KF-18"]


async def test_another_number_is_another_pipe(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "santex/first.jsonl")
    await answer(me, "kanalizatsiya truba 50 mm qancha")
    await answer(me, "yuzligidan 2 ta")
    assert await in_cart(me) == []


async def test_of_several_things_no_sum_to_send_is_guessed(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "oyin/first.jsonl")
    await answer(me, "uno 3 ta qancha")
    assert "202 000" in await answer(me, "jenga bilan birga jami qancha")
    assert "120 000" not in await answer(me, "Farg'onaga hozir qancha tashlayman")


async def test_an_orders_own_sum_is_told(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    await answer(me, "karkade 10 ta olaman")
    await answer(me, "Toshkent, Chilonzor 9-mavze, 14-uy, 3-xonadon. 90 011 73 20, Nodira")
    await answer(me, "ha")
    (order,) = await me.orders()
    told = await answer(me, "hozir qancha pul tashlashim kerak edi")
    assert order["to_transfer"] > 0 and f"{order['to_transfer']:,}".replace(",", " ") in told


@pytest.mark.parametrize(
    "said", ["pul o'tkazdim, chekni ko'rdingizmi", "перечислите что у вас есть", "hem qora hem oq"]
)
def test_everyday_words_ask_no_shops_question(said: str) -> None:
    assert not asked_in(said).topics


async def test_a_cup_is_not_wanted_in_coffee_brown(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    assert "yoʻq" not in await answer(me, "2 ta kapuchino chashka oq bering")
    assert await in_cart(me) == [("KF-37", "oq", 2)]
