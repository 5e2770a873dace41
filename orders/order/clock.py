"""What time does to orders that wait for money: one reminder, then the end. Run every minute by the worker."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from kit import outbox
from kit.db import Pool, Tx, transaction
from kit.message import Notice
from orders import payment, stock, told
from orders.order.model import of_row
from orders.order.moves import EXPIRED, move

if TYPE_CHECKING:
    from shop.shops import Shop, Shops

# an order somebody presses on right now is skipped and looked at a minute later
# who is paying at a provider's till right now is given the time to end it
_DUE = """SELECT * FROM orders WHERE shop_id = $1 AND status = 'awaiting_payment' AND expires_at <= $2
    AND NOT EXISTS (SELECT FROM provider_transactions AS t
        WHERE t.shop_id = $1 AND t.number = orders.number AND t.state = 'created' AND t.created_at > $3)
    ORDER BY expires_at LIMIT 1 FOR UPDATE SKIP LOCKED"""
_REMIND = """SELECT * FROM orders WHERE shop_id = $1 AND status = 'awaiting_payment' AND remind_at <= $2
    AND expires_at > $2 ORDER BY remind_at LIMIT 1 FOR UPDATE SKIP LOCKED"""


async def expire_due(pool: Pool, shops: Shops, now: datetime) -> int:
    """Ends every order whose time is over: goods back on the shelf, the shopper told; how many."""
    return await _each(pool, shops, now, expire_next)


async def remind_due(pool: Pool, shops: Shops, now: datetime) -> int:
    """Reminds, once, of every order whose time is nearly over; how many."""
    return await _each(pool, shops, now, remind_next)


async def expire_next(tx: Tx, shop: Shop, now: datetime) -> bool:
    """Ends the order whose time was over first; whether there was one."""
    row = await tx.fetchrow(_DUE, shop.id, now, now - payment.PAYING)
    if row is None:
        return False
    order = await of_row(tx, row)
    if order.holds_stock:
        await stock.free(tx, shop.id, order.lines)
    await told.tell(tx, shop, await move(tx, order, EXPIRED, "cron", now))
    about = f"order:{order.number}"
    notice = Notice("order_expired", about=about, shopper=order.key, silent=True)
    await outbox.tell_staff(tx, shop.id, notice, idem=f"{about}:expired:{now.timestamp()}")
    return True


async def remind_next(tx: Tx, shop: Shop, now: datetime) -> bool:
    """Reminds of the order whose time is over next; whether there was one."""
    row = await tx.fetchrow(_REMIND, shop.id, now)
    if row is None:
        return False
    order = await of_row(tx, row)
    await tx.execute("UPDATE orders SET remind_at = NULL WHERE shop_id = $1 AND number = $2", shop.id, order.number)
    await told.tell(tx, shop, order, reply=told.reminder, event="reminder")
    return True


async def _each(
    pool: Pool, shops: Shops, now: datetime, next_one: Callable[[Tx, Shop, datetime], Awaitable[bool]]
) -> int:
    """Runs `next_one` until nothing is left, each time in its own transaction: locks of many orders never add up."""
    done = 0
    for shop_id in shops.ids():
        found = True
        while found:
            shop = await shops.get(shop_id)
            async with transaction(pool) as tx:
                found = await next_one(tx, shop, now)
            done += found
    return done
