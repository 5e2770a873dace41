"""`make bench-brain`: the rule brain on 2,000 products, without any store: a turn, and a new index after a change.

The goods are those of the invented shops, each in a dozen makes; the words are what the scripted shoppers say. Stores
answer nothing here, so a turn is hearing, thinking, tools on the catalogue, and the guard. Measured is the processor's
time, so that a busy machine says the same. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, cast

from structlog.testing import capture_logs

from agent import language, loop
from agent.brain_rules import RuleBrain
from agent.session import Session
from agent.turn import Turn
from kit.message import Chat, Incoming
from orders.cart import Cart
from shop.catalogue import Product, read_rows
from shop.contacts import Contact
from shop.lexicon import load
from shop.profile import read as read_profile
from shop.search import Search
from shop.shops import Shop
from tests import script, talk

SETS = ("dialogues.jsonl", "nur/dialogues.jsonl", "baxt/dialogues.jsonl", "usta/first.jsonl")
SIZE = 2000
_SYLLABLES = ("bel", "dor", "fan", "gal", "ker", "lum", "mir", "nov", "pol", "ras", "tek", "vor", "zan", "osh")


class NoStore:
    """A database that holds nothing."""

    async def fetch(self, *_: object) -> list[Any]:
        return []

    async def fetchrow(self, *_: object) -> None:
        return None

    fetchval = fetchrow

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[NoStore]:
        yield self


@dataclass
class Timed:
    """Milliseconds of each turn, seconds of the first index of a process and of each one after a change."""

    turns_ms: list[float] = field(default_factory=list)
    first_s: float = 0.0
    index_s: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """For machines."""
        cut = statistics.quantiles(self.turns_ms, n=100)
        return {
            "products": SIZE,
            "turns": len(self.turns_ms),
            "turn_p50_ms": round(cut[49], 2),
            "turn_p95_ms": round(cut[94], 2),
            "turn_p99_ms": round(cut[98], 2),
            "turn_max_ms": round(max(self.turns_ms), 2),
            "index_first_s": round(self.first_s, 3),
            "index_median_s": round(statistics.median(self.index_s), 3),
            "index_max_s": round(max(self.index_s), 3),
        }


def goods(dice: random.Random, size: int = SIZE) -> list[Product]:
    """`size` products: those of all invented shops in makes of made-up names."""
    folders = (talk.HERE / "shop", *(script.FOLDER / name for name in ("nur", "baxt", "usta")))
    known = [row.product for folder in folders for row in read_rows(folder / "catalog.csv")[0]]
    makes = ["".join(dice.sample(_SYLLABLES, 2)).capitalize() for _ in range(size)]
    made = []
    for number in range(size):
        one = known[number % len(known)]
        make = makes[number // len(known)]
        made.append(
            replace(
                one,
                sku=f"P{number:04d}",
                title_uz=f"{one.title_uz} {make}",
                title_ru=f"{one.title_ru} {make}",
                price=one.price + 1000 * (number // len(known)),
            )
        )
    return made


async def measure(seed: int, rounds: int) -> Timed:
    """Indexes the goods `rounds` times, then plays every scripted message against them."""
    products = goods(random.Random(seed))
    timed = Timed()
    load()  # read once a process
    language.prepare()  # as a worker does when it has started
    timed.first_s, search = _indexed(products)
    for nth in range(rounds):
        changed = _changed(products, nth)
        spent, search = _indexed(changed)
        timed.index_s.append(spent)
    profile = read_profile(talk.HERE / "shop" / "shop.yaml")
    shop = Shop("bench", profile, {one.sku: one for one in changed}, search, 1, ("4417",))
    gc.collect()
    gc.freeze()  # as a process does when it has started (cli/run.py)
    for name in SETS:
        for dialogue in filter(talk.in_scope, script.load(name)):
            with capture_logs():
                timed.turns_ms += await _conversation(shop, dialogue)
    gc.unfreeze()
    return timed


def _indexed(products: list[Product]) -> tuple[float, Search]:
    begun = time.thread_time()
    search = Search(products)
    return time.thread_time() - begun, search


def _changed(products: list[Product], nth: int) -> list[Product]:
    """The catalogue with every hundredth product called and described anew, each round others."""
    fresh = [replace(one, title_uz=f"{one.title_uz} yangi", description=f"{nth}") for one in products[nth::100]]
    return [fresh[at // 100] if at % 100 == nth else one for at, one in enumerate(products)]


async def _conversation(shop: Shop, dialogue: dict[str, Any]) -> list[float]:
    chat, session, cart, spent = Chat(shop.id, "telegram", dialogue["id"]), Session(), Cart(), []
    for turn in dialogue["turns"]:
        if "say" not in turn:
            continue
        incoming, _ = talk.incoming(chat, turn)
        made = _turn(shop, chat, incoming, session, cart)
        begun = time.thread_time()
        outcome = await loop.answer(made, RuleBrain())
        spent.append(1000 * (time.thread_time() - begun))
        session, cart = outcome.session, made.cart
    return spent


def _turn(shop: Shop, chat: Chat, incoming: Incoming, session: Session, cart: Cart) -> Turn:
    return Turn(
        shop=shop,
        chat=chat,
        incoming=(incoming,),
        contact=Contact(chat.shop_id, chat.channel, chat.id),
        session=session,
        cart=cart,
        now=talk.NOON,
        db=cast(Any, NoStore()),
        media=cast(Any, None),
        privacy_url="https://sotuv.example/privacy/bench",
    )


def main() -> None:
    """Prints the figures beside their aims."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=5, help="indexes built")
    args = parser.parse_args()
    figures = asyncio.run(measure(args.seed, args.rounds)).figures()
    print(
        f"a turn on {SIZE} products: p50 {figures['turn_p50_ms']} ms (aim 5), p95 {figures['turn_p95_ms']} ms, ", end=""
    )
    print(f"p99 {figures['turn_p99_ms']} ms, {figures['turns']} turns")
    print(
        f"an index after a change: median {figures['index_median_s']} s, slowest {figures['index_max_s']} s (aim 0.5)"
    )
    print(f"the first index of a process: {figures['index_first_s']} s")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
