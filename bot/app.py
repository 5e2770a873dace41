"""Everything a running product holds, built once by `main.py` and passed on; nothing here is global."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from kit.errors import Unavailable
from kit.metrics import Metrics
from shop import privacy

if TYPE_CHECKING:
    from agent.brain import Brain
    from agent.loop import Outcome
    from agent.turn import Turn
    from bot.channel import Channel
    from kit.cache import Redis
    from kit.config import Config
    from kit.crypto import Box
    from kit.db import Pool, Tx
    from kit.media import Store
    from kit.message import Chat, Notice
    from shop.shops import Shops
    from vision.embed_clip import Clip
    from vision.index import Index

Fence = Callable[["Tx"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Staff:
    """What the queue asks of `bot.staff`, passed on because that room needs the queue's parts too.

    `handle(app, incoming, fence=, typed=)` deals with a matter of staff; False when it is none (it is then answered as
    a shopper's). Called for commands, presses of "s:" tokens, anything in a group, and anything a staff member writes.
    It writes in its own transactions and calls `await fence(tx)` first thing in the one that carries the effects: that
    locks the conversation, raises Fenced when another worker has it by now, and marks the event done in the same
    commit. `typed` is the text as typed: `incoming.text` has card numbers masked, `typed` has not when a member of
    staff wrote one (it was kept sealed until now and is wiped with the commit). Refused is answered inside; any other
    exception is retried, then kept as a dead letter.

    `expand(app, tx, shop_id, notice, idem)` puts one outbox row per recipient; each row's idem begins with `idem`.

    `overhear(app, turn, outcome)` gives the notice of what a shopper wrote while a person has the conversation, None
    when there is nothing to pass on. Called outside any transaction: it fetches voices.
    """

    handle: Callable[..., Awaitable[bool]]
    expand: Callable[[App, Tx, str, Notice, str], Awaitable[None]]
    overhear: Callable[[App, Turn, Outcome], Awaitable[Notice | None]]


@dataclass(slots=True)
class App:
    """The parts of one process. `channels` may change while it runs (a token was connected); look up with `channel`."""

    config: Config
    db: Pool
    redis: Redis
    shops: Shops
    media: Store
    brain: Brain
    index: Index
    box: Box
    staff: Staff
    clock: Callable[[], datetime]
    channels: dict[tuple[str, str], Channel] = field(default_factory=dict)
    # of each channel that has a first attempt: "" not made yet, "ok", else the reason in a few words ("token refused")
    states: dict[tuple[str, str], str] = field(default_factory=dict)
    eye: Clip | None = None  # the learned model that looks at pictures beside the built-in descriptor
    indexed: dict[str, int] = field(default_factory=dict)  # shop -> its version when all its photos were findable
    metrics: Metrics = field(default_factory=Metrics)

    def channel(self, shop_id: str, name: str) -> Channel:
        """The shop's channel `name`. Raises Unavailable (code "no_channel") when it has none.

        A channel that the settings name is only not built yet (its library takes seconds to load): then it is worth
        coming back for, and `permanent` is false.
        """
        channel = self.channels.get((shop_id, name))
        if channel is None:
            coming = (shop_id, name) in self.states
            what = f"{shop_id} has no channel {name}"
            raise Unavailable(what, permanent=not coming, retry_after=0.5 if coming else None, code="no_channel")
        return channel

    @property
    def public_url(self) -> str:
        """Where people reach this product's pages, without a slash at the end."""
        http = self.config.http
        return http.public_url or f"http://{http.host}:{http.port}"

    def privacy_link(self, chat: Chat) -> str:
        """What a first message points to: the privacy page, or the command that tells the same in the chat.

        Without http.public_url the page opens on this machine alone: only a web chat on it can follow a link there.
        """
        http = self.config.http
        here = chat.channel == "widget" and http.host not in ("0.0.0.0", "::")  # noqa: S104  compared, not bound
        return f"{self.public_url}/privacy/{chat.shop_id}" if http.public_url or here else privacy.COMMAND

    @property
    def brain_is_outside(self) -> bool:
        """Whether an AI provider is given what shoppers write or say."""
        return bool(self.config.llm.api_key.get_secret_value() or self.config.voice.base_url)

    def updates_url(self, chat: Chat) -> str:
        """The shop's Telegram bot as a link, for a chat on a channel that closes after a day; "" without one."""
        if chat.channel != "instagram":
            return ""
        bot: str = getattr(self.channels.get((chat.shop_id, "telegram")), "username", "")
        return f"https://t.me/{bot}" if bot else ""
