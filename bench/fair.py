"""One of 50 shops has 90 % of the traffic: how much longer the others wait. `python -m bench.fair`.

Interleaved pairs: the other shops alone, then the same beside the big shop; with claims in the order of time alone, and
with fair claims. Two kinds of turn: one that waits for a provider, so that all hands are busy; one that computes.
"""

from __future__ import annotations

import argparse
import statistics
from typing import Any

import uvloop

from bench.queueing import Answers, Crowd, at, empty, queue, settled, show, working, write
from bot.inbox.worker import Worker
from kit import lanes
from kit.db import Pool
from kit.lanes import Held

OTHERS = tuple(f"shop{number:02}" for number in range(49))
SHARE = 0.9
# name -> (seconds a turn waits, seconds it computes, messages a second of all shops together)
KINDS = {"provider": (1.0, 0.0, 80.0), "computing": (0.0, 0.006, 70.0)}


class ByTime(Worker):
    """Claims in the order of time, whatever shop: as it was before."""

    async def claim(self, room: int) -> list[Held]:
        return await lanes.claim(self.pool, self.watch.id, room)

    def hands(self) -> int:
        return self.at_once


async def others_s(pool: Pool, url: str, kind: str, worker: type[Worker], seconds: float, beside: bool) -> list[float]:
    """Seconds each message of the other shops waited for its answer."""
    think_s, cpu_s, rate = KINDS[kind]
    await empty(pool)
    answers = Answers(frozenset(OTHERS), think_s, cpu_s)
    crowds = [Crowd(OTHERS, 20, rate * (1 - SHARE), seconds)]
    async with working(worker(pool, answers)):
        await write(url, *crowds, *([Crowd(("big",), 3000, rate * SHARE, seconds)] if beside else []))
        await settled(pool, answers.shops)
        await pool.execute("UPDATE inbox SET status = 2 WHERE status = 0 AND shop_id = 'big'")  # the rest of the flood
        await pool.execute("UPDATE lane SET due_at = 'infinity' WHERE owner IS NULL AND shop_id = 'big'")
    return answers.took


async def measure(pairs: int, seconds: float, kinds: list[str]) -> dict[str, Any]:
    """p95 of the others, alone and beside; the ratio is the median of the pairs' ratios."""
    found: dict[str, Any] = {}
    async with queue() as (pool, url):
        for kind in kinds:
            alone: list[float] = []
            beside: dict[str, list[float]] = {"by time": [], "fair": []}
            for _ in range(pairs):
                alone.append(at(await others_s(pool, url, kind, Worker, seconds, False), 0.95))
                for name, worker in {"by time": ByTime, "fair": Worker}.items():
                    beside[name].append(at(await others_s(pool, url, kind, worker, seconds, True), 0.95))
            for name, values in beside.items():
                found[f"{kind}, {name}"] = {
                    "alone_p95_ms": statistics.median(alone),
                    "beside_p95_ms": statistics.median(values),
                    "ratio": round(statistics.median([b / a for a, b in zip(alone, values, strict=True)]), 2),
                }
    return found


def main() -> None:
    """Command line: --pairs, --seconds, --kinds."""
    parser = argparse.ArgumentParser(description="one shop with 90 percent of the traffic of 50")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS))
    options = parser.parse_args()
    found = uvloop.run(measure(options.pairs, options.seconds, options.kinds))
    print(f"{'others, beside one with 90 %':32}{'alone p95':>12}{'beside p95':>12}{'ratio':>8}")
    for name, part in found.items():
        print(f"{name:32}{part['alone_p95_ms']:>12}{part['beside_p95_ms']:>12}{part['ratio']:>8}")
    show(found)


if __name__ == "__main__":
    main()
