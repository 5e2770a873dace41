"""A screenshot of a payment -> `Reading`: what it says, and how sure we are of each field.

Reading is local: no AI provider is reachable from here. It knows nothing of orders; whether a receipt fits one is
`orders.receipt`. A field that could not be read is None, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Status = Literal["success", "pending", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a picture of a payment says.

    `amount`: what reached the receiver, in the smallest unit in use of `currency` (kit.money); `fee`, `total` likewise.
    `currency`: ISO code, "" when none is written.
    `date` is ISO (2026-11-21), `time` "HH:MM", both as the screenshot shows them.
    `last4` is of the receiver's card, `sender_last4` of the payer's; `phone` is the receiver's, E.164 if whole.
    `fields`: confidence 0..1 of each field that was read.
    `numbers`: every long run of digits seen, as a fingerprint of the picture.
    `amount_present`, `last4_present`: whether what was expected stands in it; None when nothing was expected.
    """

    is_receipt: bool = False
    amount: int | None = None
    currency: str = ""
    fee: int | None = None
    total: int | None = None
    date: str | None = None
    time: str | None = None
    last4: str | None = None
    sender_last4: str | None = None
    receiver_name: str = ""
    phone: str = ""
    transaction_id: str | None = None
    status: Status = "unknown"
    app: str = ""
    fields: Mapping[str, float] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    amount_present: bool | None = None
    last4_present: bool | None = None

    def dump(self) -> dict[str, Any]:
        """JSON-ready data; `load` is the reverse."""
        return {**asdict(self), "fields": dict(self.fields), "numbers": list(self.numbers)}

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Reading:
        """The Reading that `dump` wrote."""
        return cls(**{**data, "numbers": tuple(data.get("numbers", ()))})
