"""What a shop calls its own colours, said in its other language; and a colour that nobody knows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kit import db as database
from tests import talk
from tests.talking import answer, in_cart, said_in, shopper


async def cart_where(
    tx: database.Tx, tmp: Path, colors: str, description: str, *said: str, title: str = ""
) -> list[tuple[str, str, int]]:
    """The cart of a shop of bags whose shopper bag comes in `colors`, with this description (and these titles)."""
    folder = shutil.copytree(talk.HERE / "dialogues" / "sumka", tmp / "shop")
    lines = (folder / "catalog.csv").read_text(encoding="utf-8").splitlines()
    titles = title or "Ayollar shopper sumkasi,Сумка-шоппер женская"
    row = f'KS-11,{titles},"{description}",Sumkalar,235000,UZS,,{colors},9,ks-11.jpg'
    row += "," * (lines[0].count(",") - 9)
    lines = [row if line.startswith("KS-11,") else line for line in lines]
    (folder / "catalog.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    async with shopper(tx, tmp, folder=folder) as me:
        for one in said:
            await answer(me, one)
        return await in_cart(me)


@pytest.mark.parametrize(
    ("colors", "description", "said", "taken"),
    [
        ("dudama;qora", "Charm: dudama дымчатая, qora", "сумка-шоппер дымчатая одна", "dudama"),
        ("dudama;qora", "Charm: dudama дымчатая, qora", "беру одну сумку-шоппер дымчатого цвета", "dudama"),
        ("dudama;qora", "Charm: dudama (smoky), qora", "one smoky shopper bag please", "dudama"),
        ("dudama;qora", "Charm: dudama дымчатая (smoky)", "one smoky shopper bag please", "dudama"),
        ("qashqa;qora", "Teri. Qashqa пятнистая, qora чёрная", "шоппер сумка пятнистая, 1 шт", "qashqa"),
        ("qashqa;qora", "Teri. Qashqa пятнистая, qora чёрная", "shopper sumka qashqasidan bitta olaman", "qashqa"),
    ],
)
async def test_the_shop_says_it_in_its_other_language(
    db: database.Tx, tmp_path: Path, colors: str, description: str, said: str, taken: str
) -> None:
    assert await cart_where(db, tmp_path, colors, description, said) == [("KS-11", taken, 1)]


async def test_titles_that_say_it_word_by_word(db: database.Tx, tmp_path: Path) -> None:
    held = await cart_where(
        db,
        tmp_path,
        "qashqa;qora",
        "Teri",
        "сумка шоппер одна",
        "пятнистую",
        title="Sumka shopper qashqa,Сумка шоппер пятнистая",
    )
    assert held == [("KS-11", "qashqa", 1)]


async def test_it_holds_for_the_shop_s_other_goods(db: database.Tx, tmp_path: Path) -> None:
    said = ("фикус бенджамина 80 см есть?", "пёструю одну возьму")  # only the small one's description tells the word
    assert (await said_in(db, tmp_path, "osimlik", *said))[1] == [("OS-02", "ola", 1)]


@pytest.mark.parametrize(
    ("shop", "said", "taken"),
    [
        ("qulf", "ручку дверную милано хром одну", ("QF-18", "xrom", 1)),
        ("qulf", "one Milano door handle in bronze please", ("QF-18", "bronza", 1)),
        ("mebel", "one round coffee table in wenge please", ("MB-05", "venge", 1)),
        ("qadoq", "стакан бумажный 250 мл крафтовый, 2 упаковки", ("QD-23", "kraft", 2)),
        ("ayol", "рубашка атласная цвет шампань M одну", ("AY-16", "M/shampan", 1)),
        ("optika", "cat eye sunglasses, leopard, one please", ("OP-04", "leopard", 1)),
    ],
)
async def test_finishes_in_three_languages(
    db: database.Tx, tmp_path: Path, shop: str, said: str, taken: tuple[str, str, int]
) -> None:
    assert (await said_in(db, tmp_path, shop, said))[1] == [taken]


@pytest.mark.parametrize(
    ("shop", "order", "said", "told"),
    [
        ("qulf", "беру ручку милано чёрную", "цвет поменяйте на бурмалиновый", "хром, бронза, чёрный"),
        ("qulf", "one black Milano door handle please", "make it cerulean", "chrome, bronze, black"),
        ("qulf", "one black Milano door handle please", "can I have it in the colour of cappucinella?", "bronze"),
        ("sumka", "shopper sumka qorasidan bitta olaman", "rangini yantarga o'zgartiring", "qora, bej, jigarrang"),
        ("sumka", "шоппер сумка қорасидан битта оламан", "рангини янтарга ўзгартиринг", "қора, беж, жигарранг"),
        ("libos", "беру джинсовую рубашку синюю XL", "поменяйте цвет на маренго", "синий, чёрный"),
    ],
)
async def test_of_a_colour_nobody_knows_it_is_asked_which(
    db: database.Tx, tmp_path: Path, shop: str, order: str, said: str, told: str
) -> None:
    text, held = await said_in(db, tmp_path, shop, order, said)
    assert told in text and len(held) == 1


async def test_the_answer_to_that_changes_it(db: database.Tx, tmp_path: Path) -> None:
    said = ("shopper sumka qorasidan bitta olaman", "rangini yantarga o'zgartiring", "beji bo'lsin")
    assert (await said_in(db, tmp_path, "sumka", *said))[1] == [("KS-11", "bej", 1)]


@pytest.mark.parametrize(
    ("shop", "order", "said"),
    [
        ("libos", "беру джинсовую рубашку синюю XL", "поменяйте адрес"),
        ("sumka", "shopper sumka qorasidan bitta olaman", "manzilni o'zgartiraman"),
        ("qulf", "one black Milano door handle please", "make it 3"),
    ],
)
async def test_another_change_asks_for_no_colour(
    db: database.Tx, tmp_path: Path, shop: str, order: str, said: str
) -> None:
    text, _ = await said_in(db, tmp_path, shop, order, said)
    assert not any(word in text for word in ("цвет", "rang", "colour"))
