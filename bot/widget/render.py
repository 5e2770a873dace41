"""HTML of the web chat and of the papers beside it: Jinja templates that escape everything, words of the catalogues."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.widget.history import Shown
from kit import clock, words
from shop.profile import Profile

_HERE = Path(__file__).parent
TYPES = {"chat.css": "text/css; charset=utf-8", "chat.js": "text/javascript; charset=utf-8"}
SWITCHER = (("uz", "Oʻz"), ("uz_Cyrl", "Ўз"), ("ru", "Ру"), ("en", "En"))
_LINK = re.compile(r"https?://[^\s<>\"']+|(?<![\w+])\+\d{9,15}(?!\d)")
_OPEN = Markup('<a href="{0}" target="_blank" rel="noopener noreferrer nofollow">{1}</a>')
_CALL = Markup('<a href="tel:{0}">{0}</a>')
_PICTURE = re.compile(r"^[^\w+№#«“(/]+")
_NOT_READ = re.compile(r"^https?://(?:www\.)?|\?lang=\w+$|(?<=[^/])/$")  # of an address, what nobody reads
_TRAILING = ".,;:!?)]}»”"
_ICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 64 64'><circle cx='32' cy='32' r='32' fill='{colour}'/>"
    "<text x='32' y='44' font-family='sans-serif' font-size='34' font-weight='700' text-anchor='middle' "
    "fill='white'>{letter}</text></svg>"
)


def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    env.filters["links"] = links
    env.filters["bare"] = bare
    return env


@dataclass
class Pages:
    """The templates and the two static files, read once when the web process is built."""

    env: Environment = field(default_factory=_environment)
    static: dict[str, bytes] = field(
        default_factory=lambda: {name: (_HERE / "static" / name).read_bytes() for name in TYPES}
    )

    def address(self, name: str) -> str:
        """Where a static file is: the address changes with its content, so browsers may keep it for ever."""
        return f"/static/{name}?v={hashlib.sha256(self.static[name]).hexdigest()[:10]}"

    def message(self, shown: Shown, profile: Profile, language: str, role: str) -> Markup:
        """One message as HTML. For staff everything comes from the shop: who of it wrote is not said."""
        facts = {"m": shown, "shop_name": profile.name, "clock": _clock(shown, profile), "role": role}
        return Markup(self.page("message.html", language, **facts).strip())  # noqa: S704  our template escaped it all

    def page(self, template: str, language: str, **facts: Any) -> str:
        """A template of ours in `language`."""
        tag = language.replace("_", "-")
        say = partial(words.say, language)
        return self.env.get_template(template).render(
            say=say, language=language, language_tag=tag, static=self.address, languages=SWITCHER, **facts
        )


def links(text: str) -> Markup:
    """`text` escaped, with web addresses and international phone numbers made links. Nothing else becomes markup."""
    parts: list[Markup] = []
    at = 0
    for found in _LINK.finditer(text):
        address = found[0].rstrip(_TRAILING)
        parts.append(escape(text[at : found.start()]))
        shown = _NOT_READ.sub("", address)
        parts.append((_CALL if address.startswith("+") else _OPEN).format(address, shown))
        at = found.start() + len(address)
    parts.append(escape(text[at:]))
    return Markup("").join(parts)


def bare(label: str) -> str:
    """`label` without the picture it begins with in messengers: where a line icon of ours stands, one is enough."""
    return _PICTURE.sub("", label) or label


def letter(name: str) -> str:
    """What stands in the shop's round logo."""
    return next((char.upper() for char in name if char.isalnum()), "S")


def favicon(name: str, colour: str) -> str:
    """The logo as an address that needs no request."""
    return "data:image/svg+xml," + quote(_ICON.format(letter=escape(letter(name)), colour=colour))


def choose_language(asked: str, kept: str, accepted: str) -> str:
    """The page's language: asked for in the address, kept in the cookie, else the browser's first that we speak."""
    for code in (asked, kept):
        if code in words.LANGUAGES:
            return code
    for part in accepted.lower().split(",")[:10]:
        tag = part.partition(";")[0].strip()
        if tag.startswith("uz"):
            return "uz_Cyrl" if "cyrl" in tag else "uz"
        if tag[:2] in ("ru", "en"):
            return tag[:2]
    return "uz"


def _clock(shown: Shown, profile: Profile) -> str:
    """The hour on a message in the shop's time; with the day when it was not today."""
    there, today = shown.at.astimezone(profile.zone), clock.now().astimezone(profile.zone)
    return there.strftime("%H:%M") if there.date() == today.date() else there.strftime("%d.%m, %H:%M")
