"""One shopper floods: what a claim costs then, and how long everybody else waits. `python -m bench.floods`."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import uvloop

from bench.queueing import AT_ONCE, Answers, Crowd, at, empty, queue, show, working, write
from bot.inbox import accept
from bot.inbox.worker import Worker
from kit import lanes
from kit.db import Pool
from kit.message import Chat, Incoming

FLOOD = 20_000
OTHERS = 200
CLAIMS = 300
_LANES = """
INSERT INTO lane (shop_id, key, seq, due_at)
SELECT $1, 'telegram:' || n, 1, now() - make_interval(secs => $3 + n * 0.0001) FROM generate_series(1, $2::int) AS n
"""


async def flood(pool: Pool, count: int) -> None:
    """`count` messages of one shopper wait."""
    chat = Chat("lola", "telegram", "1")
    for first in range(0, count, 500):
        batch = [Incoming(chat, f"flood-{first + n}", "1", text="salom") for n in range(500)]
        await accept(pool, batch, AT_ONCE)


async def claim_ms(pool: Pool, claim: Callable[[int], Awaitable[list[lanes.Held]]], room: int) -> dict[str, float]:
    """A claim of `room` lanes, 300 times; claimed lanes are made due again in between, unmeasured."""
    took = []
    for _ in range(CLAIMS):
        began = time.perf_counter()
        held = await claim(room)
        took.append(time.perf_counter() - began)
        assert held
        for one in held:
            await lanes.free(pool, one)
    return {"p50": at(took, 0.5), "p99": at(took, 0.99)}


async def claims(pool: Pool) -> dict[str, Any]:
    """The claim's cost with nothing special, a long lane, and many due lanes."""

    async def plain(room: int) -> list[lanes.Held]:
        return await lanes.claim(pool, 1, room)

    async def fair(room: int) -> list[lanes.Held]:
        return (await lanes.claim_fairly(pool, 1, room, {"lola": 30}))[0]

    found = {}
    for name, prepare in {
        "200 lanes due": _some,
        "20,000 waiting in one of them": _long,
        "20,000 lanes due": _many,
    }.items():
        await empty(pool)
        await prepare(pool)
        await pool.execute("VACUUM ANALYZE lane, inbox")
        for kind, claim in {"plain": plain, "fair": fair}.items():
            for room in (1, 16):
                found[f"{name}, {kind}, {room}"] = await claim_ms(pool, claim, room)
    return found


async def _some(pool: Pool) -> None:
    for number in range(50):
        await pool.execute(_LANES, f"shop{number:02}", 4, 1.0)


async def _long(pool: Pool) -> None:
    await _some(pool)
    await flood(pool, FLOOD)


async def _many(pool: Pool) -> None:
    """One shop's lanes have waited longest."""
    await _some(pool)
    await pool.execute(_LANES, "lola", FLOOD, 60.0)


async def others_ms(pool: Pool, url: str, *, waiting: int, most: int, seconds: float) -> dict[str, Any]:
    """How long 200 others of the shop wait for answers at 50 messages a second, and how many turns the flood took."""
    await empty(pool)
    await flood(pool, waiting)
    answers = Answers(frozenset({"lola"}), think_s=0.02)
    async with working(Worker(pool, answers, most_waiting=most)):
        await write(url, Crowd(("lola",), OTHERS, 50, seconds))
        await asyncio.sleep(1)
    return {"p50": at(answers.took, 0.5), "p99": at(answers.took, 0.99), "turns": answers.turns - len(answers.took)}


async def measure(seconds: float) -> dict[str, Any]:
    """All of it."""
    async with queue() as (pool, url):
        found: dict[str, Any] = {"claim_ms": await claims(pool)}
        for name, waiting, most in (
            ("others alone", 0, 0),
            ("others, 20,000 waiting", FLOOD, 0),
            ("others, 20,000 waiting, cut to 300", FLOOD, 300),
        ):
            found[name] = await others_ms(pool, url, waiting=waiting, most=most, seconds=seconds)
    return found


def main() -> None:
    """Command line: --seconds."""
    parser = argparse.ArgumentParser(description="what a flood costs everybody else")
    parser.add_argument("--seconds", type=float, default=15.0)
    found = uvloop.run(measure(parser.parse_args().seconds))
    print(f"{'':50}{'p50 ms':>9}{'p99 ms':>9}")
    for name, part in (found["claim_ms"] | {name: part for name, part in found.items() if name != "claim_ms"}).items():
        print(f"{name:50}{part['p50']:>9}{part['p99']:>9}")
    show(found)


if __name__ == "__main__":
    main()
