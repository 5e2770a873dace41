"""The sender's side of the outbox: which row may leave now, and what became of it.

A chat's rows leave by priority, then in the order of their ids: none while an earlier one waits, none while any is
being sent. Only a row that was put with a delay holds nothing back until it is due. A row is claimed and committed as
"being sent" before the platform is called; a sender that dies then leaves a row of which nobody knows whether it was
said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.db import Pool, Reader, Tx
from kit.letters import OUTBOX, DeadLetter, letter_id
from kit.message import Chat


@dataclass(frozen=True, slots=True)
class Pace:
    """The limits of an account of one kind (`gate`: "<channel>" or "<channel>#private").

    `every_s`: seconds between two messages of the account, `burst`: how many may leave at once. The same for one chat
    and for one group; 0 seconds: no limit.
    """

    gate: str
    every_s: float
    burst: int = 1
    chat_s: float = 0.0
    chat_burst: int = 1
    group_s: float = 0.0
    group_burst: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A row we are sending. `silenced`: a person has the conversation; `attempts` counts this one.

    `wait_s`: how long until its place in the platform's pace. `unsure`: earlier tries after which it may have been
    said. `trial`: the platform refused its account, this row tries whether it still does. `crowded`: its account has
    all the places it may have here, more may wait.
    """

    shop_id: str
    id: int
    key: str
    gate: str
    idem: str
    payload: dict[str, Any]
    about: str
    shopper: str
    by_human: bool
    chatter: bool
    priority: int
    attempts: int
    unsure: int
    silenced: bool
    wait_s: float
    trial: bool
    crowded: bool

    @property
    def chat(self) -> Chat:
        """The conversation it goes to (of no use under the staff key)."""
        return Chat.of(self.shop_id, self.key)

    @property
    def once(self) -> bool:
        """Whether saying it twice is worse than not saying it: comments are public, and a private reply works once."""
        return bool(self.payload.get("comment") or self.payload.get("private"))


# How far ahead of the clock a row may take its place in an account's pace, by priority: a claimed row sleeps no longer
# than that. So an answer finds at most 0.2 s of broadcast before it; it may itself stand behind 0.5 s of answers.
_AHEAD_S = (0.5, 0.3, 0.2)
# of the sender's places, those that only answers (and, the second number, notices) may take
_KEPT = (8, 16)
_PRIVATE = "#private"

# account: a loose index scan, one probe for each account that has anything waiting, however much that is.
# free: accounts whose pace has room; locked, so that two senders never take the same places (SKIP LOCKED: the other one
# is claiming there). head: each account's next rows that stand first in their chats; no account takes more than half of
# the places that are left, so that a platform that hangs leaves room for the others (scalar subqueries, not NOT EXISTS:
# without statistics that becomes a join over all that waits). A row whose chat must rest for longer is not claimed: it
# becomes due then, and what waits behind it no sooner. status 2 is committed before the platform is called; 120 s is
# longer than place and send (deliver.SEND_S) take.
_CLAIM = """
WITH RECURSIVE account AS (
    (SELECT shop_id, gate FROM outbox WHERE status = 0 ORDER BY shop_id, gate LIMIT 1)
    UNION ALL
    SELECT n.shop_id, n.gate FROM account a CROSS JOIN LATERAL (
        SELECT o.shop_id, o.gate FROM outbox o WHERE o.status = 0 AND (o.shop_id, o.gate) > (a.shop_id, a.gate)
        ORDER BY o.shop_id, o.gate LIMIT 1) n
), locked AS (
    SELECT b.shop_id, b.key AS gate, b.tat, b.why FROM account a
    JOIN bucket b ON b.shop_id = a.shop_id AND b.key = a.gate
    FOR UPDATE OF b SKIP LOCKED
), free AS (
    SELECT shop_id, gate, tat, why <> '' AS trial FROM locked
    UNION ALL
    SELECT a.shop_id, a.gate, '-infinity', false FROM account a
    WHERE NOT EXISTS (SELECT FROM bucket b WHERE b.shop_id = a.shop_id AND b.key = a.gate)
), open AS (
    SELECT f.shop_id, f.gate, f.trial, COALESCE(p.every_s, 0) AS every_s, p.chat_s, p.chat_burst, p.group_s,
        p.group_burst, EXTRACT(epoch FROM GREATEST(f.tat, now()) - now())::float8
            - COALESCE((p.burst - 1) * p.every_s, 0) AS ahead_s,
        CASE WHEN f.trial THEN 1 - COALESCE(b.busy, 0) ELSE LEAST(($2::int - COALESCE(b.busy, 0) + 1) / 2,
            2 * $2 / (SELECT count(*) FROM account) + 2) END AS room
    FROM free f
    LEFT JOIN unnest($3::text[], $4::float8[], $5::int[], $6::float8[], $7::int[], $8::float8[], $9::int[])
        AS p (gate, every_s, burst, chat_s, chat_burst, group_s, group_burst) ON p.gate = f.gate
    LEFT JOIN unnest($10::text[], $11::text[], $12::int[]) AS b (shop_id, gate, busy)
        ON b.shop_id = f.shop_id AND b.gate = f.gate
), head AS (
    SELECT w.*, g.gate, g.trial, g.every_s, g.ahead_s, g.room, l.limit_s, c.every_s AS chat_every_s,
        GREATEST(0, EXTRACT(epoch FROM t.tat - now())::float8 - (c.burst - 1) * c.every_s) AS rest_s
    FROM open g
    CROSS JOIN unnest(ARRAY[0, 1, 2]::smallint[], $13::float8[]) AS l (priority, limit_s)
    CROSS JOIN LATERAL (
        SELECT w.shop_id, w.id, w.key, w.priority, w.due_at, GREATEST(1,
            COALESCE(jsonb_array_length(w.payload -> 'photos'), 0)
            + COALESCE(jsonb_array_length(w.payload -> 'files'), 0)) AS parts
        FROM outbox w
        WHERE w.shop_id = g.shop_id AND w.gate = g.gate AND w.priority = l.priority AND w.status = 0
          AND w.due_at <= now() AND g.ahead_s <= l.limit_s
          AND w.id = (SELECT e.id FROM outbox e WHERE e.shop_id = w.shop_id AND e.key = w.key AND e.status = 0
              AND (NOT e.later OR e.attempts > 0 OR e.due_at <= now()) ORDER BY e.priority, e.id LIMIT 1)
          AND (SELECT e.id FROM outbox e WHERE e.shop_id = w.shop_id AND e.key = w.key AND e.status = 2 LIMIT 1) IS NULL
        ORDER BY w.due_at, w.id
        LIMIT GREATEST(0, LEAST(g.room,
            CASE WHEN g.every_s > 0 THEN floor((l.limit_s - g.ahead_s) / g.every_s)::int + 1 END))
        FOR UPDATE SKIP LOCKED) w
    CROSS JOIN LATERAL (SELECT
        COALESCE(CASE WHEN substr(w.key, strpos(w.key, ':') + 1) ^@ '-' THEN g.group_s ELSE g.chat_s END, 0),
        COALESCE(CASE WHEN substr(w.key, strpos(w.key, ':') + 1) ^@ '-' THEN g.group_burst ELSE g.chat_burst END, 1)
    ) AS c (every_s, burst)
    LEFT JOIN bucket t ON t.shop_id = w.shop_id AND t.key = w.key
), placed AS (
    SELECT h.*, rest_s > $14::float8 AS rests, ahead_s + every_s * (
            COALESCE(sum(parts) FILTER (WHERE rest_s <= $14::float8) OVER in_account, 0) - parts) AS place_s,
        row_number() OVER in_account AS nth
    FROM head h
    WINDOW in_account AS (PARTITION BY shop_id, gate ORDER BY priority, due_at, id ROWS UNBOUNDED PRECEDING)
), ranked AS (
    SELECT p.*, row_number() OVER (ORDER BY priority, nth, due_at, id) AS rank FROM placed p
    WHERE rests OR (place_s <= limit_s AND nth <= room)
), next AS (
    SELECT * FROM ranked WHERE rank <= $2 - CASE priority WHEN 0 THEN 0 WHEN 1 THEN $15::int ELSE $16::int END LIMIT 100
), paid AS (
    INSERT INTO bucket AS b (shop_id, key, tat)
    SELECT shop_id, key, now() + make_interval(secs => sum(cost)) FROM (
        SELECT shop_id, gate AS key, parts * every_s AS cost FROM next WHERE NOT rests AND every_s > 0
        UNION ALL
        SELECT shop_id, key, parts * chat_every_s FROM next WHERE NOT rests AND chat_every_s > 0) AS each
    GROUP BY shop_id, key ORDER BY shop_id, key
    ON CONFLICT (shop_id, key) DO UPDATE SET tat = GREATEST(b.tat, now()) + (EXCLUDED.tat - now())
), claimed AS (
    UPDATE outbox o SET status = CASE WHEN n.rests THEN 0 ELSE 2 END, attempts = attempts + (NOT n.rests)::int,
        owner = CASE WHEN n.rests THEN NULL ELSE $1::bigint END,
        lease_until = CASE WHEN n.rests THEN NULL ELSE now() + interval '120 s' END,
        due_at = CASE WHEN n.rests THEN now() + make_interval(secs => n.rest_s) ELSE o.due_at END
    FROM next n WHERE o.shop_id = n.shop_id AND o.id = n.id
    RETURNING o.*, GREATEST(0, n.place_s, n.rest_s) AS wait_s, n.trial, n.nth >= n.room AS crowded
), behind AS (
    UPDATE outbox o SET due_at = now() + make_interval(secs => n.rest_s) FROM next n
    WHERE n.rests AND o.shop_id = n.shop_id AND o.key = n.key AND o.status = 0 AND o.id <> n.id
      AND (o.priority, o.id) > (n.priority, n.id) AND o.due_at <= now()
)
SELECT o.shop_id, o.id, o.key, o.gate, o.idem, o.payload, o.about, o.shopper, o.by_human, o.chatter, o.priority,
    o.attempts, o.unsure, o.wait_s, o.trial, o.crowded, EXISTS (
        SELECT FROM contacts c WHERE c.shop_id = o.shop_id AND c.channel = split_part(o.key, ':', 1)
          AND c.id = substr(o.key, strpos(o.key, ':') + 1) AND (c.handed_over OR c.paused_until > now())) AS silenced
FROM claimed o WHERE o.status = 2 ORDER BY o.priority, o.due_at, o.id
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
UPDATE outbox SET status = 3, owner = NULL, lease_until = NULL, last_error = $3
WHERE shop_id = $1 AND id = $2 AND status = 2
"""
_AGAIN = """
UPDATE outbox SET status = 0, owner = NULL, lease_until = NULL, last_error = $3, unsure = unsure + $6,
    due_at = now() + make_interval(secs => $4), attempts = CASE WHEN $5 THEN attempts ELSE GREATEST(attempts - 1, 1) END
WHERE shop_id = $1 AND id = $2 AND status = 2
"""
# of a row that is given up, due_at tells when
_DEAD = """
UPDATE outbox SET status = 9, owner = NULL, lease_until = NULL, last_error = $3, due_at = now()
WHERE shop_id = $1 AND id = $2 AND status = 2
"""
_ADOPT = "UPDATE outbox SET owner = $2 WHERE status = 2 AND owner = $1 AND shop_id IS NOT NULL"
_OWNERS = "SELECT DISTINCT owner FROM outbox WHERE status = 2 AND owner <> $1 AND shop_id IS NOT NULL"
# a public word is due after 5 s: the platform is asked first whether it stands there, and it needs a moment to show it.
# $2 deaths: perhaps the sender died before it began to speak, so one more than after lost answers
_ORPHANS = """
UPDATE outbox o SET owner = NULL, lease_until = NULL, last_error = 'unsure perhaps said: its sender died',
    unsure = o.unsure + 1, status = CASE WHEN lost.once OR o.unsure + 1 < $2 THEN 0 ELSE 9 END,
    due_at = now() + make_interval(secs => CASE WHEN lost.once THEN 5 ELSE 0 END)
FROM (SELECT shop_id, id, payload ?| ARRAY['comment', 'private'] AS once FROM outbox
      WHERE status = 2 AND (owner = $1 OR lease_until < now()) FOR UPDATE SKIP LOCKED) AS lost
WHERE o.shop_id = lost.shop_id AND o.id = lost.id
RETURNING o.shop_id, o.id, o.key, o.gate, o.idem, o.payload, o.about, o.shopper, o.by_human, o.chatter, o.priority,
    o.attempts, o.unsure, false AS silenced, 0.0::float8 AS wait_s, false AS trial, false AS crowded,
    o.status = 9 AS dead
"""
# Claimed more than 5 s ago. The answer to the claim was lost with its connection and nothing was said, or a crash
# of PostgreSQL took back our note that it was (_SENT does not wait for the disk): a doubt, as after a sender's death.
_FORGOTTEN = """
UPDATE outbox SET status = 0, owner = NULL, lease_until = NULL, unsure = unsure + 1,
    last_error = 'unsure perhaps said: its note was lost',
    due_at = CASE WHEN payload ?| ARRAY['comment', 'private'] THEN now() + interval '5 s' ELSE due_at END
WHERE status = 2 AND owner = $1 AND lease_until < now() + interval '115 s' AND id <> ALL($2::bigint[])
  AND shop_id IS NOT NULL
"""
_REST = """
INSERT INTO bucket AS b (shop_id, key, tat)
SELECT $1, key, now() + make_interval(secs => $3) FROM unnest($2::text[]) AS key
ON CONFLICT (shop_id, key) DO UPDATE SET tat = GREATEST(b.tat, EXCLUDED.tat)
"""
_CLOSE = "UPDATE bucket SET why = $3 WHERE shop_id = $1 AND key = ANY($2::text[]) AND why = ''"
_OPEN = "UPDATE bucket SET why = '', tat = now() WHERE shop_id = $1 AND key = ANY($2::text[]) AND why <> ''"
_CLOSED = "SELECT shop_id, key, why FROM bucket WHERE why <> '' AND shop_id IS NOT NULL"
_TRY_NOW = "UPDATE bucket SET tat = now() WHERE why <> '' AND shop_id = ANY($1::text[])"

_DEAD_LETTERS = """
SELECT id, key, payload, COALESCE(last_error, '') AS why, due_at FROM outbox
WHERE shop_id = $1 AND status = 9 ORDER BY id DESC LIMIT $2
"""
_REVIVE = """
WITH back AS (
    UPDATE outbox SET status = 0, attempts = 0, unsure = 0, later = false, due_at = now()
    WHERE shop_id = $1 AND id = $2 AND status = 9 RETURNING id)
SELECT pg_notify('sotuv_outbox', '') FROM back
"""
_SKIP = "UPDATE outbox SET status = 8 WHERE shop_id = $1 AND id = $2 AND status = 9"


def _row(found: Any) -> Row:
    return Row(**{name: found[name] for name in Row.__slots__})


async def claim(
    pool: Pool, worker: int, room: int, paces: Sequence[Pace] = (), busy: Mapping[tuple[str, str], int] | None = None
) -> list[Row]:
    """At most `room` rows that may leave now or within half a second (`wait_s`), marked as being sent by `worker`.

    `busy`: how many rows of each account (shop, gate) this worker is sending.
    """
    busy = busy or {}
    found = await pool.fetch(
        _CLAIM,
        worker,
        room,
        *([getattr(pace, name) for pace in paces] for name in Pace.__slots__),
        [shop_id for shop_id, _ in busy],
        [gate for _, gate in busy],
        list(busy.values()),
        _AHEAD_S,
        _AHEAD_S[0],
        *_KEPT,
    )
    return [_row(one) for one in found]


async def next_due(pool: Pool) -> float | None:
    """Seconds until a row that waits for its time is due, None when none does."""
    seconds: float | None = await pool.fetchval(_NEXT_DUE)
    return seconds


async def sent(tx: Pool | Tx, row: Row, provider_id: str) -> bool:
    """It was said; the platform calls it `provider_id`. True when more waits for the same chat."""
    return bool(await tx.fetchval(_SENT, row.shop_id, row.id, provider_id))


async def dropped(tx: Pool | Tx, row: Row, why: str = "a person has the conversation") -> None:
    """It need not be said (any more)."""
    await tx.execute(_DROPPED, row.shop_id, row.id, why)


async def again(
    tx: Pool | Tx, row: Row, error: str, delay_s: float, *, counts: bool = True, unsure: bool = False
) -> None:
    """It will be tried again in `delay_s`. `counts`: as a failed try (asked to wait does not count). `unsure`: as one
    after which it may have been said."""
    await tx.execute(_AGAIN, row.shop_id, row.id, error, delay_s, counts, int(unsure))


async def dead(tx: Pool | Tx, row: Row, error: str) -> None:
    """It is kept unsent; the chat's next row may leave."""
    await tx.execute(_DEAD, row.shop_id, row.id, error)


# ---- limits of accounts and chats ------------------------------------------------------------------------------------


def gates(channel: str) -> list[str]:
    """What counts the messages of an account."""
    return [channel, channel + _PRIVATE]


async def rest(tx: Pool | Tx, shop_id: str, keys: Sequence[str], seconds: float) -> None:
    """Nothing leaves for `seconds` through these gates, or to these chats."""
    await tx.execute(_REST, shop_id, keys, seconds)


async def close(tx: Tx, shop_id: str, channel: str, why: str, seconds: float) -> bool:
    """The platform refuses the account: its rows wait, one tries every `seconds`. True when it was open until now."""
    await rest(tx, shop_id, gates(channel), seconds)
    return await tx.execute(_CLOSE, shop_id, gates(channel), why) != "UPDATE 0"


async def reopen(tx: Pool | Tx, shop_id: str, channel: str) -> None:
    """The platform takes messages of the account again."""
    await tx.execute(_OPEN, shop_id, gates(channel))


async def try_now(tx: Pool | Tx, shop_ids: Sequence[str]) -> None:
    """Closed accounts of these shops are tried at once: their tokens may be new."""
    await tx.execute(_TRY_NOW, shop_ids)


async def closed(reader: Reader) -> dict[tuple[str, str], str]:
    """(shop, channel) -> why the platform refuses it; for /ready and doctor."""
    found = await reader.fetch(_CLOSED)
    return {(one["shop_id"], one["key"]): one["why"] for one in found if not one["key"].endswith(_PRIVATE)}


# ---- what dead senders left ------------------------------------------------------------------------------------------


async def adopt(pool: Pool, old: int, worker: int) -> None:
    """What the worker was sending under its id `old` it sends under its new one."""
    await pool.execute(_ADOPT, old, worker)


async def other_owners(pool: Pool, worker: int) -> list[int]:
    """Workers other than `worker` that are sending."""
    return [found["owner"] for found in await pool.fetch(_OWNERS, worker)]


async def orphans(tx: Tx, owner: int, deaths: int) -> tuple[int, list[Row]]:
    """Take back what the dead worker `owner` (0: nobody in particular) or an expired lease was sending.

    Returns how many there were, and those given up: `deaths` times nobody knew whether they were said.
    """
    found = await tx.fetch(_ORPHANS, owner, deaths)
    return len(found), [_row(one) for one in found if one["dead"]]


async def give_back_forgotten(pool: Pool, worker: int, busy: Sequence[Row]) -> int:
    """Let rows leave that `worker` has without knowing of it (`busy`: those it knows); how many there were.

    Perhaps they were said: where that matters, the platform is asked first.
    """
    return int((await pool.execute(_FORGOTTEN, worker, [row.id for row in busy])).split()[-1])


# ---- dead letters ----------------------------------------------------------------------------------------------------


async def dead_letters(reader: Reader, shop_id: str, limit: int) -> list[DeadLetter]:
    """What was given up and nobody has looked at, newest first."""
    found = await reader.fetch(_DEAD_LETTERS, shop_id, limit)
    return [
        DeadLetter(letter_id(OUTBOX, one["id"]), one["key"], _what(one["payload"]), one["why"], one["due_at"])
        for one in found
    ]


def _what(payload: Mapping[str, Any]) -> str:
    """The words that were not said, else what kind of thing it was."""
    return str(payload.get("text") or payload.get("kind") or next(iter(payload), ""))


async def revive(tx: Tx, shop_id: str, id_: int) -> bool:
    """Try a dead letter again from the beginning; False when it is none. It stands before what was put after it."""
    return bool(await tx.fetch(_REVIVE, shop_id, id_))


async def skip(tx: Tx, shop_id: str, id_: int) -> bool:
    """Staff have dealt with a dead letter, it is never sent; False when it is none."""
    return await tx.execute(_SKIP, shop_id, id_) == "UPDATE 1"
