"""How many are left, and holding them: a conditional UPDATE per row, rows in one order for everybody.

A variant without a row of its own is held from its product's pool "*". `in` has no number to take from; `unknown` is
sold only after staff said it is there. What is held returns with `free`; what was shipped never does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kit.db import Reader, Tx
from kit.errors import Refused
from orders.cart.value import Line

POOL = "*"
COUNTED, IN, UNKNOWN = "counted", "in", "unknown"

# the database's own order of rows: whoever holds several takes them in it (an import locks them so as well)
_ROWS = """SELECT sku, variant, mode, available FROM stock WHERE shop_id = $1 AND sku = ANY($2::text[])
    ORDER BY sku, variant"""
# the row's lock and the check are one statement: of two buyers of the last piece the second waits, then finds none
_TAKE = """UPDATE stock SET available = available - $4
    WHERE shop_id = $1 AND sku = $2 AND variant = $3 AND mode = 'counted' AND available >= $4 RETURNING available"""
_FREE = """UPDATE stock SET available = available + $4
    WHERE shop_id = $1 AND sku = $2 AND variant = $3 AND mode = 'counted'"""


@dataclass(frozen=True, slots=True)
class Shelves:
    """What the stock rows said at one moment: (sku, variant) -> (mode, available)."""

    rows: dict[tuple[str, str], tuple[str, int]]

    def row(self, sku: str, variant: str) -> str | None:
        """The variant under which this one is counted: itself, the pool "*", or None when it is not sold at all."""
        if (sku, variant) in self.rows:
            return variant
        return POOL if (sku, POOL) in self.rows else None

    def left(self, sku: str, variant: str) -> int | None:
        """Pieces left; None where nobody counts (`in` and `unknown`)."""
        row = self.row(sku, variant)
        if row is None:
            return 0
        mode, available = self.rows[sku, row]
        return available if mode == COUNTED else None

    def has(self, sku: str, variant: str, qty: int = 1) -> bool:
        """Whether `qty` pieces may be offered; of what is not counted, as many as one likes."""
        left = self.left(sku, variant)
        return left is None or left >= qty

    def unknown(self, sku: str, variant: str) -> bool:
        """Whether only staff can say if there is any."""
        row = self.row(sku, variant)
        return row is not None and self.rows[sku, row][0] == UNKNOWN


async def shelves(reader: Reader, shop_id: str, skus: Iterable[str]) -> Shelves:
    """The shelves of these products as they stand."""
    rows = await reader.fetch(_ROWS, shop_id, sorted(set(skus)))
    return Shelves({(row["sku"], row["variant"]): (row["mode"], row["available"]) for row in rows})


async def take(tx: Tx, shop_id: str, wants: Sequence[Line], *, checked: Iterable[str] = ()) -> None:
    """Holds all of `wants` or nothing (the caller's transaction is to be rolled back when this raises).

    Refused("order.out_of_stock", sku, variant, left) for the first row with too few; Refused("order.stock_unknown",
    sku, variant) for an uncounted one that staff have not confirmed (`checked` holds "sku|variant").
    """
    await move(tx, shop_id, wants, (), checked=checked)


async def free(tx: Tx, shop_id: str, wants: Sequence[Line]) -> None:
    """Returns held pieces to the shelves."""
    await move(tx, shop_id, (), wants)


async def move(
    tx: Tx, shop_id: str, taken: Sequence[Line], freed: Sequence[Line], *, checked: Iterable[str] = ()
) -> None:
    """Takes and frees in one pass over the rows in sorted order, each by the difference. Raises like `take`.

    Sorted, because an order of X and Y and another of Y and X would otherwise each hold what the other waits for.
    """
    known = await shelves(tx, shop_id, {want.sku for want in (*taken, *freed)})
    confirmed = set(checked)
    need: dict[tuple[str, str], int] = {}
    named: dict[tuple[str, str], Line] = {}
    own: dict[tuple[str, str], int] = {}  # pieces this order gives back count as left for it
    for want in taken:
        if known.unknown(want.sku, want.variant) and f"{want.sku}|{want.variant}" not in confirmed:
            raise Refused("order.stock_unknown", sku=want.sku, variant=want.variant)
        row = (want.sku, known.row(want.sku, want.variant) or want.variant)
        need[row] = need.get(row, 0) + want.qty
        named[row] = want
    for want in freed:
        row = (want.sku, known.row(want.sku, want.variant) or want.variant)
        need[row] = need.get(row, 0) - want.qty
        own[row] = own.get(row, 0) + want.qty
    for row in [*(row for row in known.rows if row in need), *sorted(need.keys() - known.rows.keys())]:
        await _shift(tx, shop_id, known, row, need[row], named.get(row), own.get(row, 0))


async def _shift(
    tx: Tx, shop_id: str, known: Shelves, row: tuple[str, str], qty: int, want: Line | None, own: int
) -> None:
    """Takes `qty` from one row (returns them when negative)."""
    sku, variant = row
    if qty < 0:
        await tx.execute(_FREE, shop_id, sku, variant, -qty)
        return
    if qty == 0 or want is None or known.left(sku, variant) is None:
        return
    if await tx.fetchval(_TAKE, shop_id, sku, variant, qty) is None:
        now = await shelves(tx, shop_id, [sku])
        if now.row(want.sku, want.variant) != known.row(want.sku, want.variant):
            raise Refused("order.not_shown")  # an import has just parted the pool or made one: look again
        left = (now.left(want.sku, want.variant) or 0) + own
        raise Refused("order.out_of_stock", sku=want.sku, variant=want.variant, left=left)
