"""Posts of the shop and the products they show: by the platform's id, a pasted link, the caption, the pictures.

What a post shows is asked from the platform once and remembered; a link names no id that could be asked for, so the
account's own posts are listed. A caption is read anew each time, because goods change; what pictures showed is kept
until the shop's goods change.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import asyncpg

from kit.db import Pool, Reader, Tx, transaction
from kit.errors import Refused, Unavailable
from kit.message import Media, Published
from shop import captions

if TYPE_CHECKING:
    from shop.shops import Shop
    from vision.match import Match

# instagram.com/[<account>/]p|reel/<code>; t.me/<channel>/<id>, t.me/s/<channel>/<id>, t.me/c/<number>/<id>
_INSTAGRAM = re.compile(r"(?:instagram\.com|instagr\.am)/(?:[\w.]+/)?(?:p|reels?|tv)/([\w-]{5,40})", re.IGNORECASE)
_TELEGRAM = re.compile(r"(?:t|telegram)\.me/(?:s/)?(c/\d+|[a-z]\w{3,31})/(?:\d+/)?(\d{1,12})", re.IGNORECASE)
_PICTURES = 6  # of a carousel; each takes about 0.2 s
_PAGES = 40  # of a list of posts, fifty each: a link to something older is as good as unknown

_BY_ID = """
SELECT *, asked_at > now() - interval '1 hour' AS fresh FROM posts WHERE shop_id = $1 AND channel = $2 AND post_id = $3
"""
_ALBUM = "SELECT post_id, caption, media FROM posts WHERE shop_id = $1 AND channel = $2 AND album = $3"
_REMEMBER = """
INSERT INTO posts (shop_id, channel, post_id, code, caption, skus, media, album, asked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $9::boolean THEN now() END)
ON CONFLICT (shop_id, channel, post_id) DO UPDATE SET
    code = COALESCE(NULLIF(EXCLUDED.code, ''), posts.code),
    caption = COALESCE(NULLIF(EXCLUDED.caption, ''), posts.caption),
    skus = CASE WHEN EXCLUDED.skus = '{}' THEN posts.skus ELSE EXCLUDED.skus END,
    media = CASE WHEN EXCLUDED.media = '[]' THEN posts.media ELSE EXCLUDED.media END,
    album = COALESCE(NULLIF(EXCLUDED.album, ''), posts.album),
    asked_at = COALESCE(EXCLUDED.asked_at, posts.asked_at)
"""
_KNOWN = "SELECT post_id FROM posts WHERE shop_id = $1 AND channel = $2 AND post_id = ANY($3) AND code <> ''"
_LOOKED = "UPDATE posts SET looked = $4, skus = $5 WHERE shop_id = $1 AND channel = $2 AND post_id = $3"
_THREAD = """
INSERT INTO post_threads (shop_id, channel, chat_id, thread, post_id) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (shop_id, channel, chat_id, thread) DO NOTHING
"""
_UNDER = "SELECT post_id FROM post_threads WHERE shop_id = $1 AND channel = $2 AND chat_id = $3 AND thread = $4"


@dataclass(frozen=True, slots=True)
class Post:
    """A publication: `code` is the part of its link, `skus` the products it shows, in the order of its pictures.

    `fresh`: the platform was asked within the hour. `looked`: the shop's version when its pictures were looked at.
    """

    shop_id: str
    channel: str
    post_id: str
    code: str = ""
    caption: str = ""
    skus: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    album: str = ""
    fresh: bool = False
    looked: int | None = None


def links(text: str) -> list[tuple[str, str]]:
    """(channel, code) of every link to a post in `text`; a Telegram code is `channel/id` in lower case."""
    found = [(match.start(), "instagram", match[1]) for match in _INSTAGRAM.finditer(text)]
    found += [(match.start(), "telegram", f"{match[1].lower()}/{match[2]}") for match in _TELEGRAM.finditer(text)]
    return [(channel, code) for _, channel, code in sorted(found)]


# ---- rows ------------------------------------------------------------------------------------------------------------


async def by_id(reader: Reader, shop_id: str, channel: str, post_id: str) -> Post | None:
    """The post with the platform's id; None when the shop never saw it."""
    row = await reader.fetchrow(_BY_ID, shop_id, channel, post_id)
    return _post(row) if row else None


async def by_link(reader: Reader, shop_id: str, text: str) -> Post | None:
    """The first of the shop's posts that a link in `text` leads to."""
    for channel, code in links(text):
        row = await reader.fetchrow(
            """SELECT *, false AS fresh FROM posts WHERE shop_id = $1 AND channel = $2 AND code = $3
               ORDER BY posted_at DESC LIMIT 1""",
            shop_id,
            channel,
            code,
        )
        if row:
            return _post(row)
    return None


async def stored(reader: Reader, shop_id: str, channel: str, post_id: str, text: str) -> Post | None:
    """The post with this id, else the one that a link in `text` leads to, as far as the shop has seen it."""
    found = await by_id(reader, shop_id, channel, post_id) if post_id else None
    return found or await by_link(reader, shop_id, text)


async def remember(
    tx: Tx,
    shop_id: str,
    channel: str,
    post_id: str,
    *,
    code: str = "",
    caption: str = "",
    skus: Sequence[str] = (),
    media: Sequence[Media] = (),
    album: str = "",
    asked: bool = False,
) -> None:
    """Keeps a post; seen again it keeps what is known and takes what is new (an empty value changes nothing).

    `asked`: this is what the platform answered just now.
    """
    references = [{name: getattr(one, name) for name in Media.__slots__} for one in media]
    await tx.execute(_REMEMBER, shop_id, channel, post_id, code, caption, list(skus), references, album, asked)


async def remember_thread(tx: Tx, shop_id: str, channel: str, chat_id: str, thread: str, post_id: str) -> None:
    """Notes which post the comments of a thread stand under."""
    await tx.execute(_THREAD, shop_id, channel, chat_id, thread, post_id)


async def under(reader: Reader, shop_id: str, channel: str, chat_id: str, thread: str) -> str:
    """The id of the post that a thread's comments stand under, "" when nobody saw its copy."""
    return str(await reader.fetchval(_UNDER, shop_id, channel, chat_id, thread) or "")


def _post(row: asyncpg.Record) -> Post:
    known = {name: row[name] for name in ("shop_id", "channel", "post_id", "code", "caption", "album", "looked")}
    return Post(**known, skus=tuple(row["skus"]), media=_media(row["media"]), fresh=bool(row["fresh"]))


def _media(references: Sequence[dict[str, object]]) -> tuple[Media, ...]:
    names = set(Media.__slots__)
    return tuple(Media(**{name: one[name] for name in names & one.keys()}) for one in references)  # type: ignore[arg-type]


async def catch_up(
    pool: Pool,
    shop_id: str,
    channel: str,
    page: Callable[[str], Awaitable[tuple[list[Published], str]]],
    *,
    whole: bool,
) -> int:
    """Remembers the account's own posts, `page` after page, newest first; how many were new.

    Ends where everything was known already, unless the `whole` list is wanted. Raises what `page` raises; the pages
    before are kept.
    """
    new, after = 0, ""
    for _ in range(_PAGES):
        listed, after = await page(after)
        ids = [one.id for one in listed if one.id]
        known = {row["post_id"] for row in await pool.fetch(_KNOWN, shop_id, channel, ids)}
        async with transaction(pool) as tx:
            for one in listed:
                code = next((code for _, code in links(one.url)), "")
                if one.id and code and one.id not in known:
                    where = (shop_id, channel, one.id)
                    await remember(tx, *where, code=code, caption=one.text, media=one.media, asked=True)
                    new += 1
        if not after or (not whole and len(known) == len(ids)):
            break
    return new


# ---- what a post shows -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sources:
    """Where facts of a post come from: its platform, the bytes of its pictures, the shop's own photos."""

    ask: Callable[[str], Awaitable[Published | None]]
    fetch: Callable[[Media], Awaitable[bytes]]
    match: Callable[[bytes], Awaitable[Match]]


@dataclass(slots=True)
class Finder:
    """Finds what posts show; a post that many comment on at once is asked for once."""

    pool: Pool
    _locks: WeakValueDictionary[tuple[str, str, str], asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def find(self, shop: Shop, channel: str, post_id: str, sources: Sources) -> Post:
        """The post with the products it shows; `skus` is empty when nobody knows them.

        Raises Unavailable when the platform cannot answer just now.
        """
        lock = self._locks.setdefault((shop.id, channel, post_id), asyncio.Lock())
        async with lock:
            post = await by_id(self.pool, shop.id, channel, post_id) or Post(shop.id, channel, post_id)
            known = tuple(sku for sku in post.skus if sku in shop.products)
            if known:
                return replace(post, skus=known)
            found = _settled(shop, post)
            if found is None and not post.fresh:
                post = await self._asked(post, sources)
                found = _settled(shop, post)
            return replace(post, skus=found if found is not None else await self._looked(shop, post, sources))

    async def _asked(self, post: Post, sources: Sources) -> Post:
        """The post as the platform shows it now."""
        try:
            shown = await sources.ask(post.post_id)
        except Unavailable as refused:
            if not refused.permanent:
                raise
            shown = Published()  # not ours, deleted, or no permission: asked again in an hour
        if shown is None:
            return await self._with_album(post)
        code = next((code for _, code in links(shown.url)), "")
        async with transaction(self.pool) as tx:
            where = (post.shop_id, post.channel, post.post_id)
            await remember(tx, *where, code=code, caption=shown.text, media=shown.media, asked=True)
        known = replace(post, caption=shown.text or post.caption, media=shown.media or post.media)
        return replace(known, code=code or post.code, looked=None)  # its pictures may be other ones by now

    async def _with_album(self, post: Post) -> Post:
        """The post with the words and pictures of all that were published together with it."""
        if not post.album:
            return post
        rows = await self.pool.fetch(_ALBUM, post.shop_id, post.channel, post.album)
        rows.sort(key=lambda row: int("0" + row["post_id"].rpartition(":")[2]))
        caption = "\n".join(row["caption"] for row in rows if row["caption"])
        return replace(post, caption=caption, media=tuple(one for row in rows for one in _media(row["media"])))

    async def _looked(self, shop: Shop, post: Post, sources: Sources) -> tuple[str, ...]:
        """What the pictures show, together with what the caption says; remembered."""
        if post.looked == shop.version or not post.media:
            return _together(shop, post.caption, [])
        seen = []
        for media in [one for one in post.media if one.kind == "photo"][:_PICTURES]:
            try:
                seen.append(await sources.match(await sources.fetch(media)))
            except Refused:
                continue  # not a picture we can open
            except Unavailable as gone:
                if not gone.permanent:
                    raise
        exact = [one.candidates[0].sku for one in seen if one.verdict == "exact"]
        found = _together(shop, post.caption, exact)
        kept = list(found) if exact else []
        await self.pool.execute(_LOOKED, shop.id, post.channel, post.post_id, shop.version, kept)
        return found


def _settled(shop: Shop, post: Post) -> tuple[str, ...] | None:
    """What the caption alone names beyond doubt; None when pictures may tell more."""
    groups = captions.groups(shop, post.caption)
    if not groups or any(len(group) > 1 for group in groups):
        return None
    return tuple(dict.fromkeys(group[0] for group in groups))[: captions.MOST]


def _together(shop: Shop, caption: str, exact: Sequence[str]) -> tuple[str, ...]:
    """What the caption names, where it leaves a choice what the pictures show of it; without names the pictures."""
    found: list[str] = []
    for group in captions.groups(shop, caption):
        pictured = [sku for sku in group if sku in exact]
        found += pictured or (group if len(group) <= captions.KIND else [])
    return tuple(dict.fromkeys(found or exact))[: captions.MOST]
