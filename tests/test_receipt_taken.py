"""A receipt that came: kept once, its order moved, staff told, the shopper answered kindly."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from kit.db import Pool, Tx, transaction
from kit.errors import Refused
from kit.message import Chat
from kit.words import LANGUAGES
from orders import receipt
from orders.order import cancel, confirm, get, list_json
from orders.receipt import Outcome
from tests import orders_shop
from tests.orders_shop import CHAT, NOON, STAFF, fill_shop, left, make_shop, notices, order_of

SHOP = make_shop()
OTHER = Chat("atir", "telegram", "66")
SOON = NOON + timedelta(minutes=30)
GOOD = replace(orders_shop.GOOD, numbers=("150000", "1234", "20261118", "1220", "998877"))


@pytest.fixture(name="db")
async def _db(db: Tx) -> Tx:
    await fill_shop(db)
    return db


async def send(tx: Tx, number: int = 1, chat: Chat = CHAT, shop: Any = SHOP, **read: object) -> Outcome:
    """Picture `number` with what it says."""
    sha = sha256(f"picture {number}".encode()).hexdigest()
    reading = replace(GOOD, **{"transaction_id": f"T-9900{number}", "numbers": (), **read})  # type: ignore[arg-type]
    return await receipt.take(tx, shop, chat, f"{sha}.jpg", sha, reading, SOON)


async def status(tx: Tx | Pool, number: int = 1) -> str:
    order = await get(tx, "atir", number)
    assert order is not None
    return order.status


class TestOneOrder:
    async def test_a_good_receipt_is_a_claim_and_never_more(self, db: Tx) -> None:
        await order_of(db, SHOP)
        outcome = await send(db)
        assert (outcome.kind, outcome.verdict.words, await status(db)) == ("claimed", ("fits",), "claimed")
        card = (await notices(db))[-1]
        assert (card["kind"], card["about"], card["shopper"]) == ("receipt", f"receipt:{outcome.receipt}", CHAT.key)
        assert card["facts"]["words"] == ["fits"] and card["photos"]
        [line] = [one async for one in list_json(db, "atir")]
        assert line["receipt"]["verdict"] == ["fits"] and line["paid"] == 0

    @pytest.mark.parametrize(
        ("read", "word"),
        [
            ({"amount": 100000}, "short"),
            ({"last4": "9911"}, "other_card"),
            ({"status": "failed"}, "failed"),
            ({"status": "pending"}, "pending"),
            ({"date": "2026-11-01"}, "old"),
            ({"amount": None}, "unreadable"),
        ],
    )
    async def test_one_that_does_not_fit_is_a_question_and_a_better_one_a_claim(
        self, db: Tx, read: dict[str, object], word: str
    ) -> None:
        await order_of(db, SHOP)
        outcome = await send(db, **read)
        assert (outcome.kind, outcome.verdict.has(word), await status(db)) == ("problem", True, "payment_problem")
        assert (await send(db, 2)).kind == "claimed"
        assert await status(db) == "claimed"

    async def test_a_worse_one_after_a_good_one_takes_nothing_back(self, db: Tx) -> None:
        await order_of(db, SHOP)
        await send(db)
        assert (await send(db, 2, status="failed")).kind == "problem"
        assert await status(db) == "claimed"
        assert [one["receipt"]["verdict"] async for one in list_json(db, "atir")] == [["fits"]]

    async def test_the_same_picture_again_changes_nothing(self, db: Tx) -> None:
        await order_of(db, SHOP)
        await send(db)
        before = len(await notices(db))
        outcome = await send(db)
        assert outcome.again and outcome.verdict.words == ("fits",)
        assert len(await notices(db)) == before

    async def test_another_picture_of_the_same_transaction_is_the_same_receipt(self, db: Tx) -> None:
        await order_of(db, SHOP)
        await send(db, transaction_id="ABC-123/45")
        assert (await send(db, 2, transaction_id="abc12345")).again

    async def test_what_is_no_receipt_is_not_kept(self, db: Tx) -> None:
        await order_of(db, SHOP)
        outcome = await send(db, is_receipt=False)
        assert (outcome.kind, await status(db)) == ("not_a_receipt", "awaiting_payment")
        assert await db.fetchval("SELECT count(*) FROM receipts WHERE shop_id = 'atir'") == 0

    async def test_two_distinct_payments_add_up(self, db: Tx) -> None:
        await order_of(db, SHOP)
        assert (await send(db, amount=100000)).kind == "problem"
        second = await send(db, 2, amount=50000)
        assert (second.kind, second.verdict.reasons["amount"]["key"]) == ("claimed", "amount_adds_up")
        [first, last] = sorted([row["id"] for row in await receipt.of_order(db, "atir", 1)])
        part = await receipt.seen(db, "atir", first, actor=STAFF, now=SOON)
        assert (part[0].status, part[0].paid) == ("claimed", 100000)
        assert (await receipt.seen(db, "atir", last, actor=STAFF, now=SOON))[0].status == "paid"

    async def test_two_pictures_of_one_payment_do_not_add_up(self, db: Tx) -> None:
        await order_of(db, SHOP)
        same = {"amount": 75000, "transaction_id": None, "numbers": ("75000", "1234", "20261118", "1220")}
        await send(db, **same)
        assert (await send(db, 2, **same)).verdict.has("short")

    async def test_the_full_numbers_of_a_picture_are_not_kept(self, db: Tx) -> None:
        await order_of(db, SHOP)
        await send(db, numbers=("8600123412341234", "1", "2", "3"))
        kept = await db.fetchval("SELECT reading::text FROM receipts WHERE shop_id = 'atir'")
        assert "8600123412341234" not in kept


class TestWhichOrder:
    async def test_the_one_with_that_very_sum_else_the_newest(self, db: Tx) -> None:
        for goods in (("GUL", "", 1), ("PIY", "oq", 1), ("GUL", "", 2)):
            await order_of(db, SHOP, goods)
        assert (await send(db, amount=65000)).order.number == 2  # type: ignore[union-attr]
        assert (await send(db, 2, amount=12345)).order.number == 3  # type: ignore[union-attr]

    async def test_two_of_one_sum_are_paid_one_after_the_other(self, db: Tx) -> None:
        await order_of(db, SHOP)
        await order_of(db, SHOP)
        assert [(await send(db, n)).order.number for n in (1, 2)] == [2, 1]  # type: ignore[union-attr]

    async def test_a_sum_of_several_pays_them_all(self, db: Tx) -> None:
        await order_of(db, SHOP, ("GUL", "", 1))
        await order_of(db, SHOP, ("PIY", "oq", 1))
        outcome = await send(db, amount=215000)
        assert [await status(db, n) for n in (1, 2)] == ["claimed", "claimed"]
        assert "№1, №2" in receipt.told(outcome, SHOP, "uz").text
        assert [one["receipt"]["verdict"] async for one in list_json(db, "atir")] == [["fits"], ["fits"]]
        done = await receipt.seen(db, "atir", outcome.receipt or 0, actor=STAFF, now=SOON)
        assert [(order.status, order.paid) for order in done] == [("paid", 150000), ("paid", 65000)]

    async def test_an_added_payment_of_a_paid_order_is_noted_and_counted_by_a_press(self, db: Tx) -> None:
        await order_of(db, SHOP)
        await confirm(db, "atir", 1, actor=STAFF, now=NOON)
        await db.execute("UPDATE orders SET to_transfer = 200000 WHERE shop_id = 'atir'")
        outcome = await send(db, amount=50000)
        assert (outcome.kind, outcome.verdict.words, await status(db)) == ("noted", ("fits",), "paid")
        [order] = await receipt.seen(db, "atir", outcome.receipt or 0, actor=STAFF, now=SOON)
        assert (order.paid, order.owed) == (200000, 0)

    async def test_a_transfer_nobody_asked_for_is_noted(self, db: Tx) -> None:
        cash = make_shop(payment={"cash_at_pickup": True})
        await order_of(db, cash, method="pickup")
        outcome = await send(db, shop=cash)
        assert (outcome.kind, await status(db)) == ("noted", "confirmed")
        [order] = await receipt.seen(db, "atir", outcome.receipt or 0, actor=STAFF, now=SOON)
        assert (order.status, order.paid, order.due_on_arrival) == ("confirmed", 150000, 0)


class TestUsedBefore:
    async def test_a_file_or_transaction_of_another_order_is_not_counted(self, db: Tx) -> None:
        await order_of(db, SHOP)
        await send(db)
        await order_of(db, SHOP, chat=OTHER)
        for number, read in ((1, {}), (2, {"transaction_id": "T-99001"})):
            outcome = await send(db, number, OTHER, **read)
            assert outcome.kind == "problem" and outcome.verdict.has("used_before")
            assert not outcome.verdict.has("fits")
        assert await status(db, 2) == "payment_problem"
        assert await status(db, 1) == "claimed"
        assert "№1" not in receipt.told(outcome, SHOP, "uz").text  # another shopper's order is nobody's business

    async def test_one_shopper_s_old_receipt_for_a_new_order(self, db: Tx) -> None:
        await order_of(db, SHOP)
        await send(db)
        await order_of(db, SHOP)
        assert (await send(db)).verdict.has("used_before")

    async def test_in_another_shop_of_the_deployment_without_a_word_about_it(self, db: Tx) -> None:
        await order_of(db, SHOP)
        await db.execute(
            "INSERT INTO receipt_seen (hash, shop_id, number) VALUES ($1, 'other', 5)",
            sha256(b"transaction:T99001:150000").hexdigest(),
        )
        outcome = await send(db)
        assert outcome.verdict.words == ("used_before",)
        assert outcome.verdict.reasons["picture"] == {"key": "used_elsewhere"}
        assert await status(db) == "payment_problem"

    async def test_the_same_numbers_for_another_order_are_left_to_a_person(self, db: Tx) -> None:
        numbers = {"transaction_id": None, "numbers": GOOD.numbers}
        await order_of(db, SHOP)
        await send(db, **numbers)
        await order_of(db, SHOP, chat=OTHER)
        outcome = await send(db, 2, OTHER, **numbers)
        assert outcome.verdict.words == ("person_checks",) and outcome.kind == "claimed"
        assert outcome.verdict.reasons["picture"] == {"key": "same_numbers", "order": 1}

    async def test_at_the_same_moment_one_wins(self, own_db: Pool) -> None:
        await fill_shop(own_db)
        chats = [Chat("atir", "telegram", str(n)) for n in range(6)]
        async with transaction(own_db) as tx:
            for chat in chats:
                await order_of(tx, SHOP, chat=chat)

        async def one(chat: Chat, number: int) -> Outcome:
            async with transaction(own_db) as tx:
                return await send(tx, number, chat, transaction_id="SAME-ID-1")

        # three send the very same file, three another picture of the same transaction
        outcomes = await asyncio.gather(*(one(chat, n % 2) for n, chat in enumerate(chats)))
        assert sorted(outcome.kind for outcome in outcomes) == ["claimed"] + ["problem"] * 5
        assert await own_db.fetchval("SELECT count(*) FROM orders WHERE status = 'claimed'") == 1


class TestEnded:
    async def test_late_money_revives_the_order(self, db: Tx) -> None:
        await order_of(db, SHOP)
        await cancel(db, "atir", 1, actor=STAFF, now=NOON)
        assert (await send(db)).kind == "claimed"
        assert (await status(db), await left(db, "GUL", "")) == ("claimed", 9)

    async def test_when_the_goods_are_gone_a_person_settles_it(self, db: Tx) -> None:
        await order_of(db, SHOP)
        await cancel(db, "atir", 1, actor=STAFF, now=NOON)
        await db.execute("UPDATE stock SET available = 0 WHERE shop_id = 'atir'")
        outcome = await send(db)
        assert (outcome.kind, await status(db)) == ("gone", "cancelled")
        assert (await notices(db))[-1]["facts"]["kind"] == "gone"

    async def test_a_bad_one_does_not(self, db: Tx) -> None:
        await order_of(db, SHOP)
        await cancel(db, "atir", 1, actor=STAFF, now=NOON)
        assert ((await send(db, status="failed")).kind, await status(db)) == ("late", "cancelled")

    async def test_an_order_that_ended_long_ago_is_not_meant(self, db: Tx) -> None:
        await order_of(db, SHOP)
        await cancel(db, "atir", 1, actor=STAFF, now=NOON - timedelta(days=31))
        assert (await send(db)).kind == "unassigned"


class TestNoOrder:
    async def test_money_without_an_order_waits_for_staff_to_choose_one(self, db: Tx) -> None:
        outcome = await send(db)
        assert (outcome.kind, outcome.order) == ("unassigned", None)
        assert (await notices(db))[-1]["kind"] == "unassigned_money"
        with pytest.raises(Refused, match=r"receipt\.no_order"):
            await receipt.seen(db, "atir", outcome.receipt or 0, actor=STAFF, now=SOON)
        await order_of(db, SHOP, chat=OTHER)
        assigned = await receipt.assign(db, "atir", outcome.receipt or 0, 1, actor=STAFF, now=SOON)
        assert assigned.status == "claimed"
        assert (await receipt.seen(db, "atir", outcome.receipt or 0, actor=STAFF, now=SOON))[0].status == "paid"

    async def test_it_finds_the_order_placed_afterwards_when_sent_again(self, db: Tx) -> None:
        await send(db)
        assert (await send(db)).again
        await order_of(db, SHOP)
        outcome = await send(db)
        assert (outcome.kind, await status(db)) == ("claimed", "claimed")


class TestWords:
    async def test_money_without_a_picture_is_asked_for_once(self, db: Tx) -> None:
        order = await order_of(db, SHOP)
        first = await receipt.money_claimed(db, SHOP, CHAT, SOON)
        assert first.first and "№1" in receipt.claim_told(first, "ru").text
        assert not (await receipt.money_claimed(db, SHOP, CHAT, SOON)).first
        asked = [notice for notice in await notices(db) if notice["kind"] == "money_claim"]
        assert [notice["about"] for notice in asked] == ["order:1"]
        later = await get(db, "atir", 1)
        assert later is not None and later.expires_at and order.expires_at and later.expires_at > order.expires_at

    async def test_without_an_order_staff_hear_of_it_all_the_same(self, db: Tx) -> None:
        claim = await receipt.money_claimed(db, SHOP, CHAT, SOON)
        assert claim.order is None and receipt.claim_told(claim, "en").text
        assert (await notices(db))[-1]["kind"] == "money_claim"

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize(
        "read",
        [
            {},
            {"amount": 170000},
            {"amount": 150500},
            {"amount": 100000},
            {"amount": None},
            {"amount": None, "amount_present": True, "amount_asked": 150000},
            {"amount": 15, "currency": "USD"},
            {"last4": "9911"},
            {"last4": None},
            {"status": "failed"},
            {"status": "pending"},
            {"status": "unknown"},
            {"date": "2026-10-01"},
            {"amount": 1, "last4": "9911", "status": "failed"},
            {"is_receipt": False},
        ],
    )
    async def test_every_answer_is_short_kind_and_promises_nothing(
        self, db: Tx, language: str, read: dict[str, object]
    ) -> None:
        await order_of(db, SHOP)
        outcome = await send(db, **read)
        text = receipt.told(outcome, SHOP, language).text
        assert text and text.count("\n") <= 2 and "{" not in text and "  " not in text
        reasons = receipt.why_lines(outcome.verdict.reasons, "UZS", language)
        assert all(reasons) and "{" not in "".join(reasons)
        if outcome.verdict.has("other_card"):
            assert "9911" in text and "1234" in text
        if outcome.verdict.has("short") and not outcome.verdict.has("failed"):
            assert "50\u00a0000" in text
