"""Orders for scripts: exactly the fields of `main.py orders --json` (docs name it the contract for scripts)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC
from typing import Any

from kit.db import Reader
from orders.order.model import Order, of_rows

_PAGE = 500  # orders read at once: 10 000 of them never stand in memory together


async def list_json(reader: Reader, shop_id: str) -> AsyncIterator[dict[str, Any]]:
    """Every placed order of the shop, the oldest first, as JSON-ready data. Drafts are carts and are not listed."""
    last = 0
    while True:
        rows = await reader.fetch(
            "SELECT * FROM orders WHERE shop_id = $1 AND number > $2 ORDER BY number LIMIT $3", shop_id, last, _PAGE
        )
        if not rows:
            return
        orders = await of_rows(reader, shop_id, rows)
        receipts = await _receipts(reader, shop_id, orders)
        for order in orders:
            yield as_json(order, receipts.get(order.receipt or 0))
        last = orders[-1].number


async def _receipts(reader: Reader, shop_id: str, orders: list[Order]) -> dict[int, dict[str, Any]]:
    """The newest receipt of each order, by its id."""
    rows = await reader.fetch(
        "SELECT id, verdict, reasons FROM receipts WHERE shop_id = $1 AND id = ANY($2::bigint[])",
        shop_id,
        [order.receipt for order in orders if order.receipt],
    )
    return {row["id"]: {"verdict": list(row["verdict"]), "reasons": row["reasons"]} for row in rows}


def as_json(order: Order, receipt: dict[str, Any] | None) -> dict[str, Any]:
    """One order as scripts read it. Sums are whole units of the currency's smallest unit in use.

    `forgiven` is there only where staff accepted less: to_transfer is then what they accepted.
    """
    forgiven = {"forgiven": order.forgiven} if order.forgiven else {}
    return {
        "number": str(order.number),
        "status": order.status,
        "items": [
            {"sku": item.sku, "variant": item.variant, "qty": item.qty, "price": item.price} for item in order.items
        ],
        "total": order.total,
        "currency": order.currency,
        "name": order.name,
        "phone": order.phone,
        "phone2": order.phone2,
        "recipient": order.recipient,
        "address": order.address,
        "landmark": order.landmark,
        "location": list(order.location) if order.location else None,
        "delivery": {name: order.delivery.get(name) for name in ("method", "region", "price", "paid_by")},
        "to_transfer": order.to_transfer,
        **forgiven,
        "paid": order.paid,
        "due_on_arrival": order.due_on_arrival,
        "channel": order.channel,
        "shopper": order.shopper,
        "source": order.source,
        "receipt": receipt,
        "created_at": order.created_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }
