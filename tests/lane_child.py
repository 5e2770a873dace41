"""A worker process to be killed: `python tests/lane_child.py DATABASE_URL [LEASE_S THINK_S]`.

Answers every message slowly, once. With THINK_S it thinks exactly that long, and does not linger in its transaction.
"""

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
from kit.lanes import LEASE_S, Held, Row
from kit.message import Chat, Reply
from shop.audit import note

THINK_S = float(sys.argv[3]) if len(sys.argv) > 3 else None


async def think(held: Held, rows: Sequence[Row]) -> Thought:
    await asyncio.sleep(random.random() * 0.2 if THINK_S is None else THINK_S)  # a provider thinks

    async def write(tx: Tx) -> None:
        for row in rows:
            await note(tx, held.shop_id, f"process:{os.getpid()}", "answered", held.key, text=row.incoming.text)
            if THINK_S is None:
                await asyncio.sleep(random.random() * 0.02)  # so that many die inside the transaction
            reply = Reply(f"re {row.incoming.text}")
            await outbox.put(tx, Chat.of(held.shop_id, held.key), reply, idem=f"re:{row.id}:{os.getpid()}")

    return Thought(rows, write=write)


async def main(url: str, lease_s: float) -> None:
    pool = await open_pool(url)
    print("working", flush=True)
    await Worker(pool, think, lease_s=lease_s).run(asyncio.Event())


asyncio.run(main(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else LEASE_S))
