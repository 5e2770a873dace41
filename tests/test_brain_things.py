"""Things called by other words: small ones, words made of words, endings; questions that order nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.intents import met_in
from agent.brain_rules.text import tokens
from kit import db as database
from shop.fold import made_from, stem
from tests.talking import answer, in_cart, shopper_of
from tests.test_search_titles import first, sold

# ---- how things are called -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "of"), [("stolik", "stol"), ("kurtochku", "kurtka"), ("rubashechka", "rubashka"), ("polochnie", "polka")]
)
def test_a_word_made_from_another(said: str, of: str) -> None:
    assert stem(of) in made_from(said)


@pytest.mark.parametrize(
    ("titles", "said"),
    [
        (("Soyabon | Зонт", "Kepka | Кепка"), "зонтик почём"),
        (("Tokcha kronshteyni | Кронштейн для полки", "Parda kronshteyni | Кронштейн для штор"), "полочный кронштейн"),
        (("Omega 3 | Омега 3", "Ayollar vitamini | Витамины для женщин"), "omegadan bormi"),
        (("Jun ip | Пряжа шерстяная", "Tugma | Пуговица"), "iplar bormi"),
        (("Marsala sharbati | Сок «Марсалано»", "Olma sharbati | Сок яблочный"), "marsalan"),
        (("Choynak qopqog'i bilan | Чайник с крышкой", "Termos | Термос"), "choynak"),
    ],
)
def test_a_thing_is_known_by_a_form_of_its_name(titles: tuple[str, ...], said: str) -> None:
    assert first(sold(*titles), said) == titles[0].partition(" | ")[0]


def test_a_thing_with_its_lid_is_no_lid() -> None:
    index = sold("Choynak qopqog'i bilan | Чайник с крышкой", "Choynak qopqog'i | Крышка для чайника")
    assert first(index, "choynak") == "Choynak qopqog'i bilan"
    assert first(index, "qopqoq") == "Choynak qopqog'i"


def test_what_it_is_for_need_not_be_sold() -> None:
    hits = sold("Matras 160 | Матрас 160", "Ko'rpa | Одеяло").find("krovatga matras")
    assert hits[0].sku == "S-0" and hits[0].score > 0.5


def test_an_article_is_written_together() -> None:
    index = sold("Kepka", "Sharf")
    assert [hit.sku for hit in index.find("S 1")] == ["S-1"]
    assert index.find("s        1") == []  # a word between was blanked out


def test_a_thing_is_no_slip_of_a_wish() -> None:
    assert not [one.name for one in met_in(tokens("плюш мато")) if one.name == "more"]


# ---- in a talk -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shop", "said", "fact"),
    [
        ("texno", "simsiz tik changyutgich bitta zaryadda necha daqiqa ishlaydi", "40"),
        ("oyin", "пультли джип битта зарядда неча дақиқа юради", "25"),
        ("velo", "электросамокат x10 на одной зарядке какое расстояние", "45"),
    ],
)
async def test_a_question_with_a_number_orders_nothing(
    db: database.Tx, tmp_path: Path, shop: str, said: str, fact: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    assert fact in await answer(me, said)
    assert await in_cart(me) == []


@pytest.mark.parametrize(
    "said", ["5 ta, 3 ko'k va 2 qora bering", "пять штук, 3 синие и 2 чёрные", "5 pens, 3 blue and 2 black please"]
)
async def test_so_many_in_all_and_how_they_are_shared_out(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "kitob/first.jsonl")
    await answer(me, "sharikli ruchka ko'k nechpul")
    await answer(me, said)
    assert sorted(in_cart_of := await in_cart(me)) == [("KT-12", "ko'k", 3), ("KT-12", "qora", 2)], in_cart_of


@pytest.mark.parametrize(
    ("shop", "said", "total"),
    [
        ("kitob", "sharikli ruchka ko'kidan bitta, qorasidan bitta, jami nechpul", "5 000"),
        ("hijob", "namozlik ko'ylak pushtisidan bitta oqidan bitta hammasi qancha", "390 000"),
    ],
)
async def test_a_sum_is_asked_of_what_is_counted(
    db: database.Tx, tmp_path: Path, shop: str, said: str, total: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    assert total in await answer(me, said)


@pytest.mark.parametrize("said", ["also a black one, so two pens", "yana qorasi ham, jami ikkita"])
async def test_one_more_makes_two_in_all(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "kitob/first.jsonl")
    await answer(me, "bitta ko'k sharikli ruchka olaman")
    await answer(me, said)
    assert sorted(await in_cart(me)) == [("KT-12", "ko'k", 1), ("KT-12", "qora", 1)]


@pytest.mark.parametrize(
    ("shop", "said", "price"),
    [
        ("velo", "tyre tube for a 26 inch wheel, price please", "35 000"),
        ("texno", "do you have an iron with a steam for a shirt, how much", "265 000"),
        ("kofe", "kapuchino chashka + karkade, итого?", "85 000"),
        ("velo", "светящийся самокат детский и звонок, сколько за всё", "328 000"),
    ],
)
async def test_parts_of_a_message(db: database.Tx, tmp_path: Path, shop: str, said: str, price: str) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    assert price in await answer(me, said)


@pytest.mark.parametrize(
    ("shop", "before", "said", "price"),
    [
        ("texno", "how much is the toaster", "and the shiny iron with it, total?", "490 000"),
        ("texno", "сколько стоит тостер", "и хороший удлинитель к нему, сколько всего?", "295 000"),
        ("kofe", "Braziliya 1 kg donli nechpul", "250 talik maydalangani-chi", "75 000"),
        ("kofe", "бразилия килограмм в зернах цена 1 кг", "а 250 молотый?", "75 000"),
    ],
)
async def test_beside_what_is_in_view(
    db: database.Tx, tmp_path: Path, shop: str, before: str, said: str, price: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, before)
    assert price in await answer(me, said)


@pytest.mark.parametrize(
    ("shop", "said"),
    [("texno", "the toaster, is the tray steel"), ("kofe", "glass french press 1 l, does the lid come off")],
)
async def test_a_part_of_the_thing_is_no_other_thing(db: database.Tx, tmp_path: Path, shop: str, said: str) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    assert "do not have" not in await answer(me, said)
