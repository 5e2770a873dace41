"""Whose chief is spoken of, the size next to the one in view, what stays and what is not taken, names turned round."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.intents import met_in
from agent.brain_rules.next_size import in_order
from agent.brain_rules.roles import unless_own
from agent.brain_rules.text import tokens
from kit import db as database
from shop import colors
from shop.lexicon import load
from tests.talking import answer, in_cart, shopper_of
from tests.test_search_titles import first, sold


def heard(said: str) -> set[str]:
    parts = tokens(said)
    return {one.name for one in unless_own(parts, met_in(parts))}


# ---- whose manager ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "rahmat, boshligʻimga aytaman",
        "раҳмат, раҳбаримизга кўрсатаман",
        "директор попросил портфель",
        "my manager wants two of them",
        "нашему менеджеру понравилось",
    ],
)
def test_a_chief_of_ones_own_is_not_called(said: str) -> None:
    assert not heard(said) & {"person", "connect"}


@pytest.mark.parametrize(
    "said",
    [
        "200 kishilik forma kerak, menejeringiz bilan gaplashsam boʻladimi",
        "хочу чёрный велосипед, можно с менеджером поговорить",
        "can I speak with your sales manager about 20 sinks",
        "20 та стул керак, раҳбарингиз билан гаплашсам",
    ],
)
def test_who_is_to_be_talked_to_is_called_whatever_is_wanted(said: str) -> None:
    assert "connect" in heard(said)


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("ok, let me ask my boss first", True),
        ("давайте, спрошу у жены сначала", True),
        ("direktor bilan kelishib javob beraman", True),
        ("ukamga sovgʻa, bittasini oling", False),
        ("show me something for my wife", False),
    ],
)
def test_who_is_asked_first_puts_it_off(said: str, waits: bool) -> None:
    assert ("later" in heard(said)) is waits and not (waits and heard(said) & {"agree", "order", "haggle"})


async def test_asking_at_home_first_buys_nothing(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kofe/first.jsonl")
    await answer(me, "ручная кофемолка сколько стоит")
    await answer(me, "давайте, спрошу у жены сначала")
    assert await in_cart(me) == []


async def test_a_reason_with_a_chief_in_it_cancels(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "santex/first.jsonl")
    await answer(me, "гранитная мойка бежевая одна, самовывоз, 90 123 45 67")
    assert "№1" in await answer(me, "да")
    assert "отмен" in await answer(me, "извините, отмените заказ, начальник уже купил")


# ---- the size next to it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sizes", "rising"),
    [
        (["L", "S", "M"], ["S", "M", "L"]),
        (["100 l", "30 l", "60 l"], ["30 l", "60 l", "100 l"]),
        (["52-54", "48-50"], ["48-50", "52-54"]),
        (["chap", "oʻng"], []),
        (["1 l", "50 W"], []),
    ],
)
def test_sizes_in_their_order(sizes: list[str], rising: list[str]) -> None:
    assert in_order(sizes) == rising


@pytest.mark.parametrize(
    ("shop", "named", "asked", "size"),
    [
        ("zoo", "akvarium 30 litrlik qancha", "kattaroq bormi", "60 l"),
        ("zoo", "почем аквариум на 60 литров", "а побольше есть?", "100 l"),
        ("zoo", "аквариум 100 литрли борми", "кичикроғи борми", "60 l"),
        ("sumka", "suitcase Safar size M in black, how much?", "do you have it in a bigger size?", "L, "),
        ("parda", "рулонная штора 80 белая сколько", "а поуже есть?", "60, "),
    ],
)
async def test_the_next_size_of_the_thing_in_view(
    db: database.Tx, tmp_path: Path, shop: str, named: str, asked: str, size: str
) -> None:
    me = await shopper_of(db, tmp_path, f"{shop}/first.jsonl")
    await answer(me, named)
    assert f"({size}" in await answer(me, asked)


async def test_the_bigger_one_is_bought_and_none_beyond_the_biggest(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "sumka/first.jsonl")
    await answer(me, "чемодан Сафар M серый 1 шт беру")
    await answer(me, "нет, давайте побольше")
    assert await in_cart(me) == [("KS-01", "L/kulrang", 1)]
    told = await answer(me, "а ещё побольше есть?")
    assert "S, M, L" in told


async def test_a_letter_is_said_aloud(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "sumka/first.jsonl")
    await answer(me, "нужен чемодан Сафар размер эль розовый один")
    assert await in_cart(me) == [("KS-01", "L/pushti", 1)]


# ---- what stays, what is not taken -----------------------------------------------------------------------------------


async def test_what_stays_is_neither_bought_nor_taken_out(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "mebel/first.jsonl")
    await answer(me, "I need three wall shelves 80 cm in white and one floor lamp black")
    told = await answer(me, "only two shelves are enough, the lamp stays")
    assert "720 000" in told and "170 000" not in told


async def test_the_hose_stays_when_the_set_goes(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "santex/first.jsonl")
    await answer(me, "I want a shower hose 2 m")
    await answer(me, "the hose remains, remove the set")
    assert "ST-08" in str(await in_cart(me))


async def test_the_black_one_may_stay_is_taken(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "sumka/first.jsonl")
    await answer(me, "kodli qulf bitta olaman")
    await answer(me, "bel sumka qorasi bo'la qolsin, qulf ham")
    assert ("KS-15", "qora", 1) in await in_cart(me)


@pytest.mark.parametrize(
    "said",
    [
        "шторы блэкаут 2 полотна, не берите бежевые, давайте серые одни",
        "blackout parda 2 qanot bej olmang, kulrangidan bitta oling",
        "блэкаут парда 2 қанот, беж олманг, кулрангидан битта олинг",
    ],
)
async def test_what_is_not_to_be_taken_is_not(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "parda/first.jsonl")
    await answer(me, said)
    assert "kulrang" in str(await in_cart(me)) and "bej" not in str(await in_cart(me))


# ---- names -----------------------------------------------------------------------------------------------------------


def test_an_adjective_behind_its_noun() -> None:
    index = sold("Oq xalat | Халат медицинский", "Hammom xalati | Халат махровый")
    assert first(index, "lab coat") == "Oq xalat"


def test_what_looks_like_a_slip_of_what_is_not_sold() -> None:
    index = sold("Qurilish kaskasi | Каска строительная", "Ish qoʻlqopi | Перчатки рабочие")
    assert first(index, "construction helmets") == "Qurilish kaskasi"
    assert index.find("construction helmets")[0].score > 0.7


@pytest.mark.parametrize("said", ["kaskela", "kaskalani", "taburetkala", "чамадонла"])
def test_many_as_it_is_said_in_tashkent(said: str) -> None:
    assert load().names_goods((tokens(said)[0].key,))


@pytest.mark.parametrize("said", ["купила", "взяла", "была", "хотела"])
def test_a_russian_verb_is_no_such_plural(said: str) -> None:
    assert not load().names_goods((tokens(said)[0].key,))


def test_long_and_short_sleeves() -> None:
    index = sold("Koʻylak uzun yengli | Рубашка с длинным рукавом", "Koʻylak kalta yengli | Рубашка с коротким рукавом")
    assert first(index, "short sleeve shirt") == first(index, "рубашка короткий рукав") == "Koʻylak kalta yengli"
    assert first(index, "long sleeve shirt") == "Koʻylak uzun yengli"


def test_orange_is_no_yellow() -> None:
    assert colors.color_of("оранжевый", ("sariq", "olovrang")) == "olovrang"
    assert colors.color_of("orange", ("sariq", "qora")) is None
