"""A reply to any card reaches that shopper on their channel: text, photo, voice. The agent is silent afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.staff import cards
from bot.staff.cards import Pen
from bot.staff.desk import Desk
from kit.db import Reader
from kit.errors import Refused
from kit.message import Chat, Incoming, Reply
from shop import audit, contacts

_PRIVATE = """
SELECT EXISTS (SELECT FROM outbox WHERE shop_id = $1 AND key = $2 AND payload ->> 'private' = $3 AND status <> 3)
"""


@dataclass(frozen=True)
class Card:
    """The card somebody replied to: what it is about and whose conversation it belongs to."""

    about: str
    shopper: str


async def card_of(reader: Reader, incoming: Incoming) -> Card | None:
    """The card this message replies to, None for other messages."""
    if not incoming.reply_to:
        return None
    row = await reader.fetchrow(
        """SELECT about, shopper FROM outbox
           WHERE shop_id = $1 AND key = $2 AND provider_id = $3 AND shopper <> '' ORDER BY id DESC LIMIT 1""",
        incoming.chat.shop_id,
        incoming.chat.key,
        incoming.reply_to,
    )
    return Card(row["about"], row["shopper"]) if row else None


async def to_shopper(desk: Desk, card: Card) -> None:
    """Passes the message on and keeps the agent silent for the shop's pause."""
    photos = [desk.files[media.ref] for media in desk.incoming.media if media.kind == "photo"]
    files = [desk.files[media.ref] for media in desk.incoming.media if media.kind != "photo"]
    if not (desk.incoming.text or photos or files):
        raise Refused("staff.choose_a_button")
    chat = Chat.of(desk.shop_id, card.shopper)
    reply = Reply(text=desk.incoming.text, photos=tuple(photos), files=tuple(files))
    placed = await _placed(desk, card, reply)
    await desk.tell(chat, placed)
    if placed.comment:  # a group is no one person's conversation: the agent goes on answering the others there
        await audit.note(desk.tx, desk.shop_id, desk.actor, "chat.staff_wrote", f"chat:{card.shopper}")
        await desk.answer(desk.say("sent_under"))
        return
    minutes = desk.shop.profile.talk.human_pause_minutes
    await contacts.pause(desk.tx, chat, minutes)
    await audit.note(desk.tx, desk.shop_id, desk.actor, "chat.staff_wrote", f"chat:{card.shopper}")
    await desk.answer(desk.say("sent_on", minutes=minutes))


async def _placed(desk: Desk, card: Card, reply: Reply) -> Reply:
    """A comment is answered where it stands; on Instagram by the one private message that may follow it."""
    kind, _, comment = card.about.partition(":")
    if kind != "comment":
        return reply
    if Chat.of(desk.shop_id, card.shopper).channel != "instagram":
        return replace(reply, comment=comment)
    spent = await desk.tx.fetchval(_PRIVATE, desk.shop_id, card.shopper, comment)
    return reply if spent else replace(reply, private=comment)


async def give_back(desk: Desk, shopper: str) -> None:
    """`/bot` as a reply to a card, or its button: the agent answers this conversation again."""
    chat = Chat.of(desk.shop_id, shopper)
    await contacts.give_back(desk.tx, chat)
    await audit.note(desk.tx, desk.shop_id, desk.actor, "chat.given_back", f"chat:{shopper}")
    name = await cards.name_of(desk.tx, Pen(desk.shop, desk.who.language), chat)
    await desk.toast(desk.say("given_back", name=name))
