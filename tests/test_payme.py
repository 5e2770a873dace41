"""Payme's Merchant API against the vendor's sandbox list, the checks its libraries fail, and what strangers send."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.config import Config
from kit.db import Pool, Tx, transaction
from kit.errors import Refused
from orders.order import cancel, change, confirm, expire_due, pack, ship
from tests.orders_shop import CHAT, left, notices, ready_cart, said
from tests.pay_room import HOUR_MS, KEY, SECRET, PayRoom, Single, ms, new_id, pay_room

METHODS = (
    *("CheckPerformTransaction", "CreateTransaction", "PerformTransaction", "CancelTransaction", "CheckTransaction"),
    *("GetStatement", "SetFiscalData", "ChangePassword"),
)


NO_REQUESTS = (
        b"[]", b"1", b'"x"', b"null", b"{}", b'{"method": 1}', b'{"method": "CheckTransaction"}',
        b'{"method": "CheckTransaction", "params": []}', b'{"method": "CheckTransaction", "params": {"id": 5}}',
        b'{"method": "CheckTransaction", "params": {"id": "a b"}}', b'{"method": "CheckTransaction", "params": {}}',
        b'{"method": "GetStatement", "params": {"from": "1", "to": 2}}',
        b'{"method": "GetStatement", "params": {"from": true, "to": 2}}',
        b'{"method": "CancelTransaction", "params": {"id": "a1"}}',
        b'{"method": "CheckPerformTransaction", "params": {"amount": "5", "account": {"order_id": "1"}}}',
        b'{"method": "CheckPerformTransaction", "params": {"amount": 5}}',
        b'{"method": "CreateTransaction", "params": {"id": "a1", "amount": 5, "account": {"order_id": "1"}}}',
    )  # fmt: skip


WRONG_KEYS = (
        "", "Basic", "Basic !!!", "Bearer x", "Basic " + base64.b64encode(b"Paycom:").decode(),
        "Basic " + base64.b64encode(b"paycom:payme-key-7Qx").decode(),
        "Basic " + base64.b64encode(b"Paycom:payme-key-7Qx ").decode(), "Basic " + "A" * 10_000,
    )  # fmt: skip


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


class TestDoor:
    """What is no call of Payme's."""

    async def test_a_shop_without_a_key_has_no_door(self, room: PayRoom) -> None:
        for path in ("/pay/bare/payme", "/pay/bare/click", "/pay/atir/uzum", "/pay/nobody/payme"):
            assert (await room.http.post(path, json={})).status_code == 404

    async def test_what_is_not_json(self, room: PayRoom) -> None:
        for body in (b"", b"{", b"\xff\xfe", b"NaN", b"[" * 60_000, b'{"id":1', b"x" * 70_000):
            assert (await self.send(room, body))["error"]["code"] == -32700
            assert (await self.send(room, body, key="no"))["error"]["code"] == -32504

    async def test_what_is_no_request(self, room: PayRoom) -> None:
        for body in NO_REQUESTS:
            code = (await self.send(room, body))["error"]["code"]
            assert code == (-32700 if body == b"null" else -32600), body

    async def test_an_unknown_method_and_a_get(self, room: PayRoom) -> None:
        assert (await room.rpc("ChangePassword", {}))["error"]["code"] == -32601
        answer = await room.http.get("/pay/atir/payme")
        assert answer.status_code == 200 and answer.json()["error"]["code"] == -32300

    async def test_other_ways_to_name_oneself(self, room: PayRoom) -> None:
        for header in WRONG_KEYS:
            answer = await room.http.post("/pay/atir/payme", content=b"{}", headers={"Authorization": header})
            assert answer.status_code == 200 and answer.json()["error"]["code"] == -32504, header

    async def test_no_key_is_ever_written_down(self, room: PayRoom, capsys: pytest.CaptureFixture[str]) -> None:
        await room.order()
        for key in (KEY, f"{KEY}-but-wrong"):
            await room.rpc("CheckTransaction", {"id": new_id()}, key=key)
        await room.prepare(5)
        await room.prepare(5, secret="wrong")
        await room.create(new_id())
        told = "".join(capsys.readouterr())
        rows = await room.pool.fetch("SELECT data::text AS text FROM audit UNION ALL SELECT payload::text FROM outbox")
        told += " ".join(row["text"] for row in rows)
        assert "provider_called" in told
        for secret in (KEY, SECRET, base64.b64encode(f"Paycom:{KEY}".encode()).decode()):
            assert secret not in told

    async def test_a_store_that_is_away_is_said_in_paymes_words(self, racing: PayRoom) -> None:
        room = racing
        await room.order()
        await room.pool.execute("ALTER TABLE provider_transactions RENAME TO gone")
        body = await room.rpc("CheckTransaction", {"id": new_id()})
        assert body["error"]["code"] == -32400

    async def test_nothing_a_stranger_sends_breaks_it(self, room: PayRoom) -> None:
        await room.order()
        found: list[dict[str, Any]] = []
        part = st.recursive(
            st.none()
            | st.booleans()
            | st.integers(-(2**70), 2**70)
            | st.floats(allow_nan=False, allow_infinity=False)
            | st.text(max_size=9),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
            max_leaves=6,
        )
        params = st.fixed_dictionaries(
            {}, optional=dict.fromkeys(("id", "time", "amount", "account", "reason", "from", "to"), part)
        )
        account = st.fixed_dictionaries({"order_id": part})

        @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
        @given(st.sampled_from(METHODS), params, account, st.booleans())
        def collect(method: str, said: dict[str, Any], of: dict[str, Any], put: bool) -> None:
            found.append({"id": 1, "method": method, "params": said | ({"account": of} if put else {})})

        collect()
        for request in found:
            body = await room.rpc(request["method"], request["params"], id_=1)
            assert "result" in body or -32800 < body["error"]["code"] < -31000
        assert (await room.get()).status == "awaiting_payment"

    async def send(self, room: PayRoom, body: bytes, key: str = "payme-key-7Qx") -> dict[str, Any]:
        word = base64.b64encode(f"Paycom:{key}".encode()).decode()
        answer = await room.http.post("/pay/atir/payme", content=body, headers={"Authorization": f"Basic {word}"})
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found
