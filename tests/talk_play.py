"""One scripted conversation against `agent.loop` in this process: real PostgreSQL, no HTTP, no platform.

Pictures are stood in: a product's photo is the bytes `sku:<sku>`, a receipt is `receipt:<json>`. Pieces of a burst come
as one turn when the product would have waited for them (`gap_s` of a piece: how long after the one before it came).
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent import loop
from agent.brain import Brain
from agent.language import wait_ms
from agent.session import Session
from agent.turn import Picture, Turn
from kit import db
from kit.config import TurnConfig
from kit.crypto import Box
from kit.errors import Refused
from kit.media import Store
from kit.message import Chat, Incoming, Media, SharedContact, load_reply
from orders import card
from orders import cart as carts
from orders.order import list_json
from shop import contacts, offers, posts
from shop.catalogue import apply, read_rows
from shop.catalogue import load as load_products
from shop.profile import read as read_profile
from shop.search import Search
from shop.shops import Shop
from tests import script, shake
from tests.talk_staff import NoSuchButton, Owner
from vision.match import Candidate, Match
from vision.receipt import Reading

HERE = Path(__file__).parent
SHOP_ID = "scripted"
NOON = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # Monday, 12:00 in Tashkent: every shop here is open
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
    bursts: int = 0  # thoughts of the shopper, however many pieces they came in
    turns: int = 0  # times the agent answered them
    handed: bool = False  # a person was called at any time
    awaiting: str = ""  # what the next message is expected to answer, as the lane keeps it
    owner: Owner = field(init=False)

    def __post_init__(self) -> None:
        self.owner = Owner(self.stage.connection, self.stage.shop, self.chat, self.now)

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
        self.turns += 1
        self.awaiting = outcome.awaiting
        self.handed |= bool(turn.handing_over)
        self.replies = await self.delivered()
        return self.replies

    async def turn_of(self, incomings: Sequence[Incoming], pictures: Sequence[Picture]) -> Turn:
        """A turn as the worker would build it, not worked yet."""
        contact = await contacts.seen(self.stage.connection, incomings[-1])
        return await self._turn(incomings, pictures, contact)

    async def _turn(self, incomings: Sequence[Incoming], pictures: Sequence[Picture], contact: Any) -> Turn:
        stage = self.stage
        return Turn(
            shop=offers.laid(stage.shop, offers.valid(contact, self.now)),
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

    async def delivered(self) -> list[str]:
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
    final = dialogue["final"]
    for number, post in enumerate(dialogue.get("posts", [])):
        [(where, code)] = posts.links(post["link"])
        known = {"code": code, "caption": post["caption"], "skus": post["skus"]}
        await posts.remember(stage.connection, SHOP_ID, where, f"post{number}", **known)
    wrong: list[str] = []
    burst: list[dict[str, Any]] = []
    receipts = 0
    for number, turn in enumerate(dialogue["turns"], 1):
        if turn.get("after") == "order" or "receipt" in turn:
            await _fill(me, dialogue)
        burst.append(turn)
        if turn.get("burst"):
            continue
        receipts += sum("receipt" in one for one in burst)
        try:
            answers = await _act(me, turn["staff"]) if "staff" in turn else await _say(me, burst)
        except NoSuchButton as missing:
            wrong.append(f"turn {number}: staff find no {missing}")
            answers = []
        burst = []
        heard = [*answers, *(shake.to_latin(one) for one in answers)] if dialogue.get("either_script") else answers
        wrong += [f"turn {number}: {fault}" for fault in script.failures(turn.get("expect", {}), heard)]
        if turn.get("silent") and answers:
            wrong.append(f"turn {number}: not silent")
    if final["order"] and final["order"]["status"] != "cancelled":
        await _fill(me, dialogue, final.get("orders", 1))
        if not receipts and final["order"]["status"] == "paid":
            await _say(me, [{"receipt": dialogue["facts"]["receipt"]}])
    record = await _record(me)
    for _ in [order for order in record.orders if order["status"] == "claimed"]:
        await me.owner.act({"money": True})
    record = await _record(me)
    return wrong + script.compare(final, record, stage.catalog), me, record


async def _act(me: Play, what: dict[str, Any]) -> list[str]:
    """The owner does something; what the shopper hears of it."""
    me.log.append(f"# staff {what}")
    await me.owner.act(what)
    answers = await me.delivered()
    me.replies = answers or me.replies
    me.log += [f"    {line}" for answer in answers for line in [*answer.split("\n"), "--"]]
    return answers


async def _say(me: Play, burst: Sequence[dict[str, Any]]) -> list[str]:
    me.bursts += 1
    answers: list[str] = []
    pieces = list(burst)
    while pieces:
        made = [incoming(me.chat, turn) for turn in pieces]
        taken = _together([one for one, _ in made], [turn.get("gap_s", 0.0) for turn in pieces], me.awaiting)
        for turn in pieces[:taken]:
            me.log.append("> " + str(turn.get("say", {k: v for k, v in turn.items() if k != "expect"})))
        heard = made[:taken]
        said = await me.turn([one for one, _ in heard], [picture for _, pictures in heard for picture in pictures])
        me.log += [f"    {line}" for answer in said for line in [*answer.split("\n"), "--"]]
        answers += said
        pieces = pieces[taken:]
    return answers


def _together(burst: Sequence[Incoming], gaps: Sequence[float], awaiting: str) -> int:
    """How many of these messages the product would take as one turn."""
    window = TurnConfig()
    came = due = 0.0
    for place, one in enumerate(burst):
        came += gaps[place] if place else 0.0
        if place and came > due:
            return place
        due = min(window.max_ms / 1000, came + wait_ms(one, awaiting, window) / 1000)
    return len(burst)


async def _fill(me: Play, dialogue: dict[str, Any], wanted: int = 1) -> None:
    """Answers the agent's last question until so many orders are placed, with at most six messages for each."""
    facts = dialogue["facts"]
    while len(script.complete(await _record(me))) < wanted and me.extra < script.MOST_EXTRA * wanted:
        known = facts | facts.get("again", {}) if wanted > 1 else facts
        last = me.replies[-1] if me.replies else ""
        said, me.stuck = script.fill(last, known, stuck=me.stuck, backwards=dialogue.get("backwards", False))
        me.extra += 1
        await _say(me, [{"say": said}])


async def _record(me: Play) -> script.Record:
    orders = [
        order
        async for order in list_json(me.stage.connection, SHOP_ID)
        if (order["channel"], order["shopper"]) == (me.chat.channel, me.chat.id)
    ]
    contact = await contacts.get(me.stage.connection, me.chat)
    return script.Record(orders=orders, handed_over=contact.handed_over or me.handed)
