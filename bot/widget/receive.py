"""What a person did on the page -> `Incoming`. Uploads are in the media store before the message is accepted.

A press counts only when its token stands in a message that was said in this very conversation, so that a forged or
foreign token never reaches the agent or staff's handlers.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import unicodedata
from dataclasses import replace
from typing import Any

import structlog
from starlette.datastructures import FormData, UploadFile

from bot import shape
from bot.app import App
from bot.widget import history
from kit import sound
from kit.errors import Refused
from kit.message import Chat, Incoming, Media

log = structlog.get_logger(__name__)
MAX_BYTES = 10 * 1024 * 1024  # of one file; a phone's photo is 2 to 6 MB
MAX_FILES = 10
ROOM_BYTES = 512 * 1024 * 1024  # kept free: a stranger's uploads must not fill the disk that orders are written to
MAX_TEXT = 4000  # Telegram's own limit is 4096: the agent is built for that length
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_START = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NAME_CHARS = 80
# what the first bytes say; a client's own word for the type is not believed
_MAGIC = (
    ("jpg", "image/jpeg", 0, b"\xff\xd8\xff"),
    ("png", "image/png", 0, b"\x89PNG\r\n\x1a\n"),
    ("webp", "image/webp", 8, b"WEBP"),
    ("gif", "image/gif", 0, b"GIF8"),
    ("heic", "image/heic", 4, b"ftyp"),
    ("pdf", "application/pdf", 0, b"%PDF-"),
)


async def parse(app: App, chat: Chat, form: FormData, language: str, now: float) -> Incoming:
    """The event that a posted form is; `now` is seconds since 1970.

    Raises Refused with a sentence of web.po: no or a wrong id, nothing in it, too much in it, a press of no button.
    """
    client_id = _field(form, "id")
    if not _ID.fullmatch(client_id):
        raise Refused("web.broken")
    event_id = f"{chat.id}:{client_id}"
    base = Incoming(chat, event_id, sender=chat.id, message_id=client_id, language=language, sent_at=now)
    if token := _field(form, "button"):
        return replace(base, **await _press(app, chat, token, _field(form, "message")), press_id=event_id)
    if start := _field(form, "start"):
        if not deep_link(start):
            raise Refused("web.broken")
        return replace(base, kind="command", text=f"/start {start}", start=start)
    return replace(base, **await _written(app, chat, form))


async def _press(app: App, chat: Chat, token: str, row: str) -> dict[str, Any]:
    """`row` is the look of the message that was pressed; the message itself keeps its first id."""
    reply = await history.sent_reply(app, chat, row)
    buttons = [button for line in reply.buttons for button in line] if reply else []
    label = next((button.label for button in buttons if button.token == token), None)
    if reply is None or label is None:
        raise Refused("web.old_button")
    return {"kind": "button", "button": token, "text": label, "message_id": reply.edit or row}


async def _written(app: App, chat: Chat, form: FormData) -> dict[str, Any]:
    text = _field(form, "text").replace("\r\n", "\n").strip()
    if len(text) > MAX_TEXT:
        raise Refused("web.too_long", limit=MAX_TEXT)
    location = _location(form)
    files = [file for file in form.getlist("files") if isinstance(file, UploadFile)]
    if not (text or files or location):
        raise Refused("web.empty")
    if len(files) > MAX_FILES:
        raise Refused("web.too_many", limit=MAX_FILES)
    media = tuple([await _upload(app, file) for file in files])
    reply_to = _field(form, "reply_to")
    if reply_to and await history.sent_reply(app, chat, reply_to) is None:
        reply_to = ""  # not of this conversation: the words still count
    kind = "command" if text.startswith("/") and not media else "message"
    return {"kind": kind, "text": text, "media": media, "location": location, "reply_to": reply_to}


def deep_link(word: str) -> str:
    """`word` when it can be the payload of a deep link (Telegram's rule), else ""."""
    return word if _START.fullmatch(word) else ""


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return str(shape.tidy(value)) if isinstance(value, str) else ""


def _location(form: FormData) -> tuple[float, float] | None:
    latitude, longitude = _field(form, "lat"), _field(form, "lon")
    if not (latitude or longitude):
        return None
    try:
        there = (round(float(latitude), 6), round(float(longitude), 6))  # 6 places are 11 cm
    except (ValueError, OverflowError) as error:
        raise Refused("web.broken") from error
    if not (-90 <= there[0] <= 90 and -180 <= there[1] <= 180):
        raise Refused("web.broken")
    return there


async def _upload(app: App, file: UploadFile) -> Media:
    """The file, stored as it is: whether it is a picture, and a safe one, is vision.image's to say."""
    if (file.size or 0) > MAX_BYTES:
        raise Refused("web.too_big", limit=MAX_BYTES // 1024 // 1024)
    data = await file.read()
    if not data:
        raise Refused("web.empty_file")
    if await asyncio.to_thread(_free, app) < ROOM_BYTES:
        log.error("no_room_for_uploads", free_mb=ROOM_BYTES // 1024 // 1024)
        raise Refused("web.no_room")
    suffix, mime = sniff(data)
    claimed = (file.content_type or "").partition(";")[0].lower()
    kind = "photo" if mime.startswith("image/") or (not mime and claimed.startswith("image/")) else "file"
    heard = sound.look(data) if claimed.startswith("audio/") else None  # an mp4 may hold a film as well
    if heard is not None:
        suffix, mime, kind = heard.suffix, heard.mime, "voice"
    name = await app.media.keep(data, suffix)
    return Media(kind, name, unique=name, mime=mime, name=_plain_name(file.filename or ""), size=len(data))


def _free(app: App) -> int:
    folder = next(path for path in (app.media.folder, *app.media.folder.parents) if path.exists())
    return shutil.disk_usage(folder).free


def sniff(data: bytes) -> tuple[str, str]:
    """Suffix and type of `data` by its first bytes; ("bin", "") for anything we do not take for a picture or PDF."""
    for suffix, mime, at, magic in _MAGIC:
        if data[at : at + len(magic)] == magic:
            return suffix, mime
    return "bin", ""


def _plain_name(name: str) -> str:
    """A client's file name as words to show: no folders, no control or direction characters, not long."""
    last = str(shape.tidy(name)).replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if unicodedata.category(char)[0] != "C")[:_NAME_CHARS]
