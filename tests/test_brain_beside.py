"""What is asked beside the goods, and sums that are no number of pieces."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from shop import colors
from tests.talking import answer, cart_of, in_cart, said_in, shopper_of

STAFF_KNOW = ("aniq aytadi", "точно скажет", "аниқ айтади", "tell you that for sure")


# ---- what neither the shop nor a product answers ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "thing", "said"),
    [
        (
            "uy",
            "Choy to'plami Paxta 6 kishilik ko'k bormi",
            "bitta olaman. yillar o'tib xiralashib qolmaydimi",
        ),
        ("sumka", "рюкзак городской чёрный есть?", "беру один. а застёжка со временем не заедает?"),
        ("quruq", "walnut kernels 1 kg, how much", "I'll take one. will the shells crumble into pieces?"),
    ],
)
async def test_a_question_that_nothing_answers_is_not_passed_over(
    db: database.Tx, tmp_path: Path, shop: str, thing: str, said: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, thing)
    told = await answer(me, said)
    assert any(words in told for words in STAFF_KNOW)
    assert len(await in_cart(me)) == 1


@pytest.mark.parametrize(
    ("shop", "thing", "said"),
    [
        ("uy", "Choy to'plami Paxta 6 kishilik bormi", "yashili bormi, bittasi qancha"),
        ("sumka", "рюкзак городской есть?", "а чёрный есть? беру один"),
        ("quruq", "walnut kernels 1 kg, how much", "do you deliver to Tashkent? one please"),
    ],
)
async def test_nobody_is_sent_to_staff_with_what_was_answered(
    db: database.Tx, tmp_path: Path, shop: str, thing: str, said: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, thing)
    told = await answer(me, said)
    assert not any(words in told for words in STAFF_KNOW)


# ---- sums and floors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "pieces"),
    [
        ("sencha 45 mingdan 3 ta bering", 3),
        ("сенча по 45 тысяч, две пачки беру", 2),
        ("2 packs of sencha at 45 thousand please", 2),
    ],
)
async def test_the_price_of_one_is_no_number_of_pieces(db: database.Tx, tmp_path: Path, said: str, pieces: int) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    await answer(me, said)
    assert [line[2] for line in await in_cart(me)] == [pieces]


@pytest.mark.parametrize("said", ["40 mingdan qiling", "40 ming donasi qilasizmi", "по 40 тысяч за штуку отдадите?"])
async def test_a_price_asked_for_what_is_in_the_cart_changes_no_number(
    db: database.Tx, tmp_path: Path, said: str
) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    await answer(me, "sencha 3 ta bering")
    await answer(me, said)
    assert [line[2] for line in await in_cart(me)] == [3]


@pytest.mark.parametrize(
    "said", ["5-qavatga olib chiqasizlarmi", "7-qavatga ko'tarib berasizmi?", "4-чи қаватга олиб чиқасизми"]
)
async def test_a_floor_is_no_number_of_pieces(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    await answer(me, "sencha 2 ta bering")
    await answer(me, said)
    assert [line[2] for line in await in_cart(me)] == [2]


@pytest.mark.parametrize("said", ["синее", "тёмно-синее", "светло-синее"])
def test_a_soft_adjective_is_a_colour_too(said: str) -> None:
    assert [one.color.endswith("ko'k") for one in colors.named(said)] == [True]


@pytest.mark.parametrize("said", ["когда придёт", "а когда можно забрать?", "когда"])
def test_when_is_no_blue(said: str) -> None:
    """`когда` sounds as "in blue" does in Uzbek."""
    assert colors.named(said) == []


@pytest.mark.parametrize(
    ("shop", "said", "line"),
    [
        ("daftar", ("фломастеры 12 сколько стоят?", "возьму два набора"), 2),
        ("daftar", ("flomaster 12 qancha", "uchta komplekt oling"), 3),
        ("daftar", ("how much are the 12 felt pens", "2 sets please"), 2),
    ],
)
async def test_so_many_sets_of_what_is_in_view(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], line: int
) -> None:
    held = await cart_of(db, tmp_path, shop, *said)
    assert [qty for _, _, qty in held] == [line]


@pytest.mark.parametrize("said", ["а где вас искать", "sizlarni qayerdan topaman", "where do i find you"])
async def test_where_you_are_to_be_found(db: database.Tx, tmp_path: Path, said: str) -> None:
    told, _ = await said_in(db, tmp_path, "daftar", said)
    assert "52" in told
    assert not any(lost in told for lost in ("tushunmadim", "не совсем понятно", "not quite understand"))


@pytest.mark.parametrize(
    ("shop", "said", "held"),
    [
        ("kimyo", ("порошок автомат 3 кг сколько?", "для белого, два"), [("KM-01", "oq kiyim", 2)]),
        ("kimyo", ("порошок автомат 3 кг почём", "одну для цветного"), [("KM-01", "rangli kiyim", 1)]),
        ("gilam", ("искусственная трава 35 мм почём метр?", "три метра возьму"), [("GL-36", "", 3)]),
        ("gilam", ("Shohona gilam 2x3 qizili necha pul", "1 million 100 ga tushing"), []),
        ("quruq", ("walnut kernels 1 kg, I take 2",), [("QR-12", "", 2)]),
    ],
)
async def test_what_is_for_what_millimetres_and_sums(
    db: database.Tx, tmp_path: Path, shop: str, said: tuple[str, ...], held: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, *said) == held


async def test_a_digit_that_was_left_out_is_no_piece(db: database.Tx, tmp_path: Path) -> None:
    said = (
        "nam salfetka 120 talik",
        "aloelisidan 3 ta",
        "nomerim 90 047 11 6",
        "bitta raqami tushib qopti, 90 047 11 62",
    )
    assert await cart_of(db, tmp_path, "kimyo", *said) == [("KM-38", "aloe", 3)]


async def test_the_end_of_a_phone_is_corrected(db: database.Tx, tmp_path: Path) -> None:
    said = ("Vanna gilamchasi 60x90 kulrang 1 ta olaman", "nomerim 99 071 20 43", "voy oxiri 34 ekan, 43 emas")
    told, _ = await said_in(db, tmp_path, "gilam", *said, "Navoiy, Janubiy 3-uy")
    assert "+998 99 071 20 34" in told
