"""Fiscal receipts as time goes: Click is given the goods of what it took, staff hear of sales without a receipt.

Payme needs no call of ours: it takes the goods with its own question and tells of the receipt by SetFiscalData. Click's
calls are `GET ofd_data/<service>/<payment>` (is there a receipt?) and `POST ofd_data/submit_items`, docs.click.uz.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import structlog

from bot.cron.ticks import Tick
from kit.db import Tx, transaction
from kit.http import make_client
from kit.watch import STORE_AWAY
from orders import fiscal
from orders.order import get
from orders.provider import transactions
from orders.provider.transactions import Transaction

if TYPE_CHECKING:
    from bot.app import App
    from kit.config import ClickConfig
    from shop.shops import Shop

log = structlog.get_logger(__name__)
TRIES = 6  # over some ten hours; then a person issues it, reminded as of any other sale
_NAME = 63  # characters of Click's Name
_UNIT = " dona"  # which Click wants at the end of the name


async def work(app: App, tick: Tick) -> None:
    """What is due in every shop that turned fiscal receipts on."""
    async with make_client(20.0) as client:
        for shop_id in app.shops.ids():
            shop = await app.shops.get(shop_id)
            if not shop.profile.fiscal.enabled:
                continue
            config = app.config.shops[shop_id].click if shop_id in app.config.shops else None
            if config is not None and config.merchant_user_id and config.secret.get_secret_value():
                for it in await transactions.fiscal_due(app.db, shop_id, tick.now, TRIES):
                    await _click(app, tick, client, config, shop, it)
            async with transaction(app.db) as tx:
                await tick.fence(tx)
                await fiscal.remind(tx, shop, tick.now)


async def _click(
    app: App, tick: Tick, client: httpx2.AsyncClient, config: ClickConfig, shop: Shop, it: Transaction
) -> None:
    """One step with one payment: ask for its receipt; where there is none yet, give its goods, once."""
    try:
        link = await _issued(client, config, it, tick.now)
        sent = it.fiscal_sent_at is not None or (not link and await _submit(app, client, config, shop, it, tick.now))
    except (httpx2.HTTPError, ValueError) as error:
        log.warning("click_fiscal_away", shop=shop.id, order=it.number, error=type(error).__name__)
        link, sent = "", it.fiscal_sent_at is not None
    try:
        async with transaction(app.db) as tx:
            await tick.fence(tx)
            await _note(tx, shop, it, link, sent=sent, now=tick.now)
    except STORE_AWAY as error:
        log.warning("click_fiscal_not_noted", shop=shop.id, order=it.number, error=type(error).__name__)


async def _note(tx: Tx, shop: Shop, it: Transaction, link: str, *, sent: bool, now: datetime) -> None:
    if link:
        await fiscal.record(tx, shop, it.number, link, actor=it.actor, now=now, data={"transaction": it.id})
    await transactions.fiscal_tried(
        tx, it, now, sent=sent, again=now + timedelta(minutes=5) * 2**it.fiscal_tries, done=bool(link)
    )


async def _issued(client: httpx2.AsyncClient, config: ClickConfig, it: Transaction, now: datetime) -> str:
    """The link of the receipt; "" while there is none."""
    url = f"{config.api_url}/payment/ofd_data/{config.service_id}/{it.external_id}"
    answer = await client.get(url, headers=_headers(config, now))
    found = _json(answer)
    link = found.get("qrCodeURL")
    return link if isinstance(link, str) and link.startswith("http") else ""


async def _submit(
    app: App, client: httpx2.AsyncClient, config: ClickConfig, shop: Shop, it: Transaction, now: datetime
) -> bool:
    """Gives the goods of a payment; whether Click took them."""
    order = await get(app.db, shop.id, it.number)
    lines = fiscal.lines(shop, order, it.amount) if order else None
    if lines is None:
        return False
    body = {
        "service_id": int(config.service_id),
        "payment_id": int(it.external_id),
        "items": [item(shop, line) for line in lines],
        "received_ecash": 0,
        "received_cash": 0,
        "received_card": sum(line.total for line in lines),
    }
    answer = await client.post(
        f"{config.api_url}/payment/ofd_data/submit_items", json=body, headers=_headers(config, now)
    )
    code = _json(answer).get("error_code")
    if code != 0:
        log.warning("click_fiscal_refused", shop=shop.id, order=it.number, status=answer.status_code, code=str(code))
    return code == 0


def item(shop: Shop, line: fiscal.Line) -> dict[str, Any]:
    """A line in Click's words. `Price` is of all pieces, VAT in it; sums in tiyin."""
    tin = shop.profile.fiscal.tin
    found = {
        "Name": line.title[: _NAME - len(_UNIT)] + _UNIT,
        "SPIC": line.mxik,
        "PackageCode": line.package_code,
        "Price": line.total,
        "Amount": line.qty,
        "VAT": line.vat,
        "VATPercent": line.vat_percent,
        "CommissionInfo": {"PINFL" if len(tin) == 14 else "TIN": tin},
    }
    if line.unit_code:
        found["Units"] = int(line.unit_code)
    if line.total % line.qty == 0:
        found["GoodPrice"] = line.total // line.qty
    return found


def _headers(config: ClickConfig, now: datetime) -> dict[str, str]:
    at = str(int(now.timestamp()))
    digest = hashlib.sha1((at + config.secret.get_secret_value()).encode()).hexdigest()  # noqa: S324  the protocol
    return {"Accept": "application/json", "Auth": f"{config.merchant_user_id}:{digest}:{at}"}


def _json(answer: httpx2.Response) -> dict[str, Any]:
    """The answer's object. Raises ValueError for anything else."""
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found
