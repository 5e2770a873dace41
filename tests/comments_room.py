"""A shop with posts on Instagram and in a Telegram channel: the real queue, rules, senders and fake platforms."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from agent.brain_rules import RuleBrain
from bot import deliver, inbox, staff
from bot.app import App, Staff
from bot.instagram import accounts, receive
from bot.telegram import bots
from cli.build import prepare_shops
from kit import cache, clock, tasks
from kit.config import Config, InstagramConfig, MetaConfig, ShopConfig, TelegramConfig, TurnConfig
from kit.crypto import Box
from kit.db import Pool, transaction
from kit.media import Store
from shop import staff as members
from shop.shops import Shops
from tests.fakes.graph import FakeGraph
from tests.fakes.people import Person
from tests.fakes.shoppers import Shopper, words_of
from tests.fakes.telegram import FakeTelegram
from tests.queueing import running, until
from vision.index import PgVector
from vision.shelve import index_photos

ACCOUNT, TOKEN = "178", "111:token-of-nur"
NUR = Path(__file__).parent / "dialogues" / "nur"
PATIENCE_S = 90.0  # aiogram takes a minute to load on a machine that is busy; all else is over in a tenth of a second
TURN = TurnConfig(complete_ms=0, fragment_ms=0, album_ms=0, max_ms=0)


class Room:
    """The running shop `nur`."""

    def __init__(self, app: App, graph: FakeGraph, telegram: FakeTelegram | None) -> None:
        self.app, self.graph, self.telegram = app, graph, telegram

    async def quiet(self) -> None:
        """Until nothing waits to be worked or said."""
        await until(self._idle, PATIENCE_S)

    async def _idle(self) -> bool:
        if self.telegram and any(bot.waiting for bot in self.telegram.bots.values()):
            return False
        return not await self.app.db.fetchval(
            """SELECT (SELECT count(*) FROM inbox WHERE shop_id = 'nur' AND status = 0)
                    + (SELECT count(*) FROM outbox WHERE shop_id = 'nur' AND status IN (0, 2))
                    + (SELECT count(*) FROM lane WHERE shop_id = 'nur' AND owner IS NOT NULL)"""
        )

    async def comment(self, who: Shopper, text: str, post: str, **how: Any) -> tuple[list[str], list[str]]:
        """Somebody comments; what they get privately and what stands under the post since."""
        inbox_before, public_before = len(who.inbox), len(self.graph.answers(post))
        await self.graph.comment(who, text, post=post, **how)
        await self.quiet()
        private = [words_of(one) for one in who.inbox[inbox_before:]]
        return private, [one.text for one in self.graph.answers(post)[public_before:]]

    async def write(self, who: Shopper, text: str) -> list[str]:
        """They write a direct message; the answers."""
        before = len(who.inbox)
        await self.graph.text(who, text)
        await self.quiet()
        return [words_of(one) for one in who.inbox[before:]]

    async def claim(self, owner: Person) -> None:
        """`owner` becomes the owner of the shop, in Telegram."""
        assert self.telegram is not None
        async with transaction(self.app.db) as tx:
            code = await members.make_code(tx, "nur")
        await self.telegram.text(owner, f"/claim {code}")
        await self.quiet()

    async def cards(self) -> list[dict[str, Any]]:
        """Notices to staff about comments."""
        rows = await self.app.db.fetch(
            """SELECT payload FROM outbox
               WHERE shop_id = 'nur' AND key = 'staff:' AND payload ->> 'kind' = 'comment' ORDER BY id"""
        )
        return [row["payload"] for row in rows]


@asynccontextmanager
async def open_room(
    pool: Pool,
    redis: cache.Redis,
    config: Config,
    scratch: Path,
    *,
    public: str = "price",
    telegram: bool = False,
    photos: Mapping[str, bytes] = MappingProxyType({}),
) -> AsyncIterator[Room]:
    """`public`: what the shop wants to be read under its posts. `telegram`: with a bot too. `photos`: of its goods."""
    folder = scratch / "nur"
    shutil.copytree(NUR, folder)
    profile = yaml.safe_load((folder / "shop.yaml").read_text(encoding="utf-8"))
    (folder / "shop.yaml").write_text(yaml.safe_dump({**profile, "comments": {"public": public}}, allow_unicode=True))
    (folder / "photos").mkdir()
    for name, data in photos.items():
        (folder / "photos" / name).write_bytes(data)
    async with AsyncExitStack() as stack:
        graph = await stack.enter_async_context(FakeGraph())
        graph.account(ACCOUNT, "ig-token")
        shop = ShopConfig(folder=folder, instagram=InstagramConfig(account_id=ACCOUNT, token="ig-token"))
        world = await stack.enter_async_context(FakeTelegram()) if telegram else None
        if world is not None:
            world.bot(TOKEN, "nur_bot")
            shop = shop.model_copy(update={"telegram": TelegramConfig(token=TOKEN, api_url=world.url)})
        settings = {
            "shops": {"nur": shop},
            "meta": MetaConfig(graph_url=graph.api, media_hosts=[graph.host]),
            "turn": TURN,
        }
        app = _app(pool, redis, config.model_copy(update=settings))
        await prepare_shops(app)
        if photos:
            await index_photos(pool, app.media, "nur")
        accounts.declare(app)
        bots.declare(app)

        async def deliver_webhook(payload: Any, **_: Any) -> int:
            await inbox.accept(pool, receive.parse({ACCOUNT: "nur"}, payload), TURN)
            graph.delivered.append((payload, 200))
            return 200

        graph.deliver = deliver_webhook  # type: ignore[method-assign]  # the door itself is tested elsewhere
        for work in (accounts.keep, bots.keep, deliver.work, inbox.work):
            await stack.enter_async_context(running(lambda stop, work=work: work(app, stop)))  # type: ignore[misc]
        await until(lambda: all(app.states.values()), PATIENCE_S)
        yield Room(app, graph, world)
    await tasks.stop_all()


def _app(pool: Pool, redis: cache.Redis, config: Config) -> App:
    media = Store(config.data_dir / "media")
    return App(
        config=config,
        db=pool,
        redis=redis,
        shops=Shops(pool, config, media),
        media=media,
        brain=RuleBrain(),
        index=PgVector(pool),
        box=Box(config.data_dir / "secret.key"),
        staff=Staff(staff.handle, staff.expand, staff.overhear),
        clock=clock.now,
    )
