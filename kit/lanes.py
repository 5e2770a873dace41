"""Lanes: one row per conversation that workers claim, so that it has one turn at a time and keeps its order.

States of a lane: idle (due_at infinity, no owner), due (due_at finite, no owner), held (owner, epoch, lease).
`bot.inbox.accept` makes it due; here it is claimed, read, fenced, settled and released. All times are the database's.
Claiming and releasing do not wait for the disk (set_config): a crash of PostgreSQL that forgets them only frees a lane
or leaves it to its lease, and a commit of effects that follows makes them durable with itself.
A lane is always locked before anything else of its conversation, and a statement that touches several lanes skips
locked ones: so no two of us can wait for each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kit.db import Pool, Reader, Tx
from kit.errors import Fenced
from kit.message import Incoming, load_incoming

BELL = "sotuv_inbox"
BURST = 16  # messages of one turn at most: an album has 10, and a prompt must end somewhere
ISOLATE_AFTER = 2  # tries of a burst as a whole; then one message at a time, so that only the poisonous one dies


@dataclass(slots=True, eq=False)
class Held:
    """A lane we hold. `seen`: lane.seq when its messages were read; `more`: some were left for the next turn."""

    shop_id: str
    key: str
    epoch: int
    worker: int
    awaiting: str
    rethought: int
    seen: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A waiting message. `sealed`: what staff typed in confidence, for kit.crypto.Box."""

    id: int
    seq: int
    attempts: int
    incoming: Incoming
    sealed: bytes | None = None


_CLAIM = """
UPDATE lane SET owner = $1, epoch = epoch + 1, lease_until = now() + interval '20 s',
    due_at = 'infinity', burst_at = NULL, retrying = false
FROM (SELECT shop_id, key FROM lane WHERE due_at <= now() AND due_at < 'infinity' AND owner IS NULL
      ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS due,
     (SELECT set_config('synchronous_commit', 'off', true)) AS quick
WHERE lane.shop_id = due.shop_id AND lane.key = due.key
RETURNING lane.shop_id, lane.key, lane.epoch, lane.awaiting, lane.rethought
"""
_NEXT_DUE = """
SELECT EXTRACT(epoch FROM min(due_at) - clock_timestamp())::float8 FROM lane
WHERE due_at < 'infinity' AND owner IS NULL AND shop_id IS NOT NULL
"""
_WAITING = """
SELECT l.seq AS newest, i.id, i.seq, i.attempts, i.payload, i.sealed
FROM lane l LEFT JOIN inbox i ON i.shop_id = l.shop_id AND i.key = l.key AND i.status = 0
WHERE l.shop_id = $1 AND l.key = $2 ORDER BY i.seq LIMIT $3
"""
_FENCE = "SELECT seq FROM lane WHERE shop_id = $1 AND key = $2 AND epoch = $3 AND owner = $4 FOR UPDATE"
_DONE = "UPDATE inbox SET status = 1, done_at = now(), sealed = NULL WHERE shop_id = $1 AND id = $2 AND status = 0"
_SETTLE = """
WITH done AS (UPDATE inbox SET status = $4, done_at = now(), sealed = NULL
              WHERE shop_id = $1 AND id = ANY($3) AND status = 0)
UPDATE lane SET awaiting = $5, rethought = 0 WHERE shop_id = $1 AND key = $2
"""
# compare-and-set on seq: a message stored since `seen` was read keeps the lane due, whoever commits first
_RELEASE = """
UPDATE lane SET owner = NULL, lease_until = NULL, rethought = CASE WHEN $6 THEN rethought + 1 ELSE rethought END,
    due_at = CASE WHEN seq = $5 THEN 'infinity' WHEN due_at = 'infinity' THEN now() ELSE due_at END
FROM (SELECT set_config('synchronous_commit', 'off', true)) AS quick
WHERE shop_id = $1 AND key = $2 AND epoch = $3 AND owner = $4
RETURNING due_at < 'infinity'
"""
_TRIED = "UPDATE inbox SET attempts = attempts + 1, last_error = $3 WHERE shop_id = $1 AND id = ANY($2) AND status = 0"
_RETRY = """
UPDATE lane SET owner = NULL, lease_until = NULL, retrying = true, due_at = now() + make_interval(secs => $3)
WHERE shop_id = $1 AND key = $2
"""
_BURY = """
UPDATE inbox SET status = 9, done_at = now(), sealed = NULL, attempts = attempts + 1, last_error = $3
WHERE shop_id = $1 AND id = ANY($2) AND status = 0
"""
_RENEW = """
UPDATE lane SET lease_until = now() + interval '20 s'
FROM (SELECT l.shop_id, l.key FROM lane l
      JOIN unnest($1::text[], $2::text[], $3::bigint[]) AS mine (shop_id, key, epoch)
      ON l.shop_id = mine.shop_id AND l.key = mine.key AND l.epoch = mine.epoch
      WHERE l.owner = $4 FOR UPDATE OF l SKIP LOCKED) AS held
WHERE lane.shop_id = held.shop_id AND lane.key = held.key
"""
_FREE = """
UPDATE lane SET owner = NULL, lease_until = NULL, due_at = now()
WHERE shop_id = $1 AND key = $2 AND epoch = $3 AND owner = $4
"""
# claimed more than 5 s ago: the answer to the claim was lost with its connection, nobody works there
_FREE_FORGOTTEN = """
UPDATE lane SET owner = NULL, lease_until = NULL, due_at = now()
FROM (SELECT l.shop_id, l.key FROM lane l
      WHERE l.owner = $1 AND l.lease_until < now() + interval '15 s' AND NOT EXISTS (
          SELECT FROM unnest($2::text[], $3::text[]) AS busy (shop_id, key)
          WHERE busy.shop_id = l.shop_id AND busy.key = l.key)
      FOR UPDATE OF l SKIP LOCKED) AS lost
WHERE lane.shop_id = lost.shop_id AND lane.key = lost.key
"""
_OWNERS = "SELECT DISTINCT owner FROM lane WHERE owner IS NOT NULL AND owner <> $1 AND shop_id IS NOT NULL"
_FREE_OWNER = """
UPDATE lane SET owner = NULL, lease_until = NULL, due_at = now()
FROM (SELECT shop_id, key FROM lane WHERE owner = $1 FOR UPDATE SKIP LOCKED) AS dead
WHERE lane.shop_id = dead.shop_id AND lane.key = dead.key
"""
_FREE_EXPIRED = """
UPDATE lane SET owner = NULL, lease_until = NULL, due_at = now()
FROM (SELECT shop_id, key FROM lane WHERE owner IS NOT NULL AND lease_until < now() FOR UPDATE SKIP LOCKED) AS late
WHERE lane.shop_id = late.shop_id AND lane.key = late.key
"""


async def claim(pool: Pool, worker: int, limit: int) -> list[Held]:
    """At most `limit` lanes that are due, now held by `worker` for 20 s."""
    rows = await pool.fetch(_CLAIM, worker, limit)
    return [Held(r["shop_id"], r["key"], r["epoch"], worker, r["awaiting"], r["rethought"]) for r in rows]


async def next_due(pool: Pool) -> float | None:
    """Seconds until a lane is due (<= 0: one is), None when no lane waits."""
    seconds: float | None = await pool.fetchval(_NEXT_DUE)
    return seconds


async def waiting(reader: Reader, held: Held) -> list[Row]:
    """The burst: up to 16 messages in order, one alone when it failed before; sets `held.seen` and `held.more`."""
    found = await reader.fetch(_WAITING, held.shop_id, held.key, BURST + 1)
    held.seen = found[0]["newest"] if found else 0
    rows = [
        Row(r["id"], r["seq"], r["attempts"], load_incoming(r["payload"]), r["sealed"])
        for r in found
        if r["id"] is not None
    ]
    burst = rows[:1] if rows and rows[0].attempts >= ISOLATE_AFTER else rows[:BURST]
    held.more = len(burst) < len(rows)
    return burst


async def fence(tx: Tx, held: Held) -> int:
    """Lock the lane, make sure it is still ours; returns its newest seq. Raises Fenced when another worker has it."""
    newest: int | None = await tx.fetchval(_FENCE, held.shop_id, held.key, held.epoch, held.worker)
    if newest is None:
        raise Fenced(f"lane {held.shop_id} {held.key} is not ours any more")
    return newest


async def done(tx: Tx, held: Held, row_id: int) -> None:
    """Mark one message answered. Call `fence` first in the same transaction."""
    await tx.execute(_DONE, held.shop_id, row_id)


async def settle(tx: Tx, held: Held, ids: Sequence[int], awaiting: str = "", *, kept: bool = False) -> None:
    """End a turn: messages answered, or (`kept`) kept unanswered, and what was asked. Fence first."""
    await tx.execute(_SETTLE, held.shop_id, held.key, ids, 2 if kept else 1, awaiting)


async def release(pool: Pool, held: Held, *, rethink: bool = False) -> bool:
    """Give the lane back: idle, or due when anything waits in it. True when it waits; False also when it was not ours.

    `rethink`: the answer was dropped because of newer words; counted, so that it does not happen for ever.
    """
    read = -1 if held.more else held.seen
    due = await pool.fetchval(_RELEASE, held.shop_id, held.key, held.epoch, held.worker, read, rethink)
    return bool(due)


async def retry(tx: Tx, held: Held, ids: Sequence[int], error: str, delay_s: float) -> None:
    """Count a failed try of `ids`, give the lane back for `delay_s`; new messages do not hasten it. Fence first."""
    await tx.execute(_TRIED, held.shop_id, ids, error)
    await tx.execute(_RETRY, held.shop_id, held.key, delay_s)


async def bury(tx: Tx, held: Held, ids: Sequence[int], error: str) -> None:
    """Keep messages as dead letters; the lane goes on without them. Fence first."""
    await tx.execute(_BURY, held.shop_id, ids, error)


async def renew(pool: Pool, held: Sequence[Held], worker: int) -> None:
    """Lengthen the leases of `held` to 20 s from now."""
    shops, keys, epochs = [h.shop_id for h in held], [h.key for h in held], [h.epoch for h in held]
    await pool.execute(_RENEW, shops, keys, epochs, worker)


async def free(pool: Pool, held: Held) -> None:
    """Give up a lane whose turn could not be ended: due at once, for anybody."""
    await pool.execute(_FREE, held.shop_id, held.key, held.epoch, held.worker)


async def free_forgotten(pool: Pool, worker: int, busy: Sequence[Held]) -> int:
    """Make lanes due that `worker` holds without knowing it (`busy`: those it knows of); how many there were."""
    shops, keys = [held.shop_id for held in busy], [held.key for held in busy]
    return int((await pool.execute(_FREE_FORGOTTEN, worker, shops, keys)).split()[-1])


async def other_owners(pool: Pool, worker: int) -> list[int]:
    """Workers other than `worker` that hold lanes."""
    return [row["owner"] for row in await pool.fetch(_OWNERS, worker)]


async def free_owner(pool: Pool, owner: int) -> int:
    """Make the lanes of a dead worker due; how many there were."""
    return int((await pool.execute(_FREE_OWNER, owner)).split()[-1])


async def free_expired(pool: Pool) -> int:
    """Make lanes due whose lease ran out (a machine lost, a loop frozen); how many there were."""
    return int((await pool.execute(_FREE_EXPIRED)).split()[-1])
