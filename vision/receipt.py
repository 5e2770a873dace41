"""A screenshot of a payment -> `Reading`: what it says, and how sure we are of each field.

Reading is local: no AI provider is reachable from here. It knows nothing of orders; whether a receipt fits one is
`orders.receipt`. A field that could not be read is None, never a guess.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from vision.image import Picture

Tails: TypeAlias = str | Collection[str] | None  # ends of cards, four digits each
Box: TypeAlias = tuple[int, int, int, int]  # left, top, right, bottom in px of the picture as it was opened
Status = Literal["success", "pending", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a picture of a payment says.

    `amount`: what reached the receiver, in the smallest unit in use of `currency` (kit.money); `fee`, `total` likewise.
    `currency`: ISO code, "" when none is written.
    `date` is ISO (2026-11-21), `time` "HH:MM", both as the screenshot shows them.
    `last4` is of the receiver's card, `sender_last4` of the payer's; `phone` is the receiver's, E.164 if whole.
    `fields`: confidence 0..1 of each field that was read; of `currency` also where a sum's sign could not be.
    `boxes`: where each of them stands in the picture (on the page, in a PDF).
    `amounts`: other sums that claim to be the amount, when the picture contradicts itself.
    `numbers`: every long run of digits seen, as a fingerprint of the picture.
    `amount_present`, `last4_present`: whether what was expected stands in it; None when nothing was expected.
    `amount_asked`: the sum that `amount_present` speaks of; of another order's sum it says nothing.
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
    boxes: Mapping[str, Box] = field(default_factory=dict)
    amounts: tuple[int, ...] = ()
    numbers: tuple[str, ...] = ()
    amount_present: bool | None = None
    last4_present: bool | None = None
    amount_asked: int | None = None

    def dump(self) -> dict[str, Any]:
        """JSON-ready data; `load` is the reverse."""
        return {
            **asdict(self),
            "fields": dict(self.fields),
            "boxes": {name: list(box) for name, box in self.boxes.items()},
            "amounts": list(self.amounts),
            "numbers": list(self.numbers),
        }

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Reading:
        """The Reading that `dump` wrote."""
        boxes = {name: tuple(box) for name, box in data.get("boxes", {}).items()}
        lists = {name: tuple(data.get(name, ())) for name in ("amounts", "numbers")}
        return cls(**{**data, **lists, "boxes": boxes})


async def read(data: bytes, *, expect_amount: int | None = None, expect_last4: Tails = None) -> Reading:
    """What the bytes of a picture or a PDF say, read on this machine in 1.5 to 3 s, one picture at a time.

    `expect_last4`: the tail of the shop's card, or of each of its cards: any of them is right.

    Raises Refused `picture.*` for what is no picture, Unavailable when the reader cannot run: then a person must look.
    """
    from vision import child, receipt_fields, work  # the words are loaded with the first picture

    found = await child.the_child().read(data)
    return await work.run(receipt_fields.parse, found, expect_amount=expect_amount, expect_last4=expect_last4)


def close() -> None:
    """End the reader's child, if it runs. It also ends by itself, with us or after five idle minutes."""
    from vision import child

    child.the_child().close()


def looks_like_receipt(picture: Picture) -> float:
    """0..1, without reading a letter, in under 60 ms; below 0.2 it is surely no payment. Blocks."""
    from vision import receipt_look

    return receipt_look.likeness(picture.array)


def look(picture: Picture) -> int:
    """64 bits of how it looks; `vision.receipt_look.look`. Blocks for 2 ms."""
    from vision import receipt_look

    return receipt_look.look(picture.array)


def marked(picture: Picture, reading: Reading) -> bytes | None:
    """The picture as `vision.image.strip` gives it, with a frame around each thing that was read in it; None where
    nothing has a place. Blocks for 50 ms.
    """
    from vision import receipt_marks

    return receipt_marks.marked(picture.array, reading.boxes)
