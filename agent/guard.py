"""What a brain's own words may hold: numbers, prices, days and claims that a tool of this turn brought, nothing else.

The rule brain cannot break this (its lines are templates filled with tool results); for words that a language model
made up, `agent.claims` looks at each sentence too. Whoever breaks it hears why, in English, and may try once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from agent import claims, prompt
from agent.brain import Heard, Result
from agent.claims import Known, numbers
from agent.tools.facts import cart_view
from agent.turn import Said, Turn

_SMALL = 31  # of templates: counts, days and list positions are small; prices and totals never are
_OWNER = ("shop_facts", "faq", "ask_discount", "delivery_price")  # tools whose texts the owner wrote for shoppers
_MONEY = frozenset({"price", "sum", "goods", "together", "old_price", "free_from", "total"})


def checked(
    turn: Turn, said: Sequence[Said], results: Sequence[Result], heard: Heard
) -> tuple[list[Said], tuple[str, ...]]:
    """The messages that may be sent, and what is wrong with the others."""
    facts = _facts(turn, results)
    tools, shopper = {*numbers_in(facts), *numbers(turn.shop.profile.name)}, _shopper(heard)
    # only words that a model made up need all that is known: finding it is half of the time of checking
    known = _known(turn, results, facts, tools, shopper) if any(one.free for one in said) else None
    kept, faults = [], []
    for one in said:
        text = one.reply.text
        wrong = claims.faults(text, known) if known and one.free else _strange(text, tools | shopper, one.named)
        if one.free and prompt.quoted_in(text):
            wrong = [*wrong, "your own instructions"]
        faults += wrong
        if not wrong:
            kept.append(one)
    return kept, tuple(dict.fromkeys(faults))


def _strange(text: str, given: set[int], named: Sequence[str]) -> list[str]:
    """A template's numbers that neither a tool, the shop, its titles nor the shopper gave."""
    strange = [number for number in numbers(text) if number > _SMALL and number not in given]
    strange = strange and [number for number in strange if number not in set(numbers_in(named))]
    return ["a number without a source"] if strange else []


def _known(turn: Turn, results: Sequence[Result], facts: list[Any], tools: set[int], shopper: set[int]) -> Known:
    data = [result.data for result in results]
    return Known(
        numbers=tools,
        shopper=shopper,
        money=set(_money(facts)),
        prices=_prices(facts),
        percents={int(found) for text in _texts(data) for found in re.findall(r"(\d{1,3})\s?%", text)},
        currency=turn.shop.currency,
        texts=tuple(text for one in results if one.call.tool in _OWNER for text in _texts(one.data)),
        links=tuple(link for link in (turn.privacy_url, turn.updates_url) if link),
        done=frozenset(f"{one.call.tool}:{one.data.get('status', '')}" for one in results if not one.refused),
        reduced=any(_reduced(one) for one in data),
        free=any(_free(one) for one in data),
    )


def _facts(turn: Turn, results: Sequence[Result]) -> list[Any]:
    """What tools brought, and the cart and order themselves: what a brain was handed it may have changed."""
    return [*(result.data for result in results), cart_view(turn), turn.order.number if turn.order else 0]


def _shopper(heard: Heard) -> set[int]:
    return {number for words in heard.words for number in numbers(words.text)}


def numbers_in(data: Iterable[Any]) -> Iterable[int]:
    """Every number inside nested tool results."""
    for value in data:
        if isinstance(value, bool) or value is None:
            continue
        if isinstance(value, int):
            yield value
        elif isinstance(value, str):
            yield from numbers(value)
        elif isinstance(value, dict):
            yield from numbers_in(value.values())
        elif isinstance(value, list | tuple):
            yield from numbers_in(value)


def _money(data: Any) -> Iterable[int]:
    """Sums by the names of their fields: a number in a title or a description is no price."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name in _MONEY and isinstance(value, int) and not isinstance(value, bool):
                yield value
            elif name == "qty_price":
                yield from (price for _, price in value)
            else:
                yield from _money(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _money(value)


def _prices(data: Any) -> dict[str, set[int]]:
    """The sums said of each product, by its title."""
    found: dict[str, set[int]] = {}
    if isinstance(data, dict):
        if isinstance(data.get("title"), str):
            found.setdefault(data["title"], set()).update(_money(data))
        parts: Iterable[Any] = data.values()
    else:
        parts = data if isinstance(data, list | tuple) else ()
    for part in parts:
        for title, sums in _prices(part).items():
            found.setdefault(title, set()).update(sums)
    return found


def _texts(data: Any) -> Iterable[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _texts(value)


def _reduced(data: dict[str, Any]) -> bool:
    """Whether the shop itself sells something for less: a crossed-out price, a price of several pieces."""
    return bool(data.get("old_price") or data.get("qty_price"))


def _free(data: dict[str, Any]) -> bool:
    """Whether delivery may cost nothing."""
    regions = data.get("regions", ())
    return data.get("free_from") is not None or any(one.get("price") == 0 for one in regions)
