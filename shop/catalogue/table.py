"""A catalogue file as text cells: `.csv` in any usual encoding and delimiter, the first sheet of an `.xlsx`.

Files come from strangers' spreadsheets: sizes are checked before anything is unpacked into memory (a small `.xlsx` can
hold a billion cells), and numbers that Excel made of articles and prices become text again.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kit.errors import Refused

_FILE_BYTES = 20_000_000
_ROWS = 100_000
_COLUMNS = 200
_CELLS = 2_000_000  # a dense table in memory: 32 bytes a cell in calamine, 64 MB
_UNPACKED_BYTES = 150_000_000  # looked through 1 MB at a time, 1 s at most
_CELL_CHARS = 10_000
# invisible letters that change how a line is read (bidi marks, zero widths, soft hyphen), control codes but \n and \t
_UNSEEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: its number in the file (the header is 1) and its cells."""

    number: int
    cells: list[str]


def read_table(path: Path) -> tuple[list[str], Iterator[Line]]:
    """The header and the rows below it. Refused("shop.file_...") when the file as a whole cannot be used."""
    try:
        size = path.stat().st_size
    except OSError as wrong:
        raise Refused("shop.file_missing", name=path.name) from wrong
    if size > _FILE_BYTES:
        raise Refused("shop.file_large", name=path.name, megabytes=_FILE_BYTES // 1_000_000)
    readers = {".csv": _csv_lines, ".xlsx": _xlsx_lines}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise Refused("shop.file_type", name=path.name)
    lines = reader(path)
    header = next((line for line in lines if any(line.cells)), None)
    if header is None:
        raise Refused("shop.file_empty", name=path.name)
    return header.cells, (line for line in lines if any(line.cells))


def clean(text: str) -> str:
    """A cell without invisible letters, outer spaces and the apostrophe that spreadsheets put before formulas."""
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text)).strip()
    return text[1:] if re.match(r"'[=+\-@]", text) else text


def _csv_lines(path: Path) -> Iterator[Line]:
    text = _decoded(path)
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = 0
    try:
        for count, cells in enumerate(reader):
            _bound(path, count, len(cells))
            yield Line(before + 1, [clean(cell[: _CELL_CHARS + 1]) for cell in cells])
            before = reader.line_num
    except csv.Error as wrong:
        raise Refused("shop.file_broken", name=path.name, line=before + 1) from wrong


def _decoded(path: Path) -> str:
    """The text of a .csv: UTF-8, UTF-16 by its mark, or the Windows Cyrillic that Russian Excel writes."""
    data = path.read_bytes()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif b"\x00" in data:
        encodings = []
    else:
        encodings = ["utf-8-sig", "cp1251"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("shop.file_broken", name=path.name, line=1)


def _delimiter(text: str) -> str:
    """The delimiter that parts the header into most cells: quotes and semicolons inside cells do not confuse it."""
    head = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").split("\n", 1)[0])
    return max(",;\t", key=head.count)


def _xlsx_lines(path: Path) -> Iterator[Line]:
    import python_calamine  # a compiled reader: only where a spreadsheet is at hand

    _check_xlsx(path)
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
            sheet = book.get_sheet_by_index(0)
            _bound(path, sheet.total_height - 1, sheet.total_width)
            first = sheet.start[0] if sheet.start else 0
            for count, cells in enumerate(sheet.iter_rows()):
                if count >= first:
                    yield Line(count + 1, [_cell(cell) for cell in cells])
    except (
        python_calamine.CalamineError,
        python_calamine.PasswordError,
        python_calamine.WorksheetNotFound,
        python_calamine.XmlError,
        python_calamine.ZipError,
        IndexError,
    ) as wrong:
        raise Refused("shop.file_broken", name=path.name, line=1) from wrong


def _cell(value: object) -> str:
    """A spreadsheet's value as people wrote it: 101.0 is the article 101."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return str(value)
    return clean(str(value)[: _CELL_CHARS + 1])


def _bound(path: Path, rows: int, columns: int) -> None:
    """Refuses tables larger than any catalogue; `rows` without the header."""
    if rows > _ROWS:
        raise Refused("shop.file_rows", name=path.name, most=_ROWS)
    if columns > _COLUMNS:
        raise Refused("shop.file_columns", name=path.name, most=_COLUMNS)


_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=\"(\d{1,9})\"")
_CELL_COLUMN = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]{1,4})\d")
_CELL = re.compile(rb"<(?:\w+:)?c[ />]")


def _check_xlsx(path: Path) -> None:
    """Looks through the packed parts without keeping them: how far do rows and columns reach, how large is it all."""
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > _UNPACKED_BYTES or len(packed.infolist()) > 1000:
                raise Refused("shop.file_large", name=path.name, megabytes=_UNPACKED_BYTES // 1_000_000)
            for part in packed.infolist():
                if part.filename.endswith(".xml"):
                    _check_part(path, packed, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as wrong:
        raise Refused("shop.file_broken", name=path.name, line=1) from wrong


def _check_part(path: Path, packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """One XML part: no document type (entities), and a sheet whose table fits."""
    sheet = part.filename.startswith("xl/worksheets/")
    rows, widest, cells, tail = 0, 0, 0, b""
    with packed.open(part) as file:
        while chunk := file.read(1 << 20):
            window = tail + chunk
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                raise Refused("shop.file_broken", name=path.name, line=1)
            if not sheet:
                tail = chunk[-16:]
                continue
            cut = window.rfind(b"<") if len(window) - window.rfind(b"<") < 4096 else len(window)
            whole, tail = window[:cut], window[cut:]
            rows = max([rows, *map(int, _ROW_NUMBER.findall(whole))])
            widest = max([widest, *map(_column, set(_CELL_COLUMN.findall(whole)))])
            cells += len(_CELL.findall(whole))
            _bound(path, rows - 1, widest)
            if max(cells, rows * widest) > _CELLS:
                raise Refused("shop.file_rows", name=path.name, most=_ROWS)


def _column(letters: bytes) -> int:
    """The number of a column by its letters: A is 1, XFD is 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
