"""Staff run the shop from their messenger: commands, buttons, cards, replies to cards; the same in every channel.

A staff member's plain text in a private chat is a shopper's, unless a question waits for it. `handle` and `expand` are
what the queue calls (`bot.app.Staff`).
"""

from __future__ import annotations

import mimetypes
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.staff import money_seen, moves, products, relay, steps
from bot.staff.cards import Pen
from bot.staff.commands import COMMANDS, waiting
from bot.staff.desk import Desk, rows
from bot.staff.notices import render
from bot.staff.overheard import answerer, overhear
from bot.staff.presses import press
from kit import outbox, words
from kit.db import transaction
from kit.errors import Refused
from kit.message import Button, Chat, Incoming, Notice, Reply
from orders import order as verbs
from orders import told
from shop import audit, contacts, privacy
from shop import staff as members
from shop.hours import open_at
from vision import work
from vision.image import open_safe, strip

if TYPE_CHECKING:
    from bot.app import App, Fence
    from kit.db import Tx

Act = Callable[[Desk], Awaitable[None]]
__all__ = ["expand", "handle", "overhear"]
_EVERYBODYS = frozenset({"/help", "/lang"})  # the agent knows them
_SHOPPERS = frozenset({"/orders", "/order", "/cancel", "/bot"})
_PEOPLE_WRITE = ("message", "command", "button", "edited")


async def handle(app: App, incoming: Incoming, *, fence: Fence, typed: str) -> bool:
    """Deals with a matter of staff; False when it is none (see `bot.app.Staff`)."""
    if incoming.kind not in _PEOPLE_WRITE:
        return False
    word, _, rest = incoming.text.partition(" ")
    if word == "/claim":
        await _claim(app, incoming, fence, rest)
        return True
    if word == privacy.COMMAND and not incoming.group:
        await _privacy(app, incoming, fence)
        return True
    chat = incoming.chat
    who = await members.member(app.db, chat.shop_id, chat.channel, incoming.sender)
    if who is None:
        return await _stranger(app, incoming, fence)
    opener = _Opener(app, incoming, fence, typed, who)
    act = await _act(app, incoming, who, word, rest)
    if act is None:
        act = await money_seen.statement(app, incoming)
        opener.keeps_files = False  # it holds a balance: read, and forgotten
    if act is None:
        return False
    await opener.run(act)
    return True


async def _act(app: App, incoming: Incoming, who: members.Member, word: str, rest: str) -> Act | None:
    """What this message of a staff member asks for; None: it is a shopper's."""
    if incoming.kind == "button":
        return press if incoming.button.startswith("s:") else None
    card = await relay.card_of(app.db, incoming)
    if word == "/bot" and card:
        return lambda desk: relay.give_back(desk, card.shopper)
    if word in COMMANDS:
        return lambda desk: COMMANDS[word](desk, rest)
    if money_seen.is_message(app, incoming):  # also below a card: no shopper is to read what the bank writes
        return money_seen.message
    if card and not word.startswith("/"):
        return lambda desk: relay.to_shopper(desk, card)
    if who.step and not word.startswith("/") and (not incoming.group or incoming.reply_to):
        return lambda desk: steps.take(desk, incoming.text)
    shop = await app.shops.get(incoming.chat.shop_id)
    return products.offer if products.is_one(incoming, shop.currency) else None


class _Opener:
    """Opens the desk inside the fenced transaction, and answers a refusal in a second one."""

    def __init__(self, app: App, incoming: Incoming, fence: Fence, typed: str, who: members.Member) -> None:
        self.app, self.incoming, self.fence, self.typed, self.who = app, incoming, fence, typed, who
        self.keeps_files = True

    async def desk(self, tx: Tx, files: dict[str, str]) -> Desk:
        """The desk of this matter."""
        shop = await self.app.shops.get(self.incoming.chat.shop_id)
        return Desk(self.app, tx, shop, self.incoming, self.who, self.typed, files)

    async def run(self, act: Act) -> None:
        """`act` in the fenced transaction; a Refused rolls it back and is answered by its sentence."""
        try:
            files = await self._files()  # before the transaction: none is open while a platform answers
            async with transaction(self.app.db) as tx:
                await self.fence(tx)
                await act(await self.desk(tx, files))
        except Refused as refused:
            async with transaction(self.app.db) as tx:
                await self.fence(tx)
                desk = await self.desk(tx, {})
                await desk.toast(told.why(refused, self.who.language, desk.shop.currency))

    async def _files(self) -> dict[str, str]:
        """What this person sent, in our store; pictures re-encoded without what cameras write into them."""
        kept = {}
        for media in self.incoming.media if self.keeps_files else ():
            data = await self.app.channel(self.incoming.chat.shop_id, self.incoming.chat.channel).fetch(media)
            suffix = mimetypes.guess_extension(media.mime) or Path(media.name).suffix or ".bin"
            if media.kind == "photo" or media.mime.startswith("image/"):
                data, suffix = await work.run(_clean, data), ".jpg"
            kept[media.ref] = await self.app.media.keep(data, suffix)
        return kept


def _clean(data: bytes) -> bytes:
    return strip(open_safe(data))


async def _claim(app: App, incoming: Incoming, fence: Fence, code: str) -> None:
    """`/claim CODE` makes the first owner, or an invited operator; every try is in the trail."""
    chat = incoming.chat
    language = incoming.language if incoming.language in words.LANGUAGES else "uz"
    if not code.strip():
        await _say_once(app, incoming, fence, words.say(language, "staff.claim_usage"))
        return
    try:
        async with transaction(app.db) as tx:
            await fence(tx)
            who = await members.claim(
                tx, chat.shop_id, chat.channel, incoming.sender, chat.id, code, name=incoming.name, language=language
            )
            desk = Desk(app, tx, await app.shops.get(chat.shop_id), incoming, who)
            await desk.answer(desk.say(f"claimed_{who.role}", shop=desk.shop.profile.name))
            await waiting(desk)
            if who.owner and await connected(tx, chat.shop_id):
                await steps.begin_setup(desk)
            elif who.owner:
                made = rows(Button(desk.say("setup_button"), "s:setup"))
                await desk.answer(desk.say("setup_offer"), made)
    except Refused as refused:
        await _say_once(app, incoming, fence, told.why(refused, language))


async def _privacy(app: App, incoming: Incoming, fence: Fence) -> None:
    """`/privacy` tells anybody what the privacy page says, where that page has no address people can open."""
    shop = await app.shops.get(incoming.chat.shop_id)
    language = (await contacts.get(app.db, incoming.chat)).language or incoming.language
    language = language if language in words.LANGUAGES else "uz"
    text = privacy.as_text(shop, language, brain_is_outside=app.brain_is_outside)
    async with transaction(app.db) as tx:
        await fence(tx)
        await outbox.put(tx, incoming.chat, Reply(text=text), idem=f"privacy:{incoming.event_id}")


async def connected(tx: Tx, shop_id: str) -> bool:
    """Whether `main.py connect` made the demo somebody's own shop, so that the questions come by themselves."""
    return bool(await tx.fetchval("SELECT (body ->> 'own')::boolean FROM profiles WHERE shop_id = $1", shop_id))


async def _say_once(app: App, incoming: Incoming, fence: Fence, text: str) -> None:
    async with transaction(app.db) as tx:
        await fence(tx)
        await outbox.put(tx, incoming.chat, Reply(text=text), idem=f"desk:{incoming.event_id}:no", by_human=True)


async def _stranger(app: App, incoming: Incoming, fence: Fence) -> bool:
    """A staff button pressed by somebody who is no staff does nothing but leave a line in the trail.

    A command of staff is answered with the way to become staff, and with nothing about the shop. In a shop that has an
    owner, a word shoppers use too (/orders) is a shopper's.
    """
    word = incoming.text.partition(" ")[0]
    if incoming.kind == "command" and word in COMMANDS and word not in _EVERYBODYS:
        owned = await members.has_owner(app.db, incoming.chat.shop_id)
        if owned and (incoming.group or word in _SHOPPERS):
            return False
        language = (await contacts.get(app.db, incoming.chat)).language or incoming.language
        language = language if language in words.LANGUAGES else "uz"
        await _say_once(app, incoming, fence, words.say(language, "staff.claim_first"))
        return True
    if not (incoming.kind == "button" and incoming.button.startswith("s:")):
        return False
    chat = incoming.chat
    async with transaction(app.db) as tx:
        await fence(tx)
        person = f"shopper:{chat.channel}:{incoming.sender}"
        await audit.note(tx, chat.shop_id, person, "staff.press_denied", data_token=incoming.button[:64])
        language = (await contacts.get(tx, chat)).language or "uz"
        reply = Reply(press_id=incoming.press_id, toast=words.say(language, "staff.not_staff"))
        await outbox.put(tx, chat, reply, idem=f"desk:{incoming.event_id}:no", by_human=True)
    return True


async def expand(app: App, tx: Tx, shop_id: str, notice: Notice, idem: str) -> None:
    """One card per recipient: the staff group of the config, else each owner where they claimed.

    Outside working hours a card makes no sound (SHOP C4). What a shopper writes to a person goes to who answered last.
    """
    shop = await app.shops.get(shop_id)
    quiet = notice.silent or not open_at(shop.profile, app.clock())
    group = app.config.shops[shop_id].telegram.staff_group if shop_id in app.config.shops else 0
    people = await members.recipients(tx, shop_id)
    if notice.kind == "overheard" and (last := await answerer(tx, Chat.of(shop_id, notice.shopper))):
        people = [last]
    wanted = [(Chat(shop_id, who.channel, who.chat_id), who.language) for who in people]
    if group:
        wanted = [
            (Chat(shop_id, "telegram", str(group)), people[0].language if people else shop.profile.shop.languages[0])
        ]
    if notice.kind in ("money_in", "money_back"):  # nobody pressed anything, and the buttons of older cards are wrong
        number = int(notice.about.removeprefix("order:"))
        if (order := await verbs.get(tx, shop_id, number)) is not None:
            await moves.renew_all(tx, shop, order, idem, shop.profile.shop.languages[0])
    for chat, language in wanted:
        card = await render(tx, Pen(shop, language), notice)
        card = replace(card, silent=card.silent or quiet)
        await outbox.put(
            tx,
            chat,
            card,
            idem=f"{idem}:{chat.key}",
            about=notice.about,
            shopper=notice.shopper,
            by_human=True,
            priority=outbox.NOTICE,
        )
