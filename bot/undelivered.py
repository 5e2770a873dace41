"""What becomes of a message that could not be said: tried again, kept as a dead letter, or it waits with its account.

By what the platform meant: it asks to wait (the whole account does), it does not answer (the message is tried again),
it refuses the message or the person (never again), it refuses the account (all its messages wait, one is tried a
minute). Where the answer was lost the message may stand there already: one repeat, and none of what is public.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.cron import tokens
from kit import outbox, outgoing
from kit.db import Tx, transaction
from kit.message import Notice, load_reply

if TYPE_CHECKING:
    from bot.app import App
    from bot.channel import Channel
    from kit.errors import Unavailable
    from kit.outgoing import Row

log = structlog.get_logger(__name__)
BACKOFF_S = (1.0, 2.0, 5.0, 15.0, 60.0)  # then each minute
TRIES = 10  # about six minutes for what looks like a fault of ours or of the message
AWAY_TRIES = 60  # about an hour for a platform that does not answer: its outages of 10 minutes are known
AWAY = frozenset({"5xx", "network"})
REFUSED = {"401": "token refused", "token": "token refused", "policy": "blocked by the platform"}
TOKEN_WAIT_S = 60.0
# how the reasons of dead letters begin; the first word is what staff read it by (staff.dead_why_...)
UNSURE, NO_ANSWER = "unsure perhaps said: ", "Unavailable: "
ASK_S = 5.0  # a platform shows what it took within seconds; asked sooner it might not know it yet
NOTICE_EVERY_S = 600  # a shopper who cannot be reached is told of once in ten minutes, not once a message
REST_EVERY_S = 3600  # other dead letters: once an hour for each reason, /dead has the list
# codes of permanent failures that are about the person, not about this one message
UNREACHABLE = frozenset({"blocked", "window", "gone"})
MOVED = "migrated:"  # Telegram's group became a supergroup; its new id follows

_IS_STAFF = "SELECT EXISTS (SELECT FROM staff WHERE shop_id = $1 AND channel = $2 AND chat_id = $3 AND active)"
_LOST = """
UPDATE contacts SET unreachable = $4 WHERE shop_id = $1 AND channel = $2 AND id = $3 AND unreachable = ''
"""
# the newest order's phone, else what the shopper left earlier
_PHONE = """
SELECT COALESCE((SELECT phone FROM orders WHERE shop_id = $1 AND key = $2 AND phone <> '' ORDER BY number DESC LIMIT 1),
    (SELECT buyer ->> 'phone' FROM contacts WHERE shop_id = $1 AND channel = $3 AND id = $4), '')
"""


class Undelivered:
    """The failures of one process's senders."""

    def __init__(self, app: App, backoff_s: Sequence[float]) -> None:
        self._app = app
        self._backoff_s = backoff_s
        # (shop, gate or chat) -> time.monotonic() when the platform asked for a rest, and its end
        self._rests: dict[tuple[str, str], tuple[float, float]] = {}
        self._refused: dict[tuple[str, str], Channel | None] = {}  # accounts refused -> as whom we spoke

    def rests(self, row: Row, since: float) -> bool:
        """Whether the platform asked the row's account or its chat to wait after `since` (time.monotonic()): what one
        began to claim later was claimed with that in mind."""
        rests = [self._rests.get((row.shop_id, name), (0.0, 0.0)) for name in (row.gate, row.key)]
        return any(began >= since and until > time.monotonic() for began, until in rests)

    def _note_rest(self, shop_id: str, name: str, seconds: float) -> None:
        now = time.monotonic()
        self._rests = {key: rest for key, rest in self._rests.items() if rest[1] > now}
        self._rests[shop_id, name] = (now, now + seconds)

    async def note(self, row: Row, error: Unavailable) -> str:
        """Note a failed try; what became of the row: "again" or "dead"."""
        what = f"{error.code} {error.what}".strip()[:500]
        if row.trial and error.permanent:  # it refuses this message: so it heard us
            await self.accepted(row)
        if error.code.startswith(MOVED):
            await self._moved(row, error.code.removeprefix(MOVED), what)
        elif error.code in REFUSED:
            await self._account_refused(row, error, what)
        elif error.code == "unsure":
            return await self._unsure(row, error, what)
        elif error.permanent or row.attempts >= (AWAY_TRIES if error.code in AWAY else TRIES):
            await self._give_up(row, error, what if error.permanent else NO_ANSWER + what)
            return "dead"
        elif error.retry_after is not None:
            await self._rest(row, error, what)
        else:
            await outgoing.again(self._app.db, row, what, self._delay_s(row))
        return "again"

    def _delay_s(self, row: Row) -> float:
        """The backoff, spread a little: what failed together does not come back together."""
        return self._backoff_s[min(row.attempts, len(self._backoff_s)) - 1] * random.uniform(0.9, 1.1)  # noqa: S311

    async def _give_up(self, row: Row, error: Unavailable, what: str) -> None:
        async with transaction(self._app.db) as tx:
            await outgoing.dead(tx, row, what)
            await self.tell(tx, row, error)

    async def _unsure(self, row: Row, error: Unavailable, what: str) -> str:
        """Nobody knows whether it was said. Twice is worse than never in public, once more is fine in a chat."""
        if error.permanent or (row.unsure and not row.once) or row.attempts >= TRIES:
            await self._give_up(row, error, UNSURE + error.what)
            return "dead"
        delay_s = max(ASK_S, self._delay_s(row)) if row.once else self._delay_s(row)
        await outgoing.again(self._app.db, row, what, delay_s, unsure=True)
        return "again"

    async def _rest(self, row: Row, error: Unavailable, what: str) -> None:
        """The platform asks to wait: the account does, but for a group only that group, whose own limit is lower."""
        seconds = error.retry_after or 0.0
        if error.code in ("429", "rate"):
            name = row.key if row.chat.id.startswith("-") else row.gate
            self._note_rest(row.shop_id, name, seconds)
            await outgoing.rest(self._app.db, row.shop_id, [name], seconds)
            self._note_rest(row.shop_id, name, seconds)  # again: a claim begun just before does not know it either
            seconds = 0.0  # the account holds it, or the chat
        await outgoing.again(self._app.db, row, what, seconds, counts=False)

    async def _moved(self, row: Row, chat_id: str, what: str) -> None:
        """The platform has given the group a new id: the same words go there."""
        async with transaction(self._app.db) as tx:
            await outgoing.dropped(tx, row, what)
            await outbox.put(
                tx,
                replace(row.chat, id=chat_id),
                load_reply(row.payload),
                idem=f"{row.idem}:moved",
                about=row.about,
                shopper=row.shopper,
                by_human=row.by_human,
                chatter=row.chatter,
                priority=row.priority,
            )

    # ---- accounts ----------------------------------------------------------------------------------------------------

    async def _account_refused(self, row: Row, error: Unavailable, what: str) -> None:
        """The token is dead: its messages wait, however many there are; staff hear it once, /ready shows it."""
        shop_id, channel = account = (row.shop_id, row.chat.channel)
        seconds, why = error.retry_after or TOKEN_WAIT_S, REFUSED[error.code]
        async with transaction(self._app.db) as tx:
            await outgoing.again(tx, row, what, 0.0, counts=False)
            if await outgoing.close(tx, shop_id, channel, why, seconds):
                log.error("account_refused", shop=shop_id, channel=channel, why=why)
                notice, idem = self._refusal(shop_id, channel, error.code)
                await outbox.tell_staff(tx, shop_id, notice, idem=idem)
        self._app.states[account] = why
        self._refused[account] = self._app.channels.get(account)
        for gate in outgoing.gates(channel):
            self._note_rest(shop_id, gate, seconds)

    def _refusal(self, shop_id: str, channel: str, code: str) -> tuple[Notice, str]:
        """What staff hear, and under which name, so that they hear it once whoever finds it out."""
        shop = self._app.config.shops.get(shop_id)
        if code == "policy" or shop is None:
            day = int(self._app.clock().timestamp() // 86_400)
            return Notice("problem", facts={"what": "blocked", "channel": channel}), f"policy:{channel}:{day}"
        token = (shop.telegram if channel == "telegram" else shop.instagram).token.get_secret_value()
        return tokens.notice(channel), tokens.idem(channel, token)

    async def accepted(self, row: Row) -> None:
        """A message went through an account that was refused before."""
        shop_id, channel = account = (row.shop_id, row.chat.channel)
        await outgoing.reopen(self._app.db, shop_id, channel)
        log.info("account_accepted", shop=shop_id, channel=channel)
        self._refused.pop(account, None)
        self._app.states[account] = "ok"

    async def try_renewed(self, *, first: bool) -> None:
        """Refused accounts are tried at once when their token was replaced, or when this process has just begun."""
        renewed = [account for account, was in self._refused.items() if self._app.channels.get(account) is not was]
        for shop_id, channel in renewed:
            del self._refused[shop_id, channel]
        shops = list(self._app.config.shops) if first else [shop_id for shop_id, _ in renewed]
        if shops:
            await outgoing.try_now(self._app.db, shops)

    # ---- telling staff -----------------------------------------------------------------------------------------------

    async def tell(self, tx: Tx, row: Row, error: Unavailable) -> None:
        """Staff hear once that somebody cannot be reached, with the words to pass on by other means."""
        chat = row.chat
        if row.key == outbox.STAFF_KEY or await tx.fetchval(_IS_STAFF, row.shop_id, chat.channel, chat.id):
            log.warning("staff_unreachable", shop=row.shop_id, row=row.id, code=error.code)  # no notice about notices
            return
        about_person = error.permanent and error.code in UNREACHABLE
        lost = about_person and await tx.execute(_LOST, row.shop_id, chat.channel, chat.id, error.code) == "UPDATE 1"
        if row.chatter and not lost and not row.payload.get("private"):  # somebody asked for a price and hears nothing
            return
        why = (error.code or "refused") if error.permanent or error.code == "unsure" else "Unavailable"
        facts = {
            "what": "not_sent",
            "why": why,
            "text": row.payload.get("text", ""),
            "phone": await tx.fetchval(_PHONE, row.shop_id, row.key, chat.channel, chat.id),
            "outbox": row.id,
        }
        who, every_s = (row.key, NOTICE_EVERY_S) if about_person else (why, REST_EVERY_S)
        period = int(self._app.clock().timestamp() // every_s)
        notice = Notice("problem", about=row.about, shopper=row.key, facts=facts)
        await outbox.tell_staff(tx, row.shop_id, notice, idem=f"not_sent:{who}:{period}")
