"""So many of them in one look, the rest in another; halves; five of each; some of a line taken out; two sums in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of, said_in

# ---- a whole that is shared out --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        ("usta", ["7 розеток, две белые, остальные чёрные"], [("UM-30", "oq", 2), ("UM-30", "qora", 5)]),
        (
            "usta",
            ["10 ta rozetka: 3 tasi oq, 2 tasi kumush, qolganlari qora"],
            [("UM-30", "kumush", 2), ("UM-30", "oq", 3), ("UM-30", "qora", 5)],
        ),
        (
            "usta",
            ["8 sockets please", "3 of them white, the rest black"],
            [("UM-30", "oq", 3), ("UM-30", "qora", 5)],
        ),
        ("nur", ["type-c 2 m 4 ta", "bittasi 1 m, qolgani 2 m"], [("GL-20", "1 m", 1), ("GL-20", "2 m", 3)]),
        (
            "usta",
            ["rozetka oq 5 ta", "2 tasi qora, qolgani kumush bo'lsin"],
            [("UM-30", "kumush", 3), ("UM-30", "qora", 2)],
        ),
    ],
)
async def test_the_rest_is_counted_to_the_whole(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], cart: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, *said) == cart


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        ("usta", ["6 ta rozetka oq", "yarmi qora bo'lsin"], [("UM-30", "oq", 3), ("UM-30", "qora", 3)]),
        ("usta", ["6 ta rozetka bering", "yarmi oq yarmi qora"], [("UM-30", "oq", 3), ("UM-30", "qora", 3)]),
        ("usta", ["8 белых розеток", "половина пусть будет чёрная"], [("UM-30", "oq", 4), ("UM-30", "qora", 4)]),
        (
            "kalava",
            ["4 white women's terry robes, half in M half in L"],
            [("KL-28", "L/oq", 2), ("KL-28", "M/oq", 2)],
        ),
    ],
)
async def test_half_and_half(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], cart: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, *said) == cart


async def test_half_of_an_odd_number_is_asked(db: database.Tx, tmp_path: Path) -> None:
    said = ["5 ta rozetka oq", "yarmi qora bo'lsin"]
    told, cart = await said_in(db, tmp_path, "usta", *said)
    assert cart == [("UM-30", "oq", 5)] and "nechtadan" in told
    after = await cart_of(db, tmp_path, "usta", *said, "3 ta oq 2 ta qora")
    assert after == [("UM-30", "oq", 3), ("UM-30", "qora", 2)]


@pytest.mark.parametrize(
    "said",
    [
        ["нужны розетки, белые и чёрные по 5"],
        ["rozetka bormi", "oqidan va qorasidan 5 tadan bering"],
        ["розетки по 5 белых и чёрных"],
    ],
)
async def test_so_many_of_each(db: database.Tx, tmp_path: Path, said: list[str]) -> None:
    assert await cart_of(db, tmp_path, "usta", *said) == [("UM-30", "oq", 5), ("UM-30", "qora", 5)]


@pytest.mark.parametrize(
    ("said", "cart"),
    [
        (["rozetka oq bitta bering", "bitta emas ikkita, bittasi qora"], [("UM-30", "oq", 1), ("UM-30", "qora", 1)]),
        (["rozetka oq bitta bering", "bitta emas ikkita, bittasi oq"], [("UM-30", "oq", 2)]),
        (["2 розетки белые", "не две а три, одна чёрная"], [("UM-30", "oq", 2), ("UM-30", "qora", 1)]),
        (["one white socket", "not one but three, two of them black"], [("UM-30", "oq", 1), ("UM-30", "qora", 2)]),
        (["3 розетки, одна из них белая", "чёрные"], [("UM-30", "oq", 1), ("UM-30", "qora", 2)]),
    ],
)
async def test_what_is_left_open_is_as_it_was_or_asked(
    db: database.Tx, tmp_path: Path, said: list[str], cart: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, "usta", *said) == cart


# ---- some of it out --------------------------------------------------------------------------------------------------

_BOTH = ["oq rozetka 5 ta, qorasi 3 ta"]


@pytest.mark.parametrize(
    ("said", "white", "black"),
    [
        ("из белых одну убрать", 4, 3),
        ("oqidan bittasini olib tashlang", 4, 3),
        ("oq rozetkadan bittasini olib tashlang", 4, 3),
        ("одну чёрную уберите", 5, 2),
        ("qorasidan ikkitasini ayiring", 5, 1),
        ("take one of the white ones out", 4, 3),
        ("remove two black ones", 5, 1),
    ],
)
async def test_some_of_one_line_goes_out(db: database.Tx, tmp_path: Path, said: str, white: int, black: int) -> None:
    assert await cart_of(db, tmp_path, "usta", *_BOTH, said) == [("UM-30", "oq", white), ("UM-30", "qora", black)]


@pytest.mark.parametrize(
    "said", ["drop it to 2", "cut it down to two", "уберите до двух", "убавьте до 2", "2 taga tushiring"]
)
async def test_a_line_is_lowered_to_a_number(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "usta", "5 white sockets", said) == [("UM-30", "oq", 2)]


@pytest.mark.parametrize("said", ["can you drop it to 20k", "lower it to 20 000", "20 mingga tushiring"])
async def test_a_price_is_lowered_by_staff_alone(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "usta", "5 white sockets", said) == [("UM-30", "oq", 5)]


async def test_a_number_behind_the_name_counts(db: database.Tx, tmp_path: Path) -> None:
    cart = await cart_of(db, tmp_path, "kofe", "черную чашку эспрессо 3 и белую 2")
    assert cart == [("KF-36", "oq", 2), ("KF-36", "qora", 3)]


# ---- one more beside, and its own number -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        ("usta", ["bolg'a 800 g bitta, bittasi akamga 500 g"], [("UM-11", "500 g", 1), ("UM-11", "800 g", 1)]),
        ("usta", ["one hammer 800 g, one for my brother 500 g"], [("UM-11", "500 g", 1), ("UM-11", "800 g", 1)]),
        ("bola", ["галстук чёрный 2", "и бабочку красную"], [("SQ-30", "qizil", 1), ("SQ-30", "qora", 2)]),
        ("usta", ["rozetka oq 4 ta", "yana qorasi ham"], [("UM-30", "oq", 4), ("UM-30", "qora", 1)]),
        ("oyoq", ["кроссовки city белые 42 беру", "ещё сыну школьные 33"], [("OQ-04", "42/oq", 1)]),
        ("usta", ["germetik qora, 1 ta oshxonaga"], [("UM-26", "qora", 1)]),
        ("usta", ["silikon germetik oq kerak, ikkita dushga"], [("UM-26", "oq", 2)]),
    ],
)
async def test_each_has_its_own_number(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], cart: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, *said) == cart


@pytest.mark.parametrize(
    ("said", "packs"),
    [
        ("samorez 2 ming dona", [("UM-27", "", 2)]),
        ("саморезы 3000 шт беру", [("UM-27", "", 3)]),
        ("300 wall plugs please", [("UM-28", "", 3)]),
        ("dyubel 3 ta", [("UM-28", "", 3)]),
        ("samorez 1000 dona bering", [("UM-27", "", 1)]),
        ("samorez 65 ming donasi", []),
    ],
)
async def test_pieces_become_packs(
    db: database.Tx, tmp_path: Path, said: str, packs: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, "usta", said) == packs


@pytest.mark.parametrize(
    "said", ["скатерть белая 1,5 на 3, одну", "dasturxon 1,5 ga 3 oq bitta", "1.5x3 white tablecloth, one"]
)
async def test_a_size_of_two_measures(db: database.Tx, tmp_path: Path, said: str) -> None:
    assert await cart_of(db, tmp_path, "uy", said) == [("SU-22", "1,5x3 m/oq", 1)]


# ---- asked beside a cart ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "told"),
    [("ikkalasi jami qancha", "64 000"), ("how much together?", "64 000"), ("а всё вместе сколько?", "64 000")],
)
async def test_the_cart_and_what_is_in_view(db: database.Tx, tmp_path: Path, asked: str, told: str) -> None:
    said, cart = await said_in(db, tmp_path, "usta", "rozetka oq 2 ta bering", "lampochka 9 w qancha", asked)
    assert told in said and "48 000" in said and cart == [("UM-30", "oq", 2)]


@pytest.mark.parametrize("asked", ["S da pushtisi bormi", "pushti rangda S bormikan", "розовый в S есть"])
async def test_a_question_changes_no_line(db: database.Tx, tmp_path: Path, asked: str) -> None:
    order = ["ayollar maxroviy xalati oq M 1 ta", "90 123 45 67, Chilonzor 9-kvartal, 14-uy"]
    assert await cart_of(db, tmp_path, "kalava", *order, asked) == [("KL-28", "M/oq", 1)]


@pytest.mark.parametrize(
    "asked", ["5-qavatga olib chiqasizlarmi", "поднимите на 5 этаж", "carry it to the third floor please"]
)
async def test_carrying_up_is_no_address(db: database.Tx, tmp_path: Path, asked: str) -> None:
    said, cart = await said_in(db, tmp_path, "usta", "rozetka oq 2 ta bering", asked)
    assert cart == [("UM-30", "oq", 2)]
    assert any(one in said for one in ("operator", "оператор"))
    assert any(one in said for one in ("manzil", "адрес", "address"))


# ---- half out, fewer, how many of each -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("yarmini olib tashlang", 4),
        ("половину уберите", 4),
        ("remove half", 4),
        ("на две меньше", 6),
        ("bitta kam bo'lsin", 7),
        ("two fewer, please", 6),
    ],
)
async def test_half_and_fewer(db: database.Tx, tmp_path: Path, said: str, left: int) -> None:
    assert await cart_of(db, tmp_path, "usta", "8 белых розеток", said) == [("UM-30", "oq", left)]


async def test_half_of_nine_takes_nothing_out(db: database.Tx, tmp_path: Path) -> None:
    told, cart = await said_in(db, tmp_path, "usta", "9 белых розеток", "половину уберите")
    assert cart == [("UM-30", "oq", 9)] and "Сколько" in told


@pytest.mark.parametrize(
    "said",
    [
        ["oq va qora rozetka 6 ta bering", "3 tadan"],
        ["белые и чёрные розетки 6 штук беру", "по три"],
        ["I'll take 6 white and black sockets", "3 white 3 black"],
    ],
)
async def test_how_many_of_each_is_asked(db: database.Tx, tmp_path: Path, said: list[str]) -> None:
    assert await cart_of(db, tmp_path, "usta", said[0]) == []
    assert await cart_of(db, tmp_path, "usta", *said) == [("UM-30", "oq", 3), ("UM-30", "qora", 3)]


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        ("kalava", "erkaklar xalati M va L ko'k 2 tadan", [("KL-27", "L/ko'k", 2), ("KL-27", "M/ko'k", 2)]),
        ("bola", "футболка белая 104 и 110 по две", [("SQ-22", "104/oq", 2), ("SQ-22", "110/oq", 2)]),
    ],
)
async def test_so_many_of_each_size(
    db: database.Tx, tmp_path: Path, shop: str, said: str, cart: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, said) == cart
