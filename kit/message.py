"""What every room speaks: messages that come in and replies that go out, the same in every channel.

Nothing here knows a platform. A channel's `receive.parse` makes `Incoming`s, its `send` takes a `Reply`.
All values are frozen and turn into JSON and back without loss (`dump`, `load_*`): they live in the inbox and outbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")
# notes of the kind `payment`: may it be made, it was made
CHECKOUT, PAID = "pre_checkout_query", "successful_payment"


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation: `channel` is telegram, instagram or widget; `id` is the platform's chat id as text."""

    shop_id: str
    channel: str
    id: str

    @property
    def key(self) -> str:
        """The conversation's key inside its shop: the lane, the session and the outbox order hang on it."""
        return f"{self.channel}:{self.id}"

    @classmethod
    def of(cls, shop_id: str, key: str) -> Chat:
        """The chat that `key` names (the reverse of `key`)."""
        channel, _, chat_id = key.partition(":")
        return cls(shop_id, channel, chat_id)


@dataclass(frozen=True, slots=True)
class Media:
    """A reference to bytes that the channel can fetch: never the bytes, never an address with a token in it.

    `kind`: photo | file | voice | video | sticker. `ref`: file id (Telegram), address (Meta), stored name (widget).
    `unique`: the platform's stable id of the same bytes, where it has one. `seconds`: how long a sound lasts.
    """

    kind: str
    ref: str
    unique: str = ""
    mime: str = ""
    name: str = ""
    size: int = 0
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class SharedContact:
    """A contact card sent by the shopper. `own`: the platform says it is the sender's own number."""

    phone: str
    name: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event of a conversation, as stored in the inbox.

    `kind`: message | button | command | edited | deleted | echo | comment | post | payment | blocked | seen | ignored
    | unknown.
    `event_id` is unique within shop and channel. `sender` is the person (in a group it differs from `chat.id`).
    `echo`: a message written by the shop's own person or by us in the platform's app; `sender` is then the shop.
    `post`: the platform's id of a shared, forwarded or commented post. `start`: the payload of a deep link.
    `raw` is kept only for unknown shapes, so that staff and developers can look, and of a comment what it shows of its
    post. `voice`: how listening to its voice message went: "" (nobody did), heard (the words are in `text`), silent,
    too_long, enough, failed. `hidden`: what was masked in its words before they were stored (card,cvv: with commas).
    """

    chat: Chat
    event_id: str
    sender: str = ""
    kind: str = "message"
    text: str = ""
    media: tuple[Media, ...] = ()
    contact: SharedContact | None = None
    location: tuple[float, float] | None = None
    button: str = ""
    press_id: str = ""
    start: str = ""
    post: str = ""
    post_url: str = ""
    message_id: str = ""
    reply_to: str = ""
    thread: str = ""
    album: str = ""
    name: str = ""
    username: str = ""
    language: str = ""
    group: bool = False
    sent_at: float = 0.0
    note: str = ""
    voice: str = ""
    hidden: str = ""
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Published:
    """What a platform says of a post of the shop: its words, its link, its pictures in their order, its id."""

    text: str = ""
    url: str = ""
    media: tuple[Media, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A label and an opaque token (<= 64 bytes). `copy` puts text on the clipboard, `url` opens a page instead.

    `style`: "" | primary | success | danger. `ask`: contact | location asks the messenger to share it.
    """

    label: str
    token: str = ""
    style: str = ""
    copy: str = ""
    url: str = ""
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Invoice:
    """A bill that the messenger itself can take the money for. `amount`: smallest unit in use of `currency`.

    `payload` comes back with the payment. What is paid for is said by the reply's text, in at most 255 characters.
    """

    title: str
    payload: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a person: plain text (no markup), stored pictures, rows of buttons.

    `photos` are names in the media store (`<sha256>.jpg`). `files`: names sent as documents. `silent`: makes no sound.
    `edit`: the platform's id of a message of ours to replace instead of sending a new one.
    `toast`: answers the press `press_id` with a short note. `comment`: public reply under this comment id.
    `private`: private reply to this comment id (the first message to its author). `then`: what is put into the outbox
    in the same commit that notes this one as sent, and never without it. `invoice`: sent as a bill where that is known.
    """

    text: str = ""
    photos: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    location: tuple[float, float] | None = None
    silent: bool = False
    edit: str = ""
    press_id: str = ""
    toast: str = ""
    reply_to: str = ""
    thread: str = ""
    comment: str = ""
    private: str = ""
    then: Reply | None = None
    invoice: Invoice | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something staff must know; `bot.staff` turns it into a card for each of them when it is delivered.

    `kind`: one of the keys of `bot.staff.notices`: order, receipt, money_claim, handover, problem ...
    `about`: what replies and presses refer to ("order:12", "receipt:5", ""). `shopper`: conversation key or "".
    """

    kind: str
    about: str = ""
    shopper: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    photos: tuple[str, ...] = ()
    silent: bool = False


def dump(value: Incoming | Reply | Notice) -> dict[str, Any]:
    """`value` as JSON-ready data without its empty fields, so that rows stay small."""
    parts = {name: part for name, part in asdict(value).items() if part not in ("", (), None, {}, False, 0, 0.0)}
    if isinstance(value, Reply) and value.then is not None:
        parts["then"] = dump(value.then)
    return parts


def _of(kind: type[T], data: Mapping[str, Any]) -> T:
    """A `kind` made of what it knows: a newer version may have written more, while both run during an upgrade."""
    names = kind.__dataclass_fields__  # type: ignore[attr-defined]
    return kind(**{name: part for name, part in data.items() if name in names})


def load_incoming(data: dict[str, Any]) -> Incoming:
    """The Incoming that `dump` wrote; what this version does not know is left out."""
    parts = dict(data)
    parts["chat"] = _of(Chat, parts["chat"])
    parts["media"] = tuple(_of(Media, media) for media in parts.get("media", ()))
    if parts.get("contact"):
        parts["contact"] = _of(SharedContact, parts["contact"])
    if parts.get("location"):
        parts["location"] = tuple(parts["location"])
    return _of(Incoming, parts)


def load_reply(data: dict[str, Any]) -> Reply:
    """The Reply that `dump` wrote; what this version does not know is left out."""
    parts = dict(data)
    for name in ("photos", "files"):
        parts[name] = tuple(parts.get(name, ()))
    parts["buttons"] = tuple(tuple(_of(Button, button) for button in row) for row in parts.get("buttons", ()))
    if parts.get("location"):
        parts["location"] = tuple(parts["location"])
    if parts.get("invoice"):
        parts["invoice"] = _of(Invoice, parts["invoice"])
    if parts.get("then"):
        parts["then"] = load_reply(parts["then"])
    return _of(Reply, parts)


def load_notice(data: dict[str, Any]) -> Notice:
    """The Notice that `dump` wrote; what this version does not know is left out."""
    parts = dict(data)
    for name in ("photos", "files"):
        if name in parts:
            parts[name] = tuple(parts[name])
    return _of(Notice, parts)
