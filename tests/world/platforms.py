"""The fake platforms with a ledger and a seeded plan of faults.

Honest: what is counted as said stands in the ledger; an event that was not acknowledged is brought again, by polling
because the offset did not move, by webhook until it gets its 2xx.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError, web

from kit import tasks
from tests.fakes.graph import FakeGraph
from tests.fakes.server import Call, Fault
from tests.fakes.shoppers import Shopper
from tests.fakes.telegram import BotAccount, FakeTelegram
from tests.world.plan import Plan

_RETRY_S = (0.2, 0.5, 1.0, 2.0)  # then each 2 s; the real ones wait minutes, a run has not the time


@dataclass
class Said:
    """A message that a platform took from the product. `lost`: its answer did not arrive, by the plan."""

    account: str
    chat: str
    id: str
    text: str
    at: float
    album: str = ""
    lost: bool = False


@dataclass
class Event:
    """Something the platform brought. `place`: its number in the chat's own order; `acked`: the product said 2xx."""

    shop: str
    channel: str
    id: str
    chat: str
    place: int
    at: float
    acked: bool = False
    ordered: bool = False  # this platform never lets an event overtake another


@dataclass
class Ledger:
    """All that happened on the platforms' side."""

    said: list[Said] = field(default_factory=list)
    events: dict[tuple[str, str, str], Event] = field(default_factory=dict)
    deliveries: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)

    def arrived(self, event: Event) -> None:
        """An event exists from now on."""
        event.place = len(self.events)
        self.events.setdefault((event.shop, event.channel, event.id), event)

    def acked(self, shop: str, channel: str, event_id: str) -> None:
        """The product has said that it keeps the event."""
        if event := self.events.get((shop, channel, event_id)):
            event.acked = True


_call: ContextVar[dict[str, Any]] = ContextVar("call")


class _Chaos:
    """Faults by plan instead of by arrangement, and a bell for each chat."""

    plan: Plan
    ledger: Ledger
    platform: str

    def prepare(self, plan: Plan, ledger: Ledger) -> None:
        """Before `start`."""
        self.plan, self.ledger = plan, ledger
        self._made: Counter[str] = Counter()
        self._bells: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.broken = False  # the platform itself is away: every call is cut
        self.brings: dict[str, float] = {}

    def fault_for(self, method: str) -> Fault | None:
        """By the plan; remembered for the call it meets."""
        self._made[method] += 1
        fault = self.plan.fault(method, self._made[method])
        if fault is not None:
            self.ledger.faults[f"{self.platform} {fault.kind}"] += 1
            _call.get({})["fault"] = fault
        return fault

    def record(self, call: Call) -> None:
        """Counted, not kept: ten thousand calls with their pictures are a gigabyte."""
        self._made[f"done {call.method}"] += call.ok

    def stir(self) -> None:
        """Nobody waits for everything here."""

    def note(self, said: Said) -> None:
        """A message was taken from the product."""
        self.ledger.said.append(said)
        _call.get({}).setdefault("said", []).append(said)
        self.ring(said.chat)

    def ring(self, chat: str) -> None:
        """Wake whoever looks at the chat."""
        self._bells[chat].set()

    async def news(self, chat: str, timeout: float) -> bool:
        """Wait until something comes into a chat; False when nothing did."""
        bell = self._bells[chat]
        try:
            async with asyncio.timeout(timeout):
                await bell.wait()
        except TimeoutError:
            return False
        bell.clear()
        return True

    def ended(self) -> None:
        """After a call: what was said in one whose answer is dropped is marked."""
        call = _call.get({})
        fault = call.get("fault")
        if fault is not None and fault.kind == "drop":
            for said in call.get("said", ()):
                said.lost = True

    async def bring(self, event_id: str, once: Any) -> None:
        """Deliver an event as the plan says; `once` makes one try and says whether it was taken."""
        copies = self.plan.copies(event_id)
        self.ledger.deliveries[f"{self.platform} events"] += 1
        self.ledger.deliveries[f"{self.platform} copies"] += len(copies)

        async def one(delay: float) -> None:
            await asyncio.sleep(delay)
            tries = 0
            while not await once():
                self.ledger.deliveries[f"{self.platform} again"] += 1
                await asyncio.sleep(_RETRY_S[min(tries, len(_RETRY_S) - 1)])
                tries += 1

        for delay in copies:
            tasks.start(one(delay), "bring")


class ChaosTelegram(_Chaos, FakeTelegram):
    """The Bot API. A bot's shop is named when it is made: `open_shop`."""

    platform = "telegram"

    def __init__(self, plan: Plan, ledger: Ledger) -> None:
        FakeTelegram.__init__(self)
        self.prepare(plan, ledger)
        self.shops: dict[int, str] = {}

    def open_shop(self, shop_id: str, token: str) -> BotAccount:
        """A bot of a shop."""
        bot = self.bot(token, f"{shop_id}_bot")
        self.shops[bot.id] = shop_id
        return bot

    async def _method(self, request: web.Request) -> web.StreamResponse:
        _call.set({})
        try:
            return await super()._method(request)
        finally:
            self.ended()

    def _post(self, bot: BotAccount, fields: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        message = super()._post(bot, fields, body)
        text = str(body.get("text") or body.get("caption") or "")
        number, album = str(message["message_id"]), str(body.get("media_group_id", ""))
        self.note(Said(self.shops[bot.id], f"telegram:{message['chat']['id']}", number, text, time.time(), album))
        return message

    def arrive(self, update: dict[str, Any], bot: BotAccount | None = None) -> int:
        """An update for a bot."""
        bot = bot or next(iter(self.bots.values()))
        number = update.setdefault("update_id", bot.next_update)
        chat = (update.get("message") or update.get("callback_query", {}).get("message", {})).get("chat", {})
        key, ordered = f"telegram:{chat.get('id')}", not bot.webhook
        shop = self.shops[bot.id]
        self.ledger.arrived(Event(shop, "telegram", f"{bot.id}:{number}", key, 0, time.time(), ordered=ordered))
        return super().arrive(update, bot)

    async def _on_getupdates(self, bot: BotAccount, fields: dict[str, Any], files: Any) -> Any:
        offset = int(fields.get("offset", 0))
        for update in bot.waiting:
            if update["update_id"] < offset:
                self.ledger.acked(self.shops[bot.id], "telegram", f"{bot.id}:{update['update_id']}")
        return await super()._on_getupdates(bot, fields, files)

    def _pump(self, bot: BotAccount) -> None:
        if bot.webhook:
            while self._allowed(bot):
                tasks.start(self._hand_over(bot, bot.waiting.pop(0)), "webhook")

    async def _hand_over(self, bot: BotAccount, update: dict[str, Any]) -> None:
        async def once() -> bool:
            assert self.client is not None
            headers = {"X-Telegram-Bot-Api-Secret-Token": bot.secret}
            try:
                async with self.client.post(bot.webhook, json=update, headers=headers) as answer:
                    taken = 200 <= answer.status < 300
            except (ClientError, OSError, TimeoutError):
                return False
            if taken:
                self.ledger.acked(self.shops[bot.id], "telegram", f"{bot.id}:{update['update_id']}")
            return taken

        await self.bring(f"{bot.id}:{update['update_id']}", once)


class ChaosGraph(_Chaos, FakeGraph):
    """Instagram."""

    platform = "instagram"

    def __init__(self, plan: Plan, ledger: Ledger) -> None:
        FakeGraph.__init__(self, "world-app-secret-7Qp")
        self.prepare(plan, ledger)
        self.shops: dict[str, str] = {}

    def open_shop(self, shop_id: str, account: str, token: str) -> None:
        """An account of a shop."""
        self.account(account, token)
        self.shops[account] = shop_id

    async def _answer(self, request: web.Request, method: str, fields: dict[str, Any]) -> web.StreamResponse:
        _call.set({})
        try:
            return await super()._answer(request, "typing" if "sender_action" in fields else method, fields)
        finally:
            self.ended()

    async def _do(self, account: str, node: str, method: str, fields: dict[str, Any]) -> dict[str, Any]:
        return await super()._do(account, node, "messages" if method == "typing" else method, fields)

    def _sent(self, account: str, shopper: Shopper, message: dict[str, Any]) -> dict[str, Any]:
        sent = super()._sent(account, shopper, message)
        text = str(message.get("text", ""))
        key = f"instagram:{shopper.id}"
        self.note(Said(self.shops[account], key, sent["message_id"], text, time.time()))
        return sent

    async def _post(self, payload: dict[str, Any]) -> int:
        entry = payload["entry"][0]
        shop = self.shops[entry["id"]]
        event_id, chat = _known(entry)
        if event_id:
            self.ledger.arrived(Event(shop, "instagram", event_id, chat, 0, time.time()))

        async def once() -> bool:
            taken = await self.deliver(payload) == 200
            if taken and event_id:
                self.ledger.acked(shop, "instagram", event_id)
            return taken

        await self.bring(event_id or str(next(self.numbers)), once)
        return 200

    async def deliver(self, payload: Any, *, secret: str | None = None) -> int:
        """One delivery; a platform that gets no answer within 30 s takes it for refused."""
        try:
            return await super().deliver(payload, secret=secret)
        except TimeoutError:
            return 0
        finally:
            self.delivered.clear()


def _known(entry: dict[str, Any]) -> tuple[str, str]:
    """The event's id as the product keeps it, and the chat; "" for what the ledger does not follow."""
    for one in entry.get("messaging", ()):
        message = one.get("message", {})
        if message.get("is_echo"):
            return f"echo:{message['mid']}", f"instagram:{one['recipient']['id']}"
        if "mid" in message:
            return message["mid"], f"instagram:{one['sender']['id']}"
    return "", ""
