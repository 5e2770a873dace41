"""The seam to a payment provider: one module each fulfils it; `bot.pay` is the door that its calls come through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from kit.db import Pool
    from orders.order.model import Order
    from shop.shops import Shop


@dataclass(frozen=True, slots=True)
class Call:
    """A provider's request as it came: `headers` with lower-case names; `body` is None when it was too large."""

    body: bytes | None
    headers: Mapping[str, str] = field(default_factory=dict)
    post: bool = True


class PaymentProvider(Protocol):
    """One provider of one shop. It never raises for what a stranger sent: that has an answer in its own protocol."""

    @property
    def name(self) -> str:
        """As shop.yaml and the door's address call it."""

    def link(self, order: Order, language: str) -> str:
        """Where the shopper pays what `order` owes; "" when this provider cannot take it (another currency)."""

    async def handle(self, pool: Pool, shop: Shop, call: Call, now: datetime) -> dict[str, Any]:
        """Do what the provider asks and answer in its words. Raises what asyncpg raises when the store is away."""

    def trouble(self, call: Call) -> dict[str, Any]:
        """The answer that makes the provider ask again later: our store is away."""
