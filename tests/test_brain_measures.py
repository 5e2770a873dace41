"""Weights, flavours, pairs and offers: half a kilo, the caramel one, a price within the owner's rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.measure import measured, measures, of_text
from agent.brain_rules.sizes import in_pairs, said_range, same_kind
from agent.brain_rules.text import tokens
from kit import db as database
from shop.fold import fold_word
from shop.places import places_of
from tests.talking import in_cart, shopper_of
from tests.test_brain_breath import sums

# ---- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "measure"),
    [
        ("2 kg", (2000.0, "g")),
        ("yarim kilolikdan", (500.0, "g")),
        ("пол кило", (500.0, "g")),
        ("полкило", (500.0, "g")),
        ("0,5 кг", (500.0, "g")),
        ("500 гр", (500.0, "g")),
        ("half a kilo", (500.0, "g")),
        ("bir yarim litrli", (1500.0, "ml")),
        ("полтора литра", (1500.0, "ml")),
        ("ikki kilolik", (2000.0, "g")),
        ("1,5 metr", (150.0, "sm")),
    ],
)
def test_one_measure_has_many_spellings(said: str, measure: tuple[float, str]) -> None:
    assert [one for _, _, one in measures(tokens(said))] == [measure]


@pytest.mark.parametrize("said", ["5 yoshga", "ikkita", "uy 5", "2 ta", "yarim"])
def test_what_is_no_measure(said: str) -> None:
    assert measures(tokens(said)) == []


def test_a_title_in_grams_is_meant_by_kilos() -> None:
    assert of_text("Guruch lazer 500 g") == {(500.0, "g")}
    assert measured(measures(tokens("yarim kilosidan")), ("Guruch lazer 500 g",)) == (0, 2)
    assert measured(measures(tokens("1 kg")), ("Guruch lazer 500 g",)) is None


@pytest.mark.parametrize(
    ("said", "own"),
    [("карамельный", "karamelli"), ("ореховую", "yong'oqli"), ("vanilla", "vanilli"), ("солёные", "tuzli")],
)
def test_flavours_are_known_in_three_languages(said: str, own: str) -> None:
    assert same_kind(fold_word(said), fold_word(own))
    assert not same_kind(fold_word(said), fold_word("limonli"))


def test_shoes_are_sold_in_pairs_and_mugs_are_not() -> None:
    assert in_pairs("Qishki botinka", "Ботинки зимние") or in_pairs("Krossovka", "Кроссовки")
    assert in_pairs("Yumshoq shippak, juft", "")
    assert not in_pairs("Krujka 300 ml", "Кружка 300 мл")


def test_two_numbers_said_in_a_row_are_one_size() -> None:
    assert said_range(39, 41, ["36-38", "39-41"]) == "39-41"
    assert said_range(39, 42, ["36-38", "39-41"]) == ""


@pytest.mark.parametrize("said", ["Bakhmal district, Usta street 4", "Baxmal tumani Usta kochasi 4"])
def test_districts_are_known_in_english(said: str) -> None:
    assert [place.region for place in places_of(said)] == ["jizzakh"]


# ---- whole turns -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "xom bodomdan yarim kilolik bitta bering",
        "миндаль сырой пол кило один пакет беру",
        "I'll take one half kilo pack of raw almonds",
    ],
)
async def test_a_family_is_told_apart_by_its_measure(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "shirin/first.jsonl")
    await me.say(said)
    assert await in_cart(me) == [("SH-28", "xom", 1)]


async def test_two_goods_by_weight_in_one_breath(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "shirin/first.jsonl")
    await me.say("oq navvotdan 1 kg tuzli keshyudan 2 ta kerak")
    assert sorted(await in_cart(me)) == [("SH-15", "oq", 1), ("SH-33", "tuzli", 2)]


async def test_a_flavour_is_no_colour_and_no_other_thing(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "shirin/first.jsonl")
    await me.say("чизкейк черешневый один, оформляйте")
    assert await in_cart(me) == [("SH-07", "gilosli", 1)]


@pytest.mark.parametrize(
    ("offer", "status"), [("за 660 отдадите? беру", "granted"), ("за 600 отдадите? беру", "asked")]
)
async def test_an_offer_within_the_owner_s_rule_is_taken_and_another_is_staff_s(
    db: database.Tx, tmp_path: Path, offer: str, status: str
) -> None:
    me = await shopper_of(db, tmp_path, "sport/first.jsonl")
    await me.say("разборная гантель в чемодане 20 кг почём")
    said = sums(await me.say(offer))
    kinds = [notice["kind"] for notice in await me.notices()]
    granted = (await me.contact()).offers
    if status == "granted":
        assert "660 000" in said and "haggle" not in kinds
        assert (granted["SP-12"]["price"], granted["SP-12"]["was"]) == (660000, 690000)
        assert await db.fetchval("SELECT actor FROM audit WHERE verb = 'price.granted'") == "rules"
    else:
        assert "haggle" in kinds and not granted
    assert "640 000" not in said  # the lowest price is nobody's to hear


async def test_an_offer_in_millions_reaches_staff_with_its_sum(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "sport/first.jsonl")
    await me.say("velotrenajor nech pul")
    await me.say("3.4 mln ga bering")
    assert [one["facts"]["asked"] for one in await me.notices() if one["kind"] == "haggle"] == [3400000]


async def test_a_letter_orders_what_its_own_sentence_asks_for(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "sport/first.jsonl")
    story = (
        "Добрый вечер, мы переехали в Навои прошлой осенью, дочка ходит на секцию, старый мяч лопнул в первый день. "
    )
    await me.say(story * 3 + "Нужна скакалка, одна штука. " + "Спасибо вам большое, привет всей вашей команде. " * 2)
    assert await in_cart(me) == [("SP-26", "", 1)]


async def test_a_pair_of_shoes_is_one(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "sport/first.jsonl")
    await me.say("футзалки 41 синие, беру пару")
    assert await in_cart(me) == [("SP-05", "41/ko'k", 1)]


async def test_what_the_hall_is_called_is_not_ordered(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "sport/first.jsonl")
    await me.say("zalga voleybol to'pi 2 ta kerak")
    assert await in_cart(me) == [("SP-17", "", 2)]


async def test_a_town_beside_another_question_stays_in_the_address(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "texno/first.jsonl")
    await me.say("фен 1800 один беру")
    said = sums(await me.say("97 084 12 66, Карши, ул. Насаф 4, кв 5. А гарантия есть?"))
    assert "Карши" in (await me.play.cart()).address and "15 000" not in said


@pytest.mark.parametrize(
    "said", ["Sumkani olib qo'ying", "Магазин принимает карты?", "Men oladigan Nike krossovka bormi"]
)
async def test_goods_and_shops_are_nobody_s_name(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "sport/first.jsonl")
    await me.say(said)
    assert not (await me.play.cart()).name


async def test_a_sum_for_several_is_staff_s_to_judge(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "sport/first.jsonl")
    await me.say("krossovka 42 qora va gantel 20 kg chemodanda narxi qancha")
    await me.say("ikkalasini 460 ga bering")
    assert not (await me.contact()).offers


async def test_a_sum_of_seven_digits_keeps_its_millions(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "sport/first.jsonl")
    await me.say("velotrenajor nech pul")
    await me.say("3 450 000 ga bering")
    assert [one["facts"]["asked"] for one in await me.notices() if one["kind"] == "haggle"] == [3450000]
