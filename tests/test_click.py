"""Click's SHOP API against the vendor's fifteen cases, and what its forms and its money do to an order."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, cast

import pytest

from kit.config import Config
from kit.db import Pool, Tx, transaction
from kit.errors import Refused
from orders.order import cancel, confirm, expire_due, pack, ship
from orders.provider import settle
from tests.orders_shop import CHAT, STAFF, left, notices, said
from tests.pay_room import PayRoom, Single, pay_room


@pytest.fixture
async def room(db: Tx, config: Config) -> AsyncIterator[PayRoom]:
    async with pay_room(cast("Pool", Single(db)), config) as made:
        yield made


@pytest.fixture
async def racing(own_db: Pool, config: Config) -> AsyncIterator[PayRoom]:
    async with pay_room(own_db, config) as made:
        yield made


async def test_the_vendors_fifteen_cases(room: PayRoom) -> None:
    """In their order, with the numbers of its list (facts 4.3)."""
    for _ in range(3):
        await room.order()
    assert (await room.prepare(100, secret="other"))["error"] == -1  # 1
    assert (await room.prepare(100, merchant_trans_id="77"))["error"] == -5  # 2
    first = await room.prepare(100)
    assert first["error"] == 0 and isinstance(first["merchant_prepare_id"], int)  # 3
    id_ = first["merchant_prepare_id"]
    assert (await room.complete(100, id_, secret="other"))["error"] == -1  # 4
    assert (await room.complete(100, id_, amount="300"))["error"] == -2  # 5
    assert await room.payments() == []
    done = await room.complete(100, id_)
    assert done == {
        "click_trans_id": 100, "merchant_trans_id": "1", "merchant_confirm_id": id_, "error": 0, "error_note": "Success"
    }  # fmt: skip  # 6
    assert (await room.complete(100, id_))["error"] == -4  # 7
    assert await room.payments() == [150000]
    assert (await room.complete(100, id_, error=-5017, error_note="cancelled"))["error"] == -9  # 8
    assert (await room.get()).status == "refunded" and await room.payments() == [150000, -150000]
    second = await room.prepare(200, merchant_trans_id="2")
    assert second["error"] == 0  # 9
    assert (await room.complete(200, 999999999, merchant_trans_id="2"))["error"] == -6  # 10
    assert (await room.complete(200, second["merchant_prepare_id"], merchant_trans_id="2"))["error"] == 0  # 11
    third = (await room.prepare(300, merchant_trans_id="3"))["merchant_prepare_id"]  # 12
    for _ in range(2):  # 13, 14
        assert (await room.complete(300, third, merchant_trans_id="3", error=-5017))["error"] == -9
    assert (await room.complete(300, third, merchant_trans_id="3"))["error"] == -9  # 15
    assert (await room.get(3)).status == "awaiting_payment" and await room.payments(3) == []
    assert (await room.prepare(301, merchant_trans_id="3"))["error"] == 0  # and may be paid by another try


SUMS = (
    ("150000", 0), ("150000.0", 0), ("150000.00", 0), ("0150000", 0), ("149999.99", -2), ("150000.01", -2),
    ("15000000", -2), ("1500", -2), ("-150000", -2), ("1.5e5", -2), ("150 000", -2), ("", -2), ("nan", -2), ("٣", -2),
)  # fmt: skip


async def test_the_sum_is_exact(room: PayRoom) -> None:
    await room.order()
    for amount, error in SUMS:
        assert (await room.prepare(1, amount=amount))["error"] == error, amount
        await room.pool.execute("DELETE FROM provider_transactions WHERE shop_id = 'atir'")


async def test_forms_that_are_none(room: PayRoom) -> None:
    await room.order()
    good = room.signed(0, 5)
    for name in good:
        less = {key: value for key, value in good.items() if key != name}
        expected = 0 if name in ("click_paydoc_id", "error_note") else -8
        assert (await room.form(less))["error"] == expected, name
        await room.pool.execute("DELETE FROM provider_transactions WHERE shop_id = 'atir'")
    assert (await room.form(room.signed(1, 5)))["error"] == -8  # a Complete without merchant_prepare_id
    assert (await room.form(room.signed(2, 5)))["error"] == -3
    assert (await room.prepare(5, service_id="999"))["error"] == -8
    assert (await room.form(good | {"click_trans_id": "abc"}))["error"] == -8
    assert (await room.form(good | {"error": "x"}))["error"] == -8
    assert (await room.form(good | {"sign_string": "ё" * 32}))["error"] == -1
    for body in (b"", b"\xff\xfe=1", b"a", b"a=1&a=2", b"x=%00", b"&" * 1000, b"q" * 70_000):
        answer = await room.http.post("/pay/atir/click", content=body)
        assert answer.status_code == 200 and answer.json()["error"] == -8
    assert (await room.http.get("/pay/atir/click")).json()["error"] == -8
    assert await room.payments() == []


async def test_an_answer_repeats_while_it_is_open(room: PayRoom) -> None:
    await room.order()
    await room.order()
    first = await room.prepare(10)
    assert await room.prepare(10) == first
    assert (await room.prepare(10, merchant_trans_id="2"))["error"] == -8
    assert (await room.complete(10, first["merchant_prepare_id"], merchant_trans_id="2"))["error"] == -6
    assert (await room.prepare(11))["error"] == -7  # another try while the first is open
    assert (await room.create("a" * 24))["code"] == -31008  # and Payme waits too
    await room.later(minutes=11)
    second = await room.prepare(11)
    assert second["error"] == 0
    assert (await room.complete(11, second["merchant_prepare_id"]))["error"] == 0
    assert (await room.prepare(11))["error"] == -4
    assert (await room.prepare(12))["error"] == -4


async def test_the_second_of_two_debits_is_never_lost(room: PayRoom) -> None:
    """The first was given up by us and debited all the same: acknowledged and counted; the other waits for a person."""
    await room.order()
    first = (await room.prepare(10))["merchant_prepare_id"]
    await room.later(minutes=11)
    second = (await room.prepare(11))["merchant_prepare_id"]
    assert (await room.complete(10, first))["error"] == 0
    assert (await room.complete(11, second))["error"] == 0
    assert await room.payments() == [150000] and (await room.get()).status == "paid"
    stray = [one for one in await notices(room.pool) if one["kind"] == "money_unplaced"]
    assert [one["facts"]["transaction"] for one in stray] == [second]
    assert "150" in (await said(room.pool))[-1] and "xodim" in (await said(room.pool))[-1]
    assert (await room.complete(11, second))["error"] == -4


class TestUnplaced:
    """Money that came for an order which cannot take it."""

    async def stray(self, room: PayRoom) -> int:
        await room.order()
        id_: int = (await room.prepare(10))["merchant_prepare_id"]
        await room.verb(cancel)
        assert (await room.complete(10, id_))["error"] == 0
        assert await room.payments() == [] and (await room.get()).status == "cancelled"
        assert [one["kind"] for one in await notices(room.pool)][-1] == "money_unplaced"
        return id_

    async def test_a_person_counts_it_once(self, room: PayRoom) -> None:
        id_ = await self.stray(room)
        async with transaction(room.pool) as tx:
            order = await settle.count(tx, "atir", id_, actor=STAFF, now=room.now)
        assert (order.status, order.paid) == ("paid", 150000) and await left(room.pool, "GUL", "") == 9
        for verb in ("count", "give_back"):
            async with transaction(room.pool) as tx:
                with pytest.raises(Refused, match=r"pay\.settled"):
                    await self.do(tx, verb, id_, room)

    async def test_a_person_sends_it_back_once(self, room: PayRoom) -> None:
        id_ = await self.stray(room)
        async with transaction(room.pool) as tx:
            await self.do(tx, "give_back", id_, room)
        for verb in ("count", "give_back"):
            async with transaction(room.pool) as tx:
                with pytest.raises(Refused, match=r"pay\.settled"):
                    await self.do(tx, verb, id_, room)
        assert await room.payments() == []

    async def test_click_takes_it_back_by_itself(self, room: PayRoom) -> None:
        id_ = await self.stray(room)
        assert (await room.complete(10, id_, error=-5017))["error"] == -9
        assert await room.payments() == [] and (await room.get()).status == "cancelled"
        async with transaction(room.pool) as tx:
            with pytest.raises(Refused, match=r"pay\.settled"):
                await self.do(tx, "count", id_, room)

    @staticmethod
    async def do(tx: Tx, verb: str, id_: int, room: PayRoom) -> Any:
        if verb == "count":
            return await settle.count(tx, "atir", id_, actor=STAFF, now=room.now)
        return await settle.give_back(tx, "atir", id_, now=room.now)


async def test_an_expired_order_revives_for_its_money(room: PayRoom) -> None:
    order = await room.order()
    assert order.expires_at is not None
    room.now = order.expires_at - timedelta(minutes=1)
    id_ = (await room.prepare(10))["merchant_prepare_id"]
    await room.later(minutes=20)
    assert await expire_due(room.pool, room.shops, room.now) == 1  # type: ignore[arg-type]
    assert (await room.prepare(11))["error"] == -9
    assert (await room.complete(10, id_))["error"] == 0
    assert (await room.get()).status == "paid" and await left(room.pool, "GUL", "") == 9


async def test_what_click_takes_back_after_the_parcel_left_is_told(room: PayRoom) -> None:
    await room.order()
    id_ = (await room.prepare(10))["merchant_prepare_id"]
    await room.complete(10, id_)
    await room.verb(pack)
    await room.verb(ship)
    assert (await room.complete(10, id_, error=-5017))["error"] == -9
    order = await room.get()
    assert (order.status, order.paid, order.owed) == ("shipped", 0, 150000)
    assert [one["kind"] for one in await notices(room.pool)][-1] == "money_back"


async def test_five_of_the_same_at_once_are_one(racing: PayRoom) -> None:
    await racing.order()
    made = await asyncio.gather(*(racing.prepare(10) for _ in range(5)))
    assert all(one == made[0] and one["error"] == 0 for one in made)
    done = await asyncio.gather(*(racing.complete(10, made[0]["merchant_prepare_id"]) for _ in range(5)))
    assert sorted(one["error"] for one in done) == [-4, -4, -4, -4, 0]
    assert await racing.payments() == [150000]


async def test_a_press_and_a_debit_at_once_count_once(racing: PayRoom) -> None:
    await racing.order()
    id_ = (await racing.prepare(10))["merchant_prepare_id"]

    async def press() -> None:
        with contextlib.suppress(Refused):  # whoever comes second
            await racing.verb(confirm)

    answer, _ = await asyncio.gather(racing.complete(10, id_), press())
    assert answer["error"] == 0 and await racing.payments() == [150000]
    assert (await racing.get()).status == "paid"


async def test_only_the_deposit_is_asked_for(db: Tx, config: Config) -> None:
    regions = [{"key": "city", "name": "Toshkent shahri", "price": 20000, "prepay": "30 %"}]
    async with pay_room(cast("Pool", Single(db)), config, delivery={"regions": regions}) as room:
        await room.order()
        assert (await room.prepare(1))["error"] == -2
        id_ = (await room.prepare(2, amount="45000.00"))["merchant_prepare_id"]
        assert (await room.complete(2, id_, amount="45000.00"))["error"] == 0
        order = await room.get()
        assert (order.status, order.paid, order.due_on_arrival) == ("paid", 45000, 125000) and order.chat == CHAT
