"""Answers to a question that waits for this person: the first day, a track number, the password before the card."""

from __future__ import annotations

from bot.staff import deals, moves, products, setup
from bot.staff.desk import Desk
from kit import clock
from kit.errors import Refused
from orders import card as cards
from shop import staff as members


def waiting(desk: Desk) -> str:
    """Which question waits for this person, as its buttons name it; "" when none does that has buttons."""
    step = desk.who.step
    names = {"setup": step.get("ask"), "ship": f"ship{step.get('number')}", "card": "card"}
    return str(names.get(str(step.get("flow"))) or "")


async def take(desk: Desk, text: str) -> None:
    """Takes `text` as the answer. Raises Refused when it is none; the question stays."""
    flow = desk.who.step.get("flow")
    if flow == "setup":
        await setup.answer(desk, text)
    elif flow == "ship":
        await moves.ship(desk, int(desk.who.step["number"]), "" if text == "-" else text, ask=False)
    elif flow == "deal":
        await deals.answer(desk, text)
    elif flow == "card":
        await _card(desk, text)
    elif flow == "product":
        await products.decided(desk, text == "yes")
    else:
        raise Refused("staff.unknown_press")


async def begin_setup(desk: Desk) -> None:
    """The first-day questions, for an owner."""
    if not desk.who.owner:
        raise Refused("staff.owner_only")
    await setup.begin(desk)


async def _card(desk: Desk, text: str) -> None:
    """Password (or a new one), then the number and the holder in one message."""
    if text == "skip":
        await desk.done_asking()
        await desk.toast(desk.say("skip"))
        return
    ask = desk.who.step.get("ask")
    if ask == "password" and not await members.check_password(desk.tx, desk.who, desk.typed or text):
        raise Refused("staff.card_wrong_password")
    if ask == "new_password":
        await members.set_password(desk.tx, desk.who, desk.typed or text)
    if ask != "number":
        await desk.ask({"flow": "card", "ask": "number"}, desk.say("card_ask"))
        return
    number, holder = setup.card_of(desk.typed or text)
    await cards.replace(desk.tx, desk.app.box, desk.shop_id, number, holder, actor=desk.actor, now=clock.now())
    await desk.done_asking()
