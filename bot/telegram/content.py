"""What a Telegram message holds: its words, its attachment, its contact, the post it was forwarded from."""

from __future__ import annotations

import mimetypes
from typing import Any

from aiogram.types import Chat, ExternalReplyInfo, Message, MessageOriginChannel, MessageOriginUser, User

from kit.message import Media, SharedContact

# field of the message -> what we call it; an animation also fills `document`, so it stands first
_FILES = {
    "animation": "video",
    "document": "file",
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
    "sticker": "sticker",
}


def text(message: Message) -> str:
    """The words of a message: its text or caption, a sticker's or a dice's emoji, a venue's name and address."""
    if message.sticker:
        return message.sticker.emoji or ""
    if message.dice:
        return message.dice.emoji
    if message.venue:
        return f"{message.venue.title}, {message.venue.address}"
    return message.text or message.caption or ""


def media(message: Message | ExternalReplyInfo) -> tuple[Media, ...]:
    """The one attachment a Telegram message can have (an album is several messages)."""
    sizes = message.photo or (message.live_photo.photo if message.live_photo else None)
    if sizes:
        best = max(sizes, key=lambda size: size.width * size.height)
        return (Media("photo", best.file_id, best.file_unique_id, "image/jpeg", size=best.file_size or 0),)
    for field, kind in _FILES.items():
        file = getattr(message, field, None)
        if file is not None:
            name = getattr(file, "file_name", None) or ""
            mime = getattr(file, "mime_type", None) or ""
            if mime in ("", "application/octet-stream"):  # phones send receipts "as file" without a type
                mime = mimetypes.guess_type(name)[0] or mime
            seconds = getattr(file, "duration", None) or 0
            return (Media(kind, file.file_id, file.file_unique_id, mime, name, file.file_size or 0, seconds),)
    return ()


def contact(message: Message) -> SharedContact | None:
    """A shared contact; it is the sender's own only where Telegram says whose account it is."""
    card = message.contact
    if card is None:
        return None
    own = message.from_user is not None and card.user_id == message.from_user.id
    return SharedContact(card.phone_number, f"{card.first_name} {card.last_name or ''}".strip(), own)


def place(message: Message) -> tuple[float, float] | None:
    """The pin of a message: latitude, longitude."""
    spot = message.location or (message.venue.location if message.venue else None)
    return (spot.latitude, spot.longitude) if spot else None


def forwarded(message: Message) -> str:
    """`forwarded`, with the account that wrote it first where Telegram tells; "" for a message of one's own."""
    origin = message.forward_origin
    if origin is None:
        return ""
    if isinstance(origin, MessageOriginUser) and origin.sender_user.username:
        return f"forwarded @{origin.sender_user.username}"
    return "forwarded"


def post(message: Message) -> tuple[str, str]:
    """The channel post a message is a forward of: (`<channel>:<number>`, its t.me link if the channel has a name)."""
    origin = message.forward_origin
    return post_of(origin.chat, origin.message_id) if isinstance(origin, MessageOriginChannel) else ("", "")


def answered_post(shared: ExternalReplyInfo | None) -> tuple[str, str]:
    """The channel post that was answered from another chat, in the same two forms."""
    if shared is None:
        return "", ""
    if isinstance(shared.origin, MessageOriginChannel):
        return post_of(shared.origin.chat, shared.origin.message_id)
    if shared.chat is not None and shared.message_id is not None and shared.chat.type == "channel":
        return post_of(shared.chat, shared.message_id)
    return "", ""


def post_of(channel: Chat, number: int) -> tuple[str, str]:
    """A post's id and link."""
    return f"{channel.id}:{number}", f"https://t.me/{channel.username}/{number}" if channel.username else ""


def person(user: User | None) -> dict[str, Any]:
    """Who acted, as fields of an Incoming."""
    if user is None:
        return {}
    return {
        "sender": str(user.id),
        "name": f"{user.first_name} {user.last_name or ''}".strip(),
        "username": user.username or "",
        "language": user.language_code or "",
    }
