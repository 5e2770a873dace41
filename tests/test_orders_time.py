"""Orders that wait: reminded once, then over, then revived by late money."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from kit.db import Pool, transaction
from orders.order import confirm, expire_due, get, remind_due
from tests.orders_shop import CHAT, NOON, STAFF, OneShop, fill_shop, left, make_shop, order_of, said

SHOP = make_shop()
SHOPS = OneShop(SHOP)


async def _placed(pool: Pool, count: int = 1) -> None:
    await fill_shop(pool)
    for _ in range(count):
        async with transaction(pool) as tx:
            await order_of(tx, SHOP)


async def test_one_reminder_then_the_end(own_db: Pool) -> None:
    await _placed(own_db)
    assert await remind_due(own_db, SHOPS, NOON) == 0  # type: ignore[arg-type]
    near = NOON + timedelta(hours=2, minutes=40)
    assert [await remind_due(own_db, SHOPS, near) for _ in range(3)] == [1, 0, 0]  # type: ignore[arg-type]
    assert await expire_due(own_db, SHOPS, near) == 0  # type: ignore[arg-type]
    after = NOON + timedelta(hours=3)
    assert [await expire_due(own_db, SHOPS, after) for _ in range(2)] == [1, 0]  # type: ignore[arg-type]
    assert await left(own_db, "GUL", "") == 10
    words = await said(own_db)
    assert len(words) == 2 and "18.11, 15:00" in words[0] and "№1" in words[1]
    assert await remind_due(own_db, SHOPS, after) == 0  # type: ignore[arg-type]


async def test_a_paid_order_is_neither_reminded_nor_ended(own_db: Pool) -> None:
    await _placed(own_db)
    async with transaction(own_db) as tx:
        await confirm(tx, "atir", 1, actor=STAFF, now=NOON)
    later = NOON + timedelta(days=30)
    assert await remind_due(own_db, SHOPS, later) == await expire_due(own_db, SHOPS, later) == 0  # type: ignore[arg-type]


async def test_two_workers_end_each_order_once(own_db: Pool) -> None:
    await _placed(own_db, 8)
    later = NOON + timedelta(hours=3)
    done = await asyncio.gather(*(expire_due(own_db, SHOPS, later) for _ in range(4)))  # type: ignore[arg-type]
    assert sum(done) == 8
    assert await left(own_db, "GUL", "") == 10
    assert len(await said(own_db, CHAT)) == 8


async def test_a_press_in_the_moment_of_the_end_leaves_one_story(own_db: Pool) -> None:
    await _placed(own_db)

    async def press() -> str:
        async with transaction(own_db) as tx:
            return (await confirm(tx, "atir", 1, actor=STAFF, now=NOON)).status

    await asyncio.gather(press(), expire_due(own_db, SHOPS, NOON + timedelta(hours=3)))  # type: ignore[arg-type]
    order = await get(own_db, "atir", 1)
    assert order is not None and (order.status, order.holds_stock) == ("paid", True)
    assert await left(own_db, "GUL", "") == 9
