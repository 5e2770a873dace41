"""What words of banks mean, from words.yaml: which way the money went, what is no sum, heads of columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_APOSTROPHE = "['`´‘’ʻʼ′]?"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`way`: incoming, outgoing, other, balance, fee, from, card -> a pattern; `sources`, `columns` likewise."""

    way: dict[str, re.Pattern[str]]
    signs: dict[str, frozenset[str]]
    sources: dict[str, re.Pattern[str]]
    columns: dict[str, re.Pattern[str]]


@cache
def lexicon() -> Lexicon:
    """The data file, read once."""
    data: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
    plain = ("incoming", "outgoing", "other", "balance", "fee", "from", "card")
    return Lexicon(
        {name: _pattern(data[name]) for name in plain},
        {name: frozenset(signs) for name, signs in data["signs"].items()},
        {name: _pattern(phrases) for name, phrases in data["sources"].items()},
        {name: _pattern(phrases, whole=True) for name, phrases in data["columns"].items()},
    )


def _pattern(phrases: Iterable[Any], *, whole: bool = False) -> re.Pattern[str]:
    """One pattern of all phrases, the longest first. `whole`: of a cell that says nothing else."""
    said = sorted({str(one) for one in _flat(phrases)}, key=lambda one: (-len(one), one))
    body = "|".join(
        re.escape(one).replace(r"\*", r"\w*").replace("'", _APOSTROPHE).replace(r"\ ", r"\s+") for one in said
    )
    if whole:
        return re.compile(rf"(?i)\W*(?:{body})(?:\s*[(,/].*)?\W*")
    return re.compile(rf"(?i)(?<![^\W_])(?:{body})(?![^\W_])")


def _flat(phrases: Iterable[Any]) -> Iterable[Any]:
    for one in phrases:
        if isinstance(one, list):
            yield from one
        else:
            yield one
