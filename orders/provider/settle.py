"""What a provider's word does to the order: money that came, money that went back, money that nobody can place.

The order counts it by the verbs of `orders.order`; the shopper hears it, staff get its card. Money never vanishes: what
the order cannot take is kept with its transaction, and a person decides.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from kit import outbox
from kit.db import Tx
from kit.errors import Refused
from kit.message import Notice, Reply
from kit.words import say, sum_of
from orders import told
from orders.order import money
from orders.order.model import Order
from orders.order.moves import CANCELLED, DELIVERED, EXCHANGED, SHIPPED, lock
from orders.provider import transactions
from orders.provider.transactions import PERFORMED, Transaction

if TYPE_CHECKING:
    from shop.shops import Shop

# the goods are with the shopper or on their way: what is paid for them goes back by a person alone
GONE = (SHIPPED, DELIVERED, EXCHANGED)


async def came(tx: Tx, shop: Shop, it: Transaction, now: datetime) -> Order:
    """Counts the money of a performed transaction: exactly what is owed, or Refused and nothing is written."""
    async with tx.transaction():  # a savepoint: a revival that finds no goods takes nothing with it
        order = await money.confirm(tx, shop.id, it.number, actor=it.actor, now=now, amount=it.amount)
    await told.tell(tx, shop, order, event=f"came:{it.id}")
    await _staff(tx, "money_in", it, order)
    return order


async def came_anyway(tx: Tx, shop: Shop, it: Transaction, now: datetime) -> bool:
    """The same of money that was taken already and cannot be refused; False: a person has to place it."""
    try:
        await came(tx, shop, it, now)
    except Refused:
        await transactions.unplace(tx, it)
        order = await lock(tx, shop.id, it.number)
        await told.tell(tx, shop, order, reply=_unplaced(it), event=f"unplaced:{it.id}")
        await _staff(tx, "money_unplaced", it, order)
        return False
    return True


async def refused(tx: Tx, it: Transaction, order: Order) -> None:
    """Tells staff that a shopper tried to pay what could not be paid any more; the money stays with the shopper."""
    await _staff(tx, "money_refused", it, order)


async def went_back(tx: Tx, shop: Shop, it: Transaction, now: datetime) -> Order:
    """The provider gave the money of a reversed transaction back to the shopper."""
    if not it.placed:  # it was never counted
        order = await lock(tx, shop.id, it.number)
        await _staff(tx, "money_back", it, order)
        return order
    order = await money.taken_back(tx, shop.id, it.number, it.amount, actor=it.actor, now=now)
    if order.status == "refunded":
        await told.tell(tx, shop, order, event=f"back:{it.id}")
    await _staff(tx, "money_back", it, order)
    return order


async def count(tx: Tx, shop_id: str, id_: int, *, actor: str, now: datetime) -> Order:
    """A person says that unplaced money is for its order after all. Refused: pay.settled, and as `confirm`."""
    it = await _unplaced_one(tx, shop_id, id_)
    if not await transactions.place(tx, it):
        raise Refused("pay.settled")
    return await money.confirm(tx, shop_id, it.number, actor=actor, now=now, amount=it.amount)


async def give_back(tx: Tx, shop_id: str, id_: int, *, now: datetime) -> Transaction:
    """A person says that unplaced money was sent back. Refused: pay.settled."""
    it = await _unplaced_one(tx, shop_id, id_)
    moved = None if it.placed else await transactions.reverse(tx, it, now, None)
    if moved is None:
        raise Refused("pay.settled")
    return moved


async def _unplaced_one(tx: Tx, shop_id: str, id_: int) -> Transaction:
    known = await transactions.get(tx, shop_id, id_)
    if known is None:
        raise Refused("pay.settled")
    await lock(tx, shop_id, known.number)
    fresh = await transactions.get(tx, shop_id, id_)
    if fresh is None or fresh.state != PERFORMED:
        raise Refused("pay.settled")
    return fresh


def payable(order: Order) -> bool:
    """Whether a provider may ask the shopper for what this order owes."""
    return order.owed > 0 and order.status in money.PAYABLE


def ended(order: Order) -> bool:
    """Whether nobody waits for its money any more."""
    return order.status in (CANCELLED, "expired", "refunded", "returned")


def _unplaced(it: Transaction) -> told.Words:
    def words(shop: Shop, order: Order, language: str) -> Reply:
        return Reply(say(language, "pay.unplaced", number=order.number, sum=sum_of(it.amount, it.currency, language)))

    return words


async def _staff(tx: Tx, kind: str, it: Transaction, order: Order) -> None:
    facts = {"provider": it.provider, "amount": it.amount, "transaction": it.id}
    notice = Notice(kind, f"order:{it.number}", order.key, facts)
    await outbox.tell_staff(tx, it.shop_id, notice, idem=f"payment:{it.id}:{kind}")
