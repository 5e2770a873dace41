"""What the shopper hears of an order: the same words as an event and as an answer to "where is it?"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kit import outbox
from kit.db import Tx
from kit.errors import Refused
from kit.message import Button, Reply
from kit.money import show
from kit.words import has, say, sum_of
from orders import links
from orders.cart.summary import on_arrival
from orders.order.model import Order
from orders.order.moves import AWAITING, CLAIMED, CONFIRMED, PAID, SHIPPED
from shop import contacts

if TYPE_CHECKING:
    from orders.order.change import Change
    from shop.profile.model import Profile
    from shop.shops import Shop

Words = Callable[["Shop", Order, str], Reply]


def told(shop: Shop, order: Order, language: str, *, lacks: int | None = None) -> Reply:
    """What its status means for the shopper, at most three lines.

    `lacks`: what the receipt that is looked into falls short by, which is then all that is still to be transferred.
    """
    key = f"order.told_{order.status}"
    if order.status == SHIPPED and order.track:
        key += "_track"
    elif order.status in (PAID, CONFIRMED) and order.pickup:
        key += "_pickup"
    lines = [say(language, key, **_facts(shop, order, language))]
    if order.owed and order.status not in (AWAITING, CLAIMED, "expired", "cancelled", "refunded"):
        owed = show(order.owed if lacks is None else lacks, order.currency, language)
        lines.append(say(language, "order.still_owed", owed=owed))
    return Reply("\n".join(lines))


def placed(shop: Shop, order: Order, language: str, *, updates_url: str = "") -> Reply:
    """Said once, right after the yes: the number, and until when the goods are kept. The card is `orders.card.message`.

    `updates_url`: the shop's Telegram bot, where the channel of the order may fall silent after a day.
    """
    key = "order.placed" if order.status == AWAITING else "order.placed_confirmed"
    buttons: tuple[tuple[Button, ...], ...] = ()
    if updates_url and order.updates_token:
        label = say(language, "order.updates")
        buttons = ((Button(label, url=f"{updates_url}?start=o_{order.updates_token}"),),)
    return Reply(say(language, key, **_facts(shop, order, language)), buttons=buttons)


def changed(shop: Shop, done: Change, language: str) -> Reply:
    """Said after a placed order was changed: the new sum, and what is added or comes back."""
    facts = _facts(shop, done.order, language)
    lines = [say(language, "order.changed", **facts)]
    if done.extra:
        lines.append(say(language, "order.changed_extra", sum=sum_of(done.extra, done.order.currency, language)))
    elif done.refund:
        lines.append(say(language, "order.changed_refund", sum=sum_of(done.refund, done.order.currency, language)))
    elif done.order.status == AWAITING:
        lines.append(say(language, "order.changed_transfer", **facts))
    return Reply("\n".join(lines))


def part_paid(shop: Shop, order: Order, language: str) -> Reply:
    """Said when staff saw a part of the money."""
    return Reply(say(language, "order.part_paid", **_facts(shop, order, language)))


def forgiven(shop: Shop, order: Order, language: str) -> Reply:
    """Said when staff took what came for the whole sum: paid, and nobody will ask for the rest."""
    line = say(language, "order.forgiven", **_facts(shop, order, language))
    return Reply("\n".join((told(shop, order, language).text, line)))


def not_seen(shop: Shop, order: Order, language: str) -> Reply:
    """Said when staff looked and did not see the money: no reproach, the next step."""
    return Reply(say(language, "order.not_seen", **_facts(shop, order, language)))


def refund_card(shop: Shop, order: Order, language: str) -> Reply:
    """Asks for the card that money is to go back to, and says what becomes of it."""
    return Reply(say(language, "order.refund_card", **_facts(shop, order, language)))


def reminder(shop: Shop, order: Order, language: str) -> Reply:
    """Said once before the time to pay is over."""
    text = say(language, "order.reminder", **_facts(shop, order, language))
    return Reply(text, buttons=links.buttons(shop, order, language))


async def tell(tx: Tx, shop: Shop, order: Order, *, reply: Words = told, event: str = "") -> None:
    """Queues what the shopper hears of `order`, in the language they write now, where they want to hear it.

    `event` tells apart messages of one moment; the same moment is told once.
    """
    contact = await contacts.get(tx, order.chat)
    words = reply(shop, order, contact.language or order.language)
    about = f"order:{order.number}"
    idem = f"{about}:{event or order.status}:{order.changed_at.timestamp()}"
    await outbox.put(tx, order.updates_chat, words, idem=idem, about=about)


def status_word(status: str, language: str) -> str:
    """A status in one or two words, for lists and cards."""
    return say(language, f"order.status_{status}")


def why(refused: Refused, language: str, currency: str = "") -> str:
    """The sentence of a refusal with its facts in words: statuses named, sums as money where `currency` is given."""
    facts: dict[str, Any] = dict(refused.facts)
    if "status" in facts and has(language, f"order.status_{facts['status']}"):
        facts["status"] = status_word(str(facts["status"]), language)
    if refused.key == "order.money_missing" and currency:
        facts["left"] = sum_of(int(str(facts["left"])), currency, language)
    if refused.key == "order.out_of_stock":
        variant = str(facts.get("variant", ""))
        facts["title"] = f"{facts.get('title', facts.get('sku'))}{f' ({variant})' if variant else ''}"
        key = "order.out_of_stock" if facts.get("left") else "order.sold_out"
        return say(language, key, **facts)
    return say(language, refused.key, **facts)


def moment(profile: Profile, t: datetime) -> str:
    """A time as the shop's people write it: `21.11, 18:30`, in the shop's zone."""
    return t.astimezone(profile.zone).strftime("%d.%m, %H:%M")


def _facts(shop: Shop, order: Order, language: str) -> dict[str, Any]:
    def money(amount: int) -> str:
        return show(amount, order.currency, language)

    contacts_ = shop.profile.contacts
    return {
        "number": order.number,
        "total": money(order.total),
        "sum": money(order.to_transfer),
        "owed": money(order.owed),
        "paid": money(order.paid),
        "due": on_arrival(order, language),
        "forgiven": money(order.forgiven),
        "until": moment(shop.profile, order.expires_at) if order.expires_at else "",
        "track": order.track,
        "place": contacts_.address.text(language) or contacts_.landmark.text(language) or shop.profile.name,
    }
