"""Several things in one message, and changes of what holds several: each has its own number, look and fate."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import ADDRESS, answer, cart_of, in_cart, said_in, shopper_of

Lines = list[tuple[str, str, int]]


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        (
            "pazanda",
            "Good morning! One set of 24 piping tips and 2 packs of piping bags 40 cm, what does it come to?",
            [("PZ-13", "40 sm", 2), ("PZ-14", "", 1)],
        ),
        (
            "hammom",
            "I need 2 bath mats in grey plus one white shower curtain 180x180. What do they come to?",
            [("HM-31", "kulrang", 2), ("HM-34", "oq", 1)],
        ),
        (
            "sumka",
            "Kartxolder bor-ku, o'shandan ko'ki bitta, yana pasport g'ilofi qorasi ham bitta. Hammasi qancha bo'ladi?",
            [("KS-22", "ko'k", 1), ("KS-23", "qora", 1)],
        ),
        (
            "hammom",
            "hammom gilamchasi kerak edi kulrangidan bitta bejidan uchta bittasi qanchadan bo'ladi",
            [("HM-31", "bej", 3), ("HM-31", "kulrang", 1)],
        ),
        (
            "velo",
            "shlem kerak kattalarniki uchta M razmeri oqidan bitta keyin L razmeri qorasidan ikkita",
            [("VL-30", "L/qora", 2), ("VL-30", "M/oq", 1)],
        ),
        (
            "mato",
            "4 metr baxmal mato yashilidan, 2 metr krep shifon qorasidan kerak, hammasi qancha?",
            [("MT-15", "yashil", 4), ("MT-20", "qora", 2)],
        ),
    ],
)
async def test_each_has_its_number(db: database.Tx, tmp_path: Path, shop: str, said: str, cart: Lines) -> None:
    assert await cart_of(db, tmp_path, shop, said) == cart


@pytest.mark.parametrize(
    ("shop", "order", "said", "cart"),
    [
        (
            "idish",
            "emal kastryulka 5 litrli 3 ta, hushtakli choynak 2 ta kerak",
            "kastryulkasi ko'k, choynagi qizil bo'lsin",
            [("ID-21", "ko'k", 3), ("ID-25", "qizil", 2)],
        ),
        (
            "sumka",
            "I'd like two passport covers and one neck pillow",
            "covers in green, pillow in grey",
            [("KS-09", "kulrang", 1), ("KS-23", "yashil", 2)],
        ),
        (
            "usta",
            "розетка двойная 6 шт и выключатель 4 шт нужны",
            "розетки белые, выключатели чёрные",
            [("UM-30", "oq", 6), ("UM-31", "qora", 4)],
        ),
        (
            "usta",
            "розетки двойные белые 4 шт и выключатели белые 8 шт посчитайте",
            "выключатели не надо, нашлись. а розеток пусть 6 будет",
            [("UM-30", "oq", 6)],
        ),
        (
            "hammom",
            "ayollar mahra xalatidan 2 ta, erkaklar mahra xalatidan 1 ta kerak",
            "ayollarniki oq M, erkaklarniki ko'k XL bo'lsin",
            [("HM-13", "M/oq", 2), ("HM-14", "XL/ko'k", 1)],
        ),
        ("usta", "ruletka kerak", "ruletka 5 m, 3, ruletka 3 m, 2", [("UM-10", "3 m", 2), ("UM-10", "5 m", 3)]),
        ("choy", "I'll take two honeycomb honeys", "oh well, then give me 2 cotton honeys instead", [("CY-21", "", 2)]),
        ("kitob", "globus bitta olaman", "e attang, unda 2 ta geometriya to'plami qo'shing", [("KT-15", "", 2)]),
    ],
)
async def test_what_is_said_of_one_is_of_no_other(
    db: database.Tx, tmp_path: Path, shop: str, order: str, said: str, cart: Lines
) -> None:
    assert await cart_of(db, tmp_path, shop, order, said) == cart


@pytest.mark.parametrize(
    ("shop", "order", "said", "cart"),
    [
        (
            "hammom",
            "2 grey bath mats and one white shower curtain 180x180 please",
            "could you make it 3 mats instead of 2? the curtain stays as it is",
            [("HM-31", "kulrang", 3), ("HM-34", "oq", 1)],
        ),
        (
            "pazanda",
            "one set of 24 piping tips and 2 silicone spatulas, green",
            "actually my sister wants one too: make it three spatulas, tips stay the same",
            [("PZ-14", "", 1), ("PZ-18", "yashil", 3)],
        ),
        (
            "usta",
            "рулетка 5 м одна и перчатки рабочие L 4 пары беру",
            "перчаток пусть будет 10, рулетка остаётся",
            [("UM-10", "5 m", 1), ("UM-41", "L", 10)],
        ),
        (
            "mato",
            "4 metr baxmal mato yashil, 2 metr krep shifon qora olaman",
            "4 metr kam ekan, baxmalni 6 metr qiling, shifon o'sha 2 metrligicha qolsin",
            [("MT-15", "yashil", 6), ("MT-20", "qora", 2)],
        ),
        (
            "idish",
            "стаканы 250 мл 2 набора и графин 1 шт беру",
            "сделайте 4 набора стаканов, графин как был",
            [("ID-30", "", 4), ("ID-32", "", 1)],
        ),
        (
            "idish",
            "стаканы 250 мл 2 набора и графин 1 шт беру",
            "одно изменение: стаканов 5 наборов вместо 2, графин как был",
            [("ID-30", "", 5), ("ID-32", "", 1)],
        ),
        (
            "usta",
            "рулетка 5 м одна и перчатки рабочие L 4 пары беру",
            "bitta o'zgarish, perchatka 4 ta emas 7 ta bo'lsin",
            [("UM-10", "5 m", 1), ("UM-41", "L", 7)],
        ),
    ],
)
async def test_one_line_of_an_order_is_changed(
    db: database.Tx, tmp_path: Path, shop: str, order: str, said: str, cart: Lines
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    for one in (order, ADDRESS, "Aziza", "ha", said):
        await answer(me, one)
    assert sorted(await in_cart(me)) == cart


async def test_the_sum_of_what_still_wants_a_colour_is_told(db: database.Tx, tmp_path: Path) -> None:
    told, held = await said_in(
        db, tmp_path, "idish", "emal kastryulka 5 litrli 3 ta, hushtakli choynak 2 ta kerak. hammasi qancha bo'ladi"
    )
    assert "670 000" in told and held == []


@pytest.mark.parametrize(
    ("shop", "order", "said", "cart"),
    [
        (
            "hammom",
            "2 grey bath mats and one white shower curtain 180x180 please",
            "one more guest is coming, make it 4 mats. The curtain as it is",
            [("HM-31", "kulrang", 4), ("HM-34", "oq", 1)],
        ),
        (
            "bilard",
            "магнитный дартс 42 см 1 шт и домино 1 шт беру",
            "could you add one more dominoes pack, so two of them? the dartboard stays as is",
            [("BL-33", "", 2), ("BL-47", "42 sm", 1)],
        ),
        ("ot", "рашпиль копытный 1 шт беру", "клещи не надо, у соседа возьму. только рашпиль", [("OT-29", "", 1)]),
    ],
)
async def test_what_stays_keeps_its_number(
    db: database.Tx, tmp_path: Path, shop: str, order: str, said: str, cart: Lines
) -> None:
    assert await cart_of(db, tmp_path, shop, order, said) == cart


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        ("ot", "яна безовта килдим, терлик зур экан. Темир кашлагич хам керак экан 2 та", [("OT-31", "", 2)]),
        ("usta", "яна безовта килдим, рулетка зур экан. Болгарка 125 хам керак экан 2 та", [("UM-05", "", 2)]),
        (
            "rozetka",
            "Кеча виклучател олгандим, энди шунга подрозетник керак бўлиб қолди, ғиштга ўрнатиладигани 10 та",
            [("RZ-18", "g'isht", 10)],
        ),
        (
            "hammom",
            "вчера веник брала, теперь к нему понадобилась шапка для бани с вышивкой, 2 шт",
            [("HM-23", "", 2)],
        ),
    ],
)
async def test_what_was_bought_before_is_not_bought_again(
    db: database.Tx, tmp_path: Path, shop: str, said: str, cart: Lines
) -> None:
    told, held = await said_in(db, tmp_path, shop, said)
    assert held == cart and "?" in told and "Қайси" not in told and "Какой товар" not in told


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        (
            "bilard",
            "magnetic dartboard 42 cm for the kids and one pack of dominoes, what do they come to?",
            [("BL-33", "", 1), ("BL-47", "42 sm", 1)],
        ),
        (
            "charm",
            "Hello, two cognac 4-card holders and an AirPods Pro case in black. What is the total?",
            [("CR-13", "konyak", 2), ("CR-25", "AirPods Pro/qora", 1)],
        ),
        (
            "idish",
            "4 glass jars of 1 litre and a whistling kettle in red, what's the total?",
            [("ID-25", "qizil", 1), ("ID-33", "", 4)],
        ),
        (
            "dron",
            "menga fpv dronga parrak kerak edi besh dyuymligidan ko'kidan uch komplekt qizilidan ikki komplekt",
            [("DR-18", "5 dyuym/ko'k", 3), ("DR-18", "5 dyuym/qizil", 2)],
        ),
    ],
)
async def test_all_that_a_sum_is_asked_of_is_laid(
    db: database.Tx, tmp_path: Path, shop: str, said: str, cart: Lines
) -> None:
    assert await cart_of(db, tmp_path, shop, said) == cart
