"""Bills in Telegram: sent with the order, asked about within ten seconds, counted once through the stored inbox."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from bot import deliver, web
from bot.app import App
from bot.inbox import turn
from bot.telegram import bots
from kit import cache, outbox, tasks
from kit.config import Config, ShopConfig, TelegramConfig
from kit.crypto import Box
from kit.db import Pool, transaction
from kit.media import Store
from kit.message import Chat, Invoice, Reply, dump, load_reply
from orders import links
from orders.order import Order, cancel, change, confirm, get
from tests.fakes.telegram import Person
from tests.fakes.telegram_till import TelegramTill
from tests.orders_shop import OneShop, fill_shop, notices, order_of, ready_cart, said
from tests.pay_room import pay_shop
from tests.queueing import app_of, running

TOKEN, PROVIDER = "111:token-of-atir", "398062629:TEST:999"


@dataclass
class Room:
    """A running shop whose bot has a payment token."""

    app: App
    pool: Pool
    telegram: TelegramTill
    shop: Any

    async def bill(self, person: Person, *goods: tuple[str, str, int]) -> tuple[Order, dict[str, Any]]:
        """An order of this person's (150 000 so'm without `goods`) and its bill as it stands in the chat."""
        chat = Chat("atir", "telegram", str(person.id))
        async with transaction(self.pool) as tx:
            order = await order_of(tx, self.shop, *goods, chat=chat, now=self.app.clock())
        return order, await self.send(person, order)

    async def send(self, person: Person, order: Order) -> dict[str, Any]:
        """The bill of an order as it is now."""
        have = len(self.telegram.bills(person))
        bill = links.invoice(self.shop, order, "uz")
        assert bill is not None
        async with transaction(self.pool) as tx:
            await outbox.put(tx, order.chat, bill, idem=f"bill:{order.number}:{order.owed}")
        await self.telegram.until(lambda: len(self.telegram.bills(person)) > have)
        return self.telegram.bills(person)[-1]

    async def get(self, number: int = 1) -> Order:
        """The order as it is."""
        found = await get(self.pool, "atir", number)
        assert found is not None
        return found

    async def status(self, wanted: str, number: int = 1) -> Order:
        """The order once it has this status."""
        async with asyncio.timeout(10):
            while (order := await self.get(number)).status != wanted:
                await asyncio.sleep(0.02)
        return order

    async def dealt(self, charges: int) -> None:
        """So many words of money have been dealt with."""
        async with asyncio.timeout(10):
            while charges > await self.pool.fetchval(
                "SELECT count(*) FROM inbox WHERE shop_id = 'atir' AND status = 1 AND kind = 'payment'"
            ):
                await asyncio.sleep(0.02)

    async def payments(self, number: int = 1) -> list[int]:
        """The sums that were counted."""
        rows = await self.pool.fetch(
            "SELECT amount FROM payments WHERE shop_id = 'atir' AND number = $1 ORDER BY id", number
        )
        return [row["amount"] for row in rows]


@pytest.fixture
async def room(own_db: Pool, redis: cache.Redis, config: Config, tmp_path: Any) -> AsyncIterator[Room]:
    async with TelegramTill(PROVIDER) as telegram:
        telegram.bot(TOKEN, "atir_bot")
        bot = TelegramConfig(token=TOKEN, api_url=telegram.url, payment_token=PROVIDER, secret="s3")  # type: ignore[arg-type]
        shops = {"atir": ShopConfig(folder=config.shops["lola"].folder, telegram=bot)}
        shop = pay_shop()
        app = app_of(
            own_db,
            config.model_copy(update={"shops": shops}),
            redis=redis,
            shops=OneShop(shop),
            media=Store(tmp_path / "media"),
            box=Box(tmp_path / "key"),
        )
        await fill_shop(own_db)
        async with (
            running(lambda stop: bots.keep(app, stop)),
            running(lambda stop: turn.work(app, stop)),
            running(lambda stop: deliver.work(app, stop)),
        ):
            await telegram.until(lambda: app.states.get(("atir", "telegram")) == "ok")
            yield Room(app, own_db, telegram, shop)
        await tasks.stop_all()


@pytest.fixture
async def aziza(room: Room) -> Person:
    person = room.telegram.person()
    room.telegram.chats[person.id] = {"id": person.id, "type": "private", "first_name": "Aziza"}
    return person


async def test_a_bill_is_paid_in_the_chat(room: Room, aziza: Person) -> None:
    _, bill = await room.bill(aziza)
    assert bill["invoice"] == {
        "title": "Buyurtma №1", "currency": "UZS", "total_amount": 15_000_000, "start_parameter": "",
        "description": bill["invoice"]["description"],
    }  # fmt: skip
    assert "Atir" in bill["invoice"]["description"]
    began = time.monotonic()
    assert await room.telegram.ask(aziza, bill) == ""
    assert time.monotonic() - began < 5
    charge = await room.telegram.charge(aziza, bill)
    order = await room.status("paid")
    assert (order.paid, await room.payments()) == (150000, [150000])
    for _ in range(3):  # Telegram brings it again
        await room.telegram.charge(aziza, bill, charge)
    await room.dealt(4)
    assert await room.payments() == [150000]
    assert [one["facts"]["provider"] for one in await notices(room.pool) if one["kind"] == "money_in"] == ["telegram"]
    told = [text for text in await said(room.pool, order.chat) if "pul tushdi" in text]
    assert len(told) == 1
    stored = await room.pool.fetchval(
        "SELECT payload->'raw'->>'telegram_payment_charge_id' FROM inbox WHERE shop_id = 'atir' AND kind = 'payment'"
        " AND payload->>'note' = 'successful_payment' LIMIT 1"
    )
    assert stored == charge  # the messenger's own number, though it looks like a card's


async def test_what_may_not_be_paid_hears_why(room: Room, aziza: Person) -> None:
    order, bill = await room.bill(aziza)
    assert "summa" in await room.telegram.ask(aziza, bill, total_amount=14_999_900)
    assert "summa" in await room.telegram.ask(aziza, bill, total_amount=15_000_001)
    assert "summa" in await room.telegram.ask(aziza, bill, currency="USD")
    assert await room.telegram.ask(aziza, bill, invoice_payload="order:99")
    assert await room.telegram.ask(aziza, bill, invoice_payload="nonsense")
    assert await room.telegram.ask(aziza, bill, query_id="q-77") == ""
    assert await room.telegram.ask(aziza, bill, query_id="q-77") == ""  # brought twice, the same answer
    assert "ketmoqda" in await room.telegram.ask(aziza, bill)  # from a second phone
    await room.pool.execute("UPDATE provider_transactions SET state = 'lapsed' WHERE shop_id = 'atir'")
    cart = ready_cart(room.shop, ("GUL", "", 2), number=order.number)
    async with transaction(room.pool) as tx:
        await change(tx, room.shop, order.chat, cart, actor="x", now=room.app.clock())
    assert "summa" in await room.telegram.ask(aziza, bill)  # the old bill
    newer = await room.send(aziza, await room.get())
    async with transaction(room.pool) as tx:
        await confirm(tx, "atir", 1, actor="staff:telegram:7", now=room.app.clock())
    assert "tushgan" in await room.telegram.ask(aziza, newer)
    async with transaction(room.pool) as tx:
        await cancel(tx, "atir", 1, actor="staff:telegram:7", now=room.app.clock())
    assert "yopilgan" in await room.telegram.ask(aziza, newer)
    assert await room.payments() == [300000]


async def test_money_of_an_order_that_ended_meanwhile_waits_for_a_person(room: Room, aziza: Person) -> None:
    order, bill = await room.bill(aziza)
    assert await room.telegram.ask(aziza, bill) == ""
    async with transaction(room.pool) as tx:
        await cancel(tx, "atir", 1, actor="staff:telegram:7", now=room.app.clock())
    await room.telegram.charge(aziza, bill)
    await room.dealt(1)
    assert (await room.get()).status == "cancelled" and await room.payments() == []
    assert [one["kind"] for one in await notices(room.pool)][-1] == "money_unplaced"
    assert "xodim" in (await said(room.pool, order.chat))[-1]


async def test_a_question_is_answered_while_the_store_is_broken_and_its_answer_lost_once(
    room: Room, aziza: Person
) -> None:
    _, bill = await room.bill(aziza)
    await room.pool.execute("ALTER TABLE provider_transactions RENAME TO gone")
    assert "tekshira" in await room.telegram.ask(aziza, bill)
    await room.pool.execute("ALTER TABLE gone RENAME TO provider_transactions")
    room.telegram.fail("page", "answerPreCheckoutQuery", status=502)
    assert await room.telegram.ask(aziza, bill) == ""


async def test_a_question_by_webhook_is_answered_too(room: Room, aziza: Person) -> None:
    _, bill = await room.bill(aziza)
    query = {"id": "hook-1", "from": aziza.user(), "currency": "UZS", "total_amount": 15_000_000}
    update = {"update_id": 900_000_001, "pre_checkout_query": query | {"invoice_payload": bill["_payload"]}}
    verdict = room.telegram.verdicts["hook-1"] = asyncio.get_running_loop().create_future()
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(web.create(room.app)), base_url="http://door") as http:
        head = {"X-Telegram-Bot-Api-Secret-Token": "s3"}
        for _ in range(2):
            assert (await http.post("/telegram/atir", json=update, headers=head)).status_code == 200
    async with asyncio.timeout(5):
        assert await verdict == ""
    stored = await room.pool.fetchval("SELECT count(*) FROM inbox WHERE payload->>'note' = 'pre_checkout_query'")
    assert stored == 1 and b'provider_calls_total{code="0",provider="telegram"}' in room.app.metrics.text()


async def test_a_payment_never_meets_a_full_window(room: Room, aziza: Person) -> None:
    _, bill = await room.bill(aziza)
    await room.pool.execute(
        "INSERT INTO lane (shop_id, key, minute_at, minute_n, hour_at, hour_n) VALUES"
        " ('atir', $1, now(), 10000, now(), 10000) ON CONFLICT (shop_id, key) DO UPDATE SET minute_at = now(),"
        " minute_n = 10000, hour_at = now(), hour_n = 10000",
        f"telegram:{aziza.id}",
    )
    await room.telegram.charge(aziza, bill)  # the question before it was lost: the money counts all the same
    await room.status("paid")


async def test_a_bot_without_a_payment_token_sends_no_bill(room: Room, aziza: Person) -> None:
    reply = Reply("x", invoice=Invoice("Buyurtma №1", "order:1", 150000, "UZS"))
    assert load_reply(dump(reply)) == reply
    channel = room.app.channels["atir", "telegram"]
    channel._payment_token = ""  # type: ignore[attr-defined]
    async with transaction(room.pool) as tx:
        await outbox.put(tx, Chat("atir", "telegram", str(aziza.id)), reply, idem="x")
    async with asyncio.timeout(10):
        while await room.pool.fetchval("SELECT status FROM outbox WHERE shop_id = 'atir' AND idem = 'x'") != 9:
            await asyncio.sleep(0.02)
    assert room.telegram.bills(aziza) == []
