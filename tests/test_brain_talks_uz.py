"""How people in Uzbekistan ask on of what is in view, change their minds and are heard out, beside short orders."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.language import detect
from kit import db as database
from tests.talking import ADDRESS, answer, cart_of, said_in, shopper_of
from tests.test_brain_everyday import wants
from tests.test_search_titles import first, sold

# ---- the thing in view -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "named", "asked", "told"),
    [
        ("velo", "toychoq 16 velosiped qancha", "yon g'ildiragi bormi", "yon g'ildiraklari bilan"),
        ("velo", "шунқор 24 велосипед борми", "рамаси қанақа", "po'lat rama"),
        ("sumka", "polikarbonat chamadon bormi", "g'ildiragi nechta", "TSA"),
        ("mebel", "sandiqli puf bormi", "ichiga narsa solsa bo'ladimi", "solsa bo'ladi"),
        ("zoo", "hayvonlar shampuni bormi", "necha ml", "250 ml"),
        ("kofe", "drip paket kofe qancha", "ичида нечта", "10"),
        ("sovga", "erkaklar charm hamyoni qancha", "nechta karta sig'adi", "karta va tanga"),
    ],
)
async def test_asked_on_of_what_is_in_view(
    db: database.Tx, tmp_path: Path, shop: str, named: str, asked: str, told: str
) -> None:
    said, cart = await said_in(db, tmp_path, shop, named, asked)
    assert told in said and cart == []


async def test_what_no_description_tells_a_person_knows(db: database.Tx, tmp_path: Path) -> None:
    told, _ = await said_in(db, tmp_path, "usta", "eshik qulfi nechpul", "o'rnatib ham berasizlarmi")
    assert "xodimimiz aniq aytadi" in told
    told, cart = await said_in(db, tmp_path, "texno", "toster 1 ta olaman", "sovg'aga o'rab bering buvimga")
    assert "xodimimiz aniq aytadi" in told and cart == [("TX-33", "", 1)]
    told, _ = await said_in(db, tmp_path, "zoo", "mushuk bolasi uchun ozuqa 2 ta bering", "necha kunga yetadi")
    assert "xodimimiz aniq aytadi" in told and "yetkazib berish" not in told


@pytest.mark.parametrize(
    "said", ["necha kunga yetadi", "неча ойга етади", "какой тише работает", "nechta karta sig'adi"]
)
def test_what_a_thing_does_asks_nothing_of_the_shop(said: str) -> None:
    assert not wants(said) & {"delivery_time", "hours", "card", "payment"}


async def test_hours_that_it_works_are_no_clock(db: database.Tx, tmp_path: Path) -> None:
    told, cart = await said_in(db, tmp_path, "texno", "akkumulyatorli stol lampasi pushti 1 ta", "necha soat yonadi")
    assert "Kelvit" not in told and cart == [("TX-30", "pushti", 1)]


async def test_the_colour_is_still_chosen_after_a_question(db: database.Tx, tmp_path: Path) -> None:
    said = ("kitob javoni bormi", "nechta qavat", "yong'oq")
    assert await cart_of(db, tmp_path, "mebel", *said) == [("MB-11", "yong'oq", 1)]


@pytest.mark.parametrize(
    ("shop", "said", "both"),
    [
        ("texno", ("blender necha pul", "stakanlisi bilan farqi nima"), ("320 000", "385 000")),
        ("salomat", ("bilakka taqiladigan tonometr qancha", "mexanigidan farqi nima"), ("240 000", "135 000")),
        ("sovga", ("sham bormi", "asalnikisi yaxshimi soyanikisi"), ("30 000", "75 000")),
    ],
)
async def test_one_against_the_other(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], both: tuple[str, str]
) -> None:
    told, cart = await said_in(db, tmp_path, shop, *said)
    assert both[0] in told and both[1] in told and cart == []


async def test_bulbs_inside_are_not_told_of_a_shelf(db: database.Tx, tmp_path: Path) -> None:
    told, _ = await said_in(db, tmp_path, "mebel", "devor polkasi oq 60 sm 1 ta", "kreplyojisi ichidami")
    assert "kreplyoji ichida" in told and "lampochka" not in told


# ---- what is ordered -------------------------------------------------------------------------------------------------


async def test_a_model_with_an_x_is_no_number_of_pieces(db: database.Tx, tmp_path: Path) -> None:
    said = ("elektrosamokat bormi", "qulf ham bormi", "X10 sini olaman")
    assert await cart_of(db, tmp_path, "velo", *said) == [("VL-15", "", 1)]
    assert ("SM-06", "", 3) in await cart_of(db, tmp_path, "salomat", "magniy x3")


async def test_a_vitamin_is_no_house(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "salomat/first.jsonl")
    await answer(me, "omega 3 sirop bolalarga 1 ta")
    await answer(me, "яна д3 дан битта катталарники 2000")
    cart = await me.play.cart()
    assert cart.address == "" and ("SM-01", 1) in [(line.sku, line.qty) for line in cart.lines]


async def test_one_more_thing_by_whom_it_is_for(db: database.Tx, tmp_path: Path) -> None:
    said = ("20 lik bolalar velosipedi qizil 1 ta olaman", "shlem ham kerak, bolalarnikidan pushtisimas ko'ki")
    assert await cart_of(db, tmp_path, "velo", *said) == [("VL-05", "qizil", 1), ("VL-31", "ko'k", 1)]


async def test_what_is_left_of_a_list_is_asked_for_again(db: database.Tx, tmp_path: Path) -> None:
    told, cart = await said_in(db, tmp_path, "usta", "bo'yoq kerak", "oqidan 2 ta va valik 18 lik 1 ta")
    assert cart == [("UM-18", "18 sm", 1)] and "Fasad" in told and "Malyar valigi" in told


async def test_which_one_is_still_open_after_a_question(db: database.Tx, tmp_path: Path) -> None:
    said = ("фен борми", "кафолат неча ой", "пуштисидан битта")
    assert await cart_of(db, tmp_path, "texno", *said) == [("TX-12", "pushti", 1)]


async def test_the_smaller_one_is_no_other_thing(db: database.Tx, tmp_path: Path) -> None:
    cart = await cart_of(db, tmp_path, "oyin", "shaxmat yog'och 40 sm 1 ta", "yo'q kichigini bering")
    assert [sku for sku, _, _ in cart] in (["OY-16"], ["OY-17"])  # of the same chess, not a car called small


@pytest.mark.parametrize("said", ["ko'k rangi qancha", "oq rangi nechpul"])
async def test_the_price_of_a_colour_buys_nothing(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert "price" in wants(said)
    told, cart = await said_in(db, tmp_path, "mebel", "devor soati tovushsiz bormi", "oq rangi qancha")
    assert "130 000" in told and cart == []


# ---- where it goes ---------------------------------------------------------------------------------------------------


async def test_to_another_town_after_all(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "mebel/first.jsonl")
    await answer(me, "bra oltin 1 ta olaman")
    await answer(me, "90 505 10 10, Namangan shahar Boburshox ko'chasi 12-uy, ismim Sherzod")
    assert "ko‘cha" in (asked := await answer(me, "boshqa joyga olib borib bering, Chustga")) or "koʻcha" in asked
    told = await answer(me, "Mustaqillik ko'chasi 5-uy")
    assert "Chust, Mustaqillik" in told and "40 000" in told


async def test_a_receipt_that_is_offered(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "mebel/first.jsonl")
    await answer(me, "bra oltin 1 ta olaman")
    await answer(me, f"{ADDRESS}, ismim Nodira")
    await answer(me, "ha")
    assert "tushunmadim" not in await answer(me, "chek yuboraymi")


# ---- words -----------------------------------------------------------------------------------------------------------


def test_a_word_in_s_with_an_owner() -> None:
    shop = sold("To'tiqush qafasi | Клетка для попугая", "To'tiqush doni | Корм для попугая")
    assert first(shop, "qafas to'tiqushga") == "To'tiqush qafasi"
    assert first(sold("Avto kompasi", "Avto nasosi"), "kompas") == "Avto kompasi"


def test_original_is_said_in_every_language() -> None:
    assert detect("o'zi original mismi", "uz") == "uz" and detect("is it original", "uz") == "en"
