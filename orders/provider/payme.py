"""Payme's Merchant API: Payme asks by JSON-RPC, we answer; always HTTP 200, sums in tiyin, times in milliseconds.

Protocol: developer.help.paycom.uz, "Merchant API"; the sandbox's list of cases is tests/test_payme.py.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kit.db import Pool, Tx, transaction
from kit.errors import Refused
from kit.money import to_minor
from orders import fiscal, links
from orders.links import CURRENCY
from orders.order.model import Order, get
from orders.order.moves import lock
from orders.provider import payme_rpc as rpc
from orders.provider import settle, transactions
from orders.provider.payme_rpc import (
    AMOUNT,
    AUTH,
    CANNOT,
    DELIVERED,
    ENDED,
    INTERNAL,
    METHOD,
    NO_ORDER,
    NO_TRANSACTION,
    NOT_POST,
    PAID,
    PARSE,
    RPC,
    Params,
    Result,
    Wrong,
)
from orders.provider.seam import Call
from orders.provider.transactions import CANCELLED, CREATED, LAPSED, LIFE, PAYME, PERFORMED, REVERSED, Transaction

if TYPE_CHECKING:
    from shop.shops import Shop
    from shop.tills import Tills

_STATES = {CREATED: 1, PERFORMED: 2, CANCELLED: -1, LAPSED: -1, REVERSED: -2}
_ORDER = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True, repr=False)
class Payme:
    """The kassa of one shop. `key`: its secret; a shop without one has no door."""

    tills: Tills
    key: str
    name: str = PAYME

    def link(self, order: Order, language: str) -> str:
        """Payme's page for this order."""
        return links.payme(self.tills, order, language)

    def trouble(self, call: Call) -> dict[str, Any]:
        """-32400: Payme asks again."""
        return rpc.answer(rpc.id_of(rpc.read(call.body)), error=Wrong(INTERNAL))

    async def handle(self, pool: Pool, shop: Shop, call: Call, now: datetime) -> dict[str, Any]:
        """One request. The error of a wrong key comes first and says nothing else."""
        request = rpc.read(call.body)
        id_ = rpc.id_of(request)
        try:
            if not call.post:
                raise Wrong(NOT_POST)
            if not self._knows_us(call.headers.get("authorization", "")):
                raise Wrong(AUTH)
            if request is None:
                raise Wrong(PARSE)
            work, params = _method(request)
            return rpc.answer(id_, result=await work(_Work(pool, shop, self.tills, now), params))
        except Wrong as wrong:
            return rpc.answer(id_, error=wrong)

    def _knows_us(self, header: str) -> bool:
        """Whether the caller has the key; compared as bytes, in one time. An empty key opens to nobody."""
        kind, _, said = header.partition(" ")
        try:
            given = base64.b64decode(said.strip(), validate=True)
        except (binascii.Error, ValueError):
            given = b""
        same = hmac.compare_digest(given, f"Paycom:{self.key}".encode())
        return same and kind.lower() == "basic" and bool(self.key)


def _method(request: Any) -> tuple[Callable[[_Work, Params], Awaitable[Result]], Params]:
    """What is asked for. Raises Wrong for what is no request of the protocol."""
    if not isinstance(request, dict) or not isinstance(request.get("method"), str):
        raise Wrong(RPC)
    work = _METHODS.get(request["method"])
    if work is None:
        raise Wrong(METHOD, request["method"][:50])
    params = request.get("params")
    if not isinstance(params, dict):
        raise Wrong(RPC)
    return work, params


# ---- the methods -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Work:
    """One request at work. A `Wrong` that a method returns is answered after what it wrote is committed."""

    pool: Pool
    shop: Shop
    tills: Tills
    now: datetime

    async def check_perform(self, params: Params) -> Result:
        amount, number = rpc.tiyin(params), self._number(params)
        async with transaction(self.pool) as tx:
            order = await self._payable(tx, number, amount)
            if await transactions.live(tx, order, self.now) is not None:
                raise Wrong(CANNOT)
        lines = fiscal.lines(self.shop, order, order.owed)
        return {"allow": True} | ({"detail": _detail(lines)} if lines else {})

    async def create(self, params: Params) -> Result:
        external, at = rpc.external_id(params), rpc.whole(params, "time")
        amount, number = rpc.tiyin(params), self._number(params)
        async with transaction(self.pool) as tx:
            if await transactions.find(tx, self.shop.id, PAYME, external) is None:
                # locked before it is looked up once more: of five that come together one opens it
                order = await self._payable(tx, number, amount, same=external)
                if await transactions.find(tx, self.shop.id, PAYME, external) is None:
                    return await self._begin(tx, order, external, at)
            it, _ = await self._locked(tx, external)
            done = await self._still_open(tx, it)
        if isinstance(done, Wrong):
            raise done
        if (to_minor(it.amount, CURRENCY), it.number) != (amount, number):
            raise Wrong(AMOUNT if it.number == number else CANNOT)
        return _created(it)

    async def _begin(self, tx: Tx, order: Order, external: str, at: int) -> Result:
        if rpc.ms(self.now) - at >= LIFE[PAYME].total_seconds() * 1000:
            raise Wrong(CANNOT)
        if await transactions.live(tx, order, self.now) is not None:
            raise Wrong(CANNOT)
        it = await transactions.begin(tx, order, PAYME, external, self.now, external_at=at)
        if it is None:
            raise Wrong(CANNOT)
        return _created(it)

    async def _still_open(self, tx: Tx, it: Transaction) -> Wrong | None:
        if it.over(self.now):
            await transactions.lapse(tx, it, self.now)
        return None if it.state == CREATED and not it.over(self.now) else Wrong(CANNOT)

    async def perform(self, params: Params) -> Result:
        external = rpc.external_id(params)
        async with transaction(self.pool) as tx:
            it, order = await self._locked(tx, external)
            done = it if it.state == PERFORMED else await self._perform(tx, it, order)
        if isinstance(done, Wrong):
            raise done
        return {"transaction": str(done.id), "perform_time": rpc.ms(done.performed_at), "state": _STATES[done.state]}

    async def _perform(self, tx: Tx, it: Transaction, order: Order) -> Transaction | Wrong:
        """The money is taken only if the order takes it: refused here, Payme gives it back to the payer at once."""
        if wrong := await self._still_open(tx, it):
            return wrong
        try:
            async with tx.transaction():
                performed = await transactions.perform(tx, it, self.now)
                await settle.came(tx, self.shop, it, self.now)
        except Refused:
            await transactions.lapse(tx, it, self.now, transactions.FAILED)
            await settle.refused(tx, it, order)
            return Wrong(CANNOT)
        return performed or Wrong(CANNOT)

    async def cancel(self, params: Params) -> Result:
        external, reason = rpc.external_id(params), params.get("reason")
        if isinstance(reason, bool) or not isinstance(reason, int) or reason not in rpc.REASONS:
            raise Wrong(RPC, "reason")
        async with transaction(self.pool) as tx:
            it, order = await self._locked(tx, external)
            if it.state == PERFORMED:
                if it.placed and order.status in settle.GONE:
                    raise Wrong(DELIVERED)
                it = await transactions.reverse(tx, it, self.now, reason) or it
                await settle.went_back(tx, self.shop, it, self.now)
            elif it.state == CREATED:
                it = await transactions.cancel(tx, it, self.now, reason) or it
        return {"transaction": str(it.id), "cancel_time": rpc.ms(it.cancelled_at), "state": _STATES[it.state]}

    async def check(self, params: Params) -> Result:
        it = await transactions.find(self.pool, self.shop.id, PAYME, rpc.external_id(params))
        if it is None:
            raise Wrong(NO_TRANSACTION)
        return _whole_of(it)

    async def statement(self, params: Params) -> Result:
        since, until = rpc.whole(params, "from"), rpc.whole(params, "to")
        found = await transactions.between(self.pool, self.shop.id, PAYME, since, until)
        return {"transactions": [self._line(it) for it in found]}

    async def set_fiscal_data(self, params: Params) -> Result:
        """Payme registered the receipt (status 0) or could not; the receipt of a refund is another kind."""
        external, told = rpc.external_id(params), params.get("fiscal_data")
        kind = {"PERFORM": fiscal.SALE, "CANCEL": fiscal.REFUND}.get(str(params.get("type", "PERFORM")))
        if not isinstance(told, dict) or kind is None:
            raise Wrong(RPC, "fiscal_data" if kind else "type")
        known = {name: rpc.short(told[name]) for name in rpc.FISCAL if told.get(name) is not None}
        async with transaction(self.pool) as tx:
            it, _ = await self._locked(tx, external)
            try:
                number = f"{known.get('terminal_id', 'payme')}-{known.get('receipt_id', '')}"
                link = str(known.get("qr_code_url") or number)
                if str(known.get("status_code", 0)) == "0":
                    await fiscal.record(
                        tx, self.shop, it.number, link, actor=it.actor, now=self.now, kind=kind, data=known
                    )
            except Refused:
                raise Wrong(RPC, "fiscal_data") from None
        return {"success": True}

    def _line(self, it: Transaction) -> dict[str, Any]:
        return {
            "id": it.external_id,
            "time": it.external_at,
            "amount": to_minor(it.amount, CURRENCY),
            "account": {self.tills.payme_account: str(it.number)},
            **_whole_of(it),
        }

    # ---- the order, and the transaction under its lock ----

    def _number(self, params: Params) -> int:
        """The order's number in the account. Raises Wrong, naming the field."""
        account = params.get("account")
        if not isinstance(account, dict):
            raise Wrong(RPC, "account")
        value = account.get(self.tills.payme_account)
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str) or not _ORDER.fullmatch(text.strip()):
            raise Wrong(NO_ORDER, self.tills.payme_account)
        return int(text)

    async def _payable(self, tx: Tx, number: int, amount: int, *, same: str = "") -> Order:
        """The locked order if it may be paid with this very sum. `same`: a transaction that may be its open one."""
        field = self.tills.payme_account
        if await get(tx, self.shop.id, number) is None:
            raise Wrong(NO_ORDER, field)
        order = await lock(tx, self.shop.id, number)
        if order.currency != CURRENCY:
            raise Wrong(NO_ORDER, field)
        if same and await transactions.find(tx, self.shop.id, PAYME, same) is not None:
            return order
        if not settle.payable(order):
            raise Wrong(ENDED if settle.ended(order) else PAID, field)
        if amount != to_minor(order.owed, CURRENCY):
            raise Wrong(AMOUNT)
        return order

    async def _locked(self, tx: Tx, external: str) -> tuple[Transaction, Order]:
        known = await transactions.find(tx, self.shop.id, PAYME, external)
        if known is None:
            raise Wrong(NO_TRANSACTION)
        order = await lock(tx, self.shop.id, known.number)
        fresh = await transactions.find(tx, self.shop.id, PAYME, external)
        assert fresh is not None  # rows are never deleted
        return fresh, order


def _detail(lines: Sequence[fiscal.Line]) -> dict[str, Any]:
    """The lines in Payme's words: `price` of one piece in tiyin, VAT in it."""
    return {"receipt_type": 0, "items": [_item(line) for line in lines]}


def _item(line: fiscal.Line) -> dict[str, Any]:
    found = {
        "title": line.title,
        "price": line.total // line.qty,
        "count": line.qty,
        "code": line.mxik,
        "package_code": line.package_code,
        "vat_percent": line.vat_percent,
    }
    return found | ({"units": int(line.unit_code)} if line.unit_code else {})


def _created(it: Transaction) -> Result:
    return {"create_time": rpc.ms(it.created_at), "transaction": str(it.id), "state": _STATES[it.state]}


def _whole_of(it: Transaction) -> Result:
    return {
        "create_time": rpc.ms(it.created_at),
        "perform_time": rpc.ms(it.performed_at),
        "cancel_time": rpc.ms(it.cancelled_at),
        "transaction": str(it.id),
        "state": _STATES[it.state],
        "reason": it.reason,
    }


_METHODS: dict[str, Callable[[_Work, Params], Awaitable[Result]]] = {
    "CheckPerformTransaction": _Work.check_perform,
    "CreateTransaction": _Work.create,
    "PerformTransaction": _Work.perform,
    "CancelTransaction": _Work.cancel,
    "CheckTransaction": _Work.check,
    "GetStatement": _Work.statement,
    "SetFiscalData": _Work.set_fiscal_data,
}
