"""One matter of one member of staff, with what every command needs at hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kit import outbox, words
from kit.errors import Refused
from kit.message import Button, Chat, Incoming, Reply
from shop import staff as members

if TYPE_CHECKING:
    from bot.app import App
    from kit.db import Tx
    from shop.shops import Shop

Rows = tuple[tuple[Button, ...], ...]
LANGUAGES = (("oʻzbekcha", "uz"), ("ўзбекча", "uz_Cyrl"), ("русский", "ru"), ("English", "en"))  # as their readers say


@dataclass
class Desk:
    """`typed` is the text as typed (card numbers unmasked): it goes to the sealed card alone, never into a reply.

    `files`: names in the media store of what this person sent, by `Media.ref`; fetched before the transaction.
    """

    app: App
    tx: Tx
    shop: Shop
    incoming: Incoming
    who: members.Member
    typed: str = ""
    files: dict[str, str] = field(default_factory=dict)
    answers: int = field(default=0, init=False)

    @property
    def shop_id(self) -> str:
        """The shop this matter belongs to."""
        return self.incoming.chat.shop_id

    @property
    def actor(self) -> str:
        """How the audit trail names this person."""
        return self.who.actor

    def say(self, key: str, n: int | None = None, **facts: object) -> str:
        """A sentence in this person's language."""
        return words.say(self.who.language, f"staff.{key}", n, **facts)

    def money(self, amount: int, currency: str = "") -> str:
        """A sum in this person's language."""
        return words.sum_of(amount, currency or self.shop.currency, self.who.language)

    async def answer(self, text: str, buttons: Rows = (), *, photos: tuple[str, ...] = (), about: str = "") -> None:
        """Queue one message to where this person wrote."""
        await self.send(Reply(text=text, buttons=buttons, photos=photos), about=about)

    async def send(self, reply: Reply, *, about: str = "", shopper: str = "") -> None:
        """Queue `reply` to where this person wrote; `about` and `shopper` make it a card that can be replied to."""
        self.answers += 1
        idem = f"desk:{self.incoming.event_id}:{self.answers}"
        thread = self.incoming.thread
        reply = replace(reply, thread=thread) if thread else reply
        await outbox.put(self.tx, self.incoming.chat, reply, idem=idem, about=about, shopper=shopper, by_human=True)

    async def toast(self, text: str) -> None:
        """A short note over the pressed button; a plain message where nothing was pressed."""
        if self.incoming.press_id:
            await self.send(Reply(press_id=self.incoming.press_id, toast=text))
        else:
            await self.answer(text)

    async def speak(self, language: str) -> None:
        """From now on this person reads `language`, this matter's answers too. Refused for one we have no words in."""
        if language not in words.LANGUAGES:
            raise Refused("staff.choose_a_button")
        await members.set_language(self.tx, self.who, language)
        self.who = replace(self.who, language=language)

    async def tell(self, chat: Chat, reply: Reply) -> None:
        """Queue `reply` to a shopper: what staff decided, so silence does not hold it."""
        self.answers += 1
        idem = f"desk:{self.incoming.event_id}:{self.answers}"
        await outbox.put(self.tx, chat, reply, idem=idem, by_human=True)

    async def ask(self, step: dict[str, object], text: str, buttons: Rows = ()) -> None:
        """Ask a question and remember it: this person's next message is the answer."""
        await members.set_step(self.tx, self.who, step)
        await self.answer(text, buttons)

    async def done_asking(self) -> None:
        """No question waits any more."""
        if self.who.step:
            await members.set_step(self.tx, self.who, {})


def rows(*buttons: Button, wide: int = 2) -> Rows:
    """Buttons laid out `wide` in a row."""
    return tuple(tuple(buttons[at : at + wide]) for at in range(0, len(buttons), wide))
