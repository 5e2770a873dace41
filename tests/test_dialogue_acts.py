"""Dialogue acts heard by examples: new sayings of each act in every language; what is harmless is taken for none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from agent.brain_rules.dialogue_acts import (
    WEIGHTS,
    acts,
    asks_ahead,
    complains,
    heard_as,
    sounds,
    unless_unheard,
    unlisted,
)
from agent.brain_rules.intents import met_in, wants_of
from agent.brain_rules.text import tokens
from bench import learn
from kit import db as database
from shop.fold import fold
from tests.talking import answer, said_in, shopper_of

DIALOGUES = Path(__file__).parent / "dialogues"
OTHERS = (DIALOGUES.parent / "language_phrases.yaml", DIALOGUES.parent / "marra" / "talks.yaml")
_PLAIN = 4  # words: shorter messages are what everybody writes


def _heard(said: str) -> set[str]:
    """The acts that are heard in a message beside what the word lists find in it."""
    parts = tokens(said)
    wants = wants_of(parts, met_in(parts))
    return unlisted(sounds(parts), wants) | ({"complaint"} if complains(parts, wants) else set())


def _wanted(said: str) -> set[str]:
    parts = tokens(said)
    return wants_of(parts, met_in(parts))


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("complaint", "кофеварка ваша на третьем кофе потекла"),
        ("complaint", "kecha olgan stulimning oyog'i qimirlab qoldi"),
        ("complaint", "кеча олган лампангиз бир соат ёнмади"),
        ("complaint", "the blender i bought from you smells burnt"),
        ("person", "мне бы с живым консультантом поговорить"),
        ("person", "katta odam bilan gaplashsam bo'ladimi, mashina emas"),
        ("person", "i'd rather talk to somebody real"),
        ("service", "шкаф вы сами собираете или звать кого-то"),
        ("service", "eskisini olib yangisiga almashtirib berasizlarmi ustiga pul qo'shsam"),
        ("delivery", "а до Бухары как довезёте"),
        ("delivery", "bizning qishloqqayam obborasizlarmi"),
        ("delivery_time", "if i order now will it be here by evening"),
        ("later", "посоветуюсь с мужем и отпишусь"),
        ("later", "oylik chiqsin keyin gaplashamiz"),
        ("later", "let me measure the wall first, i'll be back"),
        ("haggle", "ikkita olaman, sal insof qilinglar endi"),
        ("status", "где мой заказ, неделю назад оформляла"),
        ("returns", "не подойдёт если, обратно примете"),
        ("hours", "в воскресенье вы открыты"),
        ("location", "do'koningiz qaysi bozorning yonida"),
        ("pickup", "сама заскочу после работы заберу"),
        ("cancel", "передумал, снимите мой заказ"),
    ],
)
def test_a_new_saying_is_heard(act: str, said: str) -> None:
    assert act in _heard(said) | _wanted(said)


@pytest.mark.parametrize(
    "said",
    [
        "oxiri 64 ekan, 46 deb yozibman",
        "у соседки такой же сломался, есть ещё?",
        "ikkitasi yetmas ekan, to'rtta qiling",
        "что крепче, дуб или бук?",
        "the old one broke, so i need a new kettle",
        "всё пришло, спасибо, ещё две хочу",
        "keldi, zo'r ekan, yana o'shandan bering",
        "чашка не бьётся?",
        "sinmaydigan laganlar bormi",
        "Navoiy ko'chasi 14, 2-qavat",
        "битта заказ қиламан",
        "to'q ko'kidan 44 razmer bering",
        "не отправляйте до субботы",
        "menga tezroq yuboringiz, ertaga kerak",
    ],
)
def test_harmless_words_are_no_complaint_and_cancel_nothing(said: str) -> None:
    assert _heard(said).isdisjoint({"complaint", "cancel", "person"})


@pytest.mark.parametrize(
    ("name", "said", "kept"),
    [
        ("complaint", "uch shoxli qandil bormi, narxi qancha", False),
        ("complaint", "4 протектора на углы стола белые", False),
        ("complaint", "kecha olgan dazmolim ishlamay qoldi", True),
        ("complaint", "привезли разбитую вазу", True),
        ("person", "директору нашему на подарок часы", False),
        ("person", "5 ta bloknot, xodimlarimizga sovg'a", False),
        ("person", "direktoringiz bilan gaplashmoqchiman", True),
        ("installments", "choynak yo'lda bo'lib sinibdi", False),
        ("installments", "bo'lib to'lasa bo'ladimi", True),
    ],
)
def test_a_lone_word_that_nothing_else_sounds_like_is_passed_over(name: str, said: str, kept: bool) -> None:
    parts = tokens(said)
    found = met_in(parts)
    assert not kept or any(one.name == name for one in found)
    assert any(one.name == name for one in unless_unheard(parts, found)) is kept


@pytest.mark.parametrize(
    ("said", "ahead"),
    [
        ("йўлда чил-чил бўлиб синиб қолмайдими бу ваза", True),
        ("не сломается на морозе?", True),
        ("ваза приехала вся разбитая", False),
        ("oyog'i sinib tushdi bir kunda", False),
    ],
)
def test_what_may_happen_is_asked_ahead(said: str, ahead: bool) -> None:
    assert asks_ahead(tokens(said)) is ahead


def test_a_letter_and_a_lone_word_are_not_listened_to() -> None:
    assert sounds(tokens("broken " * 70)) == set() and acts(tokens("broken")) == []
    assert not complains(tokens("bought it yesterday, broken " * 20), set())


def test_the_weights_are_as_new_as_the_sayings() -> None:
    """Otherwise: make learn."""
    with np.load(WEIGHTS) as kept:
        assert str(kept["digest"]) == learn.digest(learn.sayings())


def test_no_saying_is_a_message_of_the_conversations() -> None:
    """What measures the brain must not teach it."""
    files = [*DIALOGUES.glob("*.jsonl"), *DIALOGUES.glob("*/*.jsonl")]
    talks = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    messages = {fold(turn["say"]) for talk in talks for turn in talk["turns"] if turn.get("say")}
    for file in OTHERS:
        messages |= {fold(line.strip(" -\"'")) for line in file.read_text(encoding="utf-8").splitlines()}
    known = {fold(said) for _, said in learn.sayings() if len(said.split()) >= _PLAIN}
    assert not known & messages


@pytest.mark.slow
def test_the_same_sayings_give_the_same_weights(tmp_path: Path) -> None:
    learn.learn(tmp_path / "again.npz", measure=False)
    with np.load(tmp_path / "again.npz") as again, np.load(WEIGHTS) as kept:
        assert np.abs(again["weights"].astype(int) - kept["weights"]).max() <= 1  # the last bit is the machine's
        assert list(again["acts"]) == list(kept["acts"])


@pytest.mark.parametrize(
    ("shop", "said", "told"),
    [
        ("sut", "kecha olgan qatig'ingiz achib ketibdi", "xodim"),
        ("mebel", "стул который вы привезли шатается как пьяный", "сотрудник"),
        ("gul", "the roses you sent yesterday lost all petals by evening", "person"),
    ],
)
async def test_a_complaint_in_new_words_goes_to_a_person(
    db: database.Tx, tmp_path: Path, shop: str, said: str, told: str
) -> None:
    text, held = await said_in(db, tmp_path, shop, said)
    assert told in text.lower() and not held


async def test_what_only_sounds_like_cancelling_takes_a_yes(db: database.Tx, tmp_path: Path) -> None:
    me = await shopper_of(db, tmp_path, "libos/first.jsonl")
    for said in ("вельветовые брюки чёрные 50, беру одни", "Ташкент, Чиланзар 5, дом 3, кв 2", "90 013 45 67", "да"):
        await answer(me, said)
    said = "снимите мой заказ пожалуйста, мы уже купили"
    parts = tokens(said)
    assert "cancel" in heard_as(parts, wants_of(parts, met_in(parts)), ordered=True)
    assert "cancel" not in heard_as(parts, wants_of(parts, met_in(parts)), ordered=False)
    assert "Отменить заказ №1?" in await answer(me, said)
    assert "отмен" in await answer(me, "да")
