"""A worker process to be killed: `python tests/lane_child.py DATABASE_URL`. Answers every message slowly, once."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bot.inbox.worker import Thought, Worker
from kit import outbox
from kit.db import Tx, open_pool
from kit.lanes import Held, Row
from kit.message import Chat, Reply
from shop.audit import note


async def think(held: Held, rows: Sequence[Row]) -> Thought:
    await asyncio.sleep(random.random() * 0.2)  # a provider thinks

    async def write(tx: Tx) -> None:
        for row in rows:
            await note(tx, held.shop_id, f"process:{os.getpid()}", "answered", held.key, text=row.incoming.text)
            await asyncio.sleep(random.random() * 0.02)  # so that many die inside the transaction
            reply = Reply(f"re {row.incoming.text}")
            await outbox.put(tx, Chat.of(held.shop_id, held.key), reply, idem=f"re:{row.id}:{os.getpid()}")

    return Thought(rows, write=write)


async def main(url: str) -> None:
    pool = await open_pool(url)
    print("working", flush=True)
    await Worker(pool, think).run(asyncio.Event())


asyncio.run(main(sys.argv[1]))
