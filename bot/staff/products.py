"""A product by photo and caption: "ko'ylak 250 ming, S M L, qora" is read, shown back, and added after a yes."""

from __future__ import annotations

from dataclasses import asdict

from bot.staff.desk import Desk, rows
from kit.errors import Refused
from kit.message import Button, Incoming
from shop import add_product, shops
from shop import staff as members


def is_one(incoming: Incoming, currency: str) -> bool:
    """Whether this message is a new product: a photo whose caption has a price."""
    if not any(media.kind in ("photo", "file") for media in incoming.media):
        return False
    return add_product.parse_caption(incoming.text, currency) is not None


async def offer(desk: Desk) -> None:
    """Shows what was read and asks whether it is right."""
    draft = add_product.parse_caption(desk.incoming.text, desk.shop.currency)
    if draft is None:
        raise Refused("staff.product_unclear")
    photo = next(desk.files[one.ref] for one in desk.incoming.media if one.kind in ("photo", "file"))
    step = {"flow": "product", "draft": asdict(draft), "photo": photo}
    await members.set_step(desk.tx, desk.who, step)
    choice = " · ".join(part for part in (" ".join(draft.sizes), ", ".join(draft.colors)) if part)
    text = desk.say("product_read", title=draft.title, price=desk.money(draft.price, draft.currency), choice=choice)
    made = rows(
        Button(desk.say("yes"), "s:add:yes", style="success"), Button(desk.say("no"), "s:add:no", style="danger")
    )
    await desk.answer(f"{text.strip()}\n{desk.say('product_add')}", made, photos=(photo,))


async def decided(desk: Desk, yes: bool) -> None:
    """Adds the product that waits, or forgets it."""
    step = desk.who.step
    if step.get("flow") != "product":
        raise Refused("staff.unknown_press")
    await desk.done_asking()
    if not yes:
        await desk.answer(desk.say("product_not_added"))
        return
    draft = add_product.Draft(**step["draft"])
    product = await add_product.add(desk.tx, desk.shop_id, draft, photos=(step["photo"],), actor=desk.actor)
    added = desk.say("product_added", title=product.title(desk.who.language), sku=product.sku)
    hidden = await shops.hide_demo(desk.tx, desk.shop_id)  # with goods of one's own nobody is to be sold the demo's
    await desk.answer("\n".join((added, desk.say("demo_hidden"))) if hidden else added)
