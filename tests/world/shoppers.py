"""What the people of a seed do: ask, buy, change their minds, pay with a drawn receipt or words, run the shop."""

from __future__ import annotations

import asyncio
import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.drawn_receipts import receipt_png
from tests.fakes.people import Person
from tests.pictures import as_messenger_sends
from tests.world.people import Heard, InstagramTalk, Intent, Talk, Tally, TelegramTalk, pause
from tests.world.shops import Goods, WorldShop, card_of

if TYPE_CHECKING:
    from tests.world.platforms import ChaosGraph, ChaosTelegram

# how many of 100 people do what; the receipt costs seconds of reading, so only a few draw one
_WHAT = {
    "asks": 20, "buys": 50, "in_pieces": 10, "cancels": 6, "changes": 4, "says_paid": 4, "card": 3, "forges": 2,
    "pays": 0.5,
}  # fmt: skip
_SMALL = (
    "rahmat",
    "dostavka qancha turadi?",
    "qachon yetib keladi?",
    "manzilingiz qayerda?",
    "Assalomu alaykum",
    "ish vaqtingiz?",
)
_PRESSES = re.compile(r"s:(seen|rseen|rsum|reject|rreject|pack|ship|deliver):\d+(:\d+)?")


@dataclass
class Town:
    """Where people live: the platforms, the shops, and what everybody did."""

    seed: int
    shops: list[WorldShop]
    telegram: ChaosTelegram
    graph: ChaosGraph
    tally: Tally
    patience_s: float = 20.0
    think_s: float = 1.0

    def dice(self, *about: object) -> random.Random:
        """The dice of one person."""
        return random.Random(" ".join(str(part) for part in (self.seed, *about)))


async def shopper(town: Town, number: int, what: str = "") -> None:
    """One person's life in the world; number and seed say who it is. It never raises for what the shop does."""
    dice = town.dice("person", number)
    shop = dice.choice(town.shops)
    chosen = dice.choices(list(_WHAT), list(_WHAT.values()))[0]
    talk = _talk(town, shop, number, dice)
    await pause(dice, town.think_s)
    await _JOURNEYS[what or chosen](town, talk, number)


def _talk(town: Town, shop: WorldShop, number: int, dice: random.Random) -> Talk:
    rest = (shop, town.tally, dice, town.patience_s)
    if shop.account and dice.random() < 0.6:
        return InstagramTalk(town.graph, town.graph.shopper(f"xaridor{number}"), *rest)
    return TelegramTalk(town.telegram, town.telegram.person(f"Xaridor {number}", id=5_000_000 + number), *rest)


# ---- journeys --------------------------------------------------------------------------------------------------------


async def _asks(town: Town, talk: Talk, number: int) -> None:
    for _ in range(talk.dice.randint(2, 7)):
        goods = talk.dice.choice(talk.shop.goods)
        await talk.ask(talk.dice.choice((f"{goods.title} narxi qancha?", f"{goods.title} bormi?", *_SMALL)))
        await pause(talk.dice, town.think_s)


async def _small_talk(town: Town, talk: Talk) -> None:
    for _ in range(talk.dice.randint(0, 3)):
        await pause(talk.dice, town.think_s)
        await talk.ask(talk.dice.choice(_SMALL))


async def _buys(town: Town, talk: Talk, number: int) -> Intent | None:
    """Everything in one message, and a yes; the intent when the order was seen to be placed."""
    intent, goods = _wish(town, talk, number)
    words = f"{goods.title} {goods.color}, {intent.qty} ta olaman. Tel {_phone(number)}, manzil: {intent.house}"
    shown = await talk.ask(" ".join(words.split()), _asks_yes)
    await _says_yes(town, talk, intent, shown)
    if not intent.placed:
        return None
    await _small_talk(town, talk)
    return intent


async def _in_pieces(town: Town, talk: Talk, number: int) -> None:
    """Word by word, as most people write; twice two messages at once."""
    intent, goods = _wish(town, talk, number)
    await talk.ask(f"{goods.title} bormi?")
    await talk.ask(f"{goods.title} {goods.color} {intent.qty} ta olaman")
    await talk.send(f"Tel {_phone(number)}")
    town.tally.wrote(talk.key)
    shown = await talk.ask(intent.house, _asks_yes)
    await _says_yes(town, talk, intent, shown)


async def _cancels(town: Town, talk: Talk, number: int) -> None:
    if await _buys(town, talk, number) is None:
        return
    heard = await talk.ask("buyurtmani bekor qiling")
    if heard is not None and heard.token("b:"):
        await talk.press(heard.token("b:"))


async def _changes(town: Town, talk: Talk, number: int) -> None:
    intent = await _buys(town, talk, number)
    if intent is None:
        return
    shown = await talk.ask(f"buyurtmani oʻzgartiring, {intent.qty + 1} ta boʻlsin", _asks_yes)
    if shown is not None:
        await talk.press(shown.token("b:yes:"))


async def _says_paid(town: Town, talk: Talk, number: int) -> None:
    if await _buys(town, talk, number) is not None:
        await talk.ask("pulni oʻtkazdim")


async def _pays(town: Town, talk: Talk, number: int) -> None:
    """A drawn receipt, true or with a sum of its own; now and then the same picture twice."""
    intent = await _buys(town, talk, number)
    if intent is None:
        return
    goods = next(one for one in talk.shop.goods if one.sku == intent.sku)
    amount = goods.price * intent.qty + (0 if talk.dice.random() < 0.8 else 1000)
    transaction = f"48{town.seed % 100:02d}{number:06d}"
    town.tally.payments[transaction] = intent.house
    when = datetime.now(UTC) + timedelta(hours=5)
    picture = as_messenger_sends(receipt_png(amount, talk.shop.last4, date=when, transaction_id=transaction))
    await talk.show(picture)
    if talk.dice.random() < 0.3:
        await talk.show(picture)


async def _card(town: Town, talk: Talk, number: int) -> None:
    """Types a card number of their own: it may be kept nowhere."""
    card = card_of(talk.dice)
    town.tally.cards.add(card)
    grouped = " ".join(card[place : place + 4] for place in range(0, 16, 4))
    await talk.ask(talk.dice.choice((f"kartam {grouped}", f"mana {card} shu kartadan tashladim")))
    await _asks(town, talk, number)


async def _forges(town: Town, talk: Talk, number: int) -> None:
    """Presses what only staff may press."""
    intent = await _buys(town, talk, number)
    if intent is None or not isinstance(talk, TelegramTalk):
        return
    town.tally.strangers.append((talk.shop.id, talk.key))
    for token in ("s:seen:1", "s:ship:1", f"s:rseen:{talk.dice.randint(1, 5)}"):
        await town.telegram.press_token(talk.person, token, talk.messages()[-1], bot=talk.bot)
        town.tally.wrote(talk.key)


_JOURNEYS: dict[str, Any] = {
    "asks": _asks, "buys": _buys, "in_pieces": _in_pieces, "cancels": _cancels, "changes": _changes,
    "says_paid": _says_paid, "card": _card, "forges": _forges, "pays": _pays,
}  # fmt: skip


# ---- steps -----------------------------------------------------------------------------------------------------------


def _wish(town: Town, talk: Talk, number: int) -> tuple[Intent, Goods]:
    goods = talk.dice.choice(talk.shop.goods)
    house = f"Chilonzor {number % 20 + 1}-mavze, {number + 1}-uy"
    intent = Intent(house, talk.shop.id, talk.key, goods.sku, talk.dice.choices((1, 2, 3), (7, 2, 1))[0])
    town.tally.intents[f"{talk.shop.id} {house}"] = intent
    return intent, goods


def _phone(number: int) -> str:
    digits = f"{number:07d}"
    return f"90 {digits[:3]} {digits[3:5]} {digits[5:]}"


def _asks_yes(heard: Heard) -> bool:
    return bool(heard.token("b:yes:"))


async def _says_yes(town: Town, talk: Talk, intent: Intent, shown: Heard | None) -> None:
    """Yes to the summary, pressed or typed; `placed` when the shop's card came."""
    if shown is None:
        return
    intent.confirmed = True
    await pause(talk.dice, town.think_s)

    def card(heard: Heard) -> bool:
        return talk.shop.last4 in heard.text

    if talk.dice.random() < 0.5:
        intent.placed = await talk.press(shown.token("b:yes:"), card) is not None
    else:
        intent.placed = await talk.ask("ha", card) is not None


# ---- who runs the shop -----------------------------------------------------------------------------------------------


def owner_of(town: Town, place: int) -> Person:
    """The owner of the shop at `place`."""
    return town.telegram.person(f"Egasi {place}", id=900_000 + place)


async def owner(town: Town, place: int, code: str, ready: asyncio.Event) -> None:
    """Claims the shop, then presses about half of the buttons that come; also tries the neighbour's shop, in vain."""
    shop, dice = town.shops[place], town.dice("owner", place)
    talk = TelegramTalk(town.telegram, owner_of(town, place), shop, town.tally, dice, town.patience_s)
    await talk.ask(f"/claim {code}", lambda heard: "/help" in heard.text)
    neighbour = town.shops[(place + 1) % len(town.shops)]
    town.tally.strangers.append((neighbour.id, talk.key))
    ready.set()
    pressed: set[str] = set()
    talk.read = 0
    while True:
        await talk.news(5.0)
        await pause(dice, town.think_s)
        for heard in talk.new():
            for token in heard.tokens:
                if _PRESSES.fullmatch(token) and token not in pressed and dice.random() < 0.5:
                    pressed.add(token)
                    await _press(town, talk, token, neighbour)
                    break
            else:
                continue
            break
        talk.mark()


async def _press(town: Town, talk: TelegramTalk, token: str, neighbour: WorldShop) -> None:
    town.tally.presses.append((talk.shop.id, talk.key, token))
    town.tally.wrote(talk.key)
    try:
        await talk.send_press(token)
    except LookupError:
        return  # the card was edited meanwhile
    if talk.dice.random() < 0.1:
        bot = town.telegram.bots[neighbour.token]
        await town.telegram.press_token(talk.person, token, talk.messages()[-1], bot=bot)
        town.tally.wrote(talk.key)
