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
from kit import db as database
from kit import embedded
from tests.fakes.openai import tools
from tests.llm_room import Room, room
from tests.talking import shopper

PATIENCE_S = 0.4  # the product waits 6 s; the road is the same

# name -> (the fault, how the failure is called)
FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "hangs for a minute": ({"kind": "hang", "seconds": 60}, "timeout"),
    "goes silent in the middle": ({"kind": "stall", "seconds": 60}, "timeout"),
    "too many requests": ({"kind": "refuse", "status": 429}, "429"),
    "too many requests, come later": ({"kind": "refuse", "status": 429, "retry_after": 60}, "429"),
    "its own failure": ({"kind": "refuse", "status": 500}, "500"),
    "a bad gateway's page": ({"kind": "page", "status": 502}, "502"),
    "overloaded": ({"kind": "refuse", "status": 503}, "503"),
    "no credit": ({"kind": "refuse", "status": 402}, "402"),
    "a refused key": ({"kind": "refuse", "status": 401}, "401"),
    "moderated": ({"kind": "refuse", "status": 403}, "403"),
    "no such model": ({"kind": "refuse", "status": 404}, "404"),
    "a bad request": ({"kind": "refuse", "status": 400}, "400"),
    "an error with status 200": ({"kind": "error_body", "status": 502}, "502"),
    "an error in the stream": ({"kind": "error_chunk", "status": 503}, "503"),
    "garbage": ({"kind": "garbage"}, "garbage"),
    "JSON of another world": ({"kind": "odd"}, "garbage"),
    "a page with status 200": ({"kind": "text"}, "garbage"),
    "an empty stream": ({"kind": "nothing"}, "empty"),
    "an empty message": ({"kind": "nothing", "headers": {"chunks": "1"}}, "empty"),
    "a megabyte": ({"kind": "huge"}, "too_long"),
    "a cut stream": ({"kind": "torn"}, "connection"),
    "a cut connection": ({"kind": "cut"}, "connection"),
}


SHAPED = ("no credit", "too many requests", "a bad request", "an error with status 200", "an error in the stream")
CASES = [("openai", name) for name in FAULTS] + [("gemini", name) for name in SHAPED]


@pytest.fixture
async def pool(engines: embedded.Engines) -> AsyncIterator[database.Pool]:
    """The budget's own connections, as in the product: beside those of the turn."""
    opened = await database.open_pool(engines.database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def here(db: database.Tx, pool: database.Pool, tmp_path: Path) -> AsyncIterator[Room]:
    async with room(db, pool, tmp_path, patience_s=PATIENCE_S) as made:
        yield made


@pytest.mark.parametrize(("style", "name"), CASES)
async def test_the_rules_answer_in_the_same_turn(
    db: database.Tx, pool: database.Pool, tmp_path: Path, name: str, style: str
) -> None:
    how, called = FAULTS[name]
    patience_s = PATIENCE_S if called == "timeout" else 6.0  # on a busy machine no other fault may look like this one
    async with room(db, pool, tmp_path, style, patience_s=patience_s) as here:
        here.model.fail(method="chat", **how)
        said, seconds = await here.timed("qora kepka bitta olaman")
        assert "kepka" in said.lower() and seconds < patience_s + 2
        assert len(here.me.messages) == len(set(here.me.messages)) <= 2
        assert [(line.sku, line.qty) for line in (await here.me.play.cart()).lines] == [("LS-502", 1)]
        assert here.counted(f'sotuv_errors_total{{where="llm:{called}"}}') == 1
        assert len(here.model.bodies) == 1


@pytest.mark.parametrize("name", ["hangs for a minute", "its own failure", "garbage", "a cut stream", "a megabyte"])
async def test_what_tools_did_before_the_failure_is_not_done_twice(here: Room, name: str) -> None:
    here.model.will(
        tools(
            ("add_to_cart", {"sku": "LS-502", "color": "qora", "quantity": 3}),
            ("ask_discount", {"sku": "LS-502"}),
            ("hand_over", {"why": "complaint"}),
        )
    )
    here.model.fail(method="chat", after=1, **FAULTS[name][0])
    said = await here.say("qora kepka bitta olaman")
    assert [(line.sku, line.qty) for line in (await here.me.play.cart()).lines] == [("LS-502", 1)]
    assert said and not (await here.me.contact()).handed_over
    assert await here.me.notices() == [] and len(here.model.bodies) == 2


async def test_a_provider_in_one_piece_that_is_too_long(db: database.Tx, pool: database.Pool, tmp_path: Path) -> None:
    async with room(db, pool, tmp_path, streams=False) as here:
        here.model.fail("huge", "chat")
        assert "69 000" in await here.say("kepka qancha?")
        assert here.counted('sotuv_errors_total{where="llm:too_long"}') == 1


async def test_a_turn_has_an_end_though_the_provider_keeps_talking(
    db: database.Tx, pool: database.Pool, tmp_path: Path
) -> None:
    async with room(db, pool, tmp_path, patience_s=0.5, timeout_s=1.0) as here:
        here.model.fail("stall", "chat", seconds=0.4)
        _, seconds = await here.timed("kepka qancha?")
        assert 0.9 < seconds < 3 and here.counted('sotuv_errors_total{where="llm:timeout"}') == 1


async def test_a_provider_that_is_down_is_left_alone_for_a_while(here: Room) -> None:
    here.model.fail("hang", "chat", seconds=60, times=9)
    for _ in range(5):
        assert "69 000" in await here.say("kepka qancha?")
    assert len(here.model.bodies) == 3  # the other two were answered at once
    assert 20 < here.brain.rest_until - time.monotonic() <= 30
    here.brain.rest_until = 0.0
    here.model.faults.clear()
    here.model.will("Ha, eshitaman?")
    assert "eshitaman" in await here.say("kepka haqida")


@pytest.mark.parametrize(("status", "least"), [(402, 500), (401, 500), (429, 40)])
async def test_what_only_a_person_mends_or_is_asked_for_is_waited_for(here: Room, status: int, least: int) -> None:
    here.model.fail("refuse", "chat", status=status, retry_after=45)
    for _ in range(2):
        assert "69 000" in await here.say("kepka qancha?")
    assert len(here.model.bodies) == 1 and here.brain.rest_until - time.monotonic() > least


async def test_an_address_where_nobody_listens(db: database.Tx, pool: database.Pool, tmp_path: Path) -> None:
    async with room(db, pool, tmp_path, base_url="http://127.0.0.1:9/v1") as here:
        said, seconds = await here.timed("kepka qancha?")
        assert "69 000" in said and seconds < 2


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
