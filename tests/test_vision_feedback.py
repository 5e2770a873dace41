"""A shop's confidence learns from what people choose, and stays careful whatever they choose."""

from __future__ import annotations

import pytest

from kit.db import Tx
from vision.feedback import AS_SHIPPED, LIFT, SHIFTS, SLOPES, Learned, learned, refit, store
from vision.index import BUILTIN
from vision.lay import Evidence
from vision.weigh import EXACT, Candidate, Match, Product, judge


def share(odds: float) -> float:
    return 1 / (1 + 2.718281828**-odds)


async def choose(db: Tx, picture: str, shown: dict[str, float], chosen: str, **other: str) -> None:
    candidates = [Candidate(sku, share(odds), odds) for sku, odds in shown.items()]
    about = {"shop_id": "lola", "model": BUILTIN} | other
    await store(
        db, about["shop_id"], picture=picture, model=about["model"], shown=candidates, chosen=chosen, by="shopper"
    )


async def test_nothing_chosen_changes_nothing(db: Tx) -> None:
    assert await learned(db, "lola", BUILTIN) == AS_SHIPPED and AS_SHIPPED.odds(-0.7) == -0.7
    await choose(db, "p", {"a": 2.0}, "b", shop_id="other")
    await choose(db, "p", {"a": 2.0}, "b", model="older")
    assert await learned(db, "lola", BUILTIN) == AS_SHIPPED


async def test_a_shop_whose_first_guess_is_mostly_wrong_becomes_less_sure(db: Tx) -> None:
    for i in range(20):
        await choose(db, f"p{i}", {"a": 1.0, "b": 0.0}, "b" if i % 4 else "a")
    taught = await learned(db, "lola", BUILTIN)
    assert taught.odds(1.0) < 0.5
    assert (await learned(db, "other", BUILTIN)) == AS_SHIPPED


async def test_people_correct_themselves(db: Tx) -> None:
    await choose(db, "p", {"a": 1.0, "b": 0.0}, "a")
    await choose(db, "p", {"a": 1.0, "b": 0.0}, "b")
    rows = await db.fetch("SELECT sku, chosen FROM photo_feedback WHERE shop_id = 'lola' ORDER BY sku")
    assert [(row["sku"], row["chosen"]) for row in rows] == [("a", False), ("b", True)]


@pytest.mark.parametrize("times", [1, 30, 400])
def test_no_number_of_choices_makes_it_careless_or_blind(times: int) -> None:
    bold, shy = refit([(-1.5, True)] * times), refit([(3.0, False)] * times)
    for one in (bold, shy):
        assert SLOPES[0] <= one.slope <= SLOPES[1] and SHIFTS[0] <= one.shift <= SHIFTS[1]
    for odds in (-4.0, -1.5, 0.0, 2.0):
        assert bold.odds(odds) <= odds + LIFT
    assert shy.odds(8.0) > 1.0  # a copy of the shop's photo is still known


def test_choices_that_agree_with_what_ships_leave_it_alone() -> None:
    judged = [(odds, i < 100 * share(odds)) for odds in (-2.0, -1.0, 0.0, 1.0, 2.0) for i in range(100)]
    taught = refit(judged)
    assert abs(taught.slope - 1) < 0.1 and abs(taught.shift) < 0.1


def test_the_verdict_follows_what_was_learned() -> None:
    seen = [Product("a", 0.9, Evidence(60, 50, 0.5, 3.0, 2.0, 2.0, 0.95, 4.0, 0.95, 0.9, 2.0), 2.0)]
    before = judge(seen)
    assert before.verdict == "exact" and before.candidates[0].confidence > EXACT
    after = judge(seen, Learned(0.5, -3.0))
    assert after.candidates[0].odds == before.candidates[0].odds
    assert after.candidates[0].confidence < before.candidates[0].confidence
    assert judge([]) == Match("none")
