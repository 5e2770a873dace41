"""What staff do with an order: the verb, the shopper told, every card of that order brought up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.staff import cards, money_cards, notices
from bot.staff.cards import Pen
from bot.staff.desk import Desk, rows
from kit import clock, outbox, words
from kit.errors import Refused
from kit.message import Button, Chat, Notice, Reply, load_notice
from kit.outbox import STAFF_KEY
from orders import bank, refund_card, told
from orders import order as verbs
from orders import receipt as receipts
from orders.cart import COURIER
from orders.order import Order
from shop import staff as members

if TYPE_CHECKING:
    from kit.db import Tx
    from shop.shops import Shop

_CARDS_KEPT = 4  # cards of one order in one chat that are brought up to date: older ones have scrolled away
_CARDS = """SELECT key, provider_id, about FROM (
        SELECT key, provider_id, about, row_number() OVER (PARTITION BY key ORDER BY max(id) DESC) AS place FROM outbox
        WHERE shop_id = $1 AND shopper = ANY($2::text[]) AND about = ANY($3::text[]) AND provider_id IS NOT NULL
        GROUP BY key, provider_id, about
    ) AS cards WHERE place <= $4 ORDER BY key, place"""

_VERBS = {
    "seen": receipts.order_seen,
    "full": receipts.order_accepted,
    "reject": verbs.reject,
    "pack": verbs.pack,
    "deliver": verbs.deliver,
    "cancel": verbs.cancel,
    "refund": verbs.refund,
}

_COUNTING = ("seen", "full")  # the bank's message of that money, if there is one, is spoken for


async def found(desk: Desk, number: int) -> Order:
    """The order of that number. Raises Refused when there is none."""
    order = await verbs.get(desk.tx, desk.shop_id, number)
    if order is None:
        raise Refused("staff.no_such_order", number=number)
    return order


async def show(desk: Desk, order: Order) -> None:
    """The order's card, to look at and to reply to."""
    card = await cards.order_card(desk.tx, Pen(desk.shop, desk.who.language), order)
    await desk.send(card, about=f"order:{order.number}", shopper=order.key)


async def run(desk: Desk, verb: str, number: int) -> None:
    """One verb of `orders.order` on an order; Refused comes out as it is."""
    now = clock.now()
    known = await verbs.get(desk.tx, desk.shop_id, number) if verb in _COUNTING else None
    credit = await bank.for_order(desk.tx, desk.shop, known, now) if known else None
    unclear = await receipts.unclear(desk.tx, desk.shop_id, number) if known and not credit else None
    if known and unclear:
        pen = Pen(desk.shop, desk.who.language)
        made = money_cards.which_sum(pen, known, unclear)
        await desk.answer(pen.say("receipt_choose"), rows(*made))
        return
    counts = verbs.confirm if credit and verb == "seen" else _VERBS[verb]  # the bank told of the whole sum
    order = await counts(desk.tx, desk.shop_id, number, actor=desk.actor, now=now)
    await bank.note(desk.tx, desk.shop_id, credit, number, actor=desk.actor, now=now)
    await say(desk, order, event=verb)


async def say(desk: Desk, order: Order, *, event: str = "") -> None:
    """Tells the shopper, renews the cards, and gives the person who acted a short note."""
    reply: told.Words = told.told
    if event == "reject":
        reply = told.not_seen
    elif event in ("seen", "full") and order.owed:
        reply = told.part_paid
    elif event == "full" and order.forgiven:
        reply = told.forgiven
    await told.tell(desk.tx, desk.shop, order, reply=reply, event=event)
    await desk.toast(_result(desk, order, event))  # before the cards: a platform's pace must not hold it back
    await renew(desk, order)


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
    """Sends the parcel off. For the post, without a track number or a photo, the person is asked, `ask` permitting.

    A courier gives no track number: one press is enough. A number that comes later is passed on all the same.
    """
    photo = next((media for media in desk.incoming.media if media.kind in ("photo", "file")), None)
    if not track and photo is None and ask and not await _by_courier(desk, number):
        made = rows(Button(desk.say("without_track"), f"s:set:ship{number}:-"))
        await desk.ask({"flow": "ship", "number": number}, desk.say("ask_track", number=number), made)
        return
    order = await verbs.ship(desk.tx, desk.shop_id, number, actor=desk.actor, now=clock.now(), track=track)
    await desk.done_asking()
    await say(desk, order, event="ship")
    if photo is not None:
        await desk.tell(order.updates_chat, Reply(photos=(desk.files[photo.ref],)))


async def _by_courier(desk: Desk, number: int) -> bool:
    order = await verbs.get(desk.tx, desk.shop_id, number)
    return order is not None and order.delivery.get("method") == COURIER


async def ask_card(desk: Desk, number: int) -> None:
    """Asks the shopper for the card that money is to go back to; only the person who pressed may look at it."""
    order = await found(desk, number)
    await refund_card.ask(desk.tx, order, actor=desk.actor)
    await told.tell(desk.tx, desk.shop, order, reply=told.refund_card, event=f"refund_card:{desk.incoming.event_id}")
    await desk.toast(desk.say("card_asked", number=number))


async def show_card(desk: Desk, number: int) -> None:
    """The shopper's card, to who asked for it, this once; in their own chat, also when a group's card was pressed."""
    token = await refund_card.reveal(desk.tx, desk.shop_id, number, actor=desk.actor)
    copy = Button(words.say(desk.who.language, "order.card_copy"), copy=token)
    own = Chat(desk.shop_id, desk.who.channel, desk.who.chat_id)
    await desk.tell(own, Reply(desk.say("refund_card_is", number=number, card=token), buttons=((copy,),)))


async def renew(desk: Desk, order: Order) -> None:
    """Edits the cards of this order and of its receipts that staff have before them, so that no old button stays."""
    incoming = desk.incoming
    await renew_all(desk.tx, desk.shop, order, incoming.event_id, desk.who.language, first=incoming.message_id)


async def renew_all(tx: Tx, shop: Shop, order: Order, event: str, language: str, *, first: str = "") -> None:
    """The same whoever moved the order. `event` tells apart what renewed them; `language` is of a reader unknown to us.

    `first`: the card that goes before the others: a platform's pace must not hold back what was pressed.
    """
    taken = {f"receipt:{row['id']}": row["key"] for row in await receipts.of_order(tx, shop.id, order.number)}
    about = f"order:{order.number}"
    shoppers = list({order.key, *taken.values()})
    notes = await _notices(tx, shop.id, shoppers, list(taken))
    before_them = await tx.fetch(_CARDS, shop.id, shoppers, [about, *notes], _CARDS_KEPT)
    for row in sorted(before_them, key=lambda row: row["provider_id"] != first):
        chat = Chat.of(shop.id, row["key"])
        reader = await members.member(tx, shop.id, chat.channel, chat.id)
        pen = Pen(shop, reader.language if reader else language)
        if row["about"] == about:
            card = await cards.order_card(tx, pen, order)
        else:
            card = await notices.render(tx, pen, notes[row["about"]])
        edit = Reply(text=card.text, buttons=card.buttons, edit=row["provider_id"])
        await outbox.put(tx, chat, edit, idem=f"renew:{event}:{row['key']}:{row['provider_id']}", by_human=True)


async def _notices(tx: Tx, shop_id: str, shoppers: list[str], abouts: list[str]) -> dict[str, Notice]:
    """What the cards of these receipts were made of."""
    rows_ = await tx.fetch(
        """SELECT about, payload FROM outbox
           WHERE shop_id = $1 AND shopper = ANY($2::text[]) AND key = $3 AND about = ANY($4::text[]) ORDER BY id""",
        shop_id,
        shoppers,
        STAFF_KEY,
        abouts,
    )
    return {row["about"]: load_notice(row["payload"]) for row in rows_}


async def cancel_first(desk: Desk, number: int) -> None:
    """A pressed cancel asks once more: a thumb slips easily."""
    await found(desk, number)
    made = rows(Button(desk.say("button_cancel"), f"s:cancel2:{number}", style="danger"))
    await desk.answer(desk.say("sure_cancel", number=number), made)
