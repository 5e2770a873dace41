"""A shop's turn: staff matters go to staff, the rest of the burst to the agent with all it needs to know.

Reads everything a turn stands on, lets the agent think, and hands the worker what is to be written. No rule of selling
stands here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from agent import loop
from agent.language import detect
from agent.session import PART, TTL_S, Session
from agent.turn import Picture, Turn
from bot.app import App
from bot.channel import Channel
from bot.inbox.comments import Comments
from bot.inbox.shown import Shown
from bot.inbox.voices import Ears
from bot.inbox.worker import Overtaken, Thought, Worker
from kit import cache, lanes, outbox, tasks, words
from kit.db import Tx, transaction
from kit.errors import Unavailable
from kit.lanes import Held, Row
from kit.letters import INBOX, letter_id
from kit.message import Chat, Incoming, Media, Notice, Reply
from orders import bank
from orders import cart as carts
from orders.provider import invoice
from shop import contacts, offers
from shop.contacts import Contact

TYPING_S = 4.0  # Telegram shows "typing" for 5 s
PICTURES_MAX_BYTES = 20_000_000
FETCHES_AT_ONCE = 4  # turns that hold pictures in memory: 4 albums of 10 photos are about 20 MB, 50 would be 250
FETCH_TRIES = 2  # a picture the platform does not give twice: the shopper is asked to send it again
_PICTURES = {"photo", "file"}

# NO KEY UPDATE: the turn writes this row itself a moment later, and two locks of growing strength can meet another's
_PAUSED = """
SELECT CASE WHEN paused_until > clock_timestamp() THEN paused_until END FROM contacts
WHERE shop_id = $1 AND channel = $2 AND id = $3 FOR NO KEY UPDATE
"""
_STAFF_AMONG = "SELECT id FROM staff WHERE shop_id = $1 AND channel = $2 AND id = ANY($3) AND active"


async def work(app: App, stop: asyncio.Event) -> None:
    """Work the inbox until `stop`; running turns get 9 s to end, the others are given back."""
    desk = Desk(app)
    most = app.config.turn.per_hour
    try:
        await Worker(app.db, desk.think, desk.buried, most_waiting=most, counted=app.metrics.turn).run(stop)
    finally:
        await desk.ears.close()


@dataclass(slots=True)
class Desk:
    """The turns of one process."""

    app: App
    ears: Ears = field(init=False)
    shown: Shown = field(init=False)
    comments: Comments = field(init=False)
    _fetching: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(FETCHES_AT_ONCE), init=False)

    def __post_init__(self) -> None:
        self.ears = Ears(self.app)
        self.shown = Shown(self.app)
        self.comments = Comments(self.app, self.shown)

    async def think(self, held: Held, rows: Sequence[Row]) -> Thought:
        """What is to be done about `rows`, or about the beginning of them; see Thought."""
        if held.shop_id not in self.app.config.shops:
            return Thought(rows, kept=True, irrevocable=True)  # the shop was taken out of the config
        members = await self._members(held, rows)
        if rows[0].incoming.kind == "payment":
            return await self._payment(rows[0])
        if rows[0].incoming.kind == "comment":
            return await self.comments.think(held, rows[0], by_staff=rows[0].incoming.sender in members)
        if _may_be_staffs(rows[0].incoming, members) and await self._staff(held, rows[0]):
            return Thought(rows[:1], irrevocable=True)
        if rows[0].incoming.group:
            return Thought(rows[:1], kept=True, irrevocable=True)  # nobody shops in the staff's group
        return await self._answer(held, _shoppers(rows, members))

    async def _members(self, held: Held, rows: Sequence[Row]) -> frozenset[str]:
        """Those of the senders who run the shop."""
        channel = Chat.of(held.shop_id, held.key).channel
        found = await self.app.db.fetch(_STAFF_AMONG, held.shop_id, channel, [row.incoming.sender for row in rows])
        return frozenset(row["id"] for row in found)

    async def _staff(self, held: Held, row: Row) -> bool:
        """Let staff deal with the event; whether it was theirs."""

        async def fence(tx: Tx) -> None:
            await lanes.fence(tx, held)
            await lanes.done(tx, held, row.id)

        typed = row.incoming.text
        if row.sealed is not None:
            typed = self.app.box.open(row.sealed, context=f"inbox:{held.shop_id}:{held.key}")
        return await self.app.staff.handle(self.app, row.incoming, fence=fence, typed=typed)

    async def _payment(self, row: Row) -> Thought:
        """Money moved inside the messenger: nothing to think about, and nothing that could be dropped."""
        shop = await self.app.shops.get(row.incoming.chat.shop_id)

        async def write(tx: Tx) -> None:
            await invoice.settle(tx, shop, row.incoming, self.app.clock())

        return Thought([row], write=write, irrevocable=True)

    # ---- the agent's turn --------------------------------------------------------------------------------------------

    async def _answer(self, held: Held, rows: Sequence[Row]) -> Thought:
        rows = await self.ears.listen(held, rows)
        burst = merged([row.incoming for row in rows])
        if not any(_wanted(media) for incoming in burst for media in incoming.media):
            return await self._thought(held, rows, burst, ())
        async with self._fetching:
            patient = rows[0].attempts < FETCH_TRIES
            return await self._thought(held, rows, burst, await self._pictures(held, burst, patient))

    async def _thought(
        self, held: Held, rows: Sequence[Row], burst: Sequence[Incoming], pictures: Sequence[Picture]
    ) -> Thought:
        turn = await self._turn(held, burst, pictures)
        ended = asyncio.Event()
        channel = self.app.channels.get((turn.chat.shop_id, turn.chat.channel))
        if channel is not None and not turn.silenced:
            tasks.start(_typing(channel, turn.chat, ended), f"typing {turn.chat.key}")
        try:
            outcome = await loop.answer(turn, self.app.brain)
        finally:
            ended.set()
        with_person = turn.silenced or turn.handed_over
        overheard = await self.app.staff.overhear(self.app, turn, outcome) if with_person else None
        return self._of(rows, turn, outcome, overheard)

    def _of(self, rows: Sequence[Row], turn: Turn, outcome: loop.Outcome, overheard: Notice | None) -> Thought:
        async def write(tx: Tx) -> None:
            await _still_ours(tx, turn, irrevocable=outcome.irrevocable)
            await loop.apply(tx, turn, outcome)
            if overheard is not None:
                idem = f"turn:{turn.chat.key}:{turn.last.event_id}:overheard"
                await outbox.tell_staff(tx, turn.chat.shop_id, overheard, idem=idem)

        async def after() -> None:
            await cache.put_json(self.app.redis, turn.chat, PART, outcome.session.dump(), TTL_S)

        return Thought(
            rows,
            write=write,
            after=after,
            refused=lambda refused: self._of(rows, turn, loop.refusal(turn, refused), overheard),
            irrevocable=outcome.irrevocable,
            awaiting=outcome.awaiting,
        )

    async def _turn(self, held: Held, burst: Sequence[Incoming], pictures: Sequence[Picture]) -> Turn:
        app, chat, now = self.app, burst[-1].chat, self.app.clock()
        async with transaction(app.db) as tx:
            await tx.execute("SET LOCAL synchronous_commit = off")  # the turn's own commit makes it durable
            await lanes.fence(tx, held)  # who slept until others had the lane writes nothing, not even who was seen
            contact = await contacts.seen(tx, burst[-1])
            if contact.paused_until is not None:
                contact = await _silence(tx, contact, now)
            cart = await carts.load(tx, chat)
        shop = await app.shops.get(chat.shop_id)
        return Turn(
            shop=offers.laid(shop, offers.valid(contact, app.clock())),
            chat=chat,
            incoming=tuple(burst),
            contact=contact,
            session=Session.load(await cache.get_json(app.redis, chat, PART)),
            cart=cart,
            now=now,
            db=app.db,
            media=app.media,
            box=app.box,
            index=app.index,
            eye=app.eye,
            pictures=tuple(pictures),
            privacy_url=app.privacy_link(chat),
            updates_url=app.updates_url(chat),
            post_of=partial(self.shown.of, shop),
            counted=app.metrics.tool_call,
        )

    async def _pictures(self, held: Held, burst: Sequence[Incoming], patient: bool) -> list[Picture]:
        """The bytes of every photo and file of the burst, in order; one after another, platforms count requests."""
        wanted = [(incoming, media) for incoming in burst for media in incoming.media if _wanted(media)]
        return [await self._picture(held, incoming, media, patient) for incoming, media in wanted]

    async def _picture(self, held: Held, incoming: Incoming, media: Media, patient: bool) -> Picture:
        """One picture. While `patient` a failure that may pass is raised: the turn is tried again a little later."""
        if media.size > PICTURES_MAX_BYTES:
            return Picture(incoming.event_id, mime=media.mime, failed="too_heavy")
        try:
            channel = self.app.channel(held.shop_id, incoming.chat.channel)
            return Picture(incoming.event_id, await channel.fetch(media), media.mime)
        except Unavailable as error:
            if patient and not error.permanent:
                raise
            return Picture(incoming.event_id, mime=media.mime, failed=error.code or "unavailable")

    # ---- dead letters ------------------------------------------------------------------------------------------------

    async def buried(self, tx: Tx, held: Held, row: Row, error: str) -> None:
        """A message could not be dealt with in five tries: staff are told, and the shopper is not left waiting."""
        chat = Chat.of(held.shop_id, held.key)
        hour = int(self.app.clock().timestamp() // 3600)  # staff hear once an hour, and /dead has them all
        facts = {"box": "inbox", "letter": letter_id(INBOX, row.id), "kind": row.incoming.kind, "error": error}
        notice = Notice("dead_letter", shopper=held.key, facts=facts)
        await outbox.tell_staff(tx, held.shop_id, notice, idem=f"dead:inbox:{hour}")
        if not row.incoming.group and row.incoming.kind != "comment" and held.shop_id in self.app.config.shops:
            known = (await contacts.get(tx, chat)).language or row.incoming.language
            language = detect(row.incoming.text, known if known in words.LANGUAGES else "")
            sorry = Reply(words.say(language, "queue.trouble"))
            await outbox.put(tx, chat, sorry, idem=f"dead:{held.key}:{hour}:sorry", chatter=True)


async def _still_ours(tx: Tx, turn: Turn, *, irrevocable: bool) -> None:
    """Look once more whether a person of the shop writes here, after the fence and before anything is said.

    Raises Overtaken when they began while we thought: the turn is thought again, silenced. What must not be thought
    again (a receipt was read) is written down now and not talked about. Waits for a pause that is being stored.
    """
    if turn.silenced:
        return
    turn.contact = await _silence(tx, turn.contact, turn.now)
    if turn.silenced and not irrevocable:
        raise Overtaken


async def _silence(tx: Tx, contact: Contact, now: datetime) -> Contact:
    """`contact` as silent as the database's clock says; ours may be wrong by hours."""
    until = await tx.fetchval(_PAUSED, contact.shop_id, contact.channel, contact.id)
    return replace(contact, paused_until=max(until, now + timedelta(seconds=1)) if until else None)


def merged(burst: Sequence[Incoming]) -> list[Incoming]:
    """The burst with each message that was edited meanwhile in its last wording, at its first place."""
    newest: dict[str, str] = {one.message_id: one.text for one in burst if one.kind == "edited" and one.message_id}
    here = {one.message_id for one in burst if one.kind != "edited"}
    return [
        replace(one, text=newest.get(one.message_id, one.text)) if one.message_id else one
        for one in burst
        if one.kind != "edited" or one.message_id not in here
    ]


def _may_be_staffs(incoming: Incoming, members: frozenset[str]) -> bool:
    return (
        incoming.kind == "command" or incoming.button.startswith("s:") or incoming.group or incoming.sender in members
    )


def _shoppers(rows: Sequence[Row], members: frozenset[str]) -> Sequence[Row]:
    """The beginning of `rows` that the agent answers; what staff may want to deal with is the head of the next turn."""
    for place, row in enumerate(rows[1:], 1):
        if row.incoming.kind in ("comment", "payment"):
            return rows[:place]
        # words that follow words which were not staff's are not either: a member of staff tries the shop as a shopper
        special = row.incoming.media or row.incoming.reply_to or bank.is_one(row.incoming.text)
        if _may_be_staffs(row.incoming, members if special else frozenset()):
            return rows[:place]
    return rows


def _wanted(media: Media) -> bool:
    return media.kind in _PICTURES


async def _typing(channel: Channel, chat: Chat, ended: asyncio.Event) -> None:
    """Show that somebody writes until the turn ends; a platform that does not care for it is not asked again."""
    try:
        while True:
            await channel.typing(chat)
            try:
                async with asyncio.timeout(TYPING_S):
                    await ended.wait()
            except TimeoutError:
                continue
            return
    except Unavailable:
        return
