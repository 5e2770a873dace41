"""What a shopper writes while a person has the conversation: one card for each burst, so that the person sees it.

The agent is silent (or tells facts alone) there; without these cards a shopper's answer would reach nobody.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.errors import Refused, Unavailable
from kit.message import Chat, Media, Notice
from shop import staff as members
from vision import work
from vision.image import is_pdf, open_safe, strip

if TYPE_CHECKING:
    from agent.loop import Outcome
    from agent.turn import Picture, Turn
    from bot.app import App
    from kit.db import Reader
    from kit.message import Incoming

_MOST = 3000  # characters of one burst on a card: a message of Telegram ends at 4096
_SAID = 300  # of what the assistant answered meanwhile
_HEAVIEST = 20_000_000  # bytes a bot may fetch from Telegram
_SOUNDS = {"audio/ogg": ".ogg", "audio/mp4": ".m4a", "audio/mpeg": ".mp3", "video/mp4": ".mp4"}


async def overhear(app: App, turn: Turn, outcome: Outcome) -> Notice | None:
    """The notice of a burst that a person should read, its pictures and voices kept; None when there is nothing in it.

    Called outside any transaction. Receipts of the burst have a card of their own and are not passed on twice.
    """
    receipts = {str(write.args["picture"]) for write in outcome.writes if write.verb == "receipt"}
    lines: list[str] = []
    photos: list[str] = []
    files: list[str] = []
    left = list(turn.pictures)
    for one in turn.incoming:
        mine = [picture for picture in left if picture.event_id == one.event_id]
        kept = [name for picture in mine if (name := await _picture(app, picture)) and name not in receipts]
        photos += [name for name in kept if name.endswith(".jpg")]
        files += [name for name in kept if not name.endswith(".jpg")]
        sounds = [media for media in one.media if media.kind in ("voice", "video")]
        files += [name for media in sounds if (name := await _sound(app, one, media))]
        lines += _lines(one)
    said = "" if turn.silenced else " ".join(line.reply.text for line in outcome.said)
    if not (lines or photos or files):
        return None
    facts: dict[str, Any] = {
        "text": "\n".join(lines)[:_MOST],
        "answered": " ".join(said.split())[:_SAID],
        "files": files,
    }
    if turn.order:
        facts["number"] = turn.order.number
    key = turn.chat.key
    # silence that no card began: somebody of the shop writes in the platform's own app, and reads there
    beside = not turn.handed_over and await answerer(app.db, turn.chat) is None
    known = {name: fact for name, fact in facts.items() if fact}
    return Notice("overheard", f"chat:{key}", key, known, tuple(photos), silent=beside)


def _lines(one: Incoming) -> list[str]:
    """What one message says in words; a pin is a link that opens in any map."""
    if one.kind not in ("message", "edited"):
        return []
    made = [f"✎ {one.text}" if one.kind == "edited" and one.text else one.text]
    if one.contact:
        made.append(f"{one.contact.name} {one.contact.phone}".strip())
    if one.location:
        made.append("https://maps.google.com/?q={:.6f},{:.6f}".format(*one.location))
    made.append(one.post_url)
    made += [f"[{media.kind}]" for media in one.media if media.kind not in ("photo", "file")]
    return [line for line in made if line.strip()]


async def _picture(app: App, picture: Picture) -> str:
    """A photo re-encoded without what cameras write into it, or the PDF as it came; "" for what nobody could open."""
    if picture.failed or not picture.data:
        return ""
    if is_pdf(picture.data):
        return await app.media.keep(picture.data, "pdf")
    try:
        return await app.media.keep(await work.run(_clean, picture.data), "jpg")
    except Refused:
        return ""


def _clean(data: bytes) -> bytes:
    return strip(open_safe(data))


async def _sound(app: App, one: Incoming, media: Media) -> str:
    """A voice message or a video as a file; "" when the platform does not give it: its line says that it came."""
    if media.size > _HEAVIEST:
        return ""
    try:
        data = await app.channel(one.chat.shop_id, one.chat.channel).fetch(media)
    except Unavailable:
        return ""
    suffix = _SOUNDS.get(media.mime) or mimetypes.guess_extension(media.mime) or Path(media.name).suffix
    return await app.media.keep(data, suffix if 1 < len(suffix) <= 6 and suffix[1:].isalnum() else ".bin")


async def answerer(reader: Reader, chat: Chat) -> members.Member | None:
    """The member of staff who answered this shopper last, within a day; None when nobody did or they left the shop."""
    actor = await reader.fetchval(
        """SELECT actor FROM audit WHERE shop_id = $1 AND about = $2 AND verb = 'chat.staff_wrote'
               AND at > now() - interval '24 hours'
           ORDER BY id DESC LIMIT 1""",
        chat.shop_id,
        f"chat:{chat.key}",
    )
    _, channel, person = (str(actor or "::")).split(":", 2)
    return await members.member(reader, chat.shop_id, channel, person) if person else None
