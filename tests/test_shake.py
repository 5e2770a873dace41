"""Conversations told in other ways: what a telling may change, and that the agent bears it about as well."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest

from bench.eval_hard import measure
from tests import script, shake

pytestmark = pytest.mark.slow

FEW = ["A012", "A015", "A025", "A046"]


def told(way: str, dialogue_id: str, seed: int = 1) -> tuple[dict[str, Any], dict[str, Any]]:
    """A conversation of the first set, plain and told that way."""
    plain = next(one for one in script.load() if one["id"] == dialogue_id)
    other = json.loads(json.dumps(plain))
    shake.WAYS[way](other, random.Random(seed))
    return plain, other


def said(dialogue: dict[str, Any]) -> str:
    return "\n".join(turn.get("say", "") for turn in dialogue["turns"])


def test_the_other_script_changes_letters_and_no_number() -> None:
    plain, other = told("script", "A059")
    assert not re.search("[a-z]{4}", said(other)) and re.findall(r"\d+", said(plain)) == re.findall(r"\d+", said(other))
    assert other["facts"]["items"][0]["call"].startswith("қора") and other["language"] == "uz-cyrl"
    _, back = told("script", "A004")
    assert not re.search("[а-яё]", said(back), re.I) and "Bitta olaman" in said(back)
    assert shake.to_latin("Ёшлик кўчаси, Эркин Юсупов") == "Yoshlik ko'chasi, Erkin Yusupov"


def test_a_typo_spares_phones_addresses_and_names() -> None:
    for seed in range(20):
        plain, other = told("typos", "A003", seed)
        assert said(other).splitlines()[-1] == said(plain).splitlines()[-1] != ""
        assert said(other) != said(plain) and len(said(other)) - len(said(plain)) in range(-4, 5)


def test_phone_and_address_change_places() -> None:
    plain, other = told("slots", "A003")
    line = said(other).splitlines()[-1]
    assert line.index("Mirzo") < line.index("97 033 44 55") and said(plain) != said(other)
    _, swapped = told("slots", "A002")
    assert [turn["say"][:5] for turn in swapped["turns"][-2:]] == ["доста", "мой н"] or swapped["backwards"]


def test_pieces_come_seconds_apart_and_are_judged_at_the_last() -> None:
    plain, other = told("gaps", "A012")
    first, second = other["turns"][:2]
    assert first == {"say": "Assalomu alaykum", "burst": True} and 2 <= second["gap_s"] <= 5
    assert second["expect"] == plain["turns"][0]["expect"]


def test_the_same_seed_tells_the_same() -> None:
    dialogue = script.load()[0]
    assert shake.shaken(dialogue, 10, 3) == shake.shaken(dialogue, 10, 3) != shake.shaken(dialogue, 10, 4)


async def test_a_few_conversations_are_borne_in_every_way(db_url: str) -> None:
    done = await measure(db_url, "dialogues.jsonl", times=5, seed=7, runs=2, ids=FEW)
    figures = done.figures()
    assert done.same and not figures["grave"] and figures["needless_handovers"] == 0
    assert figures["plain"] == 1 and figures["shaken"] >= 0.9, done.broken
    assert figures["turns_per_burst"] <= 1.2
