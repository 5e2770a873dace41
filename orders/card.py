"""The shop's own cards: sealed at rest, shown by one template after an order exists, opened in one place.

A message about the card carries a token instead of the number; `fill`, called when it is sent, puts the digits in.
So the outbox, the log and every brain know the last four digits at most.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as with_
from datetime import datetime
from typing import TYPE_CHECKING

from kit import outbox
from kit.db import Reader, Tx
from kit.errors import Refused
from kit.message import Button, Notice, Reply
from kit.words import say, sum_of
from orders import refund_card
from orders.order.model import Order, get
from shop import audit, contacts
from shop.changes import changed

if TYPE_CHECKING:
    from kit.config import CardConfig
    from kit.crypto import Box
    from shop.profile.model import Profile

_TOKEN = re.compile(r"\{(CARD|REFUND):(\d+)\}")
FITS_DAYS = 90  # a receipt to a card taken out of use fits that long: people keep it among their templates

_ACTIVE = """SELECT id, last4, holder, network FROM cards
    WHERE shop_id = $1 AND active_from <= now() AND (active_to IS NULL OR active_to > now()) ORDER BY position, id"""


@dataclass(frozen=True, slots=True)
class Card:
    """An own card without its number."""

    id: int
    last4: str
    holder: str
    network: str = ""

    @property
    def token(self) -> str:
        """Stands for the number until the message is sent."""
        return f"{{CARD:{self.id}}}"


@dataclass(frozen=True, slots=True)
class Known:
    """A card staff may look at. `until`: since when it is not shown any more; None: it is active."""

    card: Card
    until: datetime | None


async def known(reader: Reader, shop_id: str) -> list[Known]:
    """The shop's cards: the active ones in the order they are shown in, then those that went in the last 90 days."""
    rows = await reader.fetch(
        """SELECT id, last4, holder, network, CASE WHEN active_to <= now() THEN active_to END AS until FROM cards
           WHERE shop_id = $1 AND active_from <= now()
               AND (active_to IS NULL OR active_to > now() - $2 * interval '1 day')
           ORDER BY active_to <= now() IS TRUE, active_to DESC, position, id""",
        shop_id,
        float(FITS_DAYS),
    )
    return [Known(Card(row["id"], row["last4"], row["holder"], row["network"]), row["until"]) for row in rows]


async def shown(reader: Reader, shop_id: str) -> Card | None:
    """The card shown now: the first active one; None when the shop has given none."""
    row = await reader.fetchrow(_ACTIVE, shop_id)
    return Card(**dict(row)) if row else None


async def own_last4(reader: Reader, shop_id: str, profile: Profile) -> frozenset[str]:
    """Tails a receipt may name: of cards active in the last 90 days; of those shop.yaml states while there are none."""
    rows = await reader.fetch(
        """SELECT last4 FROM cards
           WHERE shop_id = $1 AND (active_to IS NULL OR active_to > now() - $2 * interval '1 day')""",
        shop_id,
        float(FITS_DAYS),
    )
    return frozenset(row["last4"] for row in rows) or frozenset(
        card.last4 for card in profile.payment.own() if card.last4
    )


async def message(reader: Reader, order: Order, language: str) -> Reply:
    """What to transfer and where: sum, card (a token), holder, then the screenshot; without a card: it comes soon."""
    card = await shown(reader, order.shop_id)
    owed = sum_of(order.owed, order.currency, language)
    if card is None:
        return Reply(say(language, "order.card_soon", number=order.number, sum=owed))
    text = say(language, "order.card", number=order.number, sum=owed, card=card.token, holder=card.holder)
    return Reply(text, buttons=((Button(say(language, "order.card_copy"), copy=card.token),),))


async def fill(reader: Reader, box: Box, shop_id: str, reply: Reply) -> Reply:
    """`reply` with the digits in place of its token: grouped by four in the text, bare on the copy button.

    Only a reply that has the token on a copy button is filled: what a shopper typed and we repeat never is.
    """
    tokens = {button.copy for row in reply.buttons for button in row if _TOKEN.fullmatch(button.copy)}
    for token in tokens:
        number = await _number_of(reader, box, shop_id, token)
        grouped = " ".join(number[place : place + 4] for place in range(0, len(number), 4))
        buttons = tuple(
            tuple(with_(button, copy=number) if button.copy == token else button for button in row)
            for row in reply.buttons
        )
        reply = with_(reply, text=reply.text.replace(token, grouped), buttons=buttons)
    return reply


async def _number_of(reader: Reader, box: Box, shop_id: str, token: str) -> str:
    kind, id_ = _TOKEN.fullmatch(token).groups()  # type: ignore[union-attr]  # only tokens come here
    if kind == "REFUND":
        return await refund_card.number_of(reader, box, shop_id, int(id_))
    sealed = await reader.fetchval("SELECT number_sealed FROM cards WHERE shop_id = $1 AND id = $2", shop_id, int(id_))
    return box.open(sealed, _context(shop_id)) if sealed else ""


def hidden(text: str) -> str:
    """`text` of a message as staff read it again: dots where the number's token stands."""
    return _TOKEN.sub("••••", text)


async def adopt(tx: Tx, box: Box, shop_id: str, cards: Sequence[CardConfig], profile: Profile) -> None:
    """Makes the table say what the settings say, at start. A card the owner set in chat stays before them.

    That the numbers' tails are those of shop.yaml is checked where both are read (`shop.shops`).
    """
    stated = profile.payment.own()
    await tx.execute("SELECT pg_advisory_xact_lock(hashtext($1))", f"cards:{shop_id}")  # two processes start at once
    rows = await tx.fetch("SELECT id, number_sealed, origin FROM cards WHERE shop_id = $1", shop_id)
    have = {box.open(row["number_sealed"], _context(shop_id)): row for row in rows}
    configured: set[str] = set()
    for place, card in enumerate(cards):
        number = card.number.get_secret_value()
        if not number:
            continue
        known = stated[place] if place < len(stated) else None
        configured.add(number)
        holder = card.holder or (known.holder if known else "")
        if number not in have:
            await _insert(tx, box, shop_id, number, holder, known.network if known else "", "config", place + 1)
        else:
            await tx.execute(
                """UPDATE cards SET holder = $3, position = $4 WHERE shop_id = $1 AND id = $2 AND origin = 'config'""",
                shop_id,
                have[number]["id"],
                holder,
                place + 1,
            )
    gone = [row["id"] for number, row in have.items() if row["origin"] == "config" and number not in configured]
    await tx.execute(
        "UPDATE cards SET active_to = now() WHERE shop_id = $1 AND id = ANY($2::bigint[]) AND active_to IS NULL",
        shop_id,
        gone,
    )


async def disown(tx: Tx, shop_id: str) -> None:
    """The cards of the settings were a demo's and never anybody's: no receipt to one of them fits, nobody sees them."""
    await tx.execute("UPDATE cards SET active_to = '-infinity' WHERE shop_id = $1 AND origin = 'config'", shop_id)


async def replace(
    tx: Tx, box: Box, shop_id: str, number: str, holder: str, *, actor: str, network: str = "", now: datetime
) -> Card:
    """The owner's new card, shown from now on; staff are told, and shoppers who waited for a card get it.

    Refused("order.card_digits") unless `number` has 16 digits. Who may do it, and the password, is the caller's.
    """
    digits = re.sub(r"[\s-]", "", number)
    if not re.fullmatch(r"[0-9]{16}", digits):
        raise Refused("order.card_digits")
    await tx.execute("UPDATE cards SET active_to = now() WHERE shop_id = $1 AND active_to IS NULL", shop_id)
    card_id = await _insert(tx, box, shop_id, digits, " ".join(holder.split()), network, "owner", 0)
    card = Card(card_id, digits[-4:], " ".join(holder.split()), network)
    await audit.note(tx, shop_id, actor, "card.changed", f"card:{card_id}", last4=card.last4, holder=card.holder)
    await changed(tx, shop_id)
    facts = {"last4": card.last4, "holder": card.holder, "by": actor}
    await outbox.tell_staff(tx, shop_id, Notice("card_changed", f"card:{card_id}", facts=facts), idem=f"card:{card_id}")
    await _send_to_waiting(tx, shop_id)
    return card


async def missing(tx: Tx, order: Order) -> None:
    """Asks staff for a card when an order waits for a transfer and the shop has none to show."""
    if not order.owed or await shown(tx, order.shop_id) is not None:
        return
    about = f"order:{order.number}"
    await audit.note(tx, order.shop_id, "agent", "card.missing", about)
    await outbox.tell_staff(
        tx, order.shop_id, Notice("card_missing", about=about, shopper=order.key), idem=f"{about}:card_missing"
    )


async def _send_to_waiting(tx: Tx, shop_id: str) -> None:
    rows = await tx.fetch(
        """SELECT number FROM orders WHERE shop_id = $1 AND status = 'awaiting_payment' AND EXISTS (
               SELECT FROM audit WHERE audit.shop_id = $1 AND audit.about = 'order:' || orders.number
                   AND audit.verb = 'card.missing') ORDER BY number""",
        shop_id,
    )
    for row in rows:
        order = await get(tx, shop_id, row["number"])
        assert order is not None
        language = (await contacts.get(tx, order.chat)).language or order.language
        about = f"order:{order.number}"
        await outbox.put(tx, order.chat, await message(tx, order, language), idem=f"{about}:card", about=about)


async def _insert(
    tx: Tx, box: Box, shop_id: str, number: str, holder: str, network: str, origin: str, position: int
) -> int:
    return int(
        await tx.fetchval(
            """INSERT INTO cards (shop_id, number_sealed, last4, holder, network, origin, position)
               VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id""",
            shop_id,
            box.seal(number, _context(shop_id)),
            number[-4:],
            holder,
            network,
            origin,
            position,
        )
    )


def _context(shop_id: str) -> str:
    """Bound to the ciphertext: a sealed number copied into another shop's row does not open."""
    return f"card:{shop_id}"
