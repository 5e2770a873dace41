"""Conversations that begin under a post of another shop, played through the queue, the rules and the fake Instagram.

They were written before the first comment was answered. At that first time nine of ten passed; in the tenth the script
spelled a colour in another way than the catalogue.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from kit import cache
from kit.config import Config
from kit.db import Pool
from orders import order as verbs
from shop import contacts
from tests import script
from tests.comments_room import NUR, Room, open_room
from tests.fakes.shoppers import Shopper


async def play(room: Room, dialogue: dict[str, Any]) -> list[str]:
    """What went wrong, in words."""
    post, who = room.graph.publish(dialogue["post"]["caption"]), room.graph.shopper(dialogue["id"].lower())
    wrong: list[str] = []
    said: list[str] = []
    for turn in dialogue["turns"]:
        if turn["via"] == "comment":
            private, public = await room.comment(who, turn["say"], post)
            said = private + public
        else:
            said = await room.write(who, turn["say"])
        wrong += script.failures(turn.get("expect", {}), said)
    stuck = False
    for _ in range(script.MOST_EXTRA if dialogue["final"]["order"] else 0):
        if script.placed(await record(room, who, post)):
            break
        text, stuck = script.fill(said[-1] if said else "", dialogue["facts"], stuck=stuck)
        said = await room.write(who, text)
    with (NUR / "catalog.csv").open(newline="", encoding="utf-8") as file:
        catalog = {row["sku"]: row for row in csv.DictReader(file)}
    return wrong + script.compare(dialogue["final"], await record(room, who, post), catalog)


async def record(room: Room, who: Shopper, post: str) -> script.Record:
    orders = [line async for line in verbs.list_json(room.app.db, "nur") if line["shopper"] == who.id]
    people = await contacts.list_json(room.app.db, "nur")
    handed = any(one["handed_over"] for one in people if one["shopper"] == who.id)
    private = sum(one.private_replies for one in room.graph.comments.values() if one.author == who.id)
    return script.Record(orders, handed, len(room.graph.answers(post)), private)


@pytest.mark.slow
async def test_conversations_under_posts(own_db: Pool, redis: cache.Redis, config: Config, tmp_path: Path) -> None:
    async with open_room(own_db, redis, config, tmp_path) as room:
        played = {one["id"]: await play(room, one) for one in script.load("nur/comments.jsonl")}
    assert {name: wrong for name, wrong in played.items() if wrong} == {}
