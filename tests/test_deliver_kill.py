"""Two sender processes on one database, killed in the middle: order holds in each chat, none is lost."""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kit.db import Pool
from tests.queueing import until

pytestmark = pytest.mark.slow

CHATS, WORDS = 20, 25
_PUT = """
INSERT INTO outbox (shop_id, key, idem, payload)
SELECT 'lola', 'telegram:' || chat, chat || '-' || word, jsonb_build_object('text', word::text)
FROM generate_series(1, $1::int) AS chat, generate_series($2::int, $2::int + $3::int - 1) AS word ORDER BY word, chat
"""


@asynccontextmanager
async def sender(url: str, ledger: Path, pace: str = "unpaced") -> AsyncIterator[asyncio.subprocess.Process]:
    child = Path(__file__).parent / "send_child.py"
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(child), url, str(ledger), pace, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        await asyncio.wait_for(process.stdout.readline(), 30)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def said(ledger: Path) -> dict[str, list[int]]:
    """Chat -> the numbers of its messages as the platform got them."""
    found = defaultdict(list)
    for line in ledger.read_text().splitlines() if ledger.exists() else ():
        chat, word, _, _ = line.split()
        found[chat].append(int(word))
    return found


async def all_sent(pool: Pool) -> bool:
    return not await pool.fetchval("SELECT count(*) FROM outbox WHERE shop_id = 'lola' AND status <> 1")


def first_times(numbers: list[int]) -> list[int]:
    return list(dict.fromkeys(numbers))


async def test_two_processes_keep_the_order_and_double_nothing(own_db: Pool, db_url: str, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    async with sender(db_url, ledger), sender(db_url, ledger):
        await own_db.execute(_PUT, CHATS, 0, WORDS)
        await until(lambda: all_sent(own_db), 30)
    heard = said(ledger)
    assert all(numbers == list(range(WORDS)) for numbers in heard.values()) and len(heard) == CHATS


async def test_killed_in_the_middle_nothing_is_lost_and_order_holds(own_db: Pool, db_url: str, tmp_path: Path) -> None:
    ledger, rounds = tmp_path / "ledger", 3
    async with sender(db_url, ledger):
        for number in range(rounds):
            async with sender(db_url, ledger) as victim:
                await own_db.execute(_PUT, CHATS, number * WORDS, WORDS)
                enough = (number * WORDS + WORDS // 3) * CHATS
                await until(lambda: sum(map(len, said(ledger).values())) > enough)  # noqa: B023
                victim.kill()
        await until(lambda: all_sent(own_db), 30)
    heard = said(ledger)
    assert len(heard) == CHATS
    assert all(first_times(numbers) == list(range(WORDS * rounds)) for numbers in heard.values())
    assert all(numbers == sorted(numbers) for numbers in heard.values())  # a repeat stands beside its first
    in_hand = await own_db.fetchval("SELECT sum(unsure) FROM outbox WHERE shop_id = 'lola'")
    repeats = sum(len(numbers) - len(set(numbers)) for numbers in heard.values())
    print(f"\n{repeats} said twice of {in_hand} in the hands of {rounds} killed processes")
    assert in_hand > 0 and repeats <= in_hand  # none but those whose answer was lost
