"""What is chosen of what was named: one thing and another, its own variant, the other size; places and complaints."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from shop.fold import owned
from shop.places import places_of
from tests.talking import cart_of, said_in
from tests.test_agent_meaning import meaning
from tests.test_brain_everyday import wants

# ---- how many of each ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "held"),
    [
        (
            "zoo",
            "menga hojatxona to'ldirgichidan to'rtta keyin mushuk nam ozuqasidan ham ikkita kerak "
            "to'ldirgichi qanchadan",
            [("ZO-04", "", 2), ("ZO-05", "", 4)],
        ),
        ("kofe", "мне сенчу три пачки и каркаде тоже две сколько вместе", [("KF-12", "", 3), ("KF-18", "", 2)]),
        (
            "sayohat",
            "мне подушку для шеи серую и замок к нему сколько вместе",
            [("SH-09", "", 1), ("SH-11", "kulrang", 1)],
        ),
    ],
)
async def test_so_many_of_each_in_one_breath(
    db: database.Tx, tmp_path: Path, shop: str, said: str, held: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, said) == held


@pytest.mark.parametrize(
    "said",
    [
        "зонт бежевый на два с половиной метра беру",
        "ikki yarim metrlik bej soyabon olaman",
        "a beige umbrella of two and a half meters please",
    ],
)
async def test_two_and_a_half_is_a_measure(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "hovli", said) == [("HV-14", "bej", 1)]


async def test_not_of_three_but_of_two_and_a_half(db: database.Tx, tmp_path: Path) -> None:
    said = "зонт садовый 3 метра бежевый один", "зонт лучше не трёхметровый а два с половиной тоже бежевый"
    assert await cart_of(db, tmp_path, "hovli", *said) == [("HV-14", "bej", 1)]


# ---- one thing and another -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "held"),
    [
        ("zoo", "akvarium filtri bilan isitgichi 50 W bittadan olaman", [("ZO-18", "", 1), ("ZO-20", "50 W", 1)]),
        ("sayohat", "bo'yin yostig'i ko'k bilan bagaj tarozisi kerak", [("SH-10", "", 1), ("SH-11", "ko'k", 1)]),
    ],
)
async def test_one_thing_with_another(
    db: database.Tx, tmp_path: Path, shop: str, said: str, held: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, said) == held


@pytest.mark.parametrize(
    "said",
    [
        ("bo'yin yostig'i bormi", "ko'kini olaman, bagaj tarozisi ham kerak bitta"),
        ("подушка для шеи есть?", "синюю беру, весы для багажа тоже нужны"),
    ],
)
async def test_the_colour_is_of_what_is_in_view(db: database.Tx, tmp_path: Path, said: tuple[str, ...]) -> None:
    assert await cart_of(db, tmp_path, "sayohat", *said) == [("SH-10", "", 1), ("SH-11", "ko'k", 1)]


async def test_only_the_one_of_two_that_is_named_is_taken(db: database.Tx, tmp_path: Path) -> None:
    said = "bo'yin yostig'i va bolalar chemodani nechpul", "yostiq kulrangidan bitta, o'zim olib ketaman"
    assert await cart_of(db, tmp_path, "sayohat", *said) == [("SH-11", "kulrang", 1)]


# ---- its variant, and the other size ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "sku"),
    [
        ("sovun", "yuzimga emas, vannaga tana skrabi bormi, kofelisidan 1 ta", "SV-34"),
        ("sovun", "соль для ванны есть? лавандовую одну беру", "SV-33"),
        ("sovun", "do you have the soy candle 300 g? one coffee scented please", "SV-14"),
    ],
)
async def test_a_flavour_behind_a_thing_is_its_own(
    db: database.Tx, tmp_path: Path, shop: str, said: str, sku: str
) -> None:
    _, held = await said_in(db, tmp_path, shop, said)
    assert [one[0] for one in held] in ([sku], []) and ("SV-01" not in str(held))


@pytest.mark.parametrize("said", ["sandal hidlisi bormi", "а с запахом сандала?", "and sandal scented?"])
async def test_a_scent_that_is_gone_is_of_what_is_in_view(db: database.Tx, tmp_path: Path, said: str) -> None:
    told, _ = await said_in(db, tmp_path, "sovun", "diffuzor 100 ml necha pul", said)
    assert "sandal)" in told and "25 000" not in told and "55 000" not in told


async def test_grams_are_no_house(db: database.Tx, tmp_path: Path) -> None:
    said = "do you have the soy candle 150 g with coffee scent", "ok then the 300 g one in coffee please"
    assert await cart_of(db, tmp_path, "sovun", *said) == [("SV-14", "kofe", 1)]


@pytest.mark.parametrize(
    "said", ["10 lavender soaps please", "lavandali sovundan 10 ta olaman", "10 лавандовых мыла беру"]
)
async def test_a_title_of_that_scent_before_what_comes_in_it(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "sovun", said) == [("SV-01", "", 10)]


async def test_green_teas_are_each_called_green(db: database.Tx, tmp_path: Path) -> None:
    told, _ = await said_in(db, tmp_path, "kofe", "ko'k choy bormi")
    assert "32 000" in told and "39 000" in told


def test_words_that_end_in_s_with_their_endings() -> None:
    assert {"termosi", "termosidan", "nasosini"} <= owned("termos") | owned("nasos") and "nasos" in owned("nasosi")


# ---- questions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said"),
    [
        ("hovli", "nasosi ham ichida keladimi"),
        ("hovli", "а насос в комплекте?"),
        ("hovli", "does it come with a pump?"),
    ],
)
async def test_what_comes_with_it_leaves_it_in_view(db: database.Tx, tmp_path: Path, shop: str, said: str) -> None:
    _, held = await said_in(db, tmp_path, shop, "karkasli basseyn 305 qancha", said, "ok one please")
    assert held == [("HV-22", "", 1)]


async def test_another_part_is_not_answered_by_the_pump(db: database.Tx, tmp_path: Path) -> None:
    told, _ = await said_in(db, tmp_path, "hovli", "karkasli basseyn 305 qancha", "narvoni ichida keladimi")
    assert "nasos" not in told


@pytest.mark.parametrize(
    "said",
    [
        "добрый день, а соевая свеча на 150 г сколько часов горит",
        "soya shami 150 grammligi necha soat yonadi",
        "the soy candle 150 g, how many hours does it burn",
    ],
)
async def test_how_many_hours_is_no_price(db: database.Tx, tmp_path: Path, said: str) -> None:
    told, _ = await said_in(db, tmp_path, "sovun", said)
    assert "30" in told and "65 000" not in told


# ---- places and complaints -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", ["Samarqand Xoja Ahror 17-uy", "Samarqand Atirgul 12 uy", "Samarqand Shirin 4", "Самарканд Мыловаров дом 8"]
)
async def test_a_street_called_like_goods_or_people(db: database.Tx, tmp_path: Path, said: str) -> None:
    told, _ = await said_in(db, tmp_path, "sovun", f"vanna tuzi lavandalisidan 2 ta, {said}, 90 066 48 19")
    assert said in told


@pytest.mark.parametrize(
    ("said", "region"),
    [("Smarqand shahar Rudakiy 92", "samarkand"), ("Toshknt shahri Olmazor 5", "tashkent_city"), ("Farzona", "")],
)
def test_a_slip_of_a_town(said: str, region: str) -> None:
    assert next((one.region for one in places_of(said)), "") == region


def test_a_house_of_grams() -> None:
    assert not meaning("choy 300 g bormi", asked="address").address
    assert meaning("Samarqand, Navoiy ko'chasi 12 g", asked="address").address


@pytest.mark.parametrize(
    "said",
    [
        "kecha kelgan choynagingiz yoriq chiqdi",
        "вчера привезли чашку, а она треснутая",
        "the mug arrived chipped",
        "kecha oldim, hech narsaga yaramaydi",
    ],
)
def test_a_broken_thing_in_plain_words(said: str) -> None:
    assert "complaint" in wants(said)


async def test_a_joining_word_is_no_letter_of_a_title(db: database.Tx, tmp_path: Path) -> None:
    text, _ = await said_in(db, tmp_path, "telefon", "планшет какой есть?", "а детский почём?")
    assert "690 000" in text and "3 150 000" not in text
