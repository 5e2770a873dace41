"""Orders: the table of moves, and one verb per move. None of them talks; words are in `orders.told`."""

from __future__ import annotations

from orders.order.change import Change, change
from orders.order.clock import expire_due, remind_due
from orders.order.listing import as_json, list_json
from orders.order.model import Item, Order, count, get, latest, of_chat
from orders.order.money import accept_as_full, claim, confirm, problem, refund, reject, taken_back
from orders.order.moves import CHANGEABLE, LIVE, MOVES, UNPAID, lock
from orders.order.place import place
from orders.order.updates import follow
from orders.order.verbs import cancel, deliver, pack, ship

__all__ = [
    "CHANGEABLE",
    "LIVE",
    "MOVES",
    "UNPAID",
    "Change",
    "Item",
    "Order",
    "accept_as_full",
    "as_json",
    "cancel",
    "change",
    "claim",
    "confirm",
    "count",
    "deliver",
    "expire_due",
    "follow",
    "get",
    "latest",
    "list_json",
    "lock",
    "of_chat",
    "pack",
    "place",
    "problem",
    "refund",
    "reject",
    "remind_due",
    "ship",
    "taken_back",
]
