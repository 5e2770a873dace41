"""Placing an order, and what scripts read of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from kit.db import Tx
from kit.errors import Refused
from kit.message import Chat
from orders import told
from orders.cart import load, save
from orders.order import LIVE, follow, get, list_json, of_chat, place
from tests.orders_shop import CHAT, NOON, PRODUCTS, fill_shop, left, make_shop, notices, order_of, ready_cart

SHOP = make_shop()
INSTAGRAM = Chat("atir", "instagram", "17841")


@pytest.fixture(autouse=True)
async def shop_rows(db: Tx) -> None:
    await fill_shop(db)


async def test_a_placed_order_has_a_number_holds_its_goods_and_drops_the_cart(db: Tx) -> None:
    cart = ready_cart(SHOP, ("GUL", "", 2), ("PIY", "oq", 1))
    await save(db, CHAT, cart)
    order = await place(db, SHOP, CHAT, cart, actor="agent", now=NOON, language="ru", name="Aziza")
    assert (order.number, order.status, order.name) == (1, "awaiting_payment", "Aziza")
    assert [(item.title, item.qty, item.price) for item in order.items] == [
        ("Чайник с цветами", 2, 150000),
        ("Piyola", 1, 65000),
    ]
    assert (await left(db, "GUL", ""), await left(db, "PIY", "oq")) == (8, 4)
    assert (await load(db, CHAT)).empty
    assert [notice["kind"] for notice in await notices(db)] == ["order", "card_missing"]


async def test_numbers_count_up_inside_a_shop(db: Tx) -> None:
    assert [(await order_of(db, SHOP)).number for _ in range(3)] == [1, 2, 3]


async def test_variants_are_taken_from_the_pool(db: Tx) -> None:
    await order_of(db, SHOP, ("CHO", "S/oq", 1), ("CHO", "M/qora", 2))
    assert await left(db, "CHO", "*") == 1
    with pytest.raises(Refused, match=r"order\.out_of_stock") as refused:
        await order_of(db, SHOP, ("CHO", "S/oq", 1), ("CHO", "M/qora", 1))
    assert refused.value.facts["left"] == 1 and refused.value.facts["title"] == "Choyxona ko'ylagi"


async def test_what_nobody_counts_is_sold_without_a_number(db: Tx) -> None:
    order = await order_of(db, SHOP, ("BIR", "70x140/oq", 500))
    assert order.total == 15_000_000 and await left(db, "BIR", "70x140/oq") == 0


async def test_unknown_stock_is_sold_only_after_staff_said_yes(db: Tx) -> None:
    await db.execute("UPDATE stock SET mode = 'unknown' WHERE shop_id = 'atir' AND sku = 'GUL'")
    with pytest.raises(Refused, match=r"order\.stock_unknown"):
        await order_of(db, SHOP)
    assert (await order_of(db, SHOP, checked={"GUL|"})).number == 1


async def test_a_yes_to_another_summary_places_nothing(db: Tx) -> None:
    cart = ready_cart(SHOP)
    cart.set_qty("GUL", "", 2)
    with pytest.raises(Refused, match=r"order\.not_shown"):
        await place(db, SHOP, CHAT, cart, actor="agent", now=NOON)
    assert await left(db, "GUL", "") == 10


async def test_a_price_edited_between_quote_and_yes_is_asked_again(db: Tx) -> None:
    cart = ready_cart(SHOP)
    await db.execute("UPDATE products SET price = 160000 WHERE shop_id = 'atir' AND sku = 'GUL'")
    with pytest.raises(Refused, match=r"order\.price_changed"):
        await place(db, SHOP, CHAT, cart, actor="agent", now=NOON)
    dearer = make_shop((replace(PRODUCTS[0], price=160000), *PRODUCTS[1:]))
    with pytest.raises(Refused, match=r"order\.not_shown"):
        await place(db, dearer, CHAT, cart, actor="agent", now=NOON)
    cart.shown = cart.summary_key(dearer)
    assert (await place(db, dearer, CHAT, cart, actor="agent", now=NOON)).total == 160000


async def test_a_product_taken_off_sale_is_refused(db: Tx) -> None:
    await db.execute("UPDATE products SET active = false WHERE shop_id = 'atir' AND sku = 'GUL'")
    with pytest.raises(Refused, match=r"order\.gone"):
        await order_of(db, SHOP)


async def test_an_incomplete_cart_is_refused_with_what_is_missing(db: Tx) -> None:
    with pytest.raises(Refused, match=r"order\.incomplete") as refused:
        await order_of(db, SHOP, phone="")
    assert refused.value.facts == {"slot": "phone"}


async def test_without_prepayment_it_is_confirmed_and_never_expires(db: Tx) -> None:
    order = await order_of(db, make_shop(payment={"cash_at_pickup": True}), method="pickup")
    assert (order.status, order.to_transfer, order.due_on_arrival, order.expires_at) == ("confirmed", 0, 150000, None)


async def test_the_buyer_is_remembered_to_be_offered_next_time(db: Tx) -> None:
    await db.execute("INSERT INTO contacts (shop_id, channel, id) VALUES ('atir', 'telegram', '55')")
    await order_of(db, SHOP)
    buyer = await db.fetchval("SELECT buyer FROM contacts WHERE shop_id = 'atir' AND id = '55'")
    assert buyer["phone"] == "+998901112233" and "Yunusobod" in buyer["address"]


async def test_orders_as_scripts_read_them(db: Tx) -> None:
    cart = ready_cart(SHOP, ("PIY", "oq", 2), location=(41.3, 69.25), landmark="bozor yonida", source="post 9")
    await place(db, SHOP, CHAT, cart, actor="agent", now=NOON, name="Aziza")
    listed = [one async for one in list_json(db, "atir")]
    assert json.loads(json.dumps(listed)) == [
        {
            "number": "1",
            "status": "awaiting_payment",
            "items": [{"sku": "PIY", "variant": "oq", "qty": 2, "price": 65000}],
            "total": 130000,
            "currency": "UZS",
            "name": "Aziza",
            "phone": "+998901112233",
            "phone2": "",
            "recipient": "",
            "address": "Yunusobod 4-kvartal, 15-uy",
            "landmark": "bozor yonida",
            "location": [41.3, 69.25],
            "delivery": {"method": "courier", "region": "city", "price": 20000, "paid_by": "on_arrival"},
            "to_transfer": 130000,
            "paid": 0,
            "due_on_arrival": 20000,
            "channel": "telegram",
            "shopper": "55",
            "source": "post 9",
            "receipt": None,
            "created_at": "2026-11-18T07:00:00Z",
        }
    ]


async def test_a_long_list_is_read_in_pages(db: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orders.order.listing._PAGE", 2)
    for _ in range(5):
        await order_of(db, SHOP, ("BIR", "70x140/oq", 1))
    assert [one["number"] async for one in list_json(db, "atir")] == ["1", "2", "3", "4", "5"]
    assert [one async for one in list_json(db, "other")] == []


async def test_orders_of_a_conversation_are_its_own(db: Tx) -> None:
    await order_of(db, SHOP)
    await order_of(db, SHOP, chat=Chat("atir", "telegram", "66"))
    assert [order.number for order in await of_chat(db, CHAT)] == [1]
    assert await of_chat(db, Chat("other", "telegram", "55"), LIVE) == []


async def test_an_instagram_order_can_be_followed_in_telegram_once(db: Tx) -> None:
    order = await order_of(db, SHOP, chat=INSTAGRAM)
    reply = told.placed(SHOP, order, "uz", updates_url="https://t.me/atir_bot")
    start = reply.buttons[0][0].url.partition("?start=")[2]
    assert (await follow(db, CHAT, "o_wrong"), await follow(db, CHAT, "o_")) == (None, None)
    followed = await follow(db, CHAT, start)
    assert followed is not None and followed.updates_chat == CHAT
    assert await follow(db, Chat("atir", "telegram", "66"), start) is None
    assert [one.number for one in await of_chat(db, CHAT)] == [order.number]


@pytest.mark.parametrize(
    ("hour", "expires", "reminded"),
    [
        (12, "18.11 15:00", "18.11 14:30"),
        (17, "19.11 10:00", "19.11 09:30"),  # two hours today, one tomorrow
        (19, "19.11 12:00", "19.11 11:30"),  # in the evening: to noon of the next working day
        (3, "18.11 12:00", "18.11 11:30"),  # before opening: three hours from opening
        (19 + 72, "23.11 12:00", "23.11 11:30"),  # Saturday evening: Sunday is closed
    ],
)
async def test_goods_are_held_for_working_hours(db: Tx, hour: int, expires: str, reminded: str) -> None:
    start = NOON.replace(hour=0) - timedelta(hours=5)  # midnight in Tashkent, 18 November
    order = await order_of(db, SHOP, now=start + timedelta(hours=hour))
    assert order.expires_at is not None and order.remind_at is not None
    assert order.expires_at.astimezone(SHOP.profile.zone).strftime("%d.%m %H:%M") == expires
    assert order.remind_at.astimezone(SHOP.profile.zone).strftime("%d.%m %H:%M") == reminded


async def test_get_knows_only_its_shop(db: Tx) -> None:
    order = await order_of(db, SHOP)
    assert await get(db, "atir", order.number) == order
    assert await get(db, "other", order.number) is None
