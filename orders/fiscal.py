"""The fiscal receipt of a sale: the lines a provider registers it with, that it was issued, who still waits for one.

It refuses to know the tax office: a provider or a person issues the receipt, here it is prepared and noted. Nothing of
it happens in a shop whose `fiscal.enabled` is false, save what staff note themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from kit import outbox
from kit.db import Reader, Tx
from kit.errors import Refused
from kit.message import Notice, Reply
from kit.words import say
from orders import told
from orders.order.model import Order, get
from shop import audit

if TYPE_CHECKING:
    from shop.shops import Shop

SALE, REFUND = "sale", "refund"
CODE_DIGITS = 17  # of an MXIK (IKPU, SPIC) in tasnif.soliq.uz; a shorter one names a group of goods
_LINK = re.compile(r"https?://[^\s/]+\.[^\s/]+/\S{1,300}")
_NUMBER = re.compile(r"(?=.*\d)[A-Za-z0-9/-]{4,60}")
_PATIENCE = timedelta(days=7)  # older sales are the accountant's: nobody is reminded of a whole past at once
_MOST = 20  # reminders of one shop a look

_MISSING = """SELECT DISTINCT p.number FROM payments AS p
    JOIN orders AS o ON o.shop_id = p.shop_id AND o.number = p.number
    WHERE p.shop_id = $1 AND p.amount > 0 AND p.at <= $2 AND p.at > $3 AND o.paid > 0
        AND o.status IN ('paid', 'packed', 'shipped', 'delivered')
        AND NOT EXISTS (SELECT FROM fiscal_receipts AS f
            WHERE f.shop_id = $1 AND f.number = p.number AND f.kind = 'sale')
        AND NOT EXISTS (SELECT FROM audit AS a
            WHERE a.shop_id = $1 AND a.about = 'order:' || p.number AND a.verb = 'fiscal.reminded')
    ORDER BY p.number LIMIT $4"""


# ---- the lines -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a fiscal receipt. `total`: of all `qty` pieces with the VAT in it, in tiyin."""

    title: str
    qty: int
    total: int
    mxik: str
    package_code: str
    unit_code: str
    vat_percent: int

    @property
    def vat(self) -> int:
        """The VAT that is in `total`, half a tiyin up."""
        return (self.total * self.vat_percent * 2 + 100 + self.vat_percent) // (2 * (100 + self.vat_percent))


def lines(shop: Shop, order: Order, amount: int) -> list[Line] | None:
    """What `amount` (so'm) of this order is paid for, to the tiyin; None when a code is missing or fiscal is off.

    A part of the sum (a deposit, a rest) is spread over all that the order holds, in proportion.
    """
    if not shop.profile.fiscal.enabled or lacking(shop, order):
        return None
    goods = [_of_item(shop, order, at) for at in range(len(order.items))]
    whole = goods + _way(shop, order)
    full = sum(line.total for line in whole)
    if not 0 < amount * 100 <= full:
        return None
    return whole if amount * 100 == full else _spread(whole, amount * 100, full)


def lacking(shop: Shop, order: Order) -> list[str]:
    """What keeps the order from a receipt by itself: titles of products without a whole MXIK and a package code."""
    missing = []
    for item in order.items:
        product = shop.products.get(item.sku)
        fiscal = product.fiscal if product else {}
        if len(str(fiscal.get("mxik", ""))) != CODE_DIGITS or not fiscal.get("package_code"):
            missing.append(item.title)
    way = shop.profile.fiscal.delivery
    if _way_paid(order) and not (way.mxik and way.package_code):
        missing.append(say("uz", "pay.fiscal_way"))
    return list(dict.fromkeys(missing))


def _of_item(shop: Shop, order: Order, at: int) -> Line:
    item = order.items[at]
    fiscal = shop.products[item.sku].fiscal
    title = f"{item.title} ({item.variant})" if item.variant else item.title
    vat = int(fiscal.get("vat_percent", shop.profile.fiscal.vat_percent))
    codes = (str(fiscal["mxik"]), str(fiscal["package_code"]), str(fiscal.get("unit_code", "")))
    return Line(title, item.qty, item.qty * item.price * 100, *codes, vat)


def _way_paid(order: Order) -> int:
    """The price of the way where it is paid together with the goods."""
    return order.delivery_price if order.delivery.get("paid_by") == "now" else 0


def _way(shop: Shop, order: Order) -> list[Line]:
    price, way = _way_paid(order), shop.profile.fiscal.delivery
    title = say("uz", "pay.fiscal_way")
    return [Line(title, 1, price * 100, way.mxik, way.package_code, "", way.vat_percent)] if price else []


def _spread(whole: Sequence[Line], amount: int, full: int) -> list[Line]:
    """`amount` tiyin over the lines in proportion; what is left of rounding goes to the last one it does not empty."""
    shares = [line.total * amount // full for line in whole]
    shares[max(range(len(shares)), key=shares.__getitem__)] += amount - sum(shares)
    return [
        Line(
            say("uz", "pay.fiscal_advance", title=line.title, qty=line.qty),
            1,
            share,
            line.mxik,
            line.package_code,
            line.unit_code,
            line.vat_percent,
        )
        for line, share in zip(whole, shares, strict=True)
        if share
    ]


# ---- that one was issued ---------------------------------------------------------------------------------------------


async def record(
    tx: Tx,
    shop: Shop,
    number: int,
    reference: str,
    *,
    actor: str,
    now: datetime,
    kind: str = SALE,
    data: dict[str, Any] | None = None,
) -> bool:
    """Notes a fiscal receipt by its link or number, and gives the shopper the link; False when it was noted before.

    Refused: order.none, fiscal.reference (neither a link nor a number).
    """
    reference = reference.strip()
    if not _LINK.fullmatch(reference) and not _NUMBER.fullmatch(reference):
        raise Refused("pay.fiscal_reference")
    order = await get(tx, shop.id, number)
    if order is None:
        raise Refused("order.none", number=number)
    id_ = await tx.fetchval(
        """INSERT INTO fiscal_receipts (shop_id, number, kind, reference, actor, data, at)
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id""",
        shop.id,
        number,
        kind,
        reference,
        actor,
        data or {},
        now,
    )
    if id_ is None:
        return False
    await audit.note(tx, shop.id, actor, f"fiscal.{kind}", f"order:{number}", reference=reference)
    if kind == SALE and reference.startswith("http"):
        await told.tell(tx, shop, order, reply=_link(reference), event=f"fiscal:{id_}")
    return True


def _link(reference: str) -> told.Words:
    def words(shop: Shop, order: Order, language: str) -> Reply:
        return Reply(say(language, "pay.fiscal_receipt", number=order.number, link=reference))

    return words


async def of_order(reader: Reader, shop_id: str, number: int) -> list[str]:
    """Links or numbers of an order's sale receipts, the oldest first."""
    rows = await reader.fetch(
        "SELECT reference FROM fiscal_receipts WHERE shop_id = $1 AND number = $2 AND kind = 'sale' ORDER BY id",
        shop_id,
        number,
    )
    return [row["reference"] for row in rows]


async def remind(tx: Tx, shop: Shop, now: datetime) -> int:
    """Tells staff, once each, of orders whose money is here and whose fiscal receipt is not; how many."""
    if not shop.profile.fiscal.enabled:
        return 0
    late = now - timedelta(minutes=shop.profile.fiscal.remind_minutes)
    rows = await tx.fetch(_MISSING, shop.id, late, now - _PATIENCE, _MOST)
    for row in rows:
        order = await get(tx, shop.id, row["number"])
        assert order is not None
        about = f"order:{order.number}"
        await audit.note(tx, shop.id, "cron", "fiscal.reminded", about)
        notice = Notice("fiscal_missing", about, order.key, {"lacking": lacking(shop, order)}, silent=True)
        await outbox.tell_staff(tx, shop.id, notice, idem=f"{about}:fiscal_missing")
    return len(rows)
