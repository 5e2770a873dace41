"""Shoppers of the eval who begin under a post: on Instagram, or in the discussion group of a Telegram channel."""

from __future__ import annotations

from typing import Any

from bench.shoppers import InstagramShopper, Shopper, Stage, TelegramShopper
from tests.fakes.people import words_of


class InstagramCommenter(InstagramShopper):
    """Comments under a post with the products' pictures; what is answered there and privately are one talk."""

    def __init__(self, stage: Stage, dialogue: dict[str, Any], shop_id: str) -> None:
        super().__init__(stage, dialogue, shop_id)
        self.post = stage.graph.publish(dialogue["post"]["caption"], *_pictures(self))
        self.direct = int(shop_id[-1]) % 2 == 0  # both shapes of the webhook
        self.seen: list[str] = []
        self.read_here = self.read_there = 0

    async def send(self, turn: dict[str, Any]) -> None:
        """A comment, or a direct message."""
        if turn.get("via") != "comment":
            await super().send(turn)
            return
        await self.stage.graph.comment(
            self.person, turn["say"], post=self.post, account=self.account, direct=self.direct
        )

    def messages(self) -> list[str]:
        """The private ones and what stands under the post, as they came."""
        private, public = super().messages(), [one.text for one in self.stage.graph.answers(self.post)]
        self.seen += private[self.read_here :] + public[self.read_there :]
        self.read_here, self.read_there = len(private), len(public)
        return self.seen

    async def replies(self) -> tuple[bool, int, int]:
        """With the answers under the post and the private replies to comments."""
        handed, _, _ = await super().replies()
        private = [one.private_replies for one in self.stage.graph.comments.values() if one.post == self.post]
        return handed, len(self.stage.graph.answers(self.post)), sum(private)


class TelegramCommenter(TelegramShopper):
    """Comments on a channel's post; before the first private message the button under it opens the bot."""

    def __init__(self, stage: Stage, dialogue: dict[str, Any], shop_id: str) -> None:
        super().__init__(stage, dialogue, shop_id)
        self.channel, self.group = stage.telegram.channel(shop_id), stage.telegram.group(f"{shop_id} chat")
        self.copy = 0
        self.opened = False

    async def send(self, turn: dict[str, Any]) -> None:
        """A comment, or a message to the bot."""
        world, bot = self.stage.telegram, self.bot
        if turn.get("via") != "comment":
            if not self.opened:
                self.opened = True
                await world.text(self.person, f"/start {self._start()}".strip(), bot=bot)
                await self.settle()
            await super().send(turn)
            return
        if not self.copy:
            self.copy = await world.publish(
                self.channel, self.group, self.dialogue["post"]["caption"], *_pictures(self), bot=bot
            )
        await world.text(self.person, turn["say"], chat=self.group, reply_to=self.copy, bot=bot)

    def _start(self) -> str:
        """Where the newest button leads."""
        for message in reversed(self.stage.telegram.seen(self.group)):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if "?start=" in button.get("url", ""):
                        return str(button["url"].partition("?start=")[2])
        return ""

    def messages(self) -> list[str]:
        """What stands in the group, then what the bot wrote privately (nobody comments after that)."""
        return [words_of(one) for one in self.stage.telegram.seen(self.group)] + super().messages()

    async def replies(self) -> tuple[bool, int, int]:
        """With the answers in the group."""
        handed, _, _ = await super().replies()
        return handed, len(self.stage.telegram.seen(self.group)), 0


def _pictures(shopper: Shopper) -> list[bytes]:
    """The pictures of the products of a post, in its order, as far as the shop has drawn ones."""
    skus = [sku for sku in shopper.dialogue["post"]["skus"] if sku in shopper.stage.catalog]
    drawn = [sku for sku in skus if (shopper.stage.photos / shopper.stage.catalog[sku]["photo"]).is_file()]
    return [shopper.picture({"photo": sku}) for sku in drawn]


def shopper_of(dialogue: dict[str, Any]) -> type[InstagramShopper] | type[TelegramShopper]:
    """Who plays a conversation."""
    if dialogue["channel"] == "comment":
        return TelegramCommenter if dialogue.get("platform") == "telegram" else InstagramCommenter
    return InstagramShopper if dialogue["channel"] == "instagram" else TelegramShopper
