"""What comes round: orders that run out of time, reminders, photos to index, tokens to check, what is kept too long."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.cron import fiscal, tokens
from bot.cron.ticks import Clockwork, Job, Tick
from kit import outbox
from kit.db import transaction
from kit.message import Notice
from orders import order as verbs
from orders import refund_card
from shop import contacts, retention
from shop.hours import add_working
from vision import shelve

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger(__name__)


async def expire(app: App, tick: Tick) -> None:
    """Orders whose time to pay is over free their goods."""
    await verbs.expire_due(app.db, app.shops, tick.now)


async def remind(app: App, tick: Tick) -> None:
    """One reminder before that."""
    await verbs.remind_due(app.db, app.shops, tick.now)


async def ping(app: App, tick: Tick) -> None:
    """Staff are reminded once of a hand-over nobody answered for 15 working minutes (SHOP C4; `talk:` in shop.yaml)."""
    for shop_id in app.shops.ids():
        shop = await app.shops.get(shop_id)
        minutes = shop.profile.talk.handover_ping_minutes
        async with transaction(app.db) as tx:
            # a hand-over is at least that old on the wall clock; working time can only be shorter
            waiting = await tx.fetch(
                """SELECT channel, id, handed_at FROM contacts
                   WHERE shop_id = $1 AND handed_over AND pinged_at IS NULL AND handed_at <= $2 FOR UPDATE""",
                shop_id,
                tick.now - timedelta(minutes=minutes),
            )
            for row in waiting:
                if add_working(shop.profile, row["handed_at"], minutes / 60) > tick.now:
                    continue
                person = await contacts.pinged(tx, shop_id, row["channel"], row["id"])
                notice = Notice("handover_again", shopper=person.chat.key)
                idem = f"ping:{person.chat.key}:{row['handed_at'].timestamp()}"
                await outbox.tell_staff(tx, shop_id, notice, idem=idem)


async def index_photos(app: App, _tick: Tick) -> None:
    """Photos that came with an import or from staff get their vectors: the built-in ones of all shops first."""
    shop_ids = list(app.shops.ids())
    random.shuffle(shop_ids)  # so that the slices of the learned model begin with another shop each time
    await shelve.index_shops(app.db, app.media, shop_ids, app.index, app.indexed, app.eye)


async def forget(app: App, tick: Tick) -> None:
    """What the privacy page promises: months after a person's last word nothing of them is kept."""
    kept = {retention.NOBODY: retention.KEPT_MONTHS}
    for shop_id in app.shops.ids():
        kept[shop_id] = (await app.shops.get(shop_id)).profile.privacy.keep_months
    for shop_id, months in kept.items():
        gone = await retention.forget(app.db, shop_id, months, tick.now)
        if gone.any:
            log.info("forgotten", shop=shop_id, **gone.counts())
    files = await retention.sweep(app.db, app.media, await retention.cut(app.db, min(kept.values()), tick.now))
    if files:
        log.info("files_swept", files=files)


async def forget_cards(app: App, _tick: Tick) -> None:
    """Cards that shoppers gave for a refund are kept for three days at most."""
    for shop_id in app.shops.ids():
        if gone := await refund_card.sweep(app.db, shop_id):
            log.info("refund_cards_forgotten", shop=shop_id, cards=gone)


# name -> how often, and what; a photo must be found soon after an import, the rest is about minutes
JOBS: Mapping[str, tuple[timedelta, Job]] = {
    "expire": (timedelta(seconds=20), expire),
    "remind": (timedelta(seconds=60), remind),
    "ping": (timedelta(seconds=60), ping),
    "index_photos": (timedelta(seconds=5), index_photos),
    "tokens": (timedelta(minutes=5), tokens.check),
    "fiscal": (timedelta(minutes=1), fiscal.work),
    "forget": (timedelta(hours=6), forget),
    "forget_cards": (timedelta(minutes=10), forget_cards),
}


async def work(app: App, stop: asyncio.Event, jobs: Mapping[str, tuple[timedelta, Job]] | None = None) -> None:
    """Runs due jobs until `stop`; a job that fails is logged and comes again at its next time."""
    await Clockwork(app, JOBS if jobs is None else jobs).run(stop)
