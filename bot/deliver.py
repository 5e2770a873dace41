"""Says what stands in the outbox: in order per chat, at the platform's pace, again when it fails, at least once.

The platform is called after commit and outside any transaction. A person who took the conversation meanwhile stops the
agent's small talk here, at the last moment. It knows no platform: `bot.channel.Channel` does. What could not be said is
the matter of `bot.undelivered`.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence

import structlog

from bot.app import App
from bot.channel import Channel
from bot.undelivered import BACKOFF_S, Undelivered
from kit import outbox, outgoing
from kit.crew import Crew
from kit.db import transaction
from kit.errors import Unavailable
from kit.message import Reply, load_notice, load_reply
from kit.outgoing import Pace, Row
from kit.watch import STORE_AWAY
from orders import card

log = structlog.get_logger(__name__)
AT_ONCE = 64  # most of them wait for the platform
SEND_S = 45.0  # an album of ten pictures over a slow line; the lease is 120 s
_SHUT = 10_000  # rows of an account that would leave no room for another
DEATHS = 3  # a sender was killed so often with this message in its hands: perhaps it was said, perhaps it kills them

# Never above the platform's own figure in any window of it. Telegram: 30 a second for a bot, 1 a second in a chat
# (bursts tolerated), 20 a minute in a group = 5 at once + 15. Instagram: 300 a second, 750 private replies an hour = 30
# at once + 720.
PACES = (
    Pace("telegram", 1 / 29, chat_s=1.0, chat_burst=5, group_s=4.0, group_burst=5),
    Pace("instagram", 1 / 290),
    Pace("instagram#private", 5.0, 30),
)
# What we say comes back from Meta: the only witness of a private reply whose answer was lost. It is found by its words,
# because a private reply is never cut into pieces.
_ECHO = """
SELECT i.payload ->> 'message_id' FROM inbox i
JOIN outbox o ON o.shop_id = i.shop_id AND o.key = i.key AND i.received_at >= o.created_at
WHERE i.shop_id = $1 AND i.key = $2 AND o.id = $3 AND i.kind = 'echo' AND i.payload ->> 'text' = $4
ORDER BY i.id DESC LIMIT 1
"""


async def work(app: App, stop: asyncio.Event) -> None:
    """Send until `stop`; what is being sent gets 9 s to end."""
    await Sender(app).run(stop)


class Sender(Crew[Row]):
    """The senders of one process."""

    def __init__(
        self, app: App, *, backoff_s: Sequence[float] = BACKOFF_S, paces: Sequence[Pace] = PACES, send_s: float = SEND_S
    ) -> None:
        super().__init__(app.db, outbox.BELL, "outbox", AT_ONCE)
        self._app = app
        self._paces = paces
        self._send_s = send_s
        self._failed = Undelivered(app, backoff_s)
        self._look_at = 0.0  # time.monotonic(): more of a paced account may be claimed then
        self._crowded: set[tuple[str, str]] = set()  # accounts that have all the places they may have
        self._claimed: dict[Row, float] = {}  # when we began to ask for it
        self._speaking: set[Row] = set()  # the platform was called and has not clearly refused
        self._said: dict[Row, str] = {}  # said, not noted yet; it stays here when the store is away
        self._undone: list[tuple[Row, bool]] = []  # not noted as failed nor given back; True: perhaps it was said

    async def claim(self, room: int) -> list[Row]:
        """Rows that may leave now or very soon."""
        busy = Counter((row.shop_id, row.gate) for row in self.busy)
        for account in self._app.states.keys() - self._app.channels.keys():  # not built yet: others may say it now
            busy.update({(account[0], gate): _SHUT for gate in outgoing.gates(account[1])})
        began = time.monotonic()
        rows = await outgoing.claim(self.pool, self.watch.id, room, self._paces, busy)
        self._claimed |= dict.fromkeys(rows, began)
        crowded = {(row.shop_id, row.gate): row.crowded for row in rows}
        crowded = {gate: True for gate in self._crowded if gate in busy} | crowded
        self._crowded = {gate for gate, is_so in crowded.items() if is_so}
        ahead = max((row.wait_s for row in rows), default=0.0)
        if ahead > 0:  # the account's next places are taken; half of them have passed in half that time
            self._look_at = time.monotonic() + ahead / 2
        return rows

    async def next_due(self) -> float | None:
        """Seconds until a row that waits for its time is due, or a paced account has room again."""
        due_s = await outgoing.next_due(self.pool)
        look_s = self._look_at - time.monotonic()
        if look_s < -0.05:  # looked at since then
            return due_s
        return look_s if due_s is None else min(due_s, look_s)

    async def do(self, job: Row) -> bool:
        """Say one row, or note why not. True: another row may leave now."""
        more = True
        try:
            if job.key == outbox.STAFF_KEY:
                await self._expand(job)
            elif job.chatter and job.silenced and not job.by_human:
                await outgoing.dropped(self.pool, job)
                self._count(job, "dropped")
            else:
                more = await self._send(job)
        except STORE_AWAY as error:
            log.warning("outbox_store_away", row=job.id, error=type(error).__name__)
            self._undone.append((job, job in self._speaking))
        except asyncio.CancelledError:
            if job not in self._said:
                self._undone.append((job, job in self._speaking))
            raise
        finally:
            self._speaking.discard(job)
            self._claimed.pop(job, None)
        return more or (job.shop_id, job.gate) in self._crowded

    async def _expand(self, row: Row) -> None:
        """A notice becomes one row per person of the staff."""
        try:
            async with transaction(self.pool) as tx:
                await self._app.staff.expand(self._app, tx, row.shop_id, load_notice(row.payload), row.idem)
                await outgoing.sent(tx, row, "")
        except STORE_AWAY:
            raise
        except Exception as error:  # an outermost edge: a card that cannot be drawn must not hold the others back
            log.error("notice_failed", shop=row.shop_id, row=row.id, exc_info=error)
            await self._failed.note(row, Unavailable(f"{type(error).__name__}: {error}"))

    async def _send(self, row: Row) -> bool:
        """Say a reply; False when it was said and nothing else waits for that chat."""
        await asyncio.sleep(row.wait_s)
        if self._failed.rests(row, self._claimed[row]):  # the platform asked for that while this row stood in line
            await outgoing.again(self.pool, row, "the account waits", 0.0, counts=False)
            return True
        try:
            self._said[row] = await self._say(row)
        except Unavailable as error:
            if error.code != "unsure":
                self._speaking.discard(row)
            self._count(row, await self._failed.note(row, error))
            return True
        except (*STORE_AWAY, asyncio.CancelledError):
            raise
        except Exception as error:  # an outermost edge: a bug in a channel, of which nobody knows how far it came
            log.error("send_failed", shop=row.shop_id, key=row.key, row=row.id, exc_info=error)
            unsure = Unavailable(f"{type(error).__name__}: {error}", code="unsure")
            self._count(row, await self._failed.note(row, unsure))
            return True
        return await self._mark(row)

    async def _say(self, row: Row) -> str:
        """The platform's id of what was said. Raises Unavailable; its code is "unsure" when it may have been said."""
        channel = self._app.channel(row.shop_id, row.chat.channel)
        # the shop's card number is put in here, at the last moment: no table holds it in the clear
        reply = await card.fill(self.pool, self._app.box, row.shop_id, load_reply(row.payload))
        self._speaking.add(row)
        try:
            async with asyncio.timeout(self._send_s):
                if row.once and row.unsure and (standing := await self._standing(row, channel, reply)) is not None:
                    return standing
                return await channel.send(row.chat, reply)
        except OSError as error:  # TimeoutError too; said here, because outside it would look like the store's
            raise Unavailable(f"no answer ({type(error).__name__})", code="unsure") from None

    async def _standing(self, row: Row, channel: Channel, reply: Reply) -> str | None:
        """The id of what may have been said, if it was: a private reply's echo came back, or the platform shows it."""
        if reply.private and (echo := await self.pool.fetchval(_ECHO, row.shop_id, row.key, row.id, reply.text)):
            return str(echo)
        return await channel.said(row.chat, reply)

    async def _sent(self, row: Row) -> bool:
        """Note that it was said, and put what follows it only then, in one commit; True when more waits there."""
        follows = row.payload.get("then")
        if not follows:
            return await outgoing.sent(self.pool, row, self._said[row])
        async with transaction(self.pool) as tx:
            await outgoing.sent(tx, row, self._said[row])
            await outbox.put(tx, row.chat, load_reply(follows), idem=f"{row.idem}:then", chatter=row.chatter)
        return True

    async def _mark(self, row: Row) -> bool:
        """Note that it was said; `care` does when the store is away."""
        self._count(row, "sent")
        try:
            more = await self._sent(row)
            if row.trial:
                await self._failed.accepted(row)
        except STORE_AWAY as error:
            log.warning("sent_not_noted", row=row.id, error=type(error).__name__)
            return False
        del self._said[row]
        return more or row.trial

    def _count(self, row: Row, outcome: str) -> None:
        self._app.metrics.send(row.chat.channel, outcome)

    # ---- keeping alive -----------------------------------------------------------------------------------------------

    async def adopt(self, old: int) -> None:
        """What we are saying is still ours, not a dead sender's."""
        await outgoing.adopt(self.pool, old, self.watch.id)

    async def care(self, beats: int) -> None:
        """Note what was said while the store was away; take back what dead senders were sending."""
        for row in [row for row in self._said if row not in self.busy]:
            await self._sent(row)
            del self._said[row]
            self.watch.ring()
        while self._undone:
            await self._give_back(*self._undone[-1])
            self._undone.pop()
            self.watch.ring()
        if await outgoing.give_back_forgotten(self.pool, self.watch.id, [*self.busy, *self._said]):
            self.watch.ring()
        await self._failed.try_renewed(first=beats == 1)
        await self._orphans(0)
        for owner in await outgoing.other_owners(self.pool, self.watch.id):
            async with self.watch.dead(owner) as dead:
                if dead:
                    await self._orphans(owner)

    async def _give_back(self, row: Row, unsure: bool) -> None:
        """A row whose sending was broken off: perhaps it was said."""
        if unsure:
            await self._failed.note(row, Unavailable("broken off while being said", code="unsure"))
        else:
            await outgoing.again(self.pool, row, "broken off before it was said", 0.0, counts=False)

    async def _orphans(self, owner: int) -> None:
        async with transaction(self.pool) as tx:
            count, given_up = await outgoing.orphans(tx, owner, DEATHS)
            for row in given_up:
                await self._failed.tell(tx, row, Unavailable("its sender died", code="unsure"))
        if count:
            log.warning("outbox_freed", rows=count)
            self.watch.ring()
