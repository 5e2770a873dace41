"""Money and the parcel's way: who may say "paid", partial sums, surpluses, refunds, races of presses."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from kit.db import Pool, Tx, transaction
from kit.errors import Refused
from kit.message import Chat
from orders import payment, told
from orders.order import (
    MOVES,
    Order,
    accept_as_full,
    cancel,
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
from tests.orders_shop import CHAT, NOON, STAFF, fill_shop, left, make_shop, notices, order_of, said

SHOP = make_shop()
SHARE = make_shop(delivery={"regions": [{"key": "city", "name": "Toshkent shahri", "price": 20000, "prepay": "30 %"}]})


@pytest.fixture
async def order(db: Tx) -> Order:
    await fill_shop(db)
    return await order_of(db, SHOP, ("GUL", "", 2))


class TestPaid:
    async def test_a_press_makes_it_paid(self, db: Tx, order: Order) -> None:
        paid = await confirm(db, "atir", 1, actor=STAFF, now=NOON)
        assert (paid.status, paid.paid, paid.owed, paid.expires_at) == ("paid", 300000, 0, None)
        assert [(one.amount, one.actor) for one in await payment.history(db, "atir", 1)] == [(300000, STAFF)]

    @pytest.mark.parametrize("actor", ["agent", "shopper:telegram:55", "cron", "provider:", ""])
    async def test_nobody_else_can(self, db: Tx, order: Order, actor: str) -> None:
        for verb in (confirm, partial(accept_as_full, amount=300000), reject, refund):
            with pytest.raises(Refused, match=r"order\.people_only"):
                await verb(db, "atir", 1, actor=actor, now=NOON)

    async def test_a_provider_only_with_the_exact_sum(self, db: Tx, order: Order) -> None:
        for amount in (299999, 300001, 30000000, None):
            with pytest.raises(Refused, match=r"order\.wrong_sum"):
                await confirm(db, "atir", 1, actor="provider:payme", now=NOON, amount=amount)
        assert (await confirm(db, "atir", 1, actor="provider:payme", now=NOON, amount=300000)).status == "paid"
        with pytest.raises(Refused, match=r"order\.already"):
            await confirm(db, "atir", 1, actor="provider:payme", now=NOON, amount=300000)

    async def test_partial_sums_add_up(self, db: Tx, order: Order) -> None:
        part = await confirm(db, "atir", 1, actor=STAFF, now=NOON, amount=100000)
        assert (part.status, part.owed) == ("awaiting_payment", 200000)
        assert "200 000" in told.part_paid(SHOP, part, "uz").text.replace("\u00a0", " ")
        assert (await confirm(db, "atir", 1, actor=STAFF, now=NOON, amount=200000)).status == "paid"

    async def test_a_second_press_is_refused_with_the_status(self, db: Tx, order: Order) -> None:
        await confirm(db, "atir", 1, actor=STAFF, now=NOON)
        with pytest.raises(Refused, match=r"order\.already") as refused:
            await confirm(db, "atir", 1, actor=STAFF, now=NOON)
        assert told.why(refused.value, "uz") == "№1: bu allaqachon bajarilgan (toʻlangan)."

    async def test_an_unknown_number_and_a_foreign_shop_are_refused(self, db: Tx, order: Order) -> None:
        for shop_id, number in (("atir", 99), ("other", 1)):
            with pytest.raises(Refused, match=r"order\.none"):
                await confirm(db, shop_id, number, actor=STAFF, now=NOON)

    async def test_a_shortfall_is_accepted_as_full(self, db: Tx, order: Order) -> None:
        await problem(db, "atir", 1, actor="shopper:telegram:55", now=NOON)
        done = await accept_as_full(db, "atir", 1, actor=STAFF, now=NOON, amount=299000)
        assert (done.status, done.paid, done.owed, done.due_on_arrival) == ("paid", 299000, 0, 20000)

    async def test_nothing_cannot_be_accepted_as_full(self, db: Tx, order: Order) -> None:
        with pytest.raises(Refused, match=r"order\.wrong_sum"):
            await accept_as_full(db, "atir", 1, actor=STAFF, now=NOON, amount=0)

    @pytest.mark.parametrize(("amount", "due"), [(300000, 20000), (320000, 0), (300500, 20000), (340000, 0)])
    async def test_a_surplus_pays_the_whole_way_or_nothing(self, db: Tx, order: Order, amount: int, due: int) -> None:
        done = await confirm(db, "atir", 1, actor=STAFF, now=NOON, amount=amount)
        assert (done.status, done.paid, done.due_on_arrival) == ("paid", amount, due)

    async def test_a_deposit_paid_in_full_leaves_only_the_way(self, db: Tx) -> None:
        await fill_shop(db)
        order = await order_of(db, SHARE)
        assert (order.to_transfer, order.due_on_arrival) == (45000, 125000)
        done = await confirm(db, "atir", 1, actor=STAFF, now=NOON, amount=150000)
        assert (done.status, done.due_on_arrival) == ("paid", 20000)

    async def test_not_seen_puts_a_claim_in_question_and_leaves_a_waiting_order_waiting(
        self, db: Tx, order: Order
    ) -> None:
        assert (await reject(db, "atir", 1, actor=STAFF, now=NOON)).status == "awaiting_payment"
        await claim(db, "atir", 1, actor="shopper:telegram:55", now=NOON)
        assert (await reject(db, "atir", 1, actor=STAFF, now=NOON)).status == "payment_problem"


class TestParcel:
    async def test_the_whole_way(self, db: Tx, order: Order) -> None:
        await confirm(db, "atir", 1, actor=STAFF, now=NOON)
        assert (await pack(db, "atir", 1, actor=STAFF, now=NOON)).status == "packed"
        shipped = await ship(db, "atir", 1, actor=STAFF, now=NOON, track=" RR123 ")
        assert (shipped.status, shipped.track, shipped.holds_stock) == ("shipped", "RR123", False)
        assert "RR123" in told.told(SHOP, shipped, "en").text
        done = await deliver(db, "atir", 1, actor=STAFF, now=NOON)
        assert (done.status, done.paid) == ("delivered", 300000)
        assert await left(db, "GUL", "") == 8
        verbs = await db.fetch("SELECT verb, actor FROM audit WHERE shop_id = 'atir' AND about = 'order:1' ORDER BY id")
        assert [row["verb"] for row in verbs] == [
            "order.placed",
            "card.missing",
            "order.paid",
            "order.packed",
            "order.shipped",
            "order.delivered",
        ]

    async def test_packing_is_optional(self, db: Tx, order: Order) -> None:
        await confirm(db, "atir", 1, actor=STAFF, now=NOON)
        assert (await ship(db, "atir", 1, actor=STAFF, now=NOON)).status == "shipped"

    async def test_an_unpaid_order_does_not_leave(self, db: Tx, order: Order) -> None:
        for verb in (pack, ship, deliver):
            with pytest.raises(Refused, match=r"order\.not_now"):
                await verb(db, "atir", 1, actor=STAFF, now=NOON)

    async def test_money_at_the_end_is_seen_with_the_delivery(self, db: Tx) -> None:
        await fill_shop(db)
        none = [{"key": "city", "name": "Toshkent shahri", "price": 20000, "prepay": "none"}]
        order = await order_of(db, make_shop(delivery={"regions": none}))
        assert (order.status, order.due_on_arrival) == ("confirmed", 170000)
        await ship(db, "atir", 1, actor=STAFF, now=NOON)
        done = await deliver(db, "atir", 1, actor=STAFF, now=NOON)
        # the courier keeps the way
        assert (done.status, done.paid) == ("delivered", 150000)

    async def test_a_pickup_is_handed_over_without_being_shipped_a_parcel_is_not(self, db: Tx) -> None:
        await fill_shop(db)
        cash = make_shop(payment={"cash_at_pickup": True})
        await order_of(db, cash, method="pickup")
        assert (await deliver(db, "atir", 1, actor=STAFF, now=NOON)).paid == 150000
        await order_of(db, cash)
        await confirm(db, "atir", 2, actor=STAFF, now=NOON)
        with pytest.raises(Refused, match=r"order\.not_now"):
            await deliver(db, "atir", 2, actor=STAFF, now=NOON)


class TestCancel:
    async def test_the_goods_return_and_staff_hear_of_it(self, db: Tx, order: Order) -> None:
        done = await cancel(db, "atir", 1, actor="shopper:telegram:55", now=NOON, chat=CHAT)
        assert (done.status, await left(db, "GUL", "")) == ("cancelled", 10)
        assert (await notices(db))[-1]["kind"] == "order_cancelled"

    async def test_another_shopper_cannot(self, db: Tx, order: Order) -> None:
        with pytest.raises(Refused, match=r"order\.none"):
            await cancel(db, "atir", 1, actor="shopper:telegram:66", now=NOON, chat=Chat("atir", "telegram", "66"))

    async def test_a_packed_one_is_staff_s_to_cancel(self, db: Tx, order: Order) -> None:
        await confirm(db, "atir", 1, actor=STAFF, now=NOON)
        await pack(db, "atir", 1, actor=STAFF, now=NOON)
        with pytest.raises(Refused, match=r"order\.ask_person"):
            await cancel(db, "atir", 1, actor="shopper:telegram:55", now=NOON, chat=CHAT)
        await cancel(db, "atir", 1, actor=STAFF, now=NOON)
        assert await left(db, "GUL", "") == 10
        assert (await notices(db))[-1]["facts"] == {"amount": 300000}

    async def test_a_refund_ends_it_and_a_part_does_not(self, db: Tx, order: Order) -> None:
        await confirm(db, "atir", 1, actor=STAFF, now=NOON)
        part = await refund(db, "atir", 1, actor=STAFF, now=NOON, amount=50000)
        assert (part.status, part.paid) == ("paid", 250000)
        with pytest.raises(Refused, match=r"order\.wrong_sum"):
            await refund(db, "atir", 1, actor=STAFF, now=NOON, amount=250001)
        done = await refund(db, "atir", 1, actor=STAFF, now=NOON)
        assert (done.status, done.paid, await left(db, "GUL", "")) == ("refunded", 0, 10)

    async def test_money_seen_for_a_cancelled_order_revives_it_while_there_is_stock(self, db: Tx, order: Order) -> None:
        await cancel(db, "atir", 1, actor=STAFF, now=NOON)
        revived = await confirm(db, "atir", 1, actor=STAFF, now=NOON)
        assert (revived.status, revived.holds_stock, await left(db, "GUL", "")) == ("paid", True, 8)


async def test_every_status_has_its_words_and_money_left_is_named(db: Tx, order: Order) -> None:
    await confirm(db, "atir", 1, actor=STAFF, now=NOON, amount=1000)
    await db.execute("UPDATE orders SET status = 'paid' WHERE shop_id = 'atir'")
    paid = await get(db, "atir", 1)
    assert paid is not None
    for language in ("uz", "uz_Cyrl", "ru", "en"):
        for status in MOVES:
            assert told.status_word(status, language)
        text = told.told(SHOP, paid, language).text
        assert "299\u00a0000" in text and text.count("\n") <= 2


async def test_what_the_shopper_hears_goes_where_they_listen_in_their_language(db: Tx, order: Order) -> None:
    await db.execute("INSERT INTO contacts (shop_id, channel, id, language) VALUES ('atir', 'telegram', '55', 'ru')")
    paid = await confirm(db, "atir", 1, actor=STAFF, now=NOON)
    await told.tell(db, SHOP, paid)
    await told.tell(db, SHOP, paid)  # the same moment is told once
    assert await said(db) == ["✅ №1: деньги пришли, спасибо! Готовим к отправке."]


class TestRaces:
    async def _many(self, pool: Pool, verbs: list[object]) -> list[object]:
        async def press(verb: object) -> object:
            try:
                async with transaction(pool) as tx:
                    return (await verb(tx, "atir", 1, actor=STAFF, now=NOON)).status  # type: ignore[operator]
            except Refused as refused:
                return refused.key

        return list(await asyncio.gather(*(press(verb) for verb in verbs)))

    async def test_ten_presses_at_once_are_one(self, own_db: Pool) -> None:
        await fill_shop(own_db)
        async with transaction(own_db) as tx:
            await order_of(tx, SHOP)
        results = await self._many(own_db, [confirm] * 10)
        assert sorted(results) == ["order.already"] * 9 + ["paid"]
        assert await own_db.fetchval("SELECT sum(amount) FROM payments WHERE shop_id = 'atir'") == 150000

    async def test_confirm_and_cancel_at_once_leave_one_story(self, own_db: Pool) -> None:
        await fill_shop(own_db)
        async with transaction(own_db) as tx:
            await order_of(tx, SHOP)
        await self._many(own_db, [cancel, confirm] * 5)
        row = await own_db.fetchrow("SELECT status, holds_stock, paid FROM orders WHERE shop_id = 'atir'")
        assert row is not None
        held = 1 if row["holds_stock"] else 0
        assert await left(own_db, "GUL", "") == 10 - held
        assert (row["status"] == "paid") == (held == 1)
