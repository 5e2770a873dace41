"""The shopper's card, asked for in one step only: a person of the staff sends money back.

It is sealed before it is stored, no brain hears it, only the person who asked may open it, once; it is gone after the
refund or after three days. What is sent to that person carries a token until the last moment (`orders.card.fill`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit import outbox
from kit.db import Pool, Reader, Tx
from kit.errors import Refused
from kit.message import Chat, Notice
from shop import audit

if TYPE_CHECKING:
    from kit.crypto import Box
    from orders.order.model import Order

KEPT_H = 72

# the newest question of that conversation; the row is locked, so that two cards sent at once are one
_WANTED = """
SELECT number FROM refund_cards
WHERE shop_id = $1 AND key = $2 AND sealed IS NULL AND asked_at > now() - make_interval(hours => $3)
ORDER BY asked_at DESC LIMIT 1 FOR UPDATE
"""
_OPEN = """
UPDATE refund_cards SET shown_at = now()
WHERE shop_id = $1 AND number = $2 AND asked_by = $3 AND sealed IS NOT NULL AND shown_at IS NULL RETURNING number
"""


async def ask(tx: Tx, order: Order, *, actor: str) -> None:
    """`actor` will send money of this order back and needs the card; an earlier card of it is forgotten.

    Refused("order.not_now") when nothing of it was ever paid.
    """
    if not order.paid:
        raise Refused("order.not_now", number=order.number, status=order.status)
    await tx.execute(
        """INSERT INTO refund_cards (shop_id, number, key, asked_by) VALUES ($1, $2, $3, $4)
           ON CONFLICT (shop_id, number) DO UPDATE SET key = EXCLUDED.key, asked_by = EXCLUDED.asked_by,
               asked_at = now(), sealed = NULL, shown_at = NULL""",
        order.shop_id,
        order.number,
        order.updates_chat.key,
        actor,
    )
    await audit.note(tx, order.shop_id, actor, "refund.card_asked", f"order:{order.number}")


async def wanted(tx: Tx, chat: Chat) -> int | None:
    """The order whose refund waits for a card from this conversation, None when none does."""
    number: int | None = await tx.fetchval(_WANTED, chat.shop_id, chat.key, KEPT_H)
    return number


async def give(tx: Tx, box: Box, chat: Chat, number: int, card: str) -> None:
    """Keep the card that the shopper has sent, sealed, and tell staff. `wanted` comes first, in the same `tx`."""
    asked_at = await tx.fetchval(
        "UPDATE refund_cards SET sealed = $3 WHERE shop_id = $1 AND number = $2 RETURNING asked_at",
        chat.shop_id,
        number,
        box.seal(card, context=_context(chat.shop_id, number)),
    )
    about = f"order:{number}"
    await audit.note(tx, chat.shop_id, f"shopper:{chat.key}", "refund.card_given", about)
    given = Notice("refund_card", about=about, shopper=chat.key, facts={"last4": card[-4:]})
    await outbox.tell_staff(tx, chat.shop_id, given, idem=f"{about}:refund_card:{asked_at.timestamp()}")


async def asker(reader: Reader, shop_id: str, number: int) -> str:
    """Who of the staff asked, "" when nobody did (any more)."""
    found = "SELECT asked_by FROM refund_cards WHERE shop_id = $1 AND number = $2"
    return str(await reader.fetchval(found, shop_id, number) or "")


async def reveal(tx: Tx, shop_id: str, number: int, *, actor: str) -> str:
    """The token that becomes the number when it is sent; once, and only for the person who asked.

    Refused("order.refund_card_gone") for everybody else and ever after.
    """
    if await tx.fetchval(_OPEN, shop_id, number, actor) is None:
        raise Refused("order.refund_card_gone", number=number)
    await audit.note(tx, shop_id, actor, "refund.card_shown", f"order:{number}")
    return f"{{REFUND:{number}}}"


async def number_of(reader: Reader, box: Box, shop_id: str, number: int) -> str:
    """The sixteen digits behind a token, "" once they are gone."""
    found = "SELECT sealed FROM refund_cards WHERE shop_id = $1 AND number = $2"
    sealed = await reader.fetchval(found, shop_id, number)
    return box.open(sealed, _context(shop_id, number)) if sealed else ""


async def forget(tx: Tx, shop_id: str, number: int) -> None:
    """The money was sent back."""
    await tx.execute("DELETE FROM refund_cards WHERE shop_id = $1 AND number = $2", shop_id, number)


async def sweep(pool: Pool, shop_id: str) -> int:
    """Forget what is three days old; how many cards and questions that were."""
    done = await pool.execute(
        "DELETE FROM refund_cards WHERE shop_id = $1 AND asked_at < now() - make_interval(hours => $2)",
        shop_id,
        KEPT_H,
    )
    return int(done.split()[-1])


def _context(shop_id: str, number: int) -> str:
    """Bound to the ciphertext: it opens in no other row."""
    return f"refund:{shop_id}:{number}"
