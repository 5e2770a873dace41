"""The jobs that come round: stock is freed by the database's clock, a dead token is told once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from bot import health
from bot.app import App
from bot.cron import JOBS, Clockwork, Tick, jobs, tokens
from kit import clock
from kit import db as database
from kit.config import Config, InstagramConfig, TelegramConfig
from kit.db import Pool, transaction
from kit.errors import Unavailable
from tests.orders_shop import OneShop, fill_shop, left, make_shop, order_of, said
from tests.queueing import app_of, running, until

HOUR = timedelta(hours=1)
_STAFF = "SELECT payload FROM outbox WHERE shop_id = 'lola' AND key = 'staff:' ORDER BY id"


@pytest.fixture(autouse=True)
def right_again() -> Iterator[None]:
    yield
    clock.shift(timedelta())
    clock.misset(timedelta())
    clock._skew = timedelta()


@pytest.fixture
def app(own_db: Pool, config: Config) -> App:
    return app_of(own_db, config, shops=OneShop(make_shop()))


async def tick(pool: Pool, name: str = "job") -> Tick:
    row = await pool.fetchrow(
        "INSERT INTO cron (name, every, epoch) VALUES ($1, '1 s', 1)"
        " ON CONFLICT (name) DO UPDATE SET epoch = cron.epoch + 1 RETURNING name, epoch, next_at, now()",
        name,
    )
    assert row
    return Tick(row[0], row[1], row[2], clock.world(row[3]))


# ---- orders ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [5 * HOUR, timedelta(days=30), -5 * HOUR])
async def test_a_machine_with_a_wrong_clock_frees_nothing_early_or_late(app: App, wrong: timedelta) -> None:
    await fill_shop(app.db)
    clock.misset(wrong)
    await clock.agree(app.db)  # as `run` does before it serves
    async with transaction(app.db) as tx:
        order = await order_of(tx, make_shop(), now=clock.now())
    await jobs.expire(app, await tick(app.db))
    assert await left(app.db, "GUL", "") == 9
    now = await app.db.fetchval("SELECT now()")
    ends = await app.db.fetchval("SELECT expires_at FROM orders WHERE shop_id = 'atir' AND number = $1", order.number)
    assert ends > now + timedelta(minutes=30)  # the hold, not the hold less five hours
    clock.misset(timedelta(days=-30))  # another machine, as wrong in its own way, has the tick
    clock.shift(ends - now + timedelta(seconds=1))
    await jobs.expire(app, await tick(app.db))
    assert await left(app.db, "GUL", "") == 10


async def test_a_reminder_is_said_once_by_however_many_processes(app: App) -> None:
    await fill_shop(app.db)
    async with transaction(app.db) as tx:
        await order_of(tx, make_shop(), now=clock.now())
    due = await app.db.fetchrow("SELECT remind_at, expires_at, now() AS now FROM orders WHERE shop_id = 'atir'")
    assert due
    clock.shift(due["remind_at"] - due["now"] + timedelta(seconds=5))
    every = {"remind": (timedelta(0), jobs.remind)}
    async with running(Clockwork(app, every, look_s=0.01).run), running(Clockwork(app, every, look_s=0.01).run):

        async def reminded() -> bool:
            return bool(await said(app.db))

        await until(reminded)
        await until(lambda: _epoch_past(app.db, 10))
    assert len(await said(app.db)) == 1
    assert await left(app.db, "GUL", "") == 9


async def _epoch_past(pool: Pool, number: int) -> bool:
    return bool(await pool.fetchval("SELECT epoch > $1 FROM cron WHERE name = 'remind'", number))


def test_all_that_must_come_round_does() -> None:
    assert set(JOBS) >= {"expire", "remind", "ping", "index_photos", "tokens", "forget"}
    assert JOBS["expire"][0] <= timedelta(seconds=30)  # no unit stranded later than expiry + 60 s


# ---- tokens ----------------------------------------------------------------------------------------------------------


class Line:
    """A channel that says who it is, or what `fails` holds."""

    def __init__(self) -> None:
        self.fails: Unavailable | None = None
        self.asked = 0

    async def me(self) -> dict[str, Any]:
        self.asked += 1
        if self.fails:
            raise self.fails
        return {"username": "shop"}


REFUSED = Unavailable("Telegram refuses the token", code="401", retry_after=60)


@pytest.fixture
def line(app: App) -> Line:
    set_tokens(app, "700001:one-token", "IGAA-token")
    line = Line()
    for name in ("telegram", "instagram"):
        app.channels[("lola", name)] = line  # type: ignore[assignment]
        app.states[("lola", name)] = "ok"
    return line


def set_tokens(app: App, telegram: str, instagram: str) -> None:
    shop = app.config.shops["lola"].model_copy(
        update={
            "telegram": TelegramConfig(token=SecretStr(telegram)),
            "instagram": InstagramConfig(account_id="1784", token=SecretStr(instagram)),
        }
    )
    app.config = app.config.model_copy(update={"shops": {"lola": shop}})


async def told(app: App) -> list[dict[str, Any]]:
    return [row["payload"]["facts"] for row in await app.db.fetch(_STAFF)]


async def test_a_dead_token_is_told_once_and_shows_until_it_is_replaced(app: App, line: Line) -> None:
    await tokens.check(app, await tick(app.db))
    assert await told(app) == [] and await tokens.states(app.db, app.config) == {}
    line.fails = REFUSED
    for _ in range(3):
        await tokens.check(app, await tick(app.db))
    assert sorted(facts["channel"] for facts in await told(app)) == ["instagram", "telegram"]
    assert {facts["what"] for facts in await told(app)} == {"token"}
    assert set((await tokens.states(app.db, app.config)).values()) == {"token refused"}
    set_tokens(app, "700001:another-token", "IGAA-token")  # connected just now: not judged by the old one
    assert list(await tokens.states(app.db, app.config)) == [("lola", "instagram")]
    line.fails = None
    await tokens.check(app, await tick(app.db))
    assert await tokens.states(app.db, app.config) == {}
    line.fails = REFUSED
    await tokens.check(app, await tick(app.db))
    assert len(await told(app)) == 3  # the new telegram token died too; of the instagram one staff have heard


@pytest.mark.parametrize("code", ["network", "5xx", "429", "409"])
async def test_a_platform_that_does_not_answer_says_nothing_about_the_token(app: App, line: Line, code: str) -> None:
    line.fails = Unavailable("no", code=code)
    await tokens.check(app, await tick(app.db))
    assert await told(app) == [] and await tokens.states(app.db, app.config) == {}


async def test_who_lost_the_tick_tells_nobody(app: App, line: Line) -> None:
    mine = await tick(app.db)
    await tick(app.db)  # another process has it by now
    line.fails = REFUSED
    with pytest.raises(Exception, match="not ours"):
        await tokens.check(app, mine)
    assert await told(app) == []


async def test_every_process_shows_what_one_found(app: App, line: Line, redis: Any) -> None:
    app.redis = redis
    line.fails = REFUSED
    await tokens.check(app, await tick(app.db))
    await app.db.execute("INSERT INTO workers (name) VALUES ('test')")
    state = await health.readiness(app)
    assert state["ready"] and set(state["channels"].values()) == {"token refused"}  # shown, never as not ready


async def test_nothing_of_a_token_stands_in_the_database(app: App, line: Line) -> None:
    line.fails = REFUSED
    await tokens.check(app, await tick(app.db))
    rows = await app.db.fetch("SELECT c::text AS c FROM channel_states c UNION ALL SELECT o::text FROM outbox o")
    assert rows and not any("one-token" in row["c"] or "IGAA" in row["c"] for row in rows)
    async with database.transaction(app.db) as tx:
        assert await tx.fetchval("SELECT count(*) FROM channel_states WHERE shop_id = 'lola'") == 2
