"""A shop with an owner who presses, types and replies; cards reach her, words reach the shopper, all in real tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot import staff
from bot.app import App
from kit.config import Config, ShopConfig
from kit.crypto import Box
from kit.db import Pool, Tx, transaction
from kit.media import Store
from kit.message import Chat, Incoming, Media, Reply, load_notice, load_reply
from shop import contacts
from shop import staff as members
from tests.orders_shop import CHAT, fill_shop, make_shop
from tests.queueing import Ledger, app_of

OWNER = Chat("atir", "telegram", "777")


class OwnShops:
    """`shop.shops.Shops` of the one shop of these tests, whose profile answers change in memory."""

    def __init__(self) -> None:
        self.shop = make_shop()
        self.patches: list[dict[str, Any]] = []

    def ids(self) -> list[str]:
        return ["atir"]

    async def get(self, shop_id: str) -> Any:
        return self.shop

    async def save_profile(self, tx: Tx, shop_id: str, patch: dict[str, Any]) -> Any:
        self.patches.append(patch)
        self.shop = make_shop(**patch)
        return self.shop.profile


class Room:
    """Everything one owner does; each verb returns what she read in answer."""

    def __init__(self, pool: Pool, config: Config) -> None:
        self.pool = pool
        self.channel = Ledger()
        shop_config = ShopConfig(folder=next(iter(config.shops.values())).folder)
        self.shops = OwnShops()
        self.app: App = app_of(
            pool,
            config.model_copy(update={"shops": {"atir": shop_config}}),
            shops=self.shops,
            box=Box(config.data_dir / "secret.key"),
            media=Store(config.data_dir / "media"),
        )
        self.app.channels["atir", "telegram"] = self.channel
        self.number = 0
        self.read = 0
        self.sent = 0

    async def furnish(self) -> Room:
        """The goods, a shopper seen before, the owner."""
        async with transaction(self.pool) as tx:
            await fill_shop(tx)
            await contacts.seen(tx, Incoming(CHAT, "s1", CHAT.id, name="Dilnoza"))
            code = await members.make_code(tx, "atir")
        await self.say(f"/claim {code}")
        return self

    async def event(self, incoming: Incoming, typed: str = "") -> bool:
        """One event through `staff.handle`, with a fence that lets it pass."""

        async def fence(tx: Tx) -> None:
            return None

        return await staff.handle(self.app, incoming, fence=fence, typed=typed or incoming.text)

    def incoming(self, **parts: Any) -> Incoming:
        """An event of the owner's chat."""
        self.number += 1
        kind = "command" if str(parts.get("text", "")).startswith("/") else "message"
        made = Incoming(OWNER, f"o{self.number}", OWNER.id, kind=kind, name="Lola", language="uz")
        return replace(made, **parts)

    async def say(self, text: str, **parts: Any) -> list[Reply]:
        """She types."""
        await self.event(self.incoming(text=text, **parts))
        return await self.news()

    async def press(self, token: str, chat: Chat = OWNER) -> list[Reply]:
        """She (or somebody in `chat`) presses a button."""
        self.number += 1
        press = Incoming(chat, f"p{self.number}", chat.id, kind="button", button=token, press_id=f"q{self.number}")
        await self.event(press)
        return await self.news(chat)

    async def photo(self, caption: str, data: bytes) -> list[Reply]:
        """She sends a photo with words."""
        self.channel.files["f1"] = data
        return await self.say(caption, media=(Media("photo", "f1"),))

    async def news(self, chat: Chat = OWNER) -> list[Reply]:
        """What was queued for a chat since the last look."""
        rows = await self.pool.fetch(
            "SELECT id, payload FROM outbox WHERE shop_id = 'atir' AND key = $1 AND id > $2 ORDER BY id",
            chat.key,
            self.read if chat == OWNER else self.sent,
        )
        if rows and chat == OWNER:
            self.read = rows[-1]["id"]
        elif rows:
            self.sent = rows[-1]["id"]
        return [load_reply(row["payload"]) for row in rows]

    async def told(self) -> list[str]:
        """What the shopper was told since the last look."""
        return [reply.text for reply in await self.news(CHAT)]

    async def deliver_notices(self) -> list[Reply]:
        """Expands waiting notices into cards, marks them sent under a platform id; the owner's new cards."""
        async with transaction(self.pool) as tx:
            rows = await tx.fetch(
                "SELECT id, payload FROM outbox WHERE shop_id = 'atir' AND key = 'staff:' AND status = 0"
            )
            for row in rows:
                await staff.expand(self.app, tx, "atir", load_notice(row["payload"]), f"n{row['id']}")
            await tx.execute("UPDATE outbox SET status = 1 WHERE shop_id = 'atir' AND key = 'staff:'")
            await tx.execute(
                """UPDATE outbox SET status = 1, provider_id = 'm' || id
                   WHERE shop_id = 'atir' AND key = $1 AND status = 0""",
                OWNER.key,
            )
        return await self.news()

    async def card_id(self, about: str) -> str:
        """The platform's id of the newest card about something."""
        return str(
            await self.pool.fetchval(
                """SELECT provider_id FROM outbox WHERE shop_id = 'atir' AND key = $1 AND about = $2
                   AND provider_id IS NOT NULL ORDER BY id DESC LIMIT 1""",
                OWNER.key,
                about,
            )
        )


def tokens(reply: Reply) -> list[str]:
    """The tokens of a message's buttons."""
    return [button.token for row in reply.buttons for button in row]
