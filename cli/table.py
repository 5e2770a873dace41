"""Tables for people: readable in 80 columns, and nothing of a value is ever cut off.

At a terminal long values are folded onto further lines. Through a pipe there is no width to keep to: a row is one line,
so that `main.py orders | grep` finds it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

_BETWEEN = 2  # signs between two columns
_PIPED = 10_000  # columns; wider than any row, and a table is never wider than what stands in it


def show(columns: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "") -> None:
    """Print a table of plain text; `title` stands above it."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else _PIPED, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for name, wide in zip(columns, _widths(columns, rows, console.width - 1), strict=True):
        table.add_column(name, overflow="fold", width=wide)
    for row in rows:
        table.add_row(*map(Text, row))
    if title:
        print(title)
    console.print(table)


def _widths(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """A width for each column, `width` in all: long texts give way first, then words are broken, the longest first."""
    texts = [[name, *(row[at] for row in rows)] for at, name in enumerate(columns)]
    wanted = [max(1, *map(len, column)) for column in texts]
    words = [max([1, *(len(word) for text in column for word in text.split())]) for column in texts]
    room = max(width - _BETWEEN * (len(columns) - 1), len(columns))
    while sum(wanted) > room:
        spare = [has - needs for has, needs in zip(wanted, words, strict=True)]
        at = spare.index(max(spare)) if max(spare) > 0 else wanted.index(max(wanted))
        wanted[at] -= 1
    return wanted
