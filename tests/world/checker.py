"""What must hold after any run, asked of the ledgers and the database, never of the logs: invariants I1 to I12.

Each check returns its violations, one line of evidence each; `check_all` runs them all on `Evidence`. A check that has
nothing to look at is no proof, so each also counts what it looked at: `seen`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kit.db import Pool
from orders.order import MOVES
from tests.world.nemesis import Report
from tests.world.people import Tally
from tests.world.platforms import Ledger, Said
from tests.world.shops import DELIVERY, WorldShop

BOUND_S = 300.0  # an event is dealt with within so long, faults of the world included
HOLD_S = 3 * 3600.0  # a shop holds unpaid goods for three hours at least
Violations = list[str]


@dataclass
class Evidence:
    """All that a check may look at."""

    pool: Pool
    shops: Sequence[WorldShop]
    ledger: Ledger
    tally: Tally
    report: Report
    files: Sequence[Path] = ()
    seen: Counter[str] = field(default_factory=Counter)

    def lost(self, said: Said) -> bool:
        """Whether the platform's answer to this message may never have been read."""
        return said.lost or any(begin <= said.at <= end for begin, end, _ in self.report.windows)


async def kept_once(evidence: Evidence) -> Violations:
    """I1: each event the product acknowledged is in the inbox, once."""
    rows = Counter(
        (row["shop_id"], row["channel"], row["event_id"])
        for row in await evidence.pool.fetch("SELECT shop_id, channel, event_id FROM inbox WHERE shop_id IS NOT NULL")
    )
    acked = [key for key, event in evidence.ledger.events.items() if event.acked]
    evidence.seen["I1 acked events"] = len(acked)
    strange = [key for key in rows if key[1] in ("telegram", "instagram") and key not in evidence.ledger.events]
    wrong = [f"{key} was acknowledged and is in the inbox {rows[key]} times" for key in acked if rows[key] != 1]
    return wrong + [f"{key} is in the inbox and no platform brought it" for key in strange]


async def all_ended(evidence: Evidence) -> Violations:
    """I2: every inbox row ends done, noted or dead with its reason, in bounded time; nothing waits for ever."""
    rows = await evidence.pool.fetch(
        """SELECT shop_id, id, key, status, last_error, EXTRACT(epoch FROM done_at - received_at)::float8 AS took_s
           FROM inbox WHERE shop_id IS NOT NULL"""
    )
    evidence.seen["I2 inbox rows"] = len(rows)
    wrong = [f"inbox {row['id']} of {row['key']} still waits" for row in rows if row["status"] == 0]
    wrong += [f"inbox {row['id']} is dead without a reason" for row in rows if row["status"] == 9 and not row[4]]
    late = [row for row in rows if row["took_s"] is not None and row["took_s"] > BOUND_S]
    wrong += [f"inbox {row['id']} of {row['key']} took {row['took_s']:.0f} s" for row in late]
    idle = await evidence.pool.fetch(
        """SELECT l.key FROM lane l WHERE l.shop_id IS NOT NULL AND l.due_at = 'infinity' AND l.owner IS NULL AND EXISTS
           (SELECT FROM inbox i WHERE i.shop_id = l.shop_id AND i.key = l.key AND i.status = 0)"""
    )
    return wrong + [f"lane {row['key']} is idle while a message waits in it" for row in idle]


async def one_order_an_intent(evidence: Evidence) -> Violations:
    """I3: one wish to buy is at most one order; a person who saw the shop's card has one."""
    rows = await evidence.pool.fetch("SELECT shop_id, number, address, key FROM orders WHERE shop_id IS NOT NULL")
    found: dict[str, list[int]] = defaultdict(list)
    wrong = []
    for row in rows:
        name = next((one for one in _houses(row["address"]) if f"{row['shop_id']} {one}" in evidence.tally.intents), "")
        if not name:
            wrong.append(f"order {row['shop_id']} {row['number']} is nobody's wish: {row['address']!r}")
            continue
        found[f"{row['shop_id']} {name}"].append(row["number"])
        if evidence.tally.intents[f"{row['shop_id']} {name}"].chat != row["key"]:
            wrong.append(f"order {row['shop_id']} {row['number']} belongs to {row['key']}, another person's chat")
    evidence.seen["I3 orders"] = len(rows)
    wrong += [f"{name}: orders {numbers}" for name, numbers in found.items() if len(numbers) > 1]
    lost = [name for name, intent in evidence.tally.intents.items() if intent.placed and name not in found]
    return wrong + [f"{name} was told of an order that does not exist" for name in lost]


def _houses(address: str) -> list[str]:
    return re.findall(r"Chilonzor \d+-mavze, \d+-uy", address)


async def stock_adds_up(evidence: Evidence) -> Violations:
    """I4: what is on the shelf and what orders took is what the shop had; never less than nothing."""
    rows = await evidence.pool.fetch(
        """SELECT s.shop_id, s.sku, s.available, COALESCE((
               SELECT sum(i.qty) FROM order_items i JOIN orders o ON o.shop_id = i.shop_id AND o.number = i.number
               WHERE i.shop_id = s.shop_id AND i.sku = s.sku
                 AND (o.holds_stock OR o.status IN ('shipped', 'delivered'))), 0) AS taken
           FROM stock s WHERE s.shop_id IS NOT NULL"""
    )
    had = {(shop.id, goods.sku): goods.stock for shop in evidence.shops for goods in shop.goods}
    evidence.seen["I4 shelves"] = len(rows)
    return [
        f"{row['shop_id']} {row['sku']}: {row['available']} on the shelf + {row['taken']} taken, of {had[key]}"
        for row in rows
        if (key := (row["shop_id"], row["sku"])) in had
        and (row["available"] < 0 or row["available"] + row["taken"] != had[key])
    ]


async def sums_are_right(evidence: Evidence) -> Violations:
    """I5: total = price in the catalogue x pieces; what is transferred and paid on arrival is that and the way."""
    price = {(shop.id, goods.sku): goods.price for shop in evidence.shops for goods in shop.goods}
    rows = await evidence.pool.fetch(
        """SELECT o.shop_id, o.number, o.total, o.to_transfer, o.due_on_arrival, o.paid, o.delivery, o.status,
               array_agg(i.sku ORDER BY i.line) AS skus, array_agg(i.qty ORDER BY i.line) AS qtys,
               array_agg(i.price ORDER BY i.line) AS prices,
               (SELECT COALESCE(sum(amount), 0) FROM payments p WHERE p.shop_id = o.shop_id AND p.number = o.number)
                   AS came
           FROM orders o JOIN order_items i ON i.shop_id = o.shop_id AND i.number = o.number
           WHERE o.shop_id IS NOT NULL GROUP BY o.shop_id, o.number"""
    )
    evidence.seen["I5 orders"] = len(rows)
    wrong = []
    for row in rows:
        name = f"order {row['shop_id']} {row['number']}"
        asked = [price.get((row["shop_id"], sku)) for sku in row["skus"]]
        goods = sum(qty * each for qty, each in zip(row["qtys"], row["prices"], strict=True))
        if row["prices"] != asked or row["total"] != goods:
            wrong.append(f"{name}: total {row['total']}, lines {row['prices']} x {row['qtys']}, catalogue {asked}")
        if row["to_transfer"] + row["due_on_arrival"] not in (goods + DELIVERY, goods + DELIVERY - row["paid"]):
            wrong.append(f"{name}: {row['to_transfer']} now + {row['due_on_arrival']} later, goods {goods}")
        if row["paid"] != row["came"]:
            wrong.append(f"{name}: paid {row['paid']}, payments {row['came']}")
    return wrong


async def moves_are_allowed(evidence: Evidence) -> Violations:
    """I6: every order walked along MOVES with a line in the trail for each step; none expired before its time."""
    wrong, steps = [], 0
    trail: dict[tuple[str, str], list[tuple[str, str, str, float]]] = defaultdict(list)
    for row in await evidence.pool.fetch(
        """SELECT shop_id, about, verb, actor, data ->> 'was' AS was, EXTRACT(epoch FROM at)::float8 AS at
           FROM audit WHERE shop_id IS NOT NULL AND about LIKE 'order:%' ORDER BY id"""
    ):
        trail[row["shop_id"], row["about"]].append((row["verb"], row["was"] or "", row["actor"], row["at"]))
    for row in await evidence.pool.fetch("SELECT shop_id, number, status FROM orders WHERE shop_id IS NOT NULL"):
        name, status, touched = f"order {row['shop_id']} {row['number']}", "", 0.0
        for verb, was, actor, at in trail[row["shop_id"], f"order:{row['number']}"]:
            to = verb.removeprefix("order.")
            if not actor:
                wrong.append(f"{name}: {verb} by nobody")
            if verb in ("order.placed", "order.money_claimed", "order.changed"):
                status, touched = status or "awaiting_payment", at
            elif to in MOVES and was:
                steps += 1
                if was != status or to not in MOVES[was]:
                    wrong.append(f"{name}: {was} -> {to}, but it was {status}")
                if to == "expired" and at - touched < HOLD_S - 60:
                    wrong.append(f"{name} expired {at - touched:.0f} s after it was touched")
                status = to
        if status != row["status"]:
            wrong.append(f"{name} is {row['status']}, its trail ends with {status or 'nothing'}")
    evidence.seen["I6 steps"] = steps
    return wrong


async def paid_by_a_press(evidence: Evidence) -> Violations:
    """I7: `paid` only where a member of that shop's staff pressed for it, or a provider saw the exact sum."""
    pressed = {(shop, f"staff:{who}") for shop, who, token in evidence.tally.presses if _MONEY.match(token)}
    rows = await evidence.pool.fetch(
        "SELECT shop_id, about, actor FROM audit WHERE shop_id IS NOT NULL AND verb = 'order.paid'"
    )
    payments = await evidence.pool.fetch("SELECT shop_id, number, way, actor FROM payments WHERE shop_id IS NOT NULL")
    evidence.seen["I7 paid"] = len(rows)
    wrong = [f"{r[0]} {r[1]} paid by {r[2]}, who pressed nothing" for r in rows if (r[0], r[2]) not in pressed]
    wrong += [
        f"{r[0]} order {r[1]}: a payment by {r[3]}" for r in payments if r[2] == "press" and (r[0], r[3]) not in pressed
    ]
    return wrong + [f"{r[0]} order {r[1]}: a payment by {r[2]}" for r in payments if r[2] not in ("press", "cash")]


_MONEY = re.compile(r"s:(seen|rseen|rsum|full|rfull|deliver):")


async def receipts_count_once(evidence: Evidence) -> Violations:
    """I8: a file, and a transaction, pays for one order only."""
    rows = await evidence.pool.fetch(
        """SELECT shop_id, sha, transaction_id, number, state, pays FROM receipts WHERE shop_id IS NOT NULL"""
    )
    evidence.seen["I8 receipts"] = len(rows)
    orders: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in rows:
        for mark in (row["sha"], row["transaction_id"]):
            if mark and row["number"] is not None:
                orders[row["shop_id"], mark].update({row["number"], *row["pays"]})
    return [f"{key} pays for orders {sorted(numbers)}" for key, numbers in orders.items() if len(numbers) > 1]


CHECKS: dict[str, Callable[[Evidence], Awaitable[Violations]]] = {
    "I1 acked once": kept_once,
    "I2 all ended": all_ended,
    "I3 one order an intent": one_order_an_intent,
    "I4 stock adds up": stock_adds_up,
    "I5 sums": sums_are_right,
    "I6 allowed moves": moves_are_allowed,
    "I7 paid by a press": paid_by_a_press,
    "I8 receipts once": receipts_count_once,
}


async def check_all(evidence: Evidence) -> dict[str, Violations]:
    """Every invariant's violations."""
    from tests.world.checker_said import SAID

    return {name: await check(evidence) for name, check in {**CHECKS, **SAID}.items()}
