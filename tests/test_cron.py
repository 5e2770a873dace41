"""Ticks of periodic work: one process each, whatever dies, freezes, fails or takes long."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.cron import Clockwork, Job, Tick
from kit import db as database
from kit.config import Config
from kit.errors import Fenced
from shop.audit import note
from tests.queueing import app_of, running, until

ROOT = Path(__file__).parents[1]
SECOND = timedelta(seconds=1)
_STATE = "SELECT epoch, next_at, lease_until, next_at > now() AS later FROM cron WHERE name = $1"


def jobs(job: Job, every: timedelta = SECOND, name: str = "job") -> dict[str, tuple[timedelta, Job]]:
    return {name: (every, job)}


@pytest.fixture
def app(own_db: database.Pool, config: Config) -> App:
    return app_of(own_db, config)


async def test_missed_ticks_are_made_up_once(app: App) -> None:
    ticks: list[Tick] = []

    async def job(_app: App, tick: Tick) -> None:
        ticks.append(tick)

    await app.db.execute(
        "INSERT INTO cron (name, every, next_at) VALUES ('job', '1 minute', now() - interval '3 hours')"
    )
    async with running(Clockwork(app, jobs(job, timedelta(minutes=1)), look_s=0.02).run):
        await until(lambda: bool(ticks))
        await asyncio.sleep(0.2)
    assert len(ticks) == 1
    assert (await app.db.fetchrow(_STATE, "job"))["later"]


async def test_a_job_that_fails_is_logged_and_comes_again_and_holds_no_other(app: App) -> None:
    seen = Counter[str]()

    async def fails(_app: App, _tick: Tick) -> None:
        seen["fails"] += 1
        raise ZeroDivisionError

    async def works(_app: App, _tick: Tick) -> None:
        seen["works"] += 1

    both = jobs(fails, timedelta(milliseconds=50), "fails") | jobs(works, timedelta(milliseconds=50), "works")
    async with running(Clockwork(app, both, look_s=0.02).run):
        await until(lambda: seen["fails"] > 2 and seen["works"] > 2)
    assert b'sotuv_errors_total{where="cron:fails"}' in app.metrics.text()


async def test_a_long_job_does_not_hold_up_another(app: App) -> None:
    """An import of a thousand photos must not keep stock from being freed."""
    seen = Counter[str]()

    async def long(_app: App, _tick: Tick) -> None:
        await asyncio.sleep(60)

    async def short(_app: App, _tick: Tick) -> None:
        seen["short"] += 1

    both = jobs(long, SECOND, "long") | jobs(short, timedelta(milliseconds=50), "short")
    clockwork = Clockwork(app, both, look_s=0.02)
    stop = asyncio.Event()
    task = asyncio.ensure_future(clockwork.run(stop))  # noqa: TID251  cancelled below
    await until(lambda: seen["short"] > 3)
    for job in clockwork._running.values():
        job.cancel()
    stop.set()
    await task
    # what was cut off is free at once for another process
    assert (await app.db.fetchrow(_STATE, "long"))["lease_until"] is None


@pytest.mark.slow
async def test_a_lease_is_renewed_while_the_job_runs(app: App) -> None:
    at_once, most = 0, 0

    async def job(_app: App, _tick: Tick) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(1.2)
        at_once -= 1

    one = Clockwork(app, jobs(job, timedelta(0)), lease_s=0.4, look_s=0.02)
    other = Clockwork(app, jobs(job, timedelta(0)), lease_s=0.4, look_s=0.02)
    async with running(one.run), running(other.run):
        await asyncio.sleep(2.0)
    assert most == 1


async def test_a_job_that_hangs_is_cut_off(app: App) -> None:
    ended: list[str] = []

    async def job(_app: App, _tick: Tick) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("cut")

    async with running(Clockwork(app, jobs(job, timedelta(hours=1)), longest_s=0.2, look_s=0.02).run):
        await until(lambda: bool(ended))
        await until(lambda: ended == ["cut"])
        await asyncio.sleep(0.2)
    assert (await app.db.fetchrow(_STATE, "job"))["later"]


async def test_who_lost_the_tick_can_neither_write_nor_end_it(app: App) -> None:
    """A frozen machine wakes up: another one has the tick by now."""
    held: list[Tick] = []
    outcome: list[str] = []

    async def frozen(_app: App, tick: Tick) -> None:
        held.append(tick)
        await app.db.execute(
            "UPDATE cron SET epoch = epoch + 1, lease_until = now() + interval '1 hour' WHERE name = 'job'"
        )
        try:
            async with database.transaction(app.db) as tx:
                await tick.fence(tx)
                outcome.append("wrote")
        except Fenced:
            outcome.append("fenced")
            raise

    async with running(Clockwork(app, jobs(frozen), look_s=0.02).run):
        await until(lambda: bool(outcome))
        await asyncio.sleep(0.1)
    state = await app.db.fetchrow(_STATE, "job")
    assert outcome == ["fenced"]
    assert state["epoch"] == held[0].epoch + 1 and state["lease_until"] is not None and not state["later"]


async def test_a_job_whose_lease_is_lost_is_cut_off(app: App) -> None:
    ended: list[str] = []

    async def job(_app: App, _tick: Tick) -> None:
        await app.db.execute(
            "UPDATE cron SET epoch = epoch + 1, lease_until = now() + interval '1 hour' WHERE name = 'job'"
        )
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            ended.append("cut")
            raise

    async with running(Clockwork(app, jobs(job), lease_s=0.4, look_s=0.02).run):
        await until(lambda: bool(ended), 5.0)
    assert (await app.db.fetchrow(_STATE, "job"))["lease_until"] is not None


# ---- processes -------------------------------------------------------------------------------------------------------

_CHILD = """
import asyncio, sys
from datetime import timedelta
from bot.cron import Clockwork
from kit import db
from kit.config import Config, ShopConfig
from shop.audit import note
from tests.conftest import SHOP
from tests.queueing import app_of

async def job(app, tick):
    await asyncio.sleep(0.05)
    async with db.transaction(app.db) as tx:
        await tick.fence(tx)
        await note(tx, "lola", sys.argv[2], "ticked", tick.name, at=tick.at.isoformat())

async def main():
    pool = await db.open_pool(sys.argv[1], 4)
    app = app_of(pool, Config(shops={"lola": ShopConfig(folder=SHOP)}))
    jobs = {f"job{n}": (timedelta(seconds=0.4 + n / 20), job) for n in range(5)}
    look_s = {"a": 0.07, "b": 0.09, "c": 0.11}[sys.argv[2]]  # looks in step would let one process win all the time
    await Clockwork(app, jobs, lease_s=1.5, look_s=look_s).run(asyncio.Event())

asyncio.run(main())
"""


@pytest.mark.slow
async def test_three_processes_one_killed_one_frozen_and_a_tick_runs_again_only_for_those(
    own_db: database.Pool, db_url: str
) -> None:
    children = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", _CHILD, db_url, name, cwd=ROOT) for name in "abc"
    ]

    async def ticks() -> list[tuple[str, str, str]]:
        rows = await own_db.fetch(
            "SELECT actor, about, data->>'at' AS at FROM audit WHERE shop_id = 'lola' AND verb = 'ticked' ORDER BY id"
        )
        return [(row["actor"], row["about"], row["at"]) for row in rows]

    async def enough(number: int) -> bool:
        return len(await ticks()) >= number

    async def all_three() -> bool:
        return len({actor for actor, _, _ in await ticks()}) == 3

    try:
        await until(all_three, 30)
        children[0].kill()
        await children[0].wait()
        os.kill(children[1].pid, signal.SIGSTOP)
        before = len(await ticks())
        await until(lambda: enough(before + 10), 20)
        os.kill(children[1].pid, signal.SIGCONT)
        await until(lambda: enough(before + 25), 20)
    finally:
        for child in children:
            if child.returncode is None:
                child.kill()
                await child.wait()
    done = await ticks()
    doers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for actor, about, at in done:
        doers[about, at].append(actor)
    # again only where a stroke fell between a job's own commit and the end of its tick
    again = [actors for actors in doers.values() if len(actors) > 1]
    assert all(len(actors) == 2 and actors[0] in ("a", "b") for actors in again) and len(again) <= 10, again
    assert len({actor for actor, _, _ in done}) == 3
    assert {about for _, about, _ in done} == {f"job{n}" for n in range(5)}


async def test_the_trail_of_a_tick_is_fenced(app: App) -> None:
    """The effect and the claim of a tick are one truth: a fence in the same transaction."""
    await app.db.execute("INSERT INTO cron (name, every, epoch) VALUES ('job', '1 s', 4)")
    mine = Tick("job", 4, *await app.db.fetchrow("SELECT now(), now()"))
    async with database.transaction(app.db) as tx:
        await mine.fence(tx)
        await note(tx, "lola", "cron", "ticked")
    with pytest.raises(Fenced):
        async with database.transaction(app.db) as tx:
            await Tick("job", 3, mine.at, mine.now).fence(tx)
