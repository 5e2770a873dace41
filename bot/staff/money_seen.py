"""What staff see of the bank: its forwarded messages, its statements, who has not paid, what came.

A credit that fits one order brings that order's card with [money seen]; where several fit, each is a button. A press
counts it, never the message itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.staff import cards, moves
from bot.staff.cards import Pen
from bot.staff.desk import Desk, rows
from kit import clock, words
from kit.errors import Refused
from kit.message import Button, Incoming, Media, Reply
from orders import bank
from orders import card as shop_cards
from orders import order as verbs
from orders import receipt as receipts
from orders.bank import statement as statements

if TYPE_CHECKING:
    from bot.app import App
    from orders.bank import Credit, Movement, Told

Act = Callable[[Desk], Awaitable[None]]
_TABLES = (".csv", ".xlsx", ".xls", ".ods", ".numbers")
_NOT_OURS = ("bank.statement_columns", "bank.statement_scan")  # a PDF like that may be a receipt: the shopper's road
_LARGEST = 20_000_000  # bytes: Telegram gives bots no larger file
_MOST = 30  # rows of a list
_CHOICES = 8  # orders to choose from
_WEEK = timedelta(days=7)


def say(desk: Desk, key: str, n: int | None = None, **facts: object) -> str:
    """A sentence of the bank's catalogue in this person's language."""
    return words.say(desk.who.language, f"bank.{key}", n, **facts)


def is_ours(app: App, incoming: Incoming) -> bool:
    """Whether this chat may speak of money: one's own or the staff's group. Other groups are read by shoppers."""
    settings = app.config.shops.get(incoming.chat.shop_id)
    group = str(settings.telegram.staff_group) if settings else ""
    return not incoming.group or incoming.chat.id == group


def is_message(app: App, incoming: Incoming) -> bool:
    """Whether a member of staff passes on what the bank wrote."""
    return incoming.kind == "message" and is_ours(app, incoming) and bank.is_one(incoming.text)


async def message(desk: Desk) -> None:
    """A bank's message: what came is kept, and shown beside the order it is for."""
    found = bank.parse(desk.incoming.text, await _context(desk))
    await _say(desk, found)


async def _context(desk: Desk) -> bank.Context:
    own = await shop_cards.own_last4(desk.tx, desk.shop_id, desk.shop.profile)
    return bank.Context(own, desk.shop.currency, desk.shop.profile.zone, _sent(desk.incoming))


def _sent(incoming: Incoming) -> datetime:
    now = clock.now()
    return min(now, datetime.fromtimestamp(incoming.sent_at, now.tzinfo)) if incoming.sent_at else now


# ---- statements


async def statement(app: App, incoming: Incoming) -> Act | None:
    """What is to be done with a statement somebody of the staff sends; None where this is no statement."""
    media = next((one for one in incoming.media if one.kind == "file" and _may_be(one)), None)
    if media is None or incoming.kind != "message" or not is_ours(app, incoming):
        return None
    if media.size > _LARGEST:
        return _refuse(Refused("shop.file_large", name=media.name, megabytes=_LARGEST // 1_000_000))
    shop = await app.shops.get(incoming.chat.shop_id)
    own = await shop_cards.own_last4(app.db, shop.id, shop.profile)
    context = bank.Context(own, shop.currency, shop.profile.zone, _sent(incoming))
    data = await app.channel(shop.id, incoming.chat.channel).fetch(media)
    try:
        found = await statements.read(data, media.name or "statement.pdf", context)
    except Refused as refused:
        if refused.key in _NOT_OURS and Path(media.name).suffix.lower() not in _TABLES:
            return None
        return _refuse(refused)
    return lambda desk: _say(desk, found, summary=True)


def _may_be(media: Media) -> bool:
    return Path(media.name).suffix.lower() in (*_TABLES, ".pdf") or media.mime == "application/pdf"


def _refuse(refused: Refused) -> Act:
    async def act(desk: Desk) -> None:
        raise refused

    return act


# ---- what came of it


async def _say(desk: Desk, found: list[Movement], *, summary: bool = False) -> None:
    incoming = [one for one in found if one.way == bank.IN]
    out = len(found) - len(incoming)
    kept = await bank.keep(desk.tx, desk.shop_id, incoming, actor=desk.actor, now=clock.now())
    told = await bank.told(desk.tx, desk.shop, kept, actor=desk.actor, now=clock.now())
    if summary or len(found) > 1:
        await _summary(desk, told, out)
        return
    if not told:
        await desk.answer(say(desk, "out"))
        return
    await _one(desk, told[0])


async def _one(desk: Desk, told: Told) -> None:
    """One credit: the card of its order, the choice, or that nothing fits."""
    line = credit_line(desk, told.credit)
    settled = told.settled or told.credit.number
    if settled:
        await desk.answer("\n".join((line, say(desk, "counted", number=settled))))
        return
    head = [line, *([say(desk, "known")] if told.known else [])]
    if told.match.number:
        order = await moves.found(desk, told.match.number)
        card = await cards.order_card(desk.tx, Pen(desk.shop, desk.who.language), order)
        text = "\n".join((*head, say(desk, "fits", number=order.number), "", card.text))
        card = replace(card, text=text, buttons=_pressing(desk, card, told.credit, order.number))
        await desk.send(card, about=f"order:{order.number}", shopper=order.key)
        return
    await desk.answer(*_choice(desk, told, head))


def _pressing(desk: Desk, card: Reply, credit: Credit, number: int) -> tuple[tuple[Button, ...], ...]:
    """The card's buttons, whose [money seen] counts this credit."""
    others = [one for row in card.buttons for one in row if not _is_seen(one)]
    seen = Button(Pen(desk.shop, desk.who.language).say("button_seen"), f"s:credit:{credit.id}:{number}", "success")
    return rows(seen, *others)


def _is_seen(button: Button) -> bool:
    return button.token.startswith(("s:seen:", "s:credit:"))


def _choice(desk: Desk, told: Told, head: list[str]) -> tuple[str, tuple[tuple[Button, ...], ...]]:
    """The orders one credit may be for, a button each; or that none fits."""
    numbers = told.match.numbers[:_CHOICES]
    if not numbers:
        own = say(desk, "no_fit")
        return "\n".join((*head, own)), ()
    text = "\n".join((*head, say(desk, "which", count=len(told.match.numbers))))
    made = [Button(f"№{number}", f"s:credit:{told.credit.id}:{number}", "success") for number in numbers]
    return text, rows(*made, wide=4)


async def _summary(desk: Desk, told: list[Told], out: int) -> None:
    """Of many credits: how many fit, with their orders; how many are for a person; how many were known."""
    fresh = [one for one in told if not one.known]
    settled = [one for one in fresh if one.settled]
    sure = [one for one in fresh if one.match.number and not one.settled]
    unsure = [one for one in fresh if not one.match.sure and one.match.numbers]
    none = [one for one in fresh if not one.match.numbers]
    lines = [say(desk, "statement", count=len(told))]
    if sure:
        numbers = ", ".join(f"№{one.match.number}" for one in sure[:_MOST])
        lines.append(say(desk, "sum_fit", count=len(sure), numbers=numbers))
    if settled:
        numbers = ", ".join(f"№{one.settled}" for one in settled[:_MOST])
        lines.append(say(desk, "sum_counted", count=len(settled), numbers=numbers))
    for key, some in (("sum_unsure", unsure), ("sum_none", none)):
        if some:
            lines += [
                say(desk, key, count=len(some)),
                *(f"• {credit_line(desk, one.credit)}" for one in some[:_CHOICES]),
            ]
    known = len(told) - len(fresh)
    lines += [say(desk, "sum_known", count=known)] if known else []
    lines += [say(desk, "sum_out", count=out)] if out else []
    made = [Button(f"№{one.match.number}", f"s:order:{one.match.number}") for one in sure[:12]]
    made += [Button(_short(desk, one.credit), f"s:whose:{one.credit.id}") for one in unsure[:_CHOICES]]
    await desk.answer("\n".join(lines), rows(*made, wide=3))


def _short(desk: Desk, credit: Credit) -> str:
    return f"? {desk.money(credit.amount, credit.currency)}"


def credit_line(desk: Desk, credit: Credit) -> str:
    """The line of a credit in this person's language."""
    return cards.credit_line(Pen(desk.shop, desk.who.language), credit)


# ---- presses


async def press(desk: Desk, credit: int, number: int) -> None:
    """This credit is this order's money."""
    order = await bank.use(desk.tx, desk.shop, credit, number, actor=desk.actor, now=clock.now())
    await moves.say(desk, order, event="seen")


async def of_receipt(desk: Desk, receipt: int) -> dict[int, Credit]:
    """The credits that are the money of a receipt's orders, before it is pressed: number -> credit."""
    row = await receipts.get_receipt(desk.tx, desk.shop_id, receipt)
    if row is None or row["number"] is None or row["pays"]:
        return {}
    order = await verbs.get(desk.tx, desk.shop_id, row["number"])
    credit = await bank.for_order(desk.tx, desk.shop, order, clock.now()) if order else None
    return {row["number"]: credit} if credit else {}


async def note(desk: Desk, credits_: dict[int, Credit]) -> None:
    """After that press: they are spoken for."""
    for number, credit in credits_.items():
        await bank.note(desk.tx, desk.shop_id, credit, number, actor=desk.actor, now=clock.now())


async def whose(desk: Desk, credit: int) -> None:
    """Which orders a credit may be for, as things stand now."""
    known = await bank.get(desk.tx, desk.shop_id, credit)
    if known is None:
        raise Refused("bank.none")
    kept = [bank.Kept(known, known=False)]
    [told] = await bank.told(desk.tx, desk.shop, kept, actor=desk.actor, now=clock.now())
    await _one(desk, told)


# ---- commands


async def unpaid(desk: Desk, rest: str) -> None:
    """Orders that wait for money: what is owed, since when, and whether there is a receipt."""
    statuses = ("awaiting_payment", "claimed", "payment_problem")
    found = await verbs.latest(desk.tx, desk.shop_id, statuses, most=_MOST)
    if not found:
        await desk.answer(desk.say("unpaid_none"))
        return
    lines = []
    for order in found:
        taken = await receipts.of_order(desk.tx, desk.shop_id, order.number)
        facts: dict[str, Any] = {
            "number": order.number,
            "sum": desk.money(order.owed, order.currency),
            "since": _ago(desk, clock.now() - order.created_at),
            "name": order.name or order.recipient or order.phone,
        }
        lines.append(say(desk, "unpaid_receipt" if taken else "unpaid_row", **facts))
    more = await verbs.count(desk.tx, desk.shop_id, statuses) - len(found)
    lines += [desk.say("and_more", count=more)] if more > 0 else []
    made = [Button(f"№{order.number}", f"s:order:{order.number}") for order in found[:12]]
    await desk.answer("\n".join(lines), rows(*made, wide=4))


def _ago(desk: Desk, gone: timedelta) -> str:
    minutes = max(0, int(gone.total_seconds() // 60))
    if minutes < 60:
        return say(desk, "minutes", count=minutes)
    if minutes < 48 * 60:
        return say(desk, "hours", count=minutes // 60)
    return say(desk, "days", count=minutes // (24 * 60))


async def paid(desk: Desk, rest: str) -> None:
    """`/paid today`, `/paid`: what was counted, and what came that no order was counted for."""
    zone, now = desk.shop.profile.zone, clock.now()
    today = bool(rest.strip())
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight if today else midnight - _WEEK + timedelta(days=1)
    counted = await bank.paid(desk.tx, desk.shop_id, since)
    came = await bank.came(desk.tx, desk.shop_id, since)
    if not counted and not came:
        await desk.answer(say(desk, "paid_nothing_today" if today else "paid_nothing"))
        return
    total = sum(one.amount for one in counted if one.currency == desk.shop.currency)
    head = "paid_today" if today else "paid_week"
    lines = [say(desk, head, count=len(counted), sum=desk.money(total))]
    for one in counted[:_MOST]:
        when = one.at.astimezone(zone).strftime("%H:%M" if today else "%d.%m %H:%M")
        way = "" if one.way in ("press", "cash") else f" · {one.way.capitalize()}"
        mark = f" · {say(desk, 'by_bank')}" if one.told else ""
        lines.append(f"№{one.number} · {desk.money(one.amount, one.currency)} · {when}{way}{mark}")
    lines += [desk.say("and_more", count=len(counted) - _MOST)] if len(counted) > _MOST else []
    if came:
        lines += ["", say(desk, "paid_free", count=len(came)), *(credit_line(desk, one) for one in came[:_MOST])]
        lines += [desk.say("and_more", count=len(came) - _MOST)] if len(came) > _MOST else []
    made = [Button(_short(desk, one), f"s:whose:{one.id}") for one in came[:_CHOICES]]
    await desk.answer("\n".join(lines), rows(*made, wide=2))
