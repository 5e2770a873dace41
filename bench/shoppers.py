"""Scripted shoppers of the eval: each plays one conversation through a fake platform and reads what came back."""

from __future__ import annotations

import asyncio
import json
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import reduce
from pathlib import Path
from typing import Any

from bench.owner import Owner
from kit import db
from orders import order as verbs
from shop import contacts, posts
from tests import script
from tests.drawn_receipts import receipt_png
from tests.fakes.graph import FakeGraph
from tests.fakes.shoppers import words_of
from tests.fakes.telegram import FakeTelegram
from tests.fakes.voice import m4a, ogg
from tests.pictures import as_messenger_sends, unrelated_png
from tests.product import Product

PATIENCE_S = 60.0
ACCOUNT = 17_841_400_000_000_000


@dataclass
class Stage:
    """The running product and the fake world around it."""

    product: Product
    pool: db.Pool
    telegram: FakeTelegram
    graph: FakeGraph
    catalog: dict[str, dict[str, str]]
    photos: Path


@dataclass
class Result:
    """How one conversation went."""

    wrong: list[str] = field(default_factory=list)
    grave: list[str] = field(default_factory=list)
    checks: int = 0
    held: int = 0
    extra: int = 0
    said: list[str] = field(default_factory=list)  # the transcript
    order_right: bool | None = None


class Shopper(ABC):
    """One shopper of one shop: sends turns and reads what came back."""

    def __init__(self, stage: Stage, dialogue: dict[str, Any], shop_id: str) -> None:
        self.stage = stage
        self.dialogue = dialogue
        self.shop_id = shop_id
        self.facts = dialogue["facts"]
        self.result = Result()
        self.read = 0
        self.last: list[str] = []
        self.stuck = False
        self.receipts = 0

    # ---- the platform ----

    @abstractmethod
    async def send(self, turn: dict[str, Any]) -> None:
        """Does what the turn says."""

    @abstractmethod
    def messages(self) -> list[str]:
        """Everything the agent sent so far: texts, captions, then button labels, one a line."""

    # ---- the conversation ----

    async def settle(self) -> list[str]:
        """Waits until the agent is silent; what it said since the last time."""
        deadline = time.monotonic() + PATIENCE_S
        quiet = 0
        while quiet < 2 and time.monotonic() < deadline:
            await asyncio.sleep(0.15)
            waiting = await self.stage.pool.fetchval(
                """SELECT (SELECT count(*) FROM inbox WHERE shop_id = $1 AND status = 0)
                        + (SELECT count(*) FROM outbox WHERE shop_id = $1 AND status IN (0, 2)
                           AND due_at < now() + interval '10 seconds')""",
                self.shop_id,
            )
            quiet = quiet + 1 if waiting == 0 and self.arrived() else 0
        found = self.messages()
        new, self.read = found[self.read :], len(found)
        if new:
            self.last = new
        return new

    def arrived(self) -> bool:
        """Whether the platform has handed over everything the shopper sent."""
        return True

    async def orders(self) -> list[dict[str, Any]]:
        """The shop's records, as `main.py orders --json` prints them."""
        return [line async for line in verbs.list_json(self.stage.pool, self.shop_id)]

    async def say(self, text: str) -> None:
        """One extra message of the simulated shopper."""
        self.result.said.append(f"  > {text}")
        await self.send({"say": text})
        self.result.said += [f"  < {line}" for line in await self.settle()]

    async def fill(self, wanted: int = 1) -> None:
        """Answers the agent's last question until so many orders are placed."""
        known = self.facts | self.facts.get("again", {}) if wanted > 1 else self.facts
        while self.result.extra < script.MOST_EXTRA * wanted:
            if len(script.complete(script.Record(await self.orders()))) >= wanted:
                break
            text, self.stuck = script.fill("\n".join(self.last[-1:]), known, stuck=self.stuck)
            self.result.extra += 1
            await self.say(text)

    async def turn(self, turn: dict[str, Any], pending: list[str]) -> list[str]:
        """Plays one turn; the answers that a later turn of the same burst is judged on."""
        if turn.get("after") == "order" or "receipt" in turn:
            await self.fill()
        self.result.said.append("> " + json.dumps({k: v for k, v in turn.items() if k != "expect"}, ensure_ascii=False))
        if "staff" in turn:
            await self.staff(turn["staff"])
        else:
            await self.send(turn)
        if turn.get("burst"):
            await asyncio.sleep(0.1)
            return pending
        answers = pending + await self.settle()
        self.result.said += [f"< {line}" for line in answers]
        if "expect" in turn:
            self.result.checks += 1
            missed = script.failures(turn["expect"], answers)
            self.result.held += not missed
            self.result.wrong += missed
        if turn.get("silent") and answers:
            self.result.wrong.append("not silent")
        return []

    async def staff(self, what: dict[str, Any]) -> None:
        """The owner does something; a button she was not shown is a fault of the conversation."""
        try:
            await self.owner.act(what)
        except LookupError as missing:
            self.result.wrong.append(str(missing))

    async def play(self) -> Result:
        """The whole conversation and its end."""
        final = self.dialogue["final"]
        pending: list[str] = []
        await self.prepare()
        for turn in self.dialogue["turns"]:
            pending = await self.turn(turn, pending)
        wanted = final["order"]
        if wanted is not None and wanted["status"] != "cancelled":
            await self.fill(final.get("orders", 1))
            if wanted["status"] == "paid" and not any("receipt" in turn for turn in self.dialogue["turns"]):
                await self.turn({"receipt": self.facts["receipt"]}, [])
        record = script.Record(await self.orders(), *(await self.replies()))
        differs = script.compare(final, record, self.stage.catalog)
        self.result.order_right = None if wanted is None else not [one for one in differs if "handoff" not in one]
        self.result.wrong += differs
        self.result.grave = script.grave(final, record, self.stage.catalog)
        return self.result

    async def prepare(self) -> None:
        """What there is before the first word: known posts, an owner where the script has her do something."""
        for number, post in enumerate(self.dialogue.get("posts", [])):
            [(where, code)] = posts.links(post["link"])
            known = {"code": code, "caption": post["caption"], "skus": post["skus"]}
            async with db.transaction(self.stage.pool) as tx:
                await posts.remember(tx, self.shop_id, where, f"post{number}", **known)
        bot = self.stage.telegram.bots[token_of(self.shop_id)]
        self.owner = Owner(self.stage.telegram, self.stage.pool, self.shop_id, bot, self.settle)
        if any("staff" in turn for turn in self.dialogue["turns"]):
            await self.owner.hire()

    async def replies(self) -> tuple[bool, int, int]:
        """Whether a person was called, and how many public and private replies there were."""
        handed = any(line["handed_over"] for line in await contacts.list_json(self.stage.pool, self.shop_id))
        return handed, 0, 0

    def picture(self, turn: dict[str, Any]) -> bytes:
        """The bytes behind a photo or receipt turn."""
        if "receipt" in turn:
            return self.receipt(turn["receipt"])
        if turn["photo"] == "unrelated":
            return unrelated_png(7)
        name = self.stage.catalog[turn["photo"]]["photo"]
        return as_messenger_sends((self.stage.photos / name).read_bytes())

    def receipt(self, what: dict[str, Any]) -> bytes:
        """A screenshot of a payment made just now, with a transaction id of its own."""
        self.receipts += 1
        language = {"uz-cyrl": "uz_Cyrl", "mixed": "uz"}.get(self.dialogue["language"], self.dialogue["language"])
        image = receipt_png(
            what["amount"],
            what["last4"],
            status=what["status"],
            app=what.get("app", "Payme").title(),
            language=language,
            date=datetime.now(UTC) + timedelta(hours=5),
            transaction_id=f"4{_number(self.shop_id):06d}{self.receipts:02d}3",
        )
        return as_messenger_sends(image)


class TelegramShopper(Shopper):
    """A shopper in Telegram."""

    def __init__(self, stage: Stage, dialogue: dict[str, Any], shop_id: str) -> None:
        super().__init__(stage, dialogue, shop_id)
        self.bot = stage.telegram.bots[token_of(shop_id)]
        self.person = stage.telegram.person("Xaridor", language="uz")

    async def send(self, turn: dict[str, Any]) -> None:
        """Through the fake's verbs; a blank text cannot be sent in Telegram and is left out."""
        world, who, bot = self.stage.telegram, self.person, self.bot
        if "photo" in turn or "receipt" in turn:
            await world.photo(who, self.picture(turn), turn.get("caption", ""), bot=bot)
        elif "contact" in turn:
            await world.contact(who, turn["contact"], bot=bot)
        elif "location" in turn:
            await world.location(who, *turn["location"], bot=bot)
        elif turn.get("via") == "voice":
            await world.voice(who, ogg(turn["say"], _spoken_s(turn)), round(_spoken_s(turn)), bot=bot)
        elif turn.get("via") == "sticker":
            await world.sticker(who, turn["say"], bot=bot)
        elif turn["say"].strip():
            await world.text(who, turn["say"], bot=bot)

    def arrived(self) -> bool:
        """Long polling has taken every update."""
        return not self.bot.waiting

    def messages(self) -> list[str]:
        """As the shopper sees them, in order."""
        return [
            _lines(message.get("text") or message.get("caption") or "", message.get("reply_markup") or {})
            for message in self.stage.telegram.messages[self.person.id].values()
            if message["from"]["id"] != self.person.id
        ]


class InstagramShopper(Shopper):
    """A shopper in Instagram's direct messages."""

    def __init__(self, stage: Stage, dialogue: dict[str, Any], shop_id: str) -> None:
        super().__init__(stage, dialogue, shop_id)
        self.person = stage.graph.shopper(f"xaridor_{shop_id}")
        self.account = account_of(shop_id)

    async def send(self, turn: dict[str, Any]) -> None:
        """Through the fake's verbs. Instagram has no contact cards and pins: shoppers type them."""
        world, who = self.stage.graph, self.person
        if "photo" in turn or "receipt" in turn:
            await world.image(who, self.picture(turn), turn.get("caption", ""), account=self.account)
        elif turn.get("via") == "voice":
            sound = world.keep(m4a(turn["say"], _spoken_s(turn)), "audio/mp4")
            await world.attachment(who, "audio", {"url": sound}, account=self.account)
        elif "say" in turn and turn["say"].strip():
            await world.text(who, turn["say"], account=self.account)
        elif "contact" in turn:
            await world.text(who, turn["contact"], account=self.account)

    def messages(self) -> list[str]:
        """As the shopper sees them, in order."""
        return [words_of(message) for message in self.person.inbox]


def _lines(text: str, markup: dict[str, Any]) -> str:
    labels = [button["text"] for row in markup.get("inline_keyboard", []) for button in row]
    return "\n".join([text, *labels])


def _spoken_s(turn: dict[str, Any]) -> float:
    """How long the words of a turn take to say."""
    return 1 + len(turn["say"]) / 14


def token_of(shop_id: str) -> str:
    """A bot token of our own for each shop."""
    return f"{800_000 + _number(shop_id)}:{shop_id}-test-token"


def account_of(shop_id: str) -> str:
    """A professional account of our own for each shop."""
    return str(ACCOUNT + _number(shop_id))


def _number(shop_id: str) -> int:
    """A number of its own, below a million, for the shop of each conversation: a012, u012, gl12."""
    letters = shop_id.rstrip("0123456789")
    nth = reduce(lambda so_far, letter: 27 * so_far + ord(letter) - ord("a") + 1, letters, 0)  # one or two letters
    return 1000 * nth + int(shop_id.removeprefix(letters))
