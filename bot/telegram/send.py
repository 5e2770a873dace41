"""The Telegram channel: says a Reply, fetches what a shopper sent, answers presses.

Plain text without markup: a name with `_` or `<` in it is shown as it is. The library never repeats a send, and neither
do we: what may be repeated is said with Unavailable and decided by whoever keeps the outbox.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import structlog
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramMigrateToChat
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageCaption,
    EditMessageReplyMarkup,
    EditMessageText,
    GetFile,
    SendChatAction,
    SendDocument,
    SendMediaGroup,
    SendPhoto,
)
from aiogram.types import InlineKeyboardMarkup, LinkPreviewOptions, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot.halfway import Halfway, remember
from bot.split import split, utf16
from bot.telegram import parts
from bot.telegram.api import CALL_S, FETCH_BYTES, FILE_S, Api, too_heavy
from bot.telegram.errors import ended_well, unavailable
from kit import tasks
from kit.errors import Unavailable
from kit.media import Store
from kit.message import Chat, Media, Published, Reply

log = structlog.get_logger(__name__)
_TOAST = 200  # characters Telegram shows
_PRESS_S = 1.5  # a button spins until it is answered; people press again after about two seconds
_CHECKOUT_S = 4.0  # Telegram waits 10 s for the answer: a lost one is given once more
_NO_THREAD = ("message thread not found", "TOPIC_CLOSED", "TOPIC_DELETED")
_NO_PHOTO = ("PHOTO_INVALID_DIMENSIONS", "IMAGE_PROCESS_FAILED", "PHOTO_SAVE_FILE_INVALID")
_NOT_EDITABLE = ("message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID")


class TelegramChannel(Api):
    """One bot of one shop. `close` it when it is no longer used."""

    name = "telegram"

    def __init__(self, token: str, api_url: str, media: Store, payment_token: str = "") -> None:
        super().__init__(token, api_url)
        self._payment_token = payment_token
        self.moved: dict[int, int] = {}  # a group that became a supergroup -> its new id
        self._media = media
        self._keyboards: dict[str, None] = {}  # chats that see a keyboard of ours under the input line
        self._answered: dict[str, None] = {}  # presses that were answered, oldest first
        self._halfway = Halfway()

    # ---- saying ----

    async def send(self, chat: Chat, reply: Reply) -> str:
        """Say `reply`; the id of its last message (the one with the words and buttons), "" for a toast alone."""
        if reply.private:
            raise Unavailable("in Telegram nobody can be written to first", permanent=True, code="private")
        if reply.press_id:
            await self.answer(reply.press_id, reply.toast)
        if reply.edit.isdigit() and await self._edit(chat, reply):
            return reply.edit
        return await self._say_all(chat, reply)

    async def said(self, chat: Chat, reply: Reply) -> str | None:
        """Telegram shows a bot no message of its own. Always raises Unavailable."""
        raise Unavailable("Telegram cannot be asked what was said", permanent=True, code="unsure")

    async def post(self, post_id: str) -> Published | None:
        """Telegram brings posts by itself, to the channel and into its discussion group; none can be asked for."""
        return None

    async def posts(self, after: str = "") -> tuple[list[Published], str]:
        """None of them can be listed either."""
        return [], ""

    async def _say_all(self, chat: Chat, reply: Reply) -> str:
        """Every part of `reply`. When one fails, the next try begins there: nobody gets an album twice."""
        done, last = self._halfway.begin(chat, reply), ""
        for place, call in enumerate(self._calls(chat, reply)):
            if place < done:
                continue
            try:
                last = await self._say(call)
            except Unavailable as error:
                if not error.permanent:
                    self._halfway.broke_off(chat, reply, place)
                raise
        return last

    def _calls(self, chat: Chat, reply: Reply) -> list[Any]:
        if reply.invoice is not None:
            return [parts.invoice(self._id(chat), reply, self._payment_token)]
        markup: parts.Markup | None = parts.keyboard(reply.buttons, private=not chat.id.startswith("-"))
        if isinstance(markup, ReplyKeyboardMarkup):
            remember(self._keyboards, chat.id, None)
        elif markup is None and chat.id in self._keyboards:
            del self._keyboards[chat.id]
            markup = ReplyKeyboardRemove(remove_keyboard=True)
        photos = [path for name in reply.photos if (path := self._media.path(name)).exists()]
        files = [path for name in reply.files if (path := self._media.path(name)).exists()]
        if len(photos) + len(files) < len(reply.photos) + len(reply.files):
            log.warning("file_missing", chat=chat.key)
        return parts.of(self._id(chat), reply, photos, files, markup)

    def _id(self, chat: Chat) -> int:
        """The chat's number, the new one where a group has moved."""
        try:
            number = int(chat.id)
        except ValueError:
            raise Unavailable("not a chat of Telegram", permanent=True, code="400") from None
        return self.moved.get(number, number)

    async def _say(self, call: Any) -> str:
        """One call, mended where Telegram tells how; the id of its last message."""
        upload = isinstance(call, SendPhoto | SendDocument | SendMediaGroup)
        try:
            sent = await self.bot(call, request_timeout=int(FILE_S if upload else CALL_S))
        except TelegramMigrateToChat as error:
            self.moved[call.chat_id] = error.migrate_to_chat_id
            log.warning("group_moved", old=call.chat_id, new=error.migrate_to_chat_id)
            return await self._say(call.model_copy(update={"chat_id": error.migrate_to_chat_id}))
        except AiogramError as error:
            if (done := ended_well(error)) is not None:
                return done
            if isinstance(error, TelegramBadRequest) and (less := _mended(call, error.message)) is not None:
                return await self._say(less)
            raise self._failure(error) from None
        last = sent[-1] if isinstance(sent, list) and sent else sent
        return str(getattr(last, "message_id", ""))

    # ---- replacing ----

    async def _edit(self, chat: Chat, reply: Reply) -> bool:
        """Replace a message of ours; False when it cannot be, and the words must go out as a new one."""
        where: dict[str, Any] = {"chat_id": self._id(chat), "message_id": int(reply.edit)}
        markup = parts.keyboard(reply.buttons, private=not chat.id.startswith("-"))
        if isinstance(markup, InlineKeyboardMarkup):
            where["reply_markup"] = markup
        if not reply.text.strip():
            return await self._replace(EditMessageReplyMarkup(**where))
        text, caption = (split(reply.text, units, utf16)[0] for units in (parts.TEXT_UNITS, parts.CAPTION_UNITS))
        off = LinkPreviewOptions(is_disabled=True)
        try:
            return await self._replace(EditMessageText(text=text, link_preview_options=off, **where))
        except _PictureError:
            return await self._replace(EditMessageCaption(caption=caption, **where))

    async def _replace(self, call: Any) -> bool:
        """Whether the message looks as asked now; False when it is gone or too old."""
        try:
            await self.bot(call, request_timeout=int(CALL_S))
        except AiogramError as error:
            words = error.message if isinstance(error, TelegramBadRequest) else ""
            if "message is not modified" in words or ended_well(error) is not None:
                return True
            if any(known in words for known in _NOT_EDITABLE):
                return False
            if "there is no text in the message" in words:
                raise _PictureError from None
            raise self._failure(error) from None
        return True

    # ---- presses and hints ----

    async def answer(self, press_id: str, toast: str = "") -> None:
        """Stop the button from spinning, with a short note over the chat. A press too old to be answered is let go."""
        remember(self._answered, press_id, None)
        await self._hint(AnswerCallbackQuery(callback_query_id=press_id, text=toast[:_TOAST] or None))

    async def checkout(self, query_id: str, wrong: str = "") -> None:
        """Tell Telegram that a payment may go through, or (`wrong`, a sentence for the payer) why not.

        Raises Unavailable; a query that is too old is let go: Telegram has declined it by then.
        """
        fields = {"pre_checkout_query_id": query_id, "ok": not wrong, "error_message": wrong or None}
        try:
            await self.call("answerPreCheckoutQuery", fields, timeout_s=_CHECKOUT_S)
        except Unavailable as error:
            if error.code != "400":
                raise
            log.warning("checkout_too_late", what=error.what)

    def answer_soon(self, press_id: str) -> None:
        """Answer a press without a note if nothing else answers it in 1.5 s: no button spins for ever."""

        async def later() -> None:
            await asyncio.sleep(_PRESS_S)
            if press_id not in self._answered:
                with suppress(Unavailable):
                    await self.answer(press_id)

        tasks.start(later(), "answer a press")

    async def typing(self, chat: Chat) -> None:
        """Show "typing" for about five seconds."""
        await self._hint(SendChatAction(chat_id=self._id(chat), action="typing"))

    async def _hint(self, call: Any) -> None:
        """A call whose result nobody needs: a 400 (too old, unknown) is nothing to anybody."""
        try:
            await self.bot(call, request_timeout=int(CALL_S))
        except TelegramBadRequest:
            log.debug("hint_refused", call=type(call).__name__)
        except AiogramError as error:
            if ended_well(error) is None:
                raise self._failure(error) from None

    # ---- fetching ----

    async def fetch(self, media: Media) -> bytes:
        """The bytes of a file a shopper sent, at most 20 MB. Raises Unavailable (code too_heavy when it is larger)."""
        if media.size > FETCH_BYTES:
            raise too_heavy()
        try:
            file = await self.bot(GetFile(file_id=media.ref), request_timeout=int(CALL_S))
        except AiogramError as error:
            if isinstance(error, TelegramBadRequest) and "too big" in error.message:
                raise too_heavy() from None
            raise self._failure(error) from None
        if not file.file_path:
            raise Unavailable("Telegram gives no path for the file", permanent=True, code="not_found")
        return await self.download(file.file_path)

    def _failure(self, error: AiogramError) -> Unavailable:
        return unavailable(error, self.redacted)


class _PictureError(Exception):
    """The message to edit is a picture: its words are a caption."""


def _mended(call: Any, refusal: str) -> Any:
    """`call` without the part that Telegram refuses, None when nothing can be left out."""
    if getattr(call, "message_thread_id", None) and any(text in refusal for text in _NO_THREAD):
        return call.model_copy(update={"message_thread_id": None})
    if isinstance(call, SendPhoto) and any(text in refusal for text in _NO_PHOTO):  # too long and narrow for a photo
        fields = {name: getattr(call, name) for name in SendPhoto.model_fields if name in SendDocument.model_fields}
        return SendDocument(document=call.photo, **fields)
    return None
