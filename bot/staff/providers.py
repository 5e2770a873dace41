"""Cards, presses and the command about money that came through a payment provider, and its fiscal receipt."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.staff import cards, moves
from bot.staff.cards import Pen
from bot.staff.case import Case
from bot.staff.desk import Desk, rows
from kit import clock
from kit.errors import Refused
from kit.message import Reply
from orders import fiscal
from orders import order as verbs
from orders.provider import settle, transactions

if TYPE_CHECKING:
    from kit.db import Reader
    from orders.order import Order

_MOST_TITLES = 5


async def card(case: Case) -> Reply:
    """What the provider told, above the order with its next steps; for unplaced money the two ways out of it."""
    order, kind = case.order, case.notice.kind
    assert order is not None
    facts: dict[str, Any] = {
        "provider": name(case.pen, str(case.facts["provider"])),
        "number": order.number,
        "sum": case.pen.money(int(case.facts["amount"]), order.currency),
    }
    if kind in ("money_unplaced", "money_refused"):
        facts["status"] = cards.status(case.pen, order)
    text = "\n".join((case.pen.say(kind, **facts), case.say("card_from")))
    if kind == "money_refused":
        return Reply(text)
    if kind == "money_unplaced":
        id_ = case.facts["transaction"]
        return Reply(text, buttons=rows(case.pen.button("pcount", id_), case.pen.button("pback", id_)))
    whole = await cards.order_card(case.reader, case.pen, order)
    return replace(whole, text="\n".join((case.pen.say(kind, **facts), "", whole.text)))


def name(pen: Pen, provider: str) -> str:
    """A provider as people call it."""
    return pen.say(f"provider_{provider}")


async def came_through(reader: Reader, pen: Pen, order: Order) -> str:
    """The provider, by name, in whose cabinet the money of this order is sent back; "" when none of it came so."""
    for it in reversed(await transactions.of_order(reader, order.shop_id, order.number)):
        if it.state == transactions.PERFORMED and it.provider != transactions.TELEGRAM:
            return name(pen, it.provider)
    return ""


async def fiscal_missing(case: Case) -> Reply:
    """A sale without its fiscal receipt: how to note it, and what kept it from being made by itself."""
    assert case.order is not None
    lines = [case.pen.say("fiscal_missing", number=case.order.number)]
    if lacking := list(case.facts.get("lacking") or ()):
        lines.append(case.pen.say("fiscal_lacking", titles=", ".join(lacking[:_MOST_TITLES])))
    return Reply("\n".join((*lines, case.say("card_from"))))


async def fiscal_receipt(desk: Desk, rest: str) -> None:
    """`/fiscal 12 LINK` notes the fiscal receipt of an order, `/fiscal 12` shows it."""
    asked = re.fullmatch(r"\s*[№#]?\s*(\d{1,9})(?:\s+(\S+))?\s*", rest)
    if asked is None:
        raise Refused("staff.fiscal_usage")
    order = await moves.found(desk, int(asked[1]))
    if asked[2]:
        new = await fiscal.record(desk.tx, desk.shop, order.number, asked[2], actor=desk.actor, now=clock.now())
        await desk.answer(desk.say("fiscal_noted" if new else "fiscal_known", number=order.number))
        await moves.renew(desk, order)
        return
    issued = await fiscal.of_order(desk.tx, desk.shop_id, order.number)
    told = desk.say("fiscal_of", reference=issued[-1]) if issued else desk.say("fiscal_none", number=order.number)
    await desk.answer(told)


async def count(desk: Desk, id_: int) -> None:
    """Unplaced money is for its order after all."""
    order = await settle.count(desk.tx, desk.shop_id, id_, actor=desk.actor, now=clock.now())
    await moves.say(desk, order, event="seen")


async def give_back(desk: Desk, id_: int) -> None:
    """Unplaced money was sent back."""
    it = await settle.give_back(desk.tx, desk.shop_id, id_, now=clock.now())
    await desk.toast(desk.say("money_given_back", number=it.number, sum=desk.money(it.amount, it.currency)))
    order = await verbs.get(desk.tx, desk.shop_id, it.number)
    if order is not None:
        await moves.renew(desk, order)
