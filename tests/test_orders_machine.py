"""Any order of verbs by anybody: only the moves of the table happen, no piece and no so'm is lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import db as database
from kit.db import Tx
from kit.embedded import Engines
from kit.errors import Refused
from orders.order import (
    MOVES,
    accept_as_full,
    cancel,
    change,
    claim,
    confirm,
    deliver,
    get,
    pack,
    problem,
    refund,
    reject,
    ship,
)
from orders.order.clock import expire_next
from tests.orders_shop import CHAT, NOON, STAFF, STOCK, fill_shop, make_shop, order_of

SHOPS = {
    "full": make_shop(),
    "now": make_shop(delivery={"paid": "now"}),
    "share": make_shop(
        delivery={"regions": [{"key": "city", "name": "Toshkent shahri", "price": 20000, "prepay": "30 %"}]}
    ),
    "none": make_shop(payment={"cash_at_pickup": True}),
}
SHOPPER = "shopper:telegram:55"
VERBS: dict[str, Any] = {
    "claim": lambda tx, n, _: claim(tx, "atir", n, actor=SHOPPER, now=NOON),
    "problem": lambda tx, n, _: problem(tx, "atir", n, actor=SHOPPER, now=NOON),
    "confirm": lambda tx, n, amount: confirm(tx, "atir", n, actor=STAFF, now=NOON, amount=amount),
    "confirm by agent": lambda tx, n, amount: confirm(tx, "atir", n, actor="agent", now=NOON, amount=amount),
    "confirm by provider": lambda tx, n, amount: confirm(tx, "atir", n, actor="provider:p", now=NOON, amount=amount),
    "accept": lambda tx, n, amount: accept_as_full(tx, "atir", n, actor=STAFF, now=NOON, amount=amount or 0),
    "reject": lambda tx, n, _: reject(tx, "atir", n, actor=STAFF, now=NOON),
    "pack": lambda tx, n, _: pack(tx, "atir", n, actor=STAFF, now=NOON),
    "ship": lambda tx, n, _: ship(tx, "atir", n, actor=STAFF, now=NOON),
    "deliver": lambda tx, n, _: deliver(tx, "atir", n, actor=STAFF, now=NOON),
    "cancel": lambda tx, n, _: cancel(tx, "atir", n, actor=STAFF, now=NOON),
    "regret": lambda tx, n, _: cancel(tx, "atir", n, actor=SHOPPER, now=NOON, chat=CHAT),
    "refund": lambda tx, n, amount: refund(tx, "atir", n, actor=STAFF, now=NOON, amount=amount),
    "expire": lambda tx, n, _: expire_next(tx, SHOPS["full"], NOON + timedelta(hours=5)),
}
STEPS = st.tuples(
    st.sampled_from([*VERBS, "place", "change"]),
    st.integers(1, 3),
    st.sampled_from([None, 1000, 20000, 65000, 150000, 170000]),
    st.sampled_from(list(SHOPS)),
)


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(steps=st.lists(STEPS, min_size=3, max_size=25))
def test_no_order_of_verbs_breaks_the_books(engines: Engines, steps: list[tuple[str, int, int | None, str]]) -> None:
    asyncio.run(_play(engines.database_url, steps))


async def _play(url: str, steps: list[tuple[str, int, int | None, str]]) -> None:
    connection = await asyncpg.connect(url)
    await database.prepare(connection)
    outer = connection.transaction()
    await outer.start()
    try:
        await fill_shop(connection)
        await order_of(connection, SHOPS["full"])
        for step in steps:
            try:
                async with connection.transaction():
                    await _step(connection, *step)
            except Refused:
                pass
            await _check(connection)
    finally:
        await outer.rollback()
        await connection.close()


async def _step(tx: Tx, verb: str, number: int, amount: int | None, rules: str) -> None:
    if verb == "place":
        goods = (("GUL", "", 1), ("CHO", "S/oq", number))
        await order_of(tx, SHOPS[rules], *goods, method="pickup" if rules == "none" else "")
    elif verb == "change":
        order = await get(tx, "atir", number)
        if order is not None:
            cart = order.cart()
            cart.set_qty("PIY", "oq", number)
            if amount:
                cart.remove("GUL")
            cart.region = "city"
            cart.shown = cart.summary_key(SHOPS[rules])
            await change(tx, SHOPS[rules], CHAT, cart, actor="agent", now=NOON)
    else:
        await VERBS[verb](tx, number, amount)


async def _check(tx: Tx) -> None:
    pieces: Counter[tuple[str, str]] = Counter()
    for row in await tx.fetch(
        """SELECT sku, CASE sku WHEN 'CHO' THEN '*' ELSE variant END AS variant, sum(qty) AS qty
           FROM order_items JOIN orders USING (shop_id, number)
           WHERE shop_id = 'atir' AND (holds_stock OR status IN ('shipped', 'delivered')) GROUP BY 1, 2"""
    ):
        pieces[row["sku"], row["variant"]] = row["qty"]
    shelf = {
        (row["sku"], row["variant"]): row["available"]
        for row in await tx.fetch("SELECT sku, variant, available FROM stock WHERE shop_id = 'atir'")
    }
    for sku, variant, mode, first in STOCK:
        assert mode != "counted" or shelf[sku, variant] + pieces[sku, variant] == first
    for row in await tx.fetch(
        """SELECT orders.*, (SELECT COALESCE(sum(amount), 0) FROM payments
               WHERE payments.shop_id = 'atir' AND payments.number = orders.number) AS seen
           FROM orders WHERE shop_id = 'atir'"""
    ):
        assert row["paid"] == row["seen"] >= 0
        assert row["to_transfer"] >= 0 and row["due_on_arrival"] >= 0
        gap = row["total"] + row["delivery"]["price"] - row["to_transfer"] - row["due_on_arrival"]
        assert gap >= 0  # more than 0 only where a surplus paid the arrival or a shortfall was forgiven
        assert row["holds_stock"] == (
            row["status"] in ("awaiting_payment", "claimed", "payment_problem", "paid", "confirmed", "packed")
        )
        assert (row["expires_at"] is not None) == (row["status"] == "awaiting_payment")
    for row in await tx.fetch("SELECT verb, actor, data FROM audit WHERE shop_id = 'atir' AND data ? 'was'"):
        to = row["verb"].removeprefix("order.")
        if to in MOVES:
            assert to in MOVES[row["data"]["was"]]
        if to == "paid":
            assert row["actor"].startswith(("staff:", "provider:"))


@pytest.mark.parametrize("status", sorted(MOVES))
def test_the_table_is_closed(status: str) -> None:
    assert MOVES[status] <= set(MOVES) and status not in MOVES[status] and "draft" not in MOVES[status]


def test_only_a_waiting_order_expires_and_paid_comes_from_unpaid_ones_alone() -> None:
    assert [status for status in MOVES if "expired" in MOVES[status]] == ["awaiting_payment"]
    assert [status for status in MOVES if "paid" in MOVES[status]] == ["awaiting_payment", "claimed", "payment_problem"]
