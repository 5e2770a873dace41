"""How many are left: the stock column of a file, what can still be promised, and what staff say about it.

Three modes: counted (a number that orders lower), in (there is, nobody counts), unknown (staff are asked first).
The variant `*` is one pool for all variants of a product.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kit.db import Reader, Tx
from kit.errors import Refused
from shop.catalogue.product import Product, get
from shop.changes import changed
from shop.fold import fold

POOL = "*"
# what holds pieces of the shelf: placed, and not handed to the post yet
HOLDING = ("awaiting_payment", "claimed", "payment_problem", "confirmed", "paid", "packed")
_IN = {fold(word) for word in ("in", "in stock", "bor", "mavjud", "есть", "в наличии", "имеется", "yes", "ha", "да")}
_OUT = {fold(word) for word in ("out", "out of stock", "yo'q", "yoq", "йўқ", "йук", "tugadi", "нет", "нету", "no")}
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class StockCell:
    """One variant as a file or a person states it: counted pieces on the shelf, or `in`, or `unknown`."""

    variant: str
    mode: str
    count: int = 0


class Availability(dict[str, int | None]):
    """variant -> pieces that can be promised; None: nobody counts. `unknown`: variants that staff are asked about."""

    unknown: frozenset[str] = frozenset()

    def enough(self, variant: str, qty: int = 1) -> bool | None:
        """Whether `qty` pieces can be promised; None when staff must be asked."""
        if variant in self.unknown:
            return None
        left = self.get(variant, 0)
        return left is None or left >= qty


def parse_stock(text: str, product: Product) -> tuple[StockCell, ...]:
    """The stock cell of a catalogue: a number, `in`/`out`, `variant=number;...`, or empty (nobody counts).

    Refused("shop.row_stock...") names what is wrong. Variants that a list leaves out are not on sale.
    """
    text = text.strip()
    if not text:
        return (StockCell(POOL, "unknown"),)
    if "=" not in text:
        return (_state(POOL, text),)
    cells: dict[str, StockCell] = {}
    for part in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        name, _, state = part.rpartition("=")
        variant = find_variant(product, name)
        if variant is None:
            raise Refused("shop.row_stock_variant", value=name.strip()[:40])
        if variant in cells:
            raise Refused("shop.row_stock_twice", value=variant[:40])
        cells[variant] = _state(variant, state.strip())
    return tuple(cells.values())


def _state(variant: str, text: str) -> StockCell:
    if re.fullmatch(r"\d{1,9}(?:\.0+)?", text):
        count = int(float(text))
        if count <= _LARGEST:
            return StockCell(variant, "counted", count)
    word = fold(text)
    if word in _IN or text == "+":
        return StockCell(variant, "in")
    if word in _OUT or text == "-":
        return StockCell(variant, "counted", 0)
    raise Refused("shop.row_stock", value=text[:30])


def find_variant(product: Product, name: str) -> str | None:
    """The variant that `name` means: as written, in other letters, in the other order, or without what is only one."""
    name = name.strip()
    known = product.variants()
    if name in known:
        return name
    spelled: dict[str, list[str]] = {}
    for variant in known:
        size, color = product.split(variant)
        names = {f"{size}/{color}", f"{color}/{size}", variant}
        if len(product.colors) == 1:
            names.add(size)
        if len(product.sizes) == 1:
            names.add(color)
        for one in names:
            spelled.setdefault(_spelling(one), []).append(variant)
    fits = set(spelled.get(_spelling(name), ()))
    return fits.pop() if len(fits) == 1 else None


def _spelling(name: str) -> str:
    return "/".join(fold(part) or part.strip().lower() for part in name.split("/") if part.strip())


async def availability(reader: Reader, shop_id: str, sku: str) -> Availability:
    """What can be promised of each variant of a product now; empty for a sku the shop does not have."""
    product = await get(reader, shop_id, sku)
    if product is None:
        return Availability()
    rows = await reader.fetch(
        "SELECT variant, mode, available FROM stock WHERE shop_id = $1 AND sku = $2", shop_id, sku
    )
    kept = {row["variant"]: row for row in rows}
    found = Availability()
    unknown: set[str] = set()
    for variant in product.variants():
        row = kept.get(variant) or kept.get(POOL)
        mode = row["mode"] if row else "counted" if kept else "unknown"
        if mode == "unknown":
            unknown.add(variant)
        found[variant] = None if mode != "counted" else row["available"] if row else 0
    found.unknown = frozenset(unknown)
    return found


async def set_stock(tx: Tx, shop_id: str, sku: str, variant: str | None, value: int | str) -> None:
    """Staff state what is on the shelf: a count, `in` or `unknown`, of one variant or (None) of the whole product.

    Orders that hold pieces are subtracted from a count, as in an import. Refused for an unknown sku, variant or value.
    """
    product = await get(tx, shop_id, sku)
    if product is None or (variant is not None and variant not in product.variants()):
        raise Refused("shop.no_such_product", sku=sku)
    mode, count = ("counted", value) if isinstance(value, int) else (value, 0)
    if not 0 <= count <= _LARGEST or mode not in ("counted", "in", "unknown"):
        raise Refused("shop.row_stock", value=str(value)[:30])
    if variant is None:
        await tx.execute("DELETE FROM stock WHERE shop_id = $1 AND sku = $2 AND variant <> '*'", shop_id, sku)
    else:
        await _part_pool(tx, shop_id, product)
    await tx.execute(
        """INSERT INTO stock (shop_id, sku, variant, mode, available) VALUES ($1, $2, $3, $4, 0)
           ON CONFLICT (shop_id, sku, variant) DO UPDATE SET mode = EXCLUDED.mode""",
        shop_id,
        sku,
        variant or POOL,
        mode,
    )
    await tx.execute(
        """UPDATE stock SET available = GREATEST(0, $4 - COALESCE((
               SELECT sum(i.qty) FROM order_items i JOIN orders o ON o.shop_id = i.shop_id AND o.number = i.number
               WHERE i.shop_id = $1 AND i.sku = $2 AND ($3 = '*' OR i.variant = $3)
                 AND o.holds_stock AND o.status = ANY($5)), 0))
           WHERE shop_id = $1 AND sku = $2 AND variant = $3""",
        shop_id,
        sku,
        variant or POOL,
        count,
        list(HOLDING),
    )
    await changed(tx, shop_id)


async def sold_out(tx: Tx, shop_id: str, sku: str, variant: str | None = None) -> None:
    """Nothing is left of a variant or (None) of the whole product. Refused for an unknown sku or variant."""
    await set_stock(tx, shop_id, sku, variant, 0)


async def _part_pool(tx: Tx, shop_id: str, product: Product) -> None:
    """One pool becomes a row for each variant with what the pool had, so that one of them can be told apart."""
    pool = await tx.fetchrow(
        "DELETE FROM stock WHERE shop_id = $1 AND sku = $2 AND variant = '*' RETURNING mode, available",
        shop_id,
        product.sku,
    )
    if pool is None:
        return
    await tx.execute(
        """INSERT INTO stock (shop_id, sku, variant, mode, available)
           SELECT $1, $2, variant, $4, $5 FROM unnest($3::text[]) AS variant
           ON CONFLICT (shop_id, sku, variant) DO NOTHING""",
        shop_id,
        product.sku,
        product.variants(),
        pool["mode"],
        pool["available"],
    )
