"""Puts a process together: every part is made here once and passed on; nothing is built in two places."""

from __future__ import annotations

import structlog

from agent.brain import Brain
from agent.brain_rules import RuleBrain
from bot import staff
from bot.app import App, Staff
from bot.widget.send import WidgetChannel
from cli.stores import Stores
from kit import clock, db
from kit.config import Config
from kit.crypto import Box
from kit.media import Store
from kit.metrics import Metrics
from orders import card
from shop import catalogue
from shop.catalogue import photos
from shop.shops import Shops
from vision.embed_clip import open_clip
from vision.index import open_index

log = structlog.get_logger(__name__)


def build(config: Config, stores: Stores) -> App:
    """The parts of one process, its web chats among them; messengers are added by their own keepers."""
    media = Store(config.data_dir / "media")
    metrics = Metrics()
    app = App(
        config=config,
        db=stores.pool,
        redis=stores.redis,
        shops=Shops(stores.pool, config, media),
        media=media,
        brain=_brain(config, stores, metrics),
        index=open_index(config.vision, stores.pool),
        eye=open_clip(config.vision),
        box=Box(config.data_dir / "secret.key"),
        staff=Staff(staff.handle, staff.expand, staff.overhear),
        clock=clock.now,
        metrics=metrics,
    )
    for shop_id in config.shops:
        app.channels[shop_id, WidgetChannel.name] = WidgetChannel(stores.pool, stores.redis, media)
    return app


def _brain(config: Config, stores: Stores, metrics: Metrics) -> Brain:
    if not config.llm.api_key.get_secret_value():
        return RuleBrain()
    from agent.brain_llm import LlmBrain  # openai takes a second to load: only where there is a key

    return LlmBrain(config.llm, stores.pool, metrics)


async def prepare_shops(app: App) -> None:
    """Before the first message: the cards that the settings name, and the catalogue of a shop that has no products.

    Raises Misconfigured for a shop.yaml that cannot be read.
    """
    for shop_id in app.shops.ids():
        shop = await app.shops.get(shop_id)
        async with db.transaction(app.db) as tx:
            await card.adopt(tx, app.box, shop_id, app.config.shops[shop_id].cards, shop.profile)
        await _first_catalogue(app, shop_id, shop.currency)
        app.shops.forget(shop_id)  # a peer may have read the catalogue in; messages that waited are answered at once


async def _first_catalogue(app: App, shop_id: str, currency: str) -> None:
    """Import folder/catalog.csv while the shop has no products at all; refused rows are in the log."""
    path = app.shops.folder(shop_id) / "catalog.csv"
    if not path.exists() or await app.db.fetchval("SELECT EXISTS (SELECT FROM products WHERE shop_id = $1)", shop_id):
        return
    rows, refused = catalogue.read_rows(path, currency)
    pictures = photos.keep(app.media, path.parent, rows)
    async with db.transaction(app.db) as tx:
        # two processes start at once: the second finds the products
        await tx.execute("SELECT pg_advisory_xact_lock(hashtext($1))", f"catalogue:{shop_id}")
        if await tx.fetchval("SELECT EXISTS (SELECT FROM products WHERE shop_id = $1)", shop_id):
            return
        await catalogue.apply(tx, shop_id, rows, photos=pictures.stored)
    log.info("catalogue_read", shop=shop_id, rows=len(rows), refused=len(refused), photos_missing=len(pictures.missing))
    for row in refused:
        log.warning("catalogue_row_refused", shop=shop_id, line=row.line, why=row.key)
