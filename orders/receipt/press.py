"""What staff do with receipts: [money seen] [not seen] [accept as full], and which order unassigned money belongs to.

Orders are locked first, by number, then the receipt's row, as everywhere: two presses at once are one press and one
refusal, never a deadlock.
"""

from __future__ import annotations

from datetime import datetime

import asyncpg

from kit.db import Reader, Tx
from kit.errors import Refused
from orders.order import money
from orders.order.model import Order, get
from orders.order.moves import CANCELLED, CLAIMED, EXPIRED, UNPAID, lock
from orders.receipt.verdict import FAILED, FOREIGN, OLD, OTHER_CARD, PENDING, SHORT, UNREADABLE, USED
from shop import audit

# of these the sum read is the sum that came; of all others a press says "all that was asked"
_READ_RIGHT = frozenset(
    f"amount_{how}" for how in ("fits", "adds_up", "with_delivery", "short", "over", "unasked", "alone")
)


async def seen(
    tx: Tx, shop_id: str, receipt: int, *, actor: str, now: datetime, chosen: int | None = None
) -> list[Order]:
    """The money of this receipt was seen: its sum counts for its order, or each order it pays is paid; those orders.

    `chosen`: which of `choices` came. Without it: `certain`, or all that is asked.
    Refused: receipt.none, receipt.already (another press was first), receipt.no_order (choose the order first),
    receipt.moved (a sum that is no choice any more), and what `orders.order.confirm` refuses.
    """
    row = await _lock(tx, shop_id, receipt)
    numbers = _orders(row)
    if chosen is not None and chosen not in choices(row):
        raise Refused("receipt.moved")
    came = certain(row) if chosen is None else chosen
    done = []
    for number in numbers:
        amount = came if len(numbers) == 1 else None
        order = await lock(tx, shop_id, number)
        if len(numbers) > 1 and not order.owed and order.status not in UNPAID:
            continue  # paid meanwhile another way: the others are paid all the same
        done.append(await money.confirm(tx, shop_id, number, actor=actor, now=now, amount=amount))
    await _decide(tx, shop_id, receipt, "seen", actor, now)
    return done


async def accept_as_full(tx: Tx, shop_id: str, receipt: int, *, actor: str, now: datetime) -> Order:
    """A small shortfall is forgiven: what this receipt brought is all that is asked for."""
    row = await _lock(tx, shop_id, receipt)
    number, came = _orders(row)[0], certain(row)
    if came is None:
        raise Refused("order.wrong_sum", number=number, status=(await lock(tx, shop_id, number)).status)
    order = await money.accept_as_full(tx, shop_id, number, actor=actor, now=now, amount=came)
    await _decide(tx, shop_id, receipt, "seen", actor, now)
    return order


async def order_seen(tx: Tx, shop_id: str, number: int, *, actor: str, now: datetime) -> Order:
    """[Money seen] on the order's own card: what its receipts say for certain, or all that is asked.

    Refused as `orders.order.confirm`. Whoever has an `unclear` receipt asks about its sum first.
    """
    order = await lock(tx, shop_id, number)
    rows = await _undecided(tx, shop_id, number)
    brought = [row for row in rows if _brings(row)]
    said = _sum_of(brought)
    if not brought or said is None or (len(brought) > 1 and said > order.owed):  # two pictures may be of one payment
        return await money.confirm(tx, shop_id, number, actor=actor, now=now)
    order = await money.confirm(tx, shop_id, number, actor=actor, now=now, amount=said)
    await _answered(tx, shop_id, brought if order.owed else rows, actor, now)
    return order


async def order_accepted(tx: Tx, shop_id: str, number: int, *, actor: str, now: datetime) -> Order:
    """[Accept as full] on the order's own card: what its receipts say for certain is all that is asked for."""
    order = await lock(tx, shop_id, number)
    rows = await _undecided(tx, shop_id, number)
    brought = _sum_of([row for row in rows if _brings(row)])
    if brought is None or brought > max(order.owed, 0):
        raise Refused("order.wrong_sum", number=number, status=order.status)
    order = await money.accept_as_full(tx, shop_id, number, actor=actor, now=now, amount=brought)
    await _answered(tx, shop_id, rows, actor, now)
    return order


def _sum_of(rows: list[asyncpg.Record]) -> int | None:
    """What these receipts brought together; None where one does not say it for certain, or pays other orders too.

    Two pictures with the same numbers are one payment.
    """
    if any(row["pays"] or certain(row) is None for row in rows):
        return None
    once = {row["numbers_key"] or f"receipt:{row['id']}": certain(row) or 0 for row in rows}
    return sum(once.values())


async def unclear(reader: Reader, shop_id: str, number: int) -> asyncpg.Record | None:
    """The newest undecided receipt of an order of which a person must say the sum; None when there is none."""
    rows = await _undecided(reader, shop_id, number)
    return next((row for row in reversed(rows) if _brings(row) and choices(row)), None)


async def _undecided(reader: Reader, shop_id: str, number: int) -> list[asyncpg.Record]:
    return await reader.fetch(
        "SELECT * FROM receipts WHERE shop_id = $1 AND number = $2 AND state = 'new' ORDER BY id", shop_id, number
    )


def _brings(row: asyncpg.Record) -> bool:
    """Whether a receipt may be money for its order that was not counted before."""
    return not {OTHER_CARD, PENDING, FAILED, OLD, USED}.intersection(row["verdict"])


async def _answered(tx: Tx, shop_id: str, rows: list[asyncpg.Record], actor: str, now: datetime) -> None:
    """The press answered for these as well: one on their own cards would count their sums once more."""
    for row in rows:
        await _decide(tx, shop_id, row["id"], "seen", actor, now)


async def not_seen(tx: Tx, shop_id: str, receipt: int, *, actor: str, now: datetime) -> list[Order]:
    """Staff looked and the money is not there: its claimed orders become `payment_problem`; those orders."""
    row = await _lock(tx, shop_id, receipt)
    await _decide(tx, shop_id, receipt, "not_seen", actor, now)
    if row["number"] is None:
        return []
    done = []
    for number in _orders(row):
        order = await lock(tx, shop_id, number)
        if order.status in (*UNPAID, EXPIRED, CANCELLED):
            order = await money.reject(tx, shop_id, number, actor=actor, now=now)
        done.append(order)
    return done


async def assign(tx: Tx, shop_id: str, receipt: int, number: int, *, actor: str, now: datetime) -> Order:
    """Staff say which order this money is for; an order waiting for money becomes `claimed`. The press comes after."""
    order = await lock(tx, shop_id, number)
    row = await _lock(tx, shop_id, receipt)
    await tx.execute(
        "UPDATE receipts SET number = $3, pays = '{}' WHERE shop_id = $1 AND id = $2", shop_id, receipt, number
    )
    await tx.execute("UPDATE orders SET receipt = $3 WHERE shop_id = $1 AND number = $2", shop_id, number, receipt)
    await audit.note(tx, shop_id, actor, "receipt.assigned", f"receipt:{receipt}", was=row["number"], order=number)
    if order.status in (*UNPAID, EXPIRED, CANCELLED) and order.status != CLAIMED:
        return await money.claim(tx, shop_id, number, actor=actor, now=now)
    return await get(tx, shop_id, number) or order


async def lacking(reader: Reader, shop_id: str, number: int) -> int | None:
    """What the newest receipt of an order falls short by, while nobody decided on it; None where it does not."""
    newest = next(iter(await of_order(reader, shop_id, number)), None)
    if newest is None or newest["state"] != "new" or SHORT not in newest["verdict"] or not _brings(newest):
        return None
    return int(newest["reasons"]["amount"]["difference"])


async def of_order(reader: Reader, shop_id: str, number: int) -> list[asyncpg.Record]:
    """All receipts of an order, the newest first: id, key (whose), media, verdict, reasons, amount, state and more."""
    return await reader.fetch(
        """SELECT id, key, media, verdict, reasons, amount, currency, state, decided_by, created_at FROM receipts
           WHERE shop_id = $1 AND (number = $2 OR $2 = ANY(pays)) ORDER BY id DESC""",
        shop_id,
        number,
    )


async def get_receipt(reader: Reader, shop_id: str, receipt: int) -> asyncpg.Record | None:
    """One receipt's row, None when the shop has none with this id."""
    return await reader.fetchrow("SELECT * FROM receipts WHERE shop_id = $1 AND id = $2", shop_id, receipt)


async def _lock(tx: Tx, shop_id: str, receipt: int) -> asyncpg.Record:
    """The undecided receipt with its orders and itself locked."""
    known = await get_receipt(tx, shop_id, receipt)
    for number in _orders(known) if known and known["number"] is not None else []:
        await lock(tx, shop_id, number)
    row = await tx.fetchrow("SELECT * FROM receipts WHERE shop_id = $1 AND id = $2 FOR UPDATE", shop_id, receipt)
    if row is None:
        raise Refused("receipt.none")
    if row["state"] in ("seen", "not_seen"):
        key = f"receipt.already_{row['state']}" if row["number"] else "receipt.already"
        raise Refused(key, number=row["number"], state=row["state"], by=row["decided_by"])
    if known is None or (row["number"], row["pays"]) != (known["number"], known["pays"]):
        raise Refused("receipt.moved")  # assigned to another order between the two looks: the press meant the old one
    return row


def _orders(row: asyncpg.Record) -> list[int]:
    if row["number"] is None:
        raise Refused("receipt.no_order")
    return sorted({row["number"], *row["pays"]})


def certain(row: asyncpg.Record) -> int | None:
    """The sum a press counts, None when the picture did not say it for certain: then all that is asked."""
    if row["amount"] is None or {FOREIGN, UNREADABLE}.intersection(row["verdict"]):
        return None
    key = row["reasons"].get("amount", {}).get("key")
    return int(row["amount"]) if key in _READ_RIGHT else None


def choices(row: asyncpg.Record) -> tuple[int, ...]:
    """Sums of which a person says the one that came, beside all that is asked where none is `certain`; () when it is
    clear, or when the picture pays several orders.
    """
    if row["amount"] is None or row["pays"] or {FOREIGN, UNREADABLE}.intersection(row["verdict"]):
        return ()
    amount = row["reasons"].get("amount", {})
    unsure, known = amount.get("key") == "amount_unsure", certain(row)
    if not unsure and "sums" not in row["reasons"]:
        return ()
    found = [int(row["amount"])] if unsure or known is not None else []
    found += row["reading"].get("amounts", ())
    return tuple(dict.fromkeys(one for one in found if known is not None or one != amount.get("expected")))


async def _decide(tx: Tx, shop_id: str, receipt: int, state: str, actor: str, now: datetime) -> None:
    await tx.execute(
        "UPDATE receipts SET state = $3, decided_by = $4, decided_at = $5 WHERE shop_id = $1 AND id = $2",
        shop_id,
        receipt,
        state,
        actor,
        now,
    )
    await audit.note(tx, shop_id, actor, f"receipt.{state}", f"receipt:{receipt}")
