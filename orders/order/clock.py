"""What time does to orders that wait for money: one reminder, then the end. Run every minute by the worker."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from kit.db import Pool, transaction
from orders import stock, told
from orders.order.model import of_row
from orders.order.moves import EXPIRED, move

if TYPE_CHECKING:
    from shop.shops import Shops

# an order somebody presses on right now is skipped and looked at a minute later
_DUE = """SELECT * FROM orders WHERE shop_id = $1 AND status = 'awaiting_payment' AND expires_at <= $2
    ORDER BY expires_at LIMIT 1 FOR UPDATE SKIP LOCKED"""
_REMIND = """SELECT * FROM orders WHERE shop_id = $1 AND status = 'awaiting_payment' AND remind_at <= $2
    AND expires_at > $2 ORDER BY remind_at LIMIT 1 FOR UPDATE SKIP LOCKED"""


async def expire_due(pool: Pool, shops: Shops, now: datetime) -> int:
    """Ends every order whose time is over: goods back on the shelf, the shopper told; how many.

    Each order is its own transaction: thousands of them never hold their locks together.
    """
    done = 0
    for shop_id in shops.ids():
        while await _expire_one(pool, shops, shop_id, now):
            done += 1
    return done


async def _expire_one(pool: Pool, shops: Shops, shop_id: str, now: datetime) -> bool:
    async with transaction(pool) as tx:
        row = await tx.fetchrow(_DUE, shop_id, now)
        if row is None:
            return False
        order = await of_row(tx, row)
        if order.holds_stock:
            await stock.free(tx, shop_id, order.lines)
        await told.tell(tx, await shops.get(shop_id), await move(tx, order, EXPIRED, "cron", now))
        return True


async def remind_due(pool: Pool, shops: Shops, now: datetime) -> int:
    """Reminds, once, of every order whose time is nearly over; how many."""
    done = 0
    for shop_id in shops.ids():
        while await _remind_one(pool, shops, shop_id, now):
            done += 1
    return done


async def _remind_one(pool: Pool, shops: Shops, shop_id: str, now: datetime) -> bool:
    async with transaction(pool) as tx:
        row = await tx.fetchrow(_REMIND, shop_id, now)
        if row is None:
            return False
        order = await of_row(tx, row)
        await tx.execute("UPDATE orders SET remind_at = NULL WHERE shop_id = $1 AND number = $2", shop_id, order.number)
        await told.tell(tx, await shops.get(shop_id), order, reply=told.reminder, event="reminder")
        return True
