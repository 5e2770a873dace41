"""The door that Payme calls: what is no call of its, keys that are wrong, a store that is away."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.config import Config
from kit.db import Pool, Tx
from tests.pay_room import KEY, METHODS, SECRET, PayRoom, Single, new_id, pay_room

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
