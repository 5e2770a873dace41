"""What posts show, for one process: those under which people comment, share in a chat, or paste links to.

A comment waits for its post. A chat waits two seconds at most, then the picture that came with the post speaks; what
was begun goes on in the background, and the next one who shares that post is answered at once.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from kit import cache, tasks
from kit.errors import Unavailable
from kit.message import Chat
from shop import posts
from shop.posts import Finder, Post, Sources

if TYPE_CHECKING:
    from bot.app import App
    from kit.message import Incoming
    from shop.shops import Shop
    from vision.match import Match

log = structlog.get_logger(__name__)
WAIT_S = 2.0  # Meta answers in 0.3 s; a shopper waits no longer for what their picture may tell as well
_LISTED_S = 60.0  # an unknown link asks for the newest posts once a minute: most lead to other people's posts
_AWAY_S = 5.0  # sooner where the platform did not answer
_WHOLE_S = 86_400.0  # and for all of them once a day
_LISTED, _WHOLE = "posts_listed", "posts_whole"


@dataclass(slots=True)
class Shown:
    """The posts of one process; one that many ask about at once is asked for once."""

    app: App
    finder: Finder = field(init=False)
    _listing: dict[tuple[str, str], asyncio.Task[None]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.finder = Finder(self.app.db)

    async def find(self, shop: Shop, channel: str, post_id: str, *, patient: bool) -> Post:
        """The post with the products it shows. Raises Unavailable when its platform cannot answer just now.

        `patient`: while the shop's own photos are still being described it is Unavailable too.
        """
        there = self.app.channel(shop.id, channel)
        sources = Sources(there.post, there.fetch, lambda data: self._match(shop.id, data, patient=patient))
        return await self.finder.find(shop, channel, post_id, sources)

    async def of(self, shop: Shop, one: Incoming) -> Post | None:
        """The post that a message of a chat shares or links to, within two seconds; None when nobody knows it."""
        text = f"{one.post_url} {one.text}"
        if not one.post and not posts.links(text):
            return None
        task = tasks.start(self._of(shop, one.chat.channel, one.post, text), f"post for {one.chat.key}")
        await asyncio.wait({task}, timeout=WAIT_S)
        if task.done() and not task.cancelled() and task.exception() is None:
            return task.result()
        log.info("post_answers_late", shop=shop.id, channel=one.chat.channel)
        return await posts.stored(self.app.db, shop.id, one.chat.channel, one.post, text)

    async def _of(self, shop: Shop, channel: str, post_id: str, text: str) -> Post | None:
        shared = await self._tried(shop, channel, post_id) if post_id else None
        if shared is not None and shared.skus:
            return shared
        linked = await posts.by_link(self.app.db, shop.id, text)
        if linked is None:
            for where in dict.fromkeys(where for where, _ in posts.links(text)):
                await self._listed(shop.id, where)
            linked = await posts.by_link(self.app.db, shop.id, text)
        return await self._tried(shop, linked.channel, linked.post_id) if linked else shared

    async def _tried(self, shop: Shop, channel: str, post_id: str) -> Post | None:
        """As `find`; what is stored of it when the platform does not answer."""
        try:
            return await self.find(shop, channel, post_id, patient=True)
        except Unavailable as away:
            log.info("post_not_asked", shop=shop.id, channel=channel, code=away.code)
            return await posts.by_id(self.app.db, shop.id, channel, post_id)

    async def _listed(self, shop_id: str, channel: str) -> None:
        """Learn of the account's own posts: the newest ones, and once a day all; never two lists at once."""
        if (shop_id, channel) not in self.app.channels:
            return
        task = self._listing.get((shop_id, channel))
        if task is None:
            task = tasks.start(self._list(shop_id, channel), f"posts of {shop_id} on {channel}")
            self._listing[shop_id, channel] = task
            task.add_done_callback(lambda _: self._listing.pop((shop_id, channel), None))
        await asyncio.wait({task})

    async def _list(self, shop_id: str, channel: str) -> None:
        mark, redis = Chat(shop_id, channel, "-"), self.app.redis
        if await cache.get_json(redis, mark, _LISTED):
            return
        await cache.put_json(redis, mark, _LISTED, 1, _LISTED_S)
        whole = not await cache.get_json(redis, mark, _WHOLE)
        try:
            page = self.app.channel(shop_id, channel).posts
            new = await posts.catch_up(self.app.db, shop_id, channel, page, whole=whole)
        except Unavailable as away:
            log.info("posts_not_listed", shop=shop_id, channel=channel, code=away.code)
            if not away.permanent:
                await cache.put_json(redis, mark, _LISTED, 1, _AWAY_S)
            return
        if whole:
            await cache.put_json(redis, mark, _WHOLE, 1, _WHOLE_S)
        log.info("posts_listed", shop=shop_id, channel=channel, new=new)

    async def _match(self, shop_id: str, data: bytes, *, patient: bool) -> Match:
        """What a picture of a post shows. Raises Unavailable while the shop's own photos are still being described."""
        from vision import feedback, image, match, work  # numpy and OpenCV: only when a post must be looked at
        from vision.index import BUILTIN

        if patient and await self.app.index.waiting(shop_id, BUILTIN):
            raise Unavailable("the shop's photos are not described yet", code="network")
        learned = await feedback.learned(self.app.db, shop_id, BUILTIN)
        return await match.find(self.app.index, shop_id, await work.run(image.open_safe, data), learned, self.app.eye)
