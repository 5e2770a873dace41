"""A short world in the suite: a few kills amid a few dozen conversations, and one race for the last pieces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kit.db import open_pool
from tests.world.people import Tally
from tests.world.plan import Plan
from tests.world.race import crowd, race
from tests.world.report import lines
from tests.world.shops import shops_of
from tests.world.world import Result, Size, run


@pytest.mark.parametrize(
    ("kills", "messages", "orders", "minutes"),
    [(1, 30, 2, 0.05), pytest.param(3, 60, 4, 0.15, marks=pytest.mark.slow)],
    ids=["short", "longer"],
)
async def test_a_few_kills_amid_a_few_people_break_no_invariant(
    tmp_path: Path, kills: int, messages: int, orders: int, minutes: float
) -> None:
    # one process: starting three costs most of a short run
    how: dict[str, Any] = {"workers": 0, "others": False, "think_s": 0.3, "patience_s": 4, "most_pause_s": 1.0}
    result = await run(tmp_path, Size(11, kills, messages, orders, minutes=minutes, at_once=25, **how))
    assert result.wrong == 0, json.dumps(result.violations, indent=1, ensure_ascii=False)
    assert result.seen["I1 acked events"] > 15 and result.seen["I9 said"] > 15, result.figures
    assert result.figures["unacknowledged"] == 0, result.figures


async def test_two_hundred_buyers_of_ten_pieces_and_many_who_regret(db_url: str) -> None:
    pool = await open_pool(db_url, 30)
    outcome = await race(pool, 5)
    await pool.close()
    assert outcome.wrong == []
    assert (outcome.sold, outcome.left) == (10, 0)


def test_a_seed_is_the_same_plan_each_time() -> None:
    for seed in (1, 2):
        assert [*crowd(seed)] == [*crowd(seed)]
        assert shops_of(seed, ("polling", "webhook")) == shops_of(seed, ("polling", "webhook"))
        fates = [Plan(seed).fault("sendMessage", number) for number in range(3000)]
        assert fates == [Plan(seed).fault("sendMessage", number) for number in range(3000)]
        assert {fate.kind for fate in fates if fate} == {"drop", "cut", "refuse", "page", "hang"}
    assert [*crowd(1)] != [*crowd(2)]
    assert shops_of(1, ("polling",)) != shops_of(2, ("polling",))


def test_a_calm_plan_does_nothing() -> None:
    calm = Plan(1, trouble=0.0)
    assert not any(calm.fault("sendMessage", number) or calm.copies(number) != [0.0] for number in range(500))


def test_the_table_names_what_was_violated_and_sets_the_peer_beside_us() -> None:
    found = {"I1 acked once": ["x was acknowledged and is nowhere"], "I2 all ended": [], "I9 said once": []}
    result = Result(Size(1), found, {"messages": 40, "process_kills": 3, "ready_s": {"max": 2.5}})
    result.seen.update({"I1 acked events": 40, "I9 said": 50, "I9 said twice": 2})
    result.beside = {"messages": 40, "kills": 3, "unanswered": 7, "refused": 2, "again": 0}
    table = [line.split() for line in lines(result)]
    assert ["I1", "acked", "once", "1", "40", "acked", "events"] in table
    assert ["x", "was", "acknowledged", "and", "is", "nowhere"] in table
    assert ["ready", "s,", "max", "2.5"] in table
    assert ["messages", "lost", "1", "7"] in table and ["said", "again", "2", "0"] in table
    assert result.wrong == 1


def test_who_stands_beside_hears_of_every_message() -> None:
    heard: list[str] = []
    tally = Tally(beside=heard.append)
    for who in ("telegram:1", "instagram:2"):
        tally.wrote(who)
    assert (tally.messages, heard) == (2, ["telegram:1", "instagram:2"])
