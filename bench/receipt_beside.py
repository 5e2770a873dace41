"""How long people who write wait while receipts are read beside them, in the real product with the rule brain.

    python -m bench.receipt_beside [--rate 10] [--seconds 30] [--every 2] [--seed 1]

The product of `bench.latency` (door, workers and senders in one process, windows 0) hears the same messages twice:
alone, and while other people send a drawn receipt every so many seconds. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import asyncpg
import httpx2

from bench.latency import SECRET, SHOP, STAMPS, Run, answered_ms, at, started, talk, update
from bench.receipt_asked import drawn
from kit import db, embedded

_PICTURES = 12


async def _send(url: str, seconds: float, every: float, first: int) -> Run:
    """A receipt every `every` seconds, each from a person of their own."""
    run, began = Run(), time.monotonic()
    async with httpx2.AsyncClient(headers={"X-Telegram-Bot-Api-Secret-Token": SECRET}, timeout=60) as client:
        for i in range(int(seconds / every)):
            await asyncio.sleep(max(0.0, began + i * every - time.monotonic()))
            body = update(30_000_000 + first + i, 9000 + first + i, "")
            file = {"file_id": f"{i % _PICTURES}.jpg", "file_unique_id": f"u{i}", "width": 720, "height": 1280}
            del body["message"]["text"]
            body["message"]["photo"] = [{**file, "file_size": 90_000}]
            posted = time.time()
            answer = await client.post(f"{url}/telegram/{SHOP}", json=body)
            run.refused += answer.status_code != 200
            run.posted.append((f"telegram:{9000 + first + i}", posted))
    return run


async def _answered(connection: asyncpg.Connection[asyncpg.Record], run: Run) -> dict[str, Any]:
    stored, _, missing = await answered_ms(connection, run)
    return {"n": len(run.posted), "p50": at(stored, 0.5), "p95": at(stored, 0.95), "missing": missing}


async def measure(rate: float, seconds: float, every: float, seed: int) -> dict[str, Any]:
    """Milliseconds from the webhook to the stored answer: texts alone, texts beside receipts, and the receipts."""
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pictures").mkdir()
        for i, (_, _, data, _) in enumerate(drawn(seed, _PICTURES)):
            (folder / "pictures" / f"{i}.jpg").write_bytes(data)
        engines = await embedded.start(folder / "engines", postgres=True, redis=True)
        try:
            await db.migrate(engines.database_url)
            connection = await asyncpg.connect(engines.database_url)
            await db.prepare(connection)
            child, url = await started(folder, engines)
            try:
                await talk(url, rate / 2, 4, dice, first=10_000_000)
                await connection.execute(STAMPS)
                await _send(url, 1, 1, 0)  # starts the reader
                await asyncio.sleep(4)
                alone = await talk(url, rate, seconds, dice, first=20_000_000)
                await asyncio.sleep(2)
                beside, pictures = await asyncio.gather(
                    talk(url, rate, seconds, dice, first=25_000_000), _send(url, seconds, every, 10)
                )
                await asyncio.sleep(8)
                runs = {"texts_alone_ms": alone, "texts_beside_ms": beside, "receipts_ms": pictures}
                found = {key: await _answered(connection, run) for key, run in runs.items()}
            finally:
                child.kill()
                await child.wait()
            await connection.close()
        finally:
            await engines.stop()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="texts while receipts are read")
    parser.add_argument("--rate", type=float, default=10.0, help="texts a second")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--every", type=float, default=2.0, help="seconds between two receipts")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found = asyncio.run(measure(options.rate, options.seconds, options.every, options.seed))
    for name, row in found.items():
        print(f"{name:20}{row['n']:>6}{row['p50']:>10}{row['p95']:>10}  unanswered {row['missing']}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
