"""200 buyers for 10 pieces, 50 hands, cancels and expiries amid it: the verbs themselves on a real PostgreSQL.

A seed says how many pieces each buyer wants, who regrets and who never pays. Whoever was refused comes again while
somebody may still give pieces back, as people do. At the end exactly 10 pieces are sold, whatever the order of events.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg

from kit import clock
from kit.db import Pool, transaction
from kit.errors import Refused
from kit.message import Chat
from orders.order import cancel, expire_due, place
from shop.catalogue import Product
from shop.search import Search
from shop.shops import Shop
from tests.orders_shop import OneShop, make_shop, ready_cart

BUYERS, PIECES, HANDS = 200, 10, 50
TICK_S = 0.25  # the product looks every 20 s; here the end of an order's time comes within the race
STRANDED_S = 60.0
_BUSY = (asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError)
_SKU = "TOY"
_SHORTER = """
UPDATE orders SET expires_at = now() + make_interval(secs => $3)
WHERE shop_id = $1 AND number = $2 RETURNING expires_at
"""
_LATE = """
SELECT EXTRACT(epoch FROM at - $3::timestamptz)::float8 FROM audit
WHERE shop_id = $1 AND about = $2 AND verb = 'order.expired'
"""


@dataclass(frozen=True)
class Buyer:
    """What one buyer does: wants `qty`, and then keeps it, cancels after `pause_s`, or lets the time run out."""

    id: int
    qty: int
    then: str
    pause_s: float


@dataclass
class Outcome:
    """How a race ended. `stranded_s`: the longest that a piece stood idle after its order's time was over."""

    seed: int
    sold: int = 0
    left: int = -1
    placed: int = 0
    refused: int = 0
    busy: int = 0
    cancelled: int = 0
    expired: int = 0
    stranded_s: float = 0.0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


def crowd(seed: int) -> Iterator[Buyer]:
    """The buyers of a seed."""
    dice = random.Random(f"race {seed}")
    for number in range(BUYERS):
        then = dice.choices(("keep", "cancel", "expire"), (2, 2, 1))[0]
        yield Buyer(number, dice.choices((1, 2, 3), (6, 3, 1))[0], then, dice.uniform(0.0, 0.2))


async def race(pool: Pool, seed: int) -> Outcome:
    """One race in a shop of its own; `pool` should have 50 connections."""
    began, shop = time.monotonic(), await _open(pool, f"race{seed}")
    game = _Race(pool, shop, Outcome(seed))
    ticking = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        clockwork = group.create_task(game.tick(ticking))
        async with asyncio.TaskGroup() as hands:
            for buyer in crowd(seed):
                game.queue.put_nowait(buyer)
            for _ in range(HANDS):
                hands.create_task(game.hand())
        ticking.set()
        await clockwork
    await game.judge()
    game.outcome.seconds = time.monotonic() - began
    return game.outcome


async def _open(pool: Pool, shop_id: str) -> Shop:
    """A shop with one product and ten pieces of it."""
    product = Product(_SKU, "Yogʻoch ot", 70_000, "UZS")
    made = make_shop((product,))
    shop = Shop(shop_id, made.profile, made.products, Search((product,)), 1, ("1234",))
    async with transaction(pool) as tx:
        await tx.execute(
            "INSERT INTO products (shop_id, sku, title_uz, price, currency) VALUES ($1, $2, $3, $4, 'UZS')",
            shop_id, _SKU, product.title_uz, product.price,
        )  # fmt: skip
        await tx.execute(
            "INSERT INTO stock (shop_id, sku, variant, available) VALUES ($1, $2, '', $3)", shop_id, _SKU, PIECES
        )
    return shop


class _Race:
    def __init__(self, pool: Pool, shop: Shop, outcome: Outcome) -> None:
        self.pool = pool
        self.shop = shop
        self.outcome = outcome
        self.queue: asyncio.Queue[Buyer] = asyncio.Queue()
        self.fickle = sum(buyer.then != "keep" for buyer in crowd(outcome.seed))  # who may still give pieces back
        self.ends: dict[int, datetime] = {}  # when the orders of those who never pay are over
        self.hopeful = BUYERS  # who has not bought, nor gone home

    async def hand(self) -> None:
        """Serves buyers until nobody hopes for anything."""
        while self.hopeful > 0:
            try:
                buyer = self.queue.get_nowait()
            except asyncio.QueueEmpty:
                await asyncio.sleep(0.01)
                continue
            await self.serve(buyer)

    async def serve(self, buyer: Buyer) -> None:
        """One try of one buyer; who was refused comes again while pieces may return."""
        last_chance = self.fickle == 0
        number = await self.buy(buyer)
        if number is not None:
            await self.live_with(buyer, number)
        elif buyer.then == "keep" and not last_chance:
            await asyncio.sleep(0.02)
            self.queue.put_nowait(buyer)
            return
        elif buyer.then != "keep":
            self.fickle -= 1
        self.hopeful -= 1

    async def buy(self, buyer: Buyer) -> int | None:
        """The order's number, None when there is nothing left. Fewer pieces than wanted are better than none."""
        qty = buyer.qty
        while qty > 0:
            chat = Chat(self.shop.id, "telegram", str(buyer.id))
            try:
                async with transaction(self.pool) as tx:
                    cart = ready_cart(self.shop, (_SKU, "", qty))
                    order = await place(tx, self.shop, chat, cart, actor=f"shopper:{chat.key}", now=clock.now())
                    if buyer.then == "expire":
                        ends = await tx.fetchval(_SHORTER, self.shop.id, order.number, buyer.pause_s)
                        self.ends[order.number] = ends
            except _BUSY:
                self.outcome.busy += 1  # 5 s behind others on a busy machine: the product's worker tries a turn again
                continue
            except Refused as refused:
                self.outcome.refused += 1
                left = int(str(refused.facts.get("left", 0)))
                qty = min(left, qty - 1)
                continue
            self.outcome.placed += 1
            return order.number
        return None

    async def live_with(self, buyer: Buyer, number: int) -> None:
        """What the buyer does with the order."""
        if buyer.then == "keep":
            return
        if buyer.then == "cancel":
            await asyncio.sleep(buyer.pause_s)
            await self.regret(buyer, number)
            self.outcome.cancelled += 1
        else:
            await self.gone(number)
            self.outcome.expired += 1
        self.fickle -= 1

    async def regret(self, buyer: Buyer, number: int) -> None:
        """Cancels; tried again where the order's row is busy for too long."""
        chat = Chat(self.shop.id, "telegram", str(buyer.id))
        while True:
            try:
                async with transaction(self.pool) as tx:
                    await cancel(tx, self.shop.id, number, actor=f"shopper:{chat.key}", now=clock.now(), chat=chat)
                return
            except _BUSY:
                self.outcome.busy += 1

    async def gone(self, number: int) -> None:
        """Wait until the product has ended the order; how long its pieces stood idle is noted."""
        ends = self.ends[number]
        for _ in range(1200):
            late_s = await self.pool.fetchval(_LATE, self.shop.id, f"order:{number}", ends)
            if late_s is not None:
                self.outcome.stranded_s = max(self.outcome.stranded_s, late_s)
                return
            await asyncio.sleep(0.05)
        self.outcome.wrong.append(f"order {number} still holds its pieces 60 s after its time")

    async def tick(self, stop: asyncio.Event) -> None:
        """The product's own periodic work, quicker; each tick notes how late it freed what it freed."""
        shops: Any = OneShop(self.shop)
        while not stop.is_set():
            with suppress(*_BUSY):
                await expire_due(self.pool, shops, clock.now())
            await asyncio.sleep(TICK_S)

    async def judge(self) -> None:
        """The sums of the end."""
        found, shop_id = self.outcome, self.shop.id
        found.sold = await self.pool.fetchval(
            """SELECT COALESCE(sum(i.qty), 0) FROM order_items i JOIN orders o USING (shop_id, number)
               WHERE shop_id = $1 AND o.status = 'awaiting_payment' AND o.holds_stock""",
            shop_id,
        )
        found.left = await self.pool.fetchval("SELECT available FROM stock WHERE shop_id = $1", shop_id)
        if (found.sold, found.left) != (PIECES, 0):
            found.wrong.append(f"sold {found.sold} and {found.left} on the shelf, of {PIECES}")
        if found.stranded_s > STRANDED_S:
            found.wrong.append(f"pieces stood idle for {found.stranded_s:.1f} s")
