"""Two sizes of one kind, parts of a number that tell no variant, a measure of its own thing, a corrected house."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import ADDRESS, cart_of, in_cart, said_in, shopper

MARRA = Path(__file__).parent / "marra"

# ---- two sizes of one kind -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "held"),
    [
        (
            "mato",
            "рулонную штору 60х170 бежевую одну, 80х170 тоже бежевую 2 шт",
            [("MT-07", "bej", 1), ("MT-08", "bej", 2)],
        ),
        (
            "mato",
            "rulonli parda 60x170 oqidan 3 ta, 80x170 ham oqidan bitta olaman",
            [("MT-07", "oq", 3), ("MT-08", "oq", 1)],
        ),
        ("kalava", "2 bath towels 70x140 in beige and a 50x90 in white too", [("KL-22", "oq", 1), ("KL-23", "bej", 2)]),
    ],
)
async def test_another_size_in_the_same_color_is_another_thing(
    db: database.Tx, tmp_path: Path, shop: str, said: str, held: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, said) == held


# ---- parts of a number that tell no variant --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "then", "held"),
    [
        ("soyabon oyog'i bitta", "2 ta qilib qo'ying, bittasi yetmas ekan", 2),
        ("soyabon oyog'i bitta", "3 ta qiling, bittasi ukamga", 3),
        ("soyabon oyog'i bitta", "make it 3, one of them is for my dad", 3),
        ("soyabon oyog'i 2 ta", "давайте 3, ещё один брату", 3),
        ("soyabon oyog'i 2 ta", "4 ta qiling, yana bittasi akamga", 4),
    ],
)
async def test_who_one_of_them_is_for_changes_no_number(
    db: database.Tx, tmp_path: Path, first: str, then: str, held: int
) -> None:
    assert [qty for *_, qty in await cart_of(db, tmp_path, "hovli", first, then)] == [held]


# ---- a measure of its own thing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("скакалку и гантели по 5 кг две штуки беру", [("MR-13", "5 kg", 2), ("MR-22", "", 1)]),
        ("беру скакалку и 3 гантели по 2 кг", [("MR-13", "2 kg", 3), ("MR-22", "", 1)]),
        ("беру скакалку и регби мяч, по 2 шт", [("MR-18", "qora", 2), ("MR-22", "", 2)]),
    ],
)
async def test_a_measure_is_so_many_of_nothing_else(
    db: database.Tx, tmp_path: Path, said: str, held: list[tuple[str, str, int]]
) -> None:
    async with shopper(db, tmp_path, folder=MARRA) as me:
        await me.say(said)
        assert sorted(await in_cart(me)) == held


# ---- the number of a house -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "ой, номер 48, а не 8, улица Бобур 48",
        "Bobur ko'chasi 48, raqami 8 emas 48",
        "sorry its number 48 not 8, Bobur street 48",
        "номер не 8, а 48",
        "oops the number is 48 not 8",
    ],
)
async def test_a_corrected_house_is_so_many_of_nothing(db: database.Tx, tmp_path: Path, said: str) -> None:
    first = "bitta soyabon oyog'i olaman", "90 123 45 67, Urganch, Bobur ko'chasi 8"
    told, held = await said_in(db, tmp_path, "hovli", *first, said)
    assert held == [("HV-16", "", 1)]
    assert "× 48" not in told


async def test_as_many_and_not_so_many_is_still_a_number(db: database.Tx, tmp_path: Path) -> None:
    said = "soyabon oyog'i 3 ta olaman", ADDRESS, "sorry, 2 not 3"
    assert await cart_of(db, tmp_path, "hovli", *said) == [("HV-16", "", 2)]


# ---- why it is to be another color -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("can we make it grey, beige gets dirty quickly", [("KL-32", "kulrang", 1)]),
        ("а серый можно вместо бежевого? бежевый слишком маркий", [("KL-32", "kulrang", 1)]),
        ("rangini bordo qilsak bo'ladimi, beji dog'ni bildirarkan", [("KL-32", "bordo", 1)]),
        ("кулранг қилсак бўладими, бежи чанг кўрсатаркан", [("KL-32", "kulrang", 1)]),
        ("3 ta qilsam bo'ladimi", [("KL-32", "bej", 3)]),
        ("bej va kulrang qiling", [("KL-32", "bej", 1), ("KL-32", "kulrang", 1)]),
        ("add a grey one too, beige is for my granny", [("KL-32", "bej", 1), ("KL-32", "kulrang", 1)]),
    ],
)
async def test_why_it_is_to_be_another_color_is_no_second_one(
    db: database.Tx, tmp_path: Path, said: str, held: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, "kalava", "mikrofibra pled 150x200 bej bitta olaman", said) == held


# ---- so many of that, then another thing -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "first", "then", "held"),
    [
        (
            "hovli",
            "soyabon oyog'i bormi",
            "shundan 3 ta yana qo'l nasosi bitta olaman",
            [("HV-16", "", 3), ("HV-25", "", 1)],
        ),
        (
            "kalava",
            "bambuk yostiq 50x70 bormi",
            "shundan ikkita keyin vafli xalat M bitta kerak",
            [("KL-18", "", 2), ("KL-31", "M", 1)],
        ),
        (
            "kalava",
            "плед микрофибра 150x200 беж есть?",
            "таких две потом скатерть 140x180 белую одну",
            [("KL-32", "bej", 2), ("KL-36", "oq", 1)],
        ),
    ],
)
async def test_so_many_of_that_and_then_another_thing(
    db: database.Tx, tmp_path: Path, shop: str, first: str, then: str, held: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, first, then) == held


@pytest.mark.parametrize(
    "said",
    [
        "anavi vizillaydigani bor-u o'shandan ikkita keyin soyabon oyog'idan bitta kerak",
        "u yerda bittasi bor edi, o'shandan 3 ta, soyabon oyog'idan ham bitta olaman",
    ],
)
async def test_of_what_cannot_be_known_its_name_is_asked(db: database.Tx, tmp_path: Path, said: str) -> None:
    told, held = await said_in(db, tmp_path, "hovli", said)
    assert held == [("HV-16", "", 1)]
    assert "Qaysi mahsulot kerak?" in told
