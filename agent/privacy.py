"""The door to a brain: text without card numbers, CVV or SMS codes. Only this module makes a `Clean`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NewType

from kit.mask import mask, mask_many

Clean = NewType("Clean", str)


def clean(text: str) -> Clean:
    """`text` with every card number, expiry, CVV and code masked."""
    return Clean(mask(text).text)


def clean_burst(texts: Sequence[str]) -> tuple[list[Clean], bool]:
    """The messages of one burst, cleaned together: a card split over two of them is seen too; whether any had one."""
    masked = mask_many(texts)
    return [Clean(one.text) for one in masked], any(one.kinds for one in masked)


def clean_all(texts: Sequence[str]) -> list[Clean]:
    """`clean_burst` for those who need not know whether there was a secret."""
    return clean_burst(texts)[0]
