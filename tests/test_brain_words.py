"""How answers read: numbers grouped, days counted as people do, descriptions in the reader's language, whose sizes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.brain import Line
from agent.brain_rules.speech import Speech
from agent.tools.choice import in_language
from kit import db as database
from kit.phone import shown
from kit.words import say
from shop.colors import named
from tests.talking import Shopper, shopper, to_summary


@pytest.fixture
async def me(db: database.Tx, tmp_path: Path) -> AsyncIterator[Shopper]:
    async with shopper(db, tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("+998970121314", "+998 97 012 13 14"),
        ("+77011234567", "+7 701 123 45 67"),
        ("+14155550123", "+14155550123"),
        ("+9989701213", "+9989701213"),
    ],
)
def test_a_phone_is_read_in_groups(number: str, read: str) -> None:
    assert shown(number) == read


async def test_the_summary_shows_the_phone_in_groups(me: Shopper) -> None:
    assert "+998 90 123 45 67" in await to_summary(me)
    assert (await me.play.cart()).phone == "+998901234567"


@pytest.mark.parametrize(
    ("language", "days", "n", "read"),
    [
        ("ru", "1", 1, "1 день."),
        ("ru", "2-4", 4, "2-4 дня."),
        ("ru", "3-5", 5, "3-5 дней."),
        ("en", "1", 1, "1 day."),
        ("en", "1-2", 2, "1-2 days."),
        ("uz", "2-4", 4, "2-4 kun."),
        ("uz_Cyrl", "1", 1, "1 кун."),
    ],
)
def test_days_are_counted_as_people_do(language: str, days: str, n: int, read: str) -> None:
    assert say(language, "talk.delivery_days", place="", price="", days=days, n=n).endswith(read)


@pytest.mark.parametrize(
    ("said", "price", "other"),
    [
        ("доставка сколько стоит?", "45", "25 000"),
        ("yetkazib berish qancha?", "45", "25 000"),
        ("how much is delivery?", "45", "25 000"),
    ],
)
async def test_delivery_is_priced_for_the_region_that_is_known(me: Shopper, said: str, price: str, other: str) -> None:
    await me.say("qora kepka bitta olaman, 90 123 45 67, Buxoro shahri, Navoiy ko'chasi 5-uy, ismim Nodira")
    for _ in range(2):  # from the cart, then from the order
        answer = (await me.say(said)).replace("\u00a0", " ").split("\n")[0]
        assert price in answer and other not in answer
        await me.say("ha")
    assert len(await me.orders()) == 1


@pytest.mark.parametrize(
    ("text", "language", "read"),
    [
        ("Yumshoq paxta. Мягкий хлопок.", "ru", "Мягкий хлопок."),
        ("Yumshoq paxta. Мягкий хлопок.", "uz", "Yumshoq paxta."),
        ("Yumshoq paxta. Мягкий хлопок.", "en", "Yumshoq paxta."),
        ("UV400. Qora ramka. Чёрная оправа.", "ru", "UV400. Чёрная оправа."),
        ("−25 °C gacha. До −25 °C.", "uz", "−25 °C gacha."),
        ("Faqat paxta.", "ru", "Faqat paxta."),
        ("Suv o'tmaydi, не промокает. Ikki cho'ntak.", "uz", "Suv o'tmaydi. Ikki cho'ntak."),
        ("Suv o'tmaydi, не промокает. Ikki cho'ntak.", "ru", "не промокает."),
        ("Yengil plastik. Пластик ABS.", "uz", "Yengil plastik."),
        ("Юмшоқ пахта. Мягкий хлопок.", "uz_Cyrl", "Юмшоқ пахта. Мягкий хлопок."),
    ],
)
def test_a_description_in_two_languages_is_said_in_the_readers(text: str, language: str, read: str) -> None:
    assert in_language(text, language) == read


async def test_a_price_asked_for_is_answered_with_the_price(me: Shopper) -> None:
    assert "Да, есть" not in await me.say("сколько стоит чёрная кепка?")
    assert "Ha, bor" not in await me.say("bordo sharf qancha turadi")
    assert "Да, есть" in await me.say("чёрная кепка есть?")


async def test_a_material_asked_for_is_told_without_a_yes(me: Shopper) -> None:
    product = me.play.stage.shop.products["LS-504"]
    told = replace(product, description="60% jun. 60% шерсть.")
    me.play.stage.shop.products["LS-504"] = told
    answer = await me.say("бордовый шарф из чего сделан?")
    assert "шерсть" in answer and "jun" not in answer and "Да, есть" not in answer


def test_a_product_and_its_sizes_are_one_message() -> None:
    speech = Speech()
    for title in ("one", "two"):
        speech.say("talk.price", title=title, price=1)
        speech.say("talk.colors", colors=title)
    speech.ask("talk.ask_help")
    keys = [[line.key for line in said.lines] for said in speech.says(first=False)]
    assert keys == [["talk.price", "talk.colors"], ["talk.price", "talk.colors", "talk.ask_help"]]
    assert all(isinstance(line, Line) for said in speech.says(first=True) for line in said.lines)


async def test_of_two_products_the_question_names_its_own(me: Shopper) -> None:
    await me.say("kepka va sharf olaman")
    assert me.messages[-1].split("\n")[-4].startswith(("Kepka", "Sharf")) or "Kepka:" in me.messages[-1]


@pytest.mark.parametrize(
    ("said", "color"),
    [
        ("sarigʻi bormi", "sariq"),
        ("sarig'idan", "sariq"),
        ("sargʻish", "sariq"),
        ("qizgʻish", "qizil"),
        ("қизғиш", "qizil"),
        ("oqidan", "oq"),
        ("оқиш", "oq"),
        ("koʻkimtir", "ko'k"),
        ("qoramtir", "qora"),
        ("красноватую", "qizil"),
        ("yellowish", "sariq"),
    ],
)
def test_colours_are_known_with_their_endings(said: str, color: str) -> None:
    assert [one.color for one in named(said)] == [color]
