"""Staff commands: each is one function that gets the desk and the words after the command."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from bot.staff import cards, dead, money_seen, moves, providers, setup, till
from bot.staff.cards import Pen
from bot.staff.desk import LANGUAGES, Desk, rows
from kit import clock
from kit.errors import Refused
from kit.message import Button
from orders import order as verbs
from orders.cart.summary import on_arrival
from orders.cart.totals import POST
from orders.order import Order
from shop import audit
from shop import staff as members
from shop.catalogue import Availability, availability, find_variant, on_sale, set_stock

Command = Callable[[Desk, str], Awaitable[None]]
_OPEN = ("awaiting_payment", "claimed", "payment_problem", "confirmed", "paid", "packed", "shipped")
_TO_SEND = ("confirmed", "paid", "packed")
_MOST = 30  # rows of a list: it stays under a phone's two screens
_BUTTONS = 12  # of those rows: more would hide the list
_PARCELS = 40  # of a day's list: about 80 characters each, so that it is one message of Telegram's 4096


def pen(desk: Desk) -> Pen:
    """The pen of this person's language."""
    return Pen(desk.shop, desk.who.language)


async def help_(desk: Desk, rest: str) -> None:
    """What can be done here."""
    await desk.answer(desk.say("help"))


async def orders(desk: Desk, rest: str) -> None:
    """Open orders, newest first, each a button to its card."""
    await _list(desk, _OPEN, "no_orders")


async def waiting(desk: Desk) -> None:
    """Says how many orders are open to somebody who has just joined: their cards came before there was anybody."""
    count = await verbs.count(desk.tx, desk.shop_id, _OPEN)
    if count:
        await desk.answer(desk.say("orders_wait", count))


async def _list(desk: Desk, statuses: tuple[str, ...], none: str) -> None:
    found = await verbs.latest(desk.tx, desk.shop_id, statuses, most=_MOST)
    if not found:
        await desk.answer(desk.say(none))
        return
    lines = [
        desk.say(
            "order_row",
            number=order.number,
            status=cards.status(pen(desk), order),
            sum=desk.money(order.total, order.currency),
            name=order.name or order.recipient or order.phone,
        )
        for order in found
    ]
    more = await verbs.count(desk.tx, desk.shop_id, statuses) - len(found)
    lines += [desk.say("and_more", count=more)] if more > 0 else []
    made = [Button(f"№{order.number}", f"s:order:{order.number}") for order in found[:_BUTTONS]]
    await desk.answer("\n".join(lines), rows(*made, wide=4))


async def order(desk: Desk, rest: str) -> None:
    """The card of one order."""
    await moves.show(desk, await _found(desk, rest, "/order 12"))


async def _found(desk: Desk, rest: str, usage: str) -> Order:
    """The order whose number begins `rest`. Raises Refused with the usage or the number that does not exist."""
    number = re.match(r"\s*[№#]?\s*(\d{1,9})\b", rest)
    if number is None:
        raise Refused("staff.which_number", usage=usage)
    return await moves.found(desk, int(number[1]))


async def today(desk: Desk, rest: str) -> None:
    """Lists to copy: for the courier name, phone, landmark, map link, sum due; then what goes to the post branch."""
    found = [one for one in await verbs.latest(desk.tx, desk.shop_id, _TO_SEND, most=100) if not one.pickup]
    if not found:
        await desk.answer(desk.say("today_none"))
        return
    by_post = [one for one in reversed(found) if one.delivery.get("method") == POST]
    by_courier = [one for one in reversed(found) if one not in by_post]
    for key, parcels in (("today_head", by_courier), ("today_post", by_post)):
        if parcels:
            await _parcels(desk, key, parcels)


async def _parcels(desk: Desk, head: str, parcels: list[Order]) -> None:
    date = clock.now().astimezone(desk.shop.profile.zone).strftime("%d.%m")
    lines = [desk.say(head, date=date), *(_parcel(desk, one) for one in parcels[:_PARCELS])]
    lines += [desk.say("and_more", count=len(parcels) - _PARCELS)] if len(parcels) > _PARCELS else []
    await desk.answer("\n\n".join(lines))


def _parcel(desk: Desk, one: Order) -> str:
    """What the courier or the post must know of one parcel."""
    to = ", ".join(part for part in (one.recipient or one.name, one.phone, one.phone2) if part)
    place = ", ".join(part for part in (one.address, one.landmark) if part)
    pin = "https://maps.google.com/?q={:.6f},{:.6f}".format(*one.location) if one.location else ""
    due = desk.say("today_due", sum=on_arrival(one, desk.who.language)) if one.due_on_arrival else ""
    return "\n".join(part for part in (f"№{one.number} {to}", place, pin, due or desk.say("today_paid")) if part)


async def ship(desk: Desk, rest: str) -> None:
    """`/ship 12 TRACK`, or with a photo of the waybill."""
    found = await _found(desk, rest, "/ship 12 AB123")
    track = re.sub(r"^\s*[№#]?\s*\d+\s*", "", rest).strip()
    await moves.ship(desk, found.number, track)


async def deliver(desk: Desk, rest: str) -> None:
    """The parcel was handed over."""
    await moves.run(desk, "deliver", (await _found(desk, rest, "/deliver 12")).number)


async def pack(desk: Desk, rest: str) -> None:
    """The parcel is ready."""
    await moves.run(desk, "pack", (await _found(desk, rest, "/pack 12")).number)


async def cancel(desk: Desk, rest: str) -> None:
    """Cancels an order; typed with its number it needs no second question."""
    await moves.run(desk, "cancel", (await _found(desk, rest, "/cancel 12")).number)


async def stock(desk: Desk, rest: str) -> None:
    """`/stock SKU` shows, `/stock SKU 5` or `/stock SKU M/qora 3` sets the pieces on the shelf."""
    found = re.fullmatch(r"\s*(\S+)(?:\s+(.*?))?(?:\s+(\d{1,6}))?\s*", rest)
    if not found:
        raise Refused("staff.stock_usage")
    sku, variant, count = found[1], (found[2] or "").strip(), found[3]
    if variant.isdigit() and count is None:
        variant, count = "", variant
    product = await on_sale(desk.tx, desk.shop_id, sku)  # the shop in memory may be a second old
    if product is None:
        raise Refused("staff.no_such_product", sku=sku)
    if count is not None:
        named = find_variant(product, variant) if variant else None
        if variant and named is None:
            raise Refused("staff.no_such_product", sku=f"{product.sku} {variant}")
        await set_stock(desk.tx, desk.shop_id, product.sku, named, int(count))
        await audit.note(
            desk.tx,
            desk.shop_id,
            desk.actor,
            "stock.set",
            f"product:{product.sku}",
            variant=named or "",
            count=int(count),
        )
        await desk.answer(desk.say("stock_set", title=product.title(desk.who.language)))
    left = await availability(desk.tx, desk.shop_id, product.sku)
    lines = [
        desk.say("stock_line", variant=name or desk.say("stock_all"), left=_left(desk, left, name)) for name in left
    ]
    text = desk.say("stock_of", title=product.title(desk.who.language), sku=product.sku, lines="\n".join(lines))
    await desk.answer(text, rows(pen(desk).button("outp", product.sku)))


def _left(desk: Desk, left: Availability, variant: str) -> str:
    if variant in left.unknown:
        return desk.say("stock_unknown")
    pieces = left[variant]
    return desk.say("stock_in") if pieces is None else str(pieces)


async def card(desk: Desk, rest: str) -> None:
    """The cards that are set; with a number behind it the owner means to change them."""
    await (till.change(desk) if rest.strip() else till.show(desk))


async def begin_setup(desk: Desk, rest: str) -> None:
    """The first-day questions again."""
    if not desk.who.owner:
        raise Refused("staff.owner_only")
    await setup.begin(desk)


async def invite(desk: Desk, rest: str) -> None:
    """A one-time code for a colleague."""
    await desk.answer(desk.say("invited", code=await members.invite(desk.tx, desk.who)))


async def language(desk: Desk, rest: str) -> None:
    """In which language this person reads cards."""
    made = rows(*(Button(label, f"s:lang:{code}") for label, code in LANGUAGES))
    await desk.answer(desk.say("choose_language"), made)


async def give_back(desk: Desk, rest: str) -> None:
    """`/bot` as a reply to a card returns that conversation to the agent."""
    raise Refused("staff.reply_to_a_card")


COMMANDS: dict[str, Command] = {
    "/help": help_,
    "/orders": orders,
    "/order": order,
    "/today": today,
    "/unpaid": money_seen.unpaid,
    "/paid": money_seen.paid,
    "/ship": ship,
    "/pack": pack,
    "/deliver": deliver,
    "/cancel": cancel,
    "/stock": stock,
    "/fiscal": providers.fiscal_receipt,
    "/card": card,
    "/setup": begin_setup,
    "/invite": invite,
    "/lang": language,
    "/bot": give_back,
    "/dead": dead.list_,
    "/retry": dead.retry,
    "/skip": dead.skip,
}
