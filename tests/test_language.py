"""Script and language of what people type, and how long to wait for the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from agent.language import detect, wait_ms
from kit.config import TurnConfig
from kit.db import Tx
from kit.message import Chat, Incoming, Media, SharedContact
from tests.talking import Shopper, shopper

PHRASES = Path(__file__).parent / "language_phrases.yaml"
SAID = [
    ("Assalomu alaykum, shu telefon g'ilofi bormi", "uz"),
    ("bu qancha turadi", "uz"),
    ("нархи канча буни", "uz_Cyrl"),
    ("Бу кремнинг нархи қанча?", "uz_Cyrl"),
    ("салом велосипед борми болага", "uz_Cyrl"),
    ("йук керакмас", "uz_Cyrl"),
    ("Сколько стоит сыворотка для лица?", "ru"),
    ("есть в наличии", "ru"),
    ("почем наушники", "ru"),
    ("skolko stoit", "ru"),
    ("How much is the blender?", "en"),
    ("I'll take two of them", "en"),
    ("Do you deliver to Samarkand?", "en"),
    ("qora чехол bormi", "uz"),
    ("здрасте крем есть? qancha", "ru"),
    ("pampers 4 razmer bormi, доставка", "uz"),
    ("Galaxy Buds Pro wireless earphones", "en"),
    ("olaman bitta", "uz"),
]


@pytest.mark.parametrize(("text", "language"), SAID)
def test_first_message(text: str, language: str) -> None:
    assert detect(text) == language


def _phrases(part: str) -> Iterator[tuple[str, str, str]]:
    """(text, last language, language) of every phrase of one part of the file."""
    told = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    for language, texts in told[f"{part}first"].items():
        yield from ((text, "", language) for text in texts)
    yield from ((text, last, language) for last, text, language in told[f"{part}later"])


@pytest.mark.parametrize(("part", "least"), [("", 0.99), ("second_", 0.97)])
def test_phrases_of_many_shops(part: str, least: float) -> None:
    phrases = list(_phrases(part))
    wrong = [(text, language, found) for text, last, language in phrases if (found := detect(text, last)) != language]
    assert len(phrases) > 90 and len(wrong) <= (1 - least) * len(phrases), wrong


@pytest.mark.parametrize("text", ["ok", "👍", "90 123 45 67", "", "2", "спасибо", "XL", "Samsung A54", "да"])
def test_what_says_nothing_keeps_the_language(text: str) -> None:
    assert detect(text, "uz") == "uz"
    assert detect(text, "en") == "en"


@pytest.mark.parametrize(("text", "last", "language"), [
    ("а сколько будет доставка в Самарканд?", "uz", "ru"),
    ("yetkazib berish qancha", "ru", "uz"),
    ("етказиб бериш канча", "ru", "uz_Cyrl"),
    ("can you deliver it today please", "uz", "en"),
])  # fmt: skip
def test_a_clear_message_switches(text: str, last: str, language: str) -> None:
    assert detect(text, last) == language


def wait(text: str = "", awaiting: str = "", **parts: object) -> int:
    chat = Chat("lola", "telegram", "1")
    return wait_ms(Incoming(chat, "e", text=text, **parts), awaiting, TurnConfig())  # type: ignore[arg-type]


def test_buttons_contacts_and_confirmations_never_wait() -> None:
    assert wait(kind="button", button="b:yes:1") == 0
    assert wait("/start", kind="command") == 0
    assert wait(contact=SharedContact("+998900000000")) == 0
    assert wait("ha", "confirm") == wait("Да!", "confirm") == wait("👍", "confirm") == wait("хўп", "confirm") == 0


@pytest.mark.parametrize(
    "text", ["narxi qancha", "сколько стоит", "is it in stock?", "90 123 45 67", "bormi", "krem kerak"]
)
def test_a_request_is_answered_soon(text: str) -> None:
    assert wait(text) == 800


@pytest.mark.parametrize("text", ["Salom", "здравствуйте", "krem", "37", "👋", ""])
def test_a_beginning_waits(text: str) -> None:
    assert wait(text) == 3500


def test_photos_wait_for_their_words_and_their_album() -> None:
    photo = (Media("photo", "x"),)
    assert wait(media=photo) == 3500
    assert wait(media=photo, album="7") == 1200
    assert wait("narxi?", media=photo) == 800


def test_an_answer_to_our_question_is_complete() -> None:
    assert wait("qora", "color") == 800


# ---- a conversation --------------------------------------------------------------------------------------------------


@pytest.fixture
async def me(db: Tx, tmp_path: Path) -> AsyncIterator[Shopper]:
    async with shopper(db, tmp_path) as one:
        yield one


async def test_start_offers_the_languages_the_shop_speaks(me: Shopper) -> None:
    labels = ("Oʻzbekcha", "Ўзбекча", "Русский", "English")
    said = await me.command("/start")
    assert all(label in said for label in labels)
    shop = me.play.stage.shop
    about = shop.profile.shop.model_copy(update={"languages": ["uz", "ru"]})
    me.play.stage.shop = replace(shop, profile=shop.profile.model_copy(update={"shop": about}))
    said = await me.command("/lang")
    assert [label for label in labels if label in said] == ["Oʻzbekcha", "Русский"]


async def test_the_last_clear_language_rules(me: Shopper) -> None:
    for said, language in [
        ("qora kepka bormi", "uz"), ("чёрный", "uz"), ("ок", "uz"), ("а сколько стоит доставка?", "ru"),
        ("Chilonzor 9-kvartal, 14-uy", "ru"), ("ertaga", "ru"), ("етказиб бериш канча туради", "uz_Cyrl"),
        ("👍", "uz_Cyrl"), ("do you have it in red?", "en"),
    ]:  # fmt: skip
        await me.say(said)
        assert (await me.contact()).language == language, said


async def test_a_language_chosen_by_button_stays_until_another_is_clear(me: Shopper) -> None:
    await me.press("b:lang:ru")
    for said, language in [("90 123 45 67", "ru"), ("Aziz Karimov", "ru"), ("rahmat", "ru"), ("narxi qancha", "uz")]:
        await me.say(said)
        assert (await me.contact()).language == language, said
