"""What staff read of an order and of a shopper, in each reader's language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.staff.desk import Rows, rows
from kit import clock, words
from kit.message import Button, Chat, Reply
from orders import bank, fiscal
from orders.cart.summary import on_arrival
from shop import contacts

if TYPE_CHECKING:
    from kit.db import Reader
    from orders.bank import Credit
    from orders.order import Order
    from shop.shops import Shop

# which buttons an order card has in which status; the verbs check again at press time
_BUTTONS = {
    "awaiting_payment": ("seen", "cancel"),
    "claimed": ("seen", "reject", "cancel"),
    "payment_problem": ("seen", "full", "reject", "cancel"),
    "paid": ("pack", "ship", "cancel"),
    "confirmed": ("pack", "ship", "cancel"),
    "packed": ("ship", "cancel"),
    "shipped": ("deliver",),
    "expired": ("seen",),
}
# nothing is taken from the shopper any more
_ENDED = ("delivered", "return_asked", "exchanged", "returned", "cancelled", "expired", "refunded")
_STYLE = {
    **dict.fromkeys(("seen", "full", "there", "rseen", "rfull"), "success"),
    **dict.fromkeys(("reject", "cancel", "none", "rreject"), "danger"),
}


@dataclass(frozen=True)
class Pen:
    """Writes cards of one shop in one language."""

    shop: Shop
    language: str

    def say(self, key: str, n: int | None = None, **facts: object) -> str:
        """A sentence of the staff catalogue."""
        return words.say(self.language, f"staff.{key}", n, **facts)

    def bank(self, key: str, n: int | None = None, **facts: object) -> str:
        """A sentence of the catalogue about the bank's messages."""
        return words.say(self.language, f"bank.{key}", n, **facts)

    def channel(self, name: str) -> str:
        """A platform as staff call it."""
        return self.say(f"channel_{name}") if words.has(self.language, f"staff.channel_{name}") else name

    def money(self, amount: int, currency: str = "") -> str:
        """A sum in words."""
        return words.sum_of(amount, currency or self.shop.currency, self.language)

    def button(self, verb: str, *args: object) -> Button:
        """A button whose token names the verb and what it is about."""
        token = ":".join(("s", verb, *(str(arg) for arg in args)))
        return Button(self.say(f"button_{verb}"), token, style=_STYLE.get(verb, ""))

    def title(self, sku: str, variant: str = "", otherwise: str = "") -> str:
        """A product and its variant as staff call it."""
        product = self.shop.products.get(sku)
        if product is not None:
            return product.called(variant, self.language)
        return f"{otherwise or sku} ({variant})" if variant else otherwise or sku


def status(pen: Pen, order: Order) -> str:
    """The order's status in words."""
    return pen.say(f"status_{order.status}")


def order_text(pen: Pen, order: Order, who: str) -> str:
    """Everything staff need to act on an order; the order in which they need it."""
    lines = [pen.say("card_head", number=order.number, status=status(pen, order)), *goods(pen, order)]
    lines += _sums(pen, order)
    lines += [part for part in (" ".join((order.phone, order.phone2)).strip(), *_place(pen, order)) if part]
    return "\n".join([*lines, who])


def goods(pen: Pen, order: Order) -> list[str]:
    """What was ordered, a line each."""
    return [
        pen.say(
            "card_line",
            title=pen.title(item.sku, item.variant, item.title),
            qty=item.qty,
            sum=pen.money(item.qty * item.price, order.currency),
        )
        for item in order.items
    ]


def _sums(pen: Pen, order: Order) -> list[str]:
    """The money of an order: goods and way together are what is transferred (or forgiven) and what arrival costs."""
    lines = [pen.say("card_total", sum=pen.money(order.total, order.currency))]
    method = str(order.delivery.get("method") or "")
    region = pen.shop.profile.region(str(order.delivery.get("region") or ""))
    if method:
        where = f", {region.name.text(pen.language)}" if region else ""
        lines.append(pen.say(f"card_{method}", region=where, sum=pen.money(order.delivery_price, order.currency)))
    named = (("card_prepay", order.to_transfer), ("card_forgiven", order.forgiven), ("card_paid", order.paid))
    lines += [pen.say(key, sum=pen.money(amount, order.currency)) for key, amount in named if amount]
    if order.due_on_arrival and order.status not in _ENDED:
        lines.append(pen.say("card_due", sum=on_arrival(order, pen.language)))
    return lines


def _place(pen: Pen, order: Order) -> list[str]:
    """Where it goes: address, landmark, pin as a link that opens in any map."""
    lines = [", ".join(part for part in (order.address, order.landmark) if part)]
    if order.location:
        lines.append("https://maps.google.com/?q={:.6f},{:.6f}".format(*order.location))
    if order.recipient and order.recipient != order.name:
        lines.append(pen.say("card_recipient", name=order.recipient))
    if order.track:
        lines.append(pen.say("card_track", track=order.track))
    return lines


def order_buttons(pen: Pen, order: Order) -> Rows:
    """What can be done with the order now."""
    made = [pen.button(verb, order.number) for verb in _BUTTONS.get(order.status, ())]
    if order.holds_stock and order.status in ("awaiting_payment", "claimed", "payment_problem", "paid", "confirmed"):
        made.append(pen.button("out", order.number))
    return rows(*made)


async def order_card(reader: Reader, pen: Pen, order: Order) -> Reply:
    """The order's card."""
    shopper = await who(reader, pen, order.chat, order)
    text = order_text(pen, order, shopper)
    if issued := await fiscal.of_order(reader, order.shop_id, order.number):
        text = "\n".join((text, pen.say("fiscal_of", reference=issued[-1])))
    buttons = order_buttons(pen, order)
    if credit := await bank.for_order(reader, pen.shop, order, clock.now()):
        text = "\n".join((text, pen.bank("card_line", line=credit_line(pen, credit))))
        seen = replace(pen.button("seen"), token=f"s:credit:{credit.id}:{order.number}")
        buttons = tuple(tuple(seen if one.token == f"s:seen:{order.number}" else one for one in row) for row in buttons)
    return Reply(text=text, buttons=buttons)


def credit_line(pen: Pen, credit: Credit) -> str:
    """A credit as people look it up in the bank's app: sum, when, card, who from."""
    exact = credit.until - credit.since <= timedelta(minutes=1)
    when = credit.since.astimezone(pen.shop.profile.zone).strftime("%d.%m %H:%M" if exact else "%d.%m")
    parts = [pen.money(credit.amount, credit.currency), when]
    parts += [f"•{credit.last4}"] if credit.last4 else []
    payer = " ".join(part for part in (credit.sender, f"•{credit.sender4}" if credit.sender4 else "") if part)
    parts += [f"← {payer}"] if payer else []
    return " · ".join(parts)


async def who(reader: Reader, pen: Pen, chat: Chat, order: Order | None = None) -> str:
    """The shopper and the platform, as on every card."""
    name = await name_of(reader, pen, chat, order)
    return pen.say("card_from", channel=pen.channel(chat.channel), name=name)


async def name_of(reader: Reader, pen: Pen, chat: Chat, order: Order | None = None) -> str:
    """What to call the shopper: as the order does, else as the platform does, else as an order before did."""
    person = await contacts.get(reader, chat)
    username = f"@{person.username}" if person.username else ""
    bought = str(person.buyer.get("name") or person.buyer.get("recipient") or "")
    named = (order.name or order.recipient) if order else ""
    return named or person.name or username or bought or pen.say("no_name")
