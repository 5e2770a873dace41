"""`make eval-hard`: conversations told in ten other ways each, in this process, beside the same told plainly.

Other script, apostrophes, typos, order of slots, pieces two to five seconds apart (`tests/shake.py`). Prints the pass
rates and their difference, agent turns per human burst, presses of staff per paid order, needless hand-overs, and
whether eight plain runs say the same word for word. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from kit import db
from tests import script, talk
from tests.rolled_back import fresh_database
from tests.shake import shaken

SETS = ("dialogues.jsonl", "usta/first.jsonl", "zoo/first.jsonl")


@dataclass
class Measured:
    """One set of conversations, plain and shaken."""

    plain: talk.Score
    shaken: talk.Score = field(default_factory=talk.Score)
    ways: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    broken: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(dict))
    same: bool = True  # every further plain run said the same

    def figures(self) -> dict[str, Any]:
        """For machines."""
        both = (self.plain, self.shaken)
        played = sum(len(one.passed) + len(one.failed) for one in both)
        return {
            "plain": round(self.plain.rate, 4),
            "shaken": round(self.shaken.rate, 4),
            "drop_points": round(100 * (self.plain.rate - self.shaken.rate), 1),
            "ways": {way: round(sum(held) / len(held), 4) for way, held in self.ways.items()},
            "turns_per_burst": round(sum(one.turns for one in both) / max(1, sum(one.bursts for one in both)), 3),
            "turns_per_burst_gaps": round(self.shaken.split[0] / max(1, self.shaken.split[1]), 3),
            "taps_per_paid_order": round(sum(one.taps for one in both) / max(1, sum(one.paid for one in both)), 2),
            "needless_handovers": round(sum(len(one.needless) for one in both) / max(1, played), 4),
            "grave": [*self.plain.grave, *self.shaken.grave],
            "played": played,
            "same_every_time": self.same,
        }


async def measure(url: str, name: str, *, times: int, seed: int, runs: int, ids: Sequence[str] = ()) -> Measured:
    """Plays one set plainly `runs` times and shaken `times` times."""
    dialogues = [one for one in script.load(name) if talk.in_scope(one) and (not ids or one["id"] in ids)]
    connection = await asyncpg.connect(url)
    await db.prepare(connection)
    transaction = connection.transaction()
    await transaction.start()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            stage = await talk.open_stage(connection, talk.folder_of(name), Path(scratch))
            done = Measured(await talk.run(stage, dialogues))
            for _ in range(runs - 1):
                again = await talk.run(stage, dialogues)
                done.same = done.same and (again.failed, again.said) == (done.plain.failed, done.plain.said)
            for dialogue in dialogues:
                for number, (way, other) in enumerate(shaken(dialogue, times, seed)):
                    one = await talk.run(stage, [other | {"id": f"{dialogue['id']}.{way}{number}"}])
                    done.ways[way].append(not one.failed)
                    if dialogue["id"] in done.plain.passed:
                        done.broken[dialogue["id"]] |= one.failed
                    if way == "gaps":
                        one.split = (one.turns, one.bursts)
                    done.shaken.add(one)
    finally:
        await transaction.rollback()
        await connection.close()
    return done


def show(name: str, done: Measured, *, verbose: bool) -> None:
    """The table for people."""
    figures = done.figures()
    rates = f"plain {done.plain.rate:.1%}, shaken {done.shaken.rate:.1%}"
    print(f"\n{name}: {rates}, drop {figures['drop_points']} points (aim 3)")
    for kind in ("language", "difficulty"):
        for (which, value), held in sorted(done.shaken.by.items()):
            if which == kind:
                plain = done.plain.by[kind, value]
                print(f"  {value:<8} plain {sum(plain)}/{len(plain)}, shaken {sum(held)}/{len(held)}")
    for way, held in done.ways.items():
        print(f"  {way:<12} {sum(held)}/{len(held)}")
    turns = f"{figures['turns_per_burst']} (aim 1.1), where pieces came apart {figures['turns_per_burst_gaps']}"
    print(f"  agent turns per burst {turns}")
    print(f"  presses of staff per paid order {figures['taps_per_paid_order']} (aim 2)")
    print(f"  needless hand-overs {figures['needless_handovers']:.1%} (aim 5 %); grave {len(figures['grave'])}")
    print(f"  eight plain runs {'say the same' if done.same else 'DIFFER'}")
    for dialogue, wrong in done.broken.items() if verbose else ():
        for other, faults in wrong.items():
            print(f"    {other}: {'; '.join(faults)[:240]}" if dialogue else "")


async def _main(arguments: argparse.Namespace) -> None:
    figures = {}
    async with fresh_database() as url:
        for name in arguments.set or SETS:
            done = await measure(
                url, name, times=arguments.times, seed=arguments.seed, runs=arguments.runs, ids=arguments.only
            )
            show(name, done, verbose=arguments.verbose)
            figures[name] = done.figures()
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="ids of conversations, all when none is given")
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--times", type=int, default=10, help="other tellings of each conversation")
    parser.add_argument("--runs", type=int, default=8, help="plain runs that must say the same")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-v", "--verbose", action="store_true", help="what broke of conversations that pass plainly")
    asyncio.run(_main(parser.parse_args()))
