"""What the card of one notice speaks of: its order, its shopper, the reader's pen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.staff.cards import Pen
from kit.message import Chat, Notice

if TYPE_CHECKING:
    from kit.db import Reader
    from orders.order import Order


@dataclass(frozen=True)
class Case:
    """A notice with what its card speaks of."""

    reader: Reader
    pen: Pen
    notice: Notice
    chat: Chat | None
    order: Order | None
    name: str
    channel: str

    @property
    def facts(self) -> dict[str, Any]:
        """What the sender of the notice knew."""
        return self.notice.facts

    def say(self, key: str, **facts: Any) -> str:
        """A sentence that may name the shopper and the platform."""
        return self.pen.say(key, name=self.name, channel=self.channel, **facts)
