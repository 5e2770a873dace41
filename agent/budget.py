"""How many tokens a day a language model may cost: of one conversation, and of the whole shop, counted in PostgreSQL.

What a call may cost at most is taken before it and what it did not cost is given back after it, so that turns in
parallel never pass the limit together, and a killed process errs on the saving side.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date

from kit import clock
from kit.db import Pool, transaction
from shop.shops import Shop

SHOP = ""  # the key of the row of the whole shop
_KEPT_DAYS = 400  # of the shop's own row; conversations' rows go with their day

_TAKE = """
INSERT INTO llm_use AS had (shop_id, day, key, tokens) VALUES ($1, $2, $3, $4)
ON CONFLICT (shop_id, day, key) DO UPDATE SET tokens = had.tokens + EXCLUDED.tokens
WHERE had.tokens + EXCLUDED.tokens <= $5
RETURNING xmax = 0 AS first
"""
_FORGET = """
DELETE FROM llm_use WHERE shop_id = $1 AND (day < $2 AND key <> '' OR day < $2 - $3::int)
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """Tokens a day."""

    shopper: int
    shop: int


@dataclass(frozen=True, slots=True)
class Taken:
    """Tokens put aside for one call."""

    shop_id: str
    key: str
    day: date
    tokens: int


class _Spent(Exception):
    """Ends the transaction: the other limit is reached."""


async def take(db: Pool, shop: Shop, key: str, tokens: int, limits: Limits) -> Taken | None:
    """Puts `tokens` aside for a call in the conversation `key`; None when the day's limit of either is reached."""
    if tokens > min(limits.shopper, limits.shop):
        return None
    day = clock.now().astimezone(shop.profile.zone or UTC).date()
    try:
        async with transaction(db) as tx:
            for one, limit in ((SHOP, limits.shop), (key, limits.shopper)):  # always in this order: no deadlock
                row = await tx.fetchrow(_TAKE, shop.id, day, one, tokens, limit)
                if row is None:
                    raise _Spent
                if row["first"] and one == SHOP:
                    await tx.execute(_FORGET, shop.id, day, _KEPT_DAYS)
    except _Spent:
        return None
    return Taken(shop.id, key, day, tokens)


async def settle(db: Pool, taken: Taken, used: int) -> None:
    """Gives back what a call did not cost, or adds what it cost beyond."""
    await db.execute(
        "UPDATE llm_use SET tokens = greatest(0, tokens + $4) WHERE shop_id = $1 AND day = $2 AND key = ANY($3)",
        taken.shop_id,
        taken.day,
        [SHOP, taken.key],
        used - taken.tokens,
    )
