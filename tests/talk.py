"""Plays scripted conversations in this process (`tests.talk_play`) and tells how they went.

Every conversation runs inside a transaction that is rolled back, so each begins with a fresh shopper and full stock.

    python -m tests.talk [--set nur/heldout.jsonl] [--ids A001,A002] [-v]
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from agent.brain_rules import RuleBrain
from kit.message import Chat
from tests import script
from tests.rolled_back import fresh_database, rolled_back
from tests.talk_play import HERE, NOON, SHOP_ID, Play, Stage, event, folder_of, incoming, open_stage, play

__all__ = ["HERE", "NOON", "SHOP_ID", "Chat", "Play", "Stage", "event", "folder_of", "incoming", "open_stage", "play"]
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")


@dataclass
class Score:
    """How a set of conversations went."""

    passed: list[str] = field(default_factory=list)
    failed: dict[str, list[str]] = field(default_factory=dict)
    grave: list[str] = field(default_factory=list)
    by: dict[tuple[str, str], list[bool]] = field(default_factory=lambda: defaultdict(list))
    extra: int = 0
    messages: int = 0
    invented: int = 0  # numbers without a source: the guard had to drop a message
    shapeless: list[str] = field(default_factory=list)  # messages of more than three lines or one emoji
    bursts: int = 0
    turns: int = 0
    paid: int = 0  # orders that staff could confirm
    taps: int = 0  # what staff pressed for them
    needless: list[str] = field(default_factory=list)  # handed over although nobody asked for a person
    split: tuple[int, int] = (0, 0)  # turns and bursts of those sent in pieces
    said: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """The share that passed."""
        return len(self.passed) / max(1, len(self.passed) + len(self.failed))

    def add(self, other: Score) -> None:
        """Takes in what another run gave."""
        self.failed |= other.failed
        for name in ("passed", "grave", "shapeless", "needless", "said"):
            getattr(self, name).extend(getattr(other, name))
        for name in ("extra", "messages", "invented", "bursts", "turns", "paid", "taps"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.split = (self.split[0] + other.split[0], self.split[1] + other.split[1])
        for key, held in other.by.items():
            self.by[key] += held


def in_scope(dialogue: dict[str, Any]) -> bool:
    """Comments are another part of the product."""
    return bool(dialogue["channel"] != "comment")


def spoken(dialogue: dict[str, Any]) -> bool:
    """Whether some of it is said by voice; here the transcript is played."""
    return any(turn.get("via") == "voice" for turn in dialogue["turns"])


async def run(stage: Stage, dialogues: Sequence[dict[str, Any]], *, verbose: bool = False) -> Score:
    """Plays all of them, each rolled back."""
    score = Score()
    for dialogue in dialogues:
        step = stage.connection.transaction()
        await step.start()
        try:
            with capture_logs() as logged:
                wrong, me, record = await play(stage, dialogue, RuleBrain())
        finally:
            await step.rollback()
        score.invented += sum(one["event"] == "agent.number_without_source" for one in logged)
        score.shapeless += [text for text in me.texts if text.count("\n") > 2 or len(_EMOJI.findall(text)) > 1]
        grave = script.grave(dialogue["final"], record, stage.catalog)
        score.grave += [f"{dialogue['id']}: {one}" for one in grave]
        score.said += me.texts
        score.extra += me.extra
        score.messages += me.messages
        score.bursts += me.bursts
        score.turns += me.turns
        if any(order["status"] == "paid" for order in record.orders):
            score.paid += 1
            score.taps += me.owner.taps
        if me.handed and dialogue["final"]["handoff"] is False:
            score.needless.append(dialogue["id"])
        for name in ("language", "difficulty"):
            score.by[name, dialogue[name]].append(not wrong)
        if wrong:
            score.failed[dialogue["id"]] = wrong
        else:
            score.passed.append(dialogue["id"])
        if verbose:
            print(f"\n## {dialogue['id']} {'PASS' if not wrong else 'FAIL'} {wrong}", *me.log, sep="\n")
    return score


def show(name: str, score: Score) -> None:
    """The table for people."""
    print(f"\n{name}: {len(score.passed)} of {len(score.passed) + len(score.failed)} pass ({score.rate:.0%})")
    for (kind, value), results in sorted(score.by.items()):
        print(f"  {kind:<10} {value:<8} {sum(results)}/{len(results)}")
    for dialogue, wrong in score.failed.items():
        print(f"  FAIL {dialogue}: {'; '.join(wrong)[:400]}")
    print(f"  grave: {score.grave or 'none'}; extra messages {score.extra}, messages of the agent {score.messages}")


async def play_sets(url: str, names: Sequence[str], ids: Sequence[str], *, verbose: bool) -> list[tuple[str, Score]]:
    """Plays whole sets; one database transaction a set."""
    done = []
    for name in names:
        with tempfile.TemporaryDirectory() as scratch:
            async with rolled_back(url) as connection:
                stage = await open_stage(connection, folder_of(name), Path(scratch))
                dialogues = [one for one in script.load(name) if in_scope(one) and (not ids or one["id"] in ids)]
                done.append((name, await run(stage, dialogues, verbose=verbose)))
    return done


async def _main(arguments: argparse.Namespace) -> int:
    ids = arguments.ids.split(",") if arguments.ids else []
    async with fresh_database() as url:
        for name, score in await play_sets(url, arguments.set, ids, verbose=arguments.verbose):
            show(name, score)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--ids", default="")
    parser.add_argument("-v", "--verbose", action="store_true")
    chosen = parser.parse_args()
    chosen.set = chosen.set or ["dialogues.jsonl"]
    sys.exit(asyncio.run(_main(chosen)))
