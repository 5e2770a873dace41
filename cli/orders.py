"""`orders`, `chats` and `claim`: what a shop has, for people and scripts, beside a running server or without one."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from cli import table
from cli.stores import open_stores
from kit import db
from kit.config import Config

Row = dict[str, Any]
# column of the table -> key of the row; the table is for people, --json has everything
_ORDER_COLUMNS = {
    "no": "number",
    "placed (UTC)": "created_at",
    "status": "status",
    "total": "total",
    "paid": "paid",
    "name": "name",
    "phone": "phone",
    "channel": "channel",
}
_CHAT_COLUMNS = {
    "channel": "channel",
    "shopper": "shopper",
    "lang": "language",
    "handed over": "handed_over",
    "paused until (UTC)": "paused_until",
    "last message (UTC)": "last_message_at",
}
_TIME = re.compile(r"^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d):\d\d\S*$")


def orders(config: Config, shop_id: str, as_json: bool) -> int:
    """Print the placed orders of a shop."""
    from orders.order import list_json

    async def listed(pool: db.Pool) -> list[Row]:
        return [row async for row in list_json(pool, shop_id)]

    _print(_read(config, listed), as_json, _ORDER_COLUMNS)
    return 0


def chats(config: Config, shop_id: str, as_json: bool) -> int:
    """Print the conversations of a shop."""
    from shop.contacts import list_json

    _print(_read(config, lambda pool: list_json(pool, shop_id)), as_json, _CHAT_COLUMNS)
    return 0


def claim(config: Config, shop_id: str) -> int:
    """Print a fresh owner's code; status 1 when the shop has an owner, who invites by /invite."""
    from shop.staff import owner_code

    async def fresh() -> str | None:
        async with open_stores(config, 2) as stores, db.transaction(stores.pool) as tx:
            return await owner_code(tx, shop_id)

    code = asyncio.run(fresh())
    if code is None:
        print(f"{shop_id} has an owner; others are invited by the owner with /invite")
        return 1
    print(f"claim {shop_id} {code}")
    return 0


def _read(config: Config, query: Callable[[db.Pool], Awaitable[list[Row]]]) -> list[Row]:
    async def rows() -> list[Row]:
        async with open_stores(config, 2) as stores:
            return await query(stores.pool)

    return asyncio.run(rows())


def _print(rows: list[Row], as_json: bool, columns: dict[str, str]) -> None:
    if as_json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False, default=str))
        return
    table.show(list(columns), [[_cell(key, row.get(key)) for key in columns.values()] for row in rows])


def _cell(key: str, value: Any) -> str:
    """A value for a person: nothing for None, words without underscores, times to the minute (UTC, as in --json)."""
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if key == "status":
        return str(value).replace("_", " ")
    return _TIME.sub(r"\1 \2", str(value))
