"""kill -9 of a worker process in the middle of 50 conversations: none lost, none answered twice, back in seconds."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.inbox import accept
from kit.config import TurnConfig
from kit.db import Pool
from kit.message import Chat, Incoming
from tests.queueing import until

pytestmark = pytest.mark.slow

AT_ONCE = TurnConfig(complete_ms=0, fragment_ms=0, album_ms=0, max_ms=0, per_minute=0, per_hour=0)
CHATS, WORDS = 50, 6


@asynccontextmanager
async def worker(url: str, *settings: float) -> AsyncIterator[asyncio.subprocess.Process]:
    child = [str(Path(__file__).parent / "lane_child.py"), url, *map(str, settings)]
    process = await asyncio.create_subprocess_exec(sys.executable, *child, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        await asyncio.wait_for(process.stdout.readline(), 20)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def talk(pool: Pool, number: int) -> None:
    chats = [Chat("lola", "telegram", str(chat)) for chat in range(CHATS)]
    await accept(pool, [Incoming(chat, f"{chat.id}-{number}", chat.id, text=str(number)) for chat in chats], AT_ONCE)


async def answered(pool: Pool) -> int:
    count: int = await pool.fetchval("SELECT count(*) FROM audit WHERE shop_id = 'lola' AND verb = 'answered'")
    return count


async def check(pool: Pool) -> None:
    found = defaultdict(list)
    for row in await pool.fetch("SELECT about, data FROM audit WHERE shop_id = 'lola' ORDER BY id"):
        found[row["about"]].append(int(row["data"]["text"]))
    assert {key: numbers for key, numbers in found.items() if numbers != list(range(WORDS))} == {}
    assert len(found) == CHATS
    assert await pool.fetchval("SELECT count(*) FROM outbox WHERE shop_id = 'lola'") == CHATS * WORDS
    assert await pool.fetchval("SELECT count(*) FROM inbox WHERE shop_id = 'lola' AND status <> 1") == 0


async def all_answered(pool: Pool) -> bool:
    return await answered(pool) >= CHATS * WORDS and not await pool.fetchval(
        "SELECT count(*) FROM lane WHERE shop_id = 'lola' AND owner IS NOT NULL"
    )


async def test_a_peer_takes_over_within_two_seconds(own_db: Pool, db_url: str) -> None:
    async with worker(db_url) as first:
        await talk(own_db, 0)
        async with worker(db_url):
            for number in range(1, WORDS - 1):
                await talk(own_db, number)
                await asyncio.sleep(0.05)
            await until(lambda: _holds(own_db, first.pid, 3))
            first.send_signal(signal.SIGKILL)
            killed = time.monotonic()
            mine = await _of(own_db, first.pid)
            await first.wait()
            await until(lambda: _none_of(own_db, first.pid), 10)
            recovered = time.monotonic() - killed
            await talk(own_db, WORDS - 1)
            await until(lambda: all_answered(own_db), 30)
    print(f"\nlanes of the killed worker free after {recovered:.2f} s ({mine} were held)")
    assert recovered < 2.0
    await check(own_db)


async def test_a_process_killed_and_started_again_loses_and_doubles_nothing(own_db: Pool, db_url: str) -> None:
    for number in range(WORDS):
        async with worker(db_url) as process:
            await talk(own_db, number)
            await asyncio.sleep(0.15)
            process.kill()
    async with worker(db_url):
        await until(lambda: all_answered(own_db), 30)
    await check(own_db)


_MINE = (
    "SELECT count(*) FROM lane JOIN workers ON workers.id = lane.owner"
    " WHERE lane.shop_id = 'lola' AND workers.name LIKE $1"
)


async def _of(pool: Pool, pid: int) -> int:
    count: int = await pool.fetchval(_MINE, f"%:{pid}")
    return count


async def test_a_frozen_process_that_wakes_up_doubles_nothing(own_db: Pool, db_url: str) -> None:
    async with worker(db_url) as frozen:
        for number in range(WORDS - 1):
            await talk(own_db, number)
            await asyncio.sleep(0.05)
        await until(lambda: _holds(own_db, frozen.pid, 5))
        frozen.send_signal(signal.SIGSTOP)
        await asyncio.sleep(0.2)
        async with worker(db_url):
            # its session lives and holds the lock: only time tells that it is gone. Here 30 s pass at once, for
            # transactions it left open (idle_in_transaction_session_timeout) and for its leases
            await own_db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND state = 'idle in transaction'"
                " AND state_change < now() - interval '100 milliseconds'"
            )
            await own_db.execute(
                "UPDATE lane SET lease_until = now() FROM workers"
                " WHERE lane.shop_id = 'lola' AND workers.id = lane.owner AND workers.name LIKE $1",
                f"%:{frozen.pid}",
            )
            await until(lambda: _none_of(own_db, frozen.pid), 10)
            await talk(own_db, WORDS - 1)
            await asyncio.sleep(0.3)
            frozen.send_signal(signal.SIGCONT)
            await until(lambda: all_answered(own_db), 30)
            await asyncio.sleep(0.5)
    await check(own_db)


async def test_a_lease_that_ran_out_is_taken_over_and_its_holder_writes_nothing_late(own_db: Pool, db_url: str) -> None:
    """Frozen amid the 8 turns it begins with, for longer than its lease (here 2 s, in use 20 s); nobody helps time."""
    lease_s, think_s = 2.0, 1.0
    async with worker(db_url, lease_s, think_s) as frozen:
        await talk(own_db, 0)
        await until(lambda: _holds(own_db, frozen.pid, 8))
        frozen.send_signal(signal.SIGSTOP)
        stopped = time.monotonic()
        async with worker(db_url, lease_s, 0.05) as heir:
            await until(lambda: _none_of(own_db, frozen.pid), 15)
            taken = time.monotonic() - stopped
            await until(lambda: _all(own_db, CHATS), 15)
            for number in range(1, WORDS):
                await talk(own_db, number)
            before = await own_db.fetch("SELECT id FROM audit WHERE shop_id = 'lola' AND actor = $1", _actor(frozen))
            frozen.send_signal(signal.SIGCONT)
            await until(lambda: all_answered(own_db), 30)
            await asyncio.sleep(think_s + 0.5)  # its old turns end their thinking, and try to write
            assert before == []
            late = await own_db.fetchval(
                "SELECT count(*) FROM audit WHERE shop_id = 'lola' AND actor = $1 AND data->>'text' = '0'",
                _actor(frozen),
            )
            by_heir = await own_db.fetchval(
                "SELECT count(*) FROM audit WHERE shop_id = 'lola' AND actor = $1 AND data->>'text' = '0'",
                _actor(heir),
            )
    print(f"\nlanes of the frozen worker taken over {taken:.2f} s after it froze")
    assert (late, by_heir) == (0, CHATS)
    assert lease_s * 0.5 < taken < lease_s + 8  # the heir has to start, on whatever machine
    await check(own_db)


def _actor(process: asyncio.subprocess.Process) -> str:
    return f"process:{process.pid}"


async def _all(pool: Pool, count: int) -> bool:
    return await answered(pool) >= count


async def _holds(pool: Pool, pid: int, lanes: int) -> bool:
    return await _of(pool, pid) >= lanes


async def _none_of(pool: Pool, pid: int) -> bool:
    return await _of(pool, pid) == 0
