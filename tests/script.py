"""Scripted conversations: what the shopper does, what must come out, and how a simulated shopper fills the gaps.

Pure functions over `tests/dialogues/*.jsonl`; two drivers use them: `tests/talk.py` (in one process, no HTTP) and
`bench/eval.py` (a running product behind fake platforms). No sentence is expected word for word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "dialogues"
FLAGS = re.IGNORECASE | re.UNICODE | re.DOTALL
MOST_EXTRA = 6  # messages a simulated shopper adds to get the order placed
_SLOTS = yaml.safe_load((FOLDER / "slots.yaml").read_text(encoding="utf-8"))
_PATTERNS = {slot: re.compile(pattern, FLAGS) for slot, pattern in _SLOTS["slots"].items()}
_ANSWERS = _SLOTS["answers"]
# statuses of the product in the words of the scripts
_STATUS = {
    "awaiting_payment": "awaiting_payment",
    "claimed": "paid",
    "paid": "paid",
    "payment_problem": "payment_problem",
}
_LIVE = {**_STATUS, "confirmed": "awaiting_payment", "packed": "paid", "shipped": "paid", "delivered": "paid"}


def load(name: str = "dialogues.jsonl") -> list[dict[str, Any]]:
    """All conversations of one file, in order."""
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def fold(text: str) -> str:
    """One apostrophe and one kind of space, as the expectations are written."""
    text = re.sub("[\u2018\u2019\u02bb\u02bc`\u00b4]", "'", text)
    return re.sub("[\u00a0\u2007\u2009\u202f]", " ", text)


def failures(expect: dict[str, list[str]], answers: Iterable[str]) -> list[str]:
    """Which checks of one turn did not hold on everything the agent sent, in words."""
    text = fold("\n".join(answers))
    found = [re.search(pattern, text, FLAGS) is not None for pattern in expect.get("any_of", [])]
    wrong = [f"none of {expect['any_of']}"] if found and not any(found) else []
    wrong += [f"not {pattern}" for pattern in expect.get("all_of", []) if not re.search(pattern, text, FLAGS)]
    wrong += [f"but {pattern}" for pattern in expect.get("none_of", []) if re.search(pattern, text, FLAGS)]
    return wrong


def _question(answer: str) -> str:
    """The sentences that ask, or everything when nothing asks."""
    sentences = [part for part in re.split(r"(?<=[?!.\n])\s+", answer) if "?" in part]
    return fold("\n".join(sentences) if sentences else answer).lower()


def _whole(item: dict[str, Any]) -> str:
    """One item as shoppers name it: "call size colour, qty"."""
    look = [str(item[name]) for name in ("size", "color") if item.get(name)]
    return f"{' '.join([item['call'], *look])}, {item['qty']}"


def _goods(items: list[dict[str, Any]], slots: list[str], question: str) -> list[str]:
    """The answers about goods: of one item what was asked, of several each one whole (or the one that was named)."""
    if len(items) == 1:
        return [str(items[0][_ANSWERS[slot]]) for slot in slots if items[0].get(_ANSWERS[slot])]
    named = [item for item in items if fold(item["call"]).lower() in question]
    return [_whole(item) for item in named or items]


def fill(answer: str, facts: dict[str, Any], *, stuck: bool, backwards: bool = False) -> tuple[str, bool]:
    """What the shopper says to the agent's last message, and whether no slot was found in it.

    `stuck`: nothing was found the last time either, so the shopper says everything again. `backwards`: the answers of a
    message in the other order.
    """
    question = _question(answer)
    slots = [slot for slot, pattern in _PATTERNS.items() if pattern.search(question)]
    items = facts.get("items") or []
    if not slots and stuck:
        return "; ".join(_whole(item) for item in items) or facts["yes"], True
    goods = [slot for slot in slots if slot in ("product", "size", "color", "qty")]
    said = _goods(items, goods, question) if goods else []
    said += [
        str(facts[_ANSWERS[slot]]) for slot in slots if slot not in (*goods, "confirm") and facts.get(_ANSWERS[slot])
    ]
    return ", ".join(said[::-1] if backwards else said) or facts["yes"], not slots


@dataclass
class Record:
    """What came of one conversation, as the product's own records say."""

    orders: list[dict[str, Any]] = field(default_factory=list)  # lines of `main.py orders --json`, of this shopper
    handed_over: bool = False
    public_replies: int = 0
    private_replies: int = 0


def complete(record: Record) -> list[dict[str, Any]]:
    """The shopper's orders that have items, a phone and a place to bring it to, the oldest first."""
    return [
        order
        for order in sorted(record.orders, key=lambda one: int(one["number"]))
        if order["items"]
        and order["phone"]
        and (order["address"] or order["landmark"] or order["location"] or order["delivery"]["method"] == "pickup")
    ]


def placed(record: Record) -> dict[str, Any] | None:
    """The newest of them."""
    return (complete(record) or [None])[-1]


def compare(final: dict[str, Any], record: Record, catalog: dict[str, dict[str, str]]) -> list[str]:
    """What differs from `final`, in words; empty when the conversation ended right."""
    wrong = []
    for name, have in (
        ("handoff", record.handed_over),
        ("comment_reply", record.public_replies > 0),
        ("private_reply", record.private_replies > 0),
    ):
        if (
            final[name] is not None
            and final[name] != have
            and not (name != "handoff" and final["comment_reply"] is None is final["private_reply"])
        ):
            wrong.append(f"{name} is {have}")
    live = [order for order in record.orders if order["status"] in _LIVE]
    if final["order"] is None:
        return wrong + ([f"an order is live: {live[0]['items']}"] if live else [])
    order = placed(record)
    if order is None:
        return [*wrong, "no order"]
    if final["order"]["status"] == "exchange_asked" and not (
        record.handed_over or order["status"] in ("return_asked", "exchanged")
    ):
        wrong.append(f"no exchange, status {order['status']}")
    if len(complete(record)) != final.get("orders", 1):
        wrong.append(f"{len(complete(record))} orders")
    return wrong + _order_differs(final["order"], order, catalog)


def _order_differs(want: dict[str, Any], order: dict[str, Any], catalog: dict[str, dict[str, str]]) -> list[str]:
    wrong = []
    if _lines(want["items"], catalog) != _lines(order["items"], catalog):
        wrong.append(f"items {[(i['sku'], i['variant'], i['qty']) for i in order['items']]}")
    if want["phone_e164"] != order["phone"]:
        wrong.append(f"phone {order['phone']}")
    where = fold(" ".join((order["address"], order["landmark"]))).lower()
    if want["address_contains"] and fold(want["address_contains"]).lower() not in where:
        wrong.append(f"address {where}")
    if want["total"] != order["total"]:
        wrong.append(f"total {order['total']}")
    status = _LIVE.get(order["status"], order["status"])
    if want["status"] not in (status, "exchange_asked"):
        wrong.append(f"status {order['status']}")
    if "to_transfer" in want and want["to_transfer"] != order["to_transfer"]:
        wrong.append(f"to transfer {order['to_transfer']}")
    if "method" in want and want["method"] != order["delivery"]["method"]:
        wrong.append(f"method {order['delivery']['method']}")
    who = fold(" ".join((order["name"], order["recipient"]))).lower()
    if "name_contains" in want and want["name_contains"].lower() not in who:
        wrong.append(f"name {who}")
    return wrong


def _lines(items: list[dict[str, Any]], catalog: dict[str, dict[str, str]]) -> set[tuple[str, str, int]]:
    """Lines as a set; where a product has one colour or one size the variant may leave it out."""
    lines = set()
    for item in items:
        row = catalog[item["sku"]]
        sizes, colors = ([part for part in row[name].split(";") if part] for name in ("sizes", "colors"))
        parts = [part for part in item["variant"].split("/") if part and [part] not in (sizes, colors)]
        lines.add((item["sku"], "/".join(parts), int(item["qty"])))
    return lines


def grave(final: dict[str, Any], record: Record, catalog: dict[str, dict[str, str]]) -> list[str]:
    """Errors that count each by itself: wrong totals, orders for what is out of stock, bad receipts taken as paid."""
    found = []
    for order in record.orders:
        right = sum(_price(catalog[item["sku"]], item["qty"]) * item["qty"] for item in order["items"])
        if order["total"] != right and order["total"] != (final["order"] or {}).get("total"):
            found.append(f"total {order['total']}")
        for item in order["items"]:
            stock = catalog[item["sku"]]["stock"]
            table = dict(pair.rsplit("=", 1) for pair in stock.split(";")) if "=" in stock else {item["variant"]: stock}
            if table.get(item["variant"], "1") in ("0", "out"):
                found.append(f"{item['sku']} {item['variant']} is out of stock")
        if final["order"] and final["order"]["status"] == "payment_problem" and order["status"] in ("claimed", "paid"):
            found.append("a bad receipt was taken as paid")
    return found


def _price(row: dict[str, str], qty: int) -> int:
    """The catalogue's price of one piece when so many are taken. A price that staff granted is the script's total."""
    steps = [pair.split("=") for pair in row.get("qty_price", "").split(";") if pair]
    return min([int(row["price"]), *(int(price) for least, price in steps if qty >= int(least))])
