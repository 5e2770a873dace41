"""What staff press on a receipt or on its order's card, and what that counts."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kit.db import Pool, Tx, transaction
from kit.errors import Refused
from orders import receipt
from orders.order import confirm, get
from tests.orders_shop import STAFF, fill_shop, order_of
from tests.test_receipt_taken import SHOP, SOON, send


@pytest.fixture(name="db")
async def _db(db: Tx) -> Tx:
    await fill_shop(db)
    return db


class TestPress:
    async def test_once(self, db: Tx) -> None:
        await order_of(db, SHOP)
        outcome = await send(db)
        await receipt.seen(db, "atir", outcome.receipt or 0, actor=STAFF, now=SOON)
        for press in (receipt.seen, receipt.not_seen):
            with pytest.raises(Refused, match=r"receipt\.already"):
                await press(db, "atir", outcome.receipt or 0, actor="staff:telegram:8", now=SOON)
        order = await get(db, "atir", 1)
        assert order is not None and order.paid == 150000

    async def test_all_seen_on_the_order_s_card_answers_for_its_receipts(self, db: Tx) -> None:
        await order_of(db, SHOP)
        outcome = await send(db)
        await confirm(db, "atir", 1, actor=STAFF, now=SOON)
        with pytest.raises(Refused, match=r"receipt\.already"):
            await receipt.seen(db, "atir", outcome.receipt or 0, actor=STAFF, now=SOON)

    async def test_not_seen_is_a_question(self, db: Tx) -> None:
        await order_of(db, SHOP)
        outcome = await send(db)
        [order] = await receipt.not_seen(db, "atir", outcome.receipt or 0, actor=STAFF, now=SOON)
        assert order.status == "payment_problem"

    async def test_a_small_shortfall_accepted(self, db: Tx) -> None:
        await order_of(db, SHOP)
        outcome = await send(db, amount=149000)
        order = await receipt.accept_as_full(db, "atir", outcome.receipt or 0, actor=STAFF, now=SOON)
        assert (order.status, order.paid, order.owed) == ("paid", 149000, 0)

    async def test_accepted_from_the_order_s_card_it_counts_what_the_receipts_say(self, db: Tx) -> None:
        await order_of(db, SHOP)
        await send(db, amount=100000)
        await send(db, 2, amount=49000)
        await send(db, 3, amount=1000, status="failed")
        order = await receipt.order_accepted(db, "atir", 1, actor=STAFF, now=SOON)
        assert (order.status, order.paid, order.owed) == ("paid", 149000, 0)
        assert await db.fetchval("SELECT count(*) FROM receipts WHERE state = 'new'") == 0

    async def test_seen_on_the_order_s_card_it_counts_what_the_receipts_say(self, db: Tx) -> None:
        await order_of(db, SHOP)
        await send(db, amount=100000)
        await send(db, 2, amount=1000, status="failed")
        order = await receipt.order_seen(db, "atir", 1, actor=STAFF, now=SOON)
        assert (order.paid, order.owed) == (100000, 50000)
        await send(db, 3, amount=50000)
        order = await receipt.order_seen(db, "atir", 1, actor=STAFF, now=SOON)
        assert (order.status, order.paid) == ("paid", 150000)
        assert await db.fetchval("SELECT count(*) FROM receipts WHERE state = 'new'") == 0

    async def test_an_unclear_sum_is_not_accepted_as_full(self, db: Tx) -> None:
        await order_of(db, SHOP)
        await send(db, amount=149000, fields={"amount": 0.4})
        assert await receipt.unclear(db, "atir", 1)
        with pytest.raises(Refused, match=r"order\.wrong_sum"):
            await receipt.order_accepted(db, "atir", 1, actor=STAFF, now=SOON)

    @pytest.mark.parametrize("read", [{"amount": 1500, "currency": "RUB"}, {"amount": 15000000}, {"amount": None}])
    async def test_what_the_picture_did_not_say_is_what_was_asked(self, db: Tx, read: dict[str, object]) -> None:
        await order_of(db, SHOP)
        outcome = await send(db, **read)
        [order] = await receipt.seen(db, "atir", outcome.receipt or 0, actor=STAFF, now=SOON)
        assert (order.status, order.paid) == ("paid", 150000)

    async def test_two_staff_at_once(self, own_db: Pool) -> None:
        await fill_shop(own_db)
        async with transaction(own_db) as tx:
            await order_of(tx, SHOP)
            outcome = await send(tx)

        async def press(verb: Any) -> str:
            try:
                async with transaction(own_db) as tx:
                    await verb(tx)
                    return "done"
            except Refused as refused:
                return refused.key

        seen = [lambda tx: receipt.seen(tx, "atir", outcome.receipt or 0, actor=STAFF, now=SOON)] * 4
        order = [lambda tx: confirm(tx, "atir", 1, actor=STAFF, now=SOON)] * 4
        results = await asyncio.gather(*(press(verb) for pair in zip(seen, order, strict=True) for verb in pair))
        assert results.count("done") == 1
        assert await own_db.fetchval("SELECT sum(amount) FROM payments") == 150000

    async def test_two_pictures_of_one_payment_are_one_sum(self, db: Tx) -> None:
        await order_of(db, SHOP)
        await send(db, amount=150000, transaction_id="")
        await send(db, 2, amount=150000, transaction_id="", status="unknown")
        order = await receipt.order_seen(db, "atir", 1, actor=STAFF, now=SOON)
        assert (order.status, order.paid) == ("paid", 150000)
        assert await db.fetchval("SELECT count(*) FROM receipts WHERE state = 'new'") == 0
