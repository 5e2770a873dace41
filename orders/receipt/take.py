"""A receipt came: kept once, compared, the order moved to `claimed` or `payment_problem`, staff given its card.

The same file or the same transaction on a second order is refused by the database's own unique indexes, however many
workers take it at once; across the shops of one deployment by hashes that say nothing of whose it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import asyncpg

from kit import outbox
from kit.db import Tx
from kit.errors import Refused
from kit.message import Chat, Notice
from orders import card
from orders.order.model import Order, get
from orders.order.money import claim, problem
from orders.order.moves import CANCELLED, CLAIMED, EXPIRED, PAID, UNPAID
from orders.receipt.again import New, another_bank, looks_used, numbers_key, seen_elsewhere, used
from orders.receipt.target import check, choose, claimed_before, orders_of, without_order
from orders.receipt.verdict import BAD, FITS, NOT_A_RECEIPT, SHORT, Verdict, judge
from shop import audit
from vision.receipt import Reading

if TYPE_CHECKING:
    from shop.shops import Shop

_INSERT = """INSERT INTO receipts (shop_id, number, key, sha, media, reading, verdict, reasons, amount, currency,
        transaction_id, pays, numbers_key, look, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING RETURNING id"""
_EARLIER = """SELECT id, number, key, sha, verdict, reasons, pays, state, amount, reading FROM receipts
    WHERE shop_id = $1 AND (sha = $2 OR transaction_id = $3) ORDER BY sha = $2 DESC, id LIMIT 1"""
# decided by whoever saw the money: a press on this picture would count it once more
_SETTLED = """UPDATE receipts SET state = 'seen', decided_at = $3, decided_by = coalesce(
        (SELECT actor FROM payments WHERE shop_id = $1 AND number = receipts.number ORDER BY id DESC LIMIT 1), '')
    WHERE shop_id = $1 AND id = $2"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a picture. `kind` says which words the shopper hears (`orders.receipt.told`):

    claimed | problem | again (known already, nothing changed) | noted (money nobody asked for in advance) |
    settled (the order is paid: its money was seen before this picture) |
    gone (the order ended and its goods are sold: a person settles it) | late (ended, and this receipt does not fit) |
    unassigned (no order) | not_a_receipt (nothing was kept).
    """

    kind: str
    verdict: Verdict
    order: Order | None = None
    receipt: int | None = None

    @property
    def again(self) -> bool:
        """Whether this very receipt was known for this order."""
        return self.kind == "again"


async def take(
    tx: Tx,
    shop: Shop,
    chat: Chat,
    picture: str,
    sha: str,
    reading: Reading,
    now: datetime,
    *,
    shown: str = "",
    look: int | None = None,
) -> Outcome:
    """Keeps the receipt `picture` (name in the media store, `sha` of its bytes) and does all that follows from it.

    `shown`: the picture for staff, with what was read marked in it. `look`: vision.receipt_look.look of the picture.
    Only the caller's transaction makes it true; the words for the shopper are `told(outcome, shop, language)`.
    """
    orders = await orders_of(tx, chat, now)
    last4 = await card.own_last4(tx, shop.id, shop.profile)
    numbers = numbers_key(reading)
    before = await claimed_before(tx, shop.id, orders, shop.currency, numbers)
    order = choose(orders, reading.amount, before)
    if order is None:
        verdict = judge(reading, without_order(shop, reading, last4), now)
    else:
        claimed = before.get(order.number, 0)
        verdict = check(order, reading, shop, last4, now, others=orders, before=claimed)
    if verdict.has(NOT_A_RECEIPT):
        return Outcome(NOT_A_RECEIPT, verdict, order)
    new = New(shop, chat, picture, sha, reading, numbers, now, shown=shown or picture, look=look)
    verdict = await looks_used(tx, new, order.number if order else None, verdict)
    if order is None:
        return await _unassigned(tx, new, verdict)
    return await _for_order(tx, new, order, verdict)


async def _for_order(tx: Tx, new: New, order: Order, verdict: Verdict) -> Outcome:
    kept = await _keep_once(tx, new, order.number, verdict)
    if isinstance(kept, asyncpg.Record):
        earlier = kept
        if new.chat.key == earlier["key"] and order.number in (earlier["number"], *earlier["pays"]):
            known = Verdict(tuple(earlier["verdict"]), earlier["reasons"], tuple(earlier["pays"]))
            return Outcome("again", known, order, earlier["id"])
        if new.chat.key == earlier["key"] and earlier["number"] is None and earlier["sha"] == new.sha:
            # paid first and ordered afterwards: the money found its order
            await _attach(tx, new, earlier["id"], order.number, verdict)
            receipt = earlier["id"]
        else:
            verdict = used(verdict, {"key": "used_before", "order": earlier["number"]})
            same_file = earlier["sha"] == new.sha
            receipt = earlier["id"] if same_file else await _keep(tx, new, order.number, verdict, None)
            return await _refuse(tx, new, order, verdict, receipt, repeated=same_file)
    else:
        receipt = kept
        elsewhere = await seen_elsewhere(tx, new, order.number, verdict)
        if elsewhere is not None:
            verdict = elsewhere
            await _reword(tx, new, receipt, verdict)
    return await _settle(tx, new, order, verdict, receipt)


async def _settle(tx: Tx, new: New, order: Order, verdict: Verdict, receipt: int) -> Outcome:
    """Moves the order (and others the sum pays) by the verdict; tells staff."""
    actor = f"shopper:{new.chat.channel}:{new.chat.id}"
    if verdict.claims or order.status not in (CLAIMED, PAID):  # a bad one beside a good one is not what it stands for
        await _point(tx, new, receipt, (order.number, *verdict.pays))
    await _supersede(tx, new, order.number, receipt)
    kind = "claimed" if verdict.claims else "problem"
    if order.status in (EXPIRED, CANCELLED):
        kind = await _late(tx, new, order, verdict, actor)
    elif order.status not in UNPAID:
        kind = "settled" if verdict.came else "noted" if verdict.claims else "problem"
    elif verdict.claims:
        for number in sorted({order.number, *verdict.pays}):  # one order of locks for all
            await claim(tx, new.shop.id, number, actor=actor, now=new.now)
    else:
        await problem(tx, new.shop.id, order.number, actor=actor, now=new.now)
    if kind == "settled":
        await tx.execute(_SETTLED, new.shop.id, receipt, new.now)
    return await _told_staff(tx, new, order.number, verdict, receipt, kind, actor)


async def _late(tx: Tx, new: New, order: Order, verdict: Verdict, actor: str) -> str:
    """A receipt for an ended order is never refused: it revives if its goods are there, else a person settles it."""
    if not verdict.claims:
        return "late"
    try:
        async with tx.transaction():  # a savepoint: what the revival took goes back when one piece is missing
            await claim(tx, new.shop.id, order.number, actor=actor, now=new.now)
    except Refused as refused:
        if refused.key != "order.out_of_stock":
            raise
        return "gone"
    return "claimed"


async def _refuse(tx: Tx, new: New, order: Order, verdict: Verdict, receipt: int | None, *, repeated: bool) -> Outcome:
    """A receipt of another order: not counted, and staff see what was tried. `repeated`: it is no row of its own."""
    actor = f"shopper:{new.chat.channel}:{new.chat.id}"
    if order.status in UNPAID:
        await problem(tx, new.shop.id, order.number, actor=actor, now=new.now)
    if receipt is not None and not repeated:
        await _point(tx, new, receipt, (order.number,))
    return await _told_staff(tx, new, order.number, verdict, receipt, "problem", actor, repeated=repeated)


async def _unassigned(tx: Tx, new: New, verdict: Verdict) -> Outcome:
    """Money without an order: kept, staff choose the order."""
    amount = verdict.reasons.get("amount", {})
    if amount.get("key") == "amount_fits":  # there is nothing it could fit
        amount = {"key": "amount_alone", "seen": amount["seen"]}
    reasons = {**verdict.reasons, **({"amount": amount} if amount else {})}
    verdict = replace(verdict, words=tuple(word for word in verdict.words if word != FITS), reasons=reasons)
    receipt = await _keep_once(tx, new, None, verdict)
    if isinstance(receipt, asyncpg.Record):
        kind = "again" if receipt["key"] == new.chat.key else "unassigned"
        return Outcome(kind, verdict, None, receipt["id"])
    elsewhere = await seen_elsewhere(tx, new, None, verdict)
    if elsewhere is not None:
        verdict = elsewhere
        await _reword(tx, new, receipt, verdict)
    about = f"receipt:{receipt}"
    await audit.note(tx, new.shop.id, f"shopper:{new.chat.channel}:{new.chat.id}", "receipt.unassigned", about)
    notice = Notice("unassigned_money", about, new.chat.key, _facts(new, None, verdict, "unassigned"), (new.shown,))
    await outbox.tell_staff(tx, new.shop.id, notice, idem=about)
    return Outcome("unassigned", verdict, None, receipt)


async def _told_staff(
    tx: Tx,
    new: New,
    number: int,
    verdict: Verdict,
    receipt: int | None,
    kind: str,
    actor: str,
    *,
    repeated: bool = False,
) -> Outcome:
    about = f"receipt:{receipt}"
    await audit.note(
        tx, new.shop.id, actor, "receipt.taken", f"order:{number}", receipt=receipt, verdict=list(verdict.words)
    )
    # a file that is kept for another order already has no row of its own: its card names the order it was tried for
    card_about, idem = (f"order:{number}", f"{about}:for:{number}") if repeated else (about, about)
    notice = Notice("receipt", card_about, new.chat.key, _facts(new, number, verdict, kind), (new.shown,))
    await outbox.tell_staff(tx, new.shop.id, notice, idem=idem)
    return Outcome(kind, verdict, await get(tx, new.shop.id, number), receipt)


def _facts(new: New, number: int | None, verdict: Verdict, kind: str) -> dict[str, Any]:
    reading = new.reading
    return {
        "number": number,
        "kind": kind,
        "words": list(verdict.words),
        "reasons": verdict.reasons,
        "pays": list(verdict.pays),
        "amount": reading.amount,
        "currency": reading.currency or new.shop.currency,
        "last4": reading.last4,
        "date": reading.date,
        "time": reading.time,
        "status": reading.status,
        "app": reading.app,
    }


# ---- rows


async def _keep_once(tx: Tx, new: New, number: int | None, verdict: Verdict) -> int | asyncpg.Record:
    """The new row's id, or the earlier receipt of this file or transaction. Two banks may number alike: both count."""
    receipt = await _keep(tx, new, number, verdict, new.transaction)
    if receipt is not None:
        return receipt
    earlier = await _earlier(tx, new)
    if not another_bank(new, earlier):
        return earlier
    own = f"{new.reading.app}:{new.transaction}"
    receipt = await _keep(tx, new, number, verdict, own)
    return receipt if receipt is not None else await _earlier(tx, new, own)


async def _keep(tx: Tx, new: New, number: int | None, verdict: Verdict, transaction: str | None) -> int | None:
    """The new row's id; None when this file or this transaction is there already (a concurrent one is waited for)."""
    reading = new.reading.dump()
    del reading["numbers"], reading["boxes"]  # every long number of the picture: its hash is enough
    found = await tx.fetchval(
        _INSERT,
        new.shop.id,
        number,
        new.chat.key,
        new.sha,
        new.picture,
        reading,
        list(verdict.words),
        verdict.reasons,
        new.reading.amount,
        new.reading.currency,
        transaction,
        [number, *verdict.pays] if verdict.pays and number is not None else [],
        new.numbers_key,
        new.look,
        new.now,
    )
    return int(found) if found is not None else None


async def _earlier(tx: Tx, new: New, transaction: str | None = None) -> asyncpg.Record:
    row = await tx.fetchrow(_EARLIER, new.shop.id, new.sha, transaction or new.transaction)
    assert row is not None
    return row


async def _attach(tx: Tx, new: New, receipt: int, number: int, verdict: Verdict) -> None:
    await tx.execute(
        """UPDATE receipts SET number = $3, verdict = $4, reasons = $5, state = 'new'
           WHERE shop_id = $1 AND id = $2""",
        new.shop.id,
        receipt,
        number,
        list(verdict.words),
        verdict.reasons,
    )


async def _reword(tx: Tx, new: New, receipt: int, verdict: Verdict) -> None:
    await tx.execute(
        "UPDATE receipts SET verdict = $3, reasons = $4, pays = '{}' WHERE shop_id = $1 AND id = $2",
        new.shop.id,
        receipt,
        list(verdict.words),
        verdict.reasons,
    )


async def _point(tx: Tx, new: New, receipt: int, numbers: tuple[int, ...]) -> None:
    """The newest receipt of these orders."""
    await tx.execute(
        "UPDATE orders SET receipt = $3 WHERE shop_id = $1 AND number = ANY($2::bigint[])",
        new.shop.id,
        list(numbers),
        receipt,
    )


async def _supersede(tx: Tx, new: New, number: int, receipt: int) -> None:
    """Receipts of the order that did not fit and hold no money of their own are history once a newer one is here."""
    await tx.execute(
        """UPDATE receipts SET state = 'superseded'
           WHERE shop_id = $1 AND number = $2 AND id <> $3 AND state = 'new' AND verdict && $4::text[]""",
        new.shop.id,
        number,
        receipt,
        sorted(BAD - {SHORT}),
    )
