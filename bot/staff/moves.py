"""What staff do with an order: the verb, the shopper told, every card of that order brought up to date."""

from __future__ import annotations

from typing import Any

from bot.staff import cards
from bot.staff.cards import Pen
from bot.staff.desk import Desk, rows
from kit import clock, outbox
from kit.errors import Refused
from kit.message import Button, Chat, Reply
from orders import order as verbs
from orders import told
from orders.order import Order
from shop import staff as members

_VERBS = {
    "seen": verbs.confirm,
    "full": verbs.accept_as_full,
    "reject": verbs.reject,
    "pack": verbs.pack,
    "deliver": verbs.deliver,
    "cancel": verbs.cancel,
    "refund": verbs.refund,
}


async def show(desk: Desk, order: Order) -> None:
    """The order's card, to look at and to reply to."""
    card = await cards.order_card(desk.tx, Pen(desk.shop, desk.who.language), order)
    await desk.send(card, about=f"order:{order.number}", shopper=order.key)


async def run(desk: Desk, verb: str, number: int) -> None:
    """One verb of `orders.order` on an order; Refused comes out as it is."""
    order = await _VERBS[verb](desk.tx, desk.shop_id, number, actor=desk.actor, now=clock.now())
    await say(desk, order, event=verb)


async def say(desk: Desk, order: Order, *, event: str = "") -> None:
    """Tells the shopper, renews the cards, and gives the person who acted a short note."""
    words = told.told
    if event == "reject":
        words = told.not_seen
    elif event in ("seen", "full") and order.owed:
        words = told.part_paid
    elif event == "full" and order.forgiven:
        words = told.forgiven
    await told.tell(desk.tx, desk.shop, order, reply=words, event=event)
    await renew(desk, order)
    await desk.toast(_result(desk, order, event))


def _result(desk: Desk, order: Order, event: str) -> str:
    """The order's number and what came of the press."""
    facts: dict[str, Any] = {
        "number": order.number,
        "status": cards.status(Pen(desk.shop, desk.who.language), order),
        "paid": desk.money(order.paid, order.currency),
        "owed": desk.money(order.owed, order.currency),
        "forgiven": desk.money(order.forgiven, order.currency),
    }
    key = "moved"
    if event in ("seen", "full"):
        key = "moved_part" if order.owed else "moved_full" if order.forgiven else "moved_seen"
    return desk.say({"reject": "moved_reject"}.get(event, key), **facts)


async def ship(desk: Desk, number: int, track: str, *, ask: bool = True) -> None:
    """Sends the parcel off. Without a track number or a photo the person is asked once, `ask` permitting."""
    photo = next((media for media in desk.incoming.media if media.kind in ("photo", "file")), None)
    if not track and photo is None and ask:
        made = rows(Button(desk.say("without_track"), "s:set:-"))
        await desk.ask({"flow": "ship", "number": number}, desk.say("ask_track", number=number), made)
        return
    order = await verbs.ship(desk.tx, desk.shop_id, number, actor=desk.actor, now=clock.now(), track=track)
    await desk.done_asking()
    await say(desk, order, event="ship")
    if photo is not None:
        await desk.tell(order.updates_chat, Reply(photos=(desk.files[photo.ref],)))


async def renew(desk: Desk, order: Order) -> None:
    """Edits every card of this order that staff have before them, so that no old button stays."""
    about = f"order:{order.number}"
    found = await desk.tx.fetch(
        """SELECT DISTINCT ON (key) key, provider_id FROM outbox
           WHERE shop_id = $1 AND about = $2 AND shopper <> '' AND provider_id IS NOT NULL AND key <> $3
           ORDER BY key, id DESC""",
        desk.shop_id,
        about,
        order.key,
    )
    for row in found:
        chat = Chat.of(desk.shop_id, row["key"])
        reader = await members.member(desk.tx, desk.shop_id, chat.channel, chat.id)
        pen = Pen(desk.shop, reader.language if reader else desk.who.language)
        card = await cards.order_card(desk.tx, pen, order)
        edit = Reply(text=card.text, buttons=card.buttons, edit=row["provider_id"])
        idem = f"renew:{desk.incoming.event_id}:{row['key']}"
        await outbox.put(desk.tx, chat, edit, idem=idem, by_human=True)


async def cancel_first(desk: Desk, number: int) -> None:
    """A pressed cancel asks once more: a thumb slips easily."""
    order = await verbs.get(desk.tx, desk.shop_id, number)
    if order is None:
        raise Refused("staff.no_such_order", number=number)
    made = rows(Button(desk.say("button_cancel"), f"s:cancel2:{number}", style="danger"))
    await desk.answer(desk.say("sure_cancel", number=number), made)
