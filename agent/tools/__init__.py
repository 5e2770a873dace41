"""What a brain may do. Every tool is a plain async function; its docstring is what a language model reads.

No tool takes a price, a customer, a status or a card: scope comes from the turn. Reading tools read at once; the cart
is a value of the turn; whatever changes records is queued as a `Write` and run once by `agent.loop.apply`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from typing import Any, TypeAlias, get_args, get_origin

from agent.brain import Call, Result
from agent.tools import facts
from agent.tools.choice import Data
from agent.tools.goods import add_to_cart, change_item, clear_cart, remove_item
from agent.tools.order import (
    ask_discount,
    ask_exchange,
    ask_stock,
    cancel_order,
    change_order,
    claim_payment,
    hand_over,
    last_order,
    missing_slots,
    order_status,
    place_order,
    show_card,
    show_summary,
)
from agent.tools.person import (
    correct_phone,
    decline,
    set_address,
    set_delivery,
    set_location,
    set_name,
    set_phone,
    use_saved,
)
from agent.turn import Turn
from kit.errors import Refused

Tool: TypeAlias = Callable[..., Awaitable[Data]]
TOOLS: tuple[Tool, ...] = (
    *facts.TOOLS,
    add_to_cart,
    change_item,
    remove_item,
    clear_cart,
    set_phone,
    correct_phone,
    set_address,
    set_location,
    set_name,
    set_delivery,
    use_saved,
    decline,
    missing_slots,
    show_summary,
    place_order,
    ask_stock,
    change_order,
    last_order,
    cancel_order,
    order_status,
    show_card,
    claim_payment,
    hand_over,
    ask_discount,
    ask_exchange,
)
_BY_NAME = {tool.__name__: tool for tool in TOOLS}


async def run(turn: Turn, call: Call) -> Result:
    """Runs one call. What a brain may not do, or does wrongly, is told to it as `refused`; it changes nothing."""
    tool = _BY_NAME.get(call.tool)
    if tool is None or not _fits(tool, call.args):
        turn.counted(call.tool if tool else "unknown", "wrong")
        return Result(call, refused="talk.no_such_tool")
    try:
        done = Result(call, await tool(turn, **call.args))
    except Refused as refused:
        turn.counted(call.tool, "refused")
        return Result(call, dict(refused.facts), refused=refused.key)
    turn.counted(call.tool, "ok")
    return done


def _fits(tool: Tool, args: dict[str, Any]) -> bool:
    """Whether the arguments are ones the tool takes, of its types (a brain may send anything)."""
    wanted = _parameters(tool)
    if any(name not in wanted or name == "turn" for name in args):
        return False
    needed = [name for name, one in wanted.items() if one.default is inspect.Parameter.empty and name != "turn"]
    if any(name not in args for name in needed):
        return False
    return all(_is(args[name], wanted[name].annotation) for name in args)


@cache
def _parameters(tool: Tool) -> Mapping[str, inspect.Parameter]:
    """What one of `TOOLS` takes; reading it takes 0.1 ms."""
    return inspect.signature(tool, eval_str=True).parameters


def _is(value: object, kind: object) -> bool:
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is str:  # a zero byte or half a character cannot be stored
        return isinstance(value, str) and not re.search("[\x00\ud800-\udfff]", value)
    if get_origin(kind) is list:
        return isinstance(value, list) and all(_is(one, get_args(kind)[0]) for one in value)
    return isinstance(value, kind) if isinstance(kind, type) else False
