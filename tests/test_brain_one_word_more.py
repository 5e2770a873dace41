"""A thing that the shop has is found though it is named with a word more: what it is for, what it has, how it works."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import db as database
from shop.catalogue import Product
from shop.search import Search
from shop.search.beside import called
from tests.talking import said_in, shopper_of


@pytest.mark.parametrize(
    ("shop", "said", "price"),
    [
        ("chiroq", "how much is the 3 m extension lead?", "48 000"),
        ("tent", "гилосга қуш тўри керак эди, неча пул", "65 000"),
        ("tish", "Тонометрга розеткадан ишлайдиган адаптер нархи қанча", "62 000"),
        ("bosma", "muzlatgichga magnit o'z rasmim bilan qancha", "12 000"),
        ("bosma", "холодильникка магнит ўзимизни расм билан қанчадан", "12 000"),
        ("bosma", "do you have couple mugs with a heart handle", "98 000"),
        ("bosma", "сколько стоят парные кружки с золотой каёмкой", "98 000"),
        ("moto", "I want a phone holder for the handlebar of my scooter, how much", "95 000"),
        ("hovli", "шлангга пистолет неча пул", "55 000"),
        ("uy", "чайник со свистком для индукционной плиты есть?", "195 000"),
        ("kamera", "на дверь датчик открытия есть? сколько стоит", "55 000"),
        ("charm", "a leather strap for my watch 20 mm with a steel clasp", "90 000"),
    ],
)
async def test_what_is_named_with_a_word_more_is_found(
    db: database.Tx, tmp_path: Path, shop: str, said: str, price: str
) -> None:
    told, _ = await said_in(db, tmp_path, shop, said)
    assert price in told, told


@pytest.mark.parametrize(
    ("shop", "said", "other"),
    [
        ("bosma", "rasmsiz oddiy kepka bormi qora", "Futbolka"),
        ("tish", "Тонометрга розеткадан ишлайдиган адаптер нархи қанча", "isitgich"),
        ("zargar", "uzukka quticha bormi, qizilidan", "280 000"),
        ("tent", "shaterga devor bormi ko'k", "890 000"),
        ("konditer", "подскажите под торт 26 см и кило на 3 какую подложку лучше взять", "Коробка"),
    ],
)
async def test_what_only_tells_of_it_is_no_second_thing(
    db: database.Tx, tmp_path: Path, shop: str, said: str, other: str
) -> None:
    told, _ = await said_in(db, tmp_path, shop, said)
    assert other not in told, told


@pytest.mark.parametrize(
    ("shop", "said"),
    [
        ("chiroq", "do you sell extension ladders?"),
        ("hovli", "шуруповёрт есть?"),
        ("uy", "do you have a vacuum cleaner?"),
        ("kitob", "телефон учун ғилоф борми"),
        ("charm", "do you have leather gloves?"),
        ("rozetka", "чайник электрический есть?"),
        ("kamera", "do you have an ironing board?"),
    ],
)
async def test_what_the_shop_lacks_is_said_to_be_lacking(db: database.Tx, tmp_path: Path, shop: str, said: str) -> None:
    told, _ = await said_in(db, tmp_path, shop, said)
    assert any(one in told for one in ("not have", "could not find", "у нас нет", "не нашлось", "йўқ", "топа")), told


@pytest.mark.parametrize(
    ("shop", "said", "price", "plain"),
    [
        ("bosma", "oq krujkaga rasm chiqarish nechi pul", "45 000", "22 000"),
        ("bosma", "сколько стоит напечатать фото на футболке?", "105 000", " 60 000"),
        ("bosma", "футболкага ўз расмимни чиқартирмоқчиман, қанча", "105 000", " 60 000"),
        ("bosma", "how much is my logo printed on a cap?", "60 000", "35 000"),
        ("bosma", "rasm chiqarish 10x15 nechpul", "2 500", "45 000"),
        ("charm", "сколько стоит выгравировать логотип на кошельке", "60 000", "340 000"),
        ("charm", "hamyonga ism yozdirish necha pul", "25 000", "220 000"),
    ],
)
async def test_work_on_a_thing_is_the_thing_that_comes_with_it(
    db: database.Tx, tmp_path: Path, shop: str, said: str, price: str, plain: str
) -> None:
    told, _ = await said_in(db, tmp_path, shop, said)
    assert price in told and plain not in told, told


@pytest.mark.parametrize(
    ("caption", "told"),
    [
        ("shu rasmimizni yostiqqa chiqarib berasizlarmi, qancha turadi", "95 000"),
        ("можно это фото на кружке напечатать? сколько", "45 000"),
        ("please print this picture on a canvas, how much", "160 000"),
        ("mana shu rasm oldiga tushsin", "operator"),
    ],
)
async def test_a_picture_to_be_printed_is_no_thing_to_be_found(
    db: database.Tx, tmp_path: Path, caption: str, told: str
) -> None:
    me = await shopper_of(db, tmp_path, "bosma/first.jsonl")
    said = (await me.say(photo="unrelated", caption=caption)).replace("\xa0", " ")
    assert told in said and not any(one in said for one in ("topa olmadim", "не нашлось", "could not find")), said


def test_what_a_title_is_called_by() -> None:
    assert called("Magnit 7x10 rasmingiz bilan", "Магнит 7х10 с вашим фото") == {"magnit"}
    assert called("Qushdan himoya to'ri 4x10 m", "Сетка от птиц 4х10 м") == {"tor", "setk"}
    assert called("Oversayz futbolka rasm bilan", "Футболка оверсайз с вашим принтом") == {"futbolk"}


def test_of_things_for_something_that_one_is_meant() -> None:
    remote = Product("A-1", "Motor pulti", 110_000, "UZS", "Пульт для мотора", category="Motor")
    motor = Product("A-2", "Motor parda uchun", 650_000, "UZS", "Мотор для шторы", category="Motor")
    shop = Search([remote, motor])
    assert shop.find("motorga pult")[0].sku == "A-1"
    said = "motorga pult"
    assert [said[a:b] for a, b in shop.core(said)] == ["motorga"]
    assert shop.core("motorga televizor") == []
