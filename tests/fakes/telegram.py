"""A Bot API server with people in it.

    async with FakeTelegram() as telegram:
        telegram.bot("111:token-of-lola", "lola_bot")    # the product gets this token and api_url = telegram.url
        aziza = telegram.person("Aziza", language="uz")
        await telegram.text(aziza, "Salom")              # an update waits for getUpdates or goes to the webhook
        answer = await telegram.heard(aziza, 1)          # the first message the bot sent her
        await telegram.press(aziza, "Ha")                # the newest button with that label (or token)

Strict where Telegram is: unknown chats, lengths in UTF-16 units, buttons, albums of 2-10, pictures that are pictures,
edits that change nothing, presses answered twice, getUpdates beside a webhook. What the people do is in `people.py`.
"""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from PIL import Image, UnidentifiedImageError

from kit import tasks
from tests.fakes.people import People, Person
from tests.fakes.server import Call, cut
from tests.fakes.telegram_rules import Refusal, check_markup, check_text, field_of

# sent only when asked for by name
_ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass
class BotAccount:
    """A bot as BotFather made it, with its queue of updates."""

    token: str
    username: str
    id: int
    waiting: list[dict[str, Any]] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    webhook: str = ""
    secret: str = ""
    commands: list[Any] = field(default_factory=list)
    next_update: int = 700_000_001
    polling: int = 0  # the number of the newest getUpdates: an older one that still hangs is told 409
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    refused: list[int] = field(default_factory=list)  # statuses other than 2xx that the product's webhook gave


class FakeTelegram(People):
    """The server. `messages[chat][id]` is what everybody sees now; `answers` maps presses to their toasts."""

    def __init__(self) -> None:
        super().__init__()
        self.bots: dict[str, BotAccount] = {}
        self.files: dict[str, bytes] = {}
        self.answers: dict[str, str] = {}
        self.confirmed: dict[int, int] = {}  # bot id -> the highest update the product has acknowledged

    def bot(self, token: str, username: str = "shop_bot") -> BotAccount:
        """Make a bot; every other token is refused."""
        self.bots[token] = BotAccount(token, username, int(token.split(":")[0]))
        return self.bots[token]

    def routes(self, app: web.Application) -> None:
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)

    # ---- calls ----

    async def _method(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fields, files = await _read(request)
        fault = self.fault_for(method)
        if fault and fault.kind != "drop":
            self.record(Call(method, fields, files, ok=False))
            if fault.kind == "cut":
                return cut(request)
            if fault.kind == "hang":
                await asyncio.sleep(fault.seconds)
            if fault.kind == "page":
                return web.Response(status=fault.status, text="<html>Bad Gateway</html>", content_type="text/html")
            return _refused(Refusal(fault.status, f"Fault {fault.status}", retry_after=fault.retry_after))
        try:
            result = await self._do(request.match_info["token"], method, fields, files)
        except Refusal as refusal:
            self.record(Call(method, fields, files, ok=False))
            return _refused(refusal)
        self.record(Call(method, fields, files, ok=True))
        return cut(request) if fault else web.json_response({"ok": True, "result": result})

    async def _do(self, token: str, method: str, fields: dict[str, Any], files: dict[str, bytes]) -> Any:
        bot = self.bots.get(token)
        if bot is None:
            raise Refusal(401, "Unauthorized")
        work = getattr(self, f"_on_{method.lower()}", None)
        if work is None:
            raise Refusal(404, "Not Found: method not found")
        return await work(bot, fields, files)

    async def _on_getme(self, bot: BotAccount, fields: Any, files: Any) -> Any:
        return {**self.account(bot), "can_join_groups": True, "can_read_all_group_messages": False}

    async def _on_setwebhook(self, bot: BotAccount, fields: dict[str, Any], files: Any) -> bool:
        bot.webhook, bot.secret = field_of(fields, "url"), str(fields.get("secret_token", ""))
        bot.allowed = fields.get("allowed_updates", bot.allowed)
        self._pump(bot)
        return True

    async def _on_deletewebhook(self, bot: BotAccount, fields: dict[str, Any], files: Any) -> bool:
        bot.webhook = ""
        if str(fields.get("drop_pending_updates", "")).lower() == "true":
            bot.waiting.clear()
        return True

    async def _on_getwebhookinfo(self, bot: BotAccount, fields: Any, files: Any) -> Any:
        return {"url": bot.webhook, "has_custom_certificate": False, "pending_update_count": len(bot.waiting)}

    async def _on_setmycommands(self, bot: BotAccount, fields: dict[str, Any], files: Any) -> bool:
        bot.commands.append(fields)
        return True

    async def _on_getupdates(self, bot: BotAccount, fields: dict[str, Any], files: Any) -> Any:
        if bot.webhook:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        bot.allowed = fields.get("allowed_updates", bot.allowed)
        offset = int(fields.get("offset", 0))
        if offset > 0:
            bot.waiting = [update for update in bot.waiting if update["update_id"] >= offset]
            self.confirmed[bot.id] = max(offset - 1, self.confirmed.get(bot.id, 0))
        elif offset < 0:
            bot.waiting = bot.waiting[offset:]
        bot.polling += 1
        mine = bot.polling
        bot.arrived.set()  # an older call that still hangs ends now
        try:
            async with asyncio.timeout(float(fields.get("timeout", 0)) or 0.001):
                while not self._allowed(bot) and mine == bot.polling:
                    bot.arrived.clear()
                    await bot.arrived.wait()
        except TimeoutError:
            pass
        if mine != bot.polling:
            raise Refusal(409, "Conflict: terminated by other getUpdates request")
        return self._allowed(bot)[: int(fields.get("limit", 100))]

    def _allowed(self, bot: BotAccount) -> list[dict[str, Any]]:
        """The waiting updates of the kinds asked for; the others are gone, as with Telegram."""
        kinds = set(bot.allowed)
        bot.waiting = [
            update for update in bot.waiting if (kinds & set(update)) or (not kinds and not (_ON_REQUEST & set(update)))
        ]
        return bot.waiting

    # ---- sending ----

    async def _on_sendmessage(self, bot: BotAccount, fields: dict[str, Any], files: Any) -> Any:
        text = check_text(field_of(fields, "text"), 4096, "message text is empty", "message is too long")
        return self._post(bot, fields, {"text": text})

    async def _on_sendphoto(self, bot: BotAccount, fields: dict[str, Any], files: dict[str, bytes]) -> Any:
        return self._post(bot, fields, {"photo": self._photo(fields, "photo", files), **_caption(fields)})

    async def _on_senddocument(self, bot: BotAccount, fields: dict[str, Any], files: dict[str, bytes]) -> Any:
        data = _upload(fields, "document", files)
        document = {"file_id": self.keep(data), "file_unique_id": f"u{len(data)}", "file_size": len(data)}
        return self._post(bot, fields, {"document": document, **_caption(fields)})

    async def _on_sendmediagroup(self, bot: BotAccount, fields: dict[str, Any], files: dict[str, bytes]) -> Any:
        media = fields.get("media")
        if not isinstance(media, list) or not 2 <= len(media) <= 10:
            raise Refusal(400, "Bad Request: must include 2-10 items")
        if "reply_markup" in fields:
            raise Refusal(400, "Bad Request: albums take no reply_markup")
        album = str(next(self.numbers))
        parts = [{"photo": self._photo(item, "media", files), **_caption(item)} for item in media]
        return [self._post(bot, fields, {**part, "media_group_id": album}) for part in parts]

    async def _on_sendlocation(self, bot: BotAccount, fields: dict[str, Any], files: Any) -> Any:
        place = {name: float(field_of(fields, name)) for name in ("latitude", "longitude")}
        return self._post(bot, fields, {"location": place})

    async def _on_sendchataction(self, bot: BotAccount, fields: dict[str, Any], files: Any) -> bool:
        self._open(fields)
        return True

    def _open(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The chat a call is for. Refused as Telegram refuses: unknown, blocked, moved."""
        chat_id = int(field_of(fields, "chat_id"))
        if chat_id in self.moved:
            raise Refusal(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self.moved[chat_id],
            )
        if chat_id not in self.chats:
            raise Refusal(400, "Bad Request: chat not found")
        person = self.people.get(chat_id)
        if person is not None and person.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        return self.chats[chat_id]

    def _post(self, bot: BotAccount, fields: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Put a message of the bot's into a chat; the Message object."""
        chat = self._open(fields)
        if "message_thread_id" in fields and not chat.get("is_forum"):
            raise Refusal(400, "Bad Request: message thread not found")
        markup = check_markup(fields.get("reply_markup"), private=chat["type"] == "private")
        message = self.message(chat, self.account(bot), body)
        above = (fields.get("reply_parameters") or {}).get("message_id")
        if above is not None:
            target = self.messages[chat["id"]].get(int(above))
            if target is not None:
                message["reply_to_message"] = {
                    name: part for name, part in target.items() if name != "reply_to_message"
                }
            elif not (fields["reply_parameters"]).get("allow_sending_without_reply"):
                raise Refusal(400, "Bad Request: message to be replied not found")
        person = self.people.get(chat["id"])
        if person is not None and markup and ("keyboard" in markup or "remove_keyboard" in markup):
            person.keyboard = markup.get("keyboard", [])
        if markup and "inline_keyboard" in markup:
            message["reply_markup"] = markup
        message["_silent"] = str(fields.get("disable_notification", "")).lower() == "true"
        return _public(message)

    # ---- changing and answering ----

    async def _on_editmessagetext(self, bot: BotAccount, fields: dict[str, Any], files: Any) -> Any:
        message = self._editable(bot, fields)
        if "text" not in message:
            raise Refusal(400, "Bad Request: there is no text in the message to edit")
        text = check_text(field_of(fields, "text"), 4096, "message text is empty", "message is too long")
        return self._change(message, fields, {"text": text})

    async def _on_editmessagecaption(self, bot: BotAccount, fields: dict[str, Any], files: Any) -> Any:
        return self._change(self._editable(bot, fields), fields, _caption(fields))

    async def _on_editmessagereplymarkup(self, bot: BotAccount, fields: dict[str, Any], files: Any) -> Any:
        return self._change(self._editable(bot, fields), fields, {})

    def _editable(self, bot: BotAccount, fields: dict[str, Any]) -> dict[str, Any]:
        chat = self._open(fields)
        message = self.messages[chat["id"]].get(int(field_of(fields, "message_id")))
        if message is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        if message["from"]["id"] != bot.id:
            raise Refusal(400, "Bad Request: message can't be edited")
        return message

    def _change(self, message: dict[str, Any], fields: dict[str, Any], body: dict[str, Any]) -> Any:
        markup = check_markup(fields.get("reply_markup"), private=True)
        before = {name: message.get(name) for name in (*body, "reply_markup")}
        if before == {**body, "reply_markup": markup}:
            raise Refusal(400, "Bad Request: message is not modified: specified new message content is the same")
        message.update(body)
        message.pop("reply_markup", None)
        if markup:
            message["reply_markup"] = markup
        message["edit_date"] = self.now()
        return _public(message)

    async def _on_answercallbackquery(self, bot: BotAccount, fields: dict[str, Any], files: Any) -> bool:
        press = str(fields.get("callback_query_id", ""))
        if press not in self.presses or press in self.answers:
            raise Refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        text = str(fields.get("text", ""))
        if len(text) > 200:
            raise Refusal(400, "Bad Request: MESSAGE_TOO_LONG")
        self.answers[press] = text
        return True

    # ---- files ----

    def keep(self, data: bytes) -> str:
        """Store a file of Telegram's; its file_id."""
        file_id = f"file{next(self.numbers)}"
        self.files[file_id] = data
        return file_id

    def _photo(self, fields: dict[str, Any], name: str, files: dict[str, bytes]) -> list[dict[str, Any]]:
        data = _upload(fields, name, files)
        try:
            with Image.open(io.BytesIO(data)) as picture:
                width, height = picture.size
        except (UnidentifiedImageError, OSError):
            raise Refusal(400, "Bad Request: IMAGE_PROCESS_FAILED") from None
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise Refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
        return self.sizes(data, width, height)

    async def _on_getfile(self, bot: BotAccount, fields: dict[str, Any], files: Any) -> Any:
        file_id = field_of(fields, "file_id")
        if file_id not in self.files:
            raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self.files[file_id])
        if size > 20_000_000:
            raise Refusal(400, "Bad Request: file is too big")
        return {
            "file_id": file_id,
            "file_unique_id": f"u{file_id}",
            "file_size": size,
            "file_path": f"photos/{file_id}",
        }

    async def _file(self, request: web.Request) -> web.StreamResponse:
        fault = self.fault_for("file")
        if fault:
            return cut(request) if fault.kind == "cut" else web.Response(status=fault.status)
        data = self.files.get(request.match_info["path"].removeprefix("photos/"))
        if request.match_info["token"] not in self.bots or data is None:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        return web.Response(body=data)

    # ---- updates on their way ----

    def arrive(self, update: dict[str, Any], bot: BotAccount | None = None) -> int:
        """An update for `bot` (the first one when None); its update_id."""
        bot = bot or next(iter(self.bots.values()))
        number = update.setdefault("update_id", bot.next_update)
        bot.next_update = max(bot.next_update, number) + 1
        bot.waiting.append(update)
        bot.arrived.set()
        self._pump(bot)
        return number

    def _pump(self, bot: BotAccount) -> None:
        if bot.webhook:
            while self._allowed(bot):
                tasks.start(self.deliver(bot, bot.waiting.pop(0)), "webhook")

    async def deliver(self, bot: BotAccount, update: dict[str, Any], tries: int = 30) -> bool:
        """POST an update to the bot's webhook until the product takes it (any 2xx); whether it did."""
        assert self.client is not None
        headers = {"X-Telegram-Bot-Api-Secret-Token": bot.secret} if bot.secret else {}
        for attempt in range(tries):
            try:
                async with self.client.post(bot.webhook, json=update, headers=headers) as answer:
                    if 200 <= answer.status < 300:
                        return True
                    bot.refused.append(answer.status)
            except OSError:
                bot.refused.append(0)
            await asyncio.sleep(min(0.1 * 2**attempt, 2.0))
        return False

    def account(self, bot: BotAccount) -> dict[str, Any]:
        """The bot as a User object."""
        return {"id": bot.id, "is_bot": True, "first_name": bot.username, "username": bot.username}


async def _read(request: web.Request) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Parameters and files of a call: a query, a form, a multipart form or JSON, as Telegram takes them."""
    fields: dict[str, Any] = dict(request.query)
    files: dict[str, bytes] = {}
    if request.content_type == "application/json":
        fields |= await request.json()
    elif request.method == "POST":
        for name, part in (await request.post()).items():
            if isinstance(part, web.FileField):
                files[name] = part.file.read()
            else:
                fields[name] = part
    return {name: _nested(name, part) for name, part in fields.items()}, files


def _nested(name: str, value: Any) -> Any:
    """Objects and lists come as JSON text; free text stays text even when it looks like JSON."""
    if name in ("text", "caption") or not isinstance(value, str) or value[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _caption(fields: dict[str, Any]) -> dict[str, str]:
    caption = fields.get("caption")
    return {"caption": check_text(caption, 1024, "", "message caption is too long")} if caption else {}


def _upload(fields: dict[str, Any], name: str, files: dict[str, bytes]) -> bytes:
    place = str(fields.get(name, "")).removeprefix("attach://")
    data = files.get(place) or files.get(name)
    if not data:
        raise Refusal(400, f"Bad Request: there is no {name} in the request")
    return data


def _refused(refusal: Refusal) -> web.Response:
    return web.json_response(refusal.body(), status=refusal.status)


def _public(message: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in message.items() if not name.startswith("_")}


__all__ = ["BotAccount", "FakeTelegram", "Person"]
