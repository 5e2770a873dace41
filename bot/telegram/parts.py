"""A Reply as the calls of the Bot API it takes: pictures and albums, documents, a pin, text in pieces, buttons."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog
from aiogram.methods import SendDocument, SendInvoice, SendLocation, SendMediaGroup, SendMessage, SendPhoto
from aiogram.methods.base import TelegramMethod
from aiogram.types import (
    CopyTextButton,
    FSInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    LabeledPrice,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)

from bot.split import split, utf16
from kit.errors import Unavailable
from kit.message import Button, Reply
from kit.money import to_minor

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove
Rows = Sequence[Sequence[Button]]
log = structlog.get_logger(__name__)
TEXT_UNITS = 4096
CAPTION_UNITS = 1024
ALBUM = 10
_TITLE, _ABOUT = 32, 255  # characters of an invoice's title and of what it is for
_TOKEN_BYTES = 64
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # a link to the privacy page must not cover the answer


def of(chat_id: int, reply: Reply, photos: Sequence[Path], files: Sequence[Path], markup: Markup | None) -> list[Any]:
    """The calls that say `reply`, in order; the last one carries the buttons and is the one to reply to."""
    short = sum(map(utf16, reply.text)) <= CAPTION_UNITS
    inline = markup is not None
    caption = reply.text if reply.text and short and _can_carry(photos, files, inline) else None
    texts = [] if caption else split(reply.text, TEXT_UNITS, utf16)
    found: list[tuple[type[TelegramMethod[Any]], dict[str, Any]]] = []
    if reply.location:
        found.append((SendLocation, {"latitude": reply.location[0], "longitude": reply.location[1]}))
    found += _pictures(photos, caption, alone=inline and not texts and not files)
    found += [(SendDocument, {"document": FSInputFile(path)}) for path in files]
    if caption and not photos:
        found[-1][1]["caption"] = caption
    found += [(SendMessage, {"text": text, "link_preview_options": _NO_PREVIEW}) for text in texts]
    return _addressed(chat_id, reply, found, markup)


def invoice(chat_id: int, reply: Reply, token: str) -> SendInvoice:
    """The call that sends a bill, to be paid through the provider that `token` stands for.

    Raises Unavailable where the bot has no such token.
    """
    bill = reply.invoice
    assert bill is not None
    if not token:
        raise Unavailable("the bot has no payment_token", permanent=True, code="no_payment_token")
    return SendInvoice(
        chat_id=chat_id,
        title=bill.title[:_TITLE],
        description=reply.text[:_ABOUT] or bill.title,
        payload=bill.payload,
        provider_token=token,
        currency=bill.currency,
        prices=[LabeledPrice(label=bill.title[:_TITLE], amount=to_minor(bill.amount, bill.currency))],
    )


def _can_carry(photos: Sequence[Path], files: Sequence[Path], inline: bool) -> bool:
    """Whether the words fit under a picture or document: one file, or one album that needs no buttons."""
    return len(photos) + len(files) == 1 or (not files and 1 < len(photos) <= ALBUM and not inline)


def _pictures(photos: Sequence[Path], caption: str | None, *, alone: bool) -> list[tuple[Any, dict[str, Any]]]:
    """Photos in albums of 2 to 10. `alone`: the last one is sent by itself, because an album takes no buttons."""
    last = [photos[-1]] if alone and len(photos) > 1 else []
    rest = photos[: len(photos) - len(last)]
    groups = [rest[at : at + ALBUM] for at in range(0, len(rest), ALBUM)] + ([last] if last else [])
    found: list[tuple[Any, dict[str, Any]]] = []
    for group in groups:
        words = caption if not found else None
        if len(group) == 1:
            found.append((SendPhoto, {"photo": FSInputFile(group[0]), "caption": words}))
        else:
            media = [InputMediaPhoto(media=FSInputFile(path)) for path in group]
            media[0] = InputMediaPhoto(media=FSInputFile(group[0]), caption=words)
            found.append((SendMediaGroup, {"media": media}))
    return found


def _addressed(
    chat_id: int, reply: Reply, found: list[tuple[type[TelegramMethod[Any]], dict[str, Any]]], markup: Markup | None
) -> list[Any]:
    """Calls with what all of them carry, what the first and what the last."""
    common: dict[str, Any] = {"chat_id": chat_id}
    if reply.silent:
        common["disable_notification"] = True
    if reply.thread.isdigit() and not reply.comment:  # an answer to a comment finds its thread by itself
        common["message_thread_id"] = int(reply.thread)
    above = reply.comment or reply.reply_to
    calls = []
    for place, (kind, fields) in enumerate(found):
        extra: dict[str, Any] = {}
        if place == 0 and above.isdigit():
            extra["reply_parameters"] = ReplyParameters(message_id=int(above), allow_sending_without_reply=True)
        if place == len(found) - 1 and markup is not None and kind is not SendMediaGroup:
            extra["reply_markup"] = markup
        calls.append(kind(**common, **fields, **extra))
    return calls


# ---- buttons ----


def keyboard(rows: Rows, *, private: bool) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    """Buttons as Telegram shows them; None when there is none.

    Asking for a contact or a place works only with the keyboard under the input line, and only in a private chat;
    the other buttons of such a reply become keys there that type their label.
    """
    if private and any(button.ask for row in rows for button in row):
        keys = [[_key(button) for button in row] for row in rows if row]
        return ReplyKeyboardMarkup(keyboard=keys, resize_keyboard=True, one_time_keyboard=True)
    found = [[one for button in row if (one := _inline(button))] for row in rows]
    found = [row for row in found if row]
    return InlineKeyboardMarkup(inline_keyboard=found) if found else None


def _key(button: Button) -> KeyboardButton:
    if button.ask == "contact":
        return KeyboardButton(text=button.label, request_contact=True)
    if button.ask == "location":
        return KeyboardButton(text=button.label, request_location=True)
    return KeyboardButton(text=button.label)


def _inline(button: Button) -> InlineKeyboardButton | None:
    style: dict[str, Any] = {"style": button.style} if button.style else {}
    if button.copy:
        return InlineKeyboardButton(text=button.label, copy_text=CopyTextButton(text=button.copy[:256]), **style)
    if button.url:
        return InlineKeyboardButton(text=button.label, url=button.url, **style)
    if button.token and len(button.token.encode()) <= _TOKEN_BYTES:
        return InlineKeyboardButton(text=button.label, callback_data=button.token, **style)
    if not button.ask:
        log.error("button_left_out", label=button.label, token_bytes=len(button.token.encode()))
    return None
