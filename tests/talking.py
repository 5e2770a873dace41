"""A shopper in a test: says things to `agent.loop` and sees what came back, with real PostgreSQL and no platform."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from agent.brain import Call, Heard, Say, Step, Stuck
from agent.brain_rules import RuleBrain
from kit import db
from kit.message import Chat, Incoming
from orders.order import list_json
from shop import contacts
from tests import talk

ADDRESS = "90 123 45 67, Chilonzor 9-kvartal, 14-uy, 3-xonadon"


@dataclass
class Shopper:
    """One conversation. `now` may be moved; `brain` may be another."""

    play: talk.Play
    notices_to: int = 0
    messages: list[str] = field(default_factory=list)

    async def say(self, *texts: str, **parts: Any) -> str:
        """Says a burst; everything that came back, one message a paragraph."""
        burst = [{"say": text} for text in texts] or [parts]
        made = [talk.incoming(self.play.chat, turn) for turn in burst]
        return await self._turn([one for one, _ in made], [picture for _, found in made for picture in found])

    async def press(self, token: str) -> str:
        """Presses a button."""
        return await self._turn([Incoming(self.play.chat, talk.event(), kind="button", button=token)])

    async def command(self, text: str, start: str = "") -> str:
        """Types a command."""
        return await self._turn([Incoming(self.play.chat, talk.event(), kind="command", text=text, start=start)])

    async def _turn(self, incomings: Sequence[Incoming], pictures: Sequence[Any] = ()) -> str:
        self.messages = await self.play.turn(incomings, pictures)
        return "\n\n".join(self.messages)

    async def orders(self) -> list[dict[str, Any]]:
        """The shop's orders of this shopper."""
        found = [one async for one in list_json(self.connection, talk.SHOP_ID)]
        return [one for one in found if one["shopper"] == self.play.chat.id]

    async def notices(self) -> list[dict[str, Any]]:
        """What staff were told since the last look."""
        rows = await self.connection.fetch(
            "SELECT id, payload FROM outbox WHERE shop_id = $1 AND key = 'staff:' AND id > $2 ORDER BY id",
            talk.SHOP_ID,
            self.notices_to,
        )
        self.notices_to = max([self.notices_to, *(row["id"] for row in rows)])
        return [row["payload"] for row in rows]

    async def contact(self) -> contacts.Contact:
        """The row of this person."""
        return await contacts.get(self.connection, self.play.chat)

    @property
    def connection(self) -> db.Tx:
        """The database connection of the test."""
        return self.play.stage.connection


@asynccontextmanager
async def shopper(
    connection: db.Tx,
    scratch: Path,
    *,
    folder: Path | None = None,
    channel: str = "telegram",
    now: datetime = talk.NOON,
) -> AsyncIterator[Shopper]:
    """A new shopper in the shop of `folder` (tests/shop)."""
    stage = await talk.open_stage(connection, folder or talk.HERE / "shop", scratch)
    chat = Chat(talk.SHOP_ID, channel, talk.event())
    yield Shopper(talk.Play(stage, chat, RuleBrain(), now=now))


@dataclass
class ScriptedBrain:
    """Says and calls what the test wrote, or gets stuck as it wrote."""

    steps: list[Step | Stuck]
    name: str = "scripted"
    heard: list[Heard] = field(default_factory=list)

    async def next(self, heard: Heard) -> Step:
        """The next written step; silence when there is none."""
        self.heard.append(heard)
        step = self.steps.pop(0) if self.steps else Step()
        if isinstance(step, Stuck):
            raise step
        return step

    async def close(self) -> None:
        """It holds nothing."""


def calls(*wanted: tuple[str, dict[str, Any]]) -> Step:
    """A step of tool calls."""
    return Step(calls=tuple(Call(tool, args) for tool, args in wanted))


def says(text: str) -> Step:
    """A step of free text, as a language model would say it."""
    return Step(says=(Say(text=text),))


async def to_summary(me: Shopper, order: str = "qora kepka bitta olaman") -> str:
    """Orders and gives phone and address; the summary that waits for a yes."""
    await me.say(order)
    return await me.say(ADDRESS)


async def shopper_of(connection: db.Tx, scratch: Path, name: str) -> Shopper:
    """A shopper of the shop that a set of conversations speaks to."""
    async with shopper(connection, scratch, folder=talk.folder_of(name)) as made:
        return made


async def answer(me: Shopper, said: str) -> str:
    """What is answered, with plain spaces in its sums."""
    return (await me.say(said)).replace("\xa0", " ")


async def in_cart(me: Shopper) -> list[tuple[str, str, int]]:
    """(sku, variant, pieces) of each line of the cart."""
    return [(line.sku, line.variant, line.qty) for line in (await me.play.cart()).lines]


async def said_in(tx: db.Tx, folder: Path, shop: str, *said: str) -> tuple[str, list[tuple[str, str, int]]]:
    """The last answer to these messages in a shop, and what is in the cart then."""
    me = await shopper_of(tx, folder, f"{shop}/first.jsonl")
    told = ""
    for one in said:
        told = await answer(me, one)
    return told, await in_cart(me)


async def cart_of(tx: db.Tx, folder: Path, shop: str, *said: str) -> list[tuple[str, str, int]]:
    """What is in the cart after these messages, sorted."""
    return sorted((await said_in(tx, folder, shop, *said))[1])
