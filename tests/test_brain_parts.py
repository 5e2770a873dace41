"""Small and big of one name, packs of so many, what is asked beside an order, another one in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.brain_rules.intents import met_in
from agent.brain_rules.measure import of_its_size
from agent.brain_rules.text import tokens
from agent.tools.choice import in_language
from kit import db as database
from shop.colors import slipped
from shop.lexicon import load
from shop.search.units import quoted, units
from tests.talking import ADDRESS, answer, in_cart, shopper_of
from tests.test_brain_everyday import wants
from tests.test_search_titles import first, sold

# ---- which of a few, and how many ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "sku"),
    [
        ("yostiq jildi mayda 2 ta olaman", "KL-16"),
        ("плед микрофибра маленький, сколько стоит", "KL-32"),
        ("bambuk yostiq kattasidan 1 ta kerak", "KL-19"),
        ("a small microfibre blanket please", "KL-32"),
    ],
)
async def test_the_small_one_by_its_sides(db: database.Tx, tmp_path: Path, said: str, sku: str) -> None:
    me = await shopper_of(db, tmp_path, "kalava/first.jsonl")
    await answer(me, said)
    assert (me.play.session.focus or [one for one, _, _ in await in_cart(me)])[0] == sku


@pytest.mark.parametrize(
    ("said", "pieces"),
    [
        ("3 пачки салфеток тканевых по 6 штук, беру", 3),
        ("two packs of six cloth napkins please", 2),
        ("matoli salfetka 6 tadan 4 quti kerak", 4),
    ],
)
async def test_what_a_pack_holds_is_not_how_many(db: database.Tx, tmp_path: Path, said: str, pieces: int) -> None:
    me = await shopper_of(db, tmp_path, "kalava/first.jsonl")
    await answer(me, said)
    held = await in_cart(me)
    picks = (await me.play.cart()).picks
    assert [one[2] for one in held] + [pick.qty for pick in picks] == [pieces]


@pytest.mark.parametrize(
    ("said", "title", "of_size"),
    [
        ("2 metre", "Karniz 3 m", True),
        ("5 kg", "Guruch 2 kg", True),
        ("10 kilo", "Yong'oq, 1 kg", False),
        ("3 metr", "Klyonka 1 metr", False),
        ("2 dona", "Karniz 3 m", False),
    ],
)
def test_a_measure_says_which(said: str, title: str, of_size: bool) -> None:
    assert of_its_size(tokens(said), 0, 1, (title,)) is of_size


async def test_a_width_beside_two_things_is_no_number_of_them(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "mato/first.jsonl")
    held = await in_cart(me)
    await answer(me, "what size should I get?")
    assert held == await in_cart(me) == []


# ---- asked, and not ordered ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "ordered"),
    [
        ("what length should I get", False),
        ("how many do we need for a room", False),
        ("qaysinisini olay", False),
        ("I should get two of these", True),
        ("can I get two", True),
        ("qizilini olay", True),
        ("хочу взять белую", True),
    ],
)
def test_what_to_take_is_asked(said: str, ordered: bool) -> None:
    assert ("order" in {one.name for one in met_in(tokens(said))}) is ordered


async def test_a_question_beside_the_order_is_answered(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kalava/first.jsonl")
    told = await answer(me, "ortopedik yostiq 1 ta olaman, bo'yni og'rimaydimi ishqilib?")
    assert "Memory foam" in told and [one[0] for one in await in_cart(me)] == ["KL-21"]


async def test_a_denial_in_a_question_takes_nothing_out(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kalava/first.jsonl")
    told = await answer(me, "Скатерть водоотталкивающая 140x180, одну. Пропитка точно не тефлоновая?")
    picks = (await me.play.cart()).picks
    assert "Тефлоновая" in told and [one[0] for one in await in_cart(me)] + [pick.sku for pick in picks] == ["KL-38"]


@pytest.mark.parametrize(
    ("text", "language", "left"),
    [
        ("Suvni o'tkazmaydi, не промокает. Raincoat", "uz", "Suvni o'tkazmaydi. Raincoat"),
        ("Suvni o'tkazmaydi, не промокает.", "ru", "не промокает."),
        ("Eni 2 m, bo'yi 3 m", "ru", "Eni 2 m, bo'yi 3 m"),
    ],
)
def test_a_sentence_of_two_languages(text: str, language: str, left: str) -> None:
    assert in_language(text, language) == left


@pytest.mark.parametrize(
    ("said", "complains"),
    [
        ("gilamning tuki to'kilib yotibdi", True),
        ("kecha olgan yostiqni pati to'kilib yotibdi, bunaqaligini aytmadingiz", True),
        ("вы не предупредили что он такой тонкий", True),
        ("you didn't tell me it sheds", True),
        ("to'kilmaydigan gilam bormi", False),
    ],
)
def test_complaints_of_what_was_bought(said: str, complains: bool) -> None:
    assert ("complaint" in wants(said)) is complains


# ---- what things are called ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ('ковёр "Весна" есть?', "Gilam Bahor"),
        ("gilam «Весна» bormi", "Gilam Bahor"),
        ("tokni soting", "Tok"),
        ("tulni 3 ta qiling", "Tul oq"),
        ("towel gift set in dark blue", "Sochiq to'plami"),
        ("choyshab bolalarga mashinali", "Bolalar choyshabi"),
    ],
)
def test_called_by_an_everyday_or_a_short_word(said: str, title: str) -> None:
    index = sold(
        "Gilam Bahor | Ковёр «Весна»",
        "Gilam Kuz | Ковёр «Осень»",
        "Tul oq | Тюль белый",
        "Tok | Виноград",
        "Sochiq to'plami | Набор полотенец в подарок",
        "Bolalar choyshabi | Простыня детская",
    )
    assert first(index, said) == title


def test_a_word_in_quotes_is_a_name() -> None:
    text = "часы «Город» сколько"
    assert text.index("Город") in quoted(text)
    sold_words = frozenset({"gorod"})
    assert "gorod" in {unit.words[0].key for unit in units(text, load(), sold_words)}
    assert "gorod" not in {unit.words[0].key for unit in units(text.replace("«", ""), load(), sold_words)}


@pytest.mark.parametrize(("said", "color"), [("milk", "sutrang"), ("cream", None), ("mil", None)])
def test_milk_of_what_comes_in_milky(said: str, color: str | None) -> None:
    assert slipped(said, ("oq", "sutrang")) == color


# ---- changed, and told apart -----------------------------------------------------------------------------------------


async def test_another_one_of_the_kind_takes_its_place(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "forma/first.jsonl")
    await answer(me, "блузка с длинным рукавом 134, две штуки беру")
    await answer(me, "блузку сделайте лучше с коротким рукавом")
    assert await in_cart(me) == [("FM-06", "134/oq", 2)]


@pytest.mark.parametrize("said", ["ikkalasidan bittadan olaman", "обе беру", "both please"])
async def test_both_of_the_sizes_that_were_asked_about(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "forma/first.jsonl")
    told = await answer(me, "qizlar bluzkasi uzun yengli 128 va 140 bormi")
    assert "(128" in told and "(140" in told
    await answer(me, said)
    assert sorted(await in_cart(me)) == [("FM-05", "128/oq", 1), ("FM-05", "140/oq", 1)]


@pytest.mark.parametrize("said", ["yubkadan 2 ta bo'lsin, bittasi maktabga", "юбок две, одна на смену"])
async def test_what_one_of_them_is_for(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "forma/first.jsonl")
    await answer(me, "qizlar yubkasi taxlamali qora 140 bitta olaman")
    await answer(me, said)
    assert [one[::2] for one in await in_cart(me)] == [("FM-03", 2)]


async def test_who_receives_tells_no_things_apart(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "forma/first.jsonl")
    await answer(me, "three piece suit, how much?")
    told = await answer(me, "great, one suit. Her aunt will receive it, 90 031 77 24")
    assert "390 000" in told and "430 000" in told and await in_cart(me) == []


@pytest.mark.parametrize(
    "said", ["boys' three piece suit 128 dark blue please", "a three-piece suit for boys, 128, dark blue"]
)
async def test_a_three_piece_suit_is_one(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "forma/first.jsonl")
    await answer(me, said)
    await answer(me, "yes")
    assert await in_cart(me) == [("FM-11", "128/to'q ko'k", 1)]


async def test_the_sum_of_an_order_by_its_goods(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "forma/first.jsonl")
    await answer(me, "qizlar bluzkasi uzun yengli 128, 2 ta olaman")
    await answer(me, "Nukus, Turan ko'chasi 11, 97 015 36 90")
    await answer(me, "ha")
    assert "170 000" in await answer(me, "bluzkalar jami qancha bo'ldi")


@pytest.mark.parametrize(
    "said", ["qizim bo'yi 127 sm, sarafan qaysi razmer tushadi", "рост 126 см, какой размер сарафана подойдёт"]
)
async def test_a_childs_height(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "forma/first.jsonl")
    assert " 128 " in await answer(me, said)


async def test_the_same_list_is_not_shown_for_ever(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kalava/first.jsonl")
    told = [await answer(me, "bambuk yostiq qanaqasi bor") for _ in range(4)]
    assert "xodim" not in told[0].lower() and "xodim" in told[3].lower()


@pytest.mark.parametrize(
    "said",
    ["I want to surprise my aunt in Shahrisabz, she loves towels a lot", "bitta olaman, eskisi yirtilib ketgan"],
)
async def test_a_story_is_no_address(db: database.Tx, tmp_path: Path, said: str) -> None:
    me = await shopper_of(db, tmp_path, "kalava/first.jsonl")
    await answer(me, "bambuk yostiq 50x70 bitta olaman")
    await answer(me, said)
    assert not (await me.play.cart()).address


async def test_a_town_in_english(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "kalava/first.jsonl")
    await answer(me, f"one bamboo pillow 50x70 please. Kitob town, Navoi street 3, {ADDRESS[:12]}")
    assert (await me.play.cart()).address.startswith("Kitob town")
