"""A worker whose session with PostgreSQL broke: it goes on with what it holds, and claims nothing under a lost name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.deliver import Sender
from kit.config import Config
from kit.db import Pool, open_pool, transaction
from kit.message import Reply
from kit.outbox import put
from tests.queueing import CHAT, Ledger, app_of, running, until

pytestmark = pytest.mark.slow

_ROW = "SELECT status, attempts, unsure FROM outbox WHERE shop_id = 'lola'"


@pytest.fixture
async def other_db(db_url: str, own_db: Pool) -> AsyncIterator[Pool]:
    """A second process's connections to the same database."""
    pool = await open_pool(db_url)
    yield pool
    await pool.close()


async def say(pool: Pool, text: str) -> None:
    """A row for the outbox."""
    async with transaction(pool) as tx:
        await put(tx, CHAT, Reply(text), idem=text)


async def sever(pool: Pool, *names: str) -> None:
    """End the sessions that carry the senders' locks, as a crash of the server does."""
    await pool.execute(
        """SELECT pg_terminate_backend(pid) FROM pg_locks
           WHERE locktype = 'advisory' AND objid = ANY($1::bigint[]) AND pid <> pg_backend_pid()""",
        [int(name) for name in names],
    )


async def test_what_is_being_said_is_not_said_again_when_the_session_breaks(own_db: Pool, config: Config) -> None:
    ledger = Ledger(slow_s=2.5)  # longer than it takes to come back and look around
    sender = Sender(app_of(own_db, config, channel=ledger))
    async with running(sender.run):
        await say(own_db, "salom")
        await until(lambda: bool(sender.busy))
        was = sender.watch.id
        await sever(own_db, str(was))
        await until(lambda: bool(ledger.sent))
        await asyncio.sleep(2.0)
        assert sender.watch.id != was
    assert ledger.texts == ["salom"]
    assert tuple(await own_db.fetchrow(_ROW)) == (1, 1, 0)


async def test_two_senders_that_lost_their_sessions_together_leave_each_others_rows(
    own_db: Pool, other_db: Pool, config: Config
) -> None:
    ledger = Ledger(slow_s=2.5)
    one, two = (Sender(app_of(pool, config, channel=ledger)) for pool in (own_db, other_db))
    async with running(one.run), running(two.run):
        await until(lambda: bool(one.watch.id and two.watch.id))
        await say(own_db, "salom")
        await until(lambda: bool(one.busy or two.busy))
        await sever(own_db, str(one.watch.id), str(two.watch.id))
        await until(lambda: bool(ledger.sent))
        await asyncio.sleep(2.0)
    assert ledger.texts == ["salom"]


async def test_nothing_is_claimed_under_a_name_whose_lock_is_lost(own_db: Pool, config: Config) -> None:
    ledger = Ledger()
    sender = Sender(app_of(own_db, config, channel=ledger))
    await sender.watch.open()
    await say(own_db, "salom")
    await sever(own_db, str(sender.watch.id))
    await until(lambda: not sender.watch.alive)
    await sender._step()
    assert not sender.busy
    assert tuple(await own_db.fetchrow(_ROW)) == (0, 0, 0)
    await sender.watch.beat()
    await sender._step()
    await until(lambda: bool(ledger.sent))
    await until(lambda: not sender.busy)
    await sender.watch.close()
