"""Plays scripted conversations against `agent.loop` in this process: real PostgreSQL, no HTTP, no platform.

Pictures are stood in: a product's photo is the bytes `sku:<sku>`, a receipt is `receipt:<json>`. Every conversation
runs inside a transaction that is rolled back, so each begins with a fresh shopper and full stock.

    python -m tests.talk [--set glow/heldout.jsonl] [--ids A001,A002] [-v]
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from structlog.testing import capture_logs

from agent import loop
from agent.brain import Brain
from agent.brain_rules import RuleBrain
from agent.session import Session
from agent.turn import Picture, Turn
from kit import db
from kit.crypto import Box
from kit.errors import Refused
from kit.media import Store
from kit.message import Chat, Incoming, Media, SharedContact, load_reply
from orders import card
from orders import cart as carts
from orders.order import list_json
from shop import contacts
from shop.catalogue import apply, read_rows
from shop.catalogue import load as load_products
from shop.profile import read as read_profile
from shop.search import Search
from shop.shops import Shop
from tests import script
from vision.match import Candidate, Match
from vision.receipt import Reading

HERE = Path(__file__).parent
SHOP_ID = "scripted"
NOON = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # Monday, 12:00 in Tashkent: every shop here is open
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")
_numbers = itertools.count(1)


def event() -> str:
    """A fresh id for an event or a person."""
    return f"e{next(_numbers)}"


def folder_of(name: str) -> Path:
    """The shop folder that a set of conversations is about."""
    return script.FOLDER / Path(name).parent if "/" in name else HERE / "shop"


@dataclass
class Stage:
    """A shop in a database, open for conversations."""

    connection: db.Tx
    shop: Shop
    media: Store
    box: Box
    catalog: dict[str, dict[str, str]]


async def open_stage(connection: db.Tx, folder: Path, scratch: Path) -> Stage:
    """Imports the shop of `folder` through the product's own import."""
    rows, refused = read_rows(folder / "catalog.csv")
    assert not refused, refused
    await apply(connection, SHOP_ID, rows)
    profile = read_profile(folder / "shop.yaml")
    products = await load_products(connection, SHOP_ID)
    box = Box(scratch / "key")
    last4 = profile.payment.own()[0].last4
    configured = [_Card("860000000000" + last4, profile.payment.card_holder)]
    await card.adopt(connection, box, SHOP_ID, configured, profile)
    shop = Shop(SHOP_ID, profile, products, Search(products.values()), 1, (last4,))
    return Stage(connection, shop, Store(scratch / "media"), box, {row["sku"]: row for row in _csv(folder)})


def _csv(folder: Path) -> list[dict[str, str]]:
    import csv

    with (folder / "catalog.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class _Card:
    def __init__(self, number: str, holder: str) -> None:
        from pydantic import SecretStr

        self.number, self.holder = SecretStr(number), holder


@dataclass
class Play:
    """One shopper talking. `heard` is everything the agent sent, `log` the transcript."""

    stage: Stage
    chat: Chat
    brain: Brain
    session: Session = field(default_factory=Session)
    seen_to: int = 0
    extra: int = 0
    stuck: bool = False
    replies: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)  # without buttons
    messages: int = 0
    now: datetime = NOON
    updates_url: str = ""
    similar: tuple[str, ...] = ()  # what a strange picture looks like

    async def cart(self) -> carts.Cart:
        """The cart as it is kept."""
        return await carts.load(self.stage.connection, self.chat)

    async def _match(self, shop_id: str, data: bytes) -> Match:
        kind, _, sku = data.decode().partition(":")
        if kind == "sku":
            return Match("exact", (Candidate(sku, 0.99),))
        return Match("similar" if self.similar else "none", tuple(Candidate(sku, 0.6) for sku in self.similar))

    async def turn(self, incomings: Sequence[Incoming], pictures: Sequence[Picture] = ()) -> list[str]:
        """Plays a burst; the texts that came back."""
        for one in incomings:
            contact = await contacts.seen(self.stage.connection, one)
        turn = await self._turn(incomings, pictures, contact)
        outcome = await loop.answer(turn, self.brain)
        try:
            async with self.stage.connection.transaction():
                await loop.apply(self.stage.connection, turn, outcome)
        except Refused as refused:
            outcome = loop.refusal(turn, refused)
            async with self.stage.connection.transaction():
                await loop.apply(self.stage.connection, turn, outcome)
        self.session = Session.load(json.loads(json.dumps(outcome.session.dump())))
        self.replies = await self._delivered()
        return self.replies

    async def turn_of(self, incomings: Sequence[Incoming], pictures: Sequence[Picture]) -> Turn:
        """A turn as the worker would build it, not worked yet."""
        contact = await contacts.seen(self.stage.connection, incomings[-1])
        return await self._turn(incomings, pictures, contact)

    async def _turn(self, incomings: Sequence[Incoming], pictures: Sequence[Picture], contact: Any) -> Turn:
        stage = self.stage
        return Turn(
            shop=stage.shop,
            chat=self.chat,
            incoming=tuple(incomings),
            contact=contact,
            session=self.session,
            cart=await carts.load(stage.connection, self.chat),
            now=self.now,
            db=stage.connection,  # type: ignore[arg-type]  # one connection stands for the pool
            media=stage.media,
            box=stage.box,
            pictures=tuple(pictures),
            privacy_url="https://sotuv.example/privacy/scripted",
            updates_url=self.updates_url,
            match=self._match,
            read=_read,
        )

    async def _delivered(self) -> list[str]:
        """What reached the shopper since the last turn, the card's digits filled in."""
        rows = await self.stage.connection.fetch(
            "SELECT id, payload FROM outbox WHERE shop_id = $1 AND key = $2 AND id > $3 ORDER BY id",
            SHOP_ID, self.chat.key, self.seen_to,
        )  # fmt: skip
        texts = []
        for row in rows:
            self.seen_to = row["id"]
            reply = await card.fill(self.stage.connection, self.stage.box, SHOP_ID, load_reply(row["payload"]))
            self.texts.append(reply.text)
            texts.append("\n".join([reply.text, *(button.label for line in reply.buttons for button in line)]))
        self.messages += len(texts)
        return texts


async def _read(data: bytes) -> Reading:
    kind, _, body = data.decode().partition(":")
    if kind != "receipt":
        return Reading()
    said = json.loads(body)
    return Reading(
        is_receipt=True, amount=said["amount"], currency="UZS", last4=said["last4"], status=said["status"],
        app=said.get("app", ""), fields={"amount": 0.99, "last4": 0.99, "status": 0.99},
    )  # fmt: skip


# ---- the script ------------------------------------------------------------------------------------------------------


def incoming(chat: Chat, turn: dict[str, Any]) -> tuple[Incoming, list[Picture]]:
    """One scripted turn as the channel would give it."""
    number = event()
    base: dict[str, Any] = {"chat": chat, "event_id": number, "sender": chat.id}
    if "contact" in turn:
        return Incoming(**base, contact=SharedContact(turn["contact"], own=True)), []
    if "location" in turn:
        return Incoming(**base, location=tuple(turn["location"])), []
    if "photo" in turn or "receipt" in turn:
        body = f"receipt:{json.dumps(turn['receipt'])}" if "receipt" in turn else f"sku:{turn['photo']}"
        body = "other:" if turn.get("photo") == "unrelated" else body
        picture = Picture(number, body.encode(), "image/jpeg")
        return Incoming(**base, text=turn.get("caption", ""), media=(Media("photo", number),)), [picture]
    kind = {"voice": "voice", "sticker": "sticker"}.get(turn.get("via", ""))
    media = (Media(kind, number),) if kind else ()
    return Incoming(**base, text=turn["say"], media=media), []


async def play(stage: Stage, dialogue: dict[str, Any], brain: Brain) -> tuple[list[str], Play, script.Record]:
    """Plays one conversation; what went wrong in words (empty: it passed)."""
    channel = "instagram" if dialogue["channel"] == "instagram" else "telegram"
    me = Play(stage, Chat(SHOP_ID, channel, f"p{next(_numbers)}"), brain)
    wrong: list[str] = []
    checks = 0
    burst: list[dict[str, Any]] = []
    receipts = 0
    for number, turn in enumerate(dialogue["turns"], 1):
        if turn.get("after") == "order" or "receipt" in turn:
            await _fill(me, dialogue["facts"])
        burst.append(turn)
        if turn.get("burst"):
            continue
        receipts += sum("receipt" in one for one in burst)
        answers = await _say(me, burst)
        burst = []
        faults = script.failures(turn.get("expect", {}), answers)
        checks += len(faults)
        wrong += [f"turn {number}: {fault}" for fault in faults]
    final = dialogue["final"]
    if final["order"] and final["order"]["status"] != "cancelled":
        await _fill(me, dialogue["facts"])
        if not receipts and final["order"]["status"] == "paid":
            await _say(me, [{"receipt": dialogue["facts"]["receipt"]}])
    record = await _record(me)
    return wrong + script.compare(final, record, stage.catalog), me, record


async def _say(me: Play, burst: Sequence[dict[str, Any]]) -> list[str]:
    made = [incoming(me.chat, turn) for turn in burst]
    for turn in burst:
        me.log.append("> " + str({k: v for k, v in turn.items() if k not in ("expect",)}.get("say", turn)))
    answers = await me.turn([one for one, _ in made], [picture for _, pictures in made for picture in pictures])
    me.log += [f"    {line}" for answer in answers for line in [*answer.split("\n"), "--"]]
    return answers


async def _fill(me: Play, facts: dict[str, Any]) -> None:
    """Answers the agent's last question until the order is placed, at most six times."""
    while script.placed(await _record(me)) is None and me.extra < script.MOST_EXTRA:
        said, me.stuck = script.fill(me.replies[-1] if me.replies else "", facts, stuck=me.stuck)
        me.extra += 1
        await _say(me, [{"say": said}])


async def _record(me: Play) -> script.Record:
    orders = [
        order
        async for order in list_json(me.stage.connection, SHOP_ID)
        if (order["channel"], order["shopper"]) == (me.chat.channel, me.chat.id)
    ]
    contact = await contacts.get(me.stage.connection, me.chat)
    return script.Record(orders=orders, handed_over=contact.handed_over)


@dataclass
class Score:
    """How a set of conversations went."""

    passed: list[str] = field(default_factory=list)
    failed: dict[str, list[str]] = field(default_factory=dict)
    grave: list[str] = field(default_factory=list)
    by: dict[tuple[str, str], list[bool]] = field(default_factory=lambda: defaultdict(list))
    extra: int = 0
    messages: int = 0
    invented: int = 0  # numbers without a source: the guard had to drop a message
    shapeless: list[str] = field(default_factory=list)  # messages of more than three lines or one emoji

    @property
    def rate(self) -> float:
        """The share that passed."""
        return len(self.passed) / max(1, len(self.passed) + len(self.failed))


def in_scope(dialogue: dict[str, Any]) -> bool:
    """Comments are another part of the product."""
    return bool(dialogue["channel"] != "comment")


def spoken(dialogue: dict[str, Any]) -> bool:
    """Whether some of it is said by voice; here the transcript is played."""
    return any(turn.get("via") == "voice" for turn in dialogue["turns"])


async def run(stage: Stage, dialogues: Sequence[dict[str, Any]], *, verbose: bool = False) -> Score:
    """Plays all of them, each rolled back."""
    score = Score()
    for dialogue in dialogues:
        step = stage.connection.transaction()
        await step.start()
        try:
            with capture_logs() as logged:
                wrong, me, record = await play(stage, dialogue, RuleBrain())
        finally:
            await step.rollback()
        score.invented += sum(one["event"] == "agent.number_without_source" for one in logged)
        score.shapeless += [text for text in me.texts if text.count("\n") > 2 or len(_EMOJI.findall(text)) > 1]
        grave = script.grave(dialogue["final"], record, stage.catalog)
        score.grave += [f"{dialogue['id']}: {one}" for one in grave]
        score.extra += me.extra
        score.messages += me.messages
        for name in ("language", "difficulty"):
            score.by[name, dialogue[name]].append(not wrong)
        if wrong:
            score.failed[dialogue["id"]] = wrong
        else:
            score.passed.append(dialogue["id"])
        if verbose:
            print(f"\n## {dialogue['id']} {'PASS' if not wrong else 'FAIL'} {wrong}", *me.log, sep="\n")
    return score


def show(name: str, score: Score) -> None:
    """The table for people."""
    print(f"\n{name}: {len(score.passed)} of {len(score.passed) + len(score.failed)} pass ({score.rate:.0%})")
    for (kind, value), results in sorted(score.by.items()):
        print(f"  {kind:<10} {value:<8} {sum(results)}/{len(results)}")
    for dialogue, wrong in score.failed.items():
        print(f"  FAIL {dialogue}: {'; '.join(wrong)[:400]}")
    print(f"  grave: {score.grave or 'none'}; extra messages {score.extra}, messages of the agent {score.messages}")


async def play_sets(url: str, names: Sequence[str], ids: Sequence[str], *, verbose: bool) -> list[tuple[str, Score]]:
    """Plays whole sets; one database transaction a set."""
    done = []
    for name in names:
        connection = await asyncpg.connect(url)
        await db.prepare(connection)
        transaction = connection.transaction()
        await transaction.start()
        with tempfile.TemporaryDirectory() as scratch:
            stage = await open_stage(connection, folder_of(name), Path(scratch))
            dialogues = [one for one in script.load(name) if in_scope(one) and (not ids or one["id"] in ids)]
            done.append((name, await run(stage, dialogues, verbose=verbose)))
        await transaction.rollback()
        await connection.close()
    return done


async def _main(arguments: argparse.Namespace) -> int:
    from kit import embedded

    data = Path(arguments.data or tempfile.mkdtemp())
    engines = await embedded.start(data, postgres=True, redis=False)
    try:
        await db.migrate(engines.database_url)
        ids = arguments.ids.split(",") if arguments.ids else []
        for name, score in await play_sets(engines.database_url, arguments.set, ids, verbose=arguments.verbose):
            show(name, score)
    finally:
        await engines.stop()
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--ids", default="")
    parser.add_argument("--data", default="")
    parser.add_argument("-v", "--verbose", action="store_true")
    chosen = parser.parse_args()
    chosen.set = chosen.set or ["dialogues.jsonl"]
    sys.exit(asyncio.run(_main(chosen)))
