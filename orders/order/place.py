"""Placing an order: from a confirmed summary to a number, with the goods held, or nothing at all."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from kit import outbox
from kit.db import Tx
from kit.errors import Refused
from kit.message import Chat, Notice
from orders import card, links, stock
from orders.cart.missing import missing
from orders.cart.totals import Totals, totals
from orders.cart.value import Cart, drop
from orders.order import hold
from orders.order.model import Order, get
from orders.order.moves import AWAITING, CONFIRMED
from orders.order.updates import token_for
from shop import audit, contacts, hours, offers

if TYPE_CHECKING:
    from shop.shops import Shop

# taken last: it is the one row all orders of a shop queue up for, and it is held only until the commit
_NUMBER = """INSERT INTO order_numbers (shop_id, last) VALUES ($1, 1)
    ON CONFLICT (shop_id) DO UPDATE SET last = order_numbers.last + 1 RETURNING last"""

_INSERT = """INSERT INTO orders (shop_id, number, status, key, channel, shopper, language, name, phone, phone2,
        recipient, address, landmark, latitude, longitude, delivery, total, currency, to_transfer, due_on_arrival,
        source, updates_token, created_at, changed_at, expires_at, remind_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
        $23, $23, $24, $25)"""

_ITEM = """INSERT INTO order_items (shop_id, number, line, sku, variant, title, qty, price)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"""


async def place(
    tx: Tx,
    shop: Shop,
    chat: Chat,
    cart: Cart,
    *,
    actor: str,
    now: datetime,
    language: str = "uz",
    shopper: str = "",
    name: str = "",
) -> Order:
    """Writes the order the shopper said yes to: number, held goods, time to pay, trail, notice; drops the cart.

    `shopper`: the platform's id of the person (the chat's, if ""); `name`: as the platform shows it.
    Refused: order.incomplete (slot), order.not_shown (the yes was to another summary: show it anew),
    order.price_changed, order.gone, order.out_of_stock (sku, variant, title, left), order.stock_unknown.
    """
    sums = await agreed(tx, shop, chat, cart, language, now)
    await _hold(tx, shop, cart, language)
    number = int(await tx.fetchval(_NUMBER, shop.id))
    person = (chat.key, chat.channel, shopper or chat.id, language, cart.name or cart.recipient or name)
    await _insert(tx, shop, number, person, cart, sums, token_for(chat), now)
    await write_items(tx, shop, number, sums, language)
    await _trail(tx, shop, number, chat, sums, actor, now)
    await offers.use_up(tx, chat, number, {line.sku: line.price for line in sums.lines})
    await contacts.save_buyer(tx, chat, **_buyer(cart))
    await drop(tx, chat)
    order = await get(tx, shop.id, number)
    assert order is not None
    if links.needs_card(shop, order):
        await card.missing(tx, order)
    return order


async def _insert(
    tx: Tx,
    shop: Shop,
    number: int,
    person: tuple[str, ...],
    cart: Cart,
    sums: Totals,
    updates_token: str,
    now: datetime,
) -> None:
    status = AWAITING if sums.to_transfer else CONFIRMED
    await tx.execute(
        _INSERT,
        shop.id,
        number,
        status,
        *person,
        cart.phone,
        cart.phone2,
        cart.recipient,
        cart.address,
        cart.landmark,
        *(cart.location or (None, None)),
        delivery_of(sums),
        sums.goods,
        sums.currency,
        sums.to_transfer,
        sums.due_on_arrival,
        cart.source,
        updates_token,
        now,
        *(hold.until(shop.profile, now) if status == AWAITING else (None, None)),
    )


async def _trail(tx: Tx, shop: Shop, number: int, chat: Chat, sums: Totals, actor: str, now: datetime) -> None:
    about = f"order:{number}"
    await audit.note(tx, shop.id, actor, "order.placed", about, total=sums.goods, to_transfer=sums.to_transfer)
    quiet = not hours.open_at(shop.profile, now)  # cards outside working hours make no sound
    notice = Notice("order", about=about, shopper=chat.key, silent=quiet)
    await outbox.tell_staff(tx, shop.id, notice, idem=f"{about}:placed")


async def agreed(tx: Tx, shop: Shop, chat: Chat, cart: Cart, language: str, now: datetime) -> Totals:
    """The sums of a cart whose summary was shown and still holds; Refused when anything differs from what was shown.

    Prices are read from the database once more, also those granted to this person: `shop` may be a second old.
    """
    wanted = missing(cart, shop)
    if wanted:
        raise Refused("order.incomplete", slot=wanted[0])
    rows = await tx.fetch(
        "SELECT sku, price, qty_price, active FROM products WHERE shop_id = $1 AND sku = ANY($2::text[])",
        shop.id,
        sorted({line.sku for line in cart.lines}),
    )
    current = {row["sku"]: row for row in rows if row["active"]}
    granted = await offers.of_chat(tx, chat, now)
    for line in cart.lines:
        product = shop.products.get(line.sku)
        row = current.get(line.sku)
        if product is None or row is None:
            raise Refused("order.gone", sku=line.sku, title=product.title(language) if product else line.sku)
        breaks = tuple(sorted((int(least), int(price)) for least, price in row["qty_price"].items()))
        if offers.lowered(row["price"], breaks, granted.get(line.sku)) != (product.price, product.qty_price):
            raise Refused("order.price_changed", sku=line.sku, title=product.title(language))
    if cart.shown != cart.summary_key(shop):
        raise Refused("order.not_shown")
    return totals(cart, shop)


async def _hold(tx: Tx, shop: Shop, cart: Cart, language: str) -> None:
    with named(shop, language):
        await stock.take(tx, shop.id, cart.lines, checked=cart.checked)


class named:
    """Gives a refusal of the stock the product's title, which the shelves do not know."""

    def __init__(self, shop: Shop, language: str) -> None:
        self.shop = shop
        self.language = language

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, wrong: BaseException | None, trace: object) -> None:
        if isinstance(wrong, Refused) and "sku" in wrong.facts:
            product = self.shop.products.get(str(wrong.facts["sku"]))
            wrong.facts["title"] = product.title(self.language) if product else wrong.facts["sku"]


def delivery_of(sums: Totals) -> dict[str, object]:
    """The way as the order keeps it."""
    return {
        "method": sums.method,
        "region": sums.region,
        "price": sums.delivery_price,
        "paid_by": sums.delivery_paid,
    }


async def write_items(tx: Tx, shop: Shop, number: int, sums: Totals, language: str) -> None:
    """The lines of an order with their agreed prices."""
    lines = [
        (shop.id, number, place, line.sku, line.variant, shop.products[line.sku].title(language), line.qty, line.price)
        for place, line in enumerate(sums.lines, 1)
    ]
    await tx.executemany(_ITEM, lines)


def _buyer(cart: Cart) -> dict[str, object]:
    said = ("name", "phone", "phone2", "recipient", "address", "landmark", "location", "region")
    return {name: getattr(cart, name) for name in said}
