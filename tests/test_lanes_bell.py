"""The bell only hastens: with LISTEN broken in any way a message is worked within two seconds by the poll."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.inbox.worker import Worker
from kit import lanes
from kit.crew import POLL_S
from kit.db import Pool, open_pool
from tests.queueing import Echo, hear, idle, message, running, until

_CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


async def answered_s(pool: Pool, chat: str = "5", number: int = 0) -> float:
    """Seconds from the commit of a message to the end of its turn."""
    await hear(pool, message(chat, number))
    began = time.monotonic()
    await until(lambda: idle(pool), 10)
    return time.monotonic() - began


async def test_with_the_bell_it_is_at_once(own_db: Pool) -> None:
    worker = Worker(own_db, Echo())
    async with running(worker.run):
        await until(lambda: worker.watch.id > 0)
        await asyncio.sleep(0.3)
        assert await answered_s(own_db) < POLL_S / 2


async def test_a_bell_that_never_rings(own_db: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """As behind a pooler that gives LISTEN to nobody."""
    monkeypatch.setattr(lanes, "BELL", "a_bell_nobody_rings")
    worker = Worker(own_db, Echo())
    async with running(worker.run):
        await until(lambda: worker.watch.id > 0)
        await asyncio.sleep(0.3)
        for number in range(3):
            assert await answered_s(own_db, number=number) < 2 * POLL_S


@pytest.mark.slow
async def test_the_listeners_backend_is_terminated_again_and_again(db_url: str) -> None:
    """Its session lock is lost with it: the process becomes somebody else, and works on."""
    pool, cutter = await open_pool(db_url), await open_pool(db_url, 1)
    worker = Worker(pool, Echo())
    ids = set()
    async with running(worker.run):
        await until(lambda: worker.watch.id > 0)
        for number in range(3):
            ids.add(worker.watch.id)
            await cutter.execute(_CUT)
            assert await answered_s(cutter, number=number) < 2 * POLL_S + 0.5
            await until(lambda: worker.watch.id not in ids, 5)
    assert len(ids) == 3
    await pool.close()
    await cutter.close()


async def test_a_lane_whose_time_comes_later_needs_no_bell(own_db: Pool) -> None:
    worker = Worker(own_db, Echo())
    async with running(worker.run):
        await until(lambda: worker.watch.id > 0)
        await own_db.execute("INSERT INTO lane (shop_id, key) VALUES ('lola', 'telegram:5')")
        await hear(own_db, message("6", 1))
        await until(lambda: idle(own_db))
        await own_db.execute(
            "INSERT INTO inbox (shop_id, channel, event_id, key, seq, kind, payload)"
            " VALUES ('lola', 'telegram', 'later', 'telegram:5', 1, 'message', $1)",
            {"chat": {"shop_id": "lola", "channel": "telegram", "id": "5"}, "event_id": "later", "text": "1"},
        )
        await own_db.execute(
            "UPDATE lane SET seq = 1, due_at = now() + interval '0.4 s' WHERE shop_id = 'lola' AND key = 'telegram:5'"
        )
        began = time.monotonic()
        await until(lambda: idle(own_db))
    assert 0.3 < time.monotonic() - began < 2 * POLL_S
