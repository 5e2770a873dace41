"""Posts of the shop and the products they show: by the platform's id, by a pasted link, by the words of the caption."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import asyncpg

from kit.db import Reader, Tx

if TYPE_CHECKING:
    from shop.shops import Shop

# instagram.com/[<account>/]p|reel/<code>; t.me/<channel>/<id>, t.me/s/<channel>/<id>, t.me/c/<number>/<id>
_INSTAGRAM = re.compile(r"(?:instagram\.com|instagr\.am)/(?:[\w.]+/)?(?:p|reels?|tv)/([\w-]{5,40})", re.IGNORECASE)
_TELEGRAM = re.compile(r"(?:t|telegram)\.me/(?:s/)?(c/\d+|[a-z]\w{3,31})/(?:\d+/)?(\d{1,12})", re.IGNORECASE)
_SURE = 0.8  # a caption names a product when it fits this well; several close ones are all shown
_CLOSE = 0.05
_MOST = 10


@dataclass(frozen=True, slots=True)
class Post:
    """A publication: `code` is the part of its link, `skus` the products it shows, in the order of its pictures."""

    shop_id: str
    channel: str
    post_id: str
    code: str = ""
    caption: str = ""
    skus: tuple[str, ...] = ()


def links(text: str) -> list[tuple[str, str]]:
    """(channel, code) of every link to a post in `text`; a Telegram code is `channel/id` in lower case."""
    found = [(match.start(), "instagram", match[1]) for match in _INSTAGRAM.finditer(text)]
    found += [(match.start(), "telegram", f"{match[1].lower()}/{match[2]}") for match in _TELEGRAM.finditer(text)]
    return [(channel, code) for _, channel, code in sorted(found)]


async def by_id(reader: Reader, shop_id: str, channel: str, post_id: str) -> Post | None:
    """The post with the platform's id; None when the shop never saw it."""
    row = await reader.fetchrow(
        "SELECT * FROM posts WHERE shop_id = $1 AND channel = $2 AND post_id = $3", shop_id, channel, post_id
    )
    return _post(row) if row else None


async def by_link(reader: Reader, shop_id: str, text: str) -> Post | None:
    """The first of the shop's posts that a link in `text` leads to."""
    for channel, code in links(text):
        row = await reader.fetchrow(
            """SELECT * FROM posts WHERE shop_id = $1 AND channel = $2 AND code = $3
               ORDER BY posted_at DESC LIMIT 1""",
            shop_id,
            channel,
            code,
        )
        if row:
            return _post(row)
    return None


async def remember(
    tx: Tx, shop_id: str, channel: str, post_id: str, *, code: str = "", caption: str = "", skus: Sequence[str] = ()
) -> None:
    """Keeps a post; seen again it keeps what is known and takes what is new (an empty value changes nothing)."""
    await tx.execute(
        """INSERT INTO posts (shop_id, channel, post_id, code, caption, skus) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (shop_id, channel, post_id) DO UPDATE SET
               code = COALESCE(NULLIF(EXCLUDED.code, ''), posts.code),
               caption = COALESCE(NULLIF(EXCLUDED.caption, ''), posts.caption),
               skus = CASE WHEN EXCLUDED.skus = '{}' THEN posts.skus ELSE EXCLUDED.skus END""",
        shop_id,
        channel,
        post_id,
        code,
        caption,
        list(skus),
    )


def named_in(shop: Shop, caption: str) -> tuple[str, ...]:
    """Products that a caption names, line by line: an article, or a title that fits well. () when none does surely."""
    found: list[str] = []
    for line in caption.splitlines():
        for hits in shop.search.find_each(line):
            best = hits[0].score
            found += [hit.sku for hit in hits if hit.score >= max(_SURE, best - _CLOSE)]
    return tuple(dict.fromkeys(found))[:_MOST]


def _post(row: asyncpg.Record) -> Post:
    return Post(row["shop_id"], row["channel"], row["post_id"], row["code"], row["caption"], tuple(row["skus"]))
