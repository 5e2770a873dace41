"""Any order of calls by three providers, by staff and by time: money counts once, never after a cancel, exactly.

The machine's calls go through the real doors; what it asserts it reads from the tables.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, cast

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kit import db as database
from kit.config import Config, ShopConfig
from kit.db import Pool, transaction
from kit.embedded import Engines
from kit.errors import Refused
from kit.message import PAID, Chat, Incoming
from orders.order import cancel, confirm, expire_due, pack, refund, ship
from orders.provider import invoice
from tests.orders_shop import left
from tests.pay_room import PayRoom, Single, ms, pay_room

SHOP = Path(__file__).parent / "shop"
NUMBERS = st.integers(1, 2)
TRIES = st.integers(1, 2)  # transactions a provider has for an order
_SHELF = 10
_MONEY = """SELECT o.number, o.paid, o.to_transfer, o.status, o.holds_stock,
    COALESCE((SELECT sum(amount) FROM payments p WHERE p.shop_id = 'atir' AND p.number = o.number), 0) AS counted
    FROM orders o WHERE o.shop_id = 'atir'"""
_BY_PROVIDERS = """SELECT number, way, array_agg(amount ORDER BY id) AS sums FROM payments
    WHERE shop_id = 'atir' AND amount > 0 AND way NOT IN ('press', 'cash') GROUP BY number, way"""
_FINAL = ("cancelled", "reversed")


class Providers(RuleBasedStateMachine):
    """Two orders of 150 000 so'm and everybody who may touch them."""

    runner: asyncio.Runner
    connection: asyncpg.Connection[asyncpg.Record]
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = self.connection.transaction()
        self.do(self.savepoint.start())
        config = Config(data_dir=self.folder, shops={"lola": ShopConfig(folder=SHOP)})
        self.context = pay_room(cast("Pool", Single(self.connection)), config)
        self.room: PayRoom = self.do(self.context.__aenter__())
        self.final: dict[int, str] = {}
        self.charges = 0
        self.created: list[str] = []  # transactions of Payme's
        self.prepared: list[int] = []  # and of Click's
        self.allowed: list[int] = []  # orders the messenger may take money for

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Wait for it."""
        return self.runner.run(work)

    def teardown(self) -> None:
        self.do(self.context.__aexit__(None, None, None))
        self.do(self.savepoint.rollback())

    @initialize()
    def place(self) -> None:
        for _ in range(2):
            self.do(self.room.order())

    # ---- Payme ----

    @rule(number=NUMBERS, n=TRIES, off=st.sampled_from([0, 0, 0, 1, -1]))
    def payme_creates(self, number: int, n: int, off: int) -> None:
        made = self.do(self.room.create(f"{number}{n}" * 12, 15_000_000 + off, number, time=ms(self.room.now)))
        assert not (off and "state" in made)
        if "state" in made:
            self.created.append(f"{number}{n}" * 12)

    @precondition(lambda self: self.created)
    @rule(data=st.data())
    def payme_performs(self, data: st.DataObject) -> None:
        id_ = data.draw(st.sampled_from(self.created))
        before = self.do(self.room.payme("CheckTransaction", id=id_))
        done = self.do(self.room.payme("PerformTransaction", id=id_))
        assert done.get("state", 2) == 2
        assert not (before.get("state", 0) < 0 and "state" in done), "paid after a cancel"

    @precondition(lambda self: self.created)
    @rule(data=st.data(), reason=st.sampled_from([1, 3, 5]))
    def payme_cancels(self, data: st.DataObject, reason: int) -> None:
        done = self.do(self.room.payme("CancelTransaction", id=data.draw(st.sampled_from(self.created)), reason=reason))
        assert done.get("state", -1) < 0

    # ---- Click ----

    @rule(number=NUMBERS, n=TRIES, amount=st.sampled_from(["150000.00", "150000", "150000.01", "15000000"]))
    def click_prepares(self, number: int, n: int, amount: str) -> None:
        made = self.do(self.room.prepare(number * 10 + n, merchant_trans_id=str(number), amount=amount))
        assert made["error"] != 0 or amount in ("150000.00", "150000")
        if not made["error"]:
            self.prepared.append(number * 10 + n)

    @precondition(lambda self: self.prepared)
    @rule(data=st.data(), failed=st.booleans())
    def click_completes(self, data: st.DataObject, failed: bool) -> None:
        trans = data.draw(st.sampled_from([*self.prepared, 19]))  # and one that was never prepared
        number = trans // 10
        known = self.do(self.known("click", str(trans)))
        over = {"merchant_trans_id": str(number), "error": -5017 if failed else 0}
        done = self.do(self.room.complete(trans, known["id"] if known else 1, **over))
        if known is None:
            assert done["error"] == -6
        elif failed or known["state"] in _FINAL:
            assert done["error"] == -9
        else:
            assert done["error"] == (-4 if known["state"] == "performed" else 0), "a debit was refused"

    # ---- a bill in the messenger ----

    def bill(self, number: int) -> dict[str, Any]:
        return {"currency": "UZS", "total_amount": 15_000_000, "invoice_payload": f"order:{number}"}

    @rule(number=NUMBERS, n=TRIES)
    def messenger_asks(self, number: int, n: int) -> None:
        event = Incoming(Chat("atir", "telegram", "55"), "q", raw=self.bill(number))
        query = f"{number}:{n}"
        if not self.do(invoice.check(self.room.pool, "atir", invoice.bill(event), query, self.room.now)):
            self.allowed.append(number)

    @precondition(lambda self: self.allowed)
    @rule(again=st.booleans())
    def messenger_charges(self, again: bool) -> None:
        """What was allowed once is charged, however late; the word of it may come twice."""
        number = self.allowed[-1] if again else self.allowed.pop()
        self.charges += not (again and self.charges)
        facts = self.bill(number) | {"telegram_payment_charge_id": f"{number}-{self.charges}"}
        event = Incoming(Chat("atir", "telegram", "55"), "c", kind="payment", note=PAID, raw=facts)

        async def settle() -> None:
            async with transaction(self.room.pool) as tx:
                await invoice.settle(tx, self.room.shop, event, self.room.now)

        self.do(settle())

    # ---- people and time ----

    @rule(number=NUMBERS, verb=st.sampled_from([confirm, cancel, pack, ship, ship, refund]))
    def staff(self, number: int, verb: Any) -> None:
        async def press() -> None:
            with contextlib.suppress(Refused):
                await self.room.verb(verb, number)

        self.do(press())

    @rule(minutes=st.sampled_from([1, 5, 12, 20, 200, 13 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.do(self.room.later(minutes=minutes))
        self.do(expire_due(self.room.pool, self.room.shops, self.room.now))  # type: ignore[arg-type]

    # ---- what always holds ----

    async def known(self, provider: str, external: str) -> asyncpg.Record | None:
        return await self.connection.fetchrow(
            "SELECT id, state FROM provider_transactions WHERE shop_id = 'atir' AND provider = $1 AND external_id = $2",
            provider,
            external,
        )

    @invariant()
    def money_counts_once_and_exactly(self) -> None:
        rows = self.do(self.connection.fetch("SELECT * FROM provider_transactions WHERE shop_id = 'atir' ORDER BY id"))
        sums: dict[tuple[int, str], list[int]] = {}
        for row in rows:
            if row["state"] in ("performed", "reversed") and row["placed"]:
                sums.setdefault((row["number"], row["provider"]), []).append(row["amount"])
        counted = {(row["number"], row["way"]): row["sums"] for row in self.do(self.connection.fetch(_BY_PROVIDERS))}
        assert {key: sorted(value) for key, value in counted.items()} == {
            key: sorted(value) for key, value in sums.items()
        }
        for order in self.do(self.connection.fetch(_MONEY)):
            assert order["paid"] == order["counted"] and 0 <= order["paid"] <= order["to_transfer"]
            assert order["status"] not in ("paid", "packed") or order["paid"] == order["to_transfer"]

    @invariant()
    def what_is_cancelled_stays_cancelled_and_one_is_open(self) -> None:
        rows = self.do(
            self.connection.fetch("SELECT id, number, state FROM provider_transactions WHERE shop_id = 'atir'")
        )
        states = {row["id"]: row["state"] for row in rows}
        assert all(states[id_] == state for id_, state in self.final.items())
        self.final |= {id_: state for id_, state in states.items() if state in _FINAL}
        open_ = [row["number"] for row in rows if row["state"] == "created"]
        assert len(open_) == len(set(open_))

    @invariant()
    def the_shelf_adds_up(self) -> None:
        orders = self.do(self.connection.fetch(_MONEY))
        out = sum(order["holds_stock"] or order["status"] in ("shipped", "delivered") for order in orders)
        assert self.do(left(self.connection, "GUL", "")) + out == _SHELF


@pytest.fixture
def machine(engines: Engines, tmp_path: Path) -> Iterator[type[Providers]]:
    with asyncio.Runner() as runner:
        connection = runner.run(asyncpg.connect(engines.database_url))
        runner.run(database.prepare(connection))
        begun = connection.transaction()
        runner.run(begun.start())
        Providers.runner, Providers.connection, Providers.folder = runner, connection, tmp_path
        yield Providers
        runner.run(begun.rollback())
        runner.run(connection.close())


def test_whatever_happens_in_whatever_order(machine: type[Providers]) -> None:
    how = settings(
        max_examples=30,
        stateful_step_count=30,
        deadline=None,
        derandomize=True,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(machine, settings=how)
