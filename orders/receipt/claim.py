"""Words of money without a picture: staff look at once, the shopper is asked for the screenshot a single time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kit import outbox
from kit.db import Tx
from kit.message import Chat, Notice
from orders.order import hold
from orders.order.model import Order, of_chat
from orders.order.moves import AWAITING, UNPAID
from shop import audit

if TYPE_CHECKING:
    from shop.shops import Shop


@dataclass(frozen=True, slots=True)
class Claim:
    """`first`: nobody asked for this order's screenshot yet. `order` None: none of theirs waits for money."""

    order: Order | None
    first: bool


async def money_claimed(tx: Tx, shop: Shop, chat: Chat, now: datetime) -> Claim:
    """Notes that the shopper says the money was sent; staff get [money seen] [not seen].

    The order's time begins anew: words about money are never answered by its expiry.
    """
    orders = [order for order in await of_chat(tx, chat, UNPAID) if order.owed]
    actor = f"shopper:{chat.channel}:{chat.id}"
    if not orders:
        idem = f"money_claim:{chat.key}:{now.date()}"
        await outbox.tell_staff(tx, shop.id, Notice("money_claim", shopper=chat.key), idem=idem)
        return Claim(None, first=True)
    order = next((one for one in orders if one.status == AWAITING), orders[0])
    about = f"order:{order.number}"
    asked = await tx.fetchval(
        "SELECT EXISTS (SELECT FROM audit WHERE shop_id = $1 AND about = $2 AND verb = 'order.money_claimed')",
        shop.id,
        about,
    )
    if order.status == AWAITING:
        expires, _ = hold.until(shop.profile, now)
        await tx.execute(
            """UPDATE orders SET expires_at = GREATEST(expires_at, $3), remind_at = NULL
               WHERE shop_id = $1 AND number = $2 AND status = 'awaiting_payment'""",
            shop.id,
            order.number,
            expires,
        )
    await audit.note(tx, shop.id, actor, "order.money_claimed", about)
    notice = Notice("money_claim", about=about, shopper=chat.key, facts={"owed": order.owed})
    await outbox.tell_staff(tx, shop.id, notice, idem=f"{about}:money_claim:{order.to_transfer}:{order.status}")
    return Claim(order, first=not asked)
