"""Notices become cards: one maker for each kind, in the reader's language, with the state of the moment of sending."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.staff import cards, chats, dead, deals, money_cards, providers
from bot.staff.cards import Pen
from bot.staff.case import Case
from bot.staff.desk import rows
from kit.message import Button, Chat, Notice, Reply
from kit.words import has
from orders import order as verbs
from orders import refund_card
from shop import staff as members

if TYPE_CHECKING:
    from kit.db import Reader


_PING_LINES = 3
PICTURE = 20  # letters of a picture's hash on a button


async def render(reader: Reader, pen: Pen, notice: Notice) -> Reply:
    """The card of a notice. A kind this version does not know is shown with its facts rather than lost."""
    chat = Chat.of(pen.shop.id, notice.shopper) if notice.shopper else None
    number = await _number(reader, pen.shop.id, notice)
    order = await verbs.get(reader, pen.shop.id, number) if number else None
    name, channel = "", pen.channel(str(notice.facts.get("channel", "")))
    if chat is not None:
        name = await cards.name_of(reader, pen, chat, order)
        channel = pen.channel(chat.channel)
    made = await _MAKERS.get(notice.kind, _plain)(Case(reader, pen, notice, chat, order, name, channel))
    return replace(made, photos=notice.photos, silent=notice.silent)


async def _number(reader: Reader, shop_id: str, notice: Notice) -> int:
    kind, _, number = notice.about.partition(":")
    if kind == "order":
        return int(number)
    if kind == "receipt":
        found = await reader.fetchval(
            "SELECT number FROM receipts WHERE shop_id = $1 AND id = $2", shop_id, int(number)
        )
        return int(found or 0)
    return int(notice.facts.get("number") or 0)


async def _plain(case: Case) -> Reply:
    facts = ", ".join(f"{name}: {value}" for name, value in case.facts.items())
    return Reply(" ".join((case.notice.kind, case.notice.about, facts)).strip())


async def _order(case: Case) -> Reply:
    if case.order is None:
        return await _plain(case)
    return await cards.order_card(case.reader, case.pen, case.order)


async def _changed(case: Case) -> Reply:
    if case.order is None:
        return await _plain(case)
    card = await cards.order_card(case.reader, case.pen, case.order)
    head = [case.pen.say("order_changed", number=case.order.number)]
    for fact, key in (("extra", "changed_extra"), ("refund", "refund_due")):
        if case.facts.get(fact):
            sum_ = case.pen.money(int(case.facts[fact]), case.order.currency)
            head.append(case.pen.say(key, number=case.order.number, sum=sum_))
    return replace(card, text="\n".join((*head, card.text)))


async def _cancelled(case: Case) -> Reply:
    number = case.order.number if case.order else 0
    return Reply(case.say("order_cancelled", number=number))


async def _expired(case: Case) -> Reply:
    return Reply(case.pen.say("expired", number=case.order.number if case.order else 0))


async def _refund_due(case: Case) -> Reply:
    assert case.order is not None
    sum_ = case.pen.money(int(case.facts["amount"]), case.order.currency)
    lines = [case.pen.say("refund_due", number=case.order.number, sum=sum_), case.say("card_from")]
    if provider := await providers.came_through(case.reader, case.pen, case.order):
        lines.append(case.pen.say("refund_in_cabinet", provider=provider))
    text, number = "\n".join(lines), case.order.number
    return Reply(text, buttons=rows(case.pen.button("askcard", number), case.pen.button("refund", number)))


async def _refund_card(case: Case) -> Reply:
    """The shopper gave the card: who asked for it is named, and only they can open it."""
    assert case.order is not None
    who = await _by(case, await refund_card.asker(case.reader, case.pen.shop.id, case.order.number))
    text = case.pen.say("refund_card", number=case.order.number, last4=case.facts["last4"], name=who)
    return Reply("\n".join((text, case.say("card_from"))), buttons=rows(case.pen.button("showcard", case.order.number)))


async def _handover(case: Case) -> Reply:
    why = str(case.facts.get("why") or "other")
    reason = case.pen.say(f"why_{why}") if _known(why) else case.pen.say("why_other")
    lines = [case.say("handover", why=reason)]
    if case.chat is not None:
        lines += await chats.summary(case.reader, case.pen, case.chat)
        lines.append(await chats.last_words(case.reader, case.chat))
    made = [case.pen.button("back", case.notice.shopper)] if case.chat else []
    if picture := case.facts.get("picture"):
        lines.append(case.pen.say("which_in_picture"))
        made += _pieces(case.pen, str(picture["sha"])[:PICTURE], picture["skus"])
    lines.append(case.pen.say("reply_here"))
    return Reply("\n".join(line for line in lines if line), buttons=rows(*made, wide=1))


def _pieces(pen: Pen, picture: str, skus: list[str]) -> list[Button]:
    """What a picture may show; a press teaches the shop's photo search (`vision.feedback`)."""
    known = [sku for sku in skus if sku in pen.shop.products]
    made = [Button(pen.title(sku, "")[:40], f"s:photo:{picture}:{sku}") for sku in known]
    return [*made, Button(pen.say("button_not_ours"), f"s:photo:{picture}:")]


def _known(why: str) -> bool:
    return why in ("asked", "complaint", "not_understood", "wholesale", "exchange")


async def _overheard(case: Case) -> Reply:
    """The shopper's own words while a person has the conversation, to be replied to."""
    head = case.say("overheard_order" if case.order else "overheard", number=case.order.number if case.order else 0)
    answered = str(case.facts.get("answered") or "")
    note = case.pen.say("overheard_answered", text=answered) if answered else ""
    lines = (head, str(case.facts.get("text") or ""), note, case.pen.say("reply_here"))
    files = tuple(case.facts.get("files") or ())
    made = rows(case.pen.button("back", case.notice.shopper))
    return Reply("\n".join(line for line in lines if line), files=files, buttons=made)


async def _handover_again(case: Case) -> Reply:
    """The ping: enough to answer at once, without looking for the first card."""
    said = await chats.last_words(case.reader, case.chat, most=_PING_LINES) if case.chat else ""
    lines = (case.say("handover_again"), said, case.pen.say("reply_here"))
    made = (case.pen.button("back", case.notice.shopper),) if case.chat else ()
    return Reply("\n".join(line for line in lines if line), buttons=rows(*made))


async def _stock_question(case: Case) -> Reply:
    sku, _, variant = case.notice.about.partition(":")[2].partition("|")
    text = case.say("stock_question", title=case.pen.title(sku, variant))
    person = case.notice.shopper
    made = (
        Button(case.pen.say("button_there"), f"s:there:{sku}|{variant}:{person}", style="success"),
        Button(case.pen.say("button_none"), f"s:none:{sku}|{variant}:{person}", style="danger"),
    )
    return Reply(text, buttons=rows(*made))


async def _haggle(case: Case) -> Reply:
    """What is asked for, and the prices a press grants; nothing to press while it is unclear which product is meant."""
    asked, price, sku = (case.facts.get(name) for name in ("asked", "price", "sku"))
    text = case.say(
        "haggle" if sku and price else "haggle_unclear",
        **({"title": case.pen.title(str(sku)), "price": case.pen.money(int(price))} if sku and price else {}),
        asked=case.pen.money(int(asked)) if asked else case.pen.say("haggle_any"),
    )
    made = deals.buttons(case.pen, str(sku), int(price), int(asked or 0), case.notice.shopper) if sku and price else ()
    return Reply("\n".join((text, case.pen.say("reply_here"))), buttons=made)


async def _card_missing(case: Case) -> Reply:
    return Reply(case.pen.say("card_missing", number=case.order.number if case.order else 0))


async def _card_changed(case: Case) -> Reply:
    facts = case.facts
    who = await _by(case, str(facts["by"]))
    holder = f", {facts['holder']}" if facts["holder"] else ""
    return Reply(case.pen.say("card_changed", last4=facts["last4"], holder=holder, who=who))


async def _by(case: Case, actor: str) -> str:
    """An actor of the audit trail as colleagues call them."""
    _, channel, person = f"{actor}::".split(":")[:3]
    by = await members.member(case.reader, case.pen.shop.id, channel, person)
    where = case.pen.channel(channel)
    return f"{by.name} ({where})" if by and by.name else where or actor


async def _problem(case: Case) -> Reply:
    what = case.facts.get("what")
    if what == "not_sent":
        return _not_sent(case)
    if what == "voice":
        return Reply(case.pen.say("voice_refused"))
    if what == "llm":
        return Reply(case.pen.say(_LLM.get(str(case.facts.get("code")), "llm_model")))
    if what in ("token", "blocked"):
        channel = case.pen.say(f"channel_{case.facts['channel']}")
        return Reply(case.pen.say("token_refused" if what == "token" else "account_blocked", channel=channel))
    return Reply("\n".join((case.say("problem"), case.pen.say("reply_here"))))


def _not_sent(case: Case) -> Reply:
    """What could not be said and why, ready to be copied, with the phone (SHOP C7)."""
    why = str(case.facts.get("why", ""))
    known = has(case.pen.language, f"staff.dead_why_{why}")
    reason = case.pen.say(f"dead_why_{why}") if known else case.pen.say("dead_why_bug", error=why)
    text = case.say("not_sent", why=reason, text=case.facts.get("text", ""))
    phone = str(case.facts.get("phone") or (case.order.phone if case.order else ""))
    return Reply("\n".join(part for part in (text, phone, case.pen.say("dead_see")) if part))


async def _comment(case: Case) -> Reply:
    """What somebody wrote under a post and the agent leaves to a person, with the way there."""
    why = case.facts["why"]
    name = f"@{case.facts['username']}" if case.facts.get("username") else str(case.facts.get("name") or case.name)
    head = case.pen.say(f"comment_{why}", name=name, channel=case.channel)
    lines = (head, str(case.facts.get("text") or ""), str(case.facts.get("link") or ""), case.pen.say("reply_here"))
    return Reply("\n".join(line for line in lines if line))


async def _unknown(case: Case) -> Reply:
    return Reply(case.say("unknown_event"))


_LLM = {"401": "llm_key", "402": "llm_credit"}
_MAKERS: dict[str, Callable[[Case], Awaitable[Reply]]] = {
    "order": _order,
    "order_changed": _changed,
    "order_cancelled": _cancelled,
    "order_expired": _expired,
    "refund_due": _refund_due,
    "refund_card": _refund_card,
    "receipt": money_cards.receipt,
    "unassigned_money": money_cards.receipt,
    "money_claim": money_cards.claim,
    **dict.fromkeys(("money_in", "money_unplaced", "money_back", "money_refused"), providers.card),
    "fiscal_missing": providers.fiscal_missing,
    "handover": _handover,
    "handover_again": _handover_again,
    "overheard": _overheard,
    "stock_question": _stock_question,
    "haggle": _haggle,
    "card_missing": _card_missing,
    "card_changed": _card_changed,
    "problem": _problem,
    "dead_letter": dead.told,
    "comment": _comment,
    "unknown_event": _unknown,
}
