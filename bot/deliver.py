"""Says what stands in the outbox: in order per chat, at the platform's pace, again when it fails, at least once.

The platform is called after commit and outside any transaction. A person who took the conversation meanwhile stops the
agent's small talk here, at the last moment. It knows no platform: `bot.channel.Channel` does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from bot.app import App
from kit import outbox, outgoing
from kit.crew import Crew
from kit.db import Tx, transaction
from kit.errors import Unavailable
from kit.message import Notice, load_notice, load_reply
from kit.outgoing import Row
from kit.watch import STORE_AWAY
from orders import card

log = structlog.get_logger(__name__)
AT_ONCE = 64  # most of them wait for their pace or for the platform
SEND_S = 45.0  # an album of ten pictures over a slow line; the lease is 120 s
BACKOFF_S = (1.0, 2.0, 5.0, 15.0, 60.0)  # then each minute
TRIES = 10  # about six minutes; longer outages of a platform are rare, and the dead rows are kept
NOTICE_EVERY_S = 600  # a shopper who cannot be reached is told of once in ten minutes, not once a message
# codes of permanent failures that are about the person, not about this one message
UNREACHABLE = frozenset({"blocked", "window", "gone"})
MOVED = "migrated:"  # Telegram's group became a supergroup; its new id follows

_IS_STAFF = "SELECT EXISTS (SELECT FROM staff WHERE shop_id = $1 AND channel = $2 AND chat_id = $3 AND active)"
_LOST = """
UPDATE contacts SET unreachable = $4 WHERE shop_id = $1 AND channel = $2 AND id = $3 AND unreachable = ''
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between messages and how many may leave at once, for one chat and for the whole account."""

    chat_s: float
    chat_burst: int
    group_s: float
    group_burst: int
    account_s: float
    account_burst: int


# Telegram: 1 message a second in a chat (bursts tolerated), 20 a minute in a group, 30 a second for a bot
PACES = {"telegram": Pace(1.0, 5, 3.0, 10, 1 / 30, 30)}


async def work(app: App, stop: asyncio.Event) -> None:
    """Send until `stop`; what is being sent gets 9 s to end."""
    await Sender(app).run(stop)


class Sender(Crew[Row]):
    """The senders of one process."""

    def __init__(self, app: App, *, backoff_s: Sequence[float] = BACKOFF_S) -> None:
        super().__init__(app.db, outbox.BELL, "outbox", AT_ONCE)
        self._app = app
        self._backoff_s = backoff_s
        self._unmarked: list[tuple[Row, str]] = []  # said, but the store was away when we wanted to note it
        self._undone: list[Row] = []  # not said, and not given back either

    async def claim(self, room: int) -> list[Row]:
        """Rows that may leave now."""
        return await outgoing.claim(self.pool, self.watch.id, room)

    async def next_due(self) -> float | None:
        """Seconds until a row that waits for its time is due."""
        return await outgoing.next_due(self.pool)

    async def do(self, job: Row) -> bool:
        """Say one row, or note why not. True: the chat's next row may leave now."""
        try:
            if job.key == outbox.STAFF_KEY:
                await self._expand(job)
            elif job.chatter and job.silenced and not job.by_human:
                await outgoing.dropped(self.pool, job)
            else:
                return await self._send(job)
        except STORE_AWAY as error:
            log.warning("outbox_store_away", row=job.id, error=type(error).__name__)
            self._undone.append(job)
        except asyncio.CancelledError:
            self._undone.append(job)
            raise
        return True

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
            await self._later(row, Unavailable(f"{type(error).__name__}: {error}"))

    async def _send(self, row: Row) -> bool:
        """Say a reply; False when it was said and nothing else waits for that chat."""
        await asyncio.sleep(await self._wait_s(row))
        try:
            channel = self._app.channel(row.shop_id, row.chat.channel)
            # the shop's card number is put in here, at the last moment: no table holds it in the clear
            reply = await card.fill(self.pool, self._app.box, row.shop_id, load_reply(row.payload))
            async with asyncio.timeout(SEND_S):
                provider_id = await channel.send(row.chat, reply)
        except Unavailable as error:
            await self._later(row, error)
        except TimeoutError:  # it may have arrived: said twice is better than never, but not in public
            unsure = Unavailable(f"no answer in {SEND_S:.0f} s", permanent=row.once, code="unsure" if row.once else "")
            await self._later(row, unsure)
        except (
            Exception
        ) as error:  # an outermost edge: a bug in a channel is tried again and then kept as a dead letter
            log.error("send_failed", shop=row.shop_id, key=row.key, row=row.id, exc_info=error)
            await self._later(row, Unavailable(f"{type(error).__name__}: {error}"))
        else:
            return await self._said(row, provider_id)
        return True

    async def _said(self, row: Row, provider_id: str) -> bool:
        try:
            return await outgoing.sent(self.pool, row, provider_id)
        except STORE_AWAY as error:
            log.warning("sent_not_noted", row=row.id, error=type(error).__name__)
            self._unmarked.append((row, provider_id))
            return False

    async def _wait_s(self, row: Row) -> float:
        """Seconds this message waits for its place in the platform's pace."""
        pace = PACES.get(row.chat.channel)
        if pace is None or (row.payload.get("toast") and not row.payload.get("text")):
            return 0.0
        group = row.chat.id.startswith("-")
        chat = (row.key, pace.group_s, pace.group_burst) if group else (row.key, pace.chat_s, pace.chat_burst)
        # chat before account, always: two senders never wait for each other's rows
        return await outgoing.pace(
            self.pool, row.shop_id, [chat, (row.chat.channel, pace.account_s, pace.account_burst)]
        )

    # ---- what failed -------------------------------------------------------------------------------------------------

    async def _later(self, row: Row, error: Unavailable) -> None:
        """Try again later, or never."""
        what = f"{error.code} {error.what}".strip()[:500]
        if error.code.startswith(MOVED):
            await self._moved(row, error.code.removeprefix(MOVED), what)
        elif error.permanent or row.attempts >= TRIES:
            async with transaction(self.pool) as tx:
                await outgoing.dead(tx, row, what)
                await self._tell(tx, row, error)
        elif error.retry_after is not None:
            await outgoing.again(self.pool, row, what, error.retry_after, counts=False)
        else:
            delay_s = self._backoff_s[min(row.attempts, len(self._backoff_s)) - 1]
            await outgoing.again(self.pool, row, what, delay_s, counts=True)

    async def _moved(self, row: Row, chat_id: str, what: str) -> None:
        """The platform has given the group a new id: the same words go there."""
        async with transaction(self.pool) as tx:
            await outgoing.dead(tx, row, what)
            chat, reply = replace(row.chat, id=chat_id), load_reply(row.payload)
            idem = f"{row.idem}:moved"
            await outbox.put(
                tx,
                chat,
                reply,
                idem=idem,
                about=row.about,
                shopper=row.shopper,
                by_human=row.by_human,
                chatter=row.chatter,
            )

    async def _tell(self, tx: Tx, row: Row, error: Unavailable) -> None:
        """Staff hear once that somebody cannot be reached, with the words to pass on by other means."""
        if row.key == outbox.STAFF_KEY or await tx.fetchval(_IS_STAFF, row.shop_id, row.chat.channel, row.chat.id):
            log.warning("staff_unreachable", shop=row.shop_id, row=row.id, code=error.code)  # no notice about notices
            return
        lost = False
        if error.permanent and error.code in UNREACHABLE:
            status = await tx.execute(_LOST, row.shop_id, row.chat.channel, row.chat.id, error.code)
            lost = status == "UPDATE 1"
        if row.chatter and not lost:
            return
        facts = {
            "what": "not_sent",
            "why": error.code or ("refused" if error.permanent else "unavailable"),
            "text": row.payload.get("text", ""),
            "outbox": row.id,
        }
        notice = Notice("problem", about=row.about, shopper=row.key, facts=facts)
        period = int(self._app.clock().timestamp() // NOTICE_EVERY_S)
        await outbox.tell_staff(tx, row.shop_id, notice, idem=f"not_sent:{row.key}:{period}")

    # ---- keeping alive -----------------------------------------------------------------------------------------------

    async def care(self, beats: int) -> None:
        """Note what was said while the store was away; take back what dead senders were sending."""
        while self._unmarked:
            await outgoing.sent(self.pool, *self._unmarked[-1])
            self._unmarked.pop()
            self.watch.ring()
        while self._undone:
            await self._give_back(self._undone[-1])
            self._undone.pop()
            self.watch.ring()
        if await outgoing.give_back_forgotten(self.pool, self.watch.id, list(self.busy)):
            self.watch.ring()
        await self._orphans(0)
        for owner in await outgoing.other_owners(self.pool, self.watch.id):
            async with self.watch.dead(owner) as dead:
                if dead:
                    await self._orphans(owner)

    async def _give_back(self, row: Row) -> None:
        """A row whose sending was broken off: perhaps it was said."""
        if row.once:
            await self._later(row, Unavailable("broken off while being said", permanent=True, code="unsure"))
        else:
            await outgoing.again(self.pool, row, "broken off while being said", 0.0, counts=False)

    async def _orphans(self, owner: int) -> None:
        async with transaction(self.pool) as tx:
            count, given_up = await outgoing.orphans(tx, owner)
            for row in given_up:
                await self._tell(tx, row, Unavailable("its sender died; perhaps it was said already", code="unsure"))
        if count:
            log.warning("outbox_freed", rows=count)
            self.watch.ring()
