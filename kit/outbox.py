"""What is to be said leaves through one table: `put` writes in the caller's transaction, `bot.deliver` sends it later.

It refuses to know platforms and languages: a Reply or a Notice goes in as it is.
"""

from __future__ import annotations

from kit.db import Tx
from kit.message import Chat, Notice, Reply, dump

BELL = "sotuv_outbox"
STAFF_KEY = "staff:"  # a Notice to all who run the shop; `bot.staff.expand` makes rows for persons of it
# what waits behind what, in a chat and at an account's limit: an answer never waits for the others
ANSWER, NOTICE, BROADCAST = 0, 1, 2

# pg_notify with the same payload is rung once per transaction by PostgreSQL itself, however many rows are put
_PUT = """
WITH fresh AS (
    INSERT INTO outbox (shop_id, key, idem, payload, about, shopper, by_human, chatter, priority, later, due_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::float8 > 0, now() + make_interval(secs => $10::float8))
    ON CONFLICT (shop_id, idem) DO NOTHING
    RETURNING id
), rung AS (SELECT id, pg_notify('sotuv_outbox', '') FROM fresh)
SELECT id FROM rung
"""
_OLD = "SELECT id FROM outbox WHERE shop_id = $1 AND idem = $2"


async def put(
    tx: Tx,
    chat: Chat,
    reply: Reply,
    *,
    idem: str,
    about: str = "",
    shopper: str = "",
    by_human: bool = False,
    chatter: bool = False,
    delay_s: float = 0.0,
    priority: int = ANSWER,
) -> int:
    """Queue `reply` for `chat`; returns the row's id. The same `idem` is put once in a shop: the old id comes back.

    `by_human`: staff wrote it, silence does not hold it. `chatter`: small talk of the agent, dropped when a person has
    taken the chat by the time it would be sent. `delay_s`: send later; it does not hold back what is put after it.
    `priority`: NOTICE and BROADCAST are overtaken by answers, also by later ones. Public and private replies to
    comments are never more than a NOTICE: their limit is an hour's, and the shopper's chat must not wait for it.
    """
    if reply.comment or reply.private:
        priority = max(priority, NOTICE)
    return await _put(tx, chat.shop_id, chat.key, reply, idem, about, shopper, by_human, chatter, delay_s, priority)


async def tell_staff(tx: Tx, shop_id: str, notice: Notice, *, idem: str) -> int:
    """Queue `notice` for everyone who runs the shop; returns the row's id. The same `idem` is told once."""
    return await _put(tx, shop_id, STAFF_KEY, notice, idem, notice.about, notice.shopper, False, False, 0.0, NOTICE)


async def _put(
    tx: Tx,
    shop_id: str,
    key: str,
    value: Reply | Notice,
    idem: str,
    about: str,
    shopper: str,
    by_human: bool,
    chatter: bool,
    delay_s: float,
    priority: int,
) -> int:
    payload = dump(value)
    row = await tx.fetchval(_PUT, shop_id, key, idem, payload, about, shopper, by_human, chatter, priority, delay_s)
    return int(row if row is not None else await tx.fetchval(_OLD, shop_id, idem))
