"""Receipts: read elsewhere, compared here, decided by people."""

from __future__ import annotations

from orders.receipt.claim import Claim, money_claimed
from orders.receipt.press import (
    accept_as_full,
    assign,
    certain,
    choices,
    get_receipt,
    lacking,
    not_seen,
    of_order,
    order_accepted,
    order_seen,
    seen,
    unclear,
)
from orders.receipt.take import Outcome, take
from orders.receipt.target import check, expected
from orders.receipt.told import claim_told, told, why_lines
from orders.receipt.verdict import WORDS, Expected, Verdict, judge

__all__ = [
    "WORDS",
    "Claim",
    "Expected",
    "Outcome",
    "Verdict",
    "accept_as_full",
    "assign",
    "certain",
    "check",
    "choices",
    "claim_told",
    "expected",
    "get_receipt",
    "judge",
    "lacking",
    "money_claimed",
    "not_seen",
    "of_order",
    "order_accepted",
    "order_seen",
    "seen",
    "take",
    "told",
    "unclear",
    "why_lines",
]
