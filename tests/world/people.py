"""A chat as a person of the world has it: says, presses, waits like people do, and says it again when nothing comes."""

from __future__ import annotations

import asyncio
import random
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.people import Person
from tests.fakes.shoppers import Shopper
from tests.world.shops import WorldShop

if TYPE_CHECKING:
    from tests.world.platforms import ChaosGraph, ChaosTelegram

REPEATS = 4  # a person writes the same words so often before giving up


@dataclass(frozen=True)
class Heard:
    """A message of the shop's: words and the tokens of its buttons."""

    text: str
    tokens: tuple[str, ...] = ()

    def token(self, start: str) -> str:
        """The first button whose token begins so, or ""."""
        return next((one for one in self.tokens if one.startswith(start)), "")


@dataclass
class Tally:
    """What people did and how long they waited."""

    messages: int = 0
    repeated: int = 0
    gave_up: list[str] = field(default_factory=list)
    intents: dict[str, Intent] = field(default_factory=dict)
    presses: list[tuple[str, str, str]] = field(default_factory=list)  # shop, person, token
    strangers: list[tuple[str, str]] = field(default_factory=list)  # shop, who must not act there
    waits: list[float] = field(default_factory=list)
    cards: set[str] = field(default_factory=set)  # typed by people: kept nowhere
    payments: dict[str, str] = field(default_factory=dict)  # transaction id of a receipt -> intent
    beside: Callable[[str], None] = lambda who: None

    def wrote(self, who: str) -> None:
        """Somebody said or pressed something; whoever stands beside hears of it too."""
        self.messages += 1
        self.beside(who)


@dataclass
class Intent:
    """A wish to buy. `house` stands in the address of its order and of no other; `placed`: the person saw the card."""

    house: str
    shop: str
    chat: str
    sku: str
    qty: int
    placed: bool = False
    confirmed: bool = False


class Talk(ABC):
    """One person's chat with one shop. `patience_s`: how long silence lasts before the words are said again."""

    def __init__(self, shop: WorldShop, tally: Tally, dice: random.Random, patience_s: float) -> None:
        self.shop = shop
        self.tally = tally
        self.dice = dice
        self.patience_s = patience_s
        self.read = 0

    @property
    @abstractmethod
    def key(self) -> str:
        """The chat as the ledger names it."""

    @abstractmethod
    async def send(self, text: str) -> None:
        """Write."""

    @abstractmethod
    async def send_photo(self, data: bytes) -> None:
        """Send a picture."""

    @abstractmethod
    async def send_press(self, token: str) -> None:
        """Press the newest button with this token."""

    @abstractmethod
    def heard(self) -> list[Heard]:
        """Everything the shop has said here."""

    @abstractmethod
    async def news(self, timeout: float) -> bool:
        """Wait for something new."""

    # ---- like people do ----

    def new(self) -> list[Heard]:
        """What was said since the last `mark`."""
        return self.heard()[self.read :]

    def mark(self) -> None:
        """Everything so far is read."""
        self.read = len(self.heard())

    async def ask(self, text: str, wanted: Callable[[Heard], Any] = lambda heard: True) -> Heard | None:
        """Say `text` and wait for an answer that is `wanted`; repeated when nothing at all comes, None in the end."""
        self.mark()
        return await self._until(lambda: self.send(text), wanted, text)

    async def press(self, token: str, wanted: Callable[[Heard], Any] = lambda heard: True) -> Heard | None:
        """Press and wait; pressed again when nothing comes."""
        self.mark()
        return await self._until(lambda: self.send_press(token), wanted, token)

    async def show(self, data: bytes) -> Heard | None:
        """Send a picture and wait."""
        self.mark()
        return await self._until(lambda: self.send_photo(data), lambda heard: True, "a picture")

    async def _until(self, act: Callable[[], Any], wanted: Callable[[Heard], Any], what: str) -> Heard | None:
        for again in range(REPEATS):
            self.tally.wrote(self.key)
            self.tally.repeated += again > 0
            began = time.monotonic()
            await act()
            heard = await self._listen(wanted, began)
            if heard is not None:
                self.tally.waits.append(time.monotonic() - began)
                return heard
            if self.new():
                return None  # answered, but with something else
        self.tally.gave_up.append(f"{self.shop.id} {self.key}: {what}")
        return None

    async def _listen(self, wanted: Callable[[Heard], Any], began: float) -> Heard | None:
        while (left := began + self.patience_s - time.monotonic()) > 0:
            if found := next((one for one in self.new() if wanted(one)), None):
                return found
            # something else came: the rest of the answer is not far
            await self.news(min(left, 3.0) if self.new() else left)
            if self.new() and not any(wanted(one) for one in self.new()) and time.monotonic() - began > 8.0:
                return None
        return next((one for one in self.new() if wanted(one)), None)


class TelegramTalk(Talk):
    """In Telegram."""

    def __init__(self, world: ChaosTelegram, person: Person, *rest: Any) -> None:
        super().__init__(*rest)
        self.world = world
        self.person = person
        self.bot = world.bots[self.shop.token]

    @property
    def key(self) -> str:
        return f"telegram:{self.person.id}"

    async def send(self, text: str) -> None:
        await self.world.text(self.person, text, bot=self.bot)

    async def send_photo(self, data: bytes) -> None:
        await self.world.photo(self.person, data, bot=self.bot)

    async def send_press(self, token: str) -> None:
        await self.world.press(self.person, token, bot=self.bot)

    def messages(self) -> list[dict[str, Any]]:
        """The bot's messages as they look now."""
        return [one for one in self.world.messages[self.person.id].values() if one["from"]["id"] == self.bot.id]

    def heard(self) -> list[Heard]:
        return [
            Heard(
                one.get("text") or one.get("caption") or "",
                tuple(
                    button["callback_data"]
                    for row in one.get("reply_markup", {}).get("inline_keyboard", ())
                    for button in row
                    if "callback_data" in button
                ),
            )
            for one in self.messages()
        ]

    async def news(self, timeout: float) -> bool:
        return await self.world.news(self.key, timeout)


class InstagramTalk(Talk):
    """In Instagram."""

    def __init__(self, world: ChaosGraph, person: Shopper, *rest: Any) -> None:
        super().__init__(*rest)
        self.world = world
        self.person = person

    @property
    def key(self) -> str:
        return f"instagram:{self.person.id}"

    async def send(self, text: str) -> None:
        await self.world.text(self.person, text, account=self.shop.account)

    async def send_photo(self, data: bytes) -> None:
        await self.world.image(self.person, data, account=self.shop.account)

    async def send_press(self, token: str) -> None:
        await self.world.tap(self.person, token, account=self.shop.account)

    def heard(self) -> list[Heard]:
        return [
            Heard(one.get("text", ""), tuple(reply["payload"] for reply in one.get("quick_replies", ())))
            for one in self.person.inbox
        ]

    async def news(self, timeout: float) -> bool:
        return await self.world.news(self.key, timeout)


async def pause(dice: random.Random, most: float) -> None:
    """Somebody reads and types."""
    await asyncio.sleep(dice.uniform(0, most))
