"""What is said of the sizes, colours and models of a thing is heard, however its number, unit or colour is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from tests.talking import cart_of, said_in

_WANTED = [
    # a size by its number: other units, endings and words behind it
    ("chiroq", ["avtomat bir qutbli 4 ta olaman", "25 amperi"], [("YG-40", "25A", 4)]),
    ("isitgich", ["тэн для масляного обогревателя возьму один", "на 2 киловатта"], [("IS-38", "2000 Vt", 1)]),
    ("qulf", ["мебельная ручка рейлинг нужна 4 штуки, хром", "128-ю"], [("QF-21", "128 mm/xrom", 4)]),
    ("mebel", ["metall korniz bir qatorli qora bitta olaman", "160 sini bering"], [("MB-24", "160 sm/qora", 1)]),
    ("zoo", ["akvarium isitgichi bitta", "100 vattlik"], [("ZO-20", "100 W", 1)]),
    ("tent", ["качельга крыша kerak bordo, bitta", "200x145"], [("TN-42", "200x145 sm/bordo", 1)]),
    ("rozetka", ["клемма WAGO 10 штук", "на три провода"], [("RZ-53", "3 talik", 10)]),
    ("rozetka", ["wago klemma kerak 10 ta", "5 talisi"], [("RZ-53", "5 talik", 10)]),
    ("rozetka", ["рамка бежевая на 3 поста, 2 шт"], [("RZ-17", "3 talik/bej", 2)]),
    ("rozetka", ["рамка бежевая, 2 шт", "на четыре поста"], [("RZ-17", "4 talik/bej", 2)]),
    ("kalava", ["простыню на резинке сто шестьдесят на двести белую одну"], [("KL-13", "160x200/oq", 1)]),
    ("zoo", ["аквариум нужен", "один в Термез отправьте, на 60 литров"], [("ZO-17", "60 l", 1)]),
    ("hammom", ["полотенце для лица махровое, одно", "ok, бежевое"], [("HM-01", "bej", 1)]),
    ("rozetka", ["wago klemma", "wago klemma 3 talik, 5"], [("RZ-53", "3 talik", 5)]),
    # another size of what is in the cart is no other thing
    (
        "chiroq",
        ["avtomat bir qutbli 16 amperlik 4 ta olaman", "16 emas 25 amperlik bo'larkan"],
        [("YG-40", "25A", 4)],
    ),
    ("sport", ["boks qo'lqopi 10 oz qora bitta olaman", "10 emas 12 ozligini bering"], [("SP-25", "12 oz/qora", 1)]),
    # two colours in one, in any order and language
    ("mato", ["adras 3 metr olaman", "чёрно-белый"], [("MT-13", "qora-oq", 3)]),
    ("mato", ["адрас 2 метра возьму", "black-white"], [("MT-13", "qora-oq", 2)]),
    ("kimono", ["татами пазл 4 см 10 штук", "красно-синие"], [("KI-43", "ko'k-qizil", 10)]),
    ("kimono", ["tatami 4 sm lik черно-серый 20 ta kerak"], [("KI-43", "qora-kulrang", 20)]),
    # the shop's own word for its colour
    ("tovuq", ["молодки несушки месячные рыжие, 10 штук"], [("TQ-12", "qizil", 10)]),
    # a line with all that was asked
    (
        "charm",
        ["4-card holder cognac, 2, AirPods case AirPods Pro black, 1"],
        [("CR-13", "konyak", 2), ("CR-25", "AirPods Pro/qora", 1)],
    ),
    (
        "mebel",
        ["devor polkasi va yumshoq taburetka kerak", "devor polkasi 60 sm venge, 2, yumshoq taburetka oq, 1"],
        [("MB-01", "oq", 1), ("MB-09", "60 sm/venge", 2)],
    ),
]


@pytest.mark.parametrize(("shop", "said", "lines"), _WANTED)
async def test_an_option_is_heard(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], lines: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, *said) == lines


async def test_what_a_whole_order_said_again_leaves_out_is_not_asked_for(db: database.Tx, tmp_path: Path) -> None:
    order = "suzish ko'zoynagi kattalar qora, 1"
    said = ["yoga gilamchasi 6 mm bitta olaman", "bilmadim", order, order]
    told, lines = await said_in(db, tmp_path, "sport", *said)
    assert lines == [("SP-19", "kattalar/qora", 1)] and "Olib tashladim" in told


async def test_a_choice_that_is_only_passed_over_stays(db: database.Tx, tmp_path: Path) -> None:
    said = ["yoga gilamchasi 6 mm bitta olaman", "bilmadim", "suzish ko'zoynagi kattalar qora, 1"]
    told, _ = await said_in(db, tmp_path, "sport", *said)
    assert "Olib tashladim" not in told and "binafsha" in told and "Xodimni chaqirish" in told
