"""A shop whose goods are called like towns, streets like regions, and what people say around an order."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.language import detect
from kit import db as database
from shop.places import places_of
from tests import talk
from tests.talking import Shopper, shopper

HOME = talk.HERE / "dialogues" / "xiva"


@pytest.mark.parametrize(
    ("said", "region"),
    [
        ("Khorezm street 50", ""),
        ("Bukhara avenue 3", ""),
        ("Nukus, Khorezm street 50", "karakalpakstan"),
        ("Navoiy koʻchasi 5", ""),
    ],
)
def test_a_street_called_like_a_region_is_a_street(said: str, region: str) -> None:
    found = places_of(said)
    assert (found[0].region if found else "") == region


@pytest.mark.parametrize("town", ["Xiva", "Хива", "Khiva", "Xiva shahri"])
async def test_a_town_in_the_name_of_a_product_is_a_town_in_an_address(
    db: database.Tx, tmp_path: Path, town: str
) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        await me.say("charm kamar 120 jigarrang bitta olaman")
        said = await me.say(f"Karim, 90 064 34 44, {town}, Toshpoʻlatov koʻchasi 3-uy")
        assert f"{town}, Toshpoʻlatov koʻchasi 3-uy" in said
        assert "Hozir hech narsa oʻtkazilmaydi" in said  # paid at the door in this town, half before elsewhere


async def bought(me: Shopper) -> None:
    """A brown wallet, ordered and placed."""
    await me.say("erkaklar hamyoni jigarrangidan bitta olaman")
    await me.say("Farhod, 99 048 18 28, Urganch shahri Gurlan koʻchasi 61-uy")
    assert "№1" in await me.say("ha")


async def test_a_corrected_street_stays_in_its_town(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        await me.say("erkaklar hamyoni jigarrangidan bitta olaman")
        await me.say("Farhod, 99 048 18 28, Urganch, Gurlan koʻchasi 61-uy")
        assert "Urganch, Gurlan koʻchasi 16-uy" in await me.say("adashdim, Gurlan koʻchasi 16-uy")


async def test_the_same_again_in_another_colour(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        await bought(me)
        await db.execute("UPDATE orders SET status = 'delivered'")
        said = await me.say("yana xuddi o'shandan bitta, faqat qorasi bo'lsin")
        assert "(qora) × 1" in said and "jigarrang" not in said


async def test_what_is_sold_is_never_said_to_be_missing(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        assert "yoʻq" not in await me.say("xullas kecha dugonamda bir oyoq kiyimni koʻrib havasim kelib qoldi bormikan")


async def test_a_name_typed_on_a_russian_keyboard_is_found_and_its_absence_said(
    db: database.Tx, tmp_path: Path
) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        said = await me.say("йул сумкаси бормиди")
        assert "Yo'l sumkasi ҳозир сотувда йўқ" in said


async def test_a_sole_that_came_off_is_a_complaint_and_one_that_might_is_not(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        await me.say("tagi koʻchib ketsa tuzatib berasizlarmi")
        assert not (await me.contact()).handed_over
        await me.say("kecha olgan tuflimni tagi koʻchib ketdi")
        assert (await me.contact()).handed_over


async def test_who_collects_it_may_pay_cash(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        assert "cash on the spot" in await me.say("can i pay cash if i come to the shop?")


async def test_a_green_gate_belongs_to_the_address(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        await me.say("charm ryukzak qora bitta olaman")
        said = await me.say("95 052 22 37 Urganch, stadion orqasida, darvozasi yashil")
        assert "rangi yoʻq" not in said


@pytest.mark.parametrize(
    ("said", "before", "language"),
    [
        ("ok. Anna, 99 067 37 47, Bukhara, Mustaqillik avenue 11 apt 2", "en", "en"),
        ("Dilnoza, 90 123 45 67, Samarqand, Registon koʻchasi 5", "ru", "ru"),
        ("telefonim 90 123 45 67, manzilim Samarqand, shu bugun yetkazib bera olasizlarmi", "ru", "uz"),
    ],
)
def test_a_phone_and_an_address_switch_no_language(said: str, before: str, language: str) -> None:
    assert detect(said, before) == language


async def test_a_foot_in_centimetres_gives_the_size_that_is_then_taken(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        said = await me.say("мне нужны зимние высокие сапоги женские, стопа 24 см, какой размер взять")
        assert "24" in said and "38" in said
        assert "(38, чёрный) × 1" in await me.say("чёрные, в этом размере")


async def test_the_courier_calls_who_gets_it_not_who_pays(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        await me.say("erkaklar hamyoni qora bitta olaman")
        await me.say("mening raqamim 90 061 31 41, ukamga olib boring: 97 062 32 42, Urganch, Navoiy koʻchasi 5-uy")
        said = await me.say("Ikrom")
        assert "+998 97 062 32 42" in said


async def test_a_wholesaler_who_wants_the_owner_gets_a_person(db: database.Tx, tmp_path: Path) -> None:
    async with shopper(db, tmp_path, folder=HOME) as me:
        await me.say("krossovka 80 ta optom kerak, egasi bilan gaplashsam")
        assert (await me.contact()).handed_over


@pytest.mark.parametrize("village", ["село Пешагар", "кишлак Дугоба", "qishloq Peshagar", "посёлок Мирный"])
async def test_the_word_for_a_village_is_no_goods(db: database.Tx, tmp_path: Path, village: str) -> None:
    async with shopper(
        db, tmp_path, folder=talk.HERE / "dialogues" / "shirin"
    ) as me:  # which sells a whole ("целый") cake
        await me.say("беру один набор чай и сладости")
        said = await me.say(f"91 095 77 02, Зааминский район, {village}, ул. Чинор 4, Камила")
        assert village in said and "Чинор 4" in said
