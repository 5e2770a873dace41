"""Periodic work: a row each in `cron`; exactly one process runs each tick, and only the database's clock counts.

A tick that was missed while nothing ran is made up once, not as often as it was missed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from kit import clock, outbox
from kit.db import transaction
from kit.message import Notice
from kit.watch import STORE_AWAY
from orders import order as verbs
from shop import contacts
from shop.hours import add_working
from vision import match

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger(__name__)
Job = Callable[["App"], Awaitable[None]]
LEASE_S = 600.0  # longer than any job here; a process that dies in one gives it to the others after that
TICK_S = 2.0

_CLAIM = """
UPDATE cron SET lease_until = now() + make_interval(secs => $2)
WHERE name IN (
    SELECT name FROM cron WHERE name = ANY($1::text[]) AND next_at <= now()
        AND (lease_until IS NULL OR lease_until < now())
    ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING name
"""


async def expire(app: App) -> None:
    """Orders whose time to pay is over free their goods."""
    await verbs.expire_due(app.db, app.shops, clock.now())


async def remind(app: App) -> None:
    """One reminder before that."""
    await verbs.remind_due(app.db, app.shops, clock.now())


async def ping(app: App) -> None:
    """Staff are reminded once of a hand-over nobody answered for 15 working minutes (SHOP C4; `talk:` in shop.yaml)."""
    now = clock.now()
    for shop_id in app.shops.ids():
        shop = await app.shops.get(shop_id)
        minutes = shop.profile.talk.handover_ping_minutes
        async with transaction(app.db) as tx:
            # a hand-over is at least that old on the wall clock; working time can only be shorter
            waiting = await tx.fetch(
                """SELECT channel, id, handed_at FROM contacts
                   WHERE shop_id = $1 AND handed_over AND pinged_at IS NULL AND handed_at <= $2 FOR UPDATE""",
                shop_id,
                now - timedelta(minutes=minutes),
            )
            for row in waiting:
                if add_working(shop.profile, row["handed_at"], minutes / 60) > now:
                    continue
                person = await contacts.pinged(tx, shop_id, row["channel"], row["id"])
                notice = Notice("handover_again", shopper=person.chat.key)
                idem = f"ping:{person.chat.key}:{row['handed_at'].timestamp()}"
                await outbox.tell_staff(tx, shop_id, notice, idem=idem)


async def index_photos(app: App) -> None:
    """Photos that came with an import or from staff get their vectors."""
    for shop_id in app.shops.ids():
        await match.index_photos(app.db, app.media, shop_id)


# name -> how often, and what; a photo must be found soon after an import, the rest is about minutes
JOBS: dict[str, tuple[timedelta, Job]] = {
    "expire": (timedelta(seconds=20), expire),
    "remind": (timedelta(seconds=60), remind),
    "ping": (timedelta(seconds=60), ping),
    "index_photos": (timedelta(seconds=5), index_photos),
}


async def work(app: App, stop: asyncio.Event, jobs: dict[str, tuple[timedelta, Job]] | None = None) -> None:
    """Runs due jobs until `stop`; a job that fails is logged and comes again at its next time."""
    jobs = JOBS if jobs is None else jobs
    await _announce(app, jobs)
    while not stop.is_set():
        try:
            while not stop.is_set() and await _one(app, jobs):
                pass
        except STORE_AWAY as error:  # the database comes back
            log.warning("cron_waits", error=type(error).__name__)
        try:
            async with asyncio.timeout(TICK_S):
                await stop.wait()
        except TimeoutError:
            continue


async def _announce(app: App, jobs: dict[str, tuple[timedelta, Job]]) -> None:
    await app.db.executemany(
        "INSERT INTO cron (name, every) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET every = EXCLUDED.every",
        [(name, every) for name, (every, _) in jobs.items()],
    )


async def _one(app: App, jobs: dict[str, tuple[timedelta, Job]]) -> bool:
    """Runs one due job; False when none is due here."""
    name = await app.db.fetchval(_CLAIM, list(jobs), LEASE_S)
    if name is None:
        return False
    try:
        await jobs[name][1](app)
    except Exception:  # the edge of a job: one that breaks must not keep the others from their time
        log.exception("cron_job_failed", job=name)
    finally:
        await app.db.execute("UPDATE cron SET next_at = now() + every, lease_until = NULL WHERE name = $1", name)
    return True
