"""Buttons on staff cards. A token is only a wish: person, shop and state are checked here and in the verbs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.staff import deals, money_seen, moves, products, providers, relay, steps, till
from bot.staff.cards import Pen
from bot.staff.desk import Desk, rows
from kit import clock
from kit.errors import Refused
from kit.message import Button, Chat
from orders import order as verbs
from orders import receipt as receipts
from orders import stock_question
from shop import audit, contacts
from shop.catalogue import sold_out
from vision import feedback

Press = Callable[[Desk, list[str]], Awaitable[None]]


def _verb(name: str) -> Press:
    async def press(desk: Desk, args: list[str]) -> None:
        await moves.run(desk, name, _number(args))

    return press


async def _cancel(desk: Desk, args: list[str]) -> None:
    await moves.cancel_first(desk, _number(args))


async def _ship(desk: Desk, args: list[str]) -> None:
    await moves.ship(desk, _number(args), "")


async def _order(desk: Desk, args: list[str]) -> None:
    await moves.show(desk, await moves.found(desk, _number(args)))


async def _out(desk: Desk, args: list[str]) -> None:
    """Sold out, from an order card: one line at once, of several the person chooses."""
    order = await moves.found(desk, _number(args))
    if len(order.items) == 1:
        await _sold_out(desk, order.items[0].sku, order.items[0].variant)
        return
    pen = Pen(desk.shop, desk.who.language)
    made = [
        Button(pen.title(item.sku, item.variant, item.title), f"s:outv:{order.number}:{line}")
        for line, item in enumerate(order.items)
    ]
    await desk.answer(desk.say("which_out"), rows(*made, wide=1))


async def _out_line(desk: Desk, args: list[str]) -> None:
    order = await verbs.get(desk.tx, desk.shop_id, _number(args))
    if order is None or _number(args, 1) >= len(order.items):
        raise Refused("staff.unknown_press")
    item = order.items[_number(args, 1)]
    await _sold_out(desk, item.sku, item.variant)


async def _out_product(desk: Desk, args: list[str]) -> None:
    await _sold_out(desk, ":".join(args), "")


async def _sold_out(desk: Desk, sku: str, variant: str) -> None:
    await sold_out(desk.tx, desk.shop_id, sku, variant or None)
    await audit.note(desk.tx, desk.shop_id, desk.actor, "stock.sold_out", f"product:{sku}", variant=variant)
    await desk.toast(desk.say("is_out", title=Pen(desk.shop, desk.who.language).title(sku, variant)))


async def _receipt_seen(desk: Desk, args: list[str]) -> None:
    credits_ = await money_seen.of_receipt(desk, _number(args))
    done = await receipts.seen(desk.tx, desk.shop_id, _number(args), actor=desk.actor, now=clock.now())
    await money_seen.note(desk, credits_)
    await _settled(desk, done, "seen")


async def _receipt_sum(desk: Desk, args: list[str]) -> None:
    """This one of the sums in the picture came."""
    chosen = _number(args, 1)
    credits_ = {
        number: credit
        for number, credit in (await money_seen.of_receipt(desk, _number(args))).items()
        if credit.amount == chosen
    }
    done = await receipts.seen(desk.tx, desk.shop_id, _number(args), actor=desk.actor, now=clock.now(), chosen=chosen)
    await money_seen.note(desk, credits_)
    await _settled(desk, done, "seen")


async def _receipt_rejected(desk: Desk, args: list[str]) -> None:
    done = await receipts.not_seen(desk.tx, desk.shop_id, _number(args), actor=desk.actor, now=clock.now())
    await _settled(desk, done, "reject")


async def _receipt_full(desk: Desk, args: list[str]) -> None:
    done = await receipts.accept_as_full(desk.tx, desk.shop_id, _number(args), actor=desk.actor, now=clock.now())
    await _settled(desk, [done], "full")


async def _to_order(desk: Desk, args: list[str]) -> None:
    """This money is for that order; whether it came is pressed on the order's card, which follows."""
    receipt, number = _number(args), _number(args, 1)
    order = await receipts.assign(desk.tx, desk.shop_id, receipt, number, actor=desk.actor, now=clock.now())
    await _settled(desk, [order], "assigned")
    await moves.show(desk, order)


async def _credit(desk: Desk, args: list[str]) -> None:
    await money_seen.press(desk, _number(args), _number(args, 1))


async def _whose(desk: Desk, args: list[str]) -> None:
    await money_seen.whose(desk, _number(args))


async def _ask_card(desk: Desk, args: list[str]) -> None:
    """The shopper is asked where the money is to go back to."""
    await moves.ask_card(desk, _number(args))


async def _show_card(desk: Desk, args: list[str]) -> None:
    await moves.show_card(desk, _number(args))


async def _provider_counted(desk: Desk, args: list[str]) -> None:
    await providers.count(desk, _number(args))


async def _provider_gave_back(desk: Desk, args: list[str]) -> None:
    await providers.give_back(desk, _number(args))


async def _settled(desk: Desk, orders: list[verbs.Order], event: str) -> None:
    for order in orders:
        await moves.say(desk, order, event=event)
    if not orders:  # money nobody has an order for: there is no shopper's order to speak of
        await desk.toast(desk.say("receipt_decided"))


async def _back(desk: Desk, args: list[str]) -> None:
    await relay.give_back(desk, ":".join(args))


def _stock(there: bool) -> Press:
    async def press(desk: Desk, args: list[str]) -> None:
        thing, person = ":".join(args[:1]), ":".join(args[1:])
        sku, _, variant = thing.partition("|")
        chat = Chat.of(desk.shop_id, person)
        language = (await contacts.get(desk.tx, chat)).language or "uz"
        for words_ in await stock_question.answer(
            desk.tx, desk.shop, chat, sku, variant, there, actor=desk.actor, language=language
        ):
            await desk.tell(chat, words_)
        title = Pen(desk.shop, desk.who.language).title(sku, variant)
        await desk.toast(desk.say("said_there" if there else "said_none", title=title))

    return press


async def _photo(desk: Desk, args: list[str]) -> None:
    """What a picture shows, or that it is nothing of ours: the photo search learns from it."""
    sku = ":".join(args[1:])
    if not await feedback.answered(desk.tx, desk.shop_id, args[0], sku):
        raise Refused("staff.unknown_press")
    title = Pen(desk.shop, desk.who.language).title(sku, "") if sku else ""
    await desk.toast(desk.say("photo_taught", title=title) if sku else desk.say("photo_not_ours"))


async def _language(desk: Desk, args: list[str]) -> None:
    await desk.speak(":".join(args))
    await desk.answer(desk.say("language_set"))


async def _set(desk: Desk, args: list[str]) -> None:
    """A button below a question: it answers that question alone, and once."""
    if not args or args[0] != steps.waiting(desk):
        raise Refused("staff.unknown_press")
    await steps.take(desk, ":".join(args[1:]))


async def _setup(desk: Desk, args: list[str]) -> None:
    await steps.begin_setup(desk)


async def _deal(desk: Desk, args: list[str]) -> None:
    if len(args) < 3:
        raise Refused("staff.unknown_press")
    await deals.press(desk, args[0], args[1], ":".join(args[2:]))


async def _card(desk: Desk, args: list[str]) -> None:
    await till.change(desk)


async def _add(desk: Desk, args: list[str]) -> None:
    await products.decided(desk, args == ["yes"])


_PRESSES: dict[str, Press] = {
    **{name: _verb(name) for name in ("seen", "full", "reject", "pack", "deliver", "refund")},
    "cancel": _cancel,
    "cancel2": _verb("cancel"),
    "ship": _ship,
    "order": _order,
    "out": _out,
    "outv": _out_line,
    "outp": _out_product,
    "rseen": _receipt_seen,
    "rsum": _receipt_sum,
    "rreject": _receipt_rejected,
    "rfull": _receipt_full,
    "rto": _to_order,
    "back": _back,
    "there": _stock(True),
    "none": _stock(False),
    "lang": _language,
    "set": _set,
    "setup": _setup,
    "add": _add,
    "card": _card,
    "pcount": _provider_counted,
    "pback": _provider_gave_back,
    "credit": _credit,
    "whose": _whose,
    "askcard": _ask_card,
    "showcard": _show_card,
    "deal": _deal,
    "photo": _photo,
}


async def press(desk: Desk) -> None:
    """Does what the pressed button asks. Raises Refused for a token that means nothing (any more)."""
    _, verb, *args = desk.incoming.button.split(":")
    found = _PRESSES.get(verb)
    if found is None:
        raise Refused("staff.unknown_press")
    await found(desk, args)


def _number(args: list[str], place: int = 0) -> int:
    """The number at `place` of a token; Refused for a token nobody of us made."""
    if place >= len(args) or not args[place].isdigit():
        raise Refused("staff.unknown_press")
    return int(args[place])
