"""Script and language of what people type, and how long to wait for the rest."""

from __future__ import annotations

import pytest

from agent.language import detect, wait_ms
from kit.config import TurnConfig
from kit.message import Chat, Incoming, Media, SharedContact

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
