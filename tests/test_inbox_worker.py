"""Turns that become stale, are refused, fail, are poisonous or cut off: what is answered then, and what is kept."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from bot.inbox.worker import Thought, Worker
from kit import tasks
from kit.db import Pool, Tx, open_pool
from kit.errors import Refused
from kit.lanes import Held, Row
from shop.audit import note
from tests.queueing import QUICK, Echo, answered, hear, idle, message, running, trail, until

# ---- newer words, refusals, failures ---------------------------------------------------------------------------------


async def test_newer_words_make_an_unsent_answer_stale(own_db: Pool) -> None:
    echo, bursts = Echo(), []

    async def think(held: Held, rows: Sequence[Row]) -> Thought:
        bursts.append([row.incoming.text for row in rows])
        if len(bursts) == 1:
            await hear(own_db, message("5", 2))
        return await echo(held, rows)

    await hear(own_db, message("5", 1))
    async with running(Worker(own_db, think).run):
        await until(lambda: idle(own_db))
    assert bursts == [["1"], ["1", "2"]]
    assert (await trail(own_db))["telegram:5"] == [1, 2]


async def test_who_never_stops_writing_is_answered_after_two_dropped_answers(own_db: Pool) -> None:
    bursts = []

    async def think(held: Held, rows: Sequence[Row]) -> Thought:
        bursts.append([int(row.incoming.text) for row in rows])
        if len(bursts) < 6:
            await hear(own_db, message("5", len(bursts) + 1))
        return Thought(rows, write=lambda tx: answered(tx, held, rows))

    await hear(own_db, message("5", 1))
    async with running(Worker(own_db, think).run):
        await until(lambda: idle(own_db))
    assert bursts == [[1], [1, 2], [1, 2, 3], [4], [4, 5], [4, 5, 6]]
    assert (await trail(own_db))["telegram:5"] == [1, 2, 3, 4, 5, 6]


async def test_an_irrevocable_answer_is_not_dropped(own_db: Pool) -> None:
    bursts = []

    async def think(held: Held, rows: Sequence[Row]) -> Thought:
        bursts.append([row.incoming.text for row in rows])
        if len(bursts) == 1:
            await hear(own_db, message("5", 2))
        return Thought(rows, write=lambda tx: answered(tx, held, rows), irrevocable=True)

    await hear(own_db, message("5", 1))
    async with running(Worker(own_db, think).run):
        await until(lambda: idle(own_db))
    assert bursts == [["1"], ["2"]]


async def test_a_refusal_rolls_back_and_says_why_instead(own_db: Pool) -> None:
    after = []

    async def think(held: Held, rows: Sequence[Row]) -> Thought:
        async def write(tx: Tx) -> None:
            await answered(tx, held, rows)
            raise Refused("order.not_now")

        async def said(tx: Tx) -> None:
            await note(tx, "lola", "agent", "refused", held.key)

        async def done() -> None:
            after.append(held.key)

        return Thought(
            rows, write=write, refused=lambda refused: Thought(rows, write=said, after=done, awaiting=refused.key)
        )

    await hear(own_db, message("5", 1))
    async with running(Worker(own_db, think).run):
        await until(lambda: idle(own_db))
    assert [row["verb"] for row in await own_db.fetch("SELECT verb FROM audit WHERE shop_id = 'lola'")] == ["refused"]
    assert await own_db.fetchval("SELECT awaiting FROM lane WHERE shop_id = 'lola'") == "order.not_now"
    assert after == ["telegram:5"]


async def test_a_poisonous_message_becomes_a_dead_letter_and_the_lane_goes_on(own_db: Pool) -> None:
    buried, tries = [], defaultdict(int)

    async def think(held: Held, rows: Sequence[Row]) -> Thought:
        for row in rows:
            tries[row.incoming.text] += 1
        if any(row.incoming.text == "2" for row in rows):
            raise ValueError("poison")
        return Thought(rows, write=lambda tx: answered(tx, held, rows))

    async def bury(_tx: Tx, _held: Held, row: Row, error: str) -> None:
        buried.append((row.incoming.text, error))

    await hear(own_db, *(message("5", number) for number in range(5)))
    async with running(Worker(own_db, think, bury, backoff_s=QUICK).run):
        await until(lambda: idle(own_db))
    assert (await trail(own_db))["telegram:5"] == [
        0,
        1,
        3,
        4,
    ]  # those that came in the same burst are not buried with it
    assert buried == [("2", "ValueError: poison")]
    row = await own_db.fetchrow(
        "SELECT status, attempts, last_error FROM inbox WHERE shop_id = 'lola' AND event_id = '5-2'"
    )
    assert tuple(row) == (9, 5, "ValueError: poison")
    assert tries["2"] == 5


async def test_new_messages_do_not_hasten_a_failed_turn(own_db: Pool) -> None:
    tried = 0

    async def think(held: Held, rows: Sequence[Row]) -> Thought:
        nonlocal tried
        tried += 1
        if tried == 1:
            raise ValueError("not yet")
        return Thought(rows, write=lambda tx: answered(tx, held, rows))

    await hear(own_db, message("5", 1))
    async with running(Worker(own_db, think, backoff_s=(0.8,)).run):
        await until(lambda: tried == 1)
        await hear(own_db, message("5", 2))
        await asyncio.sleep(0.3)
        assert tried == 1
        await until(lambda: idle(own_db))
    assert (await trail(own_db))["telegram:5"] == [1, 2]


async def test_connections_cut_again_and_again_lose_and_double_nothing(own_db: Pool, db_url: str) -> None:
    """As when PostgreSQL restarts: every session of the pool ends at once, also the one with the lock and the bell."""
    echo = Echo(think_s=0.05)
    cutter = await open_pool(db_url, 1)
    async with running(Worker(own_db, echo, backoff_s=QUICK).run):
        for number in range(8):
            await hear(cutter, *(message(str(chat), number) for chat in range(10)))
            await asyncio.sleep(0.1)
            await cutter.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        await until(lambda: idle(cutter), 20)
    assert all(numbers == list(range(8)) for numbers in (await trail(cutter)).values())
    await cutter.close()


async def test_a_stopped_worker_ends_its_turns(own_db: Pool) -> None:
    echo = Echo(think_s=0.3)
    await hear(own_db, *(message(str(chat), 0) for chat in range(6)))
    stop = asyncio.Event()
    work = tasks.start(Worker(own_db, echo).run(stop), "work")
    await until(lambda: len(echo.busy) == 6)
    stop.set()
    await work
    assert await idle(own_db)
    assert await own_db.fetchval("SELECT count(*) FROM workers") == 0
