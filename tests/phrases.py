"""How many single messages the rules understand: tests/phrases_data, `python -m tests.phrases [-v] [--every N]`.

An act is understood when the agent wanted it, called a tool of it or answered with a sentence of it (`ACTS`).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.brain import Heard, Step
from agent.brain_rules import RuleBrain
from agent.brain_rules.meaning import understand
from kit import db
from kit.message import Chat
from tests import talk
from tests.rolled_back import fresh_database, rolled_back
from tests.talking import Shopper

DATA = Path(__file__).parent / "phrases_data"
FILES = ("uzbek", "russian", "english_mixed", "uzbek_more", "other_more")
_CART = ("Nilufar ko'ylagi qora M 1 ta olaman",)
_SUMMARY = (*_CART, "90 123 45 67, Chilonzor 9-kvartal, 14-uy, 3-xonadon")
# what is said before a message; a pair is an act of staff
BEFORE: dict[str, Sequence[str | tuple[str, bool]]] = {
    "start": (),
    "view": ("Nilufar ko'ylagi bormi?",),
    "cart": _CART,
    "summary": _SUMMARY,
    "placed": (*_SUMMARY, "ha"),
    "paid": (*_SUMMARY, "ha", ("money", True)),
    "done": (*_SUMMARY, "ha", ("money", True), ("ship", True), ("delivered", True)),
}
_WRITES = "add_to_cart change_item remove_item set_phone set_address clear_cart change_order correct_phone"
# act: wants of agent/lexicon/intents.yaml, tools that were called, beginnings of sentences; any of them is enough
ACTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "ask_price": ("price total", "", ("talk.price", "talk.several")),
    "ask_sizes": ("", "", ("talk.sizes", "talk.size", "talk.colors_of", "talk.have", "talk.instead", "talk.ask_size")),
    "ask_colors": ("", "", ("talk.colors", "talk.sizes_colors", "talk.ask_color", "talk.ask_size_color")),
    "ask_available": ("", "product_card", ("talk.price", "talk.have")),
    "ask_photo": ("photo_wanted look", "", ()),
    "ask_about": ("about", "faq", ()),
    "size_advice": ("size_advice", "size_advice", ("talk.size",)),
    "ask_delivery_price": ("", "delivery_price", ()),
    "ask_delivery_time": ("", "delivery_price order_status", ()),
    "ask_delivery_place": ("", "delivery_price", ()),
    "pickup": ("pickup", "", ()),
    "ask_location": ("location", "", ("talk.location", "talk.pickup")),
    "ask_hours": ("hours", "", ("talk.hours",)),
    "ask_contacts": ("contacts", "", ("talk.phone",)),
    "ask_payment": ("payment card", "", ()),
    "ask_card": ("card payment", "", ()),
    "ask_installments": ("installments", "", ()),
    "haggle": ("haggle expensive", "ask_discount", ()),
    "ask_wholesale": ("wholesale", "", ()),
    "ask_returns": ("returns", "", ()),
    "ask_gift": ("gift", "", ()),
    "ask_catalog": ("catalog", "list_products", ()),
    "ask_cheaper_things": ("cheaper haggle", "list_products", ()),
    "order": ("", "add_to_cart change_item", ("talk.ask_product",)),
    "change_qty": ("", _WRITES, ()),
    "change_size": ("", _WRITES, ()),
    "change_color": ("", _WRITES, ()),
    "change_address": ("", "set_address", ("talk.ask_address",)),
    "change_phone": ("", "set_phone correct_phone", ("talk.ask_phone",)),
    "remove": ("", "remove_item clear_cart cancel_order", ()),
    "add": ("", "add_to_cart", ()),
    "cancel": ("", "cancel_order clear_cart", ("talk.ask_cancel",)),
    "agree": ("agree", "place_order", ()),
    "refuse": ("refuse later cancel remove", "", ("talk.later",)),
    "give_phone": ("", "set_phone", ()),
    "give_address": ("", "set_address set_location", ()),
    "give_name": ("", "set_name", ()),
    "says_paid": ("paid", "claim_payment", ()),
    "ask_status": ("status", "order_status", ("talk.no_order",)),
    "complaint": ("complaint", "hand_over ask_exchange", ()),
    "exchange": ("misfit returns too_bad", "hand_over ask_exchange", ()),
    "ask_person": ("person", "hand_over", ()),
    "rude": ("rude complaint", "", ()),
    "offtopic": ("offtopic", "", ("talk.offtopic",)),
    "greeting": ("greeting salam", "", ()),
    "thanks": ("thanks", "", ()),
    "later": ("later refuse", "", ()),
    "ask_robot": ("robot", "", ()),
    "repeat": ("repeat", "last_order add_to_cart", ()),
    "stop": ("stop", "", ()),
}


@dataclass
class Listening(RuleBrain):
    """The rules, and what they wanted, called and said in the last turn."""

    wants: set[str] = field(default_factory=set)
    tools: set[str] = field(default_factory=set)
    lines: set[str] = field(default_factory=set)

    async def next(self, heard: Heard) -> Step:
        """As the rules, noted."""
        if not heard.notes:
            self.wants, self.tools, self.lines = understand(heard).wants, set(), set()
        step = await super().next(heard)
        self.tools |= {call.tool for call in step.calls}
        self.lines |= {line.key for say in step.says for line in say.lines}
        return step

    def heard(self, act: str) -> bool:
        """Whether an act of the last message was understood."""
        wants, tools, lines = ACTS[act]
        if act == "refuse" and "place_order" in self.tools:
            return False
        said = any(line.startswith(lines) for line in self.lines) if lines else False
        return bool(self.wants & set(wants.split()) or self.tools & set(tools.split())) or said


def messages(*, every: int = 1) -> Iterator[dict[str, Any]]:
    """All messages, or one of `every` by their ids' hash; `held`: of the half that was looked at later."""
    for name in FILES:
        for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            message: dict[str, Any] = json.loads(line)
            place = zlib.crc32(message["id"].encode())
            message["held"] = place % 2 == 1
            if place // 2 % every == 0:
                yield message


async def missed(connection: db.Tx, stage: talk.Stage, message: dict[str, Any]) -> list[str]:
    """Plays one message with what comes before it; the acts that were not understood, and an order nobody agreed to."""
    step = connection.transaction()
    await step.start()
    brain = Listening()
    me = Shopper(talk.Play(stage, Chat(talk.SHOP_ID, "telegram", talk.event()), brain))
    for said in BEFORE[message["ctx"]]:
        await (me.say(said) if isinstance(said, str) else me.play.owner.act({said[0]: said[1]}))
    await me.say(message["text"])
    await step.rollback()
    unasked = ["placed!"] if "place_order" in brain.tools and not {"agree", "order"} & set(message["acts"]) else []
    return unasked + [act for act in message["acts"] if not brain.heard(act)]


async def run(*, every: int, verbose: bool) -> None:
    whole = {half: [0, 0] for half in (False, True)}
    with tempfile.TemporaryDirectory() as scratch:
        async with fresh_database() as url, rolled_back(url) as connection:
            stage = await talk.open_stage(connection, DATA / "shop", Path(scratch))
            for message in messages(every=every):
                wrong = await missed(connection, stage, message)
                whole[message["held"]][0] += not wrong
                whole[message["held"]][1] += 1
                if wrong and verbose:
                    print(f"{message['id']} [{message['ctx']}] {message['text']}: {', '.join(wrong)}")
    for half, (right, count) in whole.items():
        print(f"{'looked at later' if half else 'tuned on'}: {right} of {count} ({100 * right / count:.0f} %)")


def main() -> None:
    parser = argparse.ArgumentParser(description="single messages and what the rules make of them")
    parser.add_argument("--every", type=int, default=1, help="only one of so many")
    parser.add_argument("-v", "--verbose", action="store_true", help="print what is missed")
    options = parser.parse_args()
    asyncio.run(run(every=options.every, verbose=options.verbose))


if __name__ == "__main__":
    main()
