"""Click's SHOP API: Click asks twice by a signed form (Prepare, Complete), we answer JSON; sums in so'm as text.

Protocol: docs.click.uz, "click-api-request"; Click's own list of cases is tests/test_click.py. At Complete the
money has left the shopper's card: we may not say no any more, what the order cannot take waits for a person.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from kit.db import Pool, Tx, transaction
from orders import links
from orders.links import CURRENCY
from orders.order.model import Order, get
from orders.order.moves import lock
from orders.provider import settle, transactions
from orders.provider.seam import Call
from orders.provider.transactions import CANCELLED, CLICK, CREATED, PERFORMED, REVERSED, Transaction

if TYPE_CHECKING:
    from shop.shops import Shop
    from shop.tills import Tills

_MOST_FIELDS = 40
_NUMBER = re.compile(r"[0-9]{1,18}")  # bigint in Click's words
_SUM = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")
_SIGNED = ("click_trans_id", "service_id", "merchant_trans_id", "amount", "action", "sign_time", "sign_string", "error")
PREPARE, COMPLETE = "0", "1"

OK, SIGN, AMOUNT, ACTION, PAID, NO_ORDER, NO_PREPARE, FAILED, BAD, CANCEL = 0, -1, -2, -3, -4, -5, -6, -7, -8, -9
# Click shows none of these to a shopper; they are read by whoever looks into the cabinet
_NOTES = {
    OK: "Success",
    SIGN: "SIGN CHECK FAILED!",
    AMOUNT: "Incorrect parameter amount",
    ACTION: "Action not found",
    PAID: "Already paid",
    NO_ORDER: "Order does not exist",
    NO_PREPARE: "Transaction does not exist",
    FAILED: "Another payment of this order is under way, or the shop is busy: try again later",
    BAD: "Error in request from click",
    CANCEL: "Transaction cancelled",
}
Form = dict[str, str]
# how a request ended, and our number of the transaction it was about
Outcome = tuple[int, int | None]


@dataclass(frozen=True, slots=True, repr=False)
class Click:
    """The service of one shop. `secret`: its SECRET_KEY; a shop without one has no door."""

    tills: Tills
    service_id: str
    secret: str
    name: str = CLICK

    def link(self, order: Order, language: str) -> str:
        """Click's page for this order."""
        return links.click(self.tills, order, language)

    def trouble(self, call: Call) -> dict[str, Any]:
        """-7: Click asks again or cancels."""
        return _answer(_form(call.body) or {}, (FAILED, None))

    async def handle(self, pool: Pool, shop: Shop, call: Call, now: datetime) -> dict[str, Any]:
        """One request: its form, its signature, its action; then the order."""
        form = _form(call.body) if call.post else None
        if form is None or (wrong := self._wrong(form)) == BAD:
            return _answer(form or {}, (BAD, None))
        if wrong:
            return _answer(form, (wrong, None))
        work = _Work(shop, form, now)
        async with transaction(pool) as tx:
            outcome = await (work.prepare(tx) if form["action"] == PREPARE else work.complete(tx))
        return _answer(form, outcome)

    def _wrong(self, form: Form) -> int:
        """What is wrong with the form itself; 0 when it is Click's."""
        if any(name not in form for name in _SIGNED) or not _NUMBER.fullmatch(form["click_trans_id"]):
            return BAD
        if form["action"] == COMPLETE and "merchant_prepare_id" not in form:
            return BAD
        if not hmac.compare_digest(form["sign_string"].lower().encode(), self._signature(form).encode()):
            return SIGN
        if form["action"] not in (PREPARE, COMPLETE):
            return ACTION
        return BAD if form["service_id"] != self.service_id or not re.fullmatch(r"-?\d{1,9}", form["error"]) else 0

    def _signature(self, form: Form) -> str:
        """The MD5 that Click's protocol asks for, over the very text that came."""
        prepared = form.get("merchant_prepare_id", "") if form["action"] == COMPLETE else ""
        order = form["merchant_trans_id"] + prepared
        text = form["click_trans_id"] + form["service_id"] + self.secret + order
        text += form["amount"] + form["action"] + form["sign_time"]
        return hashlib.md5(text.encode()).hexdigest()  # noqa: S324  the provider's protocol


def _form(body: bytes | None) -> Form | None:
    """The fields; None for what is no form, or names a field twice: the signature would stand for one of them."""
    try:
        text = (body or b"").decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_FIELDS)
    except (UnicodeDecodeError, ValueError):
        return None
    form = dict(pairs)
    return form if len(form) == len(pairs) and all(_is_plain(part) for pair in pairs for part in pair) else None


def _is_plain(text: str) -> bool:
    """Whether the database and a JSON answer can hold it: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any(0xD800 <= ord(letter) < 0xE000 for letter in text)


def _answer(form: Form, outcome: Outcome) -> dict[str, Any]:
    code, id_ = outcome
    ours = "merchant_confirm_id" if form.get("action") == COMPLETE else "merchant_prepare_id"
    theirs = form.get("click_trans_id", "")
    return {
        "click_trans_id": int(theirs) if _NUMBER.fullmatch(theirs) else None,
        "merchant_trans_id": form.get("merchant_trans_id", "")[:100],
        ours: id_,
        "error": code,
        "error_note": _NOTES[code],
    }


@dataclass(frozen=True, slots=True)
class _Work:
    """A request whose signature is right."""

    shop: Shop
    form: Form
    now: datetime

    async def prepare(self, tx: Tx) -> Outcome:
        """May the shopper pay? What is prepared keeps the order and its goods for `payment.PAYING`."""
        order = await self._order(tx)
        if order is None:
            return NO_ORDER, None
        external = self.form["click_trans_id"]
        known = await transactions.find(tx, self.shop.id, CLICK, external)
        if known is not None:
            return self._again(known, order)
        if settle.ended(order):
            return CANCEL, None
        if not settle.payable(order):
            return PAID, None
        if self._so_m() != order.owed:
            return AMOUNT, None
        if self.failed or await transactions.live(tx, order, self.now) is not None:
            return (CANCEL if self.failed else FAILED), None
        it = await transactions.begin(tx, order, CLICK, external, self.now)
        return (OK, it.id) if it else (FAILED, None)

    def _again(self, known: Transaction, order: Order) -> Outcome:
        """The same Prepare once more: the same answer while it is open."""
        if known.number != order.number:
            return BAD, None
        if known.state in (CANCELLED, REVERSED):
            return CANCEL, known.id
        if known.state == PERFORMED:
            return PAID, known.id
        if self._so_m() != known.amount:
            return AMOUNT, known.id
        return (OK, known.id) if known.state == CREATED else (CANCEL, known.id)

    async def complete(self, tx: Tx) -> Outcome:
        """The money was taken (error 0), or it was not and never will be (error below 0)."""
        order = await self._order(tx)
        if order is None:
            return NO_ORDER, None
        it = await transactions.find(tx, self.shop.id, CLICK, self.form["click_trans_id"])
        if it is None or it.number != order.number or self.form["merchant_prepare_id"] != str(it.id):
            return NO_PREPARE, None
        if self.failed:
            return await self._cancel(tx, it)
        if it.state in (CANCELLED, REVERSED):
            return CANCEL, it.id
        if it.state == PERFORMED:
            return PAID, it.id
        if self._so_m() != it.amount:
            return AMOUNT, it.id
        if await transactions.perform(tx, it, self.now, late=True) is None:
            return FAILED, it.id
        await settle.came_anyway(tx, self.shop, it, self.now)
        return OK, it.id

    async def _cancel(self, tx: Tx, it: Transaction) -> Outcome:
        """Click's word is the last: what it cancels is cancelled, also when it was paid and its parcel has left."""
        if it.state == PERFORMED:
            it = await transactions.reverse(tx, it, self.now, None) or it
            await settle.went_back(tx, self.shop, it, self.now)
        else:
            await transactions.cancel(tx, it, self.now, None)
        return CANCEL, it.id

    @property
    def failed(self) -> bool:
        """Whether Click says that there is no money."""
        return int(self.form["error"]) < 0

    async def _order(self, tx: Tx) -> Order | None:
        number = self.form["merchant_trans_id"].strip()
        if not re.fullmatch(r"[0-9]{1,12}", number) or await get(tx, self.shop.id, int(number)) is None:
            return None
        order = await lock(tx, self.shop.id, int(number))
        return order if order.currency == CURRENCY else None

    def _so_m(self) -> int | None:
        """The sum in whole so'm; None when it has tiyin in it, or is no sum: then it is never the one asked for."""
        text = self.form["amount"]
        if not _SUM.fullmatch(text):
            return None
        value = Decimal(text)
        return int(value) if value == value.to_integral_value() else None
