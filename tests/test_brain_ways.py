"""Many ways to say one thing, as data: each line is a talk of its own in a shop that nothing was tuned on.

Keys of a topic in tests/marra/*.yaml: `before`: said first; `tells`, `never`: patterns that the answer has, or not;
`cart`: its lines; `staff`: the kind of a notice they get; `handed`: whether a person got the talk. `status`: where the
order is moved before the line; `then`: said after it; `order`: what is true of the newest order at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.brain_rules import RuleBrain
from kit import db as database
from kit.message import Chat
from tests import talk
from tests.talking import Shopper

SHOP = Path(__file__).parent / "marra"


def topics() -> Iterator[Any]:
    """Every topic of every file beside the shop."""
    for file in ("lists.yaml", "talks.yaml", "orders.yaml"):
        for name, topic in yaml.safe_load((SHOP / file).read_text(encoding="utf-8")).items():
            yield pytest.param(topic, id=name)


@pytest.mark.parametrize("topic", topics())
async def test_it_may_be_said_in_many_ways(db: database.Tx, tmp_path: Path, topic: dict[str, Any]) -> None:
    stage = await talk.open_stage(db, SHOP, tmp_path)
    wrong: dict[str, list[str]] = {}
    for said in topic["say"]:
        step = db.transaction()
        await step.start()
        me = Shopper(talk.Play(stage, Chat(talk.SHOP_ID, "telegram", talk.event()), RuleBrain()))
        wrong[said] = await play(db, me, topic, said)
        await step.rollback()
    assert not {said: faults for said, faults in wrong.items() if faults}


async def play(db: database.Tx, me: Shopper, topic: dict[str, Any], said: str) -> list[str]:
    """Plays one line with what comes before and after it; what is wrong in words."""
    for line in topic.get("before", []):
        await me.say(line)
    if "status" in topic:
        await db.execute("UPDATE orders SET status = $1", topic["status"])
    await me.notices()
    answer = (await me.say(said)).replace("\u00a0", " ")
    for line in topic.get("then", []):
        await me.say(line)
    return await _faults(me, topic, answer)


async def _faults(me: Shopper, topic: dict[str, Any], answer: str) -> list[str]:
    """What is wrong with the answer and with what came of it."""
    found = [f"misses {one}: {answer}" for one in topic.get("tells", []) if not re.search(one, answer, re.I)]
    found += [f"says {one}: {answer}" for one in topic.get("never", []) if re.search(one, answer, re.I)]
    if "cart" in topic:
        lines = sorted([line.sku, line.variant, line.qty] for line in (await me.play.cart()).lines)
        found += [f"cart {lines}"] if lines != sorted(topic["cart"]) else []
    if "staff" in topic:
        kinds = [notice["kind"] for notice in await me.notices()]
        found += [f"staff {kinds}: {answer}"] if topic["staff"] not in kinds else []
    if "handed" in topic and (await me.contact()).handed_over != topic["handed"]:
        found.append(f"handed over: {not topic['handed']}: {answer}")
    return found + await _faults_of_order(me, topic.get("order", {}), answer)


async def _faults_of_order(me: Shopper, wanted: dict[str, Any], answer: str) -> list[str]:
    """What the newest order of the shopper has otherwise than it should."""
    if not wanted:
        return []
    orders = await me.orders()
    if not orders:
        return [f"no order: {answer}"]
    order = max(orders, key=lambda one: int(one["number"]))
    have = {
        "items": sorted([item["sku"], item["variant"], item["qty"]] for item in order["items"]),
        "status": order["status"],
    }
    found = [f"{name} {have[name]}: {answer}" for name in have if name in wanted and have[name] != wanted[name]]
    if not re.search(wanted.get("address", ""), order["address"]):
        found.append(f"address {order['address']}: {answer}")
    if wanted.get("phones", "") not in f"{order['phone']} {order['phone2']}":
        found.append(f"phones {order['phone']} {order['phone2']}: {answer}")
    return found
