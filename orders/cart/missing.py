"""What is still to be asked before the summary, in the order people expect: nothing twice, nothing idle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orders.cart.address import AREA, FULL, NONE, grade
from orders.cart.totals import PICKUP, in_city, way
from orders.cart.value import Cart, Line, Pick, is_local, only

if TYPE_CHECKING:
    from orders.stock import Shelves
    from shop.shops import Shop

# all slots `missing` can name, in its order
SLOTS = ("product", "size", "color", "qty", "stock", "phone", "phone_local", "address", "region", "name")


def missing(cart: Cart, shop: Shop, shelves: Shelves | None = None) -> list[str]:
    """Slots not filled yet, in the order of SLOTS; [] means the summary may be shown.

    size, color, qty are about `asked_of(cart, shop)`. `stock`: staff must say first whether an uncounted variant is
    there (only when `shelves` are given). `phone_local`: a foreign phone came, the courier needs one to ring; may be
    declined. `name` (who receives) is asked in the provinces alone, where the parcel is handed out by name.
    """
    wanted = [*_goods(cart, shop), *_stock(cart, shelves), *_phone(cart, shop)]
    region, method = way(cart, shop.profile)
    if method == PICKUP:
        return wanted
    if not enough(cart):
        wanted.append("address")
    if region is None and len(shop.profile.delivery.regions) > 1:
        wanted.append("region")
    if region is not None and not in_city(region, shop.profile) and not (cart.name or cart.recipient):
        wanted.append("name")
    return wanted


def asked_of(cart: Cart, shop: Shop) -> Pick | None:
    """The choice that `missing` asks size, colour or quantity of."""
    return next((pick for pick in cart.picks if pick.sku in shop.products), None)


def enough(cart: Cart) -> bool:
    """Whether a courier can find the place: a pin, a landmark, or an address that is more than a district's name."""
    if cart.location or cart.landmark:
        return True
    said = grade(cart.address)
    return said == FULL or (said not in (NONE, AREA) and "address" in cart.declined)


def proposal(cart: Cart, shop: Shop, shelves: Shelves) -> dict[str, str]:
    """Size or colour of the asked choice when only one of them is left in stock: to be proposed, not silently taken."""
    pick = asked_of(cart, shop)
    if pick is None:
        return {}
    product = shop.products[pick.sku]
    looks = [product.split(variant) for variant in product.variants() if shelves.has(pick.sku, variant)]
    sizes = {size for size, color in looks if pick.color in ("", color)}
    colors = {color for size, color in looks if pick.size in ("", size)}
    found = {}
    if only(pick.size, product.sizes) is None and len(sizes) == 1:
        found["size"] = sizes.pop()
    if only(pick.color, product.colors) is None and len(colors) == 1:
        found["color"] = colors.pop()
    return found


def _goods(cart: Cart, shop: Shop) -> list[str]:
    pick = asked_of(cart, shop)
    if pick is None:
        return [] if cart.lines else ["product"]
    product = shop.products[pick.sku]
    wanted = []
    if only(pick.size, product.sizes) is None:
        wanted.append("size")
    if only(pick.color, product.colors) is None:
        wanted.append("color")
    if pick.qty == 0:
        wanted.append("qty")
    return wanted


def _stock(cart: Cart, shelves: Shelves | None) -> list[str]:
    if shelves is None:
        return []
    return ["stock"] if to_check(cart, shelves) else []


def to_check(cart: Cart, shelves: Shelves) -> list[Line]:
    """Lines of which nobody knows whether they are there, and staff were not asked or have not said yes."""
    return [
        line
        for line in cart.lines
        if shelves.unknown(line.sku, line.variant) and f"{line.sku}|{line.variant}" not in cart.checked
    ]


def _phone(cart: Cart, shop: Shop) -> list[str]:
    if not cart.phone:
        return ["phone"]
    if is_local(cart.phone, shop) or (cart.phone2 and is_local(cart.phone2, shop)) or "phone_local" in cart.declined:
        return []
    return ["phone_local"]
