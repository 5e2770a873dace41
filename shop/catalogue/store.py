"""An import written in one transaction: products added and changed, stock set to the shelf less what is promised.

Rows that say what the shop knows already change nothing; products missing from the file stay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kit.db import Tx
from shop.audit import note
from shop.catalogue.product import Product, from_row
from shop.catalogue.rows import RefusedRow, Row
from shop.catalogue.stock import HOLDING, POOL, StockCell, find_variant
from shop.changes import changed

_CHUNK = 500  # rows a statement: 15 s of statement_timeout are never near
_FIELDS = {  # a column of the file -> fields of the product it gives
    **{name: (name,) for name in ("title_uz", "title_ru", "description", "category", "price", "currency", "sizes")},
    **{name: (name,) for name in ("colors", "old_price", "min_price", "qty_price", "photo")},
    **dict.fromkeys(("mxik", "package_code", "unit_code", "vat_percent"), ("fiscal",)),
}


@dataclass(slots=True)
class ImportResult:
    """What an import did. `to_index`: (sku, stored name) of pictures that are new to the shop."""

    rows: int = 0
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    to_index: list[tuple[str, str]] = field(default_factory=list)


async def apply(
    tx: Tx,
    shop_id: str,
    rows: Sequence[Row],
    *,
    photos: Mapping[str, tuple[str, ...]] | None = None,
    actor: str = "import",
) -> ImportResult:
    """Writes `rows`; `photos` are the stored names of each sku's pictures (a sku without any keeps those it has).

    Every lock is taken in the order of skus, products before stock, as orders do.
    """
    result = ImportResult(rows=len(rows))
    skus = sorted(row.product.sku for row in rows)
    known = await _known(tx, shop_id, skus)
    changes: list[Product] = []
    for row in rows:
        old = known.get(row.product.sku)
        product = _merged(row, old, (photos or {}).get(row.product.sku, ()))
        result.to_index += [(product.sku, name) for name in product.photos if old is None or name not in old.photos]
        if product != old:
            changes.append(product)
            (result.updated if old else result.added).append(product.sku)
    await _write(tx, shop_id, changes)
    restocked = await _restock(tx, shop_id, rows, known)
    result.updated += sorted(restocked - set(result.updated) - set(result.added))
    result.unchanged = len(rows) - len(result.added) - len(result.updated)
    if result.added or result.updated:
        await changed(tx, shop_id)
        await note(tx, shop_id, actor, "catalogue.imported", added=len(result.added), updated=len(result.updated))
    return result


async def _known(tx: Tx, shop_id: str, skus: list[str]) -> dict[str, Product]:
    rows = await tx.fetch(
        "SELECT * FROM products WHERE shop_id = $1 AND sku = ANY($2) ORDER BY sku FOR UPDATE", shop_id, skus
    )
    return {row["sku"]: from_row(row) for row in rows}


def _merged(row: Row, old: Product | None, photos: tuple[str, ...]) -> Product:
    """The product after the import: columns that the file lacks keep what the shop has."""
    new = row.product
    if old is not None:
        given = {name for column in row.given for name in _FIELDS.get(column, ())}
        kept = [name for names in _FIELDS.values() for name in names if name not in given]
        if "title_uz" not in row.given:
            kept.append("title_uz")
        # of four columns that are one field, those that the file lacks keep their values too
        codes = {name: value for name, value in old.fiscal.items() if name not in row.given} | new.fiscal
        new = replace(new, active=old.active, photos=old.photos, fiscal=codes)
        new = replace(new, **{name: getattr(old, name) for name in kept})
    return replace(new, photos=photos) if photos else new


async def _write(tx: Tx, shop_id: str, products: Sequence[Product]) -> None:
    for start in range(0, len(products), _CHUNK):
        await tx.execute(
            """INSERT INTO products (shop_id, sku, title_uz, title_ru, description, category, price, currency, sizes,
                   colors, old_price, min_price, qty_price, fiscal, photo, photos, active)
               SELECT $1, p.* FROM jsonb_to_recordset($2) AS p (sku text, title_uz text, title_ru text,
                   description text, category text, price bigint, currency text, sizes text[], colors text[],
                   old_price bigint, min_price bigint, qty_price jsonb, fiscal jsonb, photo text, photos text[],
                   active boolean)
               ORDER BY p.sku
               ON CONFLICT (shop_id, sku) DO UPDATE SET title_uz = EXCLUDED.title_uz, title_ru = EXCLUDED.title_ru,
                   description = EXCLUDED.description, category = EXCLUDED.category, price = EXCLUDED.price,
                   currency = EXCLUDED.currency, sizes = EXCLUDED.sizes, colors = EXCLUDED.colors,
                   old_price = EXCLUDED.old_price, min_price = EXCLUDED.min_price, qty_price = EXCLUDED.qty_price,
                   fiscal = EXCLUDED.fiscal, photo = EXCLUDED.photo, photos = EXCLUDED.photos,
                   active = EXCLUDED.active, changed_at = now()""",
            shop_id,
            [_data(product) for product in products[start : start + _CHUNK]],
        )


def _data(product: Product) -> dict[str, Any]:
    names = (
        *("sku", "title_uz", "title_ru", "description", "category", "price", "currency", "sizes", "colors"),
        *("old_price", "min_price", "fiscal", "photo", "photos", "active"),
    )
    return {name: getattr(product, name) for name in names} | {
        "qty_price": {str(least): price for least, price in product.qty_price}
    }


async def save(tx: Tx, shop_id: str, product: Product) -> None:
    """Writes one product as it is (added by staff, price changed, hidden); its stock is another verb's."""
    await _write(tx, shop_id, [product])
    await changed(tx, shop_id)


# ---- stock -----------------------------------------------------------------------------------------------------------


async def _restock(tx: Tx, shop_id: str, rows: Sequence[Row], known: Mapping[str, Product]) -> set[str]:
    """Sets the stock that the file states; the skus whose stock changed.

    The rows are locked first and what orders hold is counted after that: an order placed meanwhile waited for us, or we
    waited for it and see it.
    """
    stated = {row.product.sku: row.stock for row in rows if row.stock is not None}
    stated |= {
        row.product.sku: (StockCell(POOL, "unknown"),)
        for row in rows
        if row.stock is None and row.product.sku not in known
    }
    have = await _locked(tx, shop_id, sorted(stated))
    promised = await _promised(tx, shop_id, {row.product.sku: row.product for row in rows if row.product.sku in stated})
    want: dict[tuple[str, str], tuple[str, int]] = {}
    for sku, cells in stated.items():
        for cell in cells:
            held = promised.get((sku, cell.variant), 0)
            want[sku, cell.variant] = (cell.mode, max(0, cell.count - held) if cell.mode == "counted" else 0)
    gone = [key for key in have if key not in want]
    new = [key for key, state in want.items() if have.get(key) != state]
    await _drop(tx, shop_id, gone)
    await _put(tx, shop_id, {key: want[key] for key in new})
    return {sku for sku, _ in (*gone, *new)}


async def _locked(tx: Tx, shop_id: str, skus: list[str]) -> dict[tuple[str, str], tuple[str, int]]:
    rows = await tx.fetch(
        """SELECT sku, variant, mode, available FROM stock WHERE shop_id = $1 AND sku = ANY($2)
           ORDER BY sku, variant FOR UPDATE""",
        shop_id,
        skus,
    )
    return {
        (row["sku"], row["variant"]): (row["mode"], row["available"] if row["mode"] == "counted" else 0) for row in rows
    }


async def _promised(tx: Tx, shop_id: str, products: Mapping[str, Product]) -> dict[tuple[str, str], int]:
    """Pieces in placed, unshipped orders: by variant, and of the whole product under the pool.

    An order keeps the variant as it was spelled then: `S/ko'k` is promised of today's `S/koʻk`.
    """
    rows = await tx.fetch(
        """SELECT i.sku, i.variant, sum(i.qty)::int AS pieces
           FROM order_items i JOIN orders o ON o.shop_id = i.shop_id AND o.number = i.number
           WHERE i.shop_id = $1 AND i.sku = ANY($2) AND o.holds_stock AND o.status = ANY($3)
           GROUP BY i.sku, i.variant""",
        shop_id,
        sorted(products),
        list(HOLDING),
    )
    promised: Counter[tuple[str, str]] = Counter()
    for row in rows:
        variant = find_variant(products[row["sku"]], row["variant"]) or row["variant"]
        promised[row["sku"], variant] += row["pieces"]
        promised[row["sku"], POOL] += row["pieces"]
    return promised


async def _drop(tx: Tx, shop_id: str, keys: Sequence[tuple[str, str]]) -> None:
    await tx.execute(
        """DELETE FROM stock USING jsonb_to_recordset($2) AS g (sku text, variant text)
           WHERE stock.shop_id = $1 AND stock.sku = g.sku AND stock.variant = g.variant""",
        shop_id,
        [{"sku": sku, "variant": variant} for sku, variant in keys],
    )


async def _put(tx: Tx, shop_id: str, states: Mapping[tuple[str, str], tuple[str, int]]) -> None:
    items = [
        {"sku": sku, "variant": variant, "mode": mode, "available": available}
        for (sku, variant), (mode, available) in sorted(states.items())
    ]
    for start in range(0, len(items), 10 * _CHUNK):
        await tx.execute(
            """INSERT INTO stock (shop_id, sku, variant, mode, available)
               SELECT $1, s.sku, s.variant, s.mode, s.available
               FROM jsonb_to_recordset($2) AS s (sku text, variant text, mode text, available int)
               ON CONFLICT (shop_id, sku, variant) DO UPDATE
               SET mode = EXCLUDED.mode, available = EXCLUDED.available""",
            shop_id,
            items[start : start + 10 * _CHUNK],
        )
