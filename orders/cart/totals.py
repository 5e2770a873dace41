"""What a cart costs, what is asked for in advance and what is left for the arrival. Whole units, no rounding but one.

Who pays when: `delivery.regions[].prepay` is a share of the goods alone, or one sum; `delivery.paid: now` puts the
price of the way into the transfer, whatever that share is. Always:
to_transfer + forgiven + due_on_arrival = goods + delivery_price.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from orders.cart.value import Cart, Line
from shop.catalogue import Product
from shop.profile.model import WHOLE

if TYPE_CHECKING:
    from shop.profile.model import Profile, Region
    from shop.shops import Shop

COURIER, POST, PICKUP = "courier", "post_branch", "pickup"
_CITY = re.compile(r"shahr|шаҳар|шаҳр|шахр|город|\bcity\b|_city$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Priced:
    """A line with the price of one piece, in the smallest unit in use of the shop's currency."""

    sku: str
    variant: str
    qty: int
    price: int

    @property
    def sum(self) -> int:
        """The price of the line."""
        return self.price * self.qty


@dataclass(frozen=True, slots=True)
class Totals:
    """All sums of a cart, in the smallest unit in use of `currency`. `delivery_paid`: on_arrival | now.

    `forgiven`: what staff let go of the transfer of the order that this cart changes.
    """

    lines: tuple[Priced, ...]
    goods: int
    method: str
    region: str
    delivery_price: int
    delivery_paid: str
    to_transfer: int
    due_on_arrival: int
    currency: str
    forgiven: int = 0

    @property
    def way_due(self) -> int:
        """The part of `due_on_arrival` that the courier or the post takes; the rest is for the goods."""
        return way_due(self.due_on_arrival, self.delivery_price, self.delivery_paid)


def way_due(due: int, price: int, paid_by: object) -> int:
    """How much of what is due on arrival is the price of the way: all of it, or nothing when it was paid before."""
    return price if paid_by == "on_arrival" and due >= price else 0


def totals(cart: Cart, shop: Shop) -> Totals:
    """The sums of the complete lines of `cart`; products no longer sold are left out."""
    profile = shop.profile
    lines = _priced(cart, shop)
    goods = sum(line.sum for line in lines)
    region, method = way(cart, profile)
    price = 0 if method == PICKUP or region is None else region.price
    if profile.delivery.free_from is not None and goods >= profile.delivery.free_from:
        price = 0
    paid_now = profile.delivery.paid == "now"
    if method == PICKUP and profile.payment.cash_at_pickup:
        transfer = 0
    else:
        transfer = _in_advance(goods, region) + (price if paid_now else 0)
    due = goods + price - transfer
    kept = min(cart.ahead, due)  # a surplus that paid a part of the arrival stays transferred
    forgiven = min(cart.forgiven, transfer + kept)
    return Totals(
        lines=tuple(lines),
        goods=goods,
        method=method,
        region=region.key if region and method != PICKUP else "",
        delivery_price=price,
        delivery_paid="now" if paid_now else "on_arrival",
        to_transfer=transfer + kept - forgiven,
        due_on_arrival=due - kept,
        currency=shop.currency,
        forgiven=forgiven,
    )


def _in_advance(goods: int, region: Region | None) -> int:
    """What of the goods is asked for in advance: a share, or one sum for any order that costs as much."""
    prepay = WHOLE if region is None else region.prepay
    if prepay > WHOLE:
        return min(prepay, goods)
    return (goods * prepay + 50) // 100  # half a unit up: "30 %" of 79 005 so'm is 23 702 so'm, not a fraction


def _priced(cart: Cart, shop: Shop) -> list[Priced]:
    pieces = pieces_of(cart.lines)
    return [
        Priced(line.sku, line.variant, line.qty, unit_price(cart, product, pieces[line.sku]))
        for line in cart.lines
        if (product := shop.products.get(line.sku)) is not None
    ]


def unit_price(cart: Cart, product: Product, pieces: int) -> int:
    """The price of one piece when `pieces` of the product (all its variants together) are bought.

    A price agreed in a placed order stays while as many or more are taken, so that adding a scarf never makes the
    paid dress dearer; with fewer pieces the catalogue's price holds again.
    """
    price = product.price_for(pieces)
    agreed = cart.agreed.get(product.sku)
    return min(price, agreed[1]) if agreed and pieces >= agreed[0] else price


def pieces_of(lines: list[Line]) -> dict[str, int]:
    """sku -> pieces over all variants."""
    found: dict[str, int] = {}
    for line in lines:
        found[line.sku] = found.get(line.sku, 0) + line.qty
    return found


def way(cart: Cart, profile: Profile) -> tuple[Region | None, str]:
    """Where to and how: the cart's region (or the only one), and its method, or what the shop does there by default.

    Default: the courier in the shop's own city, a post branch elsewhere, of the ways the shop offers there.
    """
    regions = profile.delivery.regions
    region = profile.region(cart.region) or (regions[0] if len(regions) == 1 else None)
    if cart.method == PICKUP and profile.delivery.pickup:
        return region or next((one for one in regions if PICKUP in profile.delivery.methods(one)), None), PICKUP
    if region is None:
        return None, PICKUP if profile.delivery.pickup and not regions else COURIER
    offered = profile.delivery.methods(region)
    if cart.method in offered:
        return region, cart.method
    for method in (COURIER, POST, PICKUP) if in_city(region, profile) else (POST, COURIER, PICKUP):
        if method in offered:
            return region, method
    return region, COURIER


def in_city(region: Region, profile: Profile) -> bool:
    """Whether a region is the shop's own city: the one called a city, or the first where none is."""
    cities = [one for one in profile.delivery.regions if _is_called_city(one.key, one.name.all())]
    return region in (cities or profile.delivery.regions[:1])


@lru_cache(maxsize=1024)  # a turn adds its cart up four times
def _is_called_city(key: str, called: tuple[str, ...]) -> bool:
    # a list of province towns may hold the word too: "Boshqa viloyatlar (Samarqand shahri, ...)"
    names = [re.sub(r"\(.*,.*\)", "", name) for name in called]
    return bool(_CITY.search(key)) or any(_CITY.search(name) for name in names)


def summary_key(cart: Cart, shop: Shop) -> str:
    """16 hex digits that name what a yes would confirm."""
    said = asdict(totals(cart, shop))
    for name in ("number", "came", "name", "phone", "phone2", "recipient", "address", "landmark", "location"):
        said[name] = getattr(cart, name)
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
