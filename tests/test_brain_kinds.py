"""Things told by what they are made of, how they look or work, in other words and languages than their titles."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from shop.verbs import Verbs, root
from tests.talking import said_in
from tests.test_search_titles import first, sold

# ---- what it is made of, how it works --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("складной столик", "Buklama stolcha"),
        ("folding table", "Buklama stolcha"),
        ("wooden table", "Yog'och stolcha"),
        ("деревянный столик почём", "Yog'och stolcha"),
        ("тонкое полотенце", "Yupqa sochiq"),
        ("plotniy sochiq", "Qalin sochiq"),
        ("круглое зеркало", "Dumaloq oyna"),
        ("square mirror", "Kvadrat oyna"),
        ("deep plates", "Chuqur tarelka"),
        ("плоские тарелки", "Yassi tarelka"),
        ("настенный вентилятор", "Devorga ventilyator"),
        ("fan for a table top", "Stol ustiga ventilyator"),
    ],
)
def test_how_a_thing_is_in_another_language(said: str, meant: str) -> None:
    shop = sold(
        *("Buklama stolcha", "Yog'och stolcha", "Yupqa sochiq", "Qalin sochiq", "Dumaloq oyna", "Kvadrat oyna"),
        *("Chuqur tarelka", "Yassi tarelka", "Devorga ventilyator", "Stol ustiga ventilyator"),
    )
    assert first(shop, said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("sho'rva suzadigan bormi", "Suzgich"),
        ("o'zi yuradigan qo'g'irchoq", "Yuruvchi qo'g'irchoq"),
        ("muz maydalaydigani", "Muz maydalagich"),
        ("soch quritadigan", "Soch quritgich"),
        ("osib qoyiladigan", ""),
    ],
)
def test_told_by_what_it_does(said: str, meant: str) -> None:
    shop = sold("Suzgich", "Yuruvchi qo'g'irchoq", "Muz maydalagich", "Soch quritgich", "Kitob")
    assert first(shop, said) == meant


def test_what_blows_comes_before_what_is_blown() -> None:
    made = Verbs(["puflagich", "puflanadigan"])
    assert made.near("puflaydigani")[0][0] == "puflagich"
    assert root("puflanadigani") == "puflan" and root("kitobi") == ""


def test_two_words_of_a_thing_that_none_is_called_by() -> None:
    shop = sold("Buklama stul | Стул складной", "Plastik stul | Стул пластиковый")
    assert first(shop, "folding chair") == "Buklama stul"


def test_a_preposition_is_no_word_of_a_name() -> None:
    assert first(sold("Stul suyanchiqli | Стул со спинкой", "Kitob | Книга"), "solar") == ""


async def test_what_it_does_is_no_second_thing(db: database.Tx, tmp_path: Path) -> None:
    told, cart = await said_in(db, tmp_path, "gilam", "oshxonaga to'shaydigan yo'lakcha bormi, 1 ta bering")
    assert [sku for sku, _, _ in cart] in (["GL-21"], []) and "GL-37" not in str(cart) and "to'shama" not in told


async def test_a_street_that_sounds_like_an_adjective(db: database.Tx, tmp_path: Path) -> None:
    told, cart = await said_in(
        db, tmp_path, "gilam", "коврик для ванной 60х90 белый, один", "Навои, Толстого 12, 90 123 45 67"
    )
    assert cart == [("GL-23", "oq", 1)] and "Толстого 12" in told


# ---- asked first, or changed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "first_said", "said"),
    [
        ("gilam", "yo'lak loft bormi", "kulrangi bormi, kerak edi"),
        ("gilam", "дорожка лофт есть?", "а коричневая есть? мне нужна"),
        ("hovli", "do you have a round plastic table", "is there a green one, i need it"),
        ("idish", "choynak paxta gulli 1,2 bormi", "ko'ki bormi menga kerak"),
    ],
)
async def test_what_is_needed_is_asked_about_first(
    db: database.Tx, tmp_path: Path, shop: str, first_said: str, said: str
) -> None:
    told, cart = await said_in(db, tmp_path, shop, first_said, said)
    assert cart == [] and "00" in told
    assert len((await said_in(db, tmp_path, shop, first_said, said, "ha"))[1]) == 1


async def test_needed_in_a_number_is_ordered(db: database.Tx, tmp_path: Path) -> None:
    _, cart = await said_in(db, tmp_path, "hovli", "shlang pistoleti bormi, 2 ta kerak")
    assert cart == [("HV-32", "", 2)]


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("better give me the green one, white gets dirty", "yashil"),
        ("давайте лучше зелёный, белый пачкается быстро", "yashil"),
        ("yaxshisi yashilini bering, oqi tez kir bo'ladi", "yashil"),
    ],
)
async def test_why_another_colour_is_better(db: database.Tx, tmp_path: Path, said: str, changed: str) -> None:
    _, cart = await said_in(db, tmp_path, "hovli", "1 ta plastik stol dumaloq oq bering", said)
    assert cart == [("HV-08", changed, 1)]


def test_a_flat_thing_is_of_nothing() -> None:
    shop = sold("Oq tarelka yassi | Тарелка белая плоская", "Oq tarelka chuqur | Тарелка белая глубокая")
    assert {hit.score > 0.9 for hit in shop.find("tarelka")} == {True}


# ---- a kind and its name, glass or metal, a word that nobody knows ---------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "sku"),
    [
        ("gilam", "нужна дорожка на пол, лофт почём", "GL-20"),
        ("gilam", "oshxonaga joynamoz kerak edi, baxmali qancha", "GL-15"),
        ("idish", "servis kerak edi, malika oq rangi qancha", "ID-14"),
        ("hovli", "качели интересуют, Бахор сколько стоит", "HV-02"),
    ],
)
async def test_a_kind_and_then_a_name_of_it(db: database.Tx, tmp_path: Path, shop: str, said: str, sku: str) -> None:
    told, cart = await said_in(db, tmp_path, shop, said)
    assert {line[0] for line in cart} <= {sku}
    price = {"GL-20": "65 000", "GL-15": "95 000", "ID-14": "280 000", "HV-02": "2 650 000"}[sku]
    assert price in told and told.count("00 so") + told.count("00 сум") <= 2


@pytest.mark.parametrize(
    ("shop", "about", "said", "fact"),
    [
        ("idish", "чайник заварочный 1,2 есть?", "стекло или металл?", "Фарфор"),
        ("hovli", "rotang to'plam stolcha va 2 kreslo bormi", "plastikmi yoki yog'och", "yostiqlari"),
        ("gilam", "vanna gilamchasi mikrofibra 50x80 bormi", "is it cotton or rubber?", "microfibre"),
        ("gilam", "gilam shohona 2x3 bormi", "bu junmi", "akril"),
    ],
)
async def test_what_it_is_made_of(db: database.Tx, tmp_path: Path, shop: str, about: str, said: str, fact: str) -> None:
    told, cart = await said_in(db, tmp_path, shop, about, said)
    assert fact in told and cart == []


async def test_what_things_of_a_kind_are_made_of(db: database.Tx, tmp_path: Path) -> None:
    told, cart = await said_in(db, tmp_path, "gilam", "po'stak tabiiymi yoki sun'iy")
    assert "tabiiy" in told.lower() and cart == []


async def test_an_unknown_word_may_be_the_other_thing_in_view(db: database.Tx, tmp_path: Path) -> None:
    shown = "quyosh chirog'i yerga bormi, hovli girlyandasi ham bormi"
    told, _ = await said_in(db, tmp_path, "hovli", shown, "girlyandadan bitta va 6 ta podsvetka")
    assert "Afsuski" not in told and "45 000" in told
    told, cart = await said_in(db, tmp_path, "hovli", "gamak 1 kishilik bormi", "gamakdan 2 ta va 1 ta televizor")
    assert "televizor" in told and cart == [("HV-05", "", 2)]


async def test_how_many_parts_a_set_has_counts_no_sets(db: database.Tx, tmp_path: Path) -> None:
    told, _ = await said_in(db, tmp_path, "hovli", "rotang to'plam 2 ta kreslolik necha pul")
    assert "2 200 000" in told and "4 400 000" not in told


# ---- what a tool does, what a thing is without ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("soch quritadigan bormi", "Fen"),
        ("go'sht maydalaydigan", "Myasorubka"),
        ("chang yutadigani qancha", "Pilesos"),
        ("tish oqartiradigan", ""),
    ],
)
def test_a_tool_by_what_is_done_with_it(said: str, meant: str) -> None:
    assert first(sold("Fen | Фен", "Myasorubka | Мясорубка", "Pilesos | Пылесос"), said) == meant


@pytest.mark.parametrize(
    ("shop", "said", "is_told", "is_not"),
    [
        ("shirin", "торт без крема есть?", "Медовик", "Наполеон"),
        ("komp", "мышка без провода есть", "M185", "G102"),
    ],
)
async def test_what_a_thing_is_to_be_without(
    db: database.Tx, tmp_path: Path, shop: str, said: str, is_told: str, is_not: str
) -> None:
    told, cart = await said_in(db, tmp_path, shop, said)
    assert is_told in told and is_not not in told and cart == []


async def test_how_it_is_names_no_other_thing(db: database.Tx, tmp_path: Path) -> None:
    told, _ = await said_in(db, tmp_path, "mebel", "burchakli oshxona stoli nechpul")
    assert "290 000" not in told  # the corner shelf


async def test_a_lone_name_of_what_is_not_sold(db: database.Tx, tmp_path: Path) -> None:
    told, _ = await said_in(db, tmp_path, "kofe", "вешалка напольная на колёсах")
    assert "вешалка" in told


@pytest.mark.parametrize(
    ("shop", "shown", "said", "cart"),
    [
        (
            *("hovli", "girlyanda bormi", "oqidan ikkita keyin 3 ta shlang pistoleti ham"),
            [("HV-32", "", 3), ("HV-39", "oq", 2)],
        ),
        (
            *("gilam", "joynamoz baxmal есть?", "зелёный один потом ещё щётку для ковра"),
            [("GL-15", "yashil", 1), ("GL-40", "", 1)],
        ),
        (
            *("hovli", "round plastic table?", "one in green then two hammocks for 1"),
            [("HV-05", "", 2), ("HV-08", "yashil", 1)],
        ),
    ],
)
async def test_so_many_in_a_colour_and_then_another_thing(
    db: database.Tx, tmp_path: Path, shop: str, shown: str, said: str, cart: list[tuple[str, str, int]]
) -> None:
    assert sorted((await said_in(db, tmp_path, shop, shown, said))[1]) == cart


@pytest.mark.parametrize(
    ("shop", "said", "is_told", "is_not"),
    [
        ("ip", "soft yarn for a baby blanket", "26 000", "not quite"),
        ("velo", "yig'iladigan velosiped", "2 600 000", "yigʻib beramiz"),
        ("kitob", "bolalarga rasmli kitob bormi, qattiq muqovali", "65 000", "Afsuski"),
        ("pazanda", "форма для яблочного пирога", "Форма", "не понятно"),
    ],
)
async def test_told_with_what_no_title_says(
    db: database.Tx, tmp_path: Path, shop: str, said: str, is_told: str, is_not: str
) -> None:
    told, cart = await said_in(db, tmp_path, shop, said)
    assert is_told in told and is_not not in told and cart == []


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        ("gilam", "sun'iy maysa 20 mm nechpul, balkonimga kerak 2x3, ya'ni 3 metr bering", [("GL-35", "", 3)]),
        ("gilam", "искусственный газон 20 мм, на балкон надо 2х3, то есть 3 метра", [("GL-35", "", 3)]),
    ],
)
async def test_how_big_a_place_is_names_no_other_thing(
    db: database.Tx, tmp_path: Path, shop: str, said: str, cart: list[tuple[str, str, int]]
) -> None:
    assert (await said_in(db, tmp_path, shop, said))[1] == cart


async def test_a_gun_beside_a_hose_is_no_kind_of_hose(db: database.Tx, tmp_path: Path) -> None:
    _, cart = await said_in(db, tmp_path, "hovli", "1/2 50 m shlang, 1, pistolet, 1")
    assert sorted(cart) == [("HV-29", "", 1), ("HV-32", "", 1)]


async def test_the_one_that_does_it_stands_for_a_thing(db: database.Tx, tmp_path: Path) -> None:
    _, cart = await said_in(db, tmp_path, "hovli", "xo'p unda aylanadiganini uchta qilaylik shlang 20 metrligi bitta")
    assert ("HV-34", "", 3) in cart
