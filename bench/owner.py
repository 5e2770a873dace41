"""The owner of a shop in the eval: presses, replies and ships in her own Telegram chat, behind the fake server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from kit import db
from shop import staff
from tests.fakes.telegram import BotAccount, FakeTelegram


class Owner:
    """One owner. `settle` waits until the shop is silent."""

    def __init__(
        self,
        world: FakeTelegram,
        pool: db.Pool,
        shop_id: str,
        bot: BotAccount,
        settle: Callable[[], Awaitable[list[str]]],
    ) -> None:
        self.world, self.pool, self.shop_id, self.bot, self.settle = world, pool, shop_id, bot, settle
        self.person = world.person("Egasi", language="uz")

    async def hire(self) -> None:
        """She claims the shop."""
        async with db.transaction(self.pool) as tx:
            code = await staff.make_code(tx, self.shop_id)
        await self.world.text(self.person, f"/claim {code}", bot=self.bot)
        await self.settle()

    async def act(self, what: dict[str, Any]) -> None:
        """One `staff` turn of a script (tests/dialogues/README.md says what there is). LookupError: no such button."""
        [(verb, value)] = what.items()
        if verb == "deal":
            await self._deal(value)
        elif verb == "reply":
            await self.world.text(self.person, value, reply_to=self._newest()["message_id"], bot=self.bot)
        elif verb == "ship":
            await self.world.text(self.person, f"/ship {await self._number()} TR0001", bot=self.bot)
        else:
            wanted = {
                "stock": "s:there:" if value else "s:none:",
                "money": ("s:rseen:", "s:rsum:", "s:seen:") if value else ("s:rreject:", "s:reject:"),
                "back": "s:back:",
                "delivered": f"s:deliver:{await self._number()}" if verb == "delivered" else "",
            }[verb]
            await self._press(wanted)

    async def _deal(self, price: int | str) -> None:
        try:
            await self._press(f"s:deal:{price}:")
        except LookupError:
            if price == "no":
                raise
            await self._press("s:deal:sum:")
            await self.settle()
            await self.world.text(self.person, str(price), bot=self.bot)

    async def _press(self, prefixes: str | tuple[str, ...]) -> None:
        for message in reversed(self.world.messages[self.person.id].values()):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if button.get("callback_data", "").startswith(prefixes):
                        await self.world.press_token(self.person, button["callback_data"], message, bot=self.bot)
                        return
        raise LookupError(f"staff find no {prefixes}")

    def _newest(self) -> dict[str, Any]:
        """The newest card."""
        for message in reversed(self.world.messages[self.person.id].values()):
            if message["from"]["id"] != self.person.id and message.get("reply_markup"):
                return message
        raise LookupError("staff find no card")

    async def _number(self) -> int:
        return int(await self.pool.fetchval("SELECT max(number) FROM orders WHERE shop_id = $1", self.shop_id) or 0)
