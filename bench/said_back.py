"""`make said-back`: every product of every shop of tests/dialogues, said back to it word for word.

A product is named by its whole title (Uzbek, Russian) or by its article, as shoppers copy them from posts and lists;
what is asked then is answered by the option as it stands on the button. Right is one piece of just that thing in the
cart, after at most six messages. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
from collections import Counter
from pathlib import Path

from structlog.testing import capture_logs

from agent.brain_rules import RuleBrain
from bench.said_talks import there
from kit.message import Chat
from shop.catalogue import Product, read_rows
from tests import script, talk
from tests.rolled_back import fresh_database, rolled_back
from tests.talking import Shopper

WAYS = ("title_uz", "title_ru", "sku")
_FIRST = {"title_uz": "{} kerak", "title_ru": "мне нужно: {}", "sku": "{} kerak"}
_MESSAGES = 6


async def said_back(stage: talk.Stage, product: Product, variant: str, way: str) -> tuple[bool, list[str]]:
    """Whether the cart holds one of that variant, and what was said."""
    size, color = product.split(variant)
    name = str(getattr(product, way))
    step = stage.connection.transaction()
    await step.start()
    try:
        with capture_logs():
            me = Shopper(talk.Play(stage, Chat(talk.SHOP_ID, "telegram", talk.event()), RuleBrain()))
            said = [_FIRST[way].format(name)]
            while True:
                await me.say(said[-1])
                cart, asked = await me.play.cart(), set(me.play.session.asked)
                options = [value for slot, value in (("size", size), ("color", color)) if slot in asked and value]
                if cart.lines or len(said) == _MESSAGES or not asked & {"size", "color", "product", "offer"}:
                    break
                said.append(" ".join(options) or (name if "product" in asked else "ha"))
    finally:
        await step.rollback()
    lines = [(one.sku, one.variant, one.qty) for one in cart.lines]
    return lines == [(product.sku, variant, 1)], said


async def play_shop(url: str, shop: str) -> tuple[int, list[str]]:
    """How many talks a shop had, and those that ended otherwise."""
    dice, wrong, count = random.Random(shop), list[str](), 0
    with tempfile.TemporaryDirectory() as scratch:
        async with rolled_back(url) as connection:
            stage = await talk.open_stage(connection, script.FOLDER / shop, Path(scratch))
            for row in read_rows(script.FOLDER / shop / "catalog.csv")[0]:
                variants = [variant for variant, _ in there(row.product, row.stock or ())]
                variant = dice.choice(variants) if variants else None
                for way in WAYS if variant is not None else ():
                    if getattr(row.product, way):
                        count += 1
                        right, said = await said_back(stage, row.product, str(variant), way)
                        wrong += [] if right else [f"{shop} {row.product.sku} {variant!r}: " + " || ".join(said)]
    return count, wrong


async def _main(shops: list[str]) -> None:
    shops = shops or sorted(one.parent.name for one in script.FOLDER.glob("*/catalog.csv"))
    figures: Counter[str] = Counter()
    async with fresh_database() as url:
        for shop in shops:
            count, wrong = await play_shop(url, shop)
            figures.update(talks=count, right=count - len(wrong))
            for one in wrong:
                print(one[:200], flush=True)
    print(json.dumps({**figures, "share": round(figures["right"] / max(1, figures["talks"]), 4)}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shops", nargs="*")
    asyncio.run(_main(parser.parse_args().shops))
