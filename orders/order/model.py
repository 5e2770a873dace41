"""An order as it was agreed, and reading it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

import asyncpg

from kit.db import Reader
from kit.message import Chat
from orders.cart.totals import way_due
from orders.cart.value import Cart, Line


@dataclass(frozen=True, slots=True)
class Item:
    """A line of an order: `price` is the agreed price of one piece, `title` as it was called then."""

    sku: str
    variant: str
    title: str
    qty: int
    price: int


@dataclass(frozen=True, slots=True)
class Order:
    """A row of `orders` with its items. Sums are in the smallest unit in use of `currency` (kit.money).

    `total`: goods alone. `to_transfer`: asked for in advance. `paid`: seen by a person or a provider. `forgiven`: what
    staff let go of the transfer: to_transfer + forgiven + due_on_arrival = total + delivery, less what came `ahead`.
    """

    shop_id: str
    number: int
    status: str
    key: str
    channel: str
    shopper: str
    language: str
    name: str
    phone: str
    phone2: str
    recipient: str
    address: str
    landmark: str
    latitude: float | None
    longitude: float | None
    delivery: dict[str, Any] = field(hash=False)
    total: int
    currency: str
    to_transfer: int
    paid: int
    due_on_arrival: int
    forgiven: int
    source: str
    track: str
    updates_key: str
    updates_token: str
    holds_stock: bool
    created_at: datetime
    changed_at: datetime
    expires_at: datetime | None
    remind_at: datetime | None
    receipt: int | None
    items: tuple[Item, ...] = ()

    @property
    def chat(self) -> Chat:
        """The conversation it came from."""
        return Chat.of(self.shop_id, self.key)

    @property
    def updates_chat(self) -> Chat:
        """Where the shopper hears of it: the conversation that asked for updates, else the one it came from."""
        return Chat.of(self.shop_id, self.updates_key or self.key)

    @property
    def owed(self) -> int:
        """What is still to be transferred."""
        return max(0, self.to_transfer - self.paid)

    @property
    def settled(self) -> bool:
        """Whether a person saw all that was to be transferred: nobody is asked about that money any more."""
        return not self.owed and self.paid > 0 and self.status in ("paid", "packed", "shipped", "delivered")

    @property
    def came(self) -> int:
        """What was seen, or what a receipt that fits claims: the rest is what a change of the order adds."""
        return self.paid or (self.to_transfer if self.status == "claimed" else 0)

    @property
    def ahead(self) -> int:
        """How much of the arrival a surplus has paid."""
        gap = self.total + self.delivery_price - self.to_transfer - self.forgiven - self.due_on_arrival
        return min(max(0, gap), max(0, self.paid - self.to_transfer))

    @property
    def way_due(self) -> int:
        """The part of `due_on_arrival` that the courier or the post takes."""
        return way_due(self.due_on_arrival, self.delivery_price, self.delivery.get("paid_by"))

    @property
    def delivery_price(self) -> int:
        """The price of the way."""
        return int(self.delivery.get("price", 0))

    @property
    def pickup(self) -> bool:
        """Whether the shopper comes for it."""
        return self.delivery.get("method") == "pickup"

    @property
    def location(self) -> tuple[float, float] | None:
        """The pin."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)

    @property
    def lines(self) -> list[Line]:
        """What it holds on the shelves."""
        return [Line(item.sku, item.variant, item.qty) for item in self.items]

    def cart(self) -> Cart:
        """The order as a cart, to be changed and confirmed again under the same number."""
        pieces: dict[str, int] = {}
        for item in self.items:
            pieces[item.sku] = pieces.get(item.sku, 0) + item.qty
        return Cart(
            lines=self.lines,
            name=self.name,
            phone=self.phone,
            phone2=self.phone2,
            recipient=self.recipient,
            address=self.address,
            landmark=self.landmark,
            location=self.location,
            region=str(self.delivery.get("region") or ""),
            method=str(self.delivery.get("method") or ""),
            declined={"address", "phone_local"},  # what was enough once is not asked again
            checked={f"{item.sku}|{item.variant}" for item in self.items},
            number=self.number,
            came=self.came,
            ahead=self.ahead,
            forgiven=self.forgiven,
            agreed={item.sku: (pieces[item.sku], item.price) for item in self.items},
            source=self.source,
        )


_COLUMNS = tuple(part.name for part in fields(Order) if part.name != "items")


async def of_rows(reader: Reader, shop_id: str, rows: Sequence[asyncpg.Record]) -> list[Order]:
    """Whole orders out of rows of `orders`, in their order."""
    items: dict[int, list[Item]] = {row["number"]: [] for row in rows}
    for row in await reader.fetch(
        """SELECT number, sku, variant, title, qty, price FROM order_items
           WHERE shop_id = $1 AND number = ANY($2::bigint[]) ORDER BY number, line""",
        shop_id,
        list(items),
    ):
        items[row["number"]].append(Item(row["sku"], row["variant"], row["title"], row["qty"], row["price"]))
    return [Order(**{name: row[name] for name in _COLUMNS}, items=tuple(items[row["number"]])) for row in rows]


async def of_row(reader: Reader, row: asyncpg.Record) -> Order:
    """The whole order out of its row."""
    return (await of_rows(reader, row["shop_id"], [row]))[0]


async def get(reader: Reader, shop_id: str, number: int) -> Order | None:
    """The order with this number, None when the shop has none."""
    row = await reader.fetchrow("SELECT * FROM orders WHERE shop_id = $1 AND number = $2", shop_id, number)
    return await of_row(reader, row) if row else None


async def of_chat(reader: Reader, chat: Chat, statuses: Sequence[str] | None = None, *, most: int = 20) -> list[Order]:
    """The newest orders of a conversation, newest first; without `statuses` those that are under way."""
    from orders.order.moves import LIVE

    rows = await reader.fetch(
        """SELECT * FROM orders WHERE shop_id = $1 AND (key = $2 OR updates_key = $2) AND status = ANY($3::text[])
           ORDER BY number DESC LIMIT $4""",
        chat.shop_id,
        chat.key,
        list(LIVE if statuses is None else statuses),
        most,
    )
    return await of_rows(reader, chat.shop_id, rows)


async def count(reader: Reader, shop_id: str, statuses: Sequence[str]) -> int:
    """How many orders of the shop have one of these statuses."""
    found = await reader.fetchval(
        "SELECT count(*) FROM orders WHERE shop_id = $1 AND status = ANY($2::text[])", shop_id, list(statuses)
    )
    return int(found)


async def latest(reader: Reader, shop_id: str, statuses: Sequence[str] | None = None, *, most: int = 20) -> list[Order]:
    """The newest orders of the shop, newest first; of these statuses, or all."""
    rows = await reader.fetch(
        """SELECT * FROM orders WHERE shop_id = $1 AND ($2::text[] IS NULL OR status = ANY($2::text[]))
           ORDER BY number DESC LIMIT $3""",
        shop_id,
        None if statuses is None else list(statuses),
        most,
    )
    return await of_rows(reader, shop_id, rows)
