"""`make said`: thousands of short order talks with the goods of every shop of tests/dialogues, judged by the cart.

Templates (`bench/said.yaml`) say what people write and what the cart must hold then; the goods, variants and counts
are drawn (`bench/said_things.py`). A talk is *right*, *asked* (nothing wrong in the cart, and what is missing is asked
for) or WRONG (a wrong thing, variant or count, or something lost without a word). Every third shop, by a hash of its
name, is kept aside: only its figures are told, never its talks. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from agent.brain_rules import RuleBrain
from bench.said_talks import LANGUAGES, Lines, Maker, Told
from kit.message import Chat
from tests import script, talk
from tests.rolled_back import fresh_database, rolled_back
from tests.talking import Shopper

_CHOOSES = frozenset({"product", "size", "color", "qty"})


@dataclass
class Judged:
    """How a talk went: right, asked or one of the kinds of wrong, and what was there."""

    told: Told
    how: str
    lines: Lines = frozenset()
    reply: str = ""


@dataclass
class Counts:
    """Right, asked and wrong of some talks."""

    by: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        every = max(1, sum(self.by.values()))
        shares = " ".join(f"{name} {self.by[name] / every:6.1%}" for name in ("right", "asked", "WRONG"))
        return f"{every:5} talks: {shares}"


def aside(shop: str) -> bool:
    """Whether a shop is kept aside: nobody looks at its talks."""
    return zlib.crc32(shop.encode()) % 3 == 0


# ---- playing ---------------------------------------------------------------------------------------------------------


async def play(stage: talk.Stage, told: Told) -> Judged:
    """Plays one talk, which is rolled back, and judges the cart."""
    step = stage.connection.transaction()
    await step.start()
    try:
        with capture_logs():
            me = Shopper(talk.Play(stage, Chat(talk.SHOP_ID, "telegram", talk.event()), RuleBrain()))
            for one in told.said:
                reply = await me.say(one)
            cart = await me.play.cart()
    finally:
        await step.rollback()
    lines = frozenset((one.sku, one.variant, one.qty) for one in cart.lines)
    how = _kind(told, lines, {one.sku for one in cart.picks}, me, reply)
    if how == "right" and told.phone and (cart.phone != told.phone or told.house not in cart.address):
        how = "contact"
    return Judged(told, how, lines, reply)


def _kind(told: Told, lines: Lines, picks: set[str], me: Shopper, reply: str) -> str:
    """right, asked, or what is wrong: thing, variant, count, stale (a change not made), lost."""
    missing, extra = told.cart - lines, lines - told.cart
    if not (missing or extra or picks):
        return "right"
    session, meant = me.play.session, {sku for sku, _, _ in told.cart}
    asks = bool(set(session.asked) & _CHOOSES or session.undecided or me.play.handed)
    if picks <= {sku for sku, _, _ in missing} | {sku for sku, _, _ in extra} & meant and not extra:
        asked_of = {*picks, *session.shown, *session.focus, *session.undecided.get("skus", ())}
        told_of = {sku for sku in meant if any(title in reply for title in _titles(me, sku))}
        open_ = asks or "offer" in session.asked or not lines
        return "asked" if open_ and all(sku in asked_of | told_of for sku, _, _ in missing) else "lost"
    if asks and len(told.said) > 1 and all(sku in meant for sku, _, _ in extra):
        return "asked"
    if any(sku not in meant for sku, _, _ in extra) or picks - meant:
        return "thing"
    known = {(sku, variant) for sku, variant, _ in told.cart}
    return "count" if all((sku, variant) in known for sku, variant, _ in extra) else "variant"


def _titles(me: Shopper, sku: str) -> tuple[str, ...]:
    product = me.play.stage.shop.products[sku]
    return tuple(title for title in (product.title_uz, product.title_ru) if title)


async def play_shop(url: str, shop: str, *, count: int, seed: int, only: str = "") -> list[Judged]:
    """Plays `count` talks in a shop."""
    folder = script.FOLDER / shop
    with tempfile.TemporaryDirectory() as scratch:
        async with rolled_back(url) as connection:
            stage = await talk.open_stage(connection, folder, Path(scratch))
            return [await play(stage, told) for told in Maker(folder, seed).talks(count, only)]


# ---- telling ---------------------------------------------------------------------------------------------------------


def show(judged: Mapping[str, list[Judged]], examples: int) -> dict[str, Any]:
    """The tables for people; returns the figures for machines."""
    parts: dict[str, dict[str, Counts]] = defaultdict(lambda: defaultdict(Counts))
    wrong: list[tuple[str, Judged]] = []
    for shop, every in judged.items():
        for one in every:
            how = one.how if one.how in ("right", "asked") else "WRONG"
            part = "aside" if aside(shop) else "seen"
            for key in ("all", one.told.language, one.told.template):
                parts[part][key].by[how] += 1
            if how == "WRONG" and part == "seen":
                wrong.append((shop, one))
    for shop, one in wrong[:examples]:
        print(f"\n{one.how} [{shop} {one.told.template} {one.told.language}] " + " || ".join(one.told.said))
        print(f"  cart {sorted(one.lines)}, right {sorted(one.told.cart)}\n  {one.reply[:200]!r}")
    for part, keys in parts.items():
        print(f"\n{part}")
        for key in sorted(keys, key=lambda key: (key != "all", key not in LANGUAGES, key)):
            print(f"  {key:<18} {keys[key]}")
    print("kinds of wrong:", dict(Counter(one.how for _, one in wrong).most_common()))
    return {part: dict(keys["all"].by) for part, keys in parts.items()}


async def _main(arguments: argparse.Namespace) -> None:
    shops = arguments.shop or sorted(one.parent.name for one in script.FOLDER.glob("*/catalog.csv"))
    async with fresh_database() as url:
        judged = {
            shop: await play_shop(url, shop, count=arguments.count, seed=arguments.seed, only=arguments.only)
            for shop in shops
        }
    print(json.dumps(show(judged, arguments.examples)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shop", action="append", default=[])
    parser.add_argument("--only", default="", help="one template")
    parser.add_argument("--count", type=int, default=90, help="talks of each shop")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--examples", type=int, default=25, help="wrong ones to show")
    asyncio.run(_main(parser.parse_args()))
