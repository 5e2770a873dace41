"""Tools that change the goods in the cart. The cart is a value of the turn: nothing is written here."""

from __future__ import annotations

from agent.tools.choice import Data, facts_of, product_of, too_few
from agent.turn import Turn
from orders import stock
from orders.cart import Cart, Pick
from shop.catalogue import Product


async def add_to_cart(
    turn: Turn, sku: str, size: str = "", color: str = "", quantity: int = 0, more: bool = False
) -> Data:
    """Put a product into the cart. Leave size or color empty when the shopper has not said it.

    more=True adds to the pieces that are there; otherwise the quantity is set. The answer's status: in, picked (size or
    colour is still to be asked), out (sold out), less (fewer pieces are left), no_size, no_color.
    """
    product = product_of(turn, sku)
    shelves = await stock.shelves(turn.db, turn.shop.id, [sku])
    data = facts_of(turn, product, size, color, shelves)
    if data["status"]:
        return data
    pick = next((pick for pick in turn.cart.picks if pick.sku == sku), None)
    qty = quantity or (pick.qty if pick and pick.qty else 1)
    size = size or (pick.size if pick else "") or _single(product.sizes)
    color = color or (pick.color if pick else "") or _single(product.colors)
    if (product.sizes and not size) or (product.colors and not color):
        turn.cart.picks = [one for one in turn.cart.picks if one.sku != sku] + [Pick(sku, size, color, qty)]
        return {**data, "status": "picked", "size": size, "color": color, "qty": qty}
    return _set(turn, product, size, color, qty, shelves, more=more)


async def change_item(
    turn: Turn, sku: str, size: str = "", color: str = "", quantity: int = 0, old_size: str = "", old_color: str = ""
) -> Data:
    """Change size, colour or quantity of a product in the cart; old_size and old_color name the line to change."""
    product = product_of(turn, sku)
    shelves = await stock.shelves(turn.db, turn.shop.id, [sku])
    new_size, new_color = size or old_size, color or old_color
    data = facts_of(turn, product, new_size, new_color, shelves)
    if data["status"]:
        return data
    old = product.variant(old_size, old_color)
    line = next((line for line in turn.cart.lines if (line.sku, line.variant) == (sku, old)), None)
    if line is None:
        return await add_to_cart(turn, sku, new_size, new_color, quantity)
    new = product.variant(new_size, new_color)
    if new != old:
        missing = too_few(turn, product, new_size, new_color, quantity or line.qty, shelves)
        if missing:
            return missing
        turn.cart.swap(sku, old, new)
    return _set(turn, product, new_size, new_color, quantity or line.qty, shelves, more=False)


async def remove_item(turn: Turn, sku: str, size: str = "", color: str = "") -> Data:
    """Take a product out of the cart; with size or colour only that variant."""
    product = product_of(turn, sku)
    gone = [
        line
        for line in turn.cart.lines
        if line.sku == sku
        and all(part in ("", have) for part, have in zip((size, color), product.split(line.variant), strict=True))
    ]
    for line in gone:
        turn.cart.remove(sku, line.variant)
    if not gone:
        turn.cart.remove(sku)
    return {"status": "removed", "sku": sku, "title": product.title(turn.language)}


async def clear_cart(turn: Turn) -> Data:
    """Empty the cart: the shopper changed their mind before ordering. Phone and address stay known."""
    if turn.cart.number is not None:  # nothing of the placed order, as its agreed prices, goes into the next cart
        turn.cart = Cart()
    turn.cart.lines, turn.cart.picks, turn.cart.shown = [], [], ""
    return {"status": "cleared"}


def _single(choices: tuple[str, ...]) -> str:
    return choices[0] if len(choices) == 1 else ""


def _set(turn: Turn, product: Product, size: str, color: str, qty: int, shelves: stock.Shelves, *, more: bool) -> Data:
    variant = product.variant(size, color)
    have = sum(line.qty for line in turn.cart.lines if (line.sku, line.variant) == (product.sku, variant))
    wanted = have + qty if more else qty
    missing = too_few(turn, product, size, color, wanted, shelves)
    if missing:
        return missing
    turn.cart.set_qty(product.sku, variant, wanted)
    turn.cart.picks = [pick for pick in turn.cart.picks if pick.sku != product.sku]
    return {**facts_of(turn, product, size, color, shelves), "status": "in", "qty": wanted}
