"""Nobody counts this product: staff are asked [there is] [none] before the summary; the shopper waits in no silence.

An answer holds for this conversation alone; tomorrow the shelf may be empty again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit import outbox
from kit.db import Tx
from kit.message import Chat, Notice, Reply
from kit.words import say
from orders import stock
from orders.cart.missing import missing
from orders.cart.summary import summary
from orders.cart.value import Line, load, save
from shop import audit

if TYPE_CHECKING:
    from shop.shops import Shop

# the promise to write later, put in advance, is withdrawn when staff answered in time
_WITHDRAW = "UPDATE outbox SET status = 3 WHERE shop_id = $1 AND idem = $2 AND status = 0"


def about(sku: str, variant: str) -> str:
    """What the card of the question, and the presses on it, refer to."""
    return f"stock:{sku}|{variant}"


async def ask(tx: Tx, shop: Shop, chat: Chat, line: Line, language: str) -> Reply:
    """Asks staff whether `line` is there; what the shopper hears now. A second message follows if no answer does."""
    product = shop.products[line.sku]
    thing = about(line.sku, line.variant)
    facts = {"sku": line.sku, "variant": line.variant, "qty": line.qty, "title": product.title(language)}
    notice = Notice("stock_question", about=thing, shopper=chat.key, facts=facts, photos=product.photos[:1])
    round_ = await tx.fetchval(
        "SELECT count(*) FROM audit WHERE shop_id = $1 AND about = $2 AND verb = 'stock.answered'",
        shop.id,
        f"{thing}@{chat.key}",
    )
    await outbox.tell_staff(tx, shop.id, notice, idem=f"{thing}@{chat.key}:{round_}")
    name = product.called(line.variant, language)
    await outbox.put(
        tx,
        chat,
        Reply(say(language, "order.stock_later", title=name)),
        idem=f"{thing}@{chat.key}:{round_}:later",
        delay_s=shop.profile.orders.stock_answer_minutes * 60.0,
    )
    return Reply(say(language, "order.stock_checking", title=name))


async def answer(
    tx: Tx, shop: Shop, chat: Chat, sku: str, variant: str, there: bool, *, actor: str, language: str
) -> list[Reply]:
    """Staff pressed: the cart is freed of the doubt, or of the line; what the shopper hears.

    When nothing else is to be asked the summary follows at once: nobody has to write first.
    """
    thing = about(sku, variant)
    round_ = await tx.fetchval(
        "SELECT count(*) FROM audit WHERE shop_id = $1 AND about = $2 AND verb = 'stock.answered'",
        shop.id,
        f"{thing}@{chat.key}",
    )
    await tx.execute(_WITHDRAW, shop.id, f"{thing}@{chat.key}:{round_}:later")
    await audit.note(tx, shop.id, actor, "stock.answered", f"{thing}@{chat.key}", there=there)
    cart = await load(tx, chat)
    if there:
        cart.checked.add(f"{sku}|{variant}")
    else:
        cart.remove(sku, variant)
    product = shop.products.get(sku)
    name = product.called(variant, language) if product else sku
    words = [Reply(say(language, "order.stock_there" if there else "order.stock_none", title=name))]
    if there and any((line.sku, line.variant) == (sku, variant) for line in cart.lines):
        shelves = await stock.shelves(tx, shop.id, [line.sku for line in cart.lines])
        if not missing(cart, shop, shelves):
            words.append(summary(cart, shop, language))
            cart.shown = cart.summary_key(shop)
    await save(tx, chat, cart)
    return words
