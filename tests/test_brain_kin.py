"""Things told apart from their kin, several in one breath, parts of a line that change, offers and what is no order."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.numbers import numbers
from agent.brain_rules.text import tokens
from kit import db as database
from shop import colors
from tests.talking import answer, cart_of, in_cart, shopper_of, to_summary
from tests.test_brain_everyday import wants

# ---- the thing beside the one in view --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "before", "said", "title"),
    [
        ("libos", "soat po'lat tasmali nechpul", "charm tasmalisi-chi?", "Qoʻl soati charm tasmali"),
        ("texno", "stakanli blender bormi", "qo'l blenderi-chi?", "Qoʻl blenderi"),
        ("sport", "футбольный мяч сколько стоит", "а волейбольный?", "Мяч волейбольный"),
        ("texno", "do you have the wired headphones", "and the wireless ones?", "TWS"),
    ],
)
async def test_another_of_the_kind_by_its_word(
    db: database.Tx, tmp_path: Path, shop: str, before: str, said: str, title: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await me.say(before)
    assert title.replace("ʻ", "'") in (await answer(me, said)).replace("ʻ", "'")


async def test_another_of_the_kind_is_no_address(db: database.Tx, tmp_path: Path) -> None:
    said = ("sport kostyumi erkaklarniki bormi", "L qora 1 ta olaman", "ayollarniki ham S pushti bitta")
    cart = await cart_of(db, tmp_path, "sport", *said)
    assert cart == [("SP-01", "L/qora", 1), ("SP-02", "S/pushti", 1)]


@pytest.mark.parametrize("said", ["1 small and 2 large ones", "kichigidan 1 ta va kattasidan 2 ta"])
async def test_each_part_tells_another_of_the_list(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "texno/first.jsonl")
    await me.say("power bank bormi")
    await me.say(said)
    cart = await me.play.cart()
    wanted = [(one.sku, one.qty) for one in (*cart.lines, *cart.picks)]
    assert sorted(wanted) == [("TX-27", 1), ("TX-28", 2)]


async def test_a_number_said_to_a_list_is_kept(db: database.Tx, tmp_path: Path) -> None:
    said = ("power bank bormi", "3 ta olaman", "20000 ligi")
    assert await cart_of(db, tmp_path, "texno", *said) == [("TX-28", "", 3)]


# ---- part of a line --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "bittasini qora qiling, qolgani oq bo'lsin",
        "одну сделайте чёрную, остальные пусть белые",
        "make one of them black, the others stay white",
    ],
)
async def test_one_of_three_becomes_another(db: database.Tx, tmp_path: Path, said: str) -> None:
    cart = await cart_of(db, tmp_path, "usta", "ikkitalik rozetka oqidan 3 ta olaman", said)
    assert cart == [("UM-30", "oq", 2), ("UM-30", "qora", 1)]


async def test_one_of_what_was_ordered_becomes_another(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "usta/first.jsonl")
    await to_summary(me, "silikon germetik oqidan 2 ta olaman")
    await me.say("ha")
    await me.say("bittasini kulrang qivorsangiz, bittasi oq qolsin")
    assert sorted(await in_cart(me)) == [("UM-26", "kulrang", 1), ("UM-26", "oq", 1)]


async def test_what_does_not_suit_is_not_taken(db: database.Tx, tmp_path: Path) -> None:
    said = ("fen 1800 bormi", "pushtisi bizga to'g'ri kelmaydi, qorasidan bitta olaman")
    assert await cart_of(db, tmp_path, "texno", *said) == [("TX-12", "qora", 1)]


async def test_another_measure_is_enough(db: database.Tx, tmp_path: Path) -> None:
    said = ("power bank 20000 lik bitta olaman", "yo'q 20000 emas, 10000 ligi yetarkan oq")
    assert await cart_of(db, tmp_path, "texno", *said) == [("TX-27", "oq", 1)]


# ---- several in one breath -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "montaj ko'pigi 2 ta bilan eshik qulfi bitta kerak, hammasi qancha",
        "мне нужны две монтажные пены и один замок дверной сколько всего получится",
        "i need 2 montaj ko'pigi and one eshik qulfi, what's the total?",
    ],
)
async def test_two_counted_things_are_both_taken(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "usta", said) == [("UM-25", "", 2), ("UM-39", "", 1)]


async def test_what_a_thing_has_is_no_number_of_it(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "texno/first.jsonl")
    await me.say("какой обогреватель лучше для зала 24 квадрата, на 9 или на 11 секций?")
    assert await in_cart(me) == []
    said = tokens("a heater with nine sections")
    assert [one.value for one in numbers(said)] == [9]


async def test_a_cable_by_two_numbers(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "usta/first.jsonl")
    assert "980 000" in await answer(me, "кабель ввг 3 на 2,5 почём")


# ---- words -----------------------------------------------------------------------------------------------------------


def test_kinds_of_light_are_told_in_the_readers_language() -> None:
    assert [colors.shown("iliq", one) for one in ("uz", "ru", "en")] == ["iliq", "тёплый", "warm"]
    assert colors.named("тёплый халат") == []


@pytest.mark.parametrize(
    ("said", "no"),
    [
        ("two lamps, what would that be?", "bye"),
        ("a leather wallet", "later"),
        ("We stay at the Hotel Afrosiyob", "order"),
        ("какой из них лучше?", "change"),
        ("сатин пахтами ё аралашми", "refuse"),
    ],
)
def test_words_that_sound_like_others(said: str, no: str) -> None:
    assert no not in wants(said)


@pytest.mark.parametrize(
    "said",
    ["спасибо, покажу мужу, если что напишу", "xo'jayinim bilan gaplashib ko'ray", "let me ask my husband first"],
)
async def test_who_wants_to_think_is_not_pressed(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "texno/first.jsonl")
    await me.say("fen 1800 bitta olaman")  # its colour is asked for
    said_back = await answer(me, said)
    assert not any(one in said_back for one in ("qora", "чёрный", "black"))


@pytest.mark.parametrize("said", ["300 thousand each, I take all three", "300 mingdan qiling, 3 ta olaman"])
async def test_a_price_for_each_is_an_offer(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "texno/first.jsonl")
    await me.say("qo'l blenderi nechpul")
    await me.say(said)
    assert await in_cart(me) == []  # first the answer


async def test_what_now_while_money_is_awaited(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "texno/first.jsonl")
    await to_summary(me, "elektr turka bitta olaman")
    await me.say("ha")
    assert "№1" in await answer(me, "voy endi nima qilamiz-a")


async def test_a_hotel_belongs_to_the_address(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "texno/first.jsonl")
    await me.say("elektr turka bitta olaman")
    await me.say("We stay in Bukhara, Hotel Minorai, Naqshband street 88, room 5. Phone 90 028 36 14")
    assert "Hotel Minorai" in (await me.play.cart()).address


async def test_what_is_there_changes_beside_one_thing_more(db: database.Tx, tmp_path: Path) -> None:
    said = ("vodolazka L qora bitta olaman", "XL ga o'zgartirsangiz, keyin charm hamyon ham qo'shing qorasidan")
    assert await cart_of(db, tmp_path, "libos", *said) == [("MD-15", "XL/qora", 1), ("MD-35", "qora", 1)]


async def test_a_variant_for_another_takes_nothing_out(db: database.Tx, tmp_path: Path) -> None:
    said = ("fen 1800 pushtisidan bitta olaman", "fenni qorasini qilvoring, pushtisi kerak emas")
    assert await cart_of(db, tmp_path, "texno", *said) == [("TX-12", "qora", 1)]


@pytest.mark.parametrize("said", ["i need one, XL. Navoi street 33, apt 4", "bitta kerak, XXL. Navoiy ko'chasi 33-uy"])
async def test_a_size_is_nobodys_name(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "libos/first.jsonl")
    await me.say("vodolazka qora bormi")
    await me.say(f"{said}, 90 028 36 14")
    assert (await me.play.cart()).name == "" and (await in_cart(me))[0][1] in ("XL/qora", "XXL/qora")


async def test_the_town_is_kept_for_the_street(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "texno/first.jsonl")
    await me.say("elektr turka bitta olaman G'ijduvonga")
    await me.say("Mustaqillik ko'chasi 14-uy, 90 028 36 14")
    assert (await me.play.cart()).region == "bukhara_region"


async def test_another_number_of_the_kind(db: database.Tx, tmp_path: Path) -> None:
    said = ("moyli isitgich 9 seksiyalisi bormi", "11 seksiyaligidan bitta olaman")
    assert await cart_of(db, tmp_path, "texno", *said) == [("TX-19", "", 1)]


def test_a_suit_of_three_pieces_is_one() -> None:
    assert numbers(tokens("a three-piece suit"))[0].counted is False


async def test_all_of_what_was_ordered_in_another_size(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "usta/first.jsonl")
    await to_summary(me, "malyar valigi 10 sm dan 3 ta kerak")
    await me.say("ha")
    await me.say("could you make all three size 18 cm?")
    assert await in_cart(me) == [("UM-18", "18 sm", 3)]


async def test_two_kilos_of_it_are_no_other_thing(db: database.Tx, tmp_path: Path) -> None:
    cart = await cart_of(db, tmp_path, "shirin", "чернослив почём у вас", "возьму 2 кг")
    assert [count for _, _, count in cart] == [2] and len(cart) == 1


@pytest.mark.parametrize(
    ("said", "region"),
    [
        ("bitta beringlar, do'koningiz Toshkentda ham bor ekan", ""),
        ("кожаную одну возьму", ""),
        ("akam Toshkentdan kelyapti, bitta olaman", ""),
        ("bitta olaman Toshkentga", "tashkent_city"),
        ("возьму одну, в Ташкент", "tashkent_city"),
    ],
)
async def test_only_where_it_goes_to_is_kept(db: database.Tx, tmp_path: Path, said: str, region: str) -> None:
    me = await shopper_of(db, tmp_path, "texno/first.jsonl")
    await me.say("elektr turka bormi")
    await me.say(said)
    await me.say("Navoiy ko'chasi 12-uy, Mirob mahallasi, 90 028 36 14")
    assert ((await me.play.cart()).region == "tashkent_city") is bool(region)


async def test_another_colour_beats_the_first(db: database.Tx, tmp_path: Path) -> None:
    said = ("power bank oq bormi", "2 ta", "10000 ligi qora")
    assert await cart_of(db, tmp_path, "texno", *said) == [("TX-27", "qora", 2)]


async def test_all_of_a_line_become_others(db: database.Tx, tmp_path: Path) -> None:
    cart = await cart_of(
        db, tmp_path, "usta", "ikkitalik rozetka oqidan 3 ta olaman", "bittasi qora, ikkitasi kumush bo'lsin"
    )
    assert cart == [("UM-30", "kumush", 2), ("UM-30", "qora", 1)]


async def test_which_is_better_is_no_address(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "texno/first.jsonl")
    await me.say("elektr turka bitta olaman")
    await me.say("какая из них лучше для газа")
    assert (await me.play.cart()).address == ""


async def test_a_slip_that_may_be_a_person_or_a_trait(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "libos/first.jsonl")
    assert await answer(me, "singlga kepka bormi")
