"""Messages that cannot be dealt with: how soon they are given up, who hears of it, and how they come back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from bot.inbox.worker import Thought, Worker
from kit import buried, lanes
from kit.db import Pool, Tx, transaction
from kit.errors import Unavailable
from kit.lanes import Held, Row
from kit.message import Chat, Incoming, Media
from tests.queueing import QUICK, answered, hear, idle, message, running, stranded, trail, until


class Poisoned:
    """A turn that fails while it holds `poison`; counts the tries of each message."""

    def __init__(self, poison: str, error: Callable[[], Exception] = lambda: ValueError("poison")) -> None:
        self.poison: str | None = poison
        self.error = error
        self.tries: dict[str, int] = defaultdict(int)
        self.bursts: list[list[str]] = []
        self.buried: list[tuple[str, str]] = []

    async def think(self, held: Held, rows: Sequence[Row]) -> Thought:
        texts = [row.incoming.text for row in rows]
        self.bursts.append(texts)
        for text in texts:
            self.tries[text] += 1
        if self.poison in texts:
            raise self.error()
        return Thought(rows, write=lambda tx: answered(tx, held, rows))

    async def bury(self, _tx: Tx, _held: Held, row: Row, error: str) -> None:
        self.buried.append((row.incoming.text, error))

    def worker(self, pool: Pool) -> Worker:
        return Worker(pool, self.think, self.bury, backoff_s=QUICK)


async def work(pool: Pool, poisoned: Poisoned) -> None:
    async with running(poisoned.worker(pool).run):
        await until(lambda: idle(pool))


async def row(pool: Pool, number: int) -> Any:
    return await pool.fetchrow("SELECT * FROM inbox WHERE shop_id = 'lola' AND event_id = $1", f"5-{number}")


# ---- given up --------------------------------------------------------------------------------------------------------


async def test_poison_in_the_middle_of_an_album(own_db: Pool) -> None:
    """Ten photos of one album, the fifth kills every turn it is in: nine are answered in order, the lane goes on."""
    photo = (Media("photo", "f"),)
    await hear(own_db, *(replace(message("5", number), album="a", media=photo) for number in range(10)))
    poisoned = Poisoned("4")
    async with running(poisoned.worker(own_db).run):
        await until(lambda: idle(own_db))
        await hear(own_db, message("5", 10))
        await until(lambda: idle(own_db))
    assert (await trail(own_db))["telegram:5"] == [0, 1, 2, 3, 5, 6, 7, 8, 9, 10]
    assert poisoned.buried == [("4", "ValueError: poison")]
    assert max(poisoned.tries.values()) <= 5
    assert (await row(own_db, 4))["status"] == 9
    assert await stranded(own_db) == 0


@pytest.mark.parametrize(
    "error",
    [
        lambda: asyncpg.DataError("invalid byte sequence"),
        lambda: Unavailable("the file is gone", permanent=True, code="gone"),
    ],
)
async def test_what_trying_again_cannot_mend_is_given_up_at_once(own_db: Pool, error: Callable[[], Exception]) -> None:
    await hear(own_db, message("5", 1))
    poisoned = Poisoned("1", error)
    await work(own_db, poisoned)
    assert poisoned.tries == {"1": 1}
    assert (await row(own_db, 1))["status"] == 9


async def test_the_permanent_one_of_a_burst_is_found_without_waiting(own_db: Pool) -> None:
    await hear(own_db, *(message("5", number) for number in range(4)))
    poisoned = Poisoned("2", lambda: asyncpg.DataError("no such value"))
    worker = Worker(own_db, poisoned.think, poisoned.bury, backoff_s=(60.0,))
    async with running(worker.run):
        await until(lambda: idle(own_db), 5)
    assert poisoned.bursts == [["0", "1", "2", "3"], ["0"], ["1"], ["2"], ["3"]]
    assert (await trail(own_db))["telegram:5"] == [0, 1, 3]


async def test_an_unavailable_party_is_tried_again(own_db: Pool) -> None:
    await hear(own_db, message("5", 1))
    poisoned = Poisoned("1", lambda: Unavailable("no answer"))
    await work(own_db, poisoned)
    assert poisoned.tries == {"1": 5}


async def test_a_row_that_cannot_be_read_holds_up_nobody(own_db: Pool) -> None:
    """Damaged, or written by a newer version: five tries of its own, then a dead letter, and the next is answered."""
    await hear(own_db, *(message("5", number) for number in range(3)))
    await own_db.execute(
        "UPDATE inbox SET payload = payload || $1 WHERE shop_id = 'lola' AND event_id = '5-1'", {"media": [{"what": 1}]}
    )
    poisoned = Poisoned("nothing")
    await work(own_db, poisoned)
    assert (await trail(own_db))["telegram:5"] == [0, 2]
    assert [text for text, _ in poisoned.buried] == [""]
    dead = await row(own_db, 1)
    assert (dead["status"], dead["attempts"]) == (9, 5)
    assert "cannot be read" in dead["last_error"]


# ---- and back --------------------------------------------------------------------------------------------------------


async def died(pool: Pool) -> tuple[int, Poisoned]:
    """Messages 0 and 2 were answered, 1 is dead; its id, and what killed it."""
    await hear(pool, *(message("5", number) for number in range(3)))
    poisoned = Poisoned("1")
    await work(pool, poisoned)
    [letter] = await buried.dead_letters(pool, "lola", 10)
    assert (letter.key, letter.what, letter.why) == ("telegram:5", "1", "ValueError: poison")
    return int(letter.id[1:]), poisoned


async def revive(pool: Pool, letter: int, shop: str = "lola") -> bool:
    async with transaction(pool) as tx:
        return await buried.revive(tx, shop, letter)


async def test_a_revived_message_is_worked_once_more(own_db: Pool) -> None:
    letter, poisoned = await died(own_db)
    poisoned.poison = None
    assert await revive(own_db, letter)
    assert not await revive(own_db, letter)
    await work(own_db, poisoned)
    assert (await trail(own_db))["telegram:5"] == [0, 2, 1]
    assert await buried.dead_letters(own_db, "lola", 10) == []


async def test_a_revived_message_rings_the_bell(own_db: Pool) -> None:
    letter, poisoned = await died(own_db)
    poisoned.poison = None
    rung: list[object] = []
    async with own_db.acquire() as ear:
        await ear.add_listener(lanes.BELL, lambda *_: rung.append(1))
        await revive(own_db, letter)
        await ear.fetchval("SELECT 1")
        await until(lambda: bool(rung), 2)
        await ear.reset()


async def test_a_revived_message_is_a_turn_of_its_own_behind_those_that_wait(own_db: Pool) -> None:
    letter, poisoned = await died(own_db)
    await hear(own_db, message("5", 3), message("5", 4))
    assert await revive(own_db, letter)
    await hear(own_db, message("5", 5), message("5", 6))
    poisoned.bursts.clear()
    poisoned.tries.clear()
    await work(own_db, poisoned)
    assert poisoned.bursts[0] == ["3", "4"]
    assert poisoned.bursts[1:6] == [["1"]] * 5  # still poison: it takes nobody along
    assert poisoned.bursts[6:] == [["5", "6"]]
    assert (await trail(own_db))["telegram:5"] == [0, 2, 3, 4, 5, 6]


async def test_a_message_revived_while_its_lane_is_held_is_not_stranded(own_db: Pool) -> None:
    letter, _ = await died(own_db)
    await hear(own_db, message("5", 3))
    [held] = await lanes.claim(own_db, 1, 5)
    rows = await lanes.waiting(own_db, held)
    assert await revive(own_db, letter)
    async with transaction(own_db) as tx:
        await lanes.fence(tx, held)
        await lanes.settle(tx, held, [one.id for one in rows])
    assert await lanes.release(own_db, held) is True
    assert await stranded(own_db) == 0


async def test_a_message_revived_while_its_lane_waits_to_try_again_does_not_hasten_it(own_db: Pool) -> None:
    letter, _ = await died(own_db)
    await hear(own_db, message("5", 3))
    [held] = await lanes.claim(own_db, 1, 5)
    rows = await lanes.waiting(own_db, held)
    async with transaction(own_db) as tx:
        await lanes.fence(tx, held)
        await lanes.retry(tx, held, [one.id for one in rows], "not yet", 60)
    assert await revive(own_db, letter)
    assert await lanes.claim(own_db, 1, 5) == []
    assert (await lanes.next_due(own_db) or 0) > 50


async def test_another_shop_revives_and_skips_nothing(own_db: Pool) -> None:
    letter, _ = await died(own_db)
    assert not await revive(own_db, letter, "boshqa")
    async with transaction(own_db) as tx:
        assert not await buried.skip(tx, "boshqa", letter)
        assert await buried.skip(tx, "lola", letter)
        assert not await buried.skip(tx, "lola", letter)
    assert not await revive(own_db, letter)
    assert (await row(own_db, 1))["status"] == 8


async def test_the_same_event_delivered_again_does_not_wake_a_dead_one(own_db: Pool) -> None:
    await died(own_db)
    assert await hear(own_db, message("5", 1)) == 0
    assert (await row(own_db, 1))["status"] == 9


async def test_only_the_shops_own_letters_newest_first(own_db: Pool) -> None:
    await hear(own_db, *(message(str(chat), 1) for chat in range(5)))
    await hear(own_db, Incoming(Chat("boshqa", "telegram", "9"), "9-1", "9", text="1"))
    await work_all_dead(own_db)
    found = await buried.dead_letters(own_db, "lola", 3)
    assert [letter.key for letter in found] == ["telegram:4", "telegram:3", "telegram:2"]
    assert len(await buried.dead_letters(own_db, "boshqa", 10)) == 1


async def work_all_dead(pool: Pool) -> None:
    async with running(Poisoned("1", lambda: asyncpg.DataError("no")).worker(pool).run):
        await until(lambda: _all_dead(pool))


async def _all_dead(pool: Pool) -> bool:
    return not await pool.fetchval("SELECT count(*) FROM inbox WHERE status <> 9 AND shop_id <> ''")


# ---- what is counted -------------------------------------------------------------------------------------------------


async def test_turns_are_counted_by_how_they_ended(own_db: Pool) -> None:
    counted: list[str] = []
    poisoned = Poisoned("1", lambda: asyncpg.DataError("no"))
    await hear(own_db, message("5", 1), message("6", 2))
    worker = Worker(own_db, poisoned.think, counted=lambda outcome, _s: counted.append(outcome))
    async with running(worker.run):
        await until(lambda: idle(own_db))
        await until(lambda: len(counted) == 2)
    assert sorted(counted) == ["done", "failed"]
