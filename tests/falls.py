"""Every way in which a provider fails, at every step of a turn: how soon the rules answer, and that only they do.

    python -m tests.falls [--thinks 1.0]        # default settings; seconds that the model takes for a step

Each fall is compared with what the rules say and do alone: the same messages, the same cart, nothing told to staff.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

import structlog

from agent.brain_rules import RuleBrain
from kit import db, embedded
from tests.fakes.openai import Answer, tools
from tests.fakes.openai_faults import FAULTS
from tests.llm_room import Room, room
from tests.rolled_back import fresh_engine, rolled_back

SAYS = "qora kepka bitta olaman"
STEPS = 3  # requests of a turn before which the provider may fail
_AT_ONCE = 8
# what a model may have done before: nothing of it may stay
DONE: tuple[Answer, ...] = (
    tools(("add_to_cart", {"sku": "LS-502", "color": "qora", "quantity": 3}), ("ask_discount", {"sku": "LS-502"})),
    tools(("hand_over", {"why": "complaint"}), ("set_phone", {"phone": "90 765 43 21"})),
)


@dataclass(frozen=True)
class Fall:
    """One failure: before request `step`; `wrong`: what is not as it would be with the rules alone."""

    name: str
    step: int
    seconds: float
    wrong: str = ""


@dataclass(frozen=True)
class Alone:
    """What one turn came to."""

    said: tuple[str, ...]
    cart: str
    told: str
    handed_over: str

    @classmethod
    async def after(cls, here: Room, said: Sequence[str]) -> Alone:
        """As it stands now."""
        cart, contact = await here.me.play.cart(), await here.me.contact()
        told = [
            one for one in await here.me.notices() if one.get("facts", {}).get("what") != "llm"
        ]  # a refused key is told
        return cls(tuple(said), repr(cart), json.dumps(told), contact.handed_over)


async def alone(here: Room) -> Alone:
    """What the rules make of it."""
    here.fresh()
    here.me.play.brain, brain = RuleBrain(), here.me.play.brain
    await here.say(SAYS)
    here.me.play.brain = brain
    return await Alone.after(here, here.me.messages)


async def fall(here: Room, name: str, step: int, rules: Alone) -> Fall:
    """One turn that fails before request `step`."""
    here.fresh()
    how, called = FAULTS[name]
    here.model.will(*DONE[:step])
    here.model.fail(method="chat", after=step, **how)
    counter = f'sotuv_errors_total{{where="llm:{called}"}}'
    before, began = here.counted(counter), time.monotonic()
    await here.say(SAYS)
    seconds = time.monotonic() - began
    wrong = []
    found = await Alone.after(here, here.me.messages)
    wrong += [
        f"{was!r} instead of {of_rules!r}"
        for was, of_rules in zip(astuple(found), astuple(rules), strict=True)
        if was != of_rules
    ]
    if called and here.counted(counter) != before + 1:
        wrong.append(f"not counted as {called}")
    if len(here.model.bodies) > step + how.get("times", 1):
        wrong.append(f"asked {len(here.model.bodies)} times")
    return Fall(name, step, seconds, "; ".join(wrong))


async def _work(database_url: str, thinks_s: float, todo: list[tuple[str, int]], done: list[Fall]) -> None:
    """Falls of `todo`, one after another, in a shop of this worker's own."""
    pool = await db.open_pool(database_url)
    with tempfile.TemporaryDirectory() as scratch:
        async with rolled_back(database_url) as connection, room(connection, pool, Path(scratch)) as here:
            here.model.thinks_for_s = thinks_s
            rules = await alone(here)
            while todo:
                done.append(await fall(here, *todo.pop(), rules))
    await pool.close()


async def _main(thinks_s: float) -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    todo = [(name, step) for step in range(STEPS) for name in FAULTS]
    done: list[Fall] = []
    async with fresh_engine() as engines:
        urls = await _databases(engines)
        await asyncio.gather(*[_work(url, thinks_s, todo, done) for url in urls])
    figures = summary(done)
    for one in figures["wrong"]:
        print(one)
    print(json.dumps(figures, ensure_ascii=False))
    return 1 if figures["wrong"] else 0


async def _databases(engines: embedded.Engines) -> list[str]:
    """One for each worker: the shop's rows of two transactions would wait for each other."""
    assert engines.postgres is not None
    urls = [await engines.postgres.make_database(f"falls_{number}") for number in range(_AT_ONCE)]
    for url in urls:
        await db.migrate(url)
    return urls


def summary(done: Sequence[Fall]) -> dict[str, Any]:
    """The figures: seconds from the turn's begin to its answer."""
    seconds = sorted(one.seconds for one in done)
    slowest = max(done, key=lambda one: one.seconds)
    return {
        "falls": len(done), "ways": len({one.name for one in done}), "p50": round(seconds[len(seconds) // 2], 2),
        "p95": round(seconds[int(len(seconds) * 0.95)], 2), "max": round(slowest.seconds, 2), "slowest": slowest.name,
        "wrong": [asdict(one) for one in done if one.wrong],
    }  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--thinks", type=float, default=1.0)
    sys.exit(asyncio.run(_main(parser.parse_args().thinks)))
