"""Both sides of the till: what was counted as paid, and what came that no order was counted for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kit.db import Reader
from orders.bank import store
from orders.bank.match import Credit

_PAID = """SELECT p.number, p.amount, p.currency, p.way, p.at, m.id IS NOT NULL AS told
    FROM payments AS p LEFT JOIN LATERAL (
        SELECT id FROM money_seen WHERE shop_id = $1 AND number = p.number AND amount = p.amount LIMIT 1) AS m ON true
    WHERE p.shop_id = $1 AND p.amount > 0 AND p.at >= $2 ORDER BY p.id DESC"""


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that was counted; `told`: a message of the bank stands for it."""

    number: int
    amount: int
    currency: str
    way: str
    at: datetime
    told: bool


async def paid(reader: Reader, shop_id: str, since: datetime) -> list[Paid]:
    """Payments counted since then, the newest first."""
    return [Paid(**dict(row)) for row in await reader.fetch(_PAID, shop_id, since)]


async def came(reader: Reader, shop_id: str, since: datetime) -> list[Credit]:
    """Credits since then that match no order yet, the newest first."""
    return (await store.free(reader, shop_id, since))[::-1]
