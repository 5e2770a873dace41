"""Tools that only read: products, stock, delivery, hours and the other facts of the shop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from agent.tools.choice import Data, facts_of, in_language, product_of
from agent.tools.faq import faq
from agent.turn import Turn
from kit.errors import Refused
from orders import cart as carts
from orders import stock
from shop import feet, hours, regions
from shop.catalogue import Product
from shop.search import joined

_TOPICS = ("hours", "location", "contacts", "payment", "returns", "prices", "about", "installments")


async def find_product(turn: Turn, query: str) -> Data:
    """Search the shop's products by what the shopper calls them. Returns the best fits with their prices."""
    found = await joined.find(turn.shop, query, 6, turn.db, turn.index, turn.eye)
    return {"products": [_short(turn, turn.shop.products[sku]) for sku in found]}


async def product_card(turn: Turn, sku: str, size: str = "", color: str = "", quantity: int = 1) -> Data:
    """Price, sizes, colours and stock of one product; with size or colour: whether that very variant is there.

    status: there, less (fewer than `quantity`), out, no_size, no_color. `together`: what `quantity` of it cost.
    """
    product = product_of(turn, sku)
    shelves = await stock.shelves(turn.db, turn.shop.id, [sku])
    data = facts_of(turn, product, size, color, shelves)
    whole = (not product.sizes or size) and (not product.colors or color)
    left = shelves.left(sku, product.variant(size, color)) if whole and not data["status"] else None
    data["status"] = data["status"] or ("less" if left is not None and left < quantity else "there")
    return {
        **data,
        "left": left,
        "together": _together([product], [quantity]),
        "unknown": any(shelves.unknown(sku, variant) for variant in product.variants()),
        "old_price": product.old_price if product.old_price and product.old_price > product.price else None,
        "qty_price": [list(pair) for pair in product.qty_price],
        "description": in_language(product.description, turn.language),
        "has_sizes": bool(product.sizes),
        "has_colors": bool(product.colors),
    }


_MOST = 1000  # pieces that a sum is told for


def _together(found: Sequence[Product], quantities: Sequence[int]) -> int:
    """What so many of each cost together."""
    counts = [min(max(1, quantity), _MOST) for quantity in quantities]
    return sum(product.price_for(n) * n for product, n in zip(found, counts, strict=True))


def _short(turn: Turn, product: Product) -> Data:
    return {
        "sku": product.sku,
        "title": product.title(turn.language),
        "price": product.price,
        "currency": product.currency,
        "photos": list(product.photos[:1]),
    }


async def list_products(
    turn: Turn,
    skus: list[str] = [],  # noqa: B006 - never changed
    quantities: list[int] = [],  # noqa: B006
) -> Data:
    """Titles and prices of products, and what they cost together (`quantities`: of each, in the order of `skus`;
    without them one of each); without skus the kinds of goods sold.
    """
    if not skus:
        kinds = dict.fromkeys(product.category for product in turn.shop.products.values() if product.category)
        return {"categories": list(kinds)}
    found = [turn.shop.products[sku] for sku in skus if sku in turn.shop.products]
    shelves = await stock.shelves(turn.db, turn.shop.id, skus)
    return {
        "products": [
            {**_short(turn, product), "colors": _there(product, shelves), "there": _any(product, shelves)}
            for product in found
        ],
        "together": _together(found, quantities if len(quantities) == len(found) else [1] * len(found)),
        "currency": turn.shop.currency,
    }


def _any(product: Product, shelves: stock.Shelves) -> bool:
    """Whether any of it is on the shelf."""
    return any(shelves.has(product.sku, one) for one in product.variants())


def _there(product: Product, shelves: stock.Shelves) -> list[str]:
    """The colours of a product that are on the shelf in some size."""
    left = {product.split(one)[1] for one in product.variants() if shelves.has(product.sku, one)}
    return [color for color in product.colors if color in left]


async def delivery_price(turn: Turn, place: str = "", sku: str = "", quantity: int = 1) -> Data:
    """What delivery costs and how long it takes: to a place the shopper named, else to the address in the cart.

    `to_transfer`: in advance there, for the goods in the cart, else for `quantity` of product `sku`. What is in the
    cart may be enough for free delivery. `beyond`: the shop does not deliver to the place that was named.
    """
    profile = turn.shop.profile
    named = profile.region(place) or regions.region_of(profile, place)
    ordered = str(turn.order.delivery.get("region") or "") if turn.order else ""
    known = (profile.region(key) for key in (turn.cart.region, turn.session.region, ordered) if key)
    region = named or next((one for one in known if one), None)
    listed = [region] if region else list(profile.delivery.regions)
    least = profile.delivery.free_from
    enough = bool(turn.cart.lines) and least is not None and carts.totals(turn.cart, turn.shop).goods >= least
    return {
        "regions": [
            {
                "key": one.key,
                "name": one.name.text(turn.language),
                "price": 0 if enough else one.price,
                "days": one.days,
            }
            for one in listed
        ],
        "known": region is not None,
        "beyond": not named and regions.beyond(profile, place),
        "to_transfer": _in_advance(turn, region.key, sku, quantity) if region else None,
        "currency": profile.currency,
        "paid": profile.delivery.paid,
        "free_from": profile.delivery.free_from,
        "pickup": profile.delivery.pickup,
    }


def _in_advance(turn: Turn, region: str, sku: str, quantity: int) -> int | None:
    """What is transferred before the goods go to a region; None where no goods are named."""
    cart = carts.Cart(lines=list(turn.cart.lines), region=region, method=turn.cart.method)
    if not cart.lines and sku in turn.shop.products:
        cart.lines = [carts.Line(sku, "", min(max(1, quantity), _MOST))]
    return carts.totals(cart, turn.shop).to_transfer if cart.lines else None


async def shop_facts(turn: Turn, topic: str) -> Data:
    """What the shop says of: hours, location, contacts, payment, returns, prices, about, installments."""
    if topic not in _TOPICS:
        raise Refused("talk.no_topic", topic=topic)
    profile, language = turn.shop.profile, turn.language
    if topic == "hours":
        return {"text": hours.hours_text(profile, language), "open": hours.open_at(profile, turn.now), **_week(turn)}
    if topic in ("location", "contacts"):
        contacts = profile.contacts
        return {
            "address": contacts.address.text(language),
            "landmark": contacts.landmark.text(language),
            "location": list(contacts.location) if contacts.location else None,
            "phone": contacts.phone,
        }
    texts = {
        "payment": profile.payment.text,
        "returns": profile.returns.text,
        "prices": profile.prices.text,
        "about": profile.shop.about,
        "installments": profile.payment.installments,
    }
    return {"text": texts[topic].text(language), "days": profile.returns.days, "cod": profile.payment.cash_on_delivery}


def _week(turn: Turn) -> Data:
    """Opening of each day as "10:00-20:00", Monday first; "" on days off."""
    days = [
        ", ".join(f"{_clock(start)}–{_clock(until)}" for start, until in spans)
        for spans in turn.shop.profile.hours.week
    ]
    return {"week": days, "today": turn.now.astimezone(turn.shop.profile.zone).weekday()}


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes % (24 * 60), 60)
    return f"{hour:02d}:{minute:02d}"


async def size_advice(turn: Turn, sku: str, worn: int = 0, age: int = 0, foot: float = 0.0) -> Data:
    """Which size of a product fits: by the size number a person wears, a child's age in years, or a foot in cm.

    size "": unknown; then `chart` is the shop's own, where it is about this product.
    """
    from agent.brain_rules.sizes import (  # only this tool knows sizes beyond the catalogue
        are_heights,
        by_chart,
        of_number,
    )

    product = product_of(turn, sku)
    chart = dict(turn.shop.profile.size_chart)
    size = (
        feet.size_for((one.a.text(turn.language) for one in turn.shop.profile.faq), foot, product.sizes) if foot else ""
    )
    if worn and not foot:
        size = of_number(worn, product.sizes, chart, marked=True) or by_chart(worn, product.sizes, chart)
    if not size and worn and are_heights(product.sizes):  # to grow into
        size = min((one for one in product.sizes if 0 <= int(one) - worn <= _HEIGHT_STEP), key=int, default="")
    if not size and age in _HEIGHT_AT and are_heights(product.sizes):
        size = min(product.sizes, key=lambda one: (abs(int(one) - _HEIGHT_AT[age]), -int(one)))
        size = size if abs(int(size) - _HEIGHT_AT[age]) <= _HEIGHT_STEP else ""
    letters = {one.strip().upper() for one in product.sizes}
    fits = any(name.strip().upper() in letters for name in chart)
    return {"size": size, "title": product.title(turn.language), "chart": chart if fits else {}}


# a child's height in cm at each age, as children's sizes are cut here
_HEIGHT_AT = {1: 80, 2: 92, 3: 98, 4: 104, 5: 110, 6: 116, 7: 122, 8: 128, 9: 134, 10: 140, 11: 146, 12: 152, 13: 158}
_HEIGHT_STEP = 6


def when_a_person(turn: Turn) -> Data:
    """When a person answers: now, or at the next opening ("09:00", whether today)."""
    profile = turn.shop.profile
    if hours.open_at(profile, turn.now):
        return {"open": True}
    opening: datetime | None = hours.next_opening(profile, turn.now)
    if opening is None:
        return {"open": False, "at": ""}
    local, here = opening.astimezone(profile.zone), turn.now.astimezone(profile.zone)
    return {
        "open": False,
        "at": local.strftime("%H:%M"),
        "day": local.strftime("%d.%m"),
        "today": local.date() == here.date(),
    }


def cart_view(turn: Turn) -> Data:
    """The cart as brains may see it."""
    cart, shop = turn.cart, turn.shop
    cart.settle(shop)
    totals = carts.totals(cart, shop)
    lines = []
    for line in totals.lines:
        product = shop.products[line.sku]
        size, color = product.split(line.variant)
        lines.append({
            "sku": line.sku, "title": product.title(turn.language), "size": size, "color": color,
            "qty": line.qty, "price": line.price, "sum": line.sum,
        })  # fmt: skip
    picks = [
        {"sku": pick.sku, "title": shop.products[pick.sku].title(turn.language), "size": pick.size, "color": pick.color,
         "qty": pick.qty}
        for pick in cart.picks if pick.sku in shop.products
    ]  # fmt: skip
    waits = bool(cart.shown) and not cart.picks and cart.shown == cart.summary_key(shop)
    return {
        "lines": lines,
        "picks": picks,
        "goods": totals.goods,
        "currency": totals.currency,
        "empty": cart.empty,
        "phone": bool(cart.phone),
        "address": bool(cart.address or cart.landmark or cart.location),
        "name": cart.name,
        "method": cart.method,
        "number": cart.number,
        "to_transfer": totals.to_transfer if lines and (totals.region or cart.method) else None,
        "waits_for_yes": waits,
        "key": cart.shown if waits else "",
    }


TOOLS: tuple[Callable[..., Awaitable[Data]], ...] = (
    find_product,
    product_card,
    list_products,
    delivery_price,
    shop_facts,
    faq,
    size_advice,
)
