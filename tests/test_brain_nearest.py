"""The shop's own answers to questions in other words and languages, to what goes on from them, and to nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import answer, in_cart, shopper_of

LANGUAGES = ("uz", "uz_Cyrl", "ru", "en")


async def _told(tx: database.Tx, folder: Path, shop: str, *said: str) -> tuple[list[str], list[str]]:
    """The ids of the shop's own answers in the last reply, and the skus in the cart."""
    me = await shopper_of(tx, folder, f"{shop}/first.jsonl")
    text = ""
    for one in said:
        text = await answer(me, one)
    entries = me.play.stage.shop.profile.faq
    told = {entry.id: {entry.a.text(one).replace("\xa0", " ") for one in LANGUAGES} for entry in entries}
    ids = [entry for entry, wordings in told.items() if any(one in text for one in wordings)]
    return ids, [sku for sku, _, _ in await in_cart(me)]


@pytest.mark.parametrize(
    ("shop", "said", "entry"),
    [
        ("gilam", "ковер на теплый пол постелить не испортится?", "warm"),
        ("gilam", "hammom gilamchasini stiralkaga solsa boladimi", "wash"),
        ("kofe", "how should I store the coffee beans, in the fridge?", "keep"),
        ("hijob", "шелковый атлас каким утюгом гладить", "iron"),
        ("hovli", "качели «Лола» сколько кг выдержат", "load"),
        ("hovli", "rotang mebel qorda qolsa nima bo'ladi", "winter"),
        ("hovli", "how many hours does the solar light work at night", "solar"),
        ("musiqa", "я только начинаю, какую гитару посоветуете", "beginner"),
        ("oyin", "а если в конструкторе не хватает деталей?", "parts"),
        ("pazanda", "силиконовая форма в духовке не расплавится?", "silicone"),
        ("eshik", "проем 90 см, какую дверь мне брать?", "width"),
        ("eshik", "20 kvadratli xonaga nechta pachka laminat olish kerak", "packs"),
        ("soat", "с этими часами можно плавать в бассейне?", "water"),
        ("telefon", "старые контакты и фотки перекинете на новый телефон?", "transfer"),
        ("velo", "бўйим 170, нечанчи ғилдирак олай", "size"),
        ("osimlik", "у меня кот, какой цветок ему не навредит?", "pets"),
        ("zapchast", "старый акб сдать можно?", "oldbattery"),
        ("salon", "ножницы поточите?", "sharpen"),
    ],
)
async def test_a_question_in_other_words_finds_its_answer(
    db: database.Tx, tmp_path: Path, shop: str, said: str, entry: str
) -> None:
    assert await _told(db, tmp_path, shop, said) == ([entry], [])


@pytest.mark.parametrize(
    ("shop", "said", "entry"),
    [
        ("qulf", ["kalitdan nusxa chiqarasizlarmi", "и сколько это займёт"], "keys"),
        ("velo", ["чините велосипеды?", "а камеру поменять почём"], "repair"),
        ("kamera", ["do you install cameras?", "how much would four cost me then?"], "install"),
        ("parda", ["можете подшить шторы?", "за сколько дней сделаете"], "hem"),
        ("eshik", ["eshikni o'rnatib berasizlarmi", "bittasi necha pulga tushadi"], "install"),
        (
            "matras",
            ["can you make a mattress to order?", "how long does it take and what do I pay up front?"],
            "custom",
        ),
    ],
)
async def test_what_goes_on_from_an_answer_is_told_by_it(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], entry: str
) -> None:
    assert await _told(db, tmp_path, shop, *said) == ([entry], [])


@pytest.mark.parametrize(
    ("shop", "said", "entry"),
    [
        ("suv", "Hazoraspga 19 litrlik suvdan 6 ta olib kelasizlarmi", "water_regions"),
        ("akvarium", "в Андижан живых рыбок пришлёте?", "fish_post"),
        ("sut", "do you send milk to Tashkent?", "regions"),
    ],
)
async def test_goods_that_are_not_sent_there_are_not_taken(
    db: database.Tx, tmp_path: Path, shop: str, said: str, entry: str
) -> None:
    assert await _told(db, tmp_path, shop, said) == ([entry], [])


@pytest.mark.parametrize(
    ("shop", "said"),
    [
        ("printer", "энди А4 когоздан 2 пачка керак булиб колди"),
        ("moto", "menga reduktor moyi kerak bo'lib turibdi"),
        ("suv", "kran uchun nasadka filtrni Samarqandga jo'natasizlarmi"),
        ("hovli", "soyabon 2,5 metrlik bormi"),
        ("oyin", "что подарить мальчику 7 лет?"),
        ("soat", "ремешок 20 мм сколько стоит"),
        ("qadoq", "крышки 80 мм сколько стоят"),
        ("musiqa", "skripka bormi"),
        ("musiqa", "kamoni ichidami yoki alohida olamizmi"),
        ("musiqa", "rahmat, dadasi bilan maslahatlashib keyin yozaman"),
        ("matras", "спасибо, посоветуюсь с мужем"),
        ("gilam", "ковер 2х3 сколько стоит"),
    ],
)
async def test_goods_and_light_words_get_no_answer_of_the_list(
    db: database.Tx, tmp_path: Path, shop: str, said: str
) -> None:
    assert (await _told(db, tmp_path, shop, said))[0] == []
