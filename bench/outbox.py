"""`python -m bench.outbox`: what the outbox costs and how well it keeps a platform's limit, on a real PostgreSQL.

Senders are processes that write what they say into a ledger (tests/send_child.py: a message takes them 10 ms). Prints a
table and, last, one JSON line.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.deliver import PACES
from kit import db, embedded, outbox, outgoing
from kit.db import Pool, transaction
from kit.message import Chat, Reply

CHILD = Path(__file__).parents[1] / "tests" / "send_child.py"
_MANY = """
INSERT INTO outbox (shop_id, key, idem, payload, priority)
SELECT 'lola', 'telegram:' || $3::text || n, $3 || n, '{"text": "0"}', $2::smallint
FROM generate_series(1, $1::int) AS n
"""


@asynccontextmanager
async def senders(url: str, ledger: Path, count: int, pace: str) -> AsyncIterator[None]:
    """So many sender processes at work."""
    ledger.touch()
    children = [
        await asyncio.create_subprocess_exec(
            sys.executable, str(CHILD), url, str(ledger), pace, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(count)
    ]
    try:
        for child in children:
            assert child.stdout is not None
            await child.stdout.readline()
        yield
    finally:
        for child in children:
            child.kill()
            await child.wait()


def said(ledger: Path) -> list[tuple[str, float]]:
    """(chat, when) of each message, in the order of their times."""
    lines = [line.split() for line in ledger.read_text().splitlines()]
    return sorted(((line[0], float(line[2])) for line in lines), key=lambda one: one[1])


def most(at: list[float], window_s: float) -> int:
    """How many there were in any window of that length."""
    best = first = 0
    for last, moment in enumerate(at):
        while at[first] <= moment - window_s:
            first += 1
        best = max(best, last - first + 1)
    return best


async def _until_said(ledger: Path, count: int) -> None:
    async with asyncio.timeout(180):
        while len(said(ledger)) < count:
            await asyncio.sleep(0.1)


async def paced(url: str, pool: Pool, folder: Path) -> dict[str, float]:
    """600 messages of one bot by two processes; the ideal is 600 / 30."""
    ledger = folder / "paced"
    async with senders(url, ledger, 2, "paced"):
        await pool.execute(_MANY, 600, outbox.ANSWER, "p")
        await _until_said(ledger, 600)
    at = [when for _, when in said(ledger)]
    return {"paced_s": at[-1] - at[0], "most_in_1s": most(at, 1.0), "most_in_10s": most(at, 10.0)}


async def drained(url: str, pool: Pool, folder: Path, count: int) -> float:
    """Messages a second of `count` processes where no platform limits them."""
    ledger = folder / f"drained{count}"
    async with senders(url, ledger, count, "unpaced"):
        await pool.execute(_MANY, 3000, outbox.ANSWER, f"d{count}-")
        await _until_said(ledger, 3000)
    at = [when for _, when in said(ledger)]
    return 3000 / (at[-1] - at[0])


async def claims(pool: Pool) -> dict[str, float]:
    """Milliseconds of a claim: nothing waits; 50,000 wait."""
    found = {}
    for name in ("idle", "mailing"):
        took = []
        for _ in range(60):
            began = time.perf_counter()
            await outgoing.claim(pool, 1, 64, PACES)
            took.append((time.perf_counter() - began) * 1000)
            await pool.execute("UPDATE outbox SET status = 1 WHERE shop_id = 'lola' AND status = 2")
            await asyncio.sleep(0.03)
        found[f"claim_{name}_ms"] = statistics.median(took)
        if name == "idle":
            await pool.execute(_MANY, 50_000, outbox.BROADCAST, "m")
    return found


async def answers(url: str, pool: Pool, folder: Path) -> dict[str, float]:
    """Seconds from the commit of an answer to the platform, with a mailing to 50,000 under way; and without."""
    found: dict[str, float] = {}
    for name in ("behind", "alone"):
        ledger, put_at = folder / name, {}
        async with senders(url, ledger, 2, "paced"):
            await asyncio.sleep(2)
            for number in range(100):
                chat = Chat("lola", "telegram", f"{name}{number}")
                async with transaction(pool) as tx:
                    await outbox.put(tx, chat, Reply("0"), idem=chat.key)
                put_at[chat.id] = time.time()
                await asyncio.sleep(0.15)
            await asyncio.sleep(2)
        waits = sorted(when - put_at[chat] for chat, when in said(ledger) if chat in put_at)
        found |= {f"answer_{name}_p50_s": waits[50], f"answer_{name}_p95_s": waits[95]}
        await pool.execute("UPDATE outbox SET status = 3 WHERE shop_id = 'lola' AND status IN (0, 2)")
    return found


async def main() -> None:
    """All of it, on engines of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engines = await embedded.start(folder, postgres=True, redis=False)
        try:
            await db.migrate(engines.database_url)
            pool = await db.open_pool(engines.database_url)
            url = engines.database_url
            figures: dict[str, float] = {"load": os.getloadavg()[0]}
            figures |= await paced(url, pool, folder)
            figures |= {f"drained_{count}_per_s": await drained(url, pool, folder, count) for count in (1, 2)}
            figures |= await claims(pool)
            figures |= await answers(url, pool, folder)
            await pool.close()
        finally:
            await engines.stop()
    figures = {name: round(value, 3) for name, value in figures.items()}
    for name, value in figures.items():
        print(f"{name:24} {value:>10}")
    print(json.dumps(figures))


if __name__ == "__main__":
    asyncio.run(main())
