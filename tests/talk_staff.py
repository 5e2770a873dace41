"""The owner in a scripted conversation: presses, replies and ships through `bot.staff`, in the test's transaction.

What a press is: the newest card of this shopper that has such a button. A script that asks for a button nobody was
shown fails with its name; so a haggle that never reached staff is seen.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from bot import staff
from bot.app import App
from kit import clock, db
from kit.message import Chat, Incoming, load_notice
from shop import staff as members
from shop.shops import Shop
from tests.queueing import app_of

_PAUSE_MINUTES = 30


class NoSuchButton(LookupError):
    """The script presses what no card of this shopper offers."""


class _OneConnection:
    """Stands for a pool: everything happens on the connection of the test, to be rolled back with it."""

    def __init__(self, connection: db.Tx) -> None:
        self.connection = connection

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[db.Tx]:
        yield self.connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)


class _OneShop:
    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    async def get(self, shop_id: str) -> Shop:
        return self.shop


class Owner:
    """The one owner of the shop. `taps` counts what she pressed."""

    def __init__(self, connection: db.Tx, shop: Shop, shopper: Chat, now: datetime) -> None:
        self.shop, self.shopper, self.now = shop, shopper, now
        self.chat = Chat(shop.id, "telegram", "777")
        self.db = connection
        pool = cast("db.Pool", _OneConnection(connection))
        config = cast(Any, SimpleNamespace(shops={}))
        self.app: App = app_of(pool, config, shops=_OneShop(shop))
        self.events = 0
        self.taps = 0
        self.hired = False

    async def act(self, what: dict[str, Any]) -> None:
        """One `staff` turn of a script (tests/dialogues/README.md says what there is)."""
        [(verb, value)] = what.items()
        clock.shift(self.now - clock.now())
        try:
            await self._hire()
            await self._read_cards()
            await getattr(self, f"_{verb}")(value)
        finally:
            clock.shift(timedelta())

    # ---- the verbs ----

    async def _deal(self, price: int | str) -> None:
        try:
            await self._press(f"s:deal:{price}:")
        except NoSuchButton:
            if price == "no":
                raise
            await self._press("s:deal:sum:")
            await self._event(text=str(price))

    async def _stock(self, there: bool) -> None:
        await self._press("s:there:" if there else "s:none:")

    async def _money(self, seen: bool) -> None:
        await self._press(*(("s:rseen:", "s:rsum:", "s:seen:") if seen else ("s:rreject:", "s:reject:")))

    async def _ship(self, _: bool) -> None:
        self.taps += 1
        await self._event(kind="command", text=f"/ship {await self._number()} TR0001")

    async def _delivered(self, _: bool) -> None:
        self.taps += 1
        await self._event(kind="button", button=f"s:deliver:{await self._number()}", press_id=f"o{self.events}")

    async def _reply(self, text: str) -> None:
        card = await self.db.fetchval(
            "SELECT id FROM outbox WHERE shop_id = $1 AND key = $2 AND shopper = $3 ORDER BY id DESC LIMIT 1",
            self.shop.id, self.chat.key, self.shopper.key,
        )  # fmt: skip
        if card is None:
            raise NoSuchButton("no card to reply to")
        await self.db.execute(
            "UPDATE outbox SET status = 1, provider_id = 'm' || id WHERE shop_id = $1 AND id = $2", self.shop.id, card
        )
        await self._event(text=text, reply_to=f"m{card}")
        # the pause is counted from the database's clock; this conversation has a clock of its own
        await self.db.execute(
            """UPDATE contacts SET paused_until = $4::timestamptz + $5 * interval '1 minute'
               WHERE shop_id = $1 AND channel = $2 AND id = $3""",
            self.shop.id, self.shopper.channel, self.shopper.id, self.now, _PAUSE_MINUTES,
        )  # fmt: skip

    async def _back(self, _: bool) -> None:
        await self._press("s:back:")

    # ---- the hands ----

    async def _hire(self) -> None:
        if not self.hired:
            code = await members.make_code(self.db, self.shop.id)
            await members.claim(self.db, self.shop.id, "telegram", self.chat.id, self.chat.id, code, language="uz")
            self.hired = True

    async def _read_cards(self) -> None:
        """Expands what waits for staff into cards."""
        rows = await self.db.fetch(
            "SELECT id, payload FROM outbox WHERE shop_id = $1 AND key = 'staff:' AND status = 0 ORDER BY id",
            self.shop.id,
        )
        for row in rows:
            await staff.expand(self.app, self.db, self.shop.id, load_notice(row["payload"]), f"n{row['id']}")
        await self.db.execute(
            "UPDATE outbox SET status = 1 WHERE shop_id = $1 AND key = 'staff:' AND status = 0", self.shop.id
        )

    async def _press(self, *prefixes: str) -> None:
        """The newest button of this shopper's cards whose token begins so; the card is done with afterwards."""
        rows = await self.db.fetch(
            "SELECT id, payload FROM outbox WHERE shop_id = $1 AND key = $2 AND shopper = $3 ORDER BY id DESC",
            self.shop.id, self.chat.key, self.shopper.key,
        )  # fmt: skip
        for row in rows:
            payload = row["payload"] if isinstance(row["payload"], dict) else json.loads(row["payload"])
            for button in (one for line in payload.get("buttons", []) for one in line):
                if button["token"].startswith(prefixes):
                    self.taps += 1
                    await self._event(kind="button", button=button["token"], press_id=f"o{self.events}")
                    if not button["token"].startswith("s:deal:sum"):
                        await self.db.execute("DELETE FROM outbox WHERE shop_id = $1 AND id = $2", self.shop.id, row[0])
                    return
        raise NoSuchButton(" or ".join(prefixes))

    async def _event(self, **parts: Any) -> None:
        self.events += 1
        incoming = Incoming(self.chat, f"o{self.events}", self.chat.id, **parts)

        async def fence(tx: db.Tx) -> None:
            return None

        await staff.handle(self.app, incoming, fence=fence, typed=incoming.text)

    async def _number(self) -> int:
        """The shopper's newest order."""
        number = await self.db.fetchval(
            "SELECT max(number) FROM orders WHERE shop_id = $1 AND channel = $2 AND shopper = $3",
            self.shop.id, self.shopper.channel, self.shopper.id,
        )  # fmt: skip
        if number is None:
            raise NoSuchButton("there is no order")
        return int(number)
