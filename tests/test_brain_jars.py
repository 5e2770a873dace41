"""What a thing is packed in; how much many cost; things known by a word of their title, whatever its ending."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from shop.fold import fold_word
from shop.lexicon import load
from tests.talking import cart_of, said_in
from tests.test_search_titles import first, sold

# ---- jars, boxes, bottles --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        ("quruq", ["Чернослив 500 г есть?", "мне две коробочки"], [("QR-07", "", 2)]),
        ("quruq", ["anjir qoqi 500 g, 2 quti kerak"], [("QR-08", "", 2)]),
        ("sovun", ["Bubble sham qizil bormi, oq bormi", "oqidan bitta qutida bering"], [("SV-17", "oq", 1)]),
        ("kofe", ["Ko'k choy 95 bormi?", "1 banka bering"], [("KF-11", "", 1)]),
        ("kofe", ["чай зеленый 95 три пачки"], [("KF-11", "", 3)]),
        ("sovga", ["asal mumidan sham 15 sm, 3 ta qutida bering"], [("SV-17", "", 3)]),
        ("quruq", ["кишмиш светлый 500 г есть?", "килограмм возьму, две коробки по 500 г"], [("QR-03", "", 2)]),
        ("quruq", ["изюм чёрный 1 кг почём", "два кило возьму, в пакетах по 1 кг"], [("QR-02", "", 2)]),
        ("quruq", ["qora mayiz 1 kg qancha", "3 kilo olaman, 1 kilolik paketda bo'lsin"], [("QR-02", "", 3)]),
        ("quruq", ["black raisins 1 kg, how much", "two bags of 1 kg please"], [("QR-02", "", 2)]),
        ("gul", ["мне клубнику в шоколаде молочном одну коробочку"], [("GL-37", "sutli", 1)]),
        ("qadoq", ["skotch 48 mm bormi", "10 ta 30x20x15 quti ham kerak"], [("QD-02", "", 10)]),
        ("idish", ["3 ta 1 litrlik shisha banka kerak"], [("ID-33", "", 3)]),
        ("qadoq", ["Pitsa qutisi 30 sm 100 ta olaman"], [("QD-14", "", 100)]),
        ("daftar", ["бумага нужна, 3 пачки"], [("DF-27", "", 3)]),
        ("daftar", ["qog'oz 3 pachka olaman"], [("DF-27", "", 3)]),
    ],
)
async def test_what_it_is_packed_in_is_no_other_thing(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], cart: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, *said) == cart


@pytest.mark.parametrize(
    ("said", "cart"),
    [
        (
            "gazon urug'ining 1 kilolisidan ikki paket rayhonning qorasidan uch paket kerak edi hammasi qancha bo'ladi",
            [("DL-03", "qora", 3), ("DL-04", "", 2)],
        ),
        (
            "rayhonning qorasidan uch paket bodringning orzusidan to'rt paket kerak edi uyga olib kelib bering",
            [("DL-02", "Orzu", 4), ("DL-03", "qora", 3)],
        ),
        (
            "помидорларнинг чериси 4 пакет бодрингнинг орзусидан олти пакет керак эди ҳаммасини ҳисоблаб беринг",
            [("DL-01", "Cherri", 4), ("DL-02", "Orzu", 6)],
        ),
    ],
)
async def test_packs_of_one_kind_and_packs_of_another(
    db: database.Tx, tmp_path: Path, said: str, cart: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, "dala", said) == cart


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("pista qutida", "Pista 1 kg"),
        ("перга 1 банка", "Perga 100 g"),
        ("нужно 8 баночек", ""),
        ("стеклянная банка", "Shisha banka 1 l"),
        ("две банки пыльцы", "Gul changi 100 g"),
        ("asal bankada bormi", "Asal 500 g bankada"),
    ],
)
def test_a_jar_is_sought_only_where_it_is_what_is_sold(said: str, found: str) -> None:
    titles = ["Asal 500 g bankada | Мёд 500 г в банке", "Perga 100 g | Перга 100 г", "Pista 1 kg | Фисташки 1 кг"]
    titles += ["Gul changi 100 g | Пыльца цветочная 100 г", "Konfet 1 kg quti | Конфеты, коробка 1 кг"]
    index = sold(*titles, *(["Shisha banka 1 l | Банка стеклянная 1 л"] if "стек" in said else []))
    hits = index.find(said)
    assert (first(index, said) if hits and hits[0].score >= 0.5 else "") == found


# ---- what many cost --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "each"),
    [
        ("qalpoq", "перчатки мужские вязаные почём, если 12 пар взять", "42 000"),
        ("sovun", "bubble candle, what's the price if we buy 10?", "17 000"),
        ("quruq", "изюм чёрный 1 кг сколько стоит если 12 пачек беру", "53 000"),
    ],
)
async def test_so_many_are_only_supposed(db: database.Tx, tmp_path: Path, shop: str, said: str, each: str) -> None:
    told, cart = await said_in(db, tmp_path, shop, said)
    assert each in told
    assert not cart


@pytest.mark.parametrize(
    ("shop", "said"),
    [
        ("asal", ["мыло медовое сколько стоит", "а по 12?"]),
        ("asal", ["mumli qo'l kremi qancha", "25 mingdan-chi?"]),
        ("asal", ["Tog' asali 1 kg price?", "how about 140k?"]),
        ("asal", ["свечи восковые 20 см, если 15 штук беру, по сколько отдадите", "а по 8?"]),
    ],
)
async def test_a_price_of_ones_own_is_bargained_for(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str]
) -> None:
    told, cart = await said_in(db, tmp_path, shop, *said)
    assert any(word in told for word in ("фиксированные", "qatʼiy", "fixed"))
    assert not cart


# ---- things by a word of their title ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("qalpoq", "Beretni qizili bormi", ["bereti", "qora", "bej"]),
        ("qalpoq", "beretlardan yashili bormi", ["bereti", "qora", "bej"]),
        ("sovun", "bubble shamning yashili bormi", ["Bubble sham", "pushti"]),
    ],
)
async def test_the_red_one_of_it_is_no_girls_thing(
    db: database.Tx, tmp_path: Path, shop: str, said: str, told: list[str]
) -> None:
    answered, _ = await said_in(db, tmp_path, shop, said)
    assert all(one in answered for one in told)


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        ("asal", ["мёд в деревянной коробке, очень понравился, один в тёмном цвете беру"], [("AS-37", "to'q", 1)]),
        ("qalpoq", ["берет в бежевом цвете один беру"], [("QP-05", "bej", 1)]),
        ("sovun", ["свеча бабл в белом варианте, очень нужно 2 шт"], [("SV-17", "oq", 2)]),
        ("asal", ["oltitalik sovga toplami bormi", "bitta olaman"], [("AS-36", "", 1)]),
        ("asal", ["подарочные наборы есть?", "шестёрку давайте"], [("AS-36", "", 1)]),
        ("asal", ["beshlik sovg'a to'plami bormi", "uchtaligidan ikkita"], [("AS-35", "", 2)]),
        ("sovga", ["sovunlar to'plami to'rttalik bormi", "bitta bering"], [("SV-14", "", 1)]),
    ],
)
async def test_a_set_of_so_many(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], cart: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, *said) == cart


# ---- where it goes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ("Samarqand Mikrorayon, Mirzo Ulugbek 102, 18-kv", "Samarqand Mikrorayon, Mirzo Ulugbek 102, 18-kv"),
        ("Самарканд микрорайон, Гагарина 12, кв 4", "Самарканд микрорайон, Гагарина 12, кв 4"),
        ("Samarqand massiv, 40-uy 7-xonadon", "Samarqand massiv, 40-uy 7-xonadon"),
    ],
)
async def test_a_town_that_goods_are_called_by(db: database.Tx, tmp_path: Path, where: str, kept: str) -> None:
    told, _ = await said_in(db, tmp_path, "qalpoq", "qora beret bitta olaman", f"{where}. 90 045 11 08")
    assert kept in told
    assert "18 000" in told


@pytest.mark.parametrize(
    "said",
    [
        "aytgancha o'sha zakazga bitta bej beret ham solib yuboring",
        "и ещё в тот же заказ добавьте бежевый берет",
        "please add one beige beret to the same order",
    ],
)
async def test_into_an_order_is_not_once_more(db: database.Tx, tmp_path: Path, said: str) -> None:
    ordered = ("qora beret bitta olaman", "Samarqand, Mikrorayon 5, 18-kv. 90 045 11 08", "ha")
    cart = await cart_of(db, tmp_path, "qalpoq", *ordered, said)
    assert cart == [("QP-05", "bej", 1), ("QP-05", "qora", 1)]


async def test_for_so_many_is_no_price(db: database.Tx, tmp_path: Path) -> None:
    told, _ = await said_in(db, tmp_path, "asal", "мыло медовое сколько стоит", "а за 10?")
    assert "фиксированные" not in told


# ---- numbers with words that name something else ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "cart"),
    [
        ("hammom", ["веник берёзовый почем", "три штучки возьму"], [("HM-26", "", 3)]),
        ("hammom", ["тапочки одноразовые белые по чем?", "а если 50 пар взять"], []),
        ("hammom", ["веник берёзовый почём?", "а если 10 штук взять", "беру 12"], [("HM-26", "", 12)]),
        ("isitgich", ["конвектор на 2 киловатта, одну штуку"], [("IS-09", "", 1)]),
        ("isitgich", ["2 kvt konvektor bitta kerak"], [("IS-09", "", 1)]),
    ],
)
async def test_a_unit_names_no_thing(
    db: database.Tx, tmp_path: Path, shop: str, said: list[str], cart: list[tuple[str, str, int]]
) -> None:
    assert await cart_of(db, tmp_path, shop, *said) == cart


def test_a_flat_is_no_kilowatt() -> None:
    assert load().unit(fold_word("кв")) == "" and load().unit(fold_word("кВт")) == "kilovatt"
