"""What is the difference, which one is advised, where the shop is and whether its delivery is paid."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.intents import met_in
from agent.brain_rules.text import tokens
from agent.tools.choice import in_language
from kit import db as database
from tests.talking import said_in


@pytest.mark.parametrize(
    ("shop", "said", "told", "untold"),
    [
        ("velo", "yel x8 bilan x10 pro ning farqi nimada", ("350 Vt", "500 Vt", "5 400 000"), ()),
        ("velo", "shlem M bilan L farqi nimada", ("54-58 sm, L 58-62 sm",), ("Shlem bolalar",)),
        ("kofe", "Чем отличается Сидамо от Сантоса? 250 г", ("С кислинкой", "Без кислинки"), ("365 000",)),
        ("salomat", "Тонометрнинг автомати билан механигини фарқи нима", ("135 000", "avtomat"), ()),
        ("printer", "what's the difference between hp m111w and canon lbp6030?", ("150A", "725"), ()),
        ("suv", "осмос 5 ступеней и 6 ступеней, в чём raznitsa", ("1 250 000", "1 480 000"), ()),
    ],
)
async def test_the_difference_is_what_the_shop_wrote_of_each(
    db: database.Tx, tmp_path: Path, shop: str, said: str, told: tuple[str, ...], untold: tuple[str, ...]
) -> None:
    answer, cart = await said_in(db, tmp_path, shop, said)
    assert all(one in answer for one in told) and not any(one in answer for one in untold)
    assert cart == []


@pytest.mark.parametrize(
    ("shop", "said", "told", "untold"),
    [
        ("kofe", "Qaysi turka induksiyali plitaga bo'ladi, maslahat bering", "95 000", "185 000"),
        ("soat", "какие настенные часы посоветуете в спальню, чтобы не тикали", "130 000", "520 000"),
        ("rassom", "which canvas would you recommend for sketches outdoors", "18 000", "72 000"),
        ("salomat", "bel og'risa nima tavsiya qilasiz", "Lumbar brace", "uzr"),
        ("velo", "8 yoshli o'g'lim bor, qaysi velosipedni maslahat berasiz", "Toychoq 20", "Tarlon 29"),
    ],
)
async def test_what_is_advised_is_what_the_descriptions_fit(
    db: database.Tx, tmp_path: Path, shop: str, said: str, told: str, untold: str
) -> None:
    answer, cart = await said_in(db, tmp_path, shop, said)
    assert told in answer and untold not in answer
    assert cart == []


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("isitgich", "дастафка учун ҳам пул оласизларми Тошкент ичида", "2 000 000"),
        ("kofe", "yetkazish pulli bo'ladimi Toshkentga, nechpul", "600 000"),
        ("qarmoq", "доставка платная?", "1 000 000"),
    ],
)
async def test_where_delivery_is_free_from_is_told_with_its_price(
    db: database.Tx, tmp_path: Path, shop: str, said: str, told: str
) -> None:
    assert told in (await said_in(db, tmp_path, shop, said))[0]


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ("manzillaring qatta, mashinada borsam", True),
        ("адресийла қатта", True),
        ("qayerda magazin, kelib ko'ray", True),
        ("где у вас магазин", True),
        ("do'koningiz katta ekan", False),
        ("adresni qayerga yozay", False),
    ],
)
def test_words_of_a_place_and_where_it_is(said: str, where: bool) -> None:
    assert ("location" in {one.name for one in met_in(tokens(said))}) is where


@pytest.mark.parametrize("said", ["menga farqi yo'q", "без разницы", "разницу доплачу", "makes no difference to me"])
def test_who_does_not_mind_compares_nothing(said: str) -> None:
    assert "compare" not in {one.name for one in met_in(tokens(said))}


@pytest.mark.parametrize(("said", "rude"), [("bel og'risa", False), ("beli og'riydi", False), ("o'g'rilar", True)])
def test_what_hurts_is_no_thief(said: str, rude: bool) -> None:
    assert ("rude" in {one.name for one in met_in(tokens(said))}) is rude


def test_a_word_beside_its_translation_is_told() -> None:
    assert "Mineral" in in_language("Mineral минеральное. Engine oil", "uz")


async def test_the_size_that_is_enough_is_told(db: database.Tx, tmp_path: Path) -> None:
    answer, cart = await said_in(db, tmp_path, "akvarium", "обогреватель на 40 литров, сколько ватт брать?")
    assert "подойдёт 50 W" in answer and cart == []


async def test_what_somebody_has_is_no_list_of_such(db: database.Tx, tmp_path: Path) -> None:
    answer, _ = await said_in(db, tmp_path, "akvarium", "60 litrli akvariumim bor, unga isitgich olish kerak")
    assert "95 000" in answer and "320 000" not in answer
