"""A lower price granted to one shopper by a press of staff, or by the lowest price the owner wrote for the product.

Theirs alone, for one order, for a while.

`laid` gives the shop as that shopper sees it, so that every sentence, summary and line has the granted price by itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from kit.db import Reader, Tx
from kit.message import Chat
from shop import audit, contacts
from shop.catalogue import Product
from shop.contacts import Contact
from shop.shops import Shop

Breaks = tuple[tuple[int, int], ...]
HOURS = 48  # who haggles decides within a day or two; a price must not be for ever


def valid(contact: Contact, now: datetime) -> dict[str, int]:
    """sku -> the price of one piece granted to this person and not over yet."""
    return {
        sku: int(offer["price"])
        for sku, offer in contact.offers.items()
        if datetime.fromisoformat(offer["until"]) > now
    }


def laid(shop: Shop, granted: dict[str, int]) -> Shop:
    """The shop with these prices in place of its own; the same shop when there are none."""
    cheaper: dict[str, Product] = {}
    for sku, offer in granted.items():
        product = shop.products.get(sku)
        if product is not None and offer < product.price:
            price, breaks = lowered(product.price, product.qty_price, offer)
            cheaper[sku] = replace(product, price=price, qty_price=breaks, old_price=product.price)
    return replace(shop, products=shop.products | cheaper) if cheaper else shop


def lowered(price: int, breaks: Breaks, offer: int | None) -> tuple[int, Breaks]:
    """The price of one piece and the prices of many, once one piece is granted for `offer`."""
    if offer is None or offer >= price:
        return price, breaks
    return offer, tuple(one for one in breaks if one[1] < offer)


async def of_chat(reader: Reader, chat: Chat, now: datetime) -> dict[str, int]:
    """The prices granted in this conversation."""
    return valid(await contacts.get(reader, chat), now)


async def give(tx: Tx, chat: Chat, product: Product, price: int, *, actor: str, now: datetime) -> datetime:
    """Grants `price` of one piece to the person of this conversation; until when it holds. In the trail."""
    until = now + timedelta(hours=HOURS)
    offer = {"price": price, "was": product.price, "by": actor, "until": until.isoformat()}
    await tx.execute(
        """UPDATE contacts SET offers = offers || jsonb_build_object($4::text, $5::jsonb)
           WHERE shop_id = $1 AND channel = $2 AND id = $3""",
        chat.shop_id,
        chat.channel,
        chat.id,
        product.sku,
        offer,
    )
    about = f"chat:{chat.key}"
    await audit.note(tx, chat.shop_id, actor, "price.granted", about, sku=product.sku, price=price, was=product.price)
    return until


async def use_up(tx: Tx, chat: Chat, number: int, prices: dict[str, int]) -> None:
    """The order `number` was made with `prices` (sku -> of a piece): those granted are spent, as the trail says."""
    person = await contacts.get(tx, chat)
    spent: dict[str, dict[str, Any]] = {
        sku: offer for sku, offer in person.offers.items() if prices.get(sku) == offer["price"]
    }
    if not spent:
        return
    await tx.execute(
        "UPDATE contacts SET offers = offers - $4::text[] WHERE shop_id = $1 AND channel = $2 AND id = $3",
        chat.shop_id,
        chat.channel,
        chat.id,
        list(spent),
    )
    for sku, offer in spent.items():
        facts = {"sku": sku, "price": offer["price"], "was": offer["was"]}
        await audit.note(tx, chat.shop_id, offer["by"], "order.granted_price", f"order:{number}", **facts)
