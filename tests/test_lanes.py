"""One turn at a time and in order, whatever is killed, late, poisonous or overtaken: several workers at once."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence

import pytest

from bot.inbox.accept import _store
from bot.inbox.worker import Worker
from kit import lanes, tasks
from kit.db import Pool, open_pool, transaction
from kit.errors import Fenced
from kit.lanes import Held, Row
from tests.queueing import (
    AT_ONCE,
    QUICK,
    Echo,
    answered,
    hear,
    idle,
    message,
    running,
    stranded,
    trail,
    until,
)

# ---- order, once, no overlap -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_random_interleavings_of_workers_that_fail_and_die(db_url: str, seed: int) -> None:
    dice = random.Random(seed)
    pools = [await open_pool(db_url) for _ in range(3)]
    chats, count = [str(number) for number in range(12)], 15
    echo = Echo(think_s=0.02, fail=0.05, seed=seed)
    stop = asyncio.Event()

    async def shopper(chat: str) -> None:
        for number in range(count):
            again = message(chat, dice.randrange(number + 1))  # a redelivery of something old, now and then
            await hear(pools[0], message(chat, number), *([again] if dice.random() < 0.2 else []))
            await asyncio.sleep(dice.random() * 0.03)

    async def mortal(pool: Pool) -> None:
        """Workers one after another; each is killed in the middle of its turns, without a goodbye."""
        while not stop.is_set():
            worker = Worker(pool, echo, backoff_s=QUICK, at_once=6)
            life = tasks.start(worker.run(stop), "life")
            await asyncio.wait([life], timeout=0.15 + dice.random() * 0.4)
            if not life.done():
                await kill(worker, life)

    async with asyncio.TaskGroup() as group:
        group.create_task(mortal(pools[1]))
        group.create_task(mortal(pools[2]))
        await asyncio.gather(*(shopper(chat) for chat in chats))
        await until(lambda: idle(pools[0]), 40)
        stop.set()
    found = await trail(pools[0])
    assert {key: numbers for key, numbers in found.items() if numbers != list(range(count))} == {}
    assert len(found) == len(chats)
    assert await stranded(pools[0]) == 0
    for pool in pools:
        pool.terminate()


async def kill(worker: Worker, life: asyncio.Task[None]) -> None:
    """As kill -9 does it: the session and its lock are gone at once, turns stop where they are, no lane is freed."""
    if worker.watch._connection is not None:
        worker.watch._connection.terminate()
    jobs = [life, *worker.busy.values()]
    worker.care = _nothing  # type: ignore[method-assign]
    for job in jobs:
        job.cancel()
    await asyncio.wait(jobs)


async def _nothing(_beats: int) -> None:
    return


async def test_conversations_run_in_parallel_and_none_overlaps(own_db: Pool) -> None:
    echo = Echo(think_s=0.05)
    async with running(Worker(own_db, echo).run), running(Worker(own_db, echo).run):
        for number in range(6):
            await hear(own_db, *(message(str(chat), number) for chat in range(30)))
        await until(lambda: idle(own_db))
    assert all(numbers == list(range(6)) for numbers in (await trail(own_db)).values())
    assert echo.overlaps == 0


async def test_a_burst_is_one_turn(own_db: Pool) -> None:
    echo = Echo()
    await hear(own_db, *(message("5", number) for number in range(10)))
    async with running(Worker(own_db, echo).run):
        await until(lambda: idle(own_db))
    assert echo.bursts == [[str(number) for number in range(10)]]


async def test_a_flood_is_cut_into_turns_of_sixteen(own_db: Pool) -> None:
    echo = Echo()
    await hear(own_db, *(message("5", number) for number in range(40)))
    async with running(Worker(own_db, echo).run):
        await until(lambda: idle(own_db))
    assert [len(burst) for burst in echo.bursts] == [16, 16, 8]


@pytest.mark.slow
async def test_one_who_floods_the_shop_slows_nobody_else(own_db: Pool) -> None:
    echo = Echo(think_s=0.01)
    await asyncio.gather(*(hear(own_db, *(message("0", 100 * batch + n) for n in range(100))) for batch in range(20)))
    took = []
    async with running(Worker(own_db, echo).run):
        await until(lambda: bool(echo.bursts))
        for number in range(20):
            began = time.perf_counter()
            await hear(own_db, message("9", number))
            await until(lambda: _answered(own_db, "telegram:9", number + 1))  # noqa: B023
            took.append(time.perf_counter() - began)
    assert sorted(took)[10] < 0.1  # 20 ms on an idle machine


async def _answered(pool: Pool, key: str, count: int) -> bool:
    return bool(
        await pool.fetchval("SELECT count(*) >= $2 FROM audit WHERE shop_id = 'lola' AND about = $1", key, count)
    )


# ---- the lost wake-up ------------------------------------------------------------------------------------------------


async def lane(pool: Pool) -> tuple[bool, bool]:
    """Whether the lane is due (now or later) and whether somebody holds it."""
    row = await pool.fetchrow(
        "SELECT due_at < 'infinity' AS due, owner IS NOT NULL AS held FROM lane WHERE shop_id = 'lola'"
    )
    assert row is not None
    return row["due"], row["held"]


async def claimed(pool: Pool, worker: int = 1) -> Held:
    [held] = await lanes.claim(pool, worker, 5)
    await lanes.waiting(pool, held)
    return held


async def finish(pool: Pool, held: Held, rows: Sequence[Row]) -> None:
    async with transaction(pool) as tx:
        await lanes.fence(tx, held)
        await lanes.settle(tx, held, [row.id for row in rows])


async def test_a_message_stored_while_the_lane_is_released_is_not_stranded(own_db: Pool) -> None:
    """The store is not committed when the release begins: it must wait for it, and see it."""
    await hear(own_db, message("5", 1))
    held = await claimed(own_db)
    await finish(own_db, held, await lanes.waiting(own_db, held))
    async with own_db.acquire() as storing:
        transaction_ = storing.transaction()
        await transaction_.start()
        await _store(storing, message("5", 2), AT_ONCE, None)
        release = tasks.start(lanes.release(own_db, held), "release")
        done, _ = await asyncio.wait([release], timeout=0.2)
        assert not done  # it waits for the lane's row
        await transaction_.commit()
    assert await release is True
    assert await lane(own_db) == (True, False)
    assert await stranded(own_db) == 0


NAIVE = """
UPDATE lane SET owner = NULL, lease_until = NULL, due_at = CASE WHEN EXISTS (
    SELECT FROM inbox WHERE inbox.shop_id = lane.shop_id AND inbox.key = lane.key AND status = 0) THEN now()
    ELSE 'infinity' END
WHERE shop_id = $1 AND key = $2 AND epoch = $3 AND owner = $4
"""


async def test_looking_for_waiting_messages_at_release_would_strand_one(own_db: Pool) -> None:
    """The interleaving of the test above with the statement one writes first: here it is why we compare `seq`."""
    await hear(own_db, message("5", 1))
    held = await claimed(own_db)
    await finish(own_db, held, await lanes.waiting(own_db, held))
    async with own_db.acquire() as storing:
        transaction_ = storing.transaction()
        await transaction_.start()
        await _store(storing, message("5", 2), AT_ONCE, None)
        naive = tasks.start(own_db.execute(NAIVE, held.shop_id, held.key, held.epoch, held.worker), "naive")
        done, _ = await asyncio.wait([naive], timeout=0.2)
        assert not done
        await transaction_.commit()
    await naive
    assert await stranded(own_db) == 1  # the row was not committed when the statement took its snapshot
    assert await lane(own_db) == (False, False)


async def test_a_message_stored_before_the_release_keeps_the_lane_due(own_db: Pool) -> None:
    await hear(own_db, message("5", 1))
    held = await claimed(own_db)
    await finish(own_db, held, await lanes.waiting(own_db, held))
    held.seen = 1
    await hear(own_db, message("5", 2))
    assert await lanes.release(own_db, held) is True
    assert await lane(own_db) == (True, False)


async def test_a_message_stored_after_the_release_makes_the_lane_due(own_db: Pool) -> None:
    await hear(own_db, message("5", 1))
    held = await claimed(own_db)
    await finish(own_db, held, await lanes.waiting(own_db, held))
    assert await lanes.release(own_db, held) is False
    assert await lane(own_db) == (False, False)
    await hear(own_db, message("5", 2))
    assert await lane(own_db) == (True, False)


async def test_lanes_released_together_keep_what_came_meanwhile(own_db: Pool) -> None:
    """One is quiet, in one somebody went on writing, one is not ours any more, one is locked by who stores in it."""
    for chat in "5678":
        await hear(own_db, message(chat, 1))
    held = sorted(await lanes.claim(own_db, 1, 5), key=lambda one: one.key)
    for one, rows in zip(held, await lanes.waiting_each(own_db, held), strict=True):
        assert [row.incoming.text for row in rows] == ["1"]
        await finish(own_db, one, rows)
    await hear(own_db, message("6", 2))
    await own_db.execute("UPDATE lane SET owner = 2, epoch = epoch + 1 WHERE key = $1", held[2].key)
    async with transaction(own_db) as storing:
        await _store(storing, message("8", 2), AT_ONCE, None)
        assert await asyncio.wait_for(lanes.release_each(own_db, held), 2) == [False, True, None, None]
        alone = tasks.start(lanes.release(own_db, held[3]), "alone")
    assert await alone is True
    assert await lanes.release(own_db, held[2]) is False
    owned = await own_db.fetch("SELECT owner, due_at < 'infinity' AS due FROM lane WHERE shop_id = 'lola' ORDER BY key")
    assert [tuple(row) for row in owned] == [(None, False), (None, True), (2, False), (None, True)]


async def test_a_message_answered_with_the_burst_does_not_make_an_empty_turn(own_db: Pool) -> None:
    """It came after the claim but before the burst was read."""
    await hear(own_db, message("5", 1))
    [held] = await lanes.claim(own_db, 1, 5)
    await hear(own_db, message("5", 2))
    rows = await lanes.waiting(own_db, held)
    assert [row.incoming.text for row in rows] == ["1", "2"]
    await finish(own_db, held, rows)
    assert await lanes.release(own_db, held) is False
    assert await lane(own_db) == (False, False)


# ---- the fence -------------------------------------------------------------------------------------------------------


async def test_a_frozen_worker_that_wakes_up_writes_nothing(own_db: Pool) -> None:
    await hear(own_db, message("5", 1))
    zombie = await claimed(own_db, worker=1)
    rows = await lanes.waiting(own_db, zombie)
    await own_db.execute("UPDATE lane SET lease_until = now() - interval '1 second' WHERE shop_id = 'lola'")
    assert await lanes.free_expired(own_db) == 1
    heir = await claimed(own_db, worker=2)
    with pytest.raises(Fenced):
        async with transaction(own_db) as tx:
            await lanes.fence(tx, zombie)
            await answered(tx, zombie, rows)
    assert await lanes.release(own_db, zombie) is False
    assert (await lane(own_db))[1]  # the heir still holds it
    await lanes.free(own_db, zombie)
    assert (await lane(own_db))[1]
    async with transaction(own_db) as tx:
        await lanes.fence(tx, heir)
    assert await trail(own_db) == {}


async def test_a_claim_whose_answer_was_lost_is_given_back(own_db: Pool) -> None:
    await hear(own_db, message("5", 1), message("6", 1))
    known, forgotten = sorted(await lanes.claim(own_db, 1, 5), key=lambda held: held.key)
    assert await lanes.free_forgotten(own_db, 1, []) == 0  # a moment ago: its answer may be on its way
    await own_db.execute("UPDATE lane SET lease_until = lease_until - interval '6 s' WHERE shop_id = 'lola'")
    assert await lanes.free_forgotten(own_db, 1, [known]) == 1
    assert [held.key for held in await lanes.claim(own_db, 2, 5)] == [forgotten.key]


async def test_leases_are_renewed_only_by_their_holder(own_db: Pool) -> None:
    await hear(own_db, message("5", 1))
    held = await claimed(own_db, worker=1)
    await own_db.execute("UPDATE lane SET lease_until = now() WHERE shop_id = 'lola'")
    await lanes.renew(own_db, [held], 2)
    assert await own_db.fetchval("SELECT lease_until <= now() FROM lane WHERE shop_id = 'lola'")
    await lanes.renew(own_db, [held], 1)
    assert await own_db.fetchval("SELECT lease_until > now() + interval '15 s' FROM lane WHERE shop_id = 'lola'")
