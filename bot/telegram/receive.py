"""One Telegram update -> what was said, in the words every channel shares.

Exactly one `Incoming` comes out of each update, so that the polling offset has something stored to stand on.
What is not meant for us is `ignored` with the reason in `note`; what we cannot read is `unknown`, kept in `raw`.
It knows no shop rule: who is staff, what a button means and which product a post shows is decided elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from typing import Any

from aiogram.enums import ContentType
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, MessageReactionUpdated, PreCheckoutQuery, Update
from pydantic import ValidationError

from bot import shape
from bot.telegram import content
from kit.message import CHECKOUT, PAID, Chat, Incoming

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?=\s|$)")
_DEEP_LINK = re.compile(r"[A-Za-z0-9_-]{1,64}")  # Telegram's own rule for ?start=
# things a person sends that we cannot open: they are told so; any other content is Telegram's own service note
_CANNOT_OPEN = {"poll", "game", "story", "paid_media", "checklist", "giveaway", "invoice", "rich_message"}
# parts that say who speaks: a message is never read without them
_WHO = {"chat", "from", "sender_chat", "forward_origin", "is_automatic_forward"}


@dataclass(frozen=True)
class _Bot:
    """Whose update it is. `username` and `staff_group` may be unknown ("" and 0)."""

    shop_id: str
    id: str
    username: str
    staff_group: int


def parse(
    shop_id: str, bot_id: str, update: dict[str, Any], *, username: str = "", staff_group: int = 0
) -> list[Incoming]:
    """The one event in `update`. Never raises: an unknown or broken shape is kept as kind `unknown`.

    `username` of the bot lets commands to other bots pass by; messages in `staff_group` are staff's talk,
    in any other group they are comments.
    """
    bot = _Bot(shop_id, str(bot_id), username, staff_group)
    try:
        raw = shape.tidy(update)
    except ValueError as error:
        return [_unknown(bot, {"refused": str(error)}, str(error))]
    if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
        return [_unknown(bot, raw, "no update_id")]
    try:
        seen = _validate(raw)
    except ValidationError:
        return [_unknown(bot, raw, "not in the form Telegram documents")]
    return [_event(bot, f"{bot.id}:{seen.update_id}", seen, raw)]


def _validate(raw: dict[str, Any]) -> Update:
    """`raw` as an Update; where a part of its message is newer than our types, without that part.

    A quoted message of a kind we do not know must not make the shopper's own words unreadable.
    """
    try:
        return Update.model_validate(raw)
    except ValidationError as error:
        faults = [fault["loc"] for fault in error.errors(include_url=False, include_input=False)]
    less = dict(raw)
    for where, part in {(str(loc[0]), str(loc[1])) for loc in faults if len(loc) > 1}:
        if part in _WHO or not isinstance(less.get(where), dict):
            continue
        pressed = less[where].get("message") if where == "callback_query" else None
        less[where] = {name: value for name, value in less[where].items() if name != part}
        if part == "chat_instance":
            less[where][part] = ""
        elif part == "message" and isinstance(pressed, dict):  # a button's place is enough, as for an old message
            less[where][part] = {"chat": pressed.get("chat"), "message_id": pressed.get("message_id"), "date": 0}
    return Update.model_validate(less)


def _event(bot: _Bot, event_id: str, seen: Update, raw: dict[str, Any]) -> Incoming:
    """The event of a sound update, by its kind."""
    if message := seen.message or seen.edited_message:
        return _message(bot, event_id, message, edited=seen.message is None)
    if post := seen.channel_post or seen.edited_channel_post:
        return _post(
            bot, event_id, post, *content.post_of(post.chat, post.message_id), edited=seen.channel_post is None
        )
    if seen.callback_query:
        return _press(bot, event_id, seen.callback_query)
    if seen.my_chat_member:
        return _membership(bot, event_id, seen.my_chat_member)
    if seen.pre_checkout_query:
        return _checkout(bot, event_id, seen.pre_checkout_query)
    if seen.message_reaction:
        return _reaction(bot, event_id, seen.message_reaction)
    known = sorted(seen.model_fields_set - {"update_id"} & set(Update.model_fields))
    if not known:
        return _unknown(bot, raw, "an update of a new kind")
    return Incoming(_chat_in(bot, raw), event_id, kind="ignored", note=f"{known[0]} is not ours to answer")


# ---- messages ----


def _message(bot: _Bot, event_id: str, message: Message, *, edited: bool) -> Incoming:
    """A shopper's message, staff's in their group, a comment, or the copy of a channel's post."""
    if message.successful_payment or message.refunded_payment:
        return _payment(bot, event_id, message)
    if message.is_automatic_forward:
        return _post(bot, event_id, message, *content.post(message), edited=edited)
    said = _said(bot, event_id, message)
    if said.group and (reason := _nobody(bot, message)):
        return replace(said, kind="ignored", note=reason)
    if edited:
        return replace(said, kind="edited")
    said = _command(bot, said) if not said.note else said
    if said.group and message.chat.id != bot.staff_group:
        return _in_group(said, message)
    return said


def _said(bot: _Bot, event_id: str, message: Message) -> Incoming:
    """What a person wrote, with everything that was attached."""
    media = content.media(message)
    post, url = content.post(message)
    if not post:
        post, url = content.answered_post(message.external_reply)
        if post and message.external_reply is not None:  # the post's picture stands for "this one"
            media = media or content.media(message.external_reply)
    said = Incoming(
        _chat(bot, message.chat.id),
        event_id,
        text=content.text(message),
        media=media,
        contact=content.contact(message),
        location=content.place(message),
        post=post,
        post_url=url,
        message_id=str(message.message_id),
        reply_to=str(message.reply_to_message.message_id) if message.reply_to_message else "",
        thread=str(message.message_thread_id or "") if message.is_topic_message else "",
        album=message.media_group_id or "",
        group=message.chat.type != "private",
        sent_at=message.date.timestamp(),
        note=content.forwarded(message),
        **content.person(message.from_user),
    )
    if said.text or said.media or said.contact or said.location or message.text is not None:
        return said
    kind = ContentType(message.content_type).value
    if kind in _CANNOT_OPEN or kind == "unknown":
        return replace(said, note="unsupported")
    return replace(said, kind="ignored", note=f"service message: {kind}")


def _command(bot: _Bot, said: Incoming) -> Incoming:
    """`said` as a command if it begins with one: `/start p_42` is "/start" with the payload in `start`."""
    found = _COMMAND.match(said.text)
    if not found:
        return said
    verb, addressee = found.group(1).lower(), found.group(2)
    if addressee and bot.username and addressee.lower() != bot.username.lower():
        return replace(said, kind="ignored", note="a command to another bot")
    rest = said.text[found.end() :].strip()
    if verb != "start":
        return replace(said, kind="command", text=f"/{verb} {rest}".strip())
    return replace(said, kind="command", text="/start", start=rest if _DEEP_LINK.fullmatch(rest) else "")


def _nobody(bot: _Bot, message: Message) -> str:
    """Why no person we can name wrote this group message; "" when one did."""
    if message.sender_chat is not None:
        own = message.sender_chat.id == message.chat.id
        return "written by an anonymous admin" if own else "written in a channel's name"
    if message.from_user is None:
        return "nobody wrote it"
    if str(message.from_user.id) == bot.id:
        return "our own message"
    return "written by a bot" if message.from_user.is_bot else ""


def _in_group(said: Incoming, message: Message) -> Incoming:
    """Talk in a group that is not the staff's: under a post it is a comment, a command is heard, the rest passes by."""
    if said.kind != "message":
        return said
    above = message.reply_to_message
    under_post = above is not None and bool(above.is_automatic_forward)
    thread = message.message_thread_id or (above.message_id if above is not None and under_post else None)
    if thread is None or message.is_topic_message:
        return replace(said, kind="ignored", note="talk in a group, not under a post")
    post, url = content.post(above) if above is not None and under_post else ("", "")
    # a nested answer shows no post: `thread` is the id of the copy in the group, whoever stored that knows the post
    shown = (
        {"caption": content.text(above), "media": [asdict(one) for one in content.media(above)]}
        if post and above
        else {}
    )
    return replace(said, kind="comment", post=post, post_url=url, thread=str(thread), raw=shown)


def _post(bot: _Bot, event_id: str, message: Message, post: str, url: str, *, edited: bool) -> Incoming:
    """A channel's post: in the channel itself, or its copy in the discussion group.

    Comments carry the message id of the copy as their thread, so a copy is its own thread.
    """
    return Incoming(
        _chat(bot, message.chat.id),
        event_id,
        sender=str(message.sender_chat.id) if message.sender_chat else "",
        kind="post",
        text=content.text(message),
        media=content.media(message),
        post=post,
        post_url=url,
        message_id=str(message.message_id),
        thread=str(message.message_id) if message.is_automatic_forward else "",
        album=message.media_group_id or "",
        group=True,
        sent_at=message.date.timestamp(),
        note="edited" if edited else "",
    )


# ---- everything else ----


def _press(bot: _Bot, event_id: str, press: CallbackQuery) -> Incoming:
    """A pressed button: who pressed it (not whose message it is), where, and the token it carried."""
    under = press.message
    chat = under.chat if under else None
    return Incoming(
        _chat(bot, chat.id if chat else press.from_user.id),
        event_id,
        kind="button" if press.data else "ignored",
        button=press.data or "",
        press_id=press.id,
        message_id=str(under.message_id) if under else "",
        thread=str(under.message_thread_id) if isinstance(under, Message) and under.is_topic_message else "",
        group=chat is not None and chat.type != "private",
        note="" if press.data else "a button without a token",
        **content.person(press.from_user),
    )


def _membership(bot: _Bot, event_id: str, change: ChatMemberUpdated) -> Incoming:
    """The bot was blocked or unblocked by a person, or its place in a group changed."""
    private = change.chat.type == "private"
    status = str(change.new_chat_member.status)
    blocked = private and status in ("kicked", "left")
    return Incoming(
        _chat(bot, change.chat.id),
        event_id,
        kind="blocked" if blocked else "ignored",
        group=not private,
        sent_at=change.date.timestamp(),
        note="" if blocked else f"the bot is now {status} here",
        **content.person(change.from_user),
    )


def _checkout(bot: _Bot, event_id: str, query: PreCheckoutQuery) -> Incoming:
    """Telegram asks whether a payment may go through; it waits 10 seconds for `press_id` to be answered."""
    facts = {
        "currency": query.currency,
        "total_amount": query.total_amount,
        "invoice_payload": query.invoice_payload,
    }
    return Incoming(
        _chat(bot, query.from_user.id),
        event_id,
        kind="payment",
        press_id=query.id,
        note=CHECKOUT,
        raw=facts,
        **content.person(query.from_user),
    )


def _payment(bot: _Bot, event_id: str, message: Message) -> Incoming:
    """Money that a payment provider of Telegram's took or gave back: the facts are in `raw`, amounts in cents."""
    done = message.successful_payment or message.refunded_payment
    assert done is not None
    return Incoming(
        _chat(bot, message.chat.id),
        event_id,
        kind="payment",
        message_id=str(message.message_id),
        sent_at=message.date.timestamp(),
        note=PAID if message.successful_payment else "refunded_payment",
        raw={
            "currency": done.currency,
            "total_amount": done.total_amount,
            "invoice_payload": done.invoice_payload,
            "telegram_payment_charge_id": done.telegram_payment_charge_id,
            "provider_payment_charge_id": done.provider_payment_charge_id or "",
        },
        **content.person(message.from_user),
    )


def _reaction(bot: _Bot, event_id: str, change: MessageReactionUpdated) -> Incoming:
    """A reaction is no message: it is kept, never answered."""
    signs = "".join(str(getattr(kind, "emoji", "*")) for kind in change.new_reaction)
    return Incoming(
        _chat(bot, change.chat.id),
        event_id,
        kind="ignored",
        message_id=str(change.message_id),
        group=change.chat.type != "private",
        sent_at=change.date.timestamp(),
        note=f"reaction {signs}" if signs else "reaction taken back",
        **content.person(change.user),
    )


def _unknown(bot: _Bot, raw: Any, why: str) -> Incoming:
    """What we could not read, kept under its chat where that can be seen."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    own_id = str(number) if isinstance(number, int) else shape.fingerprint(raw)
    return Incoming(_chat_in(bot, raw), f"{bot.id}:{own_id}", kind="unknown", note=why, raw=shape.keep(raw))


def _chat_in(bot: _Bot, raw: Any) -> Chat:
    """The chat an update of any kind names, or "-"."""
    parts = raw.values() if isinstance(raw, dict) else ()
    for part in parts:
        where = part.get("chat") if isinstance(part, dict) else None
        if isinstance(where, dict) and isinstance(where.get("id"), int):
            return _chat(bot, where["id"])
    return _chat(bot, "-")


def _chat(bot: _Bot, chat_id: int | str) -> Chat:
    return Chat(bot.shop_id, "telegram", str(chat_id))
