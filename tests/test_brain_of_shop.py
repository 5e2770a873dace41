"""What is asked of the shop beside a thing in view: what many cost, whether it works on a day, what died at home."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import answer, cart_of, said_in, shopper_of


@pytest.mark.parametrize(
    ("shop", "asked", "many", "told"),
    [
        ("asal", "asal sovuni 100 g bormi", "20 ta olsam optom narxi bormi", ("13 000", "260 000")),
        ("asal", "мыло медовое есть?", "а оптом дешевле, если 30 штук?", ("13 000", "390 000")),
        ("asal", "honey soap, how much?", "is there a wholesale price for 12 pieces?", ("13 000", "156 000")),
    ],
)
async def test_what_many_cost_of_the_thing_in_view(
    db: database.Tx, tmp_path: Path, shop: str, asked: str, many: str, told: tuple[str, str]
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, asked)
    said = await answer(me, many)
    assert all(one in said for one in told), said


@pytest.mark.parametrize(
    ("shop", "asked", "told"),
    [
        ("asal", "bugun magazin ishliydimi", "Ish vaqtimiz"),
        ("qulf", "yakshanba kuni ishlidimi do'kon", "Ish vaqtimiz"),
        ("qulf", "дукон хозир ишлаяптими", "Иш вақтимиз"),
    ],
)
async def test_whether_the_shop_works(db: database.Tx, tmp_path: Path, shop: str, asked: str, told: str) -> None:
    said, _ = await said_in(db, tmp_path, shop, asked)
    assert told in said


@pytest.mark.parametrize(
    "said",
    [
        "o'tgan hafta sizdan olgan isitgich o'lib qoldi, kafolati bor deb aldadinglarmi",
        "обогреватель, который у вас брал, сдох через день",
        "the heater I bought from you is dead already",
    ],
)
async def test_what_died_at_home_is_staff_s(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "isitgich/first.jsonl")
    await answer(me, said)
    assert (await me.contact()).handed_over


@pytest.mark.parametrize(
    ("said", "ordered"),
    [
        ("PVA kley 5 kg, the 5 kg one please, I'll take it", "OB-15"),
        ("клей ПВА 5 кг беру, тот что на 5 кг один", "OB-15"),
    ],
)
async def test_a_measure_said_again_names_no_other_thing(
    db: database.Tx, tmp_path: Path, said: str, ordered: str
) -> None:
    assert {sku for sku, _, _ in await cart_of(db, tmp_path, "oboi", said)} == {ordered}


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("palto", ("женский пуховик длинный сколько", "ношу 48 это какая буква?"), "(L)"),
        ("palto", ("какой размер брать ребёнку 6 лет",), "рост"),
        ("palto", ("qizim 7 yosh qaysi razmer",), "boʻy"),
    ],
)
async def test_the_size_of_a_child_is_told_of_children(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], told: str
) -> None:
    text, _ = await said_in(db, tmp_path, shop, *said)
    assert told in text


@pytest.mark.parametrize("said", ["ha xuddi shunday", "ха худди шундай", "ha, xuddi o'zi"])
async def test_exactly_so_is_no_hoodie(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "palto/first.jsonl")
    await answer(me, "tulki yoqa qora bitta olaman, Nukus Gulzor 5, 94 079 05 63")
    await answer(me, said)
    assert len(await me.orders()) == 1
