"""How the shopper is asked for an order's money: the shop's card, buttons to its providers, or both, in one reply."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from kit.db import Reader
from kit.message import Button, Invoice, Reply
from kit.money import to_minor
from kit.words import say, sum_of
from orders import card
from orders.order.model import Order

if TYPE_CHECKING:
    from shop.shops import Shop
    from shop.tills import Tills

CURRENCY = "UZS"  # what Payme and Click take
TELEGRAM = "telegram"  # the channel, and the way of payment inside it
_PAYME = {False: "https://checkout.paycom.uz/", True: "https://test.paycom.uz/"}
_CLICK = "https://my.click.uz/services/pay"


def payme(tills: Tills, order: Order, language: str) -> str:
    """Payme's page with the order and its sum filled in; "" without a kassa or in another currency than so'm."""
    if not tills.payme or order.currency != CURRENCY or not order.owed:
        return ""
    spoken = {"ru": "ru", "en": "en"}.get(language, "uz")
    asked = f"m={tills.payme};ac.{tills.payme_account}={order.number};a={to_minor(order.owed, CURRENCY)};l={spoken}"
    return _PAYME[tills.payme_test] + base64.b64encode(asked.encode()).decode()


def click(tills: Tills, order: Order, language: str) -> str:
    """Click's page with the order and its sum filled in; "" without a service or in another currency than so'm."""
    if not tills.click_service or order.currency != CURRENCY or not order.owed:
        return ""
    asked = {
        "service_id": tills.click_service,
        "merchant_id": tills.click_merchant,
        "amount": f"{order.owed}.00",
        "transaction_param": order.number,
    }
    return f"{_CLICK}?{urlencode(asked)}"


_LINKS = {"payme": payme, "click": click}


def buttons(shop: Shop, order: Order, language: str) -> tuple[tuple[Button, ...], ...]:
    """A row for each provider that can take what `order` owes, in the order of shop.yaml."""
    found = ((way, _LINKS[way](shop.tills, order, language)) for way in shop.tills.ways if way in _LINKS)
    return tuple((Button(say(language, f"pay.button_{way}"), url=url),) for way, url in found if url)


def invoice(shop: Shop, order: Order, language: str) -> Reply | None:
    """A bill for what `order` owes, to be paid in the chat it came from; None where that chat takes none."""
    if not shop.tills.invoices or order.channel != TELEGRAM or not order.owed:
        return None
    sum_ = sum_of(order.owed, order.currency, language)
    title = say(language, "pay.invoice_title", number=order.number)
    bill = Invoice(title, f"order:{order.number}", order.owed, order.currency)
    return Reply(say(language, "pay.invoice", number=order.number, sum=sum_, shop=shop.profile.name), invoice=bill)


def needs_card(shop: Shop, order: Order) -> bool:
    """Whether the shop's card is the way, or the only one left: no provider takes this currency in this chat."""
    return shop.tills.card or not (buttons(shop, order, "uz") or invoice(shop, order, "uz"))


async def ask(reader: Reader, shop: Shop, order: Order, language: str) -> list[Reply]:
    """What to pay and how: the sum still owed, the card (a token) where the shop shows one, a button a provider; then
    the bill of a messenger that takes money itself."""
    made, bill = buttons(shop, order, language), invoice(shop, order, language)
    asked = await card.message(reader, order, language)
    if needs_card(shop, order) and (await card.shown(reader, shop.id) is not None or not (made or bill)):
        if made:
            text = f"{asked.text}\n{say(language, 'pay.or_link')}"
            asked = replace(asked, text=text, buttons=(*made, *asked.buttons))
    elif made:
        sum_ = sum_of(order.owed, order.currency, language)
        asked = Reply(say(language, "pay.by_link", number=order.number, sum=sum_), buttons=made)
    else:
        return [bill] if bill else [asked]
    return [asked, *([bill] if bill else [])]
