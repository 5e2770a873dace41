"""Haggling beyond the catalogue's rules: staff grant a price by a press; nobody may say another."""

from __future__ import annotations

from typing import Any

from bot.staff.cards import Pen
from bot.staff.desk import Desk, Rows, rows
from kit import clock, words
from kit.errors import Refused
from kit.message import Button, Chat, Reply
from orders import told
from shop import audit, contacts, offers
from shop.catalogue import Product
from shop.prices import amounts

_OFF = 5  # per cent of the one-press discount
_DECIDED = """SELECT data FROM audit WHERE shop_id = $1 AND about = $2 AND data ->> 'sku' = $3
    AND verb IN ('price.granted', 'price.kept') AND at > now() - interval '10 minutes' ORDER BY id DESC LIMIT 1"""


def buttons(pen: Pen, sku: str, price: int, asked: int, shopper: str) -> Rows:
    """[the sum asked for] [-5 %] [another sum] [no]; each label says the price it grants."""
    less = price - (price * _OFF + 50) // 100
    made = [Button(pen.money(asked), f"s:deal:{asked}:{sku}:{shopper}", style="success")] if 0 < asked < price else []
    made += [
        Button(pen.say("button_minus5", sum=pen.money(less)), f"s:deal:{less}:{sku}:{shopper}"),
        Button(pen.say("button_sum"), f"s:deal:sum:{sku}:{shopper}"),
        Button(pen.say("button_no_deal"), f"s:deal:no:{sku}:{shopper}", style="danger"),
    ]
    return rows(*made)


async def press(desk: Desk, choice: str, sku: str, shopper: str) -> None:
    """One of the buttons was pressed."""
    product = _product(desk, sku)
    if choice == "sum":
        step: dict[str, object] = {"flow": "deal", "sku": sku, "shopper": shopper}
        await desk.ask(step, desk.say("ask_sum", title=product.title(desk.who.language)))
    elif choice == "no":
        await _decide(desk, product, shopper, None)
    elif choice.isdigit():
        await _decide(desk, product, shopper, int(choice))
    else:
        raise Refused("staff.unknown_press")


async def answer(desk: Desk, text: str) -> None:
    """The sum somebody typed. Refused when there is none in it: asked again."""
    product = _product(desk, str(desk.who.step["sku"]))
    found = amounts(text, currency=product.currency, expected=True)
    if len(found) != 1:
        raise Refused("staff.sum_unclear")
    await _decide(desk, product, str(desk.who.step["shopper"]), found[0].value)
    await desk.done_asking()


def _product(desk: Desk, sku: str) -> Product:
    product = desk.shop.products.get(sku)
    if product is None:
        raise Refused("staff.no_such_product", sku=sku)
    return product


async def _decide(desk: Desk, product: Product, shopper: str, price: int | None) -> None:
    """Grants `price`, or keeps the shop's own (None); the shopper hears it at once. The same answer is given once."""
    chat, now = Chat.of(desk.shop_id, shopper), clock.now()
    if price is not None and not 0 < price < product.price:
        raise Refused("staff.sum_not_lower", price=desk.money(product.price, product.currency))
    await contacts.lock(desk.tx, chat)
    last = await desk.tx.fetchval(_DECIDED, desk.shop_id, f"chat:{shopper}", product.sku)
    if last is not None and last.get("price") == price:
        raise Refused("staff.deal_done", title=product.title(desk.who.language))
    language = (await contacts.get(desk.tx, chat)).language or "uz"
    facts: dict[str, Any] = {"title": product.title(language)}
    if price is None:
        about = f"chat:{shopper}"
        await audit.note(desk.tx, desk.shop_id, desk.actor, "price.kept", about, sku=product.sku, price=None)
        facts["sum"] = words.sum_of(product.price, product.currency, language)
    else:
        until = await offers.give(desk.tx, chat, product, price, actor=desk.actor, now=now)
        facts |= {
            "sum": words.sum_of(price, product.currency, language),
            "until": told.moment(desk.shop.profile, until),
        }
    text = words.say(language, "order.price_kept" if price is None else "order.price_granted", **facts)
    await desk.tell(chat, Reply(text))
    await desk.toast(
        desk.say(
            "deal_kept" if price is None else "deal_granted",
            title=product.title(desk.who.language),
            sum=desk.money(product.price if price is None else price, product.currency),
        )
    )
