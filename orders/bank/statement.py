"""A bank's statement -> its movements. A table is found by the heads of its columns, wherever in the file it begins.

The balance column is never read. A statement comes as `.csv`, `.xlsx`, or a PDF with a text layer.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from kit.errors import Refused, Unavailable
from kit.money import EXPONENT
from orders.bank.message import IN, OUT, Context, Movement, numbered, span
from orders.bank.words import lexicon
from shop.catalogue.table import read_table
from vision import child, receipt_words, work
from vision import receipt_values as values
from vision.image import is_pdf

if TYPE_CHECKING:
    Columns = dict[str, int]

SUFFIXES = (".csv", ".xlsx")
_HEAD_ROWS = 60  # above the table stand the bank, the customer and the period
_MOST = 2000  # lines of a statement: a year of a busy card
_SUM = re.compile(r"([+\-−–(]?)\s?(\d[\d .,']*\d|\d)\)?")
_CENTS = re.compile(r"[.,](\d{1,2})$")


async def read(data: bytes, name: str, context: Context) -> list[Movement]:
    """The movements of a file. Refused: bank.statement_* and shop.file_*, each saying what to do."""
    if is_pdf(data):
        table = _of_pdf(await _lines(data, name))
    else:
        table = await work.run(_of_table, data, name)
    return parse(table, name, context)


def parse(table: Sequence[Sequence[str]], name: str, context: Context) -> list[Movement]:
    """The movements in rows of cells; Refused when no row has the heads of a statement or none below has a sum."""
    head = next((at for at, row in enumerate(table[:_HEAD_ROWS]) if _is_head(_columns(row))), None)
    if head is None:
        raise Refused("bank.statement_columns", name=name)
    columns = _columns(table[head])
    found = [one for row in table[head + 1 :] if (one := _row(row, columns, context)) is not None]
    if not found:
        raise Refused("bank.statement_empty", name=name)
    if len(found) > _MOST:
        raise Refused("bank.statement_long", name=name, most=_MOST)
    return numbered(found)


def _columns(row: Sequence[str]) -> Columns:
    """What each head of this row names: kind -> its place."""
    found: Columns = {}
    for place, cell in enumerate(row):
        for kind, pattern in lexicon().columns.items():
            if kind not in found and cell and pattern.fullmatch(cell):
                found[kind] = place
                break
    return found


def _is_head(columns: Columns) -> bool:
    return "date" in columns and bool({"incoming", "amount"} & columns.keys())


def _row(row: Sequence[str], columns: Columns, context: Context) -> Movement | None:
    """One line; None for totals, headings and lines without a sum or a date."""

    def cell(kind: str) -> str:
        place = columns.get(kind)
        return row[place].strip() if place is not None and place < len(row) else ""

    day = values.day(cell("date"))
    if day is None:
        return None
    currency = receipt_words.currency(cell("currency")) or context.currency
    way, amount = _money(cell, currency)
    if not amount:
        return None
    clock = values.clock(cell("time")) or values.clock(cell("date"))
    since, until = span(date.fromisoformat(day), clock if clock != "00:00" else None, context.zone)
    senders = values.cards(cell("sender_card")) or values.cards(cell("details"))
    own = values.cards(cell("card"))
    return Movement(
        way,
        amount,
        currency,
        since,
        until,
        own[0].tail if own else "",
        next((card.tail for card in senders if not own or card.tail != own[0].tail), ""),
        cell("sender")[:60],
        cell("reference")[:60],
        "statement",
    )


def _money(cell: Any, currency: str) -> tuple[str, int]:
    """Which way and how much; ("out", 0) where a line has no sum."""
    incoming, outgoing, amount = (_sum(cell(kind), currency) for kind in ("incoming", "outgoing", "amount"))
    told, words = f"{cell('kind')} {cell('details')}", lexicon().way
    if incoming or outgoing:
        failed = words["other"].search(told)
        return (IN if incoming > 0 and outgoing == 0 and not failed else OUT), abs(incoming or outgoing)
    said_in, said_out = words["incoming"].search(told), words["outgoing"].search(told)
    if amount < 0 or words["other"].search(told):
        return OUT, abs(amount)
    if said_in and (not said_out or said_in.start() < said_out.start()):
        return IN, amount
    plus = cell("amount").startswith("+")
    return (IN if plus and not said_out else OUT), amount


def _sum(text: str, currency: str) -> int:
    """The number of a cell in the smallest unit in use; 0 for none. Brackets and a minus make it negative."""
    match = _SUM.search(text)
    if match is None:
        return 0
    cents = _CENTS.search(match[2])
    whole = int(re.sub(r"\D", "", match[2][: cents.start()] if cents else match[2]) or 0)
    if EXPONENT.get(currency, 2):
        whole = whole * 100 + (int(cents[1].ljust(2, "0")) if cents else 0)
    return -whole if match[1] in "-−–(" and match[1] else whole


# ---- files


def _of_table(data: bytes, name: str) -> list[list[str]]:
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise Refused("bank.statement_type", name=name)
    with tempfile.TemporaryDirectory() as folder:  # 0700, and gone with the block: it holds a balance
        path = Path(folder) / f"statement{suffix}"
        path.write_bytes(data)
        try:
            head, lines = read_table(path)
            return [head, *(line.cells for line in lines)]
        except Refused as refused:
            key = "bank.statement_empty" if refused.key == "shop.file_empty" else refused.key
            raise Refused(key, **{**refused.facts, "name": name}) from refused


async def _lines(data: bytes, name: str) -> list[dict[str, Any]]:
    """The text layer of a PDF; Refused where it is only a picture of a statement."""
    try:
        found = await child.the_child().read(data)
    except Refused as refused:
        raise Refused("bank.statement_scan", name=name) from refused
    except Unavailable as gave_up:
        if gave_up.retry_after:
            raise  # others are being read: a little later
        raise Refused("bank.statement_scan", name=name) from gave_up
    lines: list[dict[str, Any]] = found["lines"]
    if not any(line["source"] == "layer" for line in lines):
        raise Refused("bank.statement_scan", name=name)
    return lines


def _of_pdf(lines: Iterable[dict[str, Any]]) -> list[list[str]]:
    """Rows of cells out of pieces of text with their places. Below the heads a piece goes to the head above it."""
    rows = _rows(sorted(lines, key=lambda one: (one["top"] + one["bottom"]) / 2))
    heads: list[tuple[float, float]] = []
    table: list[list[str]] = []
    for row in rows:
        cells = [str(piece["text"]) for piece in row]
        if _is_head(_columns(cells)):
            heads = [(piece["left"], piece["right"]) for piece in row]
        elif heads:
            cells = _under(row, heads)
        table.append(cells)
    return table


def _rows(lines: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    height = median(one["bottom"] - one["top"] for one in lines) if lines else 0.0
    rows: list[list[dict[str, Any]]] = []
    for one in lines:
        middle = (one["top"] + one["bottom"]) / 2
        last = rows[-1][0] if rows else None
        if last is not None and abs(middle - (last["top"] + last["bottom"]) / 2) < height * 0.6:
            rows[-1].append(one)
        else:
            rows.append([one])
    return [sorted(row, key=lambda one: one["left"]) for row in rows]


def _under(row: Sequence[dict[str, Any]], heads: Sequence[tuple[float, float]]) -> list[str]:
    """Each piece below the head it overlaps most, else the nearest."""
    cells = [""] * len(heads)
    for piece in row:
        left, right = piece["left"], piece["right"]

        def apart(at: int, left: float = left, right: float = right) -> float:
            return max(heads[at][0] - right, left - heads[at][1])

        place = min(range(len(heads)), key=apart)
        cells[place] = f"{cells[place]} {piece['text']}".strip()
    return cells
