"""Every way in which a provider fails: the rules answer the same turn, once, in time, and nothing was done twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agent import budget
from agent.deltas import Message
from agent.patience import Patience
from bot.staff.cards import Pen
from bot.staff.notices import render
from kit import db as database
from kit import embedded
from kit.message import load_notice
from kit.outbox import STAFF_KEY
from kit.words import say
from tests import falls
from tests.fakes.openai_faults import FAULTS
from tests.llm_room import Room, room
from tests.talking import shopper

PATIENCE_S = 0.4  # the product waits 6 s; the road is the same
SILENT = [name for name, (_, called) in FAULTS.items() if called == "timeout"]
LOUD = [name for name in FAULTS if name not in SILENT]
SHAPED = ["no credit", "too many requests", "moderated", "an error with status 200", "an error in the stream"]


@pytest.fixture
async def pool(engines: embedded.Engines) -> AsyncIterator[database.Pool]:
    """The budget's own connections, as in the product: beside those of the turn."""
    opened = await database.open_pool(engines.database_url)
    yield opened
    await opened.execute("-- all shops: what the brain itself told staff\nDELETE FROM outbox WHERE idem LIKE 'llm:%'")
    await opened.close()


@pytest.fixture
async def here(db: database.Tx, pool: database.Pool, tmp_path: Path) -> AsyncIterator[Room]:
    async with room(db, pool, tmp_path, patience_s=60.0, timeout_s=300.0) as made:  # a busy machine is not silent
        yield made


@pytest.mark.parametrize("step", range(falls.STEPS))
async def test_the_rules_answer_in_the_same_turn_and_nothing_else_stays(here: Room, step: int) -> None:
    rules = await falls.alone(here)
    done = [await falls.fall(here, name, step, rules) for name in LOUD]
    assert [one for one in done if one.wrong] == []


async def test_other_shapes_of_the_same_failures(db: database.Tx, pool: database.Pool, tmp_path: Path) -> None:
    async with room(db, pool, tmp_path, "gemini", streams=False, patience_s=60.0, timeout_s=300.0) as here:
        rules = await falls.alone(here)
        assert [one for name in SHAPED if (one := await falls.fall(here, name, 1, rules)).wrong] == []


@pytest.mark.parametrize("step", [0, 1])
async def test_a_silent_provider_is_not_waited_for(
    db: database.Tx, pool: database.Pool, tmp_path: Path, step: int
) -> None:
    async with room(db, pool, tmp_path, patience_s=PATIENCE_S) as here:
        rules = await falls.alone(here)
        done = [await falls.fall(here, name, step, rules) for name in SILENT]
        assert [one for one in done if one.wrong] == []
        assert max(one.seconds for one in done) < 10 * PATIENCE_S  # and not the minute that it hangs


async def test_a_provider_in_one_piece_that_is_too_long(db: database.Tx, pool: database.Pool, tmp_path: Path) -> None:
    async with room(db, pool, tmp_path, streams=False) as here:
        here.model.fail("huge", "chat")
        assert "69 000" in await here.say("kepka qancha?")
        assert here.counted('sotuv_errors_total{where="llm:too_long"}') == 1


def test_a_turn_is_waited_for_in_all_and_step_by_step() -> None:
    now = 100.0
    patience = Patience(6.0, 20.0, clock=lambda: now)
    assert patience.left(100.0) == 6  # the first request has it all
    now = 102.0
    assert patience.left(100.0) == 4  # what the first left of it
    now = 105.0
    assert patience.left(100.0) == 3  # a model that goes on well has at least half
    now = 118.5
    assert patience.left(100.0) == 1.5  # and an end


def test_after_a_rest_one_turn_tries_for_all() -> None:
    now = 0.0
    patience = Patience(6.0, 20.0, clock=lambda: now)
    for _ in range(3):
        assert patience.may_ask()
        patience.failed("500")
    assert not patience.may_ask()
    now = 31.0
    assert [patience.may_ask() for _ in range(4)] == [True, False, False, False]
    now = 38.0  # that turn was dropped: another tries
    assert [patience.may_ask() for _ in range(2)] == [True, False]
    patience.worked()
    assert patience.may_ask() and patience.may_ask()


async def test_a_provider_that_is_down_is_left_alone_for_a_while(here: Room) -> None:
    here.model.fail("refuse", "chat", status=500, times=9)
    for _ in range(5):
        assert "69 000" in await here.say("kepka qancha?")
    assert len(here.model.bodies) == 3  # the other two were answered at once
    assert 20 < here.brain.patience.rest_until - time.monotonic() <= 30
    here.brain.patience.rest_until = 0.0
    here.model.faults.clear()
    here.model.will("Ha, eshitaman?")
    assert "eshitaman" in await here.say("kepka haqida")


@pytest.mark.parametrize(("status", "least"), [(402, 500), (401, 500), (429, 40)])
async def test_what_only_a_person_mends_or_is_asked_for_is_waited_for(here: Room, status: int, least: int) -> None:
    here.model.fail("refuse", "chat", status=status, retry_after=45)
    for _ in range(2):
        assert "69 000" in await here.say("kepka qancha?")
    assert len(here.model.bodies) == 1 and here.brain.patience.rest_until - time.monotonic() > least


async def test_an_address_where_nobody_listens(db: database.Tx, pool: database.Pool, tmp_path: Path) -> None:
    async with room(db, pool, tmp_path, base_url="http://127.0.0.1:9/v1") as here:
        said, seconds = await here.timed("kepka qancha?")
        assert "69 000" in said and seconds < 5


async def test_a_cancelled_turn_gives_its_tokens_back(db: database.Tx, own_db: database.Pool, tmp_path: Path) -> None:
    async with room(db, own_db, tmp_path) as here:
        here.model.fail("hang", "chat", seconds=60)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.5):
                await here.say("kepka qancha?")
    spent = await own_db.fetchval("SELECT tokens FROM llm_use WHERE shop_id = 'scripted' AND key = ''")
    assert 0 < spent < 6000  # the question may have been read: its price stays, the answer's does not


async def test_a_limit_of_zero_is_a_model_switched_off(db: database.Tx, pool: database.Pool, tmp_path: Path) -> None:
    async with room(db, pool, tmp_path, shop_tokens_a_day=0) as here:
        assert "69 000" in await here.say("kepka qancha?")
        assert here.model.bodies == []


async def test_turns_in_parallel_do_not_pass_the_limit_together(
    db: database.Tx, own_db: database.Pool, tmp_path: Path
) -> None:
    async with shopper(db, tmp_path) as me:
        shop = me.play.stage.shop
    limits = budget.Limits(shopper=10_000, shop=2_500)
    taken = await asyncio.gather(*[budget.take(own_db, shop, f"t:{at}", 1000, limits) for at in range(10)])
    assert sum(one is not None for one in taken) == 2
    for one in taken:
        if one is not None:
            await budget.settle(own_db, one, 10)
    assert await own_db.fetchval("SELECT tokens FROM llm_use WHERE key = '' AND shop_id = 'scripted'") == 20


async def test_yesterdays_conversations_are_forgotten(db: database.Tx, own_db: database.Pool, tmp_path: Path) -> None:
    async with shopper(db, tmp_path) as me:
        shop = me.play.stage.shop
    await own_db.execute(
        "INSERT INTO llm_use (shop_id, day, key, tokens) VALUES ('scripted', '2024-01-01', '', 5), "
        "('scripted', current_date - 2, '', 5), ('scripted', current_date - 2, 'telegram:1', 5)"
    )
    await budget.take(own_db, shop, "telegram:2", 1, budget.Limits(10, 10))
    rows = await own_db.fetch("SELECT key FROM llm_use WHERE shop_id = 'scripted' AND day < current_date ORDER BY key")
    assert [row["key"] for row in rows] == [""]


@pytest.mark.parametrize("chunks", [
    [{"choices": [{"delta": {"content": None, "tool_calls": None}}]}, {"choices": None}, {}],
    [{"choices": [{"message": {"content": [{"type": "text", "text": " ha "}]}}]}],
])  # fmt: skip
def test_odd_pieces_are_put_together(chunks: list[Any]) -> None:
    message = Message()
    for chunk in chunks:
        message.add(chunk)
    assert message.text in ("", "ha") and message.calls == [] and "tool_calls" not in message.echo()


def test_what_is_unknown_goes_back_as_it_came() -> None:
    message = Message()
    extra = {"google": {"thought_signature": "abc"}}
    call = {"index": 0, "id": "", "function": {"name": "faq", "arguments": '{"a":'}, "extra_content": extra}
    message.add({"choices": [{"delta": {"role": "assistant", "tool_calls": [call], "reasoning_details": [{"x": 1}]}}]})
    message.add({"choices": [{"delta": {"tool_calls": [{"index": 0, "function": {"arguments": "1}"}}]}}]})
    message.add({"choices": [{"delta": {"tool_calls": [{**call, "function": {"name": "faq", "arguments": "{}"}}]}}]})
    said = message.echo()
    assert [one["function"]["arguments"] for one in said["tool_calls"]] == ['{"a":1}', "{}"]
    assert all(one["extra_content"] == extra and one["id"] for one in said["tool_calls"])
    assert said["reasoning_details"] == [{"x": 1}]


@pytest.mark.parametrize(
    ("status", "key"), [(401, "staff.llm_key"), (402, "staff.llm_credit"), (404, "staff.llm_model")]
)
async def test_staff_hear_once_what_a_person_has_to_mend(
    db: database.Tx, own_db: database.Pool, tmp_path: Path, status: int, key: str
) -> None:
    async with room(db, own_db, tmp_path) as here:
        for _ in range(3):  # a turn, then two after the rest
            here.model.fail("refuse", "chat", status=status)
            assert "69 000" in await here.say("kepka qancha?")
            here.fresh()
        shop = here.me.play.stage.shop
    [row] = await own_db.fetch("SELECT payload, key FROM outbox WHERE shop_id = 'scripted'")
    assert row["key"] == STAFF_KEY
    async with own_db.acquire() as reader:
        card = await render(reader, Pen(shop, "uz"), load_notice(row["payload"]))
    assert card.text == say("uz", key)


async def test_the_connections_are_closed_at_the_end(here: Room) -> None:
    here.model.will("Ha?")
    await here.say("kepka haqida")
    await here.brain.close()
    assert "69 000" in await here.say("kepka qancha?")  # the rules, should a turn still run
