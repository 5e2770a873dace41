"""The shop's cards: shown to whoever runs the shop, changed by an owner after the password."""

from __future__ import annotations

from bot.staff.desk import Desk, rows
from kit.errors import Refused
from kit.message import Button
from orders import card as cards


async def show(desk: Desk) -> None:
    """The cards that are set, by their tails; an owner may go on to change them."""
    known = await cards.known(desk.tx, desk.shop_id)
    if not known and desk.who.owner:
        await change(desk, desk.say("card_none"))
        return
    lines = [_line(desk, one, first=at == 0) for at, one in enumerate(known)] or [desk.say("card_none")]
    made = rows(Button(desk.say("button_card"), "s:card")) if desk.who.owner else ()
    await desk.answer("\n".join(lines), made)


def _line(desk: Desk, one: cards.Known, *, first: bool) -> str:
    """One card: the first that is active is what shoppers are shown."""
    holder = f", {one.card.holder}" if one.card.holder else ""
    if one.until is not None:
        date = one.until.astimezone(desk.shop.profile.zone).strftime("%d.%m.%Y")
        return desk.say("card_was", last4=one.card.last4, holder=holder, date=date)
    return desk.say("card_now" if first else "card_next", last4=one.card.last4, holder=holder)


async def change(desk: Desk, head: str = "") -> None:
    """Asks for the password (or for a new one), then for the number."""
    if not desk.who.owner:
        raise Refused("staff.owner_only")
    ask = "password" if desk.who.has_password else "new_password"
    question = desk.say("card_password" if desk.who.has_password else "card_new_password")
    made = rows(Button(desk.say("skip"), "s:set:card:skip"))
    await desk.ask({"flow": "card", "ask": ask}, f"{head}\n{question}".strip(), made)
