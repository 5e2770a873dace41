"""What a shopper has already, says in spoken numbers, bargains about, or wants of two things that were shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.numbers import numbers
from agent.brain_rules.text import tokens
from kit import db as database
from shop import colors
from tests.talking import answer, in_cart, said_in, shopper_of
from tests.test_brain_everyday import wants

Cart = list[tuple[str, str, int]]


# ---- one variant for another -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        (
            "libos",
            ("бомбер чёрный L есть?", "давайте лучше хаки, чёрный у меня уже есть. L"),
            [("MD-19", "L/xaki", 1)],
        ),
        (
            "libos",
            ("do you have the bomber in black, L?", "khaki please, I'll take L, I already have a black one"),
            "MD-19",
        ),
        ("libos", ("bomber qorasi L bormi", "L xakisini olaman, qorasi menda bor"), "MD-19"),
        (
            "libos",
            ("velvet shim qora 50 bitta olaman", "uzr, 52 qilib bersangiz, 50 qisadi"),
            [("MD-08", "52/qora", 1)],
        ),
        (
            "libos",
            ("вельветовые брюки чёрные 50, беру", "поменяйте на 52, 50 жмут"),
            [("MD-08", "52/qora", 1)],
        ),
        (
            "pijama",
            ("ayollar pijamasi satin qora M bitta olaman", "yana singlimga ham bitta S bordosi bo'lsin"),
            [("PJ-03", "M/qora", 1), ("PJ-03", "S/bordo", 1)],
        ),
    ],
)
async def test_one_variant_for_another(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], cart: Cart | str
) -> None:
    _, held = await said_in(db, tmp_path, shop, *said)
    assert held == ([(cart, "L/xaki", 1)] if isinstance(cart, str) else cart)


async def test_what_stays_too_takes_nothing_out(db: database.Tx, tmp_path: Path) -> None:
    said = ("velvet shim qora 50 bitta, ipak galstuk bordo bitta olaman", "ha, galstuk ham qolsin")
    _, held = await said_in(db, tmp_path, "libos", *said)
    assert sorted(held) == [("MD-08", "50/qora", 1), ("MD-24", "bordo", 1)]


async def test_a_colour_of_two_words_beside_a_name(db: database.Tx, tmp_path: Path) -> None:
    said = ("I need the three-piece suit, size 50, grey, and a bow tie, black", "make the suit dark blue, no bow tie")
    _, held = await said_in(db, tmp_path, "libos", *said)
    assert held == [("MD-10", "50/to'q ko'k", 1)]


# ---- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "value"), [("тридцать седьмой", 37), ("сорок второго", 42), ("сто шестой", 106)])
def test_spoken_ordinals(said: str, value: int) -> None:
    assert [one.value for one in numbers(tokens(said))] == [value]


@pytest.mark.parametrize(
    ("said", "cart"),
    [
        ("мне нужен коврик для йоги десять миллиметров розовый один", [("SP-15", "pushti", 1)]),
        ("боксёрские перчатки десять унций красные один", [("SP-25", "10 oz/qizil", 1)]),
    ],
)
async def test_a_spoken_measure_is_no_number_of_pieces(db: database.Tx, tmp_path: Path, said: str, cart: Cart) -> None:
    _, held = await said_in(db, tmp_path, "sport", said)
    assert held == cart


@pytest.mark.parametrize("offer", ["75 дан қилинг", "75 dan qilib bering", "donasini 75 mingdan qiling"])
async def test_a_price_beside_several_variants(db: database.Tx, tmp_path: Path, offer: str) -> None:
    said = ("ipak galstuk bordodan 5 ta, qoradan 5 ta olaman", offer)
    told, held = await said_in(db, tmp_path, "libos", *said)
    assert held == [("MD-24", "bordo", 5), ("MD-24", "qora", 5)] and "qolgan" not in told
    me_told, held = await said_in(db, tmp_path, "libos", said[0], "mayli, 95 dan bo'lsa ham olamiz, o'sha 10 ta")
    assert held == [("MD-24", "bordo", 5), ("MD-24", "qora", 5)] and "hegirma" not in me_told


@pytest.mark.parametrize("said", ["nechpul bo'ldi hammasi", "qancha bo'ldi hammasi", "хаммаси нечпул булди"])
async def test_the_sum_of_all_that_is_taken(db: database.Tx, tmp_path: Path, said: str) -> None:
    told, _ = await said_in(db, tmp_path, "libos", "ipak galstuk bordo 2 ta, babochka qora 1 ta olaman", said)
    assert "295 000" in told and "185 000" not in told


# ---- the two that were shown -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "said"),
    [("tort bormi", "ikkalasini ham olaman"), ("есть торты?", "беру оба"), ("tort", "both, pls")],
)
async def test_both_of_a_list(db: database.Tx, tmp_path: Path, asked: str, said: str) -> None:
    me = await shopper_of(db, tmp_path, "muz/first.jsonl")
    await answer(me, asked)
    await answer(me, said)
    assert {sku for sku, _, _ in await in_cart(me)} == {"MZ-33", "MZ-34"}


@pytest.mark.parametrize("said", ["rangsiz", "бесцветный", "colourless", "colorless"])
def test_colourless(said: str) -> None:
    assert colors.color_of(said, ("qora", "rangsiz")) == "rangsiz"


@pytest.mark.parametrize(
    "said", ["let me speak to a person please", "can I talk to an actual human", "I want to talk to a real person"]
)
def test_a_person_is_called(said: str) -> None:
    assert wants(said) & {"person", "connect"}


# ---- what a part of a message is about -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        (
            "libos",
            ("bomber L xaki bitta, ipak galstuk bordo bitta olaman", "galstukni olib tashlang, bomber XL bo'lsin"),
            [("MD-19", "XL/xaki", 1)],
        ),
        (
            "libos",
            ("бомбер хаки L один и галстук шёлковый бордовый один беру", "галстук уберите, бомбер пусть будет XL"),
            [("MD-19", "XL/xaki", 1)],
        ),
        ("libos", ("привет) бомберы супер, хочу два таких же чёрных L",), [("MD-19", "L/qora", 2)]),
        ("libos", ("bomber L xaki, XL qora, 2 ta olaman",), [("MD-19", "L/xaki", 1), ("MD-19", "XL/qora", 1)]),
        (
            "libos",
            ("бомбер беру L хаки и XL чёрный, всего две штуки",),
            [("MD-19", "L/xaki", 1), ("MD-19", "XL/qora", 1)],
        ),
    ],
)
async def test_what_a_part_is_about(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], cart: Cart
) -> None:
    _, held = await said_in(db, tmp_path, shop, *said)
    assert held == cart


@pytest.mark.parametrize(
    "said", ["what's the price if I pay cash?", "наличкой какая цена?", "naqd bo'lsa narxi qancha?"]
)
async def test_the_price_when_paid_in_cash(db: database.Tx, tmp_path: Path, said: str) -> None:
    told, _ = await said_in(db, tmp_path, "chiroq", "xrustal lyustra bormi", said)
    assert "2 400 000" in told


@pytest.mark.parametrize(
    "said",
    [
        "xalatga ism tikib berasizlarmi, qancha turadi",
        "халат с вышивкой имени делаете, сколько стоит?",
        "can you embroider a name on a robe, how much is it?",
    ],
)
async def test_the_price_of_a_work(db: database.Tx, tmp_path: Path, said: str) -> None:
    told, _ = await said_in(db, tmp_path, "pijama", said)
    assert "40 000" in told.replace(",", " ") and "279 000" not in told


@pytest.mark.parametrize(
    "said",
    ["Oluvchi — opam Barno, 97 044 15 08", "получатель - сестра Барно, 97 044 15 08", "receiver: Barno, 97 044 15 08"],
)
async def test_who_receives(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "libos/first.jsonl")
    await me.say("ipak galstuk bordo bitta olaman")
    await me.say("Chilonzor 9-kvartal, 14-uy, 3-xonadon. " + said)
    assert (await me.play.cart()).name.lower() in ("barno", "барно")
