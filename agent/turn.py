"""One turn: a burst of messages of one conversation, what was known before it, and what tools change meanwhile.

The inbox worker fills the first part; tools change the second; `agent.loop` reads it out into an `Outcome`. Nothing of
a turn is written anywhere until `agent.loop.apply`, so a turn that became stale is simply dropped.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kit.message import Chat, Incoming, Notice, Reply

if TYPE_CHECKING:
    from agent.session import Session
    from kit.crypto import Box
    from kit.db import Pool
    from kit.media import Store
    from orders.cart import Cart
    from orders.order import Order
    from shop.contacts import Contact
    from shop.posts import Post
    from shop.shops import Shop
    from vision.embed_clip import Clip
    from vision.index import Index
    from vision.match import Match
    from vision.receipt import Reading


@dataclass(frozen=True, slots=True)
class Picture:
    """The bytes behind one Media of the burst. `failed`: why the platform did not give them ("" when it did)."""

    event_id: str
    data: bytes = b""
    mime: str = ""
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A message to the shopper. `chatter`: small talk, not worth sending once a person has taken the conversation.

    `free`: the words are a brain's own, not sentences of the catalogues. `named`: the titles and sizes of goods that
    such a sentence was filled with, which are the shop's.
    """

    reply: Reply
    chatter: bool = False
    free: bool = False
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Write:
    """A verb that changes the shop's records, queued while thinking and run once in the transaction of the turn."""

    verb: str
    args: dict[str, Any] = field(default_factory=dict)


@dataclass
class Turn:
    """Who wrote what to which shop, and what we knew. `cart` is the turn's own copy: tools change it freely."""

    shop: Shop
    chat: Chat
    incoming: tuple[Incoming, ...]
    contact: Contact
    session: Session
    cart: Cart
    now: datetime
    db: Pool
    media: Store
    box: Box | None = None
    index: Index | None = None
    eye: Clip | None = None
    pictures: tuple[Picture, ...] = ()
    privacy_url: str = ""  # the page's address without a language, or a command
    updates_url: str = (
        ""  # "https://t.me/<bot>" where the shop has a Telegram bot and this channel closes after 24 hours
    )
    post_of: Callable[[Incoming], Awaitable[Post | None]] | None = None  # asks the platform; None: what is stored
    # stood in by tests; None: vision.match.find and vision.receipt.read
    match: Callable[[str, bytes], Awaitable[Match]] | None = None
    read: Callable[[bytes], Awaitable[Reading]] | None = None

    counted: Callable[[str, str], None] = lambda _tool, _outcome: None  # hears of every tool that ran, and how

    # what the turn makes
    language: str = field(default="", init=False)
    said: list[Said] = field(default_factory=list, init=False)
    writes: list[Write] = field(default_factory=list, init=False)
    notices: list[Notice] = field(default_factory=list, init=False)
    awaiting: str = field(default="", init=False)
    order: Order | None = field(default=None, init=False)  # the newest that is under way
    summary: Reply | None = field(default=None, init=False)
    introduced: bool = field(default=False, init=False)
    handing_over: str = field(default="", init=False)

    @property
    def silenced(self) -> bool:
        """A person of the shop is writing here: nothing is said, money is still read."""
        return self.contact.paused_until is not None and self.contact.paused_until > self.now

    @property
    def handed_over(self) -> bool:
        """The conversation waits for a person: only facts are answered."""
        return bool(self.contact.handed_over)

    @property
    def last(self) -> Incoming:
        """The newest message of the burst."""
        return self.incoming[-1]
