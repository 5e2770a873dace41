"""The cart: its value, what it costs, what is still to ask, and the summary a yes is said to."""

from __future__ import annotations

from orders.cart.missing import SLOTS, asked_of, enough, missing, proposal, to_check
from orders.cart.summary import summary, summary_lines
from orders.cart.totals import COURIER, PICKUP, POST, Priced, Totals, in_city, totals, way
from orders.cart.value import MOST_PIECES, Cart, Line, Pick, drop, is_local, load, save

__all__ = [
    "COURIER",
    "MOST_PIECES",
    "PICKUP",
    "POST",
    "SLOTS",
    "Cart",
    "Line",
    "Pick",
    "Priced",
    "Totals",
    "asked_of",
    "drop",
    "enough",
    "in_city",
    "is_local",
    "load",
    "missing",
    "proposal",
    "save",
    "summary",
    "summary_lines",
    "to_check",
    "totals",
    "way",
]
