"""What an Instagram message holds: its words, its pictures, the post or story it is about. Every reader is lenient."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from kit.message import Media, Published

_KINDS = {"image": "photo", "video": "video", "audio": "voice", "file": "file"}
_POSTS = ("ig_post", "share", "ig_reel", "reel")
_IDS = ("ig_post_media_id", "ig_reel_media_id", "reel_video_id", "id")
_STORIES = ("story_mention", "story", "ig_story")
_PAGES = ("instagram.com", "instagr.am", "facebook.com")  # an address there is a page to open, not bytes to decode
_MEDIA_ID = re.compile(r"1[78]\d{15,16}")  # as all ids of published things begin
_MS = 1e11  # 100 000 000 000 s is the year 5138; as milliseconds it is 1973: anything above is milliseconds


def text(value: Any) -> str:
    """An id or words as text: the platform sends both strings and numbers."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)


def when(value: Any) -> float:
    """A moment as seconds since 1970, from seconds or milliseconds, a number or a string; 0 when it is none."""
    try:
        moment = 0.0 if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    if not 0 < moment < 1e15:  # also refuses NaN
        return 0.0
    return moment / 1000 if moment >= _MS else moment


def picture(post: dict[str, Any]) -> str:
    """The address of the picture of a post or of a part of it: a video's is its cover."""
    return text(post.get("thumbnail_url")) or (text(post.get("media_url")) if post.get("media_type") != "VIDEO" else "")


def published(post: dict[str, Any]) -> Published:
    """A post as the platform describes it: of a carousel every picture, of a video its cover."""
    children = post.get("children")
    pieces = rows(children, "data") if isinstance(children, dict) else []
    pictures = [picture(one) for one in (pieces or [post]) if isinstance(one, dict)]
    media = tuple(Media("photo", url) for url in pictures if url)
    return Published(text(post.get("caption")), text(post.get("permalink")), media, text(post.get("id")))


def side(body: dict[str, Any], name: str) -> str:
    """The id under `sender` or `recipient`."""
    party = body.get(name)
    return text(party.get("id")) if isinstance(party, dict) else ""


def rows(entry: dict[str, Any], name: str) -> list[Any]:
    """The list under `name`, empty when there is none."""
    found = entry.get(name)
    return found if isinstance(found, list) else []


def referral(value: Any) -> dict[str, Any]:
    """Where a conversation came from, as the fields `start`, `note` and `media` of an Incoming."""
    found = value if isinstance(value, dict) else {}
    product = found.get("product")
    context = found.get("ads_context_data")
    ad, item = text(found.get("ad_id")), text(product.get("id")) if isinstance(product, dict) else ""
    picture = text(context.get("photo_url")) if isinstance(context, dict) else ""
    note = f"ad {ad}" if ad else f"product {item}" if item else ""
    return {"start": text(found.get("ref")), "note": note, "media": (Media("photo", picture),) if picture else ()}


def read(message: dict[str, Any]) -> Content:
    """Everything a direct message holds."""
    found = Content(words=text(message.get("text")))
    source = referral(message.get("referral"))
    found.start, found.note = source["start"], source["note"]
    answered = message.get("reply_to")
    if isinstance(answered, dict):
        found.reply_to = text(answered.get("mid"))
        if isinstance(story := answered.get("story"), dict):
            found.share(text(story.get("id")), text(story.get("url")), "photo")
            found.note = "story reply"
    for attachment in rows(message, "attachments"):
        if isinstance(attachment, dict):
            _attach(found, attachment)
    if not found.media and found.shared is None:
        found.media = source["media"]  # "this one?" under an ad: its picture is what is meant
    return found


@dataclass
class Content:
    """What was read so far. `shared` is the picture of a post or story: it is one, however often it comes."""

    words: str = ""
    media: tuple[Media, ...] = ()
    shared: Media | None = None
    post: str = ""
    asset: str = ""  # the number in the address of a shared post's picture
    post_url: str = ""
    reply_to: str = ""
    start: str = ""
    note: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.media or self.shared or self.post or self.post_url or self.note)

    def fields(self) -> dict[str, Any]:
        """As fields of an Incoming."""
        media = self.media if self.shared is None else (self.shared, *self.media)
        same = {name: getattr(self, name) for name in ("post_url", "reply_to", "start", "note")}
        return {"text": self.words, "media": media, "post": self.post or self.asset, **same}

    def attach(self, media: Media) -> None:
        """One more file, once."""
        if all((one.kind, one.ref) != (media.kind, media.ref) for one in self.media):
            self.media = (*self.media, media)

    def share(self, post: str, url: str, kind: str, title: str = "") -> None:
        """A shared post or story: while `share` gives way to `ig_post`, one post comes as two attachments.

        The title is the post's caption, the shop's words and not the shopper's: it is kept as `Media.name`.
        """
        self.post = self.post or post
        if _is_page(url):
            self.post_url = self.post_url or url
        elif url and (self.shared is None or (post and not self.shared.unique)):  # the newer form knows the post's id
            self.shared = Media(kind, url, post, name=title)


def _attach(found: Content, attachment: dict[str, Any]) -> None:
    """Add one attachment to what was found."""
    kind = text(attachment.get("type"))
    payload = attachment.get("payload")
    payload = payload if isinstance(payload, dict) else {}
    url, title = text(payload.get("url")), text(payload.get("title"))
    if kind in _POSTS:
        own = next((found_id for name in _IDS if (found_id := text(payload.get(name)))), "")
        found.share(own, url, "video" if "reel" in kind else "photo", title)
        found.asset = found.asset or _asset(url)
    elif kind in _STORIES:
        found.share(text(payload.get("story_media_id")) or text(payload.get("id")), url, "photo", title)
        found.note = "story mention" if kind == "story_mention" else "story"
    elif kind == "like_heart":
        found.words = found.words or "❤️"
    elif kind in _KINDS and url:
        found.attach(Media(_KINDS[kind], url))
    elif _is_page(url):  # a link preview
        found.post_url = found.post_url or url
    else:  # seen once (ephemeral), or newer than this file
        found.note = "unsupported"
        if url:
            found.attach(Media("file", url))


def _asset(url: str) -> str:
    """The id in the address of a shared post's picture: what a `share` of the older form holds of its post.

    In the samples that have both it is the post's own; where it is not, the platform knows no such post of the shop.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    asset = next(iter(parse_qs(parts.query).get("asset_id", [])), "")
    return asset if parts.path.startswith("/ig_messaging_cdn") and _MEDIA_ID.fullmatch(asset) else ""


def _is_page(url: str) -> bool:
    """Whether `url` leads to a page of the platform rather than to a file."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return any(host == page or host.endswith(f".{page}") for page in _PAGES)
