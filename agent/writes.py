"""The verbs that a turn queued, run in its transaction; each gives what the shopper hears of it.

Sums, cards and statuses are said by `orders`; nothing here is worded by a brain.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agent import photos
from agent.turn import Turn, Write
from kit import outbox
from kit.errors import Refused
from kit.message import Notice, Reply
from kit.words import say
from orders import links, receipt, stock_question, told
from orders import order as orders
from orders.cart import Cart, Line
from orders.order.updates import follow
from shop import hours, offers
from vision import feedback
from vision.receipt import Reading
from vision.weigh import Candidate

if TYPE_CHECKING:
    from kit.db import Tx
    from shop.shops import Shop

DROP_THE_CART = frozenset({"place", "change"})


async def run(tx: Tx, turn: Turn, cart: Cart, write: Write) -> list[Reply]:
    """Does one write and gives its words. Raises Refused when a rule says no."""
    return await _VERBS[write.verb](tx, turn, cart, write.args)


def _actor(turn: Turn) -> str:
    return f"shopper:{turn.chat.channel}:{turn.last.sender or turn.chat.id}"


async def _place(tx: Tx, turn: Turn, cart: Cart, args: dict[str, Any]) -> list[Reply]:
    placed = await orders.place(
        tx,
        turn.shop,
        turn.chat,
        cart,
        actor=_actor(turn),
        now=turn.now,
        language=turn.language,
        shopper=turn.last.sender or turn.chat.id,
        name=turn.contact.name,
    )
    said = [told.placed(turn.shop, placed, turn.language, updates_url=turn.updates_url)]
    if placed.owed:
        said += await links.ask(tx, turn.shop, placed, turn.language)
    return said


async def _change(tx: Tx, turn: Turn, cart: Cart, args: dict[str, Any]) -> list[Reply]:
    done = await orders.change(tx, turn.shop, turn.chat, cart, actor=_actor(turn), now=turn.now, language=turn.language)
    said = [told.changed(turn.shop, done, turn.language)]
    if done.extra:
        said += await links.ask(tx, turn.shop, done.order, turn.language)
    return said


async def _cancel(tx: Tx, turn: Turn, cart: Cart, args: dict[str, Any]) -> list[Reply]:
    done = await orders.cancel(tx, turn.shop.id, args["number"], actor=_actor(turn), now=turn.now, chat=turn.chat)
    return [told.told(turn.shop, done, turn.language)]


async def _told(tx: Tx, turn: Turn, cart: Cart, args: dict[str, Any]) -> list[Reply]:
    order = await orders.get(tx, turn.shop.id, args["number"])
    if order is None:
        return []
    lacks = await receipt.lacking(tx, turn.shop.id, order.number)
    return [told.told(turn.shop, order, turn.language, lacks=lacks)]


async def _card(tx: Tx, turn: Turn, cart: Cart, args: dict[str, Any]) -> list[Reply]:
    order = await orders.get(tx, turn.shop.id, args["number"])
    if order is None or not order.owed:
        return []
    lacks = await receipt.lacking(tx, turn.shop.id, order.number)
    if lacks is not None:  # only what the receipt that is looked into falls short by
        order = replace(order, paid=order.paid + order.owed - lacks)
    return await links.ask(tx, turn.shop, order, turn.language) if order.owed else []


async def _money_claim(tx: Tx, turn: Turn, cart: Cart, args: dict[str, Any]) -> list[Reply]:
    claim = await receipt.money_claimed(tx, turn.shop, turn.chat, turn.now)
    return [receipt.claim_told(claim, turn.language)]


async def _receipt(tx: Tx, turn: Turn, cart: Cart, args: dict[str, Any]) -> list[Reply]:
    reading = Reading.load(args["reading"])
    how = {"shown": args.get("shown", ""), "look": args.get("look")}
    outcome = await receipt.take(tx, turn.shop, turn.chat, args["picture"], args["sha"], reading, turn.now, **how)
    return [receipt.told(outcome, turn.shop, turn.language)]


async def _haggle(tx: Tx, turn: Turn, cart: Cart, args: dict[str, Any]) -> list[Reply]:
    notice = Notice("haggle", shopper=turn.chat.key, facts=args)
    await outbox.tell_staff(tx, turn.shop.id, notice, idem=f"haggle:{turn.chat.key}:{turn.last.event_id}")
    return []


async def _grant(tx: Tx, turn: Turn, cart: Cart, args: dict[str, Any]) -> list[Reply]:
    """A price the shopper named, and the owner's lowest price allows."""
    held = (await offers.of_chat(tx, turn.chat, turn.now)).get(args["sku"])
    if held is not None and held <= args["price"]:
        return []  # staff granted as much meanwhile
    product = turn.shop.products[args["sku"]]
    product = replace(product, price=max(args["was"], product.old_price or 0) if held is not None else args["was"])
    await offers.give(tx, turn.chat, product, args["price"], actor="rules", now=turn.now)
    return []


async def _ask_stock(tx: Tx, turn: Turn, cart: Cart, args: dict[str, Any]) -> list[Reply]:
    line = Line(args["sku"], args["variant"], args["qty"])
    return [await stock_question.ask(tx, turn.shop, turn.chat, line, turn.language)]


async def _updates(tx: Tx, turn: Turn, cart: Cart, args: dict[str, Any]) -> list[Reply]:
    order = await follow(tx, turn.chat, args["start"])
    if order is None:
        return [Reply(say(turn.language, "talk.link_used"))]
    return [Reply(say(turn.language, "talk.updates_here")), told.told(turn.shop, order, turn.language)]


async def _photo_choice(tx: Tx, turn: Turn, cart: Cart, args: dict[str, Any]) -> list[Reply]:
    shown = [Candidate(sku, 0.0, odds) for sku, odds in args["shown"]]
    about = {"picture": args["picture"], "model": args["model"]}
    await feedback.store(tx, turn.shop.id, **about, shown=shown, chosen=args["chosen"], by="shopper")
    return []


_VERBS: dict[str, Callable[[Tx, Turn, Cart, dict[str, Any]], Awaitable[list[Reply]]]] = {
    "place": _place,
    "change": _change,
    "cancel": _cancel,
    "told": _told,
    "card": _card,
    "money_claim": _money_claim,
    "receipt": _receipt,
    "haggle": _haggle,
    "grant": _grant,
    "ask_stock": _ask_stock,
    "updates": _updates,
    "photo_choice": _photo_choice,
}


async def ask_about_picture(tx: Tx, turn: Turn) -> None:
    """Keeps what the picture on the card of a hand-over was weighed as: staff may say what it shows."""
    if looked := photos.asked_about(turn):
        about = {name: looked[name] for name in ("picture", "model", "shown")}
        await feedback.ask(tx, turn.shop.id, **about)


def handover_notice(turn: Turn, why: str) -> Notice:
    """What staff see when a conversation is given to them; without a sound outside the hours."""
    said = "\n".join(one.text for one in turn.incoming if one.text)
    facts: dict[str, Any] = {"why": why, "text": said[:1000], "language": turn.language}
    looked = photos.asked_about(turn)
    if looked:
        facts["picture"] = {"sha": looked["picture"], "skus": [sku for sku, _ in looked["shown"]]}
    return Notice(
        "handover",
        shopper=turn.chat.key,
        facts=facts,
        photos=(looked["file"],) if looked else (),
        silent=not hours.open_at(turn.shop.profile, turn.now),
    )


# ---- when a verb said no ---------------------------------------------------------------------------------------------


def why(refused: Refused, turn: Turn) -> str:
    """The sentence of a refusal."""
    return told.why(refused, turn.language, turn.shop.currency)


def mend(cart: Cart, shop: Shop, refused: Refused) -> bool:
    """Takes what cannot be had out of the cart; whether what is left can be shown for a yes."""
    sku, variant = str(refused.facts.get("sku", "")), str(refused.facts.get("variant", ""))
    if refused.key == "order.out_of_stock":
        left = int(str(refused.facts.get("left") or 0))
        if left:
            cart.set_qty(sku, variant, left)
        else:
            cart.remove(sku, variant)
    elif refused.key == "order.gone":
        cart.remove(sku)
    elif refused.key not in ("order.price_changed", "order.not_shown", "order.incomplete"):
        return False
    return bool(cart.lines)
