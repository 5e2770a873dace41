"""`make chaos SEED=n MINUTES=m`: the world by hand; `python -m tests.world --help` says what else there is."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import structlog
import uvloop

from kit import db, embedded
from tests.world.late import frozen, poisoned
from tests.world.race import HANDS, PIECES, race
from tests.world.report import show
from tests.world.world import Size, run


def say(line: str) -> None:
    """Progress, for people."""
    print(line, file=sys.stderr, flush=True)


async def chaos(options: argparse.Namespace, folder: Path) -> tuple[int, dict[str, Any]]:
    """People and kills; the checker's table."""
    size = Size(
        options.seed,
        kills=options.kills,
        messages=options.messages,
        orders=options.orders,
        minutes=options.minutes,
        at_once=options.people,
        workers=options.workers,
        trouble=options.trouble,
        beside=options.beside,
    )
    result = await run(folder, size, say)
    show(result)
    found = {"seen": result.seen, "violations": result.violations, "aiogram_polling": result.beside}
    return result.wrong, {"run": asdict(size), **result.figures, **found}


async def races(options: argparse.Namespace, folder: Path) -> tuple[int, dict[str, Any]]:
    """200 buyers for 10 pieces, for each of so many seeds."""
    engines = await embedded.start(folder, postgres=True, redis=False)
    wrong, sums = 0, {"placed": 0, "refused": 0, "cancelled": 0, "expired": 0, "busy": 0}
    stranded_s, exact = 0.0, 0
    try:
        await db.migrate(engines.database_url)
        pool = await db.open_pool(engines.database_url, HANDS)
        for seed in range(options.seed, options.seed + options.seeds):
            one = await race(pool, seed)
            wrong += len(one.wrong)
            exact += one.sold == PIECES
            stranded_s = max(stranded_s, one.stranded_s)
            sums = {name: total + getattr(one, name) for name, total in sums.items()}
            say(f"seed {seed}: sold {one.sold} in {one.seconds:.1f} s {'; '.join(one.wrong)}")
        await pool.close()
    finally:
        await engines.stop()
    figures = {"seeds": options.seeds, "exactly_ten": exact, **sums, "stranded_s": round(stranded_s, 2)}
    print(f"races {options.seeds}, exactly {PIECES} sold in {exact}; {sums}; idle at most {stranded_s:.2f} s")
    return wrong, figures


async def freeze(options: argparse.Namespace, folder: Path) -> tuple[int, dict[str, Any]]:
    """A worker that sleeps through its turns."""
    return await frozen(folder, options.seed)


async def poison(options: argparse.Namespace, folder: Path) -> tuple[int, dict[str, Any]]:
    """A message that no try survives."""
    return await poisoned(folder, options.seed)


PARTS: dict[str, Callable[[argparse.Namespace, Path], Awaitable[tuple[int, dict[str, Any]]]]] = {
    "chaos": chaos,
    "race": races,
    "freeze": freeze,
    "poison": poison,
}


def main() -> int:
    """1 when anything was violated."""
    parser = argparse.ArgumentParser(prog="python -m tests.world", description="the world with a seed")
    parser.add_argument("part", nargs="?", choices=PARTS, default="chaos")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or 1))
    parser.add_argument("--minutes", type=float, default=float(os.environ.get("MINUTES") or 10))
    parser.add_argument("--kills", type=int, default=10_000)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--orders", type=int, default=0)
    parser.add_argument("--people", type=int, default=40, help="at once")
    parser.add_argument("--workers", type=int, default=2, help="0: one process that does all")
    parser.add_argument("--trouble", type=float, default=1.0, help="how often the platforms misbehave")
    parser.add_argument("--beside", action="store_true", help="aiogram's own polling under the same strokes")
    parser.add_argument("--seeds", type=int, default=100, help="of the race")
    parser.add_argument("--keep", action="store_true", help="leave the folder behind")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))  # errors; the rest is the run's noise
    folder = Path(tempfile.mkdtemp(prefix="sotuv-world-"))
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            wrong, figures = runner.run(PARTS[options.part](options, folder))
    finally:
        if options.keep:
            say(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps({"part": options.part, "seed": options.seed, "violations_in_all": wrong, **figures}, default=str))
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
