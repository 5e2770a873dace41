"""The shelf under many hands: never oversold, never a deadlock, always the same sum."""

from __future__ import annotations

import asyncio

import pytest

from kit.db import Pool, Tx, open_pool, transaction
from kit.errors import Refused
from kit.message import Chat
from orders import stock, stock_question
from orders.cart import Line, load, save
from orders.order import cancel, place
from tests.orders_shop import CHAT, NOON, STAFF, fill_shop, left, make_shop, notices, ready_cart

SHOP = make_shop()


@pytest.fixture
async def crowd(db_url: str) -> Pool:
    """Many connections to one database."""
    pool = await open_pool(db_url, 24)
    yield pool
    await pool.close()


async def _buy(pool: Pool, buyer: int, *goods: tuple[str, str, int]) -> str:
    chat = Chat("atir", "telegram", str(buyer))
    try:
        async with transaction(pool) as tx:
            order = await place(tx, SHOP, chat, ready_cart(SHOP, *goods), actor="agent", now=NOON)
            return f"order {order.number}"
    except Refused as refused:
        return refused.key


async def test_two_hundred_buyers_of_ten_pieces_make_ten_orders(crowd: Pool) -> None:
    await fill_shop(crowd)
    results = await asyncio.gather(*(_buy(crowd, buyer, ("GUL", "", 1)) for buyer in range(200)))
    orders = [result for result in results if result.startswith("order ")]
    assert len(orders) == len(set(orders)) == 10
    assert results.count("order.out_of_stock") == 190
    assert await left(crowd, "GUL", "") == 0


async def test_x_and_y_against_y_and_x_never_deadlock(crowd: Pool) -> None:
    await fill_shop(crowd, stock=(("GUL", "", "counted", 1000), ("PIY", "oq", "counted", 1000)))
    one = [("GUL", "", 1), ("PIY", "oq", 2)]
    results = await asyncio.gather(*(_buy(crowd, n, *(one if n % 2 else one[::-1])) for n in range(60)))
    assert all(result.startswith("order ") for result in results)
    assert (await left(crowd, "GUL", ""), await left(crowd, "PIY", "oq")) == (940, 880)


async def test_buying_and_cancelling_at_once_loses_no_piece(crowd: Pool) -> None:
    await fill_shop(crowd)

    async def buy_and_regret(buyer: int) -> None:
        bought = await _buy(crowd, buyer, ("GUL", "", 1), ("CHO", "S/oq", 1))
        if bought.startswith("order ") and buyer % 3:
            async with transaction(crowd) as tx:
                await cancel(tx, "atir", int(bought.split()[1]), actor=STAFF, now=NOON)

    await asyncio.gather(*(buy_and_regret(buyer) for buyer in range(60)))
    held = await crowd.fetchval("SELECT count(*) FROM orders WHERE shop_id = 'atir' AND holds_stock")
    assert await left(crowd, "GUL", "") == 10 - held
    assert await left(crowd, "CHO", "*") == 4 - held


async def test_two_lines_of_one_pool_are_counted_together(db: Tx) -> None:
    await fill_shop(db)
    with pytest.raises(Refused, match=r"order\.out_of_stock"):
        await stock.take(db, "atir", [Line("CHO", "S/oq", 3), Line("CHO", "M/oq", 2)])
    await stock.take(db, "atir", [Line("CHO", "S/oq", 2), Line("CHO", "M/oq", 2)])
    assert await left(db, "CHO", "*") == 0


async def test_all_or_nothing(db: Tx) -> None:
    await fill_shop(db)
    with pytest.raises(Refused, match=r"order\.out_of_stock"):
        async with db.transaction():
            await stock.take(db, "atir", [Line("GUL", "", 1), Line("PIY", "oq", 6)])
    assert (await left(db, "GUL", ""), await left(db, "PIY", "oq")) == (10, 5)


async def test_shelves_say_what_is_there(db: Tx) -> None:
    await fill_shop(db)
    await db.execute("UPDATE stock SET mode = 'unknown' WHERE shop_id = 'atir' AND sku = 'PIY' AND variant = 'oq'")
    shelves = await stock.shelves(db, "atir", ["GUL", "PIY", "CHO", "BIR"])
    assert (shelves.left("GUL", ""), shelves.left("CHO", "M/qora"), shelves.left("BIR", "70x140/oq")) == (10, 4, None)
    assert (shelves.unknown("PIY", "oq"), shelves.unknown("PIY", "ko'k")) == (True, False)
    assert not shelves.has("GUL", "nonsense") and not shelves.has("NONE", "") and shelves.has("GUL", "", 10)
    assert not shelves.has("GUL", "", 11)


class TestQuestion:
    async def test_staff_are_asked_once_and_the_promise_is_withdrawn_when_they_answer(self, db: Tx) -> None:
        cart = ready_cart(SHOP)
        await save(db, CHAT, cart)
        for _ in range(2):
            now = await stock_question.ask(db, SHOP, CHAT, cart.lines[0], "uz")
        assert "Gulli choynak" in now.text
        asked = await notices(db)
        assert [(one["kind"], one["about"]) for one in asked] == [("stock_question", "stock:GUL|")]
        later = "SELECT status, due_at > now() + interval '9 minutes' AS later FROM outbox WHERE key = $1"
        assert [tuple(row) for row in await db.fetch(later, CHAT.key)] == [(0, True)]
        there, summary = await stock_question.answer(db, SHOP, CHAT, "GUL", "", True, actor=STAFF, language="uz")
        assert there.text == "Gulli choynak bor ekan!"
        assert "150\u00a0000" in summary.text and summary.buttons  # nothing else is to be asked
        assert [row["status"] for row in await db.fetch(later, CHAT.key)] == [3]
        kept = await load(db, CHAT)
        assert kept.checked == {"GUL|"} and kept.shown == kept.summary_key(SHOP)

    async def test_the_summary_waits_for_what_is_still_to_be_asked(self, db: Tx) -> None:
        cart = ready_cart(SHOP, phone="", shown="")
        cart.shown = ""
        await save(db, CHAT, cart)
        [there] = await stock_question.answer(db, SHOP, CHAT, "GUL", "", True, actor=STAFF, language="uz")
        assert not there.buttons and not (await load(db, CHAT)).shown

    async def test_none_takes_the_line_out(self, db: Tx) -> None:
        await save(db, CHAT, ready_cart(SHOP, ("GUL", "", 1), ("PIY", "oq", 1)))
        await stock_question.answer(db, SHOP, CHAT, "GUL", "", False, actor=STAFF, language="ru")
        assert [line.sku for line in (await load(db, CHAT)).lines] == ["PIY"]
