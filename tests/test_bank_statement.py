"""Statements of banks: `.csv`, `.xlsx` and PDF; heads in any language; the balance is no sum."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import openpyxl
import pytest

from kit.errors import Refused
from orders import bank
from orders.bank import statement
from tests.bank_words import TASHKENT

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=TASHKENT)
CONTEXT = bank.Context(frozenset({"1234"}), "UZS", TASHKENT, NOW)
RU = [
    ["Выписка по карте", "", "", "", ""],
    ["Период", "01.11.2026 - 20.11.2026", "", "", ""],
    ["Дата операции", "Описание", "Приход", "Расход", "Остаток"],
    ["18.11.2026 12:20", "P2P 8600 12** **** 4321", "150 000,00", "", "1 000 000,00"],
    ["18.11.2026 12:25", "KORZINKA", "", "82 500,00", "917 500,00"],
    ["19.11.2026", "P2P", "150 000,00", "0,00", "1 067 500,00"],
    ["Итого", "", "300 000,00", "82 500,00", ""],
]
UZ = [
    ["Sana", "Amaliyot turi", "Summa", "Valyuta", "Karta"],
    ["2026-11-18 12:20:05", "To'ldirish", "150000.00", "UZS", "860012******1234"],
    ["2026-11-18 13:00:00", "To'lov", "90000.00", "UZS", "860012******1234"],
    ["2026-11-18 13:10:00", "To'ldirish bekor qilindi", "70000.00", "UZS", "860012******1234"],
]
EN = [
    ["Date", "Time", "Amount", "Reference", "Balance"],
    ["18.11.2026", "12:20", "+150,000.00", "TX-77001", "350,000.00"],
    ["18.11.2026", "12:20", "+150,000.00", "TX-77002", "500,000.00"],
    ["18.11.2026", "12:40", "-20,000.00", "TX-77003", "480,000.00"],
]


def csv_of(table: list[list[str]], by: str = ";", encoding: str = "utf-8") -> bytes:
    return "\n".join(by.join(f'"{cell}"' for cell in row) for row in table).encode(encoding)


def xlsx_of(table: list[list[str]]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in table:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def pdf_of(table: list[list[str]], pages: int = 1) -> bytes:
    """A PDF with a text layer, written by hand: Helvetica, a cell at a place."""
    rows = [
        f"BT /F1 9 Tf {40 + 105 * column} {780 - 18 * line} Td ({cell}) Tj ET"
        for line, cells in enumerate(table)
        for column, cell in enumerate(cells)
        if cell
    ]
    text = "\n".join(rows)
    kids = " ".join(f"{5 + n} 0 R" for n in range(pages))
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    page = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R /Resources << /Font << /F1 4 0 R >> >> >>"
    )
    parts += [page] * pages
    out, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n"
    table_ = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(parts) + 1
    return f"{out}xref\n0 {count}\n0000000000 65535 f \n{table_}trailer << /Size {count} /Root 1 0 R >>\n".encode() + (
        f"startxref\n{len(out)}\n%%EOF\n".encode()
    )


async def told(data: bytes, name: str) -> list[tuple[str, int, str, bool, int]]:
    return [
        (one.way, one.amount, one.since.strftime("%d %H:%M"), one.exact, one.nth)
        for one in await statement.read(data, name, CONTEXT)
    ]


async def test_the_heads_are_found_below_the_banks_own_lines() -> None:
    wanted = [("in", 150_000, "18 12:20", True, 0), ("out", 82_500, "18 12:25", True, 0)]
    wanted.append(("in", 150_000, "19 00:00", False, 0))
    assert await told(csv_of(RU), "vypiska.csv") == wanted
    assert await told(csv_of(RU, encoding="cp1251"), "vypiska.CSV") == wanted
    assert await told(xlsx_of(RU), "vypiska.xlsx") == wanted
    first = (await statement.read(csv_of(RU), "v.csv", CONTEXT))[0]
    assert (first.sender4, first.source) == ("4321", "statement")


async def test_one_column_of_sums_goes_by_its_words_and_signs() -> None:
    assert [one[:2] for one in await told(csv_of(UZ, ","), "k.csv")] == [
        ("in", 150_000),
        ("out", 90_000),
        ("out", 70_000),
    ]
    assert [one[:2] for one in await told(xlsx_of(EN), "k.xlsx")] == [("in", 150_000), ("in", 150_000), ("out", 20_000)]


async def test_alike_lines_are_two_credits() -> None:
    table = [row[:3] for row in EN]
    found = await statement.read(csv_of(table), "k.csv", CONTEXT)
    assert [one.nth for one in found] == [0, 1, 0]


async def test_a_pdf_is_read_by_its_own_text_also_on_its_third_page() -> None:
    found = await told(pdf_of(EN, pages=3), "statement.pdf")
    assert [one[:3] for one in found][:3] == [
        ("in", 150_000, "18 12:20"),
        ("in", 150_000, "18 12:20"),
        ("out", 20_000, "18 12:40"),
    ]
    assert len(found) == 9


@pytest.mark.parametrize(
    ("data", "name", "key"),
    [
        (csv_of([["a", "b"], ["1", "2"]]), "x.csv", "bank.statement_columns"),
        (csv_of(RU[:3]), "x.csv", "bank.statement_empty"),
        (b"", "x.csv", "bank.statement_empty"),
        (b"PK\x03\x04 broken", "x.xlsx", "shop.file_broken"),
        (b"\xd0\xcf\x11\xe0", "x.xls", "bank.statement_type"),
        (b"%PDF-1.4\nbroken", "x.pdf", "bank.statement_scan"),
    ],
)
async def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(data: bytes, name: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        await statement.read(data, name, CONTEXT)
    assert refused.value.key == key and refused.value.facts["name"] == name


def test_no_balance_is_ever_a_sum() -> None:
    for table in (RU, UZ, EN):
        found = statement.parse(table, "x", CONTEXT)
        assert {one.amount for one in found} <= {150_000, 82_500, 90_000, 70_000, 20_000}
        assert all(one.since < NOW + timedelta(days=1) for one in found)
