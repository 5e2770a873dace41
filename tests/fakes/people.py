"""The people of the fake Telegram: what they type, send and press, and what they see."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.server import Server


@dataclass
class Person:
    """Somebody with a Telegram account. `keyboard`: the keys under the input line, as the bot last set them."""

    id: int
    first_name: str
    username: str = ""
    language_code: str = ""
    blocked: bool = False
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)

    def user(self) -> dict[str, Any]:
        """As a User object."""
        about = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.username:
            about["username"] = self.username
        return about | ({"language_code": self.language_code} if self.language_code else {})


class People(Server):
    """Everything a person can do to a bot. Each verb makes one update and returns its update_id."""

    def __init__(self) -> None:
        super().__init__()
        self.people: dict[int, Person] = {}
        self.chats: dict[int, dict[str, Any]] = {}
        self.messages: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
        self.presses: dict[str, dict[str, Any]] = {}
        self.moved: dict[int, int] = {}
        self._last_message: dict[int, int] = defaultdict(int)

    @abstractmethod
    def arrive(self, update: dict[str, Any], bot: Any = None) -> int:
        """An update on its way to a bot."""

    @abstractmethod
    def keep(self, data: bytes) -> str:
        """Store a file; its file_id."""

    def now(self) -> int:
        """Seconds since 1970."""
        return int(time.time())

    # ---- who and where ----

    def person(self, name: str = "Aziza", *, id: int = 0, username: str = "", language: str = "uz") -> Person:
        """A new person. The bot can write to them once they have written to it."""
        person = Person(id or 5_000_000 + next(self.numbers), name, username, language)
        self.people[person.id] = person
        return person

    def group(self, title: str = "Staff", *, id: int = 0, forum: bool = False) -> int:
        """A supergroup the bot is in; its chat id."""
        chat_id = id or -1_002_000_000_000 - next(self.numbers)
        self.chats[chat_id] = {"id": chat_id, "type": "supergroup", "title": title}
        if forum:
            self.chats[chat_id]["is_forum"] = True
        return chat_id

    def channel(self, title: str = "Shop", *, username: str = "") -> int:
        """A channel; its chat id."""
        chat_id = -1_001_000_000_000 - next(self.numbers)
        self.chats[chat_id] = {"id": chat_id, "type": "channel", "title": title}
        if username:
            self.chats[chat_id]["username"] = username
        return chat_id

    def move_group(self, chat_id: int) -> int:
        """The group becomes a supergroup with a new id, which is returned; the old one is refused from now on."""
        self.moved[chat_id] = self.group(self.chats[chat_id]["title"])
        return self.moved[chat_id]

    def message(self, chat: dict[str, Any], sender: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Put a message into a chat; the object everybody sees."""
        self._last_message[chat["id"]] += 1
        number = self._last_message[chat["id"]]
        message = {"message_id": number, "date": self.now(), "chat": chat, "from": sender, **body}
        self.messages[chat["id"]][number] = message
        return message

    # ---- what people do ----

    async def say(
        self, person: Person, body: dict[str, Any], *, chat: int = 0, reply_to: int = 0, bot: Any = None
    ) -> int:
        """A message with any content, to the bot itself or (`chat`) into a group, perhaps as a reply."""
        person.blocked = False
        if not chat:
            chat = person.id
            self.chats.setdefault(chat, {"id": chat, "type": "private", "first_name": person.first_name})
        message = self.message(self.chats[chat], person.user(), body)
        if reply_to:
            above = dict(self.messages[chat][reply_to])
            above.pop("reply_to_message", None)
            message["reply_to_message"] = {name: part for name, part in above.items() if not name.startswith("_")}
            if chat < 0:  # a supergroup names the message that began the thread
                begun = (above, self.messages[chat][reply_to].get("reply_to_message") or {})
                threads = [one["message_thread_id"] for one in begun if "message_thread_id" in one]
                message["message_thread_id"] = threads[0] if threads else reply_to
        return self.arrive({"message": dict(message)}, bot)

    async def publish(
        self, channel: int, group: int, text: str = "", *pictures: bytes, heard: bool = True, bot: Any = None
    ) -> int:
        """A channel's post, several pictures as an album; the id of its copy in the discussion group, where people
        comment on it. `heard`: the bot was in the group then."""
        album = f"1360000000{next(self.numbers):07}" if len(pictures) > 1 else ""
        first = 0
        for place, data in enumerate(pictures or (b"",)):
            words = text if place == 0 else ""
            body: dict[str, Any] = {"photo": self.sizes(data), **_words(words)} if data else {"text": words}
            body |= {"media_group_id": album} if album else {}
            post = self.message(self.chats[channel], {}, body)
            origin = {
                "type": "channel",
                "date": self.now(),
                "chat": self.chats[channel],
                "message_id": post["message_id"],
            }
            copy = body | {"is_automatic_forward": True, "sender_chat": self.chats[channel], "forward_origin": origin}
            telegram = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
            shown = self.message(self.chats[group], telegram, copy)
            first = first or shown["message_id"]
            if heard:
                self.arrive({"message": dict(shown)}, bot)
        return first

    async def text(self, person: Person, text: str, **where: Any) -> int:
        """Type `text`; a leading /command is marked as one."""
        body: dict[str, Any] = {"text": text}
        if text.startswith("/"):
            body["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        return await self.say(person, body, **where)

    async def photo(self, person: Person, data: bytes, caption: str = "", **where: Any) -> int:
        """Send a picture, compressed as Telegram does (two sizes)."""
        return await self.say(person, {"photo": self.sizes(data), **_words(caption)}, **where)

    async def album(self, person: Person, pictures: list[bytes], caption: str = "", **where: Any) -> list[int]:
        """Send pictures together: one update each, the caption on the first."""
        group = f"1350000000{next(self.numbers):07}"
        words = [_words(caption)] + [{}] * len(pictures)
        return [
            await self.say(person, {"photo": self.sizes(data), "media_group_id": group, **words[place]}, **where)
            for place, data in enumerate(pictures)
        ]

    async def document(
        self, person: Person, data: bytes, name: str, mime: str = "", caption: str = "", **where: Any
    ) -> int:
        """Send a file as a file."""
        document = {"file_id": self.keep(data), "file_unique_id": f"u{next(self.numbers)}", "file_name": name}
        document |= {"file_size": len(data)} | ({"mime_type": mime} if mime else {})
        return await self.say(person, {"document": document, **_words(caption)}, **where)

    async def voice(self, person: Person, data: bytes = b"OggS", seconds: int = 3, **where: Any) -> int:
        """Send a voice message."""
        voice = {"file_id": self.keep(data), "file_unique_id": f"u{next(self.numbers)}", "duration": seconds}
        return await self.say(person, {"voice": voice | {"mime_type": "audio/ogg"}}, **where)

    async def sticker(self, person: Person, emoji: str, **where: Any) -> int:
        """Send a sticker that stands for `emoji`."""
        file = {"file_id": self.keep(b"sticker"), "file_unique_id": f"u{next(self.numbers)}"}
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return await self.say(person, {"sticker": file | shape | {"emoji": emoji}}, **where)

    async def contact(self, person: Person, phone: str, *, own: bool = True, name: str = "", **where: Any) -> int:
        """Share a contact; `own`: with the messenger's button for one's own number."""
        card: dict[str, Any] = {"phone_number": phone, "first_name": name or person.first_name}
        if own:
            card["user_id"] = person.id
        return await self.say(person, {"contact": card}, **where)

    async def location(self, person: Person, latitude: float, longitude: float, **where: Any) -> int:
        """Send a pin."""
        return await self.say(person, {"location": {"latitude": latitude, "longitude": longitude}}, **where)

    async def forward_post(self, person: Person, channel: int, number: int, text: str, **where: Any) -> int:
        """Forward a channel's post."""
        origin = {"type": "channel", "date": self.now(), "chat": self.chats[channel], "message_id": number}
        return await self.say(person, {"text": text, "forward_origin": origin}, **where)

    async def edit(self, person: Person, text: str, *, number: int = 0) -> int:
        """Edit one's own message (the newest when no number is given)."""
        mine = [one for one in self.messages[person.id].values() if one["from"]["id"] == person.id]
        message = self.messages[person.id][number] if number else mine[-1]
        message.update(text=text, edit_date=self.now())
        return self.arrive({"edited_message": dict(message)})

    async def press(self, person: Person, wanted: str, *, chat: int = 0, bot: Any = None) -> int:
        """Press the newest button whose label or token is `wanted`. Raises LookupError when there is none."""
        for message in reversed(self.messages[chat or person.id].values()):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if wanted in (button["text"], button.get("callback_data")) and "callback_data" in button:
                        return await self.press_token(person, button["callback_data"], message, bot=bot)
        raise LookupError(f"no button {wanted!r}")

    async def press_token(self, person: Person, token: str, message: dict[str, Any], *, bot: Any = None) -> int:
        """A press with any token under any message: what a forged or stale press looks like."""
        press = {
            "id": f"press{next(self.numbers)}",
            "from": person.user(),
            "chat_instance": "1",
            "data": token,
            "message": {name: part for name, part in message.items() if not name.startswith("_")},
        }
        self.presses[press["id"]] = press
        return self.arrive({"callback_query": press}, bot)

    async def block(self, person: Person) -> int:
        """Block the bot."""
        person.blocked = True
        bot = {"id": 1, "is_bot": True, "first_name": "bot"}
        change = {
            "chat": self.chats[person.id],
            "from": person.user(),
            "date": self.now(),
            "old_chat_member": {"user": bot, "status": "member"},
            "new_chat_member": {"user": bot, "status": "kicked", "until_date": 0},
        }
        return self.arrive({"my_chat_member": change})

    # ---- what people see ----

    def seen(self, person_or_chat: Person | int) -> list[dict[str, Any]]:
        """The bot's messages in a chat, oldest first, as they look now."""
        chat = person_or_chat.id if isinstance(person_or_chat, Person) else person_or_chat
        return [message for message in self.messages[chat].values() if message["from"]["is_bot"]]

    async def heard(self, person_or_chat: Person | int, count: int, timeout: float = 10.0) -> dict[str, Any]:
        """The bot's `count`-th message in a chat, waited for. Raises TimeoutError."""
        await self.until(lambda: len(self.seen(person_or_chat)) >= count, timeout)
        return self.seen(person_or_chat)[count - 1]

    def sizes(self, data: bytes, width: int = 800, height: int = 800) -> list[dict[str, Any]]:
        """A picture as Telegram keeps it: a thumbnail and the real one."""
        unique = f"u{next(self.numbers)}"
        real = {"file_id": self.keep(data), "file_unique_id": unique, "width": width, "height": height}
        small = {"file_id": self.keep(b""), "file_unique_id": f"{unique}s", "width": 90, "height": 90}
        return [small, real | {"file_size": len(data)}]


def words_of(message: dict[str, Any]) -> str:
    """What a person reads in a message: its text or caption, then the labels of its buttons, one a line."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    labels = [button["text"] for row in rows for button in row]
    return "\n".join([message.get("text") or message.get("caption") or "", *labels])


def _words(caption: str) -> dict[str, str]:
    return {"caption": caption} if caption else {}
