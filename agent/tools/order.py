"""Tools about the order: the summary, the yes, status, payment, a person. Changes are queued as a `Write`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from agent.tools.choice import Data, facts_of
from agent.tools.facts import when_a_person
from agent.turn import Turn, Write
from kit.phone import shown
from orders import cart as carts
from orders import stock
from orders.order import of_chat
from orders.order.model import Item
from orders.order.moves import CLAIMED, DELIVERED, EXCHANGED, LIVE, SHIPPED
from shop import offers


async def missing_slots(turn: Turn) -> Data:
    """What is still to be asked before the summary, in order; and the choice that lacks its size or colour."""
    shelves = await stock.shelves(turn.db, turn.shop.id, {line.sku for line in turn.cart.lines})
    buyer = turn.contact.buyer
    data: Data = {
        "missing": carts.missing(turn.cart, turn.shop, shelves),
        "has_address": bool(turn.cart.address),
        "method": carts.way(turn.cart, turn.shop.profile)[1],
        "posts": list(turn.shop.profile.delivery.posts),
        "saved": {"phone": shown(buyer["phone"]), "address": buyer.get("address", "")} if buyer.get("phone") else {},
    }
    pick = carts.asked_of(turn.cart, turn.shop)
    if pick is not None:
        shelves = await stock.shelves(turn.db, turn.shop.id, [pick.sku])
        data |= facts_of(turn, turn.shop.products[pick.sku], pick.size, pick.color, shelves) | {"qty": pick.qty}
        data["qty_price"] = turn.shop.products[pick.sku].qty_price
    return data


async def show_summary(turn: Turn) -> Data:
    """Show the shopper what the order will be and ask for the yes. Only when nothing is missing."""
    shelves = await stock.shelves(turn.db, turn.shop.id, {line.sku for line in turn.cart.lines})
    wanted = carts.missing(turn.cart, turn.shop, shelves)
    if wanted:
        return {"status": "missing", "missing": wanted}
    turn.cart.shown = turn.cart.summary_key(turn.shop)
    turn.summary = carts.summary(turn.cart, turn.shop, turn.language)
    return {"status": "shown"}


async def place_order(turn: Turn) -> Data:
    """Write the order, after the shopper clearly said yes to the summary. The card to pay to is shown by itself."""
    if not turn.cart.shown or turn.cart.shown != turn.cart.summary_key(turn.shop):
        return await show_summary(turn)
    turn.writes.append(Write("change" if turn.cart.number else "place"))
    return {"status": "placed"}


async def ask_stock(turn: Turn) -> Data:
    """Ask staff whether the uncounted goods of the cart are there; the shopper hears that it is being checked."""
    shelves = await stock.shelves(turn.db, turn.shop.id, {line.sku for line in turn.cart.lines})
    for line in carts.to_check(turn.cart, shelves):
        turn.writes.append(Write("ask_stock", {"sku": line.sku, "variant": line.variant, "qty": line.qty}))
    return {"status": "asked"}


async def change_order(turn: Turn) -> Data:
    """Open the shopper's placed order for a change: its goods go into the cart, a new summary and yes follow."""
    if turn.order is None:
        return {"status": "none"}
    if turn.cart.number is None and turn.cart.empty:
        turn.cart = turn.order.cart()
    return {"status": "opened", "number": turn.order.number}


async def last_order(turn: Turn) -> Data:
    """What the shopper bought last, to buy it once more: put each line into the cart with add_to_cart."""
    orders = await of_chat(turn.db, turn.chat, [*LIVE, DELIVERED], most=1)
    lines = _lines_of(turn, orders[0].items if orders else ())
    return {"status": "found" if lines else "none", "lines": lines}


def _lines_of(turn: Turn, items: Sequence[Item]) -> list[dict[str, Any]]:
    """The goods of an order that are still sold."""
    products = turn.shop.products
    kept = [(one, *products[one.sku].split(one.variant)) for one in items if one.sku in products]
    return [{"sku": one.sku, "size": size, "color": color, "quantity": one.qty} for one, size, color in kept]


async def cancel_order(turn: Turn) -> Data:
    """Cancel the shopper's placed order, after they clearly asked for it."""
    if turn.order is None:
        return {"status": "none"}
    turn.writes.append(Write("cancel", {"number": turn.order.number}))
    return {"status": "cancelled", "number": turn.order.number}


async def order_status(turn: Turn) -> Data:
    """Where the shopper's newest order is. Code says it; do not repeat it. `days`: how long it takes to its address.

    `lines`: what is in it.
    """
    if turn.order is None:
        return {"status": "none"}
    turn.writes.append(Write("told", {"number": turn.order.number}))
    order = turn.order
    to = turn.shop.profile.region(str(order.delivery.get("region") or "")) if order.status in LIVE else None
    sums = {"goods": order.total, "currency": order.currency, "lines": _lines_of(turn, order.items)}
    days = to.days if to and not order.pickup else ""
    return {"status": "told", "number": order.number, "order": order.status, "days": days, **sums}


async def show_card(turn: Turn) -> Data:
    """Show again which card to transfer to, for an order that waits for its money.

    status: shown; nothing (there is nothing to transfer now; code says how the order stands); none (no order).
    """
    if turn.order is None:
        return {"status": "none"}
    if not turn.order.owed or turn.order.status == CLAIMED:
        turn.writes.append(Write("told", {"number": turn.order.number}))
        return {"status": "nothing"}
    turn.writes.append(Write("card", {"number": turn.order.number}))
    return {"status": "shown"}


async def claim_payment(turn: Turn) -> Data:
    """The shopper says the money was sent, without a picture: staff are asked to look."""
    turn.writes.append(Write("money_claim", {"number": turn.order.number if turn.order else None}))
    return {"status": "asked"}


async def hand_over(turn: Turn, why: str = "other") -> Data:
    """Give the conversation to a person of the shop: the shopper asked for one, complains, or is not understood."""
    known = ("asked", "complaint", "not_understood", "wholesale", "exchange")
    turn.handing_over = why if why in known else "other"
    return {"status": "handed_over", **when_a_person(turn)}


async def ask_exchange(turn: Turn, sku: str = "", size: str = "", color: str = "") -> Data:
    """Something delivered does not fit and is to be exchanged, for `size` or `color` where named. Staff decide.

    status: asked; late (the days for it are over); none (nothing of it was delivered). `there`: what was named is.
    """
    bought = await of_chat(turn.db, turn.chat, (SHIPPED, DELIVERED, EXCHANGED), most=5)
    order = next((one for one in bought if not sku or any(item.sku == sku for item in one.items)), None)
    if order is None:
        return {"status": "none"}
    if turn.now - order.changed_at > timedelta(days=turn.shop.profile.returns.days + 1):
        return {"status": "late", "number": order.number}
    turn.handing_over = "exchange"
    data: Data = {"status": "asked", "number": order.number, **when_a_person(turn)}
    product = turn.shop.products.get(sku or (order.items[0].sku if len(order.items) == 1 else ""))
    if product is not None and (size or color):
        shelves = await stock.shelves(turn.db, turn.shop.id, [product.sku])
        return data | {"there": facts_of(turn, product, size, color, shelves)}
    return data


async def ask_discount(turn: Turn, sku: str = "", amount: int = 0) -> Data:
    """Ask for a lower price: the shop's rule grants it or staff are asked. amount: the sum the shopper named for one.

    status: granted (`price` is theirs now), asked (staff will answer), fixed (prices are not bargained about).
    """
    profile = turn.shop.profile
    if not profile.prices.bargaining:
        return {"status": "fixed", "text": profile.prices.text.text(turn.language)}
    product = turn.shop.products.get(sku)
    price = product.price if product else 0
    asked = amount if 0 < amount < price or not product else 0  # no press may grant what is no lower price
    if product and product.min_price is not None and product.min_price <= asked:
        turn.writes.append(Write("grant", {"sku": sku, "price": asked, "was": price}))
        turn.shop = offers.laid(turn.shop, {sku: asked})
        title, currency = product.title(turn.language), product.currency
        return {"status": "granted", "title": title, "price": asked, "currency": currency}
    turn.writes.append(Write("haggle", {"sku": sku if product else "", "asked": asked, "price": price}))
    return {"status": "asked"}
