"""Cards about money: a receipt beside its order, money without an order, words of money without a picture.

Which buttons stand there depends on what was decided meanwhile: money that a person has seen is not asked about again.
"""

from __future__ import annotations

from dataclasses import replace

import asyncpg

from bot.staff import cards
from bot.staff.cards import Pen
from bot.staff.case import Case
from bot.staff.desk import rows
from kit import clock
from kit.message import Button, Reply
from orders import bank
from orders import order as verbs
from orders import receipt as receipts
from orders.order import Order
from orders.receipt.verdict import BAD
from shop import staff as members

_FIRST = ("amount", "card", "status", "date")
_MOST_ORDERS = 6  # to choose from: more would hide the receipt


async def receipt(case: Case) -> Reply:
    """The receipt: what it says, what does not fit, and the one question; once it is decided, what came of it."""
    order = case.order
    if order is None:
        return await _without_order(case)
    decided = await _decided(case)
    if decided:
        return await _after(case, order, decided)
    if order.settled:
        head = case.pen.say("receipt_of_paid", number=order.number, sum=case.pen.money(order.paid, order.currency))
    else:
        sum_ = case.pen.money(order.owed or order.to_transfer, order.currency)
        head = case.pen.say("receipt_head", number=order.number, sum=sum_)
    credit = await bank.for_order(case.reader, case.pen.shop, order, clock.now())
    named = [case.pen.bank("card_line", line=cards.credit_line(case.pen, credit))] if credit else []
    advice = named or [case.pen.say("receipt_advice")]
    ordered = cards.goods(case.pen, order)  # beside the picture: what is it that this money is for?
    row = await _row(case)
    made = _buttons(case, order, row)
    text = "\n".join((head, *ordered, *_read(case), *_counts(case, order, row, made), *advice, case.say("card_from")))
    return Reply(text, buttons=rows(*made))


async def claim(case: Case) -> Reply:
    """The shopper says that the money was sent."""
    order = case.order
    if order is None:
        return Reply("\n".join((case.say("money_claim_no_order"), case.pen.say("reply_here"))))
    if order.settled:
        return await cards.order_card(case.reader, case.pen, order)
    sum_ = case.pen.money(order.owed or order.to_transfer, order.currency)
    text = case.say("money_claim", number=order.number, sum=sum_)
    made = (case.pen.button("seen", order.number), case.pen.button("reject", order.number))
    return Reply(text, buttons=rows(*made))


def _read(case: Case) -> list[str]:
    """The verdict's reasons in words, the sum first: that is what staff look for in the bank's app."""
    currency = str(case.facts.get("currency") or case.pen.shop.currency)
    reasons = case.facts.get("reasons", {})
    ranked = sorted(reasons, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
    return receipts.why_lines({name: reasons[name] for name in ranked}, currency, case.pen.language)


async def _row(case: Case) -> asyncpg.Record | None:
    kind, _, number = case.notice.about.partition(":")
    return await receipts.get_receipt(case.reader, case.pen.shop.id, int(number)) if kind == "receipt" else None


def _counts(case: Case, order: Order, row: asyncpg.Record | None, made: list[Button]) -> list[str]:
    """Which sum a press counts, where the picture does not say it for certain."""
    if row is None or not made or row["pays"] or order.settled:
        return []
    if receipts.choices(row):
        return [case.pen.say("receipt_choose")]
    if receipts.certain(row) is not None:
        return []
    # what an ended order asks, and one paid at the end, was reckoned when the receipt was compared
    due = order.owed or row["reasons"].get("amount", {}).get("expected") or order.to_transfer
    return [case.pen.say("receipt_counts", sum=case.pen.money(due, order.currency))] if due else []


async def _decided(case: Case) -> str:
    """Who saw the money of this receipt, or did not see it; "" while nobody has decided."""
    row = await _row(case)
    if row is None or row["state"] not in ("seen", "not_seen"):
        return ""
    _, channel, person = f"{row['decided_by']}::".split(":")[:3]
    by = await members.member(case.reader, case.pen.shop.id, channel, person) if person else None
    return case.pen.say(f"receipt_{row['state']}", by=f" ({by.name})" if by and by.name else "")


async def _after(case: Case, order: Order, decided: str) -> Reply:
    """What was read and decided, above the order with its next steps: the next press needs no other card."""
    card = await cards.order_card(case.reader, case.pen, order)
    head = case.pen.say("receipt_done", number=order.number)
    return Reply("\n".join((head, *_read(case), decided, "", card.text)), buttons=card.buttons)


def _buttons(case: Case, order: Order, row: asyncpg.Record | None) -> list[Button]:
    """A receipt of its own is pressed by its id; one that was used before only shows the order.

    On a paid order there is nothing to see, unless it is money on top.
    """
    kind, _, receipt_id = case.notice.about.partition(":")
    words = set(case.facts.get("words", ()))
    if order.settled and (kind != "receipt" or words & BAD):
        return []
    if kind != "receipt":
        return [case.pen.button("seen", order.number), case.pen.button("reject", order.number)]
    verbs_ = ["rfull", "rreject"] if "short" in words else ["rreject"]
    came = which_sum(case.pen, order, row) if row else [case.pen.button("rseen", receipt_id)]
    made = [*came, *(case.pen.button(verb, receipt_id) for verb in verbs_)]
    return made if order.settled else [*made, case.pen.button("cancel", order.number)]


def which_sum(pen: Pen, order: Order, row: asyncpg.Record) -> list[Button]:
    """[Money seen] of a receipt, or a button for each sum that may have come."""
    sums, seen = receipts.choices(row), pen.button("rseen", str(row["id"]))
    if not sums:
        return [seen]
    whole = [replace(seen, label=pen.say("button_rwhole"))] if receipts.certain(row) is None else []
    return whole + [
        Button(pen.say("button_rsum", sum=pen.money(one, order.currency)), f"s:rsum:{row['id']}:{one}", style="success")
        for one in sums
    ]


async def _without_order(case: Case) -> Reply:
    """Money without an order: staff choose which order it is for, the shopper's own first."""
    receipt_id = case.notice.about.partition(":")[2]
    everyone = await verbs.latest(case.reader, case.pen.shop.id, ("awaiting_payment", "payment_problem", "expired"))
    mine_first = sorted(everyone, key=lambda order: order.key != case.notice.shopper)
    made = [
        Button(case.pen.say("button_to_order", number=order.number), f"s:rto:{receipt_id}:{order.number}")
        for order in mine_first[:_MOST_ORDERS]
    ]
    ask = case.pen.say("which_order_money" if made else "reply_here")
    text = "\n".join((case.say("receipt_unassigned"), *_read(case), ask))
    return Reply(text, buttons=rows(*made))
