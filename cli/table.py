"""Tables for people: readable in 80 columns, and nothing of a value is ever cut off.

At a terminal long values are folded onto further lines. Through a pipe there is no width to keep to: a row is one line,
so that `main.py orders | grep` finds it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

_PIPED = 10_000  # columns; wider than any row, and a table is never wider than what stands in it


def show(columns: Sequence[str], rows: Iterable[Sequence[str]], *, firm: Sequence[str] = (), title: str = "") -> None:
    """Print a table of plain text; the `firm` columns stay on one line while there is room."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, title=title or None, title_justify="left")
    for name in columns:
        table.add_column(name, overflow="fold", no_wrap=name in firm)
    for row in rows:
        table.add_row(*map(Text, row))
    Console(width=None if sys.stdout.isatty() else _PIPED, highlight=False).print(table)
