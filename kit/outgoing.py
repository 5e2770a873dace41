"""The sender's side of the outbox: which row may leave now, and what became of it.

A chat's rows leave in the order of their ids: none while an earlier one waits or is being sent. Only a row that was put
with a delay holds nothing back until it is due. A row is claimed and committed as "being sent" before the platform is
called; a sender that dies then leaves a row of which nobody knows whether it was said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kit.db import Pool, Tx
from kit.message import Chat


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A row we are sending. `silenced`: a person has the conversation; `attempts` counts this one."""

    shop_id: str
    id: int
    key: str
    idem: str
    payload: dict[str, Any]
    about: str
    shopper: str
    by_human: bool
    chatter: bool
    attempts: int
    silenced: bool

    @property
    def chat(self) -> Chat:
        """The conversation it goes to (of no use under the staff key)."""
        return Chat.of(self.shop_id, self.key)

    @property
    def once(self) -> bool:
        """Whether saying it twice is worse than not saying it: comments are public, and a private reply works once."""
        return bool(self.payload.get("comment") or self.payload.get("private"))


# status 2 is committed before the platform is called; 120 s is longer than pace and send (deliver.SEND_S) take
_CLAIM = """
UPDATE outbox o SET status = 2, owner = $1, attempts = attempts + 1, lease_until = now() + interval '120 s'
FROM (SELECT w.shop_id, w.id FROM outbox w
      WHERE w.status = 0 AND w.due_at <= now() AND NOT EXISTS (
          SELECT FROM outbox e WHERE e.shop_id = w.shop_id AND e.key = w.key AND e.id < w.id AND e.status IN (0, 2)
            AND (e.status = 2 OR NOT e.later OR e.attempts > 0 OR e.due_at <= now()))
      ORDER BY w.due_at, w.id LIMIT $2 FOR UPDATE OF w SKIP LOCKED) AS next
WHERE o.shop_id = next.shop_id AND o.id = next.id
RETURNING o.shop_id, o.id, o.key, o.idem, o.payload, o.about, o.shopper, o.by_human, o.chatter, o.attempts, EXISTS (
    SELECT FROM contacts c WHERE c.shop_id = o.shop_id AND c.channel = split_part(o.key, ':', 1)
      AND c.id = substr(o.key, strpos(o.key, ':') + 1) AND (c.handed_over OR c.paused_until > now())) AS silenced
"""
# rows due for longer wait behind another row of their chat; 50 ms is the time between a claim and this question
_NEXT_DUE = """
SELECT EXTRACT(epoch FROM min(due_at) - clock_timestamp())::float8 FROM outbox
WHERE status = 0 AND due_at > now() - interval '50 milliseconds' AND shop_id IS NOT NULL
"""
# not waiting for the disk: a crash of PostgreSQL in the next half second says it again, as one in the last would have
_SENT = """
UPDATE outbox SET status = 1, sent_at = now(), provider_id = NULLIF($3, ''), owner = NULL, lease_until = NULL
FROM (SELECT set_config('synchronous_commit', 'off', true)) AS quick
WHERE shop_id = $1 AND id = $2 AND status = 2
RETURNING EXISTS (SELECT FROM outbox w WHERE w.shop_id = $1 AND w.key = outbox.key AND w.id <> $2 AND w.status = 0)
"""
_DROPPED = """
UPDATE outbox SET status = 3, owner = NULL, lease_until = NULL, last_error = 'a person has the conversation'
WHERE shop_id = $1 AND id = $2 AND status = 2
"""
_AGAIN = """
UPDATE outbox SET status = 0, owner = NULL, lease_until = NULL, last_error = $3,
    due_at = now() + make_interval(secs => $4), attempts = CASE WHEN $5 THEN attempts ELSE GREATEST(attempts - 1, 1) END
WHERE shop_id = $1 AND id = $2 AND status = 2
"""
_DEAD = """
UPDATE outbox SET status = 9, owner = NULL, lease_until = NULL, last_error = $3
WHERE shop_id = $1 AND id = $2 AND status = 2
"""
_OWNERS = "SELECT DISTINCT owner FROM outbox WHERE status = 2 AND owner <> $1 AND shop_id IS NOT NULL"
_ORPHANS = """
UPDATE outbox o SET owner = NULL, lease_until = NULL, last_error = 'its sender died; perhaps it was said already',
    status = CASE WHEN o.payload ?| ARRAY['comment', 'private'] THEN 9 ELSE 0 END
FROM (SELECT shop_id, id FROM outbox WHERE status = 2 AND (owner = $1 OR lease_until < now())
      FOR UPDATE SKIP LOCKED) AS lost
WHERE o.shop_id = lost.shop_id AND o.id = lost.id
RETURNING o.shop_id, o.id, o.key, o.idem, o.payload, o.about, o.shopper, o.by_human, o.chatter, o.attempts,
    false AS silenced, o.status = 9 AS dead
"""
# claimed more than 5 s ago: the answer to the claim was lost with its connection, nothing was said
_FORGOTTEN = """
UPDATE outbox SET status = 0, owner = NULL, lease_until = NULL
WHERE status = 2 AND owner = $1 AND lease_until < now() + interval '115 s' AND id <> ALL($2::bigint[])
  AND shop_id IS NOT NULL
"""
# GCRA: each message moves tat by its interval; one that runs ahead of the clock by more than the burst waits for it
_PACE = """
INSERT INTO bucket AS b (shop_id, key, tat)
SELECT $1, p.key, now() + make_interval(secs => p.every_s) FROM unnest($2::text[], $3::float8[]) AS p (key, every_s)
ON CONFLICT (shop_id, key) DO UPDATE SET tat = GREATEST(b.tat, now()) + (EXCLUDED.tat - now())
RETURNING key, EXTRACT(epoch FROM tat - now())::float8 AS ahead_s
"""


def _row(found: Any) -> Row:
    return Row(**{name: found[name] for name in Row.__slots__})


async def claim(pool: Pool, worker: int, limit: int) -> list[Row]:
    """At most `limit` rows that may leave now, marked as being sent by `worker`."""
    return [_row(found) for found in await pool.fetch(_CLAIM, worker, limit)]


async def next_due(pool: Pool) -> float | None:
    """Seconds until a row that waits for its time is due, None when none does."""
    seconds: float | None = await pool.fetchval(_NEXT_DUE)
    return seconds


async def sent(tx: Pool | Tx, row: Row, provider_id: str) -> bool:
    """It was said; the platform calls it `provider_id`. True when more waits for the same chat."""
    return bool(await tx.fetchval(_SENT, row.shop_id, row.id, provider_id))


async def dropped(tx: Pool | Tx, row: Row) -> None:
    """It is not said: a person has the conversation."""
    await tx.execute(_DROPPED, row.shop_id, row.id)


async def again(tx: Pool | Tx, row: Row, error: str, delay_s: float, *, counts: bool) -> None:
    """It will be tried again in `delay_s`. `counts`: as a failed try (asked to wait does not count)."""
    await tx.execute(_AGAIN, row.shop_id, row.id, error, delay_s, counts)


async def dead(tx: Pool | Tx, row: Row, error: str) -> None:
    """It is kept unsent; the chat's next row may leave."""
    await tx.execute(_DEAD, row.shop_id, row.id, error)


async def other_owners(pool: Pool, worker: int) -> list[int]:
    """Workers other than `worker` that are sending."""
    return [found["owner"] for found in await pool.fetch(_OWNERS, worker)]


async def orphans(tx: Tx, owner: int) -> tuple[int, list[Row]]:
    """Take back what the dead worker `owner` (0: nobody in particular) or an expired lease was sending.

    Returns how many there were, and those that are not tried again because saying them twice is worse.
    """
    found = await tx.fetch(_ORPHANS, owner)
    return len(found), [_row(one) for one in found if one["dead"]]


async def give_back_forgotten(pool: Pool, worker: int, busy: Sequence[Row]) -> int:
    """Let rows leave that `worker` claimed without knowing it (`busy`: those it knows of); how many there were."""
    return int((await pool.execute(_FORGOTTEN, worker, [row.id for row in busy])).split()[-1])


async def pace(pool: Pool, shop_id: str, limits: Sequence[tuple[str, float, int]]) -> float:
    """Take a place in the queue of every limit (key, seconds between messages, burst); seconds to wait for the last."""
    keys, every = [key for key, _, _ in limits], [every_s for _, every_s, _ in limits]
    ahead = {found["key"]: found["ahead_s"] for found in await pool.fetch(_PACE, shop_id, keys, every)}
    return max(0.0, *(float(ahead[key]) - every_s * burst for key, every_s, burst in limits))
