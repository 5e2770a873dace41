"""The shoppers of the fake Instagram: what they write, send, tap and comment, and the signed webhooks about it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError

from kit import tasks
from tests.fakes.server import Server


@dataclass
class Shopper:
    """Somebody on Instagram. `inbox`: the messages the shop sent, with their mid. `wrote_at` opens the 24 hours."""

    id: str
    username: str
    wrote_at: float | None = None
    blocked: bool = False
    inbox: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Comment:
    """A comment under a post, a shopper's or the shop's own answer (`author` is then the account)."""

    id: str
    author: str
    text: str
    post: str
    parent: str
    at: float
    private_replies: int = 0


class Shoppers(Server):
    """Everything a shopper can do. Each verb posts one webhook and returns the HTTP status the product gave.

    `shape`: "messaging" or "changes", the two forms of a delivery. `repeat`: how often it is delivered.
    """

    def __init__(self, app_secret: str) -> None:
        super().__init__()
        self.app_secret = app_secret
        self.webhook = ""
        self.accounts: list[str] = []
        self.shoppers: dict[str, Shopper] = {}
        self.comments: dict[str, Comment] = {}
        self.files: dict[str, tuple[bytes, str]] = {}
        self.posts: dict[str, dict[str, Any]] = {}  # what the platform says of a post, by its id
        self.delivered: list[tuple[dict[str, Any], int]] = []  # every webhook and the status it got
        self.echoes = True  # what the product sends comes back
        self.shape = "messaging"
        self.tries = 1  # as often a delivery that got no 200 is repeated (Meta: for 36 hours)
        self._later = 0.0

    def now(self) -> float:
        """Seconds since 1970 as the platform sees them."""
        return time.time() + self._later

    def pass_time(self, *, hours: float) -> None:
        """Let time pass: windows close."""
        self._later += hours * 3600

    def shopper(self, username: str = "aziza") -> Shopper:
        """A new person."""
        person = Shopper(str(17_000_000_000 + next(self.numbers)), username)
        self.shoppers[person.id] = person
        return person

    def publish(self, caption: str, *pictures: bytes, cover: bytes = b"", owner: str = "", story: bool = False) -> str:
        """A post with one picture, a carousel, or a reel with its `cover`; its id. `owner`: another account."""
        post = str(18_000_000_000_000_000 + next(self.numbers))
        parts = [{"media_type": "IMAGE", "media_url": self.keep(data)} for data in pictures]
        if cover:
            parts = [{"media_type": "VIDEO", "media_url": self.keep(b"mp4"), "thumbnail_url": self.keep(cover)}]
        code = "".join("ABCDEFGHIJ"[int(digit)] for digit in post[-11:])  # says nothing of the id, as theirs
        about: dict[str, Any] = {"id": post, "permalink": f"https://www.instagram.com/p/{code}/"}
        about |= {"caption": caption} if caption else {}
        many = {"media_type": "CAROUSEL_ALBUM", "children": {"data": parts}}
        about |= {"_owner": owner, "_story": story, "_at": self.now()}  # ours to know, never said
        self.posts[post] = about | (parts[0] if len(parts) == 1 else many)
        return post

    def link_to(self, post: str) -> str:
        """What people copy from the app."""
        return f"{self.posts[post]['permalink']}?igsh=MzRlODBiNWFlZA=="

    def keep(self, data: bytes, kind: str = "image/jpeg") -> str:
        """Put a file on the platform's media host; its address (signed, as theirs are)."""
        name = f"f{next(self.numbers)}"
        self.files[name] = (data, kind)
        return f"{self.url}/media/{name}?signature=abc"

    # ---- what shoppers do ----

    async def text(self, shopper: Shopper, text: str, **how: Any) -> int:
        """Write."""
        return await self.message(shopper, {"text": text}, **how)

    async def image(self, shopper: Shopper, data: bytes, text: str = "", **how: Any) -> int:
        """Send a picture, perhaps with words."""
        body: dict[str, Any] = {"attachments": [{"type": "image", "payload": {"url": self.keep(data)}}]}
        return await self.message(shopper, body | ({"text": text} if text else {}), **how)

    async def attachment(self, shopper: Shopper, kind: str, payload: dict[str, Any] | None = None, **how: Any) -> int:
        """Send any attachment: audio, file, like_heart, story_mention, something new."""
        part: dict[str, Any] = {"type": kind} | ({"payload": payload} if payload is not None else {})
        return await self.message(shopper, {"attachments": [part]}, **how)

    async def shared_post(
        self, shopper: Shopper, post: str, data: bytes, text: str = "", caption: str = "", **how: Any
    ) -> int:
        """Forward a post of the shop's."""
        payload = {"url": self.keep(data), "title": caption, "ig_post_media_id": post}
        body: dict[str, Any] = {"attachments": [{"type": "ig_post", "payload": payload}]}
        return await self.message(shopper, body | ({"text": text} if text else {}), **how)

    async def story_reply(self, shopper: Shopper, text: str, story: str, data: bytes, **how: Any) -> int:
        """Answer a story."""
        about = {"story": {"id": story, "url": self.keep(data)}}
        return await self.message(shopper, {"text": text, "reply_to": about}, **how)

    async def tap(self, shopper: Shopper, wanted: str, **how: Any) -> int:
        """Tap the newest quick reply whose title or payload is `wanted`. Raises LookupError when there is none."""
        for message in reversed(shopper.inbox):
            for reply in message.get("quick_replies", []):
                if wanted in (reply["title"], reply["payload"]):
                    return await self.quick_reply(shopper, reply["title"], reply["payload"], **how)
        raise LookupError(f"no quick reply {wanted!r}")

    async def quick_reply(self, shopper: Shopper, title: str, payload: str, **how: Any) -> int:
        """A tap with any payload, offered or not."""
        return await self.message(shopper, {"text": title, "quick_reply": {"payload": payload}}, **how)

    async def postback(self, shopper: Shopper, title: str, payload: str, **how: Any) -> int:
        """Press an ice breaker or a button of a template."""
        shopper.wrote_at = self.now()
        body = {"mid": self.mid(), "title": title, "payload": payload}
        return await self.event(shopper, {"postback": body}, "messaging_postbacks", **how)

    async def referral(self, shopper: Shopper, ref: str, **how: Any) -> int:
        """Open the chat by ig.me/m/<shop>?ref=..."""
        shopper.wrote_at = self.now()
        body = {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}
        return await self.event(shopper, {"referral": body}, "messaging_referral", **how)

    async def unsend(self, shopper: Shopper, mid: str, **how: Any) -> int:
        """Take a message back."""
        return await self.event(shopper, {"message": {"mid": mid, "is_deleted": True}}, "messages", **how)

    async def edit(self, shopper: Shopper, mid: str, text: str, count: int = 1, **how: Any) -> int:
        """Edit a message."""
        body = {"mid": mid, "text": text, "num_edit": count}
        return await self.event(shopper, {"message_edit": body}, "message_edit", **how)

    async def react(self, shopper: Shopper, mid: str, emoji: str = "❤️", **how: Any) -> int:
        """React to a message."""
        body = {"mid": mid, "action": "react", "reaction": "love", "emoji": emoji}
        return await self.event(shopper, {"reaction": body}, "message_reactions", **how)

    async def read(self, shopper: Shopper, mid: str, **how: Any) -> int:
        """Read a message."""
        return await self.event(shopper, {"read": {"mid": mid}}, "messaging_seen", **how)

    async def comment(
        self, shopper: Shopper, text: str, *, post: str, parent: str = "", account: str = "", direct: bool = False
    ) -> int:
        """Comment under a post. `direct`: in the form of Instagram Login, the field directly in the entry."""
        made = Comment(f"c{next(self.numbers)}", shopper.id, text, post, parent, self.now())
        self.comments[made.id] = made
        author = {"id": shopper.id, "username": shopper.username}
        return await self._comment(account or self.accounts[0], made, author, direct=direct)

    async def by_hand(self, shopper: Shopper, text: str, *, account: str = "") -> int:
        """A person of the shop answers in Instagram's own app: an echo that is not ours."""
        mid = self.mid()
        shopper.inbox.append({"mid": mid, "text": text, "by_hand": True})
        return await self._post(self._echo(account or self.accounts[0], shopper, mid, {"text": text}))

    # ---- webhooks ----

    def mid(self) -> str:
        """A new message id."""
        return f"mid.{next(self.numbers)}"

    async def message(self, shopper: Shopper, body: dict[str, Any], **how: Any) -> int:
        """A message with any content."""
        shopper.wrote_at, shopper.blocked = self.now(), False
        return await self.event(shopper, {"message": {"mid": self.mid(), **body}}, "messages", **how)

    async def event(
        self, shopper: Shopper, body: dict[str, Any], field_name: str, *, account: str = "", shape: str = "",
        repeat: int = 1,
    ) -> int:  # fmt: skip
        """Deliver one event of a conversation."""
        account = account or self.accounts[0]
        stamp = int(self.now() * 1000)
        one = {"sender": {"id": shopper.id}, "recipient": {"id": account}, "timestamp": stamp, **body}
        entry: dict[str, Any] = {"id": account, "time": stamp}
        if (shape or self.shape) == "changes":
            entry["changes"] = [{"field": field_name, "value": one}]
        else:
            entry["messaging"] = [one]
        statuses = [await self._post({"object": "instagram", "entry": [entry]}) for _ in range(repeat)]
        return statuses[-1]

    def echo_of(self, account: str, shopper: Shopper, mid: str, message: dict[str, Any]) -> None:
        """What the product sent comes back, a moment later."""
        tasks.start(self._post(self._echo(account, shopper, mid, message)), "echo")

    def comment_of_ours(self, account: str, comment: Comment) -> None:
        """So does what it answered under a post."""
        author = {"id": account, "username": f"shop_{account}"}
        tasks.start(self._comment(account, comment, author), "own comment")

    def _echo(self, account: str, shopper: Shopper, mid: str, message: dict[str, Any]) -> dict[str, Any]:
        body: dict[str, Any] = {"mid": mid, "is_echo": True}
        if "text" in message:
            body["text"] = message["text"]
        if "attachment" in message:
            body["attachments"] = [message["attachment"]]
        stamp = int(self.now() * 1000)
        one = {"sender": {"id": account}, "recipient": {"id": shopper.id}, "timestamp": stamp, "message": body}
        return {"object": "instagram", "entry": [{"id": account, "time": stamp, "messaging": [one]}]}

    async def _comment(self, account: str, comment: Comment, author: dict[str, str], *, direct: bool = False) -> int:
        value: dict[str, Any] = {"id": comment.id, "from": author, "text": comment.text}
        value["media"] = {"id": comment.post, "media_product_type": "FEED"}
        if comment.parent:
            value["parent_id"] = comment.parent
        change = {"field": "comments", "value": value}
        entry: dict[str, Any] = {"id": account, "time": int(self.now())}
        entry |= change if direct else {"changes": [change]}
        return await self._post({"object": "instagram", "entry": [entry]})

    async def _post(self, payload: dict[str, Any]) -> int:
        status = await self.deliver(payload)
        for attempt in range(1, self.tries):
            if status == 200:
                break
            await asyncio.sleep(min(0.1 * 2**attempt, 2.0))
            status = await self.deliver(payload)
        return status

    async def deliver(self, payload: Any, *, secret: str | None = None) -> int:
        """Post any payload, signed with the app's secret (or another one); the status, 0 when nobody answers."""
        assert self.client is not None
        body = json.dumps(payload).replace("/", "\\/").encode()  # Meta escapes slashes and everything beyond ASCII
        key = self.app_secret if secret is None else secret
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": f"sha256={hmac.new(key.encode(), body, hashlib.sha256).hexdigest()}",
        }
        try:
            async with self.client.post(self.webhook, data=body, headers=headers) as answer:
                status = answer.status
        except (ClientError, OSError):
            status = 0
        self.delivered.append((payload, status))
        self.stir()
        return status

    async def handshake(self, verify_token: str, challenge: str = "115") -> tuple[int, str]:
        """What Meta asks when the webhook is set up: status and body."""
        assert self.client is not None
        query = {"hub.mode": "subscribe", "hub.verify_token": verify_token, "hub.challenge": challenge}
        async with self.client.get(self.webhook, params=query) as answer:
            return answer.status, await answer.text()

    # ---- what shoppers see ----

    async def heard(self, shopper: Shopper, count: int, timeout: float = 10.0) -> dict[str, Any]:
        """The shop's `count`-th message to a shopper, waited for. Raises TimeoutError."""
        await self.until(lambda: len(shopper.inbox) >= count, timeout)
        return shopper.inbox[count - 1]

    def answers(self, post: str) -> list[Comment]:
        """What the shop wrote under a post."""
        return [one for one in self.comments.values() if one.post == post and one.author in self.accounts]


def words_of(message: dict[str, Any]) -> str:
    """What a shopper reads in a message: its text, then the titles of its quick replies, one a line."""
    titles = [reply["title"] for reply in message.get("quick_replies", [])]
    return "\n".join([message.get("text", ""), *titles])
