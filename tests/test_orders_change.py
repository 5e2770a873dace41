"""Changing a placed order before it is packed: the same number, a new yes, money only by the difference."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.db import Tx
from kit.errors import Refused
from kit.message import Chat
from orders import told
from orders.cart import Cart, missing, summary_lines
from orders.order import Change, Order, change, claim, confirm, get, pack, refund, ship
from shop.shops import Shop
from tests.orders_shop import CHAT, NOON, PRODUCTS, STAFF, fill_shop, left, make_shop, notices, order_of

SHOP = make_shop()


@pytest.fixture
async def order(db: Tx) -> Order:
    await fill_shop(db)
    return await order_of(db, SHOP, ("GUL", "", 1))


async def changed(db: Tx, cart: Cart, shop: Shop = SHOP, chat: Chat = CHAT) -> Change:
    assert missing(cart, shop) == []
    cart.shown = cart.summary_key(shop)
    return await change(db, shop, chat, cart, actor="agent", now=NOON)


async def test_a_waiting_order_gets_new_goods_and_a_new_sum(db: Tx, order: Order) -> None:
    cart = order.cart()
    cart.put("PIY", "oq", 1)
    cart.set_qty("GUL", "", 2)
    done = await changed(db, cart)
    assert (done.order.number, done.order.status, done.order.total, done.order.to_transfer) == (
        1,
        "awaiting_payment",
        365000,
        365000,
    )
    assert (done.extra, done.refund) == (0, 0)
    assert (await left(db, "GUL", ""), await left(db, "PIY", "oq")) == (8, 4)
    assert "365\u00a0000" in told.changed(SHOP, done, "ru").text


async def test_a_removed_piece_returns_to_the_shelf(db: Tx, order: Order) -> None:
    cart = order.cart()
    cart.put("PIY", "oq", 2)
    cart.remove("GUL")
    done = await changed(db, cart)
    assert (done.order.total, await left(db, "GUL", "")) == (130000, 10)


async def test_after_payment_the_difference_is_one_added_payment(db: Tx, order: Order) -> None:
    await confirm(db, "atir", 1, actor=STAFF, now=NOON)
    cart = order.cart()
    cart.put("PIY", "oq", 1)
    done = await changed(db, cart)
    assert (done.extra, done.order.status, done.order.owed) == (65000, "paid", 65000)
    assert "65\u00a0000" in told.changed(SHOP, done, "uz").text
    for verb in (pack, ship):
        with pytest.raises(Refused, match=r"order\.money_missing") as refused:
            await verb(db, "atir", 1, actor=STAFF, now=NOON)
    assert told.why(refused.value, "en", "UZS").replace("\u00a0", " ") == "№1: 65 000 soʻm is not paid yet."
    assert (await confirm(db, "atir", 1, actor=STAFF, now=NOON, amount=65000)).owed == 0
    assert (await pack(db, "atir", 1, actor=STAFF, now=NOON)).status == "packed"


async def test_a_claimed_order_stays_claimed_and_asks_for_the_rest(db: Tx, order: Order) -> None:
    cart = (await claim(db, "atir", 1, actor="shopper:telegram:55", now=NOON)).cart()
    cart.put("GUL", "", 1)
    assert "150\u00a0000" in summary_lines(cart, SHOP, "uz")[2]
    done = await changed(db, cart)
    assert (done.order.status, done.order.to_transfer, done.extra) == ("claimed", 300000, 150000)


async def test_a_smaller_order_is_a_refund_for_staff(db: Tx, order: Order) -> None:
    bigger = order.cart()
    bigger.put("PIY", "oq", 1)
    await changed(db, bigger)
    await confirm(db, "atir", 1, actor=STAFF, now=NOON)
    paid = await get(db, "atir", 1)
    assert paid is not None
    cart = paid.cart()
    cart.remove("PIY")
    assert "65\u00a0000" in summary_lines(cart, SHOP, "en")[2]
    done = await changed(db, cart)
    assert (done.extra, done.refund, done.order.due_on_arrival) == (0, 65000, 20000)
    assert [notice["facts"] for notice in await notices(db) if notice["kind"] == "refund_due"] == [{"amount": 65000}]
    assert (await refund(db, "atir", 1, actor=STAFF, now=NOON, amount=65000)).paid == 150000


async def test_a_way_paid_with_the_transfer_stays_paid(db: Tx, order: Order) -> None:
    await confirm(db, "atir", 1, actor=STAFF, now=NOON, amount=170000)
    paid = await get(db, "atir", 1)
    assert paid is not None and paid.due_on_arrival == 0
    cart = paid.cart()
    cart.put("GUL", "", 1)
    done = await changed(db, cart)
    assert (done.order.due_on_arrival, done.order.to_transfer, done.refund) == (0, 320000, 0)
    assert done.extra == 150000
    cart = done.order.cart()
    cart.set_qty("GUL", "", 1)
    cart.method = "pickup"
    done = await changed(db, cart)
    assert (done.order.to_transfer, done.order.due_on_arrival, done.refund) == (150000, 0, 20000)


async def test_pickup_instead_of_delivery_may_end_the_prepayment_and_begin_it(db: Tx, order: Order) -> None:
    cash = make_shop(payment={"cash_at_pickup": True})
    cart = order.cart()
    cart.method = "pickup"
    done = await changed(db, cart, cash)
    assert (done.order.status, done.order.to_transfer, done.order.expires_at) == ("confirmed", 0, None)
    cart = done.order.cart()
    cart.method = "courier"
    cart.region = "city"
    done = await changed(db, cart, cash)
    assert (done.order.status, done.order.to_transfer) == ("awaiting_payment", 150000)
    assert done.order.expires_at is not None


async def test_the_agreed_price_stays_when_the_catalogue_became_dearer(db: Tx, order: Order) -> None:
    await db.execute("UPDATE products SET price = 200000 WHERE shop_id = 'atir' AND sku = 'GUL'")
    dearer = make_shop((replace(PRODUCTS[0], price=200000), *PRODUCTS[1:]))
    cart = order.cart()
    cart.put("PIY", "oq", 1)
    done = await changed(db, cart, dearer)
    assert done.order.total == 150000 + 65000


async def test_fewer_pieces_lose_the_price_for_many(db: Tx, order: Order) -> None:
    many = await order_of(db, SHOP, ("PIY", "oq", 3))
    cart = many.cart()
    cart.set_qty("PIY", "oq", 1)
    assert (await changed(db, cart)).order.total == 65000


async def test_it_takes_what_is_there_and_keeps_everything_when_it_is_not(db: Tx, order: Order) -> None:
    cart = order.cart()
    cart.set_qty("GUL", "", 11)
    with pytest.raises(Refused, match=r"order\.out_of_stock") as refused:
        async with db.transaction():
            await changed(db, cart)
    assert refused.value.facts["left"] == 10
    assert (await get(db, "atir", 1)) == order and await left(db, "GUL", "") == 9
    cart.set_qty("GUL", "", 10)  # its own piece counts
    assert (await changed(db, cart)).order.total == 1500000


async def test_another_shopper_and_a_packed_order_are_refused(db: Tx, order: Order) -> None:
    with pytest.raises(Refused, match=r"order\.none"):
        await changed(db, order.cart(), chat=Chat("atir", "telegram", "66"))
    await confirm(db, "atir", 1, actor=STAFF, now=NOON)
    await pack(db, "atir", 1, actor=STAFF, now=NOON)
    with pytest.raises(Refused, match=r"order\.not_now"):
        await changed(db, order.cart())


async def test_a_yes_to_the_old_summary_changes_nothing(db: Tx, order: Order) -> None:
    cart = order.cart()
    cart.shown = cart.summary_key(SHOP)
    cart.set_qty("GUL", "", 2)
    with pytest.raises(Refused, match=r"order\.not_shown"):
        await change(db, SHOP, CHAT, cart, actor="agent", now=NOON)
