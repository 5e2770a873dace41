"""The Instagram channel: says a Reply by the Graph API, fetches what a shopper sent, knows its own echoes.

Meta repeats everything we send as a webhook; a message of ours must not look like a person of the shop who took over.
The token goes in a header, never in an address.
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import httpx2
import structlog

from bot.halfway import Halfway
from bot.instagram import content, parts
from bot.instagram.errors import no_answer, refusal, rest_s
from kit import cache
from kit.errors import Unavailable
from kit.http import fetch_media
from kit.message import Chat, Incoming, Media, Published, Reply

log = structlog.get_logger(__name__)
FETCH_BYTES = 25_000_000  # Meta's own limit for audio and video; pictures have 8 MB
_WORDS_S = 300.0  # an echo comes within seconds; the exact id is kept as long as Meta repeats itself (36 h)
_IDS_S = 2 * 86_400.0
_NEVER_LEFT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)
_REPLIES_READ = 50  # answers under one comment: ours is among the newest
_POST = "id,caption,permalink,media_type,media_url,thumbnail_url,children{media_type,media_url,thumbnail_url}"
_PAGE_OF_POSTS = 50  # each has up to ten pictures: a page of a hundred would be a quarter of a megabyte
_PAGE = (b"<!doctype html", b"<html")


class InstagramChannel:
    """One professional account of one shop."""

    name = "instagram"

    def __init__(
        self,
        account: str,
        token: str,
        *,
        graph_url: str,
        public_url: str,
        media_hosts: list[str],
        redis: cache.Redis,
        client: httpx2.AsyncClient,
    ) -> None:
        self.account = account
        self.public_url = public_url
        self._graph = graph_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._hosts = media_hosts
        self._redis = redis
        self._client = client
        self._halfway = Halfway()
        self._quiet_until = 0.0  # on the loop's clock: the usage headers said 100 %

    # ---- saying ----

    async def send(self, chat: Chat, reply: Reply) -> str:
        """Say `reply`; the id of its last message, "" when nothing of it can be said here."""
        if reply.comment:
            answer = await self._call(f"{reply.comment}/replies", params={"message": parts.public(reply)})
            return str(answer.get("id", ""))
        if reply.private:
            return await self._say(chat, {"comment_id": reply.private}, {"text": parts.private(reply)})
        if chat.id == "-" or chat.id.startswith("comment:"):
            raise Unavailable("nobody to write to: the platform did not say who it was", permanent=True, code="gone")
        return await self._say_all(chat, reply)

    async def said(self, chat: Chat, reply: Reply) -> str | None:
        """The id of our public reply if it stands under the comment. A private reply cannot be asked for."""
        if not reply.comment:
            raise Unavailable("Instagram cannot be asked what was said", permanent=True, code="unsure")
        fields = {"fields": "id,text,from,username", "limit": str(_REPLIES_READ)}
        answer = await self._call(f"{reply.comment}/replies", method="GET", params=fields)
        words = _flat(parts.public(reply))
        for found in answer.get("data") or []:
            author = found.get("from")
            by = str(author.get("id", "")) if isinstance(author, dict) else ""
            if by in ("", self.account) and _flat(str(found.get("text", ""))) == words:
                return str(found.get("id", ""))
        return None

    async def _say_all(self, chat: Chat, reply: Reply) -> str:
        done, last = self._halfway.begin(chat, reply), ""
        messages = parts.of(reply, self.public_url)
        if not messages and reply.files:  # a person's voice, a PDF: the sender must hear of it
            raise Unavailable("Instagram takes no such file", permanent=True, code="form")
        for place, message in enumerate(messages):
            if place < done:
                continue
            try:
                last = await self._say(chat, {"id": chat.id}, message)
            except Unavailable as error:
                if not error.permanent:
                    self._halfway.broke_off(chat, reply, place)
                elif error.code == "100" and "attachment" in message and place + 1 < len(messages):
                    log.warning("picture_refused", chat=chat.key, what=error.what)  # the words are worth more
                    continue
                raise
        return last

    async def _say(self, chat: Chat, recipient: dict[str, str], message: dict[str, Any]) -> str:
        """One message; its id. Its words are noted before it leaves, because the echo may be faster than the answer."""
        body: dict[str, Any] = {"recipient": recipient, "message": message}
        if "quick_replies" in message:
            body["messaging_type"] = "RESPONSE"
        if text := message.get("text"):
            await cache.put_json(self._redis, chat, _echo(text), 1, _WORDS_S)
        answer = await self._call(f"{self.account}/messages", json=body, private="comment_id" in recipient)
        mid = str(answer.get("message_id", ""))
        if mid:
            await cache.put_json(self._redis, chat, _echo(mid), 1, _IDS_S)
        return mid

    async def wrote(self, echo: Incoming) -> bool:
        """Whether `echo` is a message of ours (False also when Redis has forgotten: the outbox is asked then)."""
        marks = [mark for mark in (echo.message_id, echo.text) if mark]
        found = [await cache.get_json(self._redis, echo.chat, _echo(mark)) for mark in marks]
        return any(found)

    async def typing(self, chat: Chat) -> None:
        """Show "typing" until the next message."""
        body = {"recipient": {"id": chat.id}, "sender_action": "typing_on"}
        await self._call(f"{self.account}/messages", json=body)

    # ---- the account ----

    async def me(self) -> dict[str, Any]:
        """What the platform says about the account behind the token."""
        return await self._call("me", method="GET", params={"fields": "user_id,username"})

    async def post(self, post_id: str) -> Published | None:
        """A post of the account: its caption, link and pictures (of a reel its cover)."""
        if not post_id.isalnum():
            raise Unavailable("not a post of Instagram", permanent=True, code="100")
        return content.published(await self._call(post_id, method="GET", params={"fields": _POST}))

    async def posts(self, after: str = "") -> tuple[list[Published], str]:
        """A page of the account's posts and reels; stories are not among them."""
        wanted = {"fields": _POST, "limit": str(_PAGE_OF_POSTS)} | ({"after": after} if after else {})
        found = await self._call(f"{self.account}/media", method="GET", params=wanted)
        listed = [content.published(one) for one in content.rows(found, "data") if isinstance(one, dict)]
        paging = found.get("paging")
        marks = paging.get("cursors") if isinstance(paging, dict) and paging.get("next") else None
        return listed, content.text(marks.get("after")) if isinstance(marks, dict) else ""

    async def subscribe(self, fields: str) -> None:
        """Ask the platform to bring this account's events to the app's webhook."""
        await self._call("me/subscribed_apps", params={"subscribed_fields": fields})

    # ---- fetching ----

    async def fetch(self, media: Media) -> bytes:
        """The bytes behind an address that a message held: from the platform's own hosts alone. Raises Unavailable."""
        data = await fetch_media(self._client, media.ref, self._hosts, FETCH_BYTES)
        if data[:200].lstrip().lower().startswith(_PAGE):  # a shared reel's address may lead to a page
            raise Unavailable("a page, not a picture", permanent=True, code="type")
        return data

    async def _call(self, path: str, *, method: str = "POST", private: bool = False, **request: Any) -> dict[str, Any]:
        """One call of the Graph API; its answer. Raises Unavailable, see `errors`."""
        wait_s = self._quiet_until - asyncio.get_running_loop().time()
        if wait_s > 0:
            raise Unavailable("Instagram's limit is used up", retry_after=wait_s, code="rate")
        try:
            answer = await self._client.request(method, f"{self._graph}/{path}", headers=self._headers, **request)
        except httpx2.HTTPError as error:
            # a question may be asked again; of what was to be said we know only that it left, not that it arrived
            unsure = method == "POST" and not isinstance(error, _NEVER_LEFT)
            code = "unsure" if unsure else "network"
            raise Unavailable(f"no answer from Instagram ({type(error).__name__})", code=code) from None
        if rest := rest_s(answer.headers):
            self._quiet_until = asyncio.get_running_loop().time() + rest
        try:
            found = answer.json()
        except ValueError:
            raise no_answer(answer.status_code) from None
        if not isinstance(found, dict):
            raise no_answer(answer.status_code)
        if isinstance(error_body := found.get("error"), dict):
            raise refusal(error_body, answer.status_code, answer.headers, private=private)
        if answer.status_code >= 400:
            raise no_answer(answer.status_code)
        return found


def _echo(mark: str) -> str:
    """The name under which words or an id of ours are noted."""
    return f"echo:{hashlib.sha256(_flat(mark).encode()).hexdigest()[:24]}"


def _flat(words: str) -> str:
    return " ".join(words.split())
