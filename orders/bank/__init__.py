"""Money seen: what the bank's own messages and statements say came in, matched to orders; people press."""

from __future__ import annotations

from orders.bank.book import Book, Told, for_order, note, open_book, told, use
from orders.bank.match import Credit, Match
from orders.bank.message import IN, OUT, Context, Movement, is_one, parse, without_balance
from orders.bank.report import Paid, came, paid
from orders.bank.store import Kept, get, keep

__all__ = [
    "IN",
    "OUT",
    "Book",
    "Context",
    "Credit",
    "Kept",
    "Match",
    "Movement",
    "Paid",
    "Told",
    "came",
    "for_order",
    "get",
    "is_one",
    "keep",
    "note",
    "open_book",
    "paid",
    "parse",
    "told",
    "use",
    "without_balance",
]
