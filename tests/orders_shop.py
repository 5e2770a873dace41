"""A small shop for tests of carts, orders and receipts, made of values; no file is read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from kit.db import Pool, Tx
from kit.message import Chat
from orders.cart import Cart
from orders.order import Order, place
from shop.catalogue import Product
from shop.profile import lay_over, parse
from shop.search import Search
from shop.shops import Shop
from vision.receipt import Reading

NOON = datetime(2026, 11, 18, 7, 0, tzinfo=UTC)  # Wednesday 12:00 in Tashkent
STAFF = "staff:telegram:7"
CHAT = Chat("atir", "telegram", "55")
GOOD = Reading(
    is_receipt=True,
    amount=150000,
    currency="UZS",
    date="2026-11-18",
    time="12:20",
    last4="1234",
    transaction_id="T-99001",
    status="success",
)

PROFILE: dict[str, Any] = {
    "shop": {"id": "atir", "name": "Atir", "currency": "UZS"},
    "contacts": {"phone": "+998 71 000 33 44", "address": {"uz": "Toshkent, Oybek 5"}},
    "hours": {"mon_sat": "09:00-19:00", "sun": "closed"},
    "delivery": {
        "paid": "on_arrival",
        "pickup": True,
        "regions": [
            {"key": "city", "name": {"uz": "Toshkent shahri"}, "price": 20000},
            {"key": "provinces", "name": {"uz": "Viloyatlar"}, "price": 40000},
        ],
    },
    "payment": {"card_last4": "1234", "card_holder": "NODIRA SALIMOVA"},
}
PRODUCTS = (
    Product("GUL", "Gulli choynak", 150000, "UZS", title_ru="Чайник с цветами"),
    Product("PIY", "Piyola", 65000, "UZS", colors=("oq", "ko'k"), qty_price=((3, 58000),)),
    Product("CHO", "Choyxona ko'ylagi", 90000, "UZS", sizes=("S", "M"), colors=("oq", "qora")),
    Product("BIR", "Sochiq", 30000, "UZS", sizes=("70x140",), colors=("oq",)),
)
# (sku, variant, mode, available); CHO is one pool for all its variants
STOCK = (
    ("GUL", "", "counted", 10),
    ("PIY", "oq", "counted", 5),
    ("PIY", "ko'k", "counted", 5),
    ("CHO", "*", "counted", 4),
    ("BIR", "70x140/oq", "in", 0),
)


def make_shop(products: tuple[Product, ...] = PRODUCTS, **over: Any) -> Shop:
    """The shop; `over` is laid over its profile."""
    profile = parse(lay_over(PROFILE, over), "test")
    return Shop("atir", profile, {one.sku: one for one in products}, Search(products), 1, ("1234",))


class OneShop:
    """Stands for `shop.shops.Shops` with a single shop."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def ids(self) -> list[str]:
        """Its id."""
        return [self.shop.id]

    async def get(self, shop_id: str) -> Shop:
        """The shop."""
        assert shop_id == self.shop.id
        return self.shop


async def fill_shop(tx: Tx | Pool, products: tuple[Product, ...] = PRODUCTS, stock: tuple[Any, ...] = STOCK) -> None:
    """Its rows."""
    for one in products:
        await tx.execute(
            """INSERT INTO products (shop_id, sku, title_uz, price, currency, sizes, colors, qty_price)
               VALUES ('atir', $1, $2, $3, $4, $5, $6, $7)""",
            one.sku,
            one.title_uz,
            one.price,
            one.currency,
            list(one.sizes),
            list(one.colors),
            {str(least): price for least, price in one.qty_price},
        )
    for row in stock:
        await tx.execute(
            "INSERT INTO stock (shop_id, sku, variant, mode, available) VALUES ('atir', $1, $2, $3, $4)", *row
        )


def ready_cart(shop: Shop, *goods: tuple[str, str, int], **over: Any) -> Cart:
    """A cart with everything an order in the city needs, its summary shown."""
    cart = Cart(phone="+998901112233", address="Yunusobod 4-kvartal, 15-uy", region="city")
    for sku, variant, qty in goods or (("GUL", "", 1),):
        cart.put(sku, variant, qty)
    for name, value in over.items():
        setattr(cart, name, value)
    cart.shown = cart.summary_key(shop)
    return cart


async def order_of(
    tx: Tx, shop: Shop, *goods: tuple[str, str, int], chat: Chat = CHAT, now: datetime = NOON, **over: Any
) -> Order:
    """A placed order of these goods."""
    return await place(tx, shop, chat, ready_cart(shop, *goods, **over), actor="agent", now=now)


async def left(tx: Tx | Pool, sku: str, variant: str) -> int:
    """Pieces on the shelf."""
    return int(
        await tx.fetchval(
            "SELECT available FROM stock WHERE shop_id = 'atir' AND sku = $1 AND variant = $2", sku, variant
        )
    )


async def notices(tx: Tx | Pool) -> list[dict[str, Any]]:
    """What staff were told, in order."""
    rows = await tx.fetch("SELECT payload FROM outbox WHERE shop_id = 'atir' AND key = 'staff:' ORDER BY id")
    return [row["payload"] for row in rows]


async def said(tx: Tx | Pool, chat: Chat = CHAT) -> list[str]:
    """What the shopper was told, in order."""
    rows = await tx.fetch("SELECT payload FROM outbox WHERE shop_id = 'atir' AND key = $1 ORDER BY id", chat.key)
    return [row["payload"].get("text", "") for row in rows]
