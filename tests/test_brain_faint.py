"""An order in words of another trade buys nothing at once: the nearest thing is offered, a yes takes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import ADDRESS, answer, cart_of, in_cart, said_in, shopper_of

_ASKED = ("Shu kerakmi?", "Шу керакми?", "Вы об этом?", "Did you mean this one?")


@pytest.mark.parametrize(
    ("shop", "order", "agrees", "held"),
    [
        ("santex", "2 ta osma kreslo kerak", "ha", [("ST-12", "", 2)]),
        ("daftar", "нужно 2 барных стула", "да", [("DF-26", "", 2)]),
        ("qarmoq", "menga elektron devor soatidan 3 ta bering", "ha", [("QM-39", "", 3)]),
        ("kitob", "менга 2 та бўёқ ванначаси керак", "ха", [("KT-11", "", 2)]),
        ("oboi", "нужно 2 ткани", "да, белые", [("OB-03", "oq", 2)]),
        ("sport", "menga 2 ta klatch sumkacha kerak", "ha qorasidan", [("SP-31", "qora", 2)]),
    ],
)
async def test_what_hardly_fits_is_offered_first(
    db: database.Tx, tmp_path: Path, shop: str, order: str, agrees: str, held: list[tuple[str, str, int]]
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    told = await answer(me, order)
    assert any(asked in told for asked in _ASKED)
    cart = await me.play.cart()
    assert not (cart.lines or cart.picks)
    await answer(me, agrees)
    assert await in_cart(me) == held


async def test_it_is_left_after_a_no(db: database.Tx, tmp_path: Path) -> None:
    assert await cart_of(db, tmp_path, "santex", "2 ta osma kreslo kerak", "yo'q") == []


async def test_beside_a_cart_it_is_offered_too(db: database.Tx, tmp_path: Path) -> None:
    said = ("2 ta malyar skotchi olaman", "yana 3 metr mato kerak")
    text, held = await said_in(db, tmp_path, "oboi", *said)
    assert "Shu kerakmi?" in text and held == [("OB-37", "", 2)]
    assert await cart_of(db, tmp_path, "oboi", *said, "yo'q") == held


@pytest.mark.parametrize(
    ("shop", "said"),
    [
        ("oboi", "мне пельмени 1 кг, 3 шт пожалуйста"),
        ("avto", "мне лейку 5 л, 3 шт пожалуйста"),
        ("zoo", "menga asal 1 kg kerak"),
        ("usta", "two bottles of fabric softener 1 l please"),
    ],
)
async def test_a_measure_alone_buys_nothing_of_another_name(
    db: database.Tx, tmp_path: Path, shop: str, said: str
) -> None:
    assert await cart_of(db, tmp_path, shop, said) == []


@pytest.mark.parametrize(
    ("shop", "said", "held"),
    [
        ("hovli", "насос не электрический, ручной, 1 шт", [("HV-25", "", 1)]),  # another one of what is sold
        ("sovun", "lavanda sovuni bering 1 ta oshxonaga 1 ta hammomga", [("SV-01", "", 2)]),  # all of its title
        ("kalava", "two packs of six cloth napkins please", [("KL-39", "", 2)]),  # the thing, though not its cloth
        ("usta", "2 та шпатлёвка керак", [("UM-24", "", 2)]),
    ],
)
async def test_what_is_sold_here_is_taken_at_once(
    db: database.Tx, tmp_path: Path, shop: str, said: str, held: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, said) == held


async def test_an_address_that_comes_next_does_not_lose_it(db: database.Tx, tmp_path: Path) -> None:
    said = ("2 ta malyar skotchi olaman, yana 3 metr mato kerak", ADDRESS)
    text, held = await said_in(db, tmp_path, "oboi", *said)
    assert "Marmar" in text and text.count("?") == 1 and held == [("OB-37", "", 2)]
    assert await cart_of(db, tmp_path, "oboi", *said, "ha oqidan") == [("OB-03", "oq", 1), ("OB-37", "", 2)]
