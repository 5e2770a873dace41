"""The door to a brain: text without card numbers, CVV or SMS codes. Only this module makes a `Clean`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NewType

from kit.mask import mask, mask_many

Clean = NewType("Clean", str)


def clean(text: str) -> Clean:
    """`text` with every card number, expiry, CVV and code masked."""
    return Clean(mask(text).text)


def holds_secrets(texts: Sequence[str]) -> bool:
    """Whether anything of the messages of one burst has to be masked."""
    return any(one.kinds for one in mask_many(texts))


def clean_all(texts: Sequence[str]) -> list[Clean]:
    """The messages of one burst, cleaned together: a card split over two of them is seen too."""
    return [Clean(one.text) for one in mask_many(texts)]
