"""The summary a yes is said to: the goods with their sum; the way, its price and who takes it; what to transfer now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.message import Button, Reply
from kit.phone import shown
from kit.words import say, sum_of
from orders.cart.totals import PICKUP, POST, Totals, totals
from orders.cart.value import Cart

if TYPE_CHECKING:
    from orders.order.model import Order
    from shop.shops import Shop

YES, CHANGE = "b:yes:", "b:change"


def summary(cart: Cart, shop: Shop, language: str) -> Reply:
    """The three lines and the question, with buttons. Whoever shows it sets `cart.shown = cart.summary_key(shop)`."""
    *lines, transfer = summary_lines(cart, shop, language)
    ask = say(language, "order.ask_change" if cart.number else "order.ask", number=cart.number)
    buttons = (
        (
            Button(say(language, "order.yes"), YES + cart.summary_key(shop), style="success"),
            Button(say(language, "order.no_change"), CHANGE),
        ),
    )
    return Reply("\n".join([*lines, f"{transfer} {ask}"]), buttons=buttons)


def summary_lines(cart: Cart, shop: Shop, language: str) -> tuple[str, str, str]:
    """Goods; delivery; transfer. Each ends with a full stop, so that the question stays a sentence of its own."""
    sums = totals(cart, shop)
    return _goods(sums, shop, language), _delivery(cart, sums, shop, language), _transfer(cart, sums, language)


def _goods(sums: Totals, shop: Shop, language: str) -> str:
    parts = [f"{shop.products[line.sku].called(line.variant, language)} × {line.qty}" for line in sums.lines]
    return say(language, "order.sum_goods", items="; ".join(parts), sum=sum_of(sums.goods, sums.currency, language))


def _delivery(cart: Cart, sums: Totals, shop: Shop, language: str) -> str:
    if sums.method == PICKUP:
        contacts = shop.profile.contacts
        place = contacts.address.text(language) or contacts.landmark.text(language) or shop.profile.name
        return say(language, "order.sum_pickup", place=place, phone=shown(cart.phone))
    pin = say(language, "order.pin") if cart.location else ""
    who = cart.recipient or cart.name  # the post hands a parcel to a name
    where = ", ".join(part for part in (cart.address, cart.landmark, pin, who, shown(cart.phone)) if part)
    key = "order.sum_free"
    if sums.delivery_price:
        key = "order.sum_post" if sums.method == POST else "order.sum_courier"
        key = key if sums.way_due else "order.sum_now"
    return say(language, key, where=where, price=sum_of(sums.delivery_price, sums.currency, language))


def _transfer(cart: Cart, sums: Totals, language: str) -> str:
    """What to transfer now; for an order that is changed after its money came, the difference. What the arrival costs.

    Where nothing but the way is paid on arrival, the line of the way has said it.
    """
    goods_later = sums.due_on_arrival > sums.way_due
    now = sums.to_transfer - cart.came
    if cart.came:
        key = "order.sum_extra" if now > 0 else "order.sum_back" if now < 0 else "order.sum_same"
    else:
        key = "order.sum_none" if not sums.to_transfer else "order.sum_part" if goods_later else "order.sum_full"
    rest = on_arrival(sums, language)
    line = say(
        language,
        key,
        sum=sum_of(abs(now), sums.currency, language),
        came=sum_of(cart.came, sums.currency, language),
        rest=rest,
    )
    return f"{line} {say(language, 'order.sum_rest', rest=rest)}" if cart.came and goods_later else line


def on_arrival(sums: Totals | Order, language: str) -> str:
    """All that is paid on arrival, and how much of it is the way: `346 300 soʻm (25 000 soʻm of it is delivery)`."""
    due, way = sums.due_on_arrival, sums.way_due
    key = "order.due_plain" if not way else "order.due_way" if due == way else "order.due_with_way"
    return say(language, key, sum=sum_of(due, sums.currency, language), way=sum_of(way, sums.currency, language))
