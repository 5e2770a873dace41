"""Numbers in what is said must come from the shop's data or from the shopper: nothing may be made up.

The rule brain cannot break this (its lines are templates filled with tool results); the check holds for every brain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import structlog

from agent.brain import Heard
from agent.turn import Said, Turn

log = structlog.get_logger(__name__)
_NUMBER = re.compile(r"\d(?:[\d\u00a0\u202f .,]*\d)?")
_SMALL = 31  # counts, days and list positions are small; prices and totals never are


def check(turn: Turn, said: list[Said], results: Sequence[Any], heard: Heard) -> bool:
    """Drops messages with a number that neither a tool, the shop nor the shopper gave; whether none had one."""
    known = set(_numbers_in(results)) | set(_numbers_in([heard.cart, heard.open_order]))
    known |= {number for words in heard.words for number in _numbers(words.text)}
    known |= set(_numbers(turn.shop.profile.name))
    before = len(said)
    for one in list(said):
        strange = [number for number in _numbers(one.reply.text) if number > _SMALL and number not in known]
        if strange:
            log.warning("agent.number_without_source", shop=turn.shop.id, count=len(strange))
            said.remove(one)
    return len(said) == before


def _numbers(text: str) -> list[int]:
    """Whole numbers in a text, groups of three joined: `250 000` is one, so is each of `10:00-20:00`."""
    found = []
    for match in _NUMBER.finditer(text):
        run = match.group()
        if re.fullmatch(r"\d{1,3}(?:[\u00a0\u202f .,]\d{3})+", run):
            found.append(int(re.sub(r"\D", "", run)))
        else:
            found += [int(part) for part in re.findall(r"\d+", run)]
    return found


def _numbers_in(data: Iterable[Any]) -> Iterable[int]:
    """Every number inside nested tool results."""
    for value in data:
        if isinstance(value, bool) or value is None:
            continue
        if isinstance(value, int):
            yield value
        elif isinstance(value, str):
            yield from _numbers(value)
        elif isinstance(value, dict):
            yield from _numbers_in(value.values())
        elif isinstance(value, list | tuple):
            yield from _numbers_in(value)
