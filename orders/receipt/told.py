"""What the shopper hears about a picture of a payment: what was seen, what disagrees, what comes next; no reproach.

Never "your payment is accepted": that is said when a person saw the money (`orders.told`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kit.message import Reply
from kit.words import say, sum_of
from orders.receipt.claim import Claim
from orders.receipt.take import Outcome
from orders.receipt.verdict import (
    FAILED,
    FOREIGN,
    OLD,
    OTHER_CARD,
    OVER,
    PENDING,
    SHORT,
    UNREADABLE,
    USED,
)

if TYPE_CHECKING:
    from shop.shops import Shop

_DAY = re.compile(r"^(\d{4})-(\d\d)-(\d\d)\b")
# the weightiest first; two of them fit into a message of three lines
_TROUBLES = (USED, FAILED, PENDING, OTHER_CARD, SHORT, OLD, UNREADABLE)


def told(outcome: Outcome, shop: Shop, language: str) -> Reply:
    """Two or three lines in `language`."""
    order = outcome.order
    facts = _facts(outcome, language, order.currency if order else shop.currency)
    if outcome.kind == "claimed":
        key = (
            "receipt.came_several"
            if outcome.verdict.pays
            else "receipt.came"
            if facts["seen"]
            else "receipt.came_plain"
        )
        lines = [say(language, key, **facts), *_notes(outcome, language, facts)]
        return Reply("\n".join([*lines, say(language, "receipt.person_looks")]))
    if outcome.kind in ("problem", "late"):
        lines = [say(language, f"receipt.{word}", **facts) for word in _TROUBLES if outcome.verdict.has(word)] or [
            say(language, "receipt.seen_only", **facts)
        ]
        return Reply("\n".join([*lines[:2], say(language, _next(outcome), **facts)]))
    key = f"receipt.{outcome.kind}"
    if order is None and outcome.kind in ("not_a_receipt", "again"):
        key = {"not_a_receipt": "receipt.not_a_receipt_no_order", "again": "receipt.again_plain"}[outcome.kind]
    return Reply(say(language, key, **facts))


def claim_told(claim: Claim, language: str) -> Reply:
    """The answer to "I have paid" without a picture."""
    if claim.order is None:
        return Reply(say(language, "receipt.claim_no_order"))
    key = "receipt.claim_first" if claim.first else "receipt.claim_again"
    return Reply(say(language, key, number=claim.order.number))


def _notes(outcome: Outcome, language: str, facts: dict[str, Any]) -> list[str]:
    """At most one remark to a receipt that is taken."""
    if outcome.verdict.has(FOREIGN):
        return [say(language, "receipt.foreign_currency")]
    if outcome.verdict.has(OVER) and outcome.verdict.reasons.get("amount", {}).get("difference"):
        return [say(language, "receipt.over", **facts)]
    return []


def _next(outcome: Outcome) -> str:
    """What comes next, by the weightiest trouble."""
    words = outcome.verdict
    if outcome.kind == "late" or words.has(OLD) or words.has(USED):
        return "receipt.next_person"
    if words.has(FAILED):
        return "receipt.next_repeat"
    if words.has(PENDING):
        return "receipt.next_wait"
    if words.has(SHORT) and not words.has(OTHER_CARD):
        return "receipt.next_rest"
    return "receipt.next_clear" if words.has(UNREADABLE) else "receipt.next_person"


def why_lines(reasons: Mapping[str, Mapping[str, Any]], currency: str, language: str) -> list[str]:
    """The reasons of a verdict field by field, in words, for the card staff see."""
    lines = []
    for reason in reasons.values():
        facts: dict[str, Any] = dict(reason)
        for name in ("seen", "expected", "difference"):
            if isinstance(facts.get(name), int):
                facts[name] = sum_of(int(str(facts[name])), currency, language)
            elif isinstance(facts.get(name), list):
                facts[name] = _tails(facts[name])
            elif isinstance(facts.get(name), str):
                facts[name] = _as_people_write(facts[name])
        lines.append(say(language, f"receipt.why_{facts.pop('key')}", **facts))
    return lines


def _tails(last4: Iterable[object]) -> str:
    return ", ".join(f"•{tail}" for tail in last4)


def _as_people_write(text: str) -> str:
    """`2026-11-18 12:20` as `18.11.2026 12:20`; anything else (a card's tail, a currency) as it is."""
    return _DAY.sub(r"\3.\2.\1", text)


def _facts(outcome: Outcome, language: str, currency: str) -> dict[str, Any]:
    order = outcome.order
    amount = outcome.verdict.reasons.get("amount", {})
    card = outcome.verdict.reasons.get("card", {})
    if "currency" in outcome.verdict.reasons:
        amount = {}  # no sum is named in a currency nobody could read

    def money(name: str) -> str:
        return sum_of(amount[name], currency, language) if isinstance(amount.get(name), int) else ""

    return {
        "number": order.number if order else "",
        "numbers": ", ".join(f"№{number}" for number in sorted({order.number, *outcome.verdict.pays})) if order else "",
        "seen": money("seen"),
        "expected": money("expected"),
        "difference": money("difference"),
        "tail": card.get("seen", ""),
        "own": _tails(card.get("expected", ())),
        "date": _as_people_write(outcome.verdict.reasons.get("date", {}).get("seen", "")),
    }
