"""Files of strangers become rows, or a sentence that says why not."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import Refused
from kit.words import LANGUAGES
from shop.catalogue import RefusedRow, Row, read_rows
from shop.catalogue.table import clean

SHOP = Path(__file__).parent / "shop" / "catalog.csv"
HEAD = "sku,title_uz,title_ru,description,category,price,currency,sizes,colors,stock,photo"


def read(tmp_path: Path, text: str, name: str = "c.csv", encoding: str = "utf-8") -> tuple[list[Row], list[RefusedRow]]:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return read_rows(path)


def test_the_whole_test_shop_is_good() -> None:
    rows, refused = read_rows(SHOP)
    assert (len(rows), refused) == (62, [])
    first = rows[0].product
    assert (first.sku, first.price, first.sizes[:2], first.colors[0]) == ("LS-101", 79000, ("S", "M"), "oq")
    assert rows[0].stock and rows[0].stock[0].variant == "S/oq" and rows[0].stock[0].count == 5
    assert rows[0].pictures == ("ls-101.jpg",)


@pytest.mark.parametrize(
    ("cells", "column", "key"),
    [
        (",Nom,,,,100,,,,,", "sku", "shop.row_empty"),
        ("A,,,,,100,,,,,", "title_uz", "shop.row_empty"),
        ("A,Nom,,,,,,,,,", "price", "shop.row_empty"),
        ("A,Nom,,,,arzon,,,,,", "price", "shop.row_price"),
        ("A,Nom,,,,0,,,,,", "price", "shop.row_price"),
        ("A,Nom,,,,-5,,,,,", "price", "shop.row_price"),
        ("A,Nom,,,,9999999999999,,,,,", "price", "shop.row_price"),
        ("A,Nom,,,,100,XYZ,,,,", "currency", "shop.row_currency"),
        ("A,Nom,,,,100,,S;M,,S=1;Q=2,", "stock", "shop.row_stock_variant"),
        ("A,Nom,,,,100,,S;M,,S=1;S=2,", "stock", "shop.row_stock_twice"),
        ("A,Nom,,,,100,,,,-3,", "stock", "shop.row_stock"),
        ("A,Nom,,,,100,,,,2.5,", "stock", "shop.row_stock"),
        (f"{'A' * 41},Nom,,,,100,,,,,", "sku", "shop.row_long"),
        (f"A,{'n' * 201},,,,100,,,,,", "title_uz", "shop.row_long"),
    ],
)
def test_a_wrong_row_is_refused_with_its_column(tmp_path: Path, cells: str, column: str, key: str) -> None:
    rows, refused = read(tmp_path, f"{HEAD}\n{cells}\nB,Yaxshi,,,,5000,,,,,\n")
    assert [row.product.sku for row in rows] == ["B"]
    assert [(bad.line, bad.column, bad.key) for bad in refused] == [(2, column, key)]
    assert all(bad.say(language) for bad in refused for language in LANGUAGES)


def test_the_second_row_of_an_article_is_refused_with_the_line_of_the_first(tmp_path: Path) -> None:
    rows, refused = read(tmp_path, f"{HEAD}\nA,Bir,,,,100,,,,,\nA,Ikki,,,,200,,,,,\n")
    assert rows[0].product.price == 100
    assert (refused[0].line, refused[0].facts["line"]) == (3, 2)


@pytest.mark.parametrize(
    ("written", "price"),
    [
        ("79000", 79000),
        ("79 000", 79000),
        ("79.000", 79000),
        ("79,000", 79000),
        ("1'250'000", 1250000),
        ("79000.0", 79000),
        ("79 000 so'm", 79000),
        ("79000,00", 79000),
        ("1\u00a0190\u00a0000", 1190000),
        ("500", 500),
    ],
)
def test_prices_as_people_write_them(tmp_path: Path, written: str, price: int) -> None:
    rows, _ = read(tmp_path, f'{HEAD}\nA,Nom,,,,"{written}",,,,,\n')
    assert rows[0].product.price == price


def test_cents_count_where_they_are_in_use(tmp_path: Path) -> None:
    rows, refused = read(tmp_path, f'{HEAD}\nA,Nom,,,,"12.50",USD,,,,\nB,Nom,,,,"12.50",UZS,,,,\n')
    assert rows[0].product.price == 1250
    assert refused[0].key == "shop.row_price"


@pytest.mark.parametrize(
    ("stock", "state"),
    [
        ("5", [("*", "counted", 5)]),
        ("", [("*", "unknown", 0)]),
        ("bor", [("*", "in", 0)]),
        ("есть", [("*", "in", 0)]),
        ("in", [("*", "in", 0)]),
        ("yo'q", [("*", "counted", 0)]),
        ("Нет", [("*", "counted", 0)]),
        ("out", [("*", "counted", 0)]),
        ("S=1;m=0", [("S/qora", "counted", 1), ("M/qora", "counted", 0)]),
        ("qora/S=2;M/Қора=bor", [("S/qora", "counted", 2), ("M/qora", "in", 0)]),
    ],
)
def test_stock_in_all_its_forms(tmp_path: Path, stock: str, state: list[tuple[str, str, int]]) -> None:
    rows, refused = read(tmp_path, f'{HEAD}\nA,Nom,,,,100,,S;M,qora,"{stock}",\n')
    assert not refused
    assert [(cell.variant, cell.mode, cell.count) for cell in rows[0].stock or ()] == state


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_of_spreadsheets(tmp_path: Path, encoding: str, delimiter: str) -> None:
    head = delimiter.join(["Артикул", "Название", "Цена", "Размер", "Остаток"])
    row = delimiter.join(["K-1", "Платье", "250 000", '"S;M"', '"S=1;M=2"'])
    rows, refused = read(tmp_path, f"{head}\r\n{row}\r\n", encoding=encoding)
    assert not refused
    assert rows[0].product.title("ru") == "Платье"
    assert rows[0].product.sizes == ("S", "M")


def test_optional_columns(tmp_path: Path) -> None:
    head = "sku,title_uz,price,old_price,min_price,qty_price,mxik,vat_percent"
    rows, refused = read(tmp_path, f"{head}\nA,Nom,60000,80000,50000,3=58000;10=54000,06109001,12\nB,Nom,1,x,,,,\n")
    product = rows[0].product
    assert (product.old_price, product.min_price) == (80000, 50000)
    assert [product.price_for(qty) for qty in (1, 2, 3, 9, 10)] == [60000, 60000, 58000, 58000, 54000]
    assert product.fiscal == {"mxik": "06109001", "vat_percent": 12}
    assert refused[0].column == "old_price"


def test_xlsx_numbers_become_text_again(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["sku", "title_uz", "price", "sizes", "stock", "photo"])
    sheet.append([101, "Futbolka", 79000.0, 42, 5, "a.jpg"])
    sheet.append(["007", "Kepka", "69 000", None, "bor", None])
    sheet.append([None] * 6)
    sheet.append(["x", "Narxsiz", None, None, None, None])
    book.save(tmp_path / "c.xlsx")
    rows, refused = read_rows(tmp_path / "c.xlsx")
    assert [(row.product.sku, row.product.price, row.product.sizes) for row in rows] == [
        ("101", 79000, ("42",)),
        ("007", 69000, ()),
    ]
    assert [(bad.line, bad.column) for bad in refused] == [(5, "price")]


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("no.txt", b"sku,price\n", "shop.file_type"),
        ("c.csv", b"", "shop.file_empty"),
        ("c.csv", b"title_uz,price\nx,1\n", "shop.file_no_column"),
        ("c.csv", b"sku,title_uz\nx,1\n", "shop.file_no_column"),
        ("c.csv", b"\x00\x01\x02\x00", "shop.file_broken"),
        ("c.csv", b'sku,title_uz,price\n"A,Nom,1\n', "shop.file_broken"),
        ("c.csv", b"sku,title_uz,price" + b",x" * 300 + b"\n", "shop.file_columns"),
        ("c.xlsx", b"PK\x03\x04 not a zip", "shop.file_broken"),
        ("c.xlsx", b"sku,price", "shop.file_broken"),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused_with_a_sentence(
    tmp_path: Path, name: str, data: bytes, key: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Refused) as no:
        read_rows(tmp_path / name)
    assert no.value.key == key


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"shop\.file_missing"):
        read_rows(tmp_path / "none.csv")


def sheet_of(tmp_path: Path, body: str, extra: dict[str, str] | None = None) -> Path:
    """A minimal .xlsx whose first sheet is `body`."""
    path = tmp_path / "bomb.xlsx"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" '
        f'Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets>'
        '<sheet name="s" sheetId="1" r:id="b"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="b" '
        f'Type="{links}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
        **(extra or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for part, text in parts.items():
            packed.writestr(part, text)
    return path


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


@pytest.mark.parametrize(
    "body",
    [
        '<row r="1">' + cell("A1", "sku") + '</row><row r="1048576">' + cell("XFD1048576", "x") + "</row>",
        '<row r="1">' + cell("A1", "sku") + '</row><row r="100000">' + cell("GR100000", "x") + "</row>",
        "".join(f'<row r="{n}">' + '<c r="A1"/>' * 2 + "</row>" for n in range(1, 100_100)),
        '<row r="1">' + '<c r="A1" t="n"><v>1</v></c>' * 2_000_001 + "</row>",
        "<row>" + "<c><v>1</v></c>" * 2_000_001 + "</row>",
    ],
    ids=["sparse", "dense rectangle", "rows", "cells", "cells without places"],
)
def test_a_table_that_would_fill_the_memory_is_refused_quickly(tmp_path: Path, body: str) -> None:
    path = sheet_of(tmp_path, body)
    began = time.monotonic()
    with pytest.raises(Refused) as no:
        read_rows(path)
    assert no.value.key in ("shop.file_rows", "shop.file_columns", "shop.file_large")
    assert time.monotonic() - began < 15  # 1.5 s on a quiet machine; a reader without the limits takes minutes


def test_entities_and_inflating_parts_are_refused(tmp_path: Path) -> None:
    entity = {"xl/sharedStrings.xml": '<!DOCTYPE x [<!ENTITY a "aaaa">]><sst/>'}
    with pytest.raises(Refused, match=r"shop\.file_broken"):
        read_rows(sheet_of(tmp_path, "<row/>", entity))
    with pytest.raises(Refused, match=r"shop\.file_large"):
        read_rows(sheet_of(tmp_path, "<row/>", {"xl/media/x.xml": " " * 160_000_000}))


def test_unseen_letters_and_guarded_formulas() -> None:
    assert clean("\u202eabc\u200b\u0007 ") == "abc"
    assert clean("'=1+1") == "=1+1"
    assert clean("'+998901234567") == "+998901234567"
    assert clean("o'zbek 'a'") == "o'zbek 'a'"


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_refusal(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "c.csv"
    path.write_bytes(b"sku,title_uz,price\n" + data)
    try:
        rows, refused = read_rows(path)
    except Refused as no:
        assert no.key.startswith("shop.file_")
    else:
        assert all(row.product.price > 0 and row.product.sku for row in rows)
        assert all(bad.say("uz") for bad in refused)
