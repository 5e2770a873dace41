"""Payme's Merchant API against the vendor's sandbox list and the checks that its libraries fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import cast

import pytest

from kit.config import Config
from kit.db import Pool, Tx, transaction
from kit.errors import Refused
from orders.order import cancel, change, confirm, expire_due, pack, ship
from tests.orders_shop import CHAT, left, notices, ready_cart, said
from tests.pay_room import HOUR_MS, METHODS, PayRoom, Single, ms, new_id, pay_room


@pytest.fixture
async def room(db: Tx, config: Config) -> AsyncIterator[PayRoom]:
    async with pay_room(cast("Pool", Single(db)), config) as made:
        yield made


@pytest.fixture
async def racing(own_db: Pool, config: Config) -> AsyncIterator[PayRoom]:
    async with pay_room(own_db, config) as made:
        yield made


class TestSandbox:
    """The vendor's own list, in its order (facts: paytech-guides, sandbox)."""

    async def test_a_wrong_key_on_every_method(self, room: PayRoom) -> None:
        for method in METHODS:
            for key in ("", "wrong", "payme-key-7QX"):
                body = await room.rpc(method, {"id": new_id()}, key=key, id_=2032)
                assert body["error"]["code"] == -32504 and body["id"] == 2032

    async def test_a_wrong_sum(self, room: PayRoom) -> None:
        await room.order()
        for amount in (14_999_999, 15_000_001, 150_000, 1_500_000_000, 1, 0, -15_000_000):
            assert (await room.check(amount))["code"] == -31001
            assert (await room.create(new_id(), amount))["code"] == -31001

    async def test_an_unknown_account(self, room: PayRoom) -> None:
        await room.order()
        for number in ("99", 99, "abc", "", "1; DROP", "9" * 30, 0, "-1", "١"):
            for wrong in (await room.check(number=number), await room.create(new_id(), number=number)):
                assert -31099 <= wrong["code"] <= -31050 and wrong["data"] == "order_id"

    async def test_the_first_run_ends_with_a_cancel(self, room: PayRoom) -> None:
        await room.order()
        assert await room.check() == {"allow": True}
        id_ = new_id()
        made = await room.create(id_)
        assert made["state"] == 1 and made["create_time"] == ms(room.now) and isinstance(made["transaction"], str)
        await room.later(seconds=30)
        assert await room.create(id_, time=ms(room.now) - 30_000) == made
        assert await room.payme("CheckTransaction", id=id_) == {
            **made, "perform_time": 0, "cancel_time": 0, "reason": None
        }  # fmt: skip
        assert (await room.create(new_id()))["code"] == -31008
        assert (await room.check())["code"] == -31008
        gone = await room.payme("CancelTransaction", id=id_, reason=3)
        assert (gone["state"], gone["cancel_time"], gone["transaction"]) == (-1, ms(room.now), made["transaction"])
        assert await room.payme("CancelTransaction", id=id_, reason=3) == gone
        checked = await room.payme("CheckTransaction", id=id_)
        assert (checked["state"], checked["reason"], checked["perform_time"]) == (-1, 3, 0)
        assert (await room.get()).status == "awaiting_payment"  # and may be paid by another try
        assert (await room.create(new_id()))["state"] == 1

    async def test_the_second_run_pays_and_takes_it_back(self, room: PayRoom) -> None:
        await room.order()
        id_ = new_id()
        made = await room.create(id_)
        await room.later(seconds=5)
        done = await room.payme("PerformTransaction", id=id_)
        assert done == {"transaction": made["transaction"], "perform_time": ms(room.now), "state": 2}
        await room.later(seconds=5)
        assert await room.payme("PerformTransaction", id=id_) == done
        assert (await room.payme("CheckTransaction", id=id_))["state"] == 2
        back = await room.payme("CancelTransaction", id=id_, reason=5)
        assert (back["state"], back["cancel_time"]) == (-2, ms(room.now))
        assert await room.payme("CancelTransaction", id=id_, reason=5) == back
        checked = await room.payme("CheckTransaction", id=id_)
        assert (checked["state"], checked["reason"], checked["perform_time"]) == (-2, 5, done["perform_time"])
        assert (await room.get()).status == "refunded" and await room.payments() == [150000, -150000]
        assert await left(room.pool, "GUL", "") == 10


class TestChecks:
    """Those the market's libraries fail (facts 4.5)."""

    async def test_an_unknown_transaction(self, room: PayRoom) -> None:
        for method in ("CheckTransaction", "PerformTransaction"):
            assert (await room.payme(method, id=new_id()))["code"] == -31003
        assert (await room.payme("CancelTransaction", id=new_id(), reason=1))["code"] == -31003

    async def test_perform_after_cancel(self, room: PayRoom) -> None:
        await room.order()
        id_ = new_id()
        await room.create(id_)
        await room.payme("CancelTransaction", id=id_, reason=1)
        assert (await room.payme("PerformTransaction", id=id_))["code"] == -31008
        assert (await room.create(id_))["code"] == -31008
        assert await room.payments() == [] and (await room.get()).status == "awaiting_payment"

    async def test_perform_and_create_after_twelve_hours(self, room: PayRoom) -> None:
        await room.order()
        first, second = new_id(), new_id()
        await room.create(first)
        await room.later(milliseconds=12 * HOUR_MS - 1)
        assert (await room.create(second))["code"] == -31008
        await room.later(milliseconds=1)
        assert (await room.payme("PerformTransaction", id=first))["code"] == -31008
        checked = await room.payme("CheckTransaction", id=first)
        assert (checked["state"], checked["reason"], checked["cancel_time"]) == (-1, 4, ms(room.now))
        assert (await room.create(first))["code"] == -31008
        assert (await room.create(second))["state"] == 1 and await room.payments() == []

    async def test_create_with_a_time_long_ago(self, room: PayRoom) -> None:
        await room.order()
        assert (await room.create(new_id(), time=ms(room.now) - 12 * HOUR_MS))["code"] == -31008
        assert (await room.create(new_id(), time=ms(room.now) - 12 * HOUR_MS + 1))["state"] == 1

    async def test_create_on_a_paid_order(self, room: PayRoom) -> None:
        await room.order()
        id_ = new_id()
        await room.create(id_)
        await room.payme("PerformTransaction", id=id_)
        for wrong in (await room.create(new_id()), await room.check()):
            assert wrong["code"] == -31052 and wrong["data"] == "order_id"

    async def test_the_statement_goes_by_paymes_own_time(self, room: PayRoom) -> None:
        for number in (1, 2, 3):
            await room.order()
            at = ms(room.now) - (4 - number) * 1000
            assert (await room.create(f"{number:024x}", number=number, time=at))["state"] == 1
        since = ms(room.now) - 3000
        found = await room.payme("GetStatement", since=since, until=since + 1000)
        assert [one["id"] for one in found["transactions"]] == [f"{number:024x}" for number in (1, 2)]
        line = found["transactions"][0]
        assert (line["time"], line["amount"], line["account"]) == (since, 15_000_000, {"order_id": "1"})
        assert (line["state"], line["perform_time"], line["cancel_time"], line["reason"]) == (1, 0, 0, None)
        assert await room.payme("GetStatement", since=since + 1, until=since + 999) == {"transactions": []}
        assert await room.payme("GetStatement", since=since + 1000, until=since) == {"transactions": []}

    async def test_the_same_id_for_another_order_or_sum(self, room: PayRoom) -> None:
        await room.order()
        await room.order()
        id_ = new_id()
        await room.create(id_)
        assert (await room.create(id_, number=2))["code"] == -31008
        assert (await room.create(id_, 15_000_100))["code"] == -31001
        assert (await room.create(id_))["state"] == 1


class TestOrder:
    """What a payment does to its order, and an order to its payment."""

    async def test_everybody_is_told_once(self, room: PayRoom) -> None:
        await room.order()
        id_ = new_id()
        await room.create(id_)
        for _ in range(3):
            await room.payme("PerformTransaction", id=id_)
        order = await room.get()
        assert (order.status, order.paid, order.owed, order.expires_at) == ("paid", 150000, 0, None)
        assert await room.payments() == [150000]
        assert len([text for text in await said(room.pool) if "pul tushdi" in text]) == 1
        told = [one for one in await notices(room.pool) if one["kind"] == "money_in"]
        assert [(one["about"], one["facts"]["provider"], one["facts"]["amount"]) for one in told] == [
            ("order:1", "payme", 150000)
        ]
        trail = await room.pool.fetch(
            "SELECT verb FROM audit WHERE shop_id = 'atir' AND actor = 'provider:payme' ORDER BY id"
        )
        assert [row["verb"] for row in trail] == ["payment.begun", "payment.performed", "order.paid"]

    async def test_only_the_rest_is_asked_for(self, room: PayRoom) -> None:
        await room.order()
        await room.verb(confirm, amount=50000)
        assert (await room.check())["code"] == -31001
        id_ = new_id()
        assert (await room.create(id_, 10_000_000))["state"] == 1
        assert (await room.payme("PerformTransaction", id=id_))["state"] == 2
        assert (await room.get()).status == "paid" and await room.payments() == [50000, 100000]

    async def test_a_screenshot_of_this_very_payment_is_not_money_on_top(self, room: PayRoom) -> None:
        await room.order()
        for sha, verdict in (("a", ["person_checks"]), ("b", ["fits"])):
            await room.pool.execute(
                "INSERT INTO receipts (shop_id, number, key, sha, media, verdict, amount, currency)"
                " VALUES ('atir', 1, 'telegram:55', $1, 'x.jpg', $2, 150000, 'UZS')",
                sha,
                verdict,
            )
        id_ = new_id()
        await room.create(id_)
        await room.payme("PerformTransaction", id=id_)
        states = await room.pool.fetch("SELECT state, decided_by FROM receipts WHERE shop_id = 'atir' ORDER BY sha")
        assert [tuple(row) for row in states] == [("seen", "provider:payme"), ("new", None)]

    async def test_paid_another_way_meanwhile_leaves_the_money_with_the_shopper(self, room: PayRoom) -> None:
        await room.order()
        id_ = new_id()
        await room.create(id_)
        await room.verb(confirm)
        assert (await room.payme("PerformTransaction", id=id_))["code"] == -31008
        assert (await room.payme("PerformTransaction", id=id_))["code"] == -31008
        assert (await room.payme("CancelTransaction", id=id_, reason=3))["state"] == -1
        assert await room.payments() == [150000]
        assert [one["kind"] for one in await notices(room.pool)].count("money_refused") == 1

    async def test_cancelled_meanwhile_by_staff(self, room: PayRoom) -> None:
        await room.order()
        id_ = new_id()
        await room.create(id_)
        await room.verb(cancel)
        assert (await room.payme("PerformTransaction", id=id_))["code"] == -31008
        assert (await room.get()).status == "cancelled" and await room.payments() == []
        assert (await room.check())["code"] == -31051

    async def test_who_is_paying_cannot_change_or_cancel_for_a_while(self, room: PayRoom) -> None:
        order = await room.order()
        await room.create(new_id())
        cart = ready_cart(room.shop, ("GUL", "", 2), number=order.number)
        for verb in (change, cancel):
            async with transaction(room.pool) as tx:
                with pytest.raises(Refused, match=r"pay\.being_paid"):
                    if verb is change:
                        await change(tx, room.shop, CHAT, cart, actor="x", now=room.now)
                    else:
                        await cancel(tx, "atir", 1, actor="x", now=room.now, chat=CHAT)
        await room.later(minutes=16)
        assert (await room.verb(cancel, actor="x", chat=CHAT)).status == "cancelled"

    async def test_the_hold_waits_for_who_is_paying_and_an_expired_order_revives(self, room: PayRoom) -> None:
        order = await room.order()
        assert order.expires_at is not None
        room.now = order.expires_at - timedelta(minutes=1)
        id_ = new_id()
        await room.create(id_)
        await room.later(minutes=5)
        assert await expire_due(room.pool, room.shops, room.now) == 0  # type: ignore[arg-type]
        await room.later(minutes=15)
        assert await expire_due(room.pool, room.shops, room.now) == 1  # type: ignore[arg-type]
        assert await left(room.pool, "GUL", "") == 10
        assert (await room.payme("PerformTransaction", id=id_))["state"] == 2
        assert (await room.get()).status == "paid" and await left(room.pool, "GUL", "") == 9

    async def test_an_expired_order_whose_goods_are_gone_is_not_paid(self, room: PayRoom) -> None:
        order = await room.order()
        assert order.expires_at is not None
        room.now = order.expires_at - timedelta(minutes=1)
        id_ = new_id()
        await room.create(id_)
        await room.later(minutes=20)
        await expire_due(room.pool, room.shops, room.now)  # type: ignore[arg-type]
        await room.order(("GUL", "", 10), chat=CHAT)
        assert (await room.payme("PerformTransaction", id=id_))["code"] == -31008
        assert (await room.get()).status == "expired" and await left(room.pool, "GUL", "") == 0
        assert (await room.payme("CheckTransaction", id=id_))["state"] == -1

    async def test_what_has_left_is_not_taken_back(self, room: PayRoom) -> None:
        await room.order()
        id_ = new_id()
        await room.create(id_)
        await room.payme("PerformTransaction", id=id_)
        await room.verb(pack)
        await room.verb(ship)
        assert (await room.payme("CancelTransaction", id=id_, reason=5))["code"] == -31007
        assert (await room.payme("CheckTransaction", id=id_))["state"] == 2
        assert await room.payments() == [150000]

    async def test_five_of_the_same_at_once_are_one(self, racing: PayRoom) -> None:
        room = racing
        await room.order()
        id_ = new_id()
        made = await asyncio.gather(*(room.create(id_, time=ms(room.now)) for _ in range(5)))
        assert all(one == made[0] and one["state"] == 1 for one in made)
        done = await asyncio.gather(*(room.payme("PerformTransaction", id=id_) for _ in range(5)))
        assert all(one == done[0] and one["state"] == 2 for one in done)
        back = await asyncio.gather(*(room.payme("CancelTransaction", id=id_, reason=5) for _ in range(5)))
        assert all(one == back[0] and one["state"] == -2 for one in back)
        assert await room.payments() == [150000, -150000]

    async def test_of_five_transactions_at_once_one_opens(self, racing: PayRoom) -> None:
        room = racing
        await room.order()
        made = await asyncio.gather(*(room.create(new_id()) for _ in range(5)))
        assert sorted(one.get("code", 1) for one in made) == [-31008] * 4 + [1]
