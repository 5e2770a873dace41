"""Dead letters of the inbox: what staff see of them, and what they may do about one."""

from __future__ import annotations

from kit.db import Reader, Tx
from kit.lanes import BELL
from kit.letters import INBOX, DeadLetter, letter_id

# lane first, as everywhere; `alone`: what killed it must not take later messages along
_RENUMBER = """
UPDATE lane SET seq = seq + 1, due_at = CASE WHEN retrying OR due_at <= now() THEN due_at ELSE now() END
WHERE shop_id = $1 AND key = (SELECT key FROM inbox WHERE shop_id = $1 AND id = $2 AND status = 9)
RETURNING seq, owner
"""
_REVIVE = """
UPDATE inbox SET status = 0, attempts = 0, alone = true, done_at = NULL, seq = $3
WHERE shop_id = $1 AND id = $2 AND status = 9
"""
_SKIP = "UPDATE inbox SET status = 8 WHERE shop_id = $1 AND id = $2 AND status = 9"
_DEAD = """
SELECT id, key, COALESCE(last_error, '') AS last_error, COALESCE(done_at, received_at) AS at, COALESCE(
    NULLIF(payload->>'text', ''), CASE WHEN payload ? 'media' THEN 'media' ELSE kind END) AS what FROM inbox
WHERE shop_id = $1 AND status = 9 ORDER BY id DESC LIMIT $2
"""


async def dead_letters(reader: Reader, shop_id: str, limit: int) -> list[DeadLetter]:
    """The shop's dead messages, the latest first."""
    return [
        DeadLetter(letter_id(INBOX, one["id"]), one["key"], one["what"], one["last_error"], one["at"])
        for one in await reader.fetch(_DEAD, shop_id, limit)
    ]


async def revive(tx: Tx, shop_id: str, row_id: int) -> bool:
    """Let a dead message wait again, behind those that wait already, in a turn of its own; False when it is not dead.

    It gets a new number in its lane: whoever holds the lane now sees at release that something came.
    """
    lane = await tx.fetchrow(_RENUMBER, shop_id, row_id)
    if lane is None or (await tx.execute(_REVIVE, shop_id, row_id, lane["seq"])) != "UPDATE 1":
        return False
    if lane["owner"] is None:
        await tx.execute("SELECT pg_notify($1, '')", BELL)
    return True


async def skip(tx: Tx, shop_id: str, row_id: int) -> bool:
    """Put a dead message aside for good; False when it is not dead."""
    return bool(await tx.execute(_SKIP, shop_id, row_id) == "UPDATE 1")
