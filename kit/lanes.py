"""Lanes: one row per conversation that workers claim, so that it has one turn at a time and keeps its order.

States of a lane: idle (due_at infinity, no owner), due (due_at finite, no owner), held (owner, epoch, lease).
`bot.inbox.accept` makes it due; here it is claimed, read, fenced, settled and released. All times are the database's.
Claiming and releasing do not wait for the disk (set_config): a crash of PostgreSQL that forgets them only frees a lane
or leaves it to its lease, and a commit of effects that follows makes them durable with itself.
A lane is always locked before anything else of its conversation, and a statement that touches several lanes skips
locked ones: so no two of us can wait for each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from asyncpg import Record

from kit.db import Pool, Reader, Tx
from kit.errors import Fenced
from kit.message import Chat, Incoming, load_incoming

BELL = "sotuv_inbox"
LEASE_S = 20.0  # a lane whose holder has not renewed for so long is anybody's
BURST = 16  # messages of one turn at most: an album has 10, and a prompt must end somewhere
SHOPS = 64  # shops a fair claim compares at once; the next claim goes on behind the last of them
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

    @property
    def read(self) -> int:
        """The lane.seq at which nothing of it waits; -1: something does."""
        return -1 if self.more else self.seen


@dataclass(frozen=True, slots=True)
class Row:
    """A waiting message. `sealed`: what staff typed in confidence, for kit.crypto.Box. `alone`: in a turn of its own.

    `broken`: why its payload cannot be read (a damaged row, or a newer version wrote it); `incoming` is empty then.
    """

    id: int
    seq: int
    attempts: int
    incoming: Incoming
    sealed: bytes | None = None
    alone: bool = False
    broken: str = ""

    @property
    def single(self) -> bool:
        """Whether it is worked without its neighbours, so that they do not suffer for it."""
        return self.alone or bool(self.broken) or self.attempts >= ISOLATE_AFTER


_CLAIM = """
UPDATE lane SET owner = $1, epoch = epoch + 1, lease_until = now() + make_interval(secs => $3),
    due_at = 'infinity', burst_at = NULL, retrying = false
FROM (SELECT shop_id, key FROM lane WHERE due_at <= now() AND due_at < 'infinity' AND owner IS NULL
      ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS due,
     (SELECT set_config('synchronous_commit', 'off', true)) AS quick
WHERE lane.shop_id = due.shop_id AND lane.key = due.key
RETURNING lane.shop_id, lane.key, lane.epoch, lane.awaiting, lane.rethought
"""
# The shop with the fewest turns under way goes first, then its longest waiting lane. Each shop costs two looks into
# lane_due_of_shop, however many lanes it has due; more candidates than wanted, because other workers choose as we do.
_CLAIM_FAIRLY = """
WITH RECURSIVE shop AS (
    (SELECT shop_id FROM lane WHERE shop_id > $4 AND due_at < 'infinity' AND owner IS NULL ORDER BY shop_id LIMIT 1)
    UNION ALL
    SELECT (SELECT l.shop_id FROM lane l WHERE l.shop_id > shop.shop_id AND l.due_at < 'infinity' AND l.owner IS NULL
            ORDER BY l.shop_id LIMIT 1) FROM shop WHERE shop.shop_id IS NOT NULL
), shops AS MATERIALIZED (
    SELECT shop_id FROM shop WHERE shop_id IS NOT NULL LIMIT $7
), waiting AS MATERIALIZED (
    SELECT first.shop_id, first.key, first.due_at,
        COALESCE(busy.lanes, 0) + row_number() OVER (PARTITION BY first.shop_id ORDER BY first.due_at) AS place
    FROM shops CROSS JOIN LATERAL (
        SELECT l.shop_id, l.key, l.due_at FROM lane l
        WHERE l.shop_id = shops.shop_id AND l.due_at <= now() AND l.due_at < 'infinity' AND l.owner IS NULL
        ORDER BY l.due_at LIMIT $2 + 8) AS first
    LEFT JOIN unnest($5::text[], $6::int[]) AS busy (shop_id, lanes) ON busy.shop_id = first.shop_id
    ORDER BY place, first.due_at LIMIT $2 * 2 + 8
), due AS (
    SELECT l.shop_id, l.key FROM waiting JOIN lane l ON l.shop_id = waiting.shop_id AND l.key = waiting.key
    WHERE l.due_at <= now() AND l.due_at < 'infinity' AND l.owner IS NULL
    ORDER BY waiting.place, waiting.due_at LIMIT $2 FOR UPDATE OF l SKIP LOCKED
)
UPDATE lane SET owner = $1, epoch = epoch + 1, lease_until = now() + make_interval(secs => $3),
    due_at = 'infinity', burst_at = NULL, retrying = false
FROM due, (SELECT set_config('synchronous_commit', 'off', true)) AS quick
WHERE lane.shop_id = due.shop_id AND lane.key = due.key
RETURNING lane.shop_id, lane.key, lane.epoch, lane.awaiting, lane.rethought,
    (SELECT CASE WHEN count(*) = $7 THEN max(shop_id) ELSE '' END FROM shops) AS last_shop
"""
_NEXT_DUE = """
SELECT EXTRACT(epoch FROM min(due_at) - clock_timestamp())::float8 FROM lane
WHERE due_at < 'infinity' AND owner IS NULL AND shop_id IS NOT NULL
"""
_WAITING = """
SELECT held.place, l.seq AS newest, i.*
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS held (shop_id, key, place)
JOIN lane l ON l.shop_id = held.shop_id AND l.key = held.key
LEFT JOIN LATERAL (SELECT id, seq, attempts, payload, sealed, alone FROM inbox
                   WHERE shop_id = l.shop_id AND key = l.key AND status = 0 ORDER BY seq LIMIT $3) AS i ON true
ORDER BY held.place, i.seq
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
# a lane that somebody has locked is left out: it is released alone, where nobody else can be made to wait for it
_RELEASE_EACH = """
UPDATE lane SET owner = NULL, lease_until = NULL,
    due_at = CASE WHEN lane.seq = mine.seen THEN 'infinity' WHEN due_at = 'infinity' THEN now() ELSE due_at END
FROM (SELECT l.shop_id, l.key, done.seen, done.place FROM lane l
      JOIN unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) WITH ORDINALITY
          AS done (shop_id, key, epoch, owner, seen, place)
      ON l.shop_id = done.shop_id AND l.key = done.key AND l.epoch = done.epoch AND l.owner = done.owner
      FOR UPDATE OF l SKIP LOCKED) AS mine,
     (SELECT set_config('synchronous_commit', 'off', true)) AS quick
WHERE lane.shop_id = mine.shop_id AND lane.key = mine.key
RETURNING mine.place, due_at < 'infinity' AS due
"""
_TRIED = """
UPDATE inbox SET attempts = GREATEST(attempts + 1, $4), last_error = $3
WHERE shop_id = $1 AND id = ANY($2) AND status = 0
"""
_RETRY = """
UPDATE lane SET owner = NULL, lease_until = NULL, retrying = true, due_at = now() + make_interval(secs => $3)
WHERE shop_id = $1 AND key = $2
"""
_BURY = """
UPDATE inbox SET status = 9, done_at = now(), sealed = NULL, attempts = attempts + 1, last_error = $3
WHERE shop_id = $1 AND id = ANY($2) AND status = 0
"""
# a thousand at a time: twenty thousand in one statement hold everybody else's commits up for a fifth of a second
_SHED = """
WITH ours AS MATERIALIZED (
    SELECT FROM lane WHERE shop_id = $1 AND key = $2 AND epoch = $3 AND owner = $4 FOR UPDATE
)
UPDATE inbox SET status = 2, done_at = now(), sealed = NULL, last_error = 'too many'
WHERE shop_id = $1 AND status = 0 AND EXISTS (SELECT FROM ours) AND id = ANY(ARRAY(
    SELECT i.id FROM inbox i
    WHERE i.shop_id = $1 AND i.key = $2 AND i.status = 0 AND NOT i.payload ? 'media' AND i.seq <= (
        SELECT n.seq FROM inbox n WHERE n.shop_id = $1 AND n.key = $2 AND n.status = 0
        ORDER BY n.seq DESC OFFSET $5 LIMIT 1)
    ORDER BY i.seq LIMIT 1000))
"""
_RENEW = """
UPDATE lane SET lease_until = now() + make_interval(secs => $5)
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
# claimed more than a quarter of a lease ago: the answer to the claim was lost with its connection, nobody works there
_FREE_FORGOTTEN = """
UPDATE lane SET owner = NULL, lease_until = NULL, due_at = now()
FROM (SELECT l.shop_id, l.key FROM lane l
      WHERE l.owner = $1 AND l.lease_until < now() + make_interval(secs => $4) AND NOT EXISTS (
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


def _columns(lanes: Sequence[Held]) -> tuple[list[str], list[str], list[int]]:
    """Shops, keys and epochs, for unnest."""
    return [held.shop_id for held in lanes], [held.key for held in lanes], [held.epoch for held in lanes]


def _held(row: Record, worker: int) -> Held:
    return Held(row["shop_id"], row["key"], row["epoch"], worker, row["awaiting"], row["rethought"])


async def claim(pool: Pool, worker: int, limit: int, lease_s: float = LEASE_S) -> list[Held]:
    """At most `limit` lanes that are due, now held by `worker` for `lease_s`; the longest waiting first."""
    return [_held(row, worker) for row in await pool.fetch(_CLAIM, worker, limit, lease_s)]


async def claim_fairly(
    pool: Pool, worker: int, limit: int, busy: Mapping[str, int], after: str = "", lease_s: float = LEASE_S
) -> tuple[list[Held], str]:
    """As `claim`, when more is due than there are hands for: shops with fewer turns under way (`busy`) come first.

    Looks at 64 shops behind the shop `after`; the second value is the `after` of the next call.
    """
    shops, lanes = list(busy), list(busy.values())
    rows = await pool.fetch(_CLAIM_FAIRLY, worker, limit, lease_s, after, shops, lanes, SHOPS)
    return [_held(row, worker) for row in rows], (rows[0]["last_shop"] if rows else "")


async def next_due(pool: Pool) -> float | None:
    """Seconds until a lane is due (<= 0: one is), None when no lane waits."""
    seconds: float | None = await pool.fetchval(_NEXT_DUE)
    return seconds


async def waiting(reader: Reader, held: Held) -> list[Row]:
    """The burst: up to 16 messages in order, one alone when it failed before; sets `held.seen` and `held.more`."""
    return (await waiting_each(reader, [held]))[0]


async def waiting_each(reader: Reader, lanes: Sequence[Held]) -> list[list[Row]]:
    """As `waiting`, the bursts of several lanes in their order."""
    shops, keys, _ = _columns(lanes)
    found: list[list[Record]] = [[] for _ in lanes]
    for one in await reader.fetch(_WAITING, shops, keys, BURST + 1):
        found[one["place"] - 1].append(one)
    return [_burst(held, rows) for held, rows in zip(lanes, found, strict=True)]


def _burst(held: Held, found: Sequence[Record]) -> list[Row]:
    held.seen = found[0]["newest"] if found else 0
    rows = [_row(held, one) for one in found if one["id"] is not None]
    ends = [place for place, row in enumerate(rows) if row.single][:1] or [BURST]  # the first that is worked alone
    burst = rows[: min(max(ends[0], 1), BURST)]
    held.more = len(burst) < len(rows)
    return burst


def _row(held: Held, found: Record) -> Row:
    broken = ""
    try:
        incoming = load_incoming(found["payload"])
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        incoming, broken = Incoming(Chat.of(held.shop_id, held.key), ""), f"{type(error).__name__}: {error}"[:300]
    return Row(found["id"], found["seq"], found["attempts"], incoming, found["sealed"], found["alone"], broken=broken)


async def shed(pool: Pool, held: Held, most: int) -> int:
    """Keep up to 1,000 of what waits longer than the newest `most` unanswered, pictures excepted; how many it were.

    0: nothing is left to shed, or the lane is not ours any more.
    """
    return int((await pool.execute(_SHED, held.shop_id, held.key, held.epoch, held.worker, most)).split()[-1])


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
    due = await pool.fetchval(_RELEASE, held.shop_id, held.key, held.epoch, held.worker, held.read, rethink)
    return bool(due)


async def release_each(pool: Pool, lanes: Sequence[Held]) -> list[bool | None]:
    """As `release` for several lanes, in their order; None: not ours, or locked just now, so release it alone."""
    if len(lanes) == 1:
        return [await release(pool, lanes[0])]
    owners, read = [held.worker for held in lanes], [held.read for held in lanes]
    due: list[bool | None] = [None] * len(lanes)
    for one in await pool.fetch(_RELEASE_EACH, *_columns(lanes), owners, read):
        due[one["place"] - 1] = one["due"]
    return due


async def retry(tx: Tx, held: Held, ids: Sequence[int], error: str, delay_s: float, *, isolate: bool = False) -> None:
    """Count a failed try of `ids`, give the lane back for `delay_s`; new messages do not hasten it. Fence first.

    `isolate`: from now on one message at a time, because the same burst cannot but fail again.
    """
    await tx.execute(_TRIED, held.shop_id, ids, error, ISOLATE_AFTER if isolate else 0)
    await tx.execute(_RETRY, held.shop_id, held.key, delay_s)


async def bury(tx: Tx, held: Held, ids: Sequence[int], error: str) -> None:
    """Keep messages as dead letters; the lane goes on without them. Fence first."""
    await tx.execute(_BURY, held.shop_id, ids, error)


async def renew(pool: Pool, held: Sequence[Held], worker: int, lease_s: float = LEASE_S) -> None:
    """Lengthen the leases of `held` to `lease_s` from now."""
    await pool.execute(_RENEW, *_columns(held), worker, lease_s)


async def free(pool: Pool, held: Held) -> None:
    """Give up a lane whose turn could not be ended: due at once, for anybody."""
    await pool.execute(_FREE, held.shop_id, held.key, held.epoch, held.worker)


async def free_forgotten(pool: Pool, worker: int, busy: Sequence[Held], lease_s: float = LEASE_S) -> int:
    """Make lanes due that `worker` holds without knowing it (`busy`: those it knows of); how many there were."""
    shops, keys, _ = _columns(busy)
    return int((await pool.execute(_FREE_FORGOTTEN, worker, shops, keys, lease_s * 0.75)).split()[-1])


async def other_owners(pool: Pool, worker: int) -> list[int]:
    """Workers other than `worker` that hold lanes."""
    return [row["owner"] for row in await pool.fetch(_OWNERS, worker)]


async def free_owner(pool: Pool, owner: int) -> int:
    """Make the lanes of a dead worker due; how many there were."""
    return int((await pool.execute(_FREE_OWNER, owner)).split()[-1])


async def free_expired(pool: Pool) -> int:
    """Make lanes due whose lease ran out (a machine lost, a loop frozen); how many there were."""
    return int((await pool.execute(_FREE_EXPIRED)).split()[-1])
