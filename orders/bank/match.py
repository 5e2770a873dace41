"""Which order a credit pays: a comparison of facts that moves nothing and never guesses.

A credit fits an order by the very sum it owes (or its receipt says), the card and the time. Where two fit, or where one
fits and a receipt speaks against another, a person chooses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from orders.order.model import Order

NEAR = timedelta(minutes=5)  # between a receipt's clock and the bank's
_AHEAD = timedelta(hours=1)  # clocks of phones and banks
_BEFORE = timedelta(hours=24)  # some pay before they order; only their receipt can tell
STRONG, PLAIN, AGAINST = "strong", "plain", "against"


@dataclass(frozen=True, slots=True)
class Credit:
    """A row of `money_seen`. `number`: the order it was counted for, None while it is free."""

    id: int
    source: str
    amount: int
    currency: str
    since: datetime
    until: datetime
    last4: str = ""
    sender4: str = ""
    sender: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """What an undecided receipt of an order says; `since` None: it names no date."""

    amount: int
    since: datetime | None
    until: datetime | None
    sender4: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that waits for money, with the receipts nobody has decided on.

    `pressed`: sums a person saw and no credit stands for yet: the bank's message may come after the press.
    """

    order: Order
    receipts: tuple[Claimed, ...] = ()
    pressed: tuple[tuple[int, datetime], ...] = ()

    @property
    def sums(self) -> frozenset[int]:
        """Every sum that may be its money."""
        order = self.order
        way = order.delivery_price if order.delivery.get("paid_by") == "on_arrival" and not order.pickup else 0
        owed = frozenset({order.owed, order.owed + way}) if order.owed else frozenset()
        return owed | {one.amount for one in self.receipts} | {amount for amount, _ in self.pressed}


@dataclass(frozen=True, slots=True)
class Match:
    """`numbers`: orders that may be meant, the likeliest first. `sure`: exactly one fits and nothing speaks against."""

    numbers: tuple[int, ...] = ()
    sure: bool = False
    strong: bool = False

    @property
    def number(self) -> int | None:
        """The one order that fits."""
        return self.numbers[0] if self.sure else None


def match(credit: Credit, waiting: Iterable[Waiting], own: Collection[str], now: datetime) -> Match:
    """The orders a credit may pay."""
    ranked: dict[str, list[int]] = {STRONG: [], PLAIN: [], AGAINST: []}
    for one in waiting:
        how = fits(credit, one, own, now)
        if how:
            ranked[how].append(one.order.number)
    strong, plain, against = ranked[STRONG], ranked[PLAIN], ranked[AGAINST]
    sure = (len(strong) == 1 and not plain) or (not strong and len(plain) == 1 and not against)
    if sure:
        return Match(tuple(strong or plain), sure=True, strong=bool(strong))
    return Match((*strong, *plain, *against))


def fits(credit: Credit, one: Waiting, own: Collection[str], now: datetime) -> str:
    """strong (its receipt says the same) | plain (nothing but sum, card and time) | against (its receipt says another
    time or payer) | "".
    """
    order = one.order
    if credit.currency != order.currency or (credit.last4 and own and credit.last4 not in own):
        return ""
    if credit.amount not in one.sums or credit.since > now + _AHEAD:
        return ""
    said = {_agrees(credit, receipt) for receipt in one.receipts if receipt.amount == credit.amount}
    if STRONG in said:
        return STRONG if credit.until > order.created_at - _BEFORE else ""
    if credit.until <= order.created_at:
        return ""
    if any(amount == credit.amount and credit.since <= at + NEAR for amount, at in one.pressed):
        return PLAIN
    if not order.owed:
        return ""
    return AGAINST if AGAINST in said and PLAIN not in said else PLAIN


def _agrees(credit: Credit, receipt: Claimed) -> str:
    if credit.sender4 and receipt.sender4 and credit.sender4 != receipt.sender4:
        return AGAINST
    if receipt.since is None or receipt.until is None:
        return STRONG if credit.sender4 and credit.sender4 == receipt.sender4 else PLAIN
    near = receipt.since - NEAR < credit.until and credit.since < receipt.until + NEAR
    return STRONG if near else AGAINST
